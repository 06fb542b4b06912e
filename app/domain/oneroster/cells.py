"""Read one cell as what its column says it is: trimmed, case-insensitive in vocabularies, strict in everything else."""

import re
from collections.abc import Callable
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from app.domain.oneroster.binding import ID_LENGTH, TEXT_LENGTH, Column, Kind
from app.domain.oneroster.faults import shown

_EXTENSION = re.compile(r"ext:[A-Za-z0-9._-]+")
_EMAIL = re.compile(r"[^@\s\"(),:;<>\[\\\]]+@[^@\s.]+(?:\.[^@\s.]+)+")
_YEAR = re.compile(r"(?:\d{4}[-/ ])?(\d{4}|\d{2})")
_FULL_YEAR = 4
_EMAIL_LENGTH = 254
_DATE_LENGTH = len("2026-08-31")


class Unreadable(Exception):
    """A cell does not hold what its column asks for: the code, and the value or detail its sentence needs."""

    def __init__(self, code: str, value: str = "", detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.value = shown(value)
        self.detail = detail


def instant(value: str) -> datetime:
    """Read an ISO 8601 date and time, as `dateLastModified` has it."""
    try:
        if "T" not in value.upper():
            raise Unreadable("bad_instant", value)
        return datetime.fromisoformat(value)
    except ValueError:
        raise Unreadable("bad_instant", value) from None


@lru_cache(maxsize=4096)
def _date(value: str) -> date:
    # fromisoformat also takes 20260831 and 2026-W36-1, which the binding does not know.
    if len(value) != _DATE_LENGTH or value[4] != "-" or value[7] != "-":
        raise Unreadable("bad_date", value)
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise Unreadable("bad_date", value) from None


def _read_text(value: str, _column: Column) -> str:
    if len(value) > TEXT_LENGTH:
        raise Unreadable("too_long", detail=str(TEXT_LENGTH))
    return value


def _read_identifier(value: str, _column: Column) -> str:
    if len(value) > ID_LENGTH:
        raise Unreadable("too_long", detail=str(ID_LENGTH))
    return value


def _read_list(value: str, _column: Column) -> tuple[str, ...]:
    return tuple(step for part in value.split(",") if (step := part.strip()))


def _read_identifiers(value: str, column: Column) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_read_identifier(each, column) for each in _read_list(value, column)))


def _read_date(value: str, _column: Column) -> date:
    return _date(value)


def _read_boolean(value: str, _column: Column) -> bool:
    match value.lower():
        case "true":
            return True
        case "false":
            return False
        case _:
            raise Unreadable("bad_boolean", value)


def _read_token(value: str, column: Column) -> str:
    token = column.tokens.get(value.lower())
    if token is not None:
        return token
    if column.extensible and _EXTENSION.fullmatch(value):
        return value
    raise Unreadable("bad_token", value, ", ".join(column.tokens.values()))


def _read_email(value: str, _column: Column) -> str:
    if len(value) > _EMAIL_LENGTH or not _EMAIL.fullmatch(value):
        raise Unreadable("bad_email", value)
    return value


def _read_year(value: str, _column: Column) -> int:
    # The binding wants the year the school year ends in; "2026-2027" and "2026/27" are what many systems write.
    match = _YEAR.fullmatch(value)
    if match is None or (len(match[1]) != _FULL_YEAR and match[1] == value):
        raise Unreadable("bad_year", value)
    return int(match[1]) if len(match[1]) == _FULL_YEAR else int(value[:2] + match[1])


READERS: dict[Kind, Callable[[str, Column], Any]] = {
    Kind.TEXT: _read_text,
    Kind.LIST: _read_list,
    Kind.IDENTIFIER: _read_identifier,
    Kind.REFERENCE: _read_identifier,
    Kind.REFERENCES: _read_identifiers,
    Kind.DATE: _read_date,
    Kind.BOOLEAN: _read_boolean,
    Kind.TOKEN: _read_token,
    Kind.EMAIL: _read_email,
    Kind.YEAR: _read_year,
}

BLANKS: dict[Kind, Any] = {
    Kind.TEXT: "",
    Kind.LIST: (),
    Kind.IDENTIFIER: "",
    Kind.REFERENCE: "",
    Kind.REFERENCES: (),
    Kind.DATE: None,
    Kind.BOOLEAN: None,
    Kind.TOKEN: "",
    Kind.EMAIL: "",
    Kind.YEAR: None,
}
