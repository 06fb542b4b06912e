import csv
import io
import os
import string
import time
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.listing_file import (
    NOTICES,
    ROW_FAULTS,
    FileRefused,
    ListingFile,
    MappingRefused,
    guess_mapping,
    read_listings,
    rejected_csv,
)
from app.domain.opportunity import Pay

HEADER = "title,organisation,description,city,latitude,longitude,minimum_age,maximum_age,category\n"
POTTERY = 'Pottery,Clay House,"Make, fire, glaze",Springfield,41.8,-87.6,14,18,Design\n'
SHARED = Path(os.environ.get("KITHWORK_SHARED_DATA", Path(__file__).parents[2] / "../shared/data"))
CHICAGO = SHARED / "opportunities" / "chicago_summer_of_learning_2014.csv"


def read(text: str, **options: dict[str, str]) -> ListingFile:
    return read_listings(text.encode(), **options)  # type: ignore[arg-type]  # only the mapping is ever passed


def codes(file: ListingFile) -> list[tuple[int, str]]:
    return [(fault.line, fault.code) for fault in file.rejected]


def accounted(file: ListingFile) -> bool:
    return len(file.listings) + file.merged + len(file.rejected) == file.rows_read


def test_rows_that_differ_in_category_only_are_one_listing_with_all_categories() -> None:
    file = read(HEADER + POTTERY + POTTERY.replace("Design", "Work + Career").replace("Pottery", "POTTERY "))

    (listing,) = file.listings
    assert (file.rows_read, file.merged) == (2, 1)
    assert listing.categories == [(None, "Design"), (None, "Work + Career")]
    assert listing.clusters == ["arts_entertainment_design", "management_entrepreneurship"]
    assert listing.lines == [2, 3]
    assert listing.notices == []


def test_the_first_description_wins_unless_it_is_empty_and_the_difference_is_said() -> None:
    silent, other = POTTERY.replace('"Make, fire, glaze"', ""), POTTERY.replace("glaze", "sell")

    file = read(HEADER + silent + POTTERY + other)

    assert file.listings[0].description == "Make, fire, glaze"
    (notice,) = file.listings[0].notices
    assert (notice.code, notice.line, notice.column) == ("rows_differ", 4, "description")
    assert (
        notice.sentence()
        == "this row repeats the programme of line 2 with another description; the first was kept"
    )


def test_the_same_file_gives_the_same_keys() -> None:
    text = HEADER + POTTERY + POTTERY.replace("Pottery", "Weaving")

    first, again = read(text), read(text.upper().replace(HEADER.upper(), HEADER))

    assert [listing.key for listing in first.listings] == [listing.key for listing in again.listings]
    assert len({listing.key for listing in first.listings}) == 2


def test_other_ages_or_another_address_make_another_listing() -> None:
    file = read(
        HEADER + POTTERY + POTTERY.replace(",14,", ",16,") + POTTERY.replace("Springfield", "Shelbyville")
    )

    assert len(file.listings) == 3


def test_an_open_quote_harms_its_own_row_only() -> None:
    torn = 'Choir,Song House,"sing,Springfield,41.8,-87.6,14,18,Music\n'

    file = read(HEADER + POTTERY + torn + POTTERY.replace("Pottery", "Weaving") + torn + POTTERY)

    assert codes(file) == [(3, "quotes_torn"), (5, "quotes_torn")]
    assert [listing.title for listing in file.listings] == ["Pottery", "Weaving"]
    assert accounted(file)


def test_an_undoubled_quote_is_read_as_meant_and_said() -> None:
    file = read(HEADER + POTTERY.replace("Make,", 'Make "real" pots,'))

    (listing,) = file.listings
    assert listing.description == 'Make "real" pots, fire, glaze'
    assert [notice.code for notice in listing.notices] == ["quotes_repaired"]


