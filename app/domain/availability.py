"""A week in half hours: when a student is free, when an opportunity meets, and whether the two fit.

A *grid* is an integer of 336 bits, Monday 00:00 first (the highest bit) and Sunday 23:30 last; a set bit is a free
(or a needed) half hour. People's programs send it as 84 hexadecimal digits, twelve a day; the database keeps bit(336),
on which `free & needed = needed` asks the same question as `fits`. Hours are those of the wall clock where people are.

A *timetable* is what an opportunity says of its week: a list of {"day": "mon", "from": "14:00", "to": "17:00"}.
"""

import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from itertools import pairwise
from typing import NewType

from app.domain.errors import Refused

Grid = NewType("Grid", int)
# One meeting of a timetable: day, from, to.
Meeting = Mapping[str, str]

SLOTS_A_DAY = 48
SLOTS = 7 * SLOTS_A_DAY
HEX_DIGITS = SLOTS // 4
EMPTY = Grid(0)
WHOLE_WEEK = Grid((1 << SLOTS) - 1)
# More meetings than this in one week is a file gone wrong.
MOST_MEETINGS = 28

_SLOT_MINUTES = 30
_DAY_MINUTES = 24 * 60
_TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00", re.ASCII)
_HEX = re.compile(rf"[0-9a-fA-F]{{{HEX_DIGITS}}}", re.ASCII)
_KEYS = {"day", "from", "to"}


class Weekday(StrEnum):
    """A day of the week, as timetables write it; Monday first."""

    MON = "mon"
    TUE = "tue"
    WED = "wed"
    THU = "thu"
    FRI = "fri"
    SAT = "sat"
    SUN = "sun"


_DAYS = {day.value: number for number, day in enumerate(Weekday)}


def parse_grid(text: str) -> Grid:
    """Read 84 hexadecimal digits; raises Refused."""
    if not _HEX.fullmatch(text):
        raise Refused(
            "availability_unreadable",
            f"write the week as {HEX_DIGITS} hexadecimal digits: twelve a day from Monday, one bit each half hour",
            f"escriba la semana con {HEX_DIGITS} cifras hexadecimales: doce por día desde el lunes, un bit por media hora",
            pointer="/availability",
        )
    return Grid(int(text, 16))


def grid_text(grid: Grid) -> str:
    """Write a grid as 84 hexadecimal digits, lower case."""
    return f"{grid:0{HEX_DIGITS}x}"


def parse_bits(bits: str) -> Grid:
    """Read what a bit(336) column holds."""
    return Grid(int(bits, 2))


def grid_bits(grid: Grid) -> str:
    """Write a grid as a bit(336) column takes it: 336 times 0 or 1."""
    return f"{grid:0{SLOTS}b}"


def grid_of(meets: Sequence[Meeting]) -> Grid:
    """Return the half hours that a timetable needs, begun ones included; raises Refused as `check_meets` does."""
    grid = 0
    for number, meeting in enumerate(meets):
        day, begins, ends = _read(meeting, number)
        first = day * SLOTS_A_DAY + begins // _SLOT_MINUTES
        after = day * SLOTS_A_DAY + -(-ends // _SLOT_MINUTES)
        grid |= _span(first, after)
    return Grid(grid)


def fits(availability: Grid | None, meets: Sequence[Meeting]) -> bool | None:
    """Say whether every meeting of a timetable lies in free half hours; None while either is not known."""
    if availability is None or not meets:
        return None
    return not missing(availability, meets)


def missing(availability: Grid, meets: Sequence[Meeting]) -> Grid:
    """Return the half hours that a timetable needs and the student does not have."""
    return Grid(grid_of(meets) & ~availability)


def check_meets(meets: Sequence[Meeting]) -> list[dict[str, str]]:
    """Return a timetable in the order of the week, or raise Refused that points at what is wrong in `meets`."""
    if len(meets) > MOST_MEETINGS:
        raise Refused(
            "too_many_meetings",
            f"a week has room for {MOST_MEETINGS} meetings; join those that follow each other",
            f"en una semana caben {MOST_MEETINGS} encuentros; una los que van seguidos",
            pointer="/meets",
        )
    read = sorted((*_read(meeting, number), number) for number, meeting in enumerate(meets))
    for (day, _, ended, _), (next_day, begins, _, number) in pairwise(read):
        if day == next_day and begins < ended:
            raise Refused(
                "meetings_overlap",
                "this meeting begins before another one of the day has ended; write them as one",
                "este encuentro empieza antes de que termine otro del mismo día; escríbalos como uno solo",
                pointer=f"/meets/{number}/from",
            )
    return [dict(meets[number]) for *_, number in read]


def meetings_of(grid: Grid) -> list[dict[str, str]]:
    """Return a grid as a timetable: one meeting for each unbroken stretch of a day."""
    found = []
    for name, day in _DAYS.items():
        slots = [bool(grid >> (SLOTS - 1 - day * SLOTS_A_DAY - slot) & 1) for slot in range(SLOTS_A_DAY)]
        begun: int | None = None
        for slot, free in enumerate([*slots, False]):
            if free and begun is None:
                begun = slot
            elif not free and begun is not None:
                found.append({"day": name, "from": _clock(begun), "to": _clock(slot)})
                begun = None
    return found


def minutes_in(grid: Grid) -> int:
    """Return how many minutes of the week a grid holds."""
    return grid.bit_count() * _SLOT_MINUTES


def _span(first: int, after: int) -> int:
    return ((1 << (after - first)) - 1) << (SLOTS - after)


def _clock(slot: int) -> str:
    hours, minutes = divmod(slot * _SLOT_MINUTES, 60)
    return f"{hours:02}:{minutes:02}"


def _read(meeting: Meeting, number: int) -> tuple[int, int, int]:
    """Return day, first minute and the minute after the last one."""
    if set(meeting) != _KEYS or meeting["day"] not in _DAYS:
        raise Refused(
            "meeting_unreadable",
            "write each meeting with day (mon, tue, wed, thu, fri, sat or sun), from and to",
            "escriba cada encuentro con day (mon, tue, wed, thu, fri, sat o sun), from y to",
            pointer=f"/meets/{number}",
        )
    minutes = []
    for key in ("from", "to"):
        found = _TIME.fullmatch(meeting[key])
        if found is None or (key == "from" and meeting[key] == "24:00"):
            raise Refused(
                "time_unreadable",
                "write the time with four digits and a colon, from 00:00 to 24:00: 09:30",
                "escriba la hora con cuatro cifras y dos puntos, de 00:00 a 24:00: 09:30",
                pointer=f"/meets/{number}/{key}",
            )
        minutes.append(_DAY_MINUTES if found[1] is None else int(found[1]) * 60 + int(found[2]))
    begins, ends = minutes
    if ends <= begins:
        raise Refused(
            "meeting_ends_first",
            "a meeting ends after it begins; one past midnight is two meetings, to 24:00 and from 00:00",
            "un encuentro termina después de empezar; si pasa de medianoche son dos: hasta 24:00 y desde 00:00",
            pointer=f"/meets/{number}/to",
        )
    return _DAYS[meeting["day"]], begins, ends
