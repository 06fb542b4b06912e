"""The line for seats: how long an offer stands."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.waitlist import IN_LINE, KEEPS_SEAT, TRANSITIONS, check_in_time, offer_until

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


def test_an_offer_stands_for_the_tenants_hours() -> None:
    assert offer_until(NOW, 24) == NOW + timedelta(days=1)


def test_an_offer_never_lasts_past_the_start_of_what_it_is_for() -> None:
    starts_at = NOW + timedelta(hours=3)

    assert offer_until(NOW, 24, starts_at) == starts_at
    assert offer_until(NOW, 2, starts_at) == NOW + timedelta(hours=2)


@pytest.mark.parametrize(("until", "late"), [(None, False), (NOW + timedelta(seconds=1), False), (NOW, True)])
def test_an_offer_is_over_at_its_very_end(until: datetime | None, late: bool) -> None:
    if late:
        with pytest.raises(Refused) as refused:
            check_in_time(until, NOW)
        assert refused.value.code == "offer_over"
    else:
        check_in_time(until, NOW)


def test_who_has_left_the_line_never_comes_back_to_the_same_place() -> None:
    assert {status for status, _ in TRANSITIONS} == IN_LINE
    assert KEEPS_SEAT < IN_LINE
