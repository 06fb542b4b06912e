"""When digests are due, and what is news."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.saved_search import Digest, check_room, is_tired, news_since, next_digest

NEW_YORK = "America/New_York"


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def test_a_daily_digest_is_made_at_seven_by_the_communitys_clocks() -> None:
    assert next_digest(Digest.DAILY, _at("2026-11-23T11:59:00"), NEW_YORK) == _at("2026-11-23T12:00:00")
    assert next_digest(Digest.DAILY, _at("2026-11-23T12:00:00"), NEW_YORK) == _at("2026-11-24T12:00:00")


def test_a_weekly_digest_is_made_on_mondays() -> None:
    # The 23rd of November 2026 is a Monday.
    assert next_digest(Digest.WEEKLY, _at("2026-11-23T12:00:00"), NEW_YORK) == _at("2026-11-30T12:00:00")
    assert next_digest(Digest.WEEKLY, _at("2026-11-25T12:00:00"), NEW_YORK) == _at("2026-11-30T12:00:00")
    assert next_digest(Digest.WEEKLY, _at("2026-11-23T02:00:00"), NEW_YORK) == _at("2026-11-23T12:00:00")


def test_it_stays_seven_when_the_clocks_change() -> None:
    # On the 8th of March 2026 clocks in New York go forward.
    assert next_digest(Digest.DAILY, _at("2026-03-07T13:00:00"), NEW_YORK) == _at("2026-03-08T11:00:00")


def test_what_was_there_before_is_no_news_and_what_is_old_is_none_either() -> None:
    now = _at("2026-11-23T12:00:00")

    assert news_since(now - timedelta(days=3), now) == now - timedelta(days=3)
    assert news_since(now - timedelta(days=300), now) == now - timedelta(days=31)


def test_a_search_rests_after_three_months_of_nothing() -> None:
    now = _at("2026-11-23T12:00:00")

    assert not is_tired(now - timedelta(days=90), now)
    assert is_tired(now - timedelta(days=91), now)


def test_twenty_saved_searches_are_enough() -> None:
    check_room(19)

    with pytest.raises(Refused):
        check_room(20)
