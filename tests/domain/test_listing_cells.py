"""Single cells of sheets: what is guarded is read back exactly, and what people type by hand is understood or refused."""

import csv
import io
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.listing_file import cells, exporting, read_listings
from app.domain.listing_plan import content_hash

TEXTS = (
    st.text()
    | st.text(alphabet="'=+-@\t\r\n 1.\uff1dNoneA/")
    | st.sampled_from(["None", "N/A", "'", "''", "-"])
)


@settings(max_examples=500, deadline=None)
@given(TEXTS)
def test_what_is_guarded_is_read_back_exactly(text: str) -> None:
    assert cells.unguarded(cells.guarded(text)) == text


@settings(max_examples=300, deadline=None)
@given(TEXTS)
def test_no_guarded_cell_begins_as_a_formula_does(text: str) -> None:
    cell = cells.guarded(text).lstrip()

    if cell[:1] in {*"=+-@\uff1d"} and cell:
        assert float(cell) < 0


@pytest.mark.parametrize("first", [*"=+-@\t\r\n", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
def test_every_character_that_begins_a_formula_is_guarded(first: str) -> None:
    assert cells.guarded(f"{first}SUM(A1)") != f"{first}SUM(A1)"


@pytest.mark.parametrize("cell", ["'tis the season", "it's", "", "plain", "-87.6139", "12", "'"])
def test_a_harmless_cell_stays_as_it_is(cell: str) -> None:
    assert cells.guarded(cell) == cell
    assert cells.unguarded(cell) == cell


@pytest.mark.parametrize(
    ("cell", "meets"),
    [
        ("mon 14:00-17:00", [("mon", "14:00", "17:00")]),
        ("Mon, Wed 2pm-5pm", [("mon", "14:00", "17:00"), ("wed", "14:00", "17:00")]),
        ("Mondays and Fridays 9:30 am to 12 pm", [("mon", "09:30", "12:00"), ("fri", "09:30", "12:00")]),
        ("tue-thu 2-5 pm", [(day, "14:00", "17:00") for day in ("tue", "wed", "thu")]),
        ("Sat 10-2pm", [("sat", "10:00", "14:00")]),
        ("lun y mié 9:00 a 11:30; viernes 15h30-17h00",
         [("mon", "09:00", "11:30"), ("wed", "09:00", "11:30"), ("fri", "15:30", "17:00")]),
        ("sun 20:00-24:00\nmon 8:00-9:00", [("mon", "08:00", "09:00"), ("sun", "20:00", "24:00")]),
        ("mon 25:00-26:00", None),
        ("mon 14:00", None),
        ("someday 14:00-15:00", None),
        ("fri-mon 14:00-15:00", None),
        ("mon 17:00-14:00", None),
        ("mon 13pm-14pm", None),
        ("mon 9:00-12:00; mon 11:00-13:00", None),
        ("=1+1", None),
    ],
)  # fmt: skip
def test_a_weekly_timetable_is_read_or_refused(cell: str, meets: list[tuple[str, str, str]] | None) -> None:
    read = cells.timetable(cell)

    assert (None if read is None else [(each["day"], each["from"], each["to"]) for each in read]) == meets


def test_a_timetable_that_was_written_is_read_back() -> None:
    meets = [{"day": "mon", "from": "00:00", "to": "24:00"}, {"day": "sun", "from": "09:05", "to": "09:10"}]

    assert cells.timetable(cells.timetable_text(meets)) == meets


@pytest.mark.parametrize(
    ("cell", "found"),
    [("15", 1500), ("$15.50", 1550), ("15,5", 1550), ("1,250.00", 125_000), ("0.07", 7), ("free", None), ("-3", None),
     ("9999999999", None)],
)  # fmt: skip
def test_amounts_are_read_as_cents(cell: str, found: int | None) -> None:
    assert cells.cents(cell) == found


HAND_WRITTEN = (
    "Title,Employer,Deadline,Skills,Keywords,Languages,Total hours,Hours per month,Weekly timetable,Clearances,"
    "Pay per hour,Dress code,For credit,Deliverable,Next available\n"
)
GOOD = {
    "Title": "Clinic helper",
    "Employer": "Lake Clinic",
    "Deadline": "May 31, 2031",
    "Skills": "First aid and CPR, teamwork; Puntualidad",
    "Keywords": "Pets; Weekend  work",
    "Languages": "Spanish, en",
    "Total hours": "40.0",
    "Hours per month": "10",
    "Weekly timetable": "Mon, Wed 2pm-5pm",
    "Clearances": "health check; photo_id",
    "Pay per hour": "$15.50",
    "Dress code": "Closed shoes",
    "For credit": "yes",
    "Deliverable": "A log",
    "Next available": "2031-06-01",
}


def _sheet(**cells_given: str) -> bytes:
    sheet = io.StringIO(newline="")
    writer = csv.DictWriter(sheet, HAND_WRITTEN.strip().split(","))
    writer.writeheader()
    writer.writerow({**GOOD, "Title": "Sound row"})
    writer.writerow({**GOOD, **{name.replace("_", " "): cell for name, cell in cells_given.items()}})
    return sheet.getvalue().encode()


def test_a_file_typed_by_hand_says_all_that_a_listing_can() -> None:
    file = read_listings(_sheet())

    assert file.rejected == []
    more = file.listings[1].more
    assert more["apply_by"].isoformat() == "2031-05-31"
    assert more["skills"] == ["first_aid", "teamwork", "punctuality"]
    assert more["tags"] == ["pets", "weekend work"]
    assert more["languages"] == ["es", "en"]
    assert (more["total_hours"], more["hours_a_month"], more["pay_cents_per_hour"]) == (40, 10, 1550)
    assert [each["day"] for each in more["meets"]] == ["mon", "wed"]
    assert more["clearances"] == ["health_check", "photo_id"]
    assert (more["dress_code"], more["credit"], more["deliverable"]) == ("Closed shoes", True, "A log")
    assert more["next_available_on"].isoformat() == "2031-06-01"


@pytest.mark.parametrize(
    ("column", "cell", "code", "says"),
    [
        ("Deadline", "next week", "date_unreadable", "«next week» is not a date"),
        ("Deadline", "2031-02-30", "date_unreadable", "2031-02-30"),
        ("Skills", "juggling", "code_unknown", "«juggling» is not known"),
        ("Clearances", "passport", "code_unknown", "«passport»"),
        ("Keywords", "x" * 41, "value_too_long", "at most 40 characters"),
        ("Keywords", ";".join(map(str, range(100, 121))), "too_many_values", "21 values"),
        ("Languages", "Klingon", "language_unknown", "«Klingon»"),
        ("Total hours", "lots", "number_out_of_range", "from 1 to 10000"),
        ("Total hours", "-5", "number_out_of_range", "«-5»"),
        ("Hours per month", "201", "number_out_of_range", "from 1 to 200"),
        ("Weekly timetable", "whenever", "timetable_unreadable", "«whenever»"),
        ("Pay per hour", "some", "amount_unreadable", "«some»"),
        ("Pay per hour", "5000", "amount_unreadable", "«5000»"),
        ("For credit", "perhaps", "answer_unreadable", "«perhaps»"),
    ],
)
def test_what_cannot_be_read_is_told_by_row_column_and_reason(
    column: str, cell: str, code: str, says: str
) -> None:
    file = read_listings(_sheet(**{column.replace(" ", "_"): cell}))

    (fault,) = file.rejected
    assert (fault.line, fault.column, fault.code) == (3, column, code)
    assert says in fault.sentence()
    assert fault.sentence("es") != fault.sentence()
    assert [listing.title for listing in file.listings] == ["Sound row"]


def test_an_empty_cell_says_nothing_and_is_no_fault() -> None:
    file = read_listings(
        _sheet(**{name.replace(" ", "_"): "" for name in GOOD if name not in {"Title", "Employer"}})
    )

    assert file.rejected == []
    assert set(map(str, file.listings[1].more.values())) == {"[]", "None", "False"}


def test_the_sheet_begins_with_a_byte_order_mark_and_quotes_every_cell() -> None:
    head = exporting.head()

    assert head.startswith('\ufeff"name","org_name","description"')
    assert head.endswith("\r\n")


def test_what_an_earlier_release_wrote_is_known_again() -> None:
    columns = {
        "title": "Pottery", "description": "Make.", "type": "service_learning", "clusters": ["education"],
        "categories": ["Design"], "starts_on": date(2031, 6, 1), "ends_on": None, "schedule": None, "minimum_age": 14,
        "maximum_age": None, "remote": False, "pay": "unknown", "seats": 10, "skills": [], "tags": [], "apply_by": None,
        "credit": False, "meets": [],
    }  # fmt: skip

    assert content_hash(columns) == "de37f87f0f9f7e22414852305d2faa46fe3c7e4e"
    assert content_hash({**columns, "tags": ["clay"]}) != content_hash(columns)
