"""Write listings as a sheet: the columns in which cities publish such lists, then what only Kithwork knows.

A listing has one row for each of its categories, as those lists do; every row repeats the rest. Cells that a spreadsheet
program would run are guarded (see `cells.guarded`), and every cell is quoted (RFC 4180), so that none can be cut in two
where a program parts cells at another sign.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from app.domain.listing_file.cells import guarded, listed, money, timetable_text

# Column of the sheet → column of the listing; the first fourteen are those of Chicago's lists.
COLUMNS: dict[str, str] = {
    "name": "title",
    "org_name": "organisation",
    "description": "description",
    "address": "street",
    "city": "city",
    "state": "region",
    "zipcode": "postal_code",
    "latitude": "latitude",
    "longitude": "longitude",
    "min_age": "minimum_age",
    "max_age": "maximum_age",
    "category_id": "",
    "category name": "category",
    "category description": "",
    "type": "type",
    "clusters": "clusters",
    "seats": "seats",
    "starts_on": "starts_on",
    "ends_on": "ends_on",
    "apply_by": "apply_by",
    "schedule": "schedule",
    "meets": "meets",
    "remote": "remote",
    "paid": "pay",
    "pay_per_hour": "pay_cents_per_hour",
    "pay_total": "pay_cents_total",
    "credit": "credit",
    "skills": "skills",
    "tags": "tags",
    "languages": "languages",
    "clearances": "clearances",
    "fields": "fields",
    "dress_code": "dress_code",
    "deliverable": "deliverable",
    "total_hours": "total_hours",
    "hours_a_month": "hours_a_month",
    "next_available_on": "next_available_on",
    "listing_id": "id",
    "listing_state": "state",
    # To look at; an import does not read them.
    "status": "status",
    "school": "school",
    "seats_taken": "seats_taken",
    "last_confirmed_on": "last_confirmed_on",
}
_CATEGORY = list(COLUMNS.values()).index("category")
_MONEY = frozenset({"pay_cents_per_hour", "pay_cents_total"})
# Spreadsheet programs take the file for another encoding without it.
_MARK = "\ufeff"


def head() -> str:
    """Write the row of column names, with a byte order mark before it."""
    return _MARK + _written([list(COLUMNS)])


def rows(listings: Iterable[Mapping[str, Any]]) -> str:
    """Write the rows of listings: their columns by name, with `organisation`, the place, `state` and the rest of COLUMNS."""
    return _written(row for listing in listings for row in _rows(listing))


def _rows(listing: Mapping[str, Any]) -> Iterator[list[str]]:
    cells = ["" if (value := listing.get(name)) is None else _cell(name, value) for name in COLUMNS.values()]
    for category in listing["categories"] or [""]:
        cells[_CATEGORY] = guarded(category)
        yield list(cells)


def _cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return guarded(value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name in _MONEY:
        return money(value)
    if isinstance(value, list):
        return guarded(timetable_text(value) if name == "meets" else listed(value))
    return value.isoformat() if isinstance(value, date) else str(value)


def _written(table: Iterable[list[str]]) -> str:
    sheet = io.StringIO(newline="")
    csv.writer(sheet, quoting=csv.QUOTE_ALL, lineterminator="\r\n").writerows(table)
    return sheet.getvalue()
