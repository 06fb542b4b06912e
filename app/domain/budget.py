"""How often a community may ask one employer for something: so many times a calendar month, all schools together."""

from datetime import date, datetime, time
from enum import StrEnum
from zoneinfo import ZoneInfo


class AskKind(StrEnum):
    """What an employer, or somebody who works there, is asked for; a reminder belongs to the ask it reminds of."""

    INVITATION = "invitation"
    INTRODUCTION = "introduction"
    OUTREACH_BY_STAFF = "outreach_by_staff"


_DECEMBER = 12


def month_of(now: datetime, zone: str) -> date:
    """Return the calendar month (as its first day) that it is at `now` in an IANA time zone."""
    return now.astimezone(ZoneInfo(zone)).date().replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the month that follows."""
    year, number = divmod(month.month, _DECEMBER)
    return date(month.year + year, number + 1, 1)


def starts_at(day: date, zone: str) -> datetime:
    """Return the instant at which a day begins in an IANA time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def reopens_on(*, cap: int, asks: int, month: date) -> date | None:
    """Return when the employer may be asked again: None while it may be asked now, and for one that wants no asks."""
    return month_after(month) if 0 < cap <= asks else None
