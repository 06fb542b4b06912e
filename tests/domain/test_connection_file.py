"""Tables of people and workplaces: what a good row says, and that a bad one costs no other."""

import csv
import io
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.connection import ConnectionDomain, Offer, ShareScope
from app.domain.connection_file import (
    NOTICES,
    ROW_FAULTS,
    ConnectionFile,
    ConnectionFileRefused,
    read_table,
    rejected_csv,
)
from app.domain.contact_basis import ContactBasis
from app.domain.errors import Refused

HEADER = "given name,family name,email,employer,basis"
VERA = "Vera,Vetter,vera@clinic.example,Lakeside Veterinary Clinic,asked_and_agreed"


def _read(*lines: str, encoding: str = "utf-8", end: str = "\n") -> ConnectionFile:
    return read_table((end.join(lines) + end).encode(encoding), file="connections.csv")


def _adds_up(file: ConnectionFile) -> bool:
    return len(file.offers) + file.merged + len(file.rejected) == file.rows_read


def test_every_column_of_a_full_row_is_read() -> None:
    file = _read(
        "Given Name,FAMILY NAME,E-mail,Phone,Job title,Employer,Street,City,State,ZIP,Domain,Closeness,Frequency,"
        "Years known,Offers,Fields,Share scope,Credit,Note,Language,Basis,Contributor,Personal relation",
        "Vera,Vetter,vera@clinic.example,+1 312 555 0100,Vet,Clinic,1 Main St,Lakeside,IL,60601,family,3,4,12,"
        "host; job shadow,veterinarian|healthcare_human_services,my school,no,She loves questions,Spanish,"
        "Existing partner,user-rosa,yes",
    )

    (offer,) = file.offers
    assert (offer.given_name, offer.family_name, offer.email) == ("Vera", "Vetter", "vera@clinic.example")
    assert (offer.phone, offer.job_title, offer.employer) == ("+1 312 555 0100", "Vet", "Clinic")
    assert (offer.street, offer.city, offer.region, offer.postal_code) == (
        "1 Main St",
        "Lakeside",
        "IL",
        "60601",
    )
    assert (offer.domain, offer.closeness, offer.frequency) == (ConnectionDomain.FAMILY, 3, 4)
    assert (offer.years_known, offer.offers) == (12, [Offer.HOST, Offer.SHADOW])
    assert offer.fields == ["veterinarian", "healthcare_human_services"]
    assert (offer.share_scope, offer.credit_wanted, offer.note) == (
        ShareScope.SCHOOL,
        False,
        "She loves questions",
    )
    assert (offer.language, offer.basis) == ("es", ContactBasis.EXISTING_PARTNER)
    assert (offer.contributor, offer.personal_relation) == ("user-rosa", True)
    assert (file.rejected, offer.notices) == ([], [])


def test_spanish_columns_and_words_are_read() -> None:
    file = _read(
        "Nombre;Apellidos;Correo electrónico;Empresa;Ámbito;Ofrece;Fundamento;Idioma;Relación personal",
        "José;García;jose@taller.example;Taller García;Vecino;charla | mentoría;Directorio público;español;sí",
    )

    (offer,) = file.offers
    assert (offer.given_name, offer.domain) == ("José", ConnectionDomain.NEIGHBOURS)
    assert offer.offers == [Offer.TALK, Offer.MENTOR]
    assert (offer.basis, offer.language) == (ContactBasis.PUBLIC_LISTING, "es")
    assert offer.personal_relation


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("Vera,Vetter,vera@clinic.example,Clinic,", "basis_missing", "basis"),
        ("Vera,Vetter,vera@clinic.example,Clinic,because", "basis_unknown", "basis"),
        ("Vera,Vetter,,Clinic,asked", "person_incomplete", "email"),
        ("Vera,,vera@clinic.example,Clinic,asked", "person_incomplete", "family name"),
        ("Vera,Vetter,vera at clinic,Clinic,asked", "email_unreadable", "email"),
        (",,,,asked", "nobody", None),
        (",,,,", "row_empty", None),
        (f"{'V' * 201},Vetter,vera@clinic.example,Clinic,asked", "text_too_long", "given name"),
        ("Vera,Vetter,vera@clinic.example,Clinic,asked,more", "row_torn", None),
        ("Ve\0ra,Vetter,vera@clinic.example,Clinic,asked", "nul_byte", None),
    ],
)
def test_a_bad_row_is_reported_and_the_good_ones_are_taken(row: str, code: str, column: str | None) -> None:
    file = _read(HEADER, VERA, row, VERA.replace("vera@", "other@"))

    assert [offer.email for offer in file.offers] == ["vera@clinic.example", "other@clinic.example"]
    assert [(each.line, each.code, each.column) for each in file.rejected] == [(3, code, column)]
    assert _adds_up(file)
    for locale in ("en", "es"):
        assert "{" not in file.rejected[0].sentence(locale)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("closeness", "4", "number_out_of_range"),
        ("frequency", "often", "number_out_of_range"),
        ("years known", "-1", "number_out_of_range"),
        ("domain", "internet", "value_unknown"),
        ("share scope", "the world", "value_unknown"),
        ("credit", "perhaps", "value_unknown"),
    ],
)
def test_a_value_that_decides_who_sees_what_is_never_guessed(column: str, value: str, code: str) -> None:
    file = _read(f"{HEADER},{column}", f"{VERA},{value}")

    assert [(each.code, each.column) for each in file.rejected] == [(code, column)]


