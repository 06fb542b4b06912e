"""Read what only some files say of a listing. Each of these values counts, so one that cannot be read is a fault."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from app.domain.clearance import ClearanceKind
from app.domain.clusters import CLUSTERS
from app.domain.fields import FIELDS
from app.domain.listing_file import cells, prose, values
from app.domain.listing_file.faults import NotTaken
from app.domain.occupations import OCCUPATIONS
from app.domain.skills import SKILLS

# A read cell by its field; "" where there is none.
Cell = Callable[[str], str]

MOST_VALUES = {"clusters": 14, "skills": 20, "tags": 20, "languages": 10, "clearances": 14, "fields": 20}
LONGEST_TAG = 40
_LONGEST_SHOWN = 60
_CODES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "clusters": {code.value: names for code, names in CLUSTERS.items()},
    "skills": {code: skill.names for code, skill in SKILLS.items()},
    "clearances": {kind.value: () for kind in ClearanceKind},
    "fields": {code: OCCUPATIONS[code].names if code in OCCUPATIONS else () for code in sorted(FIELDS)},
}
_BY_NAME = {field: cells.called(codes) for field, codes in _CODES.items()}
_NUMBERS = {"total_hours": (1, 10_000), "hours_a_month": (1, 200)}
_DATES = ("apply_by", "next_available_on")
_AMOUNTS = {"pay_per_hour": "pay_cents_per_hour", "pay_total": "pay_cents_total"}
_MOST_CENTS_AN_HOUR = 100_000
_PROSE = ("dress_code", "deliverable")
_FAULTS = {
    **dict.fromkeys(_DATES, "date_unreadable"),
    **dict.fromkeys(_NUMBERS, "number_out_of_range"),
    **dict.fromkeys(_AMOUNTS, "amount_unreadable"),
    "credit": "answer_unreadable",
    "meets": "timetable_unreadable",
}

# Field of a file → column of the listing, for all that this module reads.
COLUMN_OF = {
    **{name: name for name in (*_CODES, "tags", "languages", "meets", "credit", *_NUMBERS, *_DATES, *_PROSE)},
    **_AMOUNTS,
}


def read(cell: Cell, text: Cell, columns: Mapping[str, str]) -> dict[str, Any]:
    """Return the values by the listing's columns, for the fields that this file has a column for; raises `NotTaken`.

    `text` gives a cell as words that may be published.
    """
    found: dict[str, Any] = {}
    for field in columns.keys() & COLUMN_OF.keys():
        found[COLUMN_OF[field]] = _value(
            field, text(field) if field in _PROSE else cell(field), columns[field]
        )
    return {name: found[name] for name in COLUMN_OF.values() if name in found}


def _value(field: str, cell: str, column: str) -> Any:
    if not cell:
        return [] if field in MOST_VALUES or field == "meets" else False if field == "credit" else None
    if field in MOST_VALUES:
        return _several(field, cell, column)
    if field in _PROSE:
        return cell
    return _certain(field, cell, column)


def _certain(field: str, cell: str, column: str) -> Any:
    """Read one value, or refuse the row."""
    code, bounds = _FAULTS[field], {}
    value: Any
    if field in _DATES:
        value = values.calendar_date(cell, day_first=False)
    elif field in _NUMBERS:
        first, last = _NUMBERS[field]
        value, bounds = cells.whole_number(cell, first, last), {"first": str(first), "last": str(last)}
    elif field in _AMOUNTS:
        value = cells.cents(cell)
        if field == "pay_per_hour" and value is not None and value > _MOST_CENTS_AN_HOUR:
            value = None
    elif field == "credit":
        value = values.answer(cell)
    else:
        value = cells.timetable(cell)
    if value is None:
        raise NotTaken(code, column, value=cell[:_LONGEST_SHOWN], **bounds)
    return value


def _several(field: str, cell: str, column: str) -> list[str]:
    if field == "tags":
        found = _tags(cell, column)
    elif field == "languages":
        found, unknown = cells.languages(cell)
        if unknown:
            raise NotTaken("language_unknown", column, value=unknown[0][:_LONGEST_SHOWN])
    else:
        found, unknown = cells.coded(cell, _BY_NAME[field])
        if unknown:
            known = ", ".join(list(_CODES[field])[:3])
            raise NotTaken("code_unknown", column, value=unknown[0][:_LONGEST_SHOWN], known=known)
    if len(found) > MOST_VALUES[field]:
        raise NotTaken("too_many_values", column, count=str(len(found)), limit=str(MOST_VALUES[field]))
    return found


def _tags(cell: str, column: str) -> list[str]:
    tags = [prose.without_contacts(prose.one_line(part))[0].casefold() for part in cells.parts(cell)]
    for tag in tags:
        if len(tag) > LONGEST_TAG:
            raise NotTaken("value_too_long", column, value=tag[:_LONGEST_SHOWN], limit=str(LONGEST_TAG))
    return list(dict.fromkeys(tag for tag in tags if tag))
