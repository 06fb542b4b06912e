"""The calendar of the contact-fatigue budget."""

from datetime import UTC, date, datetime

import pytest

from app.domain.budget import reopens_on
from app.domain.local_time import month_after, month_of, starts_at


@pytest.mark.parametrize(
    ("instant", "zone", "month"),
    [
        (datetime(2026, 12, 1, 4, 59, tzinfo=UTC), "America/New_York", date(2026, 11, 1)),
        (datetime(2026, 12, 1, 5, 0, tzinfo=UTC), "America/New_York", date(2026, 12, 1)),
        (datetime(2026, 11, 30, 23, 0, tzinfo=UTC), "Europe/Madrid", date(2026, 12, 1)),
    ],
)
def test_the_month_is_that_of_the_community(instant: datetime, zone: str, month: date) -> None:
    assert month_of(instant, zone) == month


def test_january_follows_december() -> None:
    assert month_after(date(2026, 12, 1)) == date(2027, 1, 1)
    assert month_after(date(2026, 1, 1)) == date(2026, 2, 1)


def test_a_day_begins_at_midnight_there() -> None:
    assert starts_at(date(2026, 12, 1), "America/New_York") == datetime(2026, 12, 1, 5, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cap", "asks", "when"),
    [(4, 3, None), (4, 4, date(2026, 12, 1)), (4, 6, date(2026, 12, 1)), (0, 0, None)],
)
def test_a_budget_reopens_with_the_month_unless_there_is_something_left_or_nothing_ever(
    cap: int, asks: int, when: date | None
) -> None:
    assert reopens_on(cap=cap, asks=asks, month=date(2026, 11, 1)) == when
