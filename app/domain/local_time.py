"""What day and month it is somewhere, and when a day begins and ends there."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DECEMBER = 12


def local_day(now: datetime, zone: str) -> date:
    """Return what day it is at `now` in an IANA time zone."""
    return now.astimezone(ZoneInfo(zone)).date()


def starts_at(day: date, zone: str) -> datetime:
    """Return the instant at which a day begins in an IANA time zone."""
    return datetime.combine(day, time(), ZoneInfo(zone))


def end_of_day(day: date, zone: str) -> datetime:
    """Return the last instant of a day in an IANA time zone: a date by which something ends includes its day."""
    return starts_at(day + timedelta(days=1), zone) - timedelta(microseconds=1)


def month_of(now: datetime, zone: str) -> date:
    """Return the calendar month (as its first day) that it is at `now` in an IANA time zone."""
    return local_day(now, zone).replace(day=1)


def month_after(month: date) -> date:
    """Return the first day of the month that follows."""
    year, number = divmod(month.month, _DECEMBER)
    return date(month.year + year, number + 1, 1)