def test_what_only_adds_is_left_out_with_a_remark() -> None:
    file = _read(f"{HEADER},offers,fields,phone", f"{VERA},host;fly,vet;alchemy,call me")

    (offer,) = file.offers
    assert offer.offers == [Offer.HOST]
    assert offer.phone is None
    assert {notice.code for notice in offer.notices} == {"value_left_out", "field_left_out", "phone_left_out"}


def test_a_file_without_a_basis_column_is_refused_whole() -> None:
    with pytest.raises(ConnectionFileRefused) as refused:
        _read("given name,family name,email", "Vera,Vetter,vera@clinic.example")

    assert refused.value.code == "basis_column_missing"
    assert "public_listing" in refused.value.sentence


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04rest", b"nothing,here\n1,2\n"])
def test_what_is_no_table_of_connections_is_refused(data: bytes) -> None:
    with pytest.raises(Refused):
        read_table(data, file="connections.csv")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_encodings_byte_order_marks_and_line_ends_do_not_matter(encoding: str, end: str) -> None:
    rows = [f"José,Muñoz,jose{n}@taller.example,Panadería Ñandú,public" for n in range(12)]

    file = _read(HEADER, *rows, encoding=encoding, end=end)

    assert len(file.offers) == 12
    assert {(offer.given_name, offer.employer) for offer in file.offers} == {("José", "Panadería Ñandú")}
    assert [offer.lines for offer in file.offers][:2] == [[2], [3]]


def test_a_torn_quotation_mark_costs_one_row() -> None:
    rows = [VERA.replace("vera@", f"vera{n}@") for n in range(30)]
    rows[10] = '"Vera,Vetter,vera10@clinic.example,Clinic,asked'

    file = _read(HEADER, *rows)

    assert len(file.offers) >= 28
    assert [each.line for each in file.rejected] == [12]
    assert _adds_up(file)


def test_a_repeated_row_is_merged_and_what_differs_is_said() -> None:
    file = _read(
        f"{HEADER},offers",
        f"{VERA},host",
        "Veronica,Vetter,VERA@clinic.example,Other Clinic,asked_and_agreed,talk",
        f"{VERA},host",
    )

    (offer,) = file.offers
    assert (offer.given_name, offer.offers, offer.lines) == ("Vera", [Offer.HOST, Offer.TALK], [2, 3, 4])
    assert {(notice.line, notice.column) for notice in offer.notices} == {(3, "given_name"), (3, "employer")}
    assert (file.merged, file.rows_read) == (2, 3)


def test_two_contributors_of_one_person_are_two_offers() -> None:
    file = _read(f"{HEADER},contributor", f"{VERA},user-rosa", f"{VERA},user-omar")

    assert [offer.contributor for offer in file.offers] == ["user-rosa", "user-omar"]


def test_the_rejected_rows_can_be_mended_and_sent_again() -> None:
    file = _read(HEADER, "Vera,Vetter,vera@clinic.example,Clinic,", VERA.replace("vera@", "v@"))

    sheet = rejected_csv(file, "es").decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(sheet)))
    rows[1][4] = "asked"
    mended = io.StringIO()
    csv.writer(mended).writerows(rows)
    again = read_table(mended.getvalue().encode(), file="connections.csv")

    assert rows[1][5:7] == ["2", "basis_missing"]
    assert rows[1][7].startswith("indique con qué fundamento")
    assert [offer.email for offer in again.offers] == ["vera@clinic.example"]
    assert again.notices == []


def test_ten_thousand_rows_are_read_in_seconds() -> None:
    rows = [f"Vera,Vetter,vera{n}@clinic.example,Clinic {n % 500},asked" for n in range(10_000)]
    started = time.perf_counter()

    file = _read(HEADER, *rows)

    assert len(file.offers) == 10_000
    assert time.perf_counter() - started < 10


@given(st.binary(max_size=400))
def test_whatever_bytes_come_every_row_is_accounted_for(noise: bytes) -> None:
    try:
        file = read_table(f"{HEADER}\n{VERA}\n".encode() + noise, file="connections.csv")
    except Refused as refused:
        assert refused.code == "file_not_text"  # noqa: PT017 - many bytes are none
    else:
        assert _adds_up(file)


def test_every_sentence_is_there_twice() -> None:
    for table in (ROW_FAULTS, NOTICES):
        assert all(english and spanish for english, spanish in table.values())