def test_cells_under_the_wrong_columns_are_torn() -> None:
    good = "".join(POTTERY.replace("Pottery", f"Pottery {number}") for number in range(8))
    split = "Choir,Song House,We sing, and dance, and laugh,Springfield,41.8,-87.6,14,18,Music\n"
    shifted = "and at noon we eat,Springfield,41.8,-87.6,14,18,Music,,\n"
    head = "Choir,Song House,We sing,,,,,,\n"

    file = read(HEADER + good + split + head + shifted + POTTERY)

    assert [(fault.line, fault.values["evidence"]) for fault in file.rejected] == [
        (10, "overflow"),
        (11, "sparse"),
        (12, "fragment"),
    ]
    assert "beyond the last named column" in file.rejected[0].sentence()
    assert "después de la última columna" in file.rejected[0].sentence("es-MX")


def test_a_row_that_merely_says_little_is_taken() -> None:
    good = "".join(POTTERY.replace("Pottery", f"Pottery {number}") for number in range(8))

    file = read(HEADER + good + "Online club,Song House,We sing,,,,,,\n" + POTTERY)

    assert file.rejected == []
    assert file.listings[8].title == "Online club"


def test_a_row_of_empty_cells_is_reported_and_a_line_without_any_is_no_row() -> None:
    file = read(HEADER + "\n" + POTTERY + ",,,,,,,,\n\n")

    assert codes(file) == [(4, "row_empty")]
    assert file.rows_read == 2


def test_ages_are_exchanged_opened_or_refused() -> None:
    def with_ages(youngest: str, oldest: str) -> ListingFile:
        return read(HEADER + POTTERY.replace("14,18", f"{youngest},{oldest}"))

    swapped, unlimited = with_ages("18", "14").listings[0], with_ages("0", "100").listings[0]

    assert (swapped.minimum_age, swapped.maximum_age) == (14, 18)
    assert [notice.code for notice in swapped.notices] == ["ages_swapped"]
    assert (unlimited.minimum_age, unlimited.maximum_age) == (None, None)
    assert codes(with_ages("500", "600")) == [(2, "age_absurd")]
    assert codes(with_ages("soon", "18")) == [(2, "age_unreadable")]
    assert with_ages("14-16", "").listings[0].maximum_age == 16
    assert with_ages("16+", "").listings[0].minimum_age == 16


@pytest.mark.parametrize("place", ["0,0", "95,-87.6", "41.8,-187.6", "41.8,", "north,-87.6"])
def test_coordinates_off_the_earth_are_left_out(place: str) -> None:
    listing = read(HEADER + POTTERY.replace("41.8,-87.6", place)).listings[0]

    assert listing.coordinates is None
    assert [notice.code for notice in listing.notices] == ["coordinates_left_out"]


def test_words_for_nothing_are_nothing() -> None:
    listing = read(
        HEADER + POTTERY.replace("41.8,-87.6", "NULL,#N/A").replace("Springfield", "n/a")
    ).listings[0]

    assert (listing.coordinates, listing.city, listing.notices) == (None, None, [])


def test_markup_entities_and_contacts_leave_the_text_and_its_link_becomes_the_url() -> None:
    markup = (
        "<p>Caf&eacute; &amp; <b>bar</b></p><script>alert(1)</script><ul><li>Call (312) 555-0142</li></ul>"
        "<a href=https://example.org/join>Join</a> or write to ada@example.org"
    )

    listing = read(HEADER + POTTERY.replace('"Make, fire, glaze"', markup)).listings[0]

    assert (
        listing.description == "Café & bar\n\n• Call […]\n\nJoin (https://example.org/join) or write to […]"
    )
    assert listing.url == "https://example.org/join"
    assert [notice.code for notice in listing.notices] == ["contact_removed"]


