"""Which days a weekly pattern falls on, and when its sessions begin and end there.

The rule is an RFC 5545 recurrence of weeks ("FREQ=WEEKLY;BYDAY=TU,TH"), read strictly and unrolled by dateutil. Times
are the wall clock's of the place: a session at 14:00 stays at 14:00 when clocks change. A time that a change skips
moves on with the clock (02:30 becomes 03:30); of a time that comes twice, the first is meant. A session lasts its
minutes, whatever the clock does meanwhile.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import FR, MO, SA, SU, TH, TU, WE, WEEKLY, rrule
from dateutil.tz import resolve_imaginary

from app.domain.errors import Refused

LONGEST = timedelta(days=731)
_LONGEST_RULE = 200
_LARGEST_INTERVAL = 52
_LARGEST_COUNT = 1000
_DAYS = {"MO": MO, "TU": TU, "WE": WE, "TH": TH, "FR": FR, "SA": SA, "SU": SU}
_PARTS = ("FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "WKST")
_UNTIL = re.compile(r"(\d{4})(\d{2})(\d{2})(T\d{6}Z?)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """A rule, read: `text` is how it is kept."""

    interval: int
    days: tuple[str, ...]
    count: int | None
    until: date | None
    week_starts: str

    @property
    def text(self) -> str:
        """Return the rule as RFC 5545 writes it, its parts in one order."""
        parts = ["FREQ=WEEKLY"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        if self.days:
            parts.append(f"BYDAY={','.join(self.days)}")
        if self.week_starts != "MO":
            parts.append(f"WKST={self.week_starts}")
        return ";".join(parts)


def read_rule(text: str) -> WeeklyRule:
    """Read a rule such as FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH; raises Refused with what to write instead."""
    parts = _split(text)
    if parts.get("FREQ") != "WEEKLY":
        raise _bad(
            "write FREQ=WEEKLY: patterns are of weeks", "escriba FREQ=WEEKLY: los patrones son semanales"
        )
    if "COUNT" in parts and "UNTIL" in parts:
        raise _bad(
            "give COUNT or UNTIL, not both: the first of them to come would end the rule",
            "indique COUNT o UNTIL, pero no ambos",
        )
    days = tuple(parts["BYDAY"].split(",")) if "BYDAY" in parts else ()
    week_starts = parts.get("WKST", "MO")
    if not {*days, week_starts} <= _DAYS.keys():
        raise _bad(
            "name days as MO, TU, WE, TH, FR, SA or SU, without a number",
            "nombre los días como MO, TU, WE, TH, FR, SA o SU, sin número",
        )
    if len(set(days)) != len(days):
        raise _bad("name each day once", "nombre cada día una sola vez")
    return WeeklyRule(
        interval=_number(parts, "INTERVAL", _LARGEST_INTERVAL) or 1,
        days=tuple(day for day in _DAYS if day in days),
        count=_number(parts, "COUNT", _LARGEST_COUNT),
        until=_last_day(parts.get("UNTIL")),
        week_starts=week_starts,
    )


def check_span(starts_on: date, until: date, today: date) -> None:
    """Refuse a pattern that ends before it begins, or goes on longer than anybody can promise."""
    if until < starts_on:
        raise Refused(
            "ends_before_start",
            "give a last day on or after the first one",
            "indique un último día igual o posterior al primero",
            pointer="/until",
        )
    if until - starts_on > LONGEST:
        raise Refused(
            "too_long",
            "a pattern goes on for two years at most; make a new one after that",
            "un patrón dura como máximo dos años; después cree otro",
            pointer="/until",
        )
    if until - today > LONGEST:
        raise Refused(
            "too_far_off",
            "choose a last day within the next two years",
            "elija un último día dentro de los próximos dos años",
            pointer="/until",
        )


def days(rule: WeeklyRule, starts_on: date, until: date, exceptions: Collection[date] = ()) -> list[date]:
    """Return the days of a pattern in order, without its exceptions. Two years hold 731 days at most."""
    last = until if rule.until is None else min(until, rule.until)
    found = rrule(
        WEEKLY,
        dtstart=datetime.combine(starts_on, time()),
        interval=rule.interval,
        byweekday=[_DAYS[day] for day in rule.days] or None,
        count=rule.count,
        wkst=_DAYS[rule.week_starts],
    )
    # Weeks always come again, so this ends; `until` is compared here because dateutil refuses it beside COUNT.
    kept: list[date] = []
    for moment in found:
        if moment.date() > last:
            break
        if moment.date() not in exceptions:
            kept.append(moment.date())
    return kept


def check_comes_round(found: Collection[date]) -> None:
    """Refuse a pattern that no day is left of."""
    if not found:
        raise Refused(
            "never_comes_round",
            "no day is left: between the first and the last day this rule falls on none, or each one is an exception",
            "no queda ningún día: entre el primero y el último la regla no cae en ninguno, o todos son excepciones",
            pointer="/rule",
        )


def occurrence(day: date, starts_time: time, minutes: int, zone: str) -> tuple[datetime, datetime]:
    """Return the instants, in UTC, at which the session of a day begins and ends in an IANA time zone."""
    wall = datetime.combine(day, starts_time.replace(fold=0), ZoneInfo(zone))
    starts_at = resolve_imaginary(wall).astimezone(UTC)
    return starts_at, starts_at + timedelta(minutes=minutes)


def occurrences(
    found: Collection[date], starts_time: time, minutes: int, zone: str
) -> Iterator[tuple[datetime, datetime]]:
    """Return begin and end of the session of each day."""
    return (occurrence(day, starts_time, minutes, zone) for day in found)


def _split(text: str) -> dict[str, str]:
    words = text.strip().upper().removeprefix("RRULE:")
    if len(words) > _LONGEST_RULE:
        raise _bad(f"write it in {_LONGEST_RULE} characters", f"escríbala en {_LONGEST_RULE} caracteres")
    parts: dict[str, str] = {}
    for part in words.split(";"):
        name, equals, value = part.partition("=")
        if not equals or not value or name not in _PARTS:
            raise _bad(
                f"use only {', '.join(_PARTS)}, each as NAME=VALUE, between semicolons",
                f"use solo {', '.join(_PARTS)}, cada una como NOMBRE=VALOR, separadas por punto y coma",
            )
        if name in parts:
            raise _bad(f"give {name} once", f"indique {name} una sola vez")
        parts[name] = value
    return parts


def _number(parts: dict[str, str], name: str, most: int) -> int | None:
    text = parts.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= len(str(most)) and 1 <= int(text) <= most):
        raise _bad(f"give {name} as a number from 1 to {most}", f"indique {name} de 1 a {most}")
    return int(text)


def _last_day(text: str | None) -> date | None:
    if text is None:
        return None
    found = _UNTIL.fullmatch(text)
    try:
        if found is not None:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise _bad("give UNTIL as a day, such as 20270611", "indique UNTIL como un día, por ejemplo 20270611")


def _bad(english: str, spanish: str) -> Refused:
    return Refused(
        "impossible_recurrence",
        f"this rule cannot be followed; {english}",
        f"esta regla no se puede seguir; {spanish}",
        pointer="/rule",
    )
