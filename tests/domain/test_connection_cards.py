"""Address books as vCards: versions 2.1, 3.0 and 4.0, from clean to broken."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.connection import ConnectionDomain, Offer
from app.domain.connection_file import (
    ConnectionFile,
    ConnectionFileRefused,
    Defaults,
    read_cards,
    read_table,
    rejected_csv,
)
from app.domain.contact_basis import ContactBasis

LISTED = Defaults(basis=ContactBasis.PUBLIC_LISTING)


def _read(text: str, *, encoding: str = "utf-8", defaults: Defaults = LISTED) -> ConnectionFile:
    return read_cards(text.encode(encoding), file="connections.vcf", defaults=defaults)


def _card(number: int = 1, *more: str) -> str:
    lines = (
        "BEGIN:VCARD",
        "VERSION:3.0",
        f"N:Vetter;Vera{number};;;",
        f"FN:Vera{number} Vetter",
        f"EMAIL;TYPE=WORK:vera{number}@clinic.example",
        "ORG:Lakeside Clinic",
        *more,
        "END:VCARD",
    )
    return "\r\n".join(lines) + "\r\n"


def test_version_2_1_with_quoted_printable_and_soft_line_breaks() -> None:
    file = _read(
        "BEGIN:VCARD\r\nVERSION:2.1\r\n"
        "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Garc=C3=ADa;Jos=C3=A9;;;\r\n"
        "ORG;ENCODING=QUOTED-PRINTABLE;CHARSET=UTF-8:Cl=C3=ADnica Veter=\r\n=C3=ADnaria\r\n"
        "TEL;WORK;VOICE:+1 312 555 0100\r\nEMAIL;HOME:jose@home.example\r\n"
        "EMAIL;INTERNET;WORK:jose@clinica.example\r\nTITLE:Vet\r\n"
        "ADR;WORK:;;1 Main St;Lakeside;IL;60601;USA\r\nADR;HOME:;;9 Secret St;Lakeside;IL;60601;USA\r\nEND:VCARD\r\n"
    )

    (offer,) = file.offers
    assert (offer.given_name, offer.family_name) == ("José", "García")
    assert (offer.employer, offer.email) == ("Clínica Veterínaria", "jose@clinica.example")
    assert (offer.phone, offer.job_title) == ("+1 312 555 0100", "Vet")
    assert (offer.street, offer.city, offer.region, offer.postal_code) == (
        "1 Main St",
        "Lakeside",
        "IL",
        "60601",
    )


def test_version_3_0_with_folded_lines_groups_and_escapes() -> None:
    file = _read(
        "BEGIN:VCARD\nVERSION:3.0\nN:Vetter;Vera;;;\nEMAIL;TYPE=HOME:vera@home.example\n"
        "EMAIL;TYPE=WORK,PREF:vera@cli\n nic.example\nitem1.TEL;TYPE=CELL:3125550101\n"
        "ORG:Clinic\\, Inc.;Surgery\nNOTE:her birthday is in May\nBDAY:1980-05-01\nEND:VCARD\n"
    )

    (offer,) = file.offers
    assert (offer.email, offer.phone, offer.employer) == ("vera@clinic.example", "3125550101", "Clinic, Inc.")
    assert offer.note is None, "private notes of an address book are never read"


def test_version_4_0_with_a_tel_address_and_a_language() -> None:
    file = _read(
        "BEGIN:VCARD\nVERSION:4.0\nFN:Ann Other\nEMAIL;PREF=1:ann@shop.example\nEMAIL:old@shop.example\n"
        'TEL;VALUE=uri;TYPE="voice,work":tel:+1-312-555-0102\nORG:Shop\nLANG:es-MX\nEND:VCARD\n'
    )

    (offer,) = file.offers
    assert (offer.given_name, offer.family_name, offer.email) == ("Ann", "Other", "ann@shop.example")
    assert (offer.phone, offer.language) == ("+1-312-555-0102", "es")


def test_the_senders_basis_holds_unless_a_card_states_its_own() -> None:
    file = _read(
        _card(1) + _card(2, "X-KITHWORK-BASIS:existing_partner") + _card(3, "X-KITHWORK-BASIS:why not")
    )

    assert [offer.basis for offer in file.offers] == [
        ContactBasis.PUBLIC_LISTING,
        ContactBasis.EXISTING_PARTNER,
    ]
    assert [(each.code, each.column) for each in file.rejected] == [("basis_unknown", "X-KITHWORK-BASIS")]


def test_without_a_basis_no_card_is_taken() -> None:
    file = _read(_card(1) + _card(2), defaults=Defaults())

    assert [(each.line, each.code) for each in file.rejected] == [(1, "basis_missing"), (8, "basis_missing")]


def test_a_card_may_say_more_in_properties_of_our_own() -> None:
    own = ("DOMAIN:family", "CLOSENESS:3", "OFFERS:host|talk", "FIELDS:veterinarian", "CONTRIBUTOR:user-rosa")

    (offer,) = _read(_card(1, *(f"X-KITHWORK-{line}" for line in own))).offers

    assert (offer.domain, offer.closeness, offer.contributor) == (ConnectionDomain.FAMILY, 3, "user-rosa")
    assert (offer.offers, offer.fields) == ([Offer.HOST, Offer.TALK], ["veterinarian"])


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nFN Vera no colon\r\nEND:VCARD\r\n", "card_unreadable"),
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nN:Vetter;Vera\r\nEMAIL:v@c.example\r\n", "card_never_closed"),
        (
            "BEGIN:VCARD\r\nVERSION:2.1\r\nN;ENCODING=QUOTED-PRINTABLE:=ZZ;=\r\nEND:VCARD\r\n",
            "card_unreadable",
        ),
        ("BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "nobody"),
        (
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Prince\r\nEMAIL:p@c.example\r\nEND:VCARD\r\n",
            "person_incomplete",
        ),
        (_card(7, "X-LONG:" + "x" * 20_000), "card_too_long"),
    ],
)
def test_a_broken_card_does_not_lose_the_others(broken: str, code: str) -> None:
    file = _read(_card(1) + broken + _card(2))

    assert [offer.email for offer in file.offers] == ["vera1@clinic.example", "vera2@clinic.example"]
    assert [(each.line, each.code) for each in file.rejected] == [(8, code)]


def test_a_photograph_is_passed_over_however_broken_it_is() -> None:
    photo = ("PHOTO;ENCODING=b;TYPE=JPEG:!!!notbase64", " /9j/4AAQ", "", "TITLE:Vet")

    (offer,) = _read(_card(1, *photo)).offers

    assert offer.job_title == "Vet"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_and_line_ends_do_not_matter(encoding: str, end: str) -> None:
    text = "".join(_card(n).replace("Lakeside Clinic", "Clínica Ñandú") for n in range(8)).replace(
        "\r\n", end
    )

    file = _read(text, encoding=encoding)

    assert {offer.employer for offer in file.offers} == {"Clínica Ñandú"}
    assert len(file.offers) == 8


def test_a_rejected_card_comes_back_as_a_row_to_mend() -> None:
    file = _read(_card(1).replace("EMAIL;TYPE=WORK:vera1@clinic.example\r\n", ""))

    sheet = (
        rejected_csv(file)
        .decode("utf-8-sig")
        .replace("Vera1 Vetter,,", "Vera1 Vetter,vera@clinic.example,", 1)
    )

    assert file.rejected[0].code == "person_incomplete"
    assert "BEGIN:VCARD" in sheet
    again = read_table(sheet.encode(), file="connections.csv")
    assert (again.rows_read, len(again.rejected), again.rejected[0].code) == (1, 1, "basis_missing")


def test_an_address_book_without_cards_is_refused() -> None:
    with pytest.raises(ConnectionFileRefused) as refused:
        _read("hello\n")

    assert refused.value.code == "no_cards"


def test_two_thousand_cards_are_read_in_seconds() -> None:
    text = "".join(_card(number) for number in range(2_000))
    started = time.perf_counter()

    file = _read(text)

    assert len(file.offers) == 2_000
    assert time.perf_counter() - started < 10


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n:;="), max_size=300))
def test_whatever_stands_in_a_card_the_next_one_is_taken(noise: str) -> None:
    file = _read(
        "BEGIN:VCARD\r\nVERSION:3.0\r\n" + noise + "\r\nEND:VCARD\r\n" + _card(2),
        encoding="utf-8",
    )

    assert len(file.offers) + file.merged + len(file.rejected) == file.rows_read
    assert "vera2@clinic.example" in {offer.email for offer in file.offers}