def test_spanish_columns_are_known_and_contact_columns_never_read() -> None:
    text = (
        "Título;Empresa;Descripción;Ciudad;Edad mínima;Correo electrónico;Fecha de inicio;Pagado;Vacantes;Modalidad;Enlace\n"
        "Pasantía de verano;Clínica Luz;Ayude;Lima;16 años;ana@example.org;23 de junio de 2026;sí;3;virtual;example.org/x\n"
    )

    file = read_listings(text.encode("cp1252"))

    (listing,) = file.listings
    assert (file.encoding, file.delimiter, file.mapping.left_out) == ("cp1252", ";", ("Correo electrónico",))
    assert (listing.title, listing.organisation, listing.type) == (
        "Pasantía de verano",
        "Clínica Luz",
        "internship_paid",
    )
    assert (str(listing.starts_on), listing.seats, listing.remote) == ("2026-06-23", 3, True)
    assert (listing.pay, listing.minimum_age, listing.url) == (Pay.PAID, 16, "https://example.org/x")
    assert "ana@example.org" not in repr(listing)
    assert [notice.code for notice in file.notices] == ["contact_column_left_out"]


def test_a_day_above_twelve_tells_the_order_of_the_dates() -> None:
    header = "title,start date,end date\n"

    european = read(header + "A,03/04/2026,25/04/2026\n").listings[0]
    american = read(header + "A,03/04/2026,04/25/2026\n").listings[0]

    assert (
        european.starts_on and european.starts_on.month,
        american.starts_on and american.starts_on.month,
    ) == (4, 3)


def test_a_given_mapping_is_used_and_checked() -> None:
    text = "headline,who,boss email\nPottery,Clay House,x@example.org\n"

    file = read(text, mapping={"title": "headline", "organisation": "WHO"})

    assert (file.listings[0].title, file.listings[0].organisation) == ("Pottery", "Clay House")
    assert not file.mapping.guessed
    for mapping, code in (
        ({"titel": "headline"}, "field_unknown"),
        ({"title": "nowhere"}, "column_unknown"),
        ({"title": "headline", "city": "headline"}, "column_twice"),
        ({"title": "boss email"}, "column_personal"),
        ({"organisation": "who"}, "title_not_mapped"),
    ):
        with pytest.raises(MappingRefused) as refusal:
            read(text, mapping=mapping)
        assert refusal.value.code == code
        assert refusal.value.spanish != refusal.value.sentence


def test_the_better_named_column_wins_and_the_rest_is_listed() -> None:
    mapping = guess_mapping(
        ["Short description", "Program Name", "Description", "Category description", "Phone", ""]
    )

    assert mapping.columns == {"title": "Program Name", "description": "Description"}
    assert mapping.unmapped == ("Short description", "Category description")
    assert mapping.left_out == ("Phone",)


def test_remarks_above_the_column_names_are_passed_over_and_said() -> None:
    file = read("Summer list 2026,,,,,,,,\n" + HEADER + POTTERY)

    assert file.listings[0].lines == [3]
    assert [notice.code for notice in file.notices] == ["lines_before_header", "type_assumed"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (b"PK\x03\x04\x14\x00\x06\x00", "file_not_text"),
        (bytes(range(256)) * 4, "file_not_text"),
        (b"1,2,3\n4,5,6\n", "header_missing"),
        (b"city,organisation\nx,y\n", "title_not_mapped"),
        (b",".join([b"title"] * 201) + b"\n", "header_too_wide"),
    ],
)
def test_a_file_of_no_use_is_refused_with_a_sentence(data: bytes, code: str) -> None:
    with pytest.raises(FileRefused) as refusal:
        read_listings(data)

    assert refusal.value.code == code


def test_single_rows_of_no_use_are_reported_and_the_others_taken() -> None:
    long = POTTERY.replace("glaze", "x" * 20_001)

    file = read(HEADER + POTTERY + long + POTTERY.replace("Make", "Ma\0ke") + POTTERY.replace("Pottery", ""))

    assert codes(file) == [(3, "cell_too_long"), (4, "nul_byte"), (5, "title_missing")]
    assert len(file.listings) == 1


