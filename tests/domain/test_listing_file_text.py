"""Bytes to text, text to records."""

import csv
import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.listing_file import FileRefused, decode, guess_delimiter, mend, read_listings, read_records

TEXT = "título,descripción\nCafé,“qué” niño \u2013 don\u2019t\n"


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
        ("mac_roman", "mac_roman"),
    ],
)
def test_the_encoding_is_found(encoding: str, name: str) -> None:
    assert decode(TEXT.encode(encoding)) == (TEXT, name)


def test_one_bad_line_leaves_the_others_as_they_are() -> None:
    data = TEXT.encode() * 3 + "Ñandú y “señor”\n".encode("cp1252") + "é is é".encode() + b" and \xe9\n"

    assert decode(data) == (TEXT * 3 + "Ñandú y “señor”\né is é and é\n", "mixed")


@pytest.mark.parametrize("page", ["cp1252", "mac_roman"])
@pytest.mark.parametrize("text", ["don\u2019t", "Café \u2013 niño", "“quoted”", "€5", "• one", "Zumba® ñ"])
def test_utf8_that_was_read_as_another_code_page_is_put_right(text: str, page: str) -> None:
    garbled = "".join(
        bytes([byte]).decode(page)
        if page != "cp1252" or byte not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
        else chr(byte)
        for byte in text.encode()
    )

    assert mend(garbled) == (text, "encoding_repaired")


def test_letters_garbled_twice_are_put_right() -> None:
    twice = "don\u2019t".encode().decode("cp1252").encode("mac_roman").decode("cp1252")

    assert mend(twice) == ("don\u2019t", "encoding_repaired")


@pytest.mark.parametrize(
    "text", ["plain", "CAFÉ™", "São João", "Ñandú", "„Ärger“", "à la carte", "日本", "IRMÃ", "Â"]
)
def test_words_of_real_languages_stay_what_they_are(text: str) -> None:
    assert mend(text) == (text, None)


def test_what_was_lost_is_doubtful() -> None:
    assert mend("DifusiÃ_n")[1] == "encoding_doubtful"
    assert mend("caf\ufffd")[1] == "encoding_doubtful"


def test_a_doubtful_row_is_taken_and_says_so() -> None:
    listing = read_listings("title,organisation\nDifusiÃ_n,Café â€œXâ€\x9d\n".encode()).listings[0]

    assert [(notice.code, notice.column) for notice in listing.notices] == [
        ("encoding_doubtful", "title"),
        ("encoding_repaired", "organisation"),
    ]


def test_a_spreadsheet_is_not_text() -> None:
    with pytest.raises(FileRefused, match="save it as CSV"):
        decode(b"PK\x03\x04" + b"x" * 100)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_are_counted_over_every_kind_of_line_end(end: str) -> None:
    text = end.join(["a,b", '1,"two', "", 'lines"', "", "3,4", ""])

    records = [(record.cells, record.line, record.end_line) for record in read_records(text)]

    assert records == [(("a", "b"), 1, 1), (("1", f"two{end}{end}lines"), 2, 4), (("3", "4"), 6, 6)]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_though_others_stand_in_the_text(delimiter: str) -> None:
    rows = [["title", "city", "text"], ["A", "B", "one; two, three"], ["C", "D", "four, five"]]
    sheet = io.StringIO()
    csv.writer(sheet, delimiter=delimiter).writerows(rows)

    assert guess_delimiter(sheet.getvalue()) == delimiter


@settings(max_examples=150, deadline=None)
@given(
    rows=st.lists(
        st.lists(st.text("ab,;\"'\n\r é\\", max_size=8), min_size=3, max_size=3).filter(any),
        max_size=8,
    )
)
def test_what_a_good_writer_wrote_is_read_as_written(rows: list[list[str]]) -> None:
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerows([["title", "city", "text"], *rows])

    records = list(read_records(sheet.getvalue(), ","))

    assert [list(record.cells) for record in records[1:]] == rows
    assert not any(record.torn or record.repaired for record in records)


def test_backslashed_quotes_are_understood() -> None:
    text = 'a,b,c\n1,"say \\"x\\", then go",2\n3,4,5\n'

    records = list(read_records(text))

    assert records[1].cells == ("1", 'say "x", then go', "2")
    assert (records[1].repaired, records[2].line) == (True, 3)


def test_a_reading_that_is_not_the_only_one_is_not_guessed() -> None:
    text = 'a,b,c\n1,2,3\n"x","y","z "w", "v"\n4,5,6\n'

    records = list(read_records(text))

    assert [(record.line, record.torn) for record in records][-2:] == [(3, records[2].torn), (4, False)]
    assert records[2].torn or records[2].repaired