def test_the_rejected_rows_can_be_mended_and_sent_again() -> None:
    file = read(
        HEADER + POTTERY + POTTERY.replace("14,18", "soon,18") + POTTERY.replace("18,Design", "18,Design,x,y")
    )

    sheet = rejected_csv(file, "es")
    again = read_listings(sheet.replace(b"soon", b"14"))

    rows = list(csv.reader(io.StringIO(sheet.decode("utf-8-sig"))))
    assert rows[0][-3:] == ["kithwork_line", "kithwork_code", "kithwork_reason"]
    assert rows[1][-3:-1] == ["3", "age_unreadable"]
    assert rows[1][-1].startswith("«soon» no es una edad")
    assert [listing.key for listing in again.listings] == [file.listings[0].key]
    assert [fault.code for fault in again.rejected] == ["row_torn"]
    assert again.mapping.unmapped == ()


@pytest.mark.parametrize("table", [ROW_FAULTS, NOTICES])
def test_every_code_has_a_sentence_in_both_languages_with_the_same_values(
    table: dict[str, tuple[str, str]],
) -> None:
    def values(template: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(template) if name}

    for english, spanish in table.values():
        assert english != spanish
        assert values(english) == values(spanish)


CELLS = st.sampled_from(
    ["Pottery", "Weaving", "Clay House", '"a, b"', '"open', 'in"side', '""', '"x ""y"" z"', "41.8", "-87.6", "14", "999", "",
     " ", "\\", '\\"', "é", "â€™", "\0", "<b>x</b>", "NULL", "a\rb", '"two\nlines"']
)  # fmt: skip
ROWS = st.lists(st.lists(CELLS, min_size=1, max_size=12), max_size=12)


@settings(max_examples=150, deadline=None)
@given(rows=ROWS, end=st.sampled_from(["\n", "\r\n", "\r"]))
def test_every_row_is_taken_merged_or_reported(rows: list[list[str]], end: str) -> None:
    text = end.join([HEADER.strip(), *(",".join(row) for row in rows)])

    file = read(text)

    assert accounted(file)
    lines = [line for listing in file.listings for line in listing.lines] + [
        fault.line for fault in file.rejected
    ]
    assert len(lines) == len(set(lines)) == file.rows_read
    assert all(fault.sentence() and fault.sentence("es") for fault in file.rejected)
    assert rejected_csv(file)


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        file = read_listings(HEADER.encode() + data)
    except FileRefused:
        return

    assert accounted(file)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 19), where=st.integers(0, 60))
def test_one_stray_quote_anywhere_costs_at_most_its_own_row(at: int, where: int) -> None:
    rows = [POTTERY.replace("Pottery", f"Pottery {number}") for number in range(20)]
    place = min(where, len(rows[at]) - 1)
    rows[at] = rows[at][:place] + '"' + rows[at][place:]

    file = read(HEADER + "".join(rows))

    taken = {listing.title for listing in file.listings}
    assert taken >= {f"Pottery {number}" for number in range(20) if number != at}
    assert {fault.line for fault in file.rejected} <= {at + 2}


def test_a_file_of_nothing_but_open_quotes_is_read_in_reasonable_time() -> None:
    began = time.perf_counter()

    file = read(HEADER + '"a,"b\n' * 10_000 + '"\n' * 10_000)

    assert accounted(file)
    assert time.perf_counter() - began < 20


@pytest.mark.skipif(not CHICAGO.exists(), reason="the shared data folder is not here")
def test_the_chicago_file_is_read_whole_and_fast() -> None:
    data = CHICAGO.read_bytes()
    began = time.perf_counter()

    file = read_listings(data, file=CHICAGO.name)

    assert time.perf_counter() - began < 4
    assert (file.rows_read, len(file.listings), file.merged, len(file.rejected)) == (4954, 2678, 1933, 343)
    assert Counter(fault.code for fault in file.rejected) == {"row_torn": 293, "row_empty": 50}
    assert {len(listing.categories) for listing in file.listings} == {1, 2, 3, 4, 5}
    assert "" not in {listing.title for listing in file.listings}
    # No torn half became a listing: every organisation is one that the sound rows know.
    assert all(listing.organisation and listing.organisation[0].isupper() for listing in file.listings)
    yoga = next(listing for listing in file.listings if "Yoga By Degrees" in listing.description)
    assert "the Adler\u2019s Grainger Sky Theater" in yoga.description
