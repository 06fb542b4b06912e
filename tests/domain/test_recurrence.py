"""Weekly patterns: the rule read strictly, the wall clock kept through every change of it."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.recurrence import check_comes_round, check_span, days, occurrence, occurrences, read_rule

NEW_YORK = "America/New_York"
_NAMES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def test_a_rule_falls_on_its_days_between_the_first_and_the_last() -> None:
    rule = read_rule("FREQ=WEEKLY;BYDAY=TU,TH")

    found = days(rule, date(2027, 1, 4), date(2027, 1, 19))

    assert found == [date(2027, 1, day) for day in (5, 7, 12, 14, 19)]


def test_exceptions_are_left_out_and_count_counts_before_them() -> None:
    rule = read_rule("RRULE:freq=weekly;interval=2;count=3;byday=mo")

    found = days(rule, date(2027, 1, 4), date(2027, 12, 31), {date(2027, 1, 18)})

    assert found == [date(2027, 1, 4), date(2027, 2, 1)]


def test_until_in_the_rule_ends_it_on_that_day() -> None:
    rule = read_rule("FREQ=WEEKLY;UNTIL=20270118T235959Z")

    assert days(rule, date(2027, 1, 4), date(2027, 12, 31)) == [date(2027, 1, d) for d in (4, 11, 18)]
    assert rule.text == "FREQ=WEEKLY;UNTIL=20270118"


def test_a_session_keeps_its_hour_on_the_wall_when_clocks_change() -> None:
    # New York goes to summer time on 14 March 2027 and back on 7 November 2027.
    found = [date(2027, 3, 9), date(2027, 3, 16), date(2027, 11, 2), date(2027, 11, 9)]

    starts = [start for start, _ in occurrences(found, time(14), 60, NEW_YORK)]

    assert [start.hour for start in starts] == [19, 18, 18, 19]
    assert {start.astimezone(ZoneInfo(NEW_YORK)).hour for start in starts} == {14}
    assert all(start.tzinfo is UTC for start in starts)


def test_an_hour_that_the_change_skips_moves_on_with_the_clock() -> None:
    starts_at, ends_at = occurrence(date(2027, 3, 14), time(2, 30), 90, NEW_YORK)

    assert starts_at.astimezone(ZoneInfo(NEW_YORK)).time() == time(3, 30)
    assert ends_at - starts_at == timedelta(minutes=90)


def test_of_an_hour_that_comes_twice_the_first_is_meant() -> None:
    starts_at, _ = occurrence(date(2027, 11, 7), time(1, 30), 60, NEW_YORK)

    assert starts_at == datetime(2027, 11, 7, 5, 30, tzinfo=UTC)


def test_in_the_hour_that_comes_twice_a_session_ends_after_its_minutes() -> None:
    starts_at, ends_at = occurrence(date(2027, 11, 7), time(1, 30), 60, NEW_YORK)

    # The clock shows the same, an hour later: 01:30 for the second time.
    assert ends_at == datetime(2027, 11, 7, 6, 30, tzinfo=UTC)
    shown = ends_at.astimezone(ZoneInfo(NEW_YORK))
    assert (shown.time(), shown.fold, starts_at.astimezone(ZoneInfo(NEW_YORK)).fold) == (time(1, 30), 1, 0)


def test_a_session_over_the_change_lasts_its_minutes() -> None:
    starts_at, ends_at = occurrence(date(2027, 11, 7), time(0, 30), 120, NEW_YORK)

    assert ends_at - starts_at == timedelta(hours=2)
    assert ends_at.astimezone(ZoneInfo(NEW_YORK)).time() == time(1, 30)


@pytest.mark.parametrize(
    "rule",
    [
        "",
        "FREQ",
        "every tuesday",
        "FREQ=DAILY",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY",
        "FREQ=WEEKLY;BYMONTHDAY=31",
        "FREQ=WEEKLY;BYHOUR=25",
        "FREQ=WEEKLY;INTERVAL=0",
        "FREQ=WEEKLY;INTERVAL=-1",
        "FREQ=WEEKLY;INTERVAL=53",
        "FREQ=WEEKLY;INTERVAL=٣",
        "FREQ=WEEKLY;COUNT=0",
        "FREQ=WEEKLY;COUNT=99999999999999999999",
        "FREQ=WEEKLY;COUNT=3;UNTIL=20270101",
        "FREQ=WEEKLY;UNTIL=20270230",
        "FREQ=WEEKLY;UNTIL=soon",
        "FREQ=WEEKLY;BYDAY=XX",
        "FREQ=WEEKLY;BYDAY=1TU",
        "FREQ=WEEKLY;BYDAY=TU,TU",
        "FREQ=WEEKLY;BYDAY=",
        "FREQ=WEEKLY;WKST=8",
        "FREQ=WEEKLY;FREQ=WEEKLY",
        "FREQ=WEEKLY;;",
        "FREQ=WEEKLY;" + "BYDAY=MO," * 100,
    ],
)
def test_an_impossible_rule_is_refused_with_a_sentence(rule: str) -> None:
    with pytest.raises(Refused) as refused:
        read_rule(rule)

    assert refused.value.code == "impossible_recurrence"
    assert refused.value.pointer == "/rule"


def test_a_pattern_that_no_day_is_left_of_is_refused() -> None:
    rule = read_rule("FREQ=WEEKLY;BYDAY=SU")

    for left in (
        days(rule, date(2027, 1, 4), date(2027, 1, 8)),
        days(rule, date(2027, 1, 4), date(2027, 1, 12), {date(2027, 1, 10)}),
        days(read_rule("FREQ=WEEKLY;UNTIL=20200101"), date(2027, 1, 4), date(2027, 2, 1)),
    ):
        with pytest.raises(Refused) as refused:
            check_comes_round(left)
        assert refused.value.code == "never_comes_round"


def test_a_pattern_may_not_end_before_it_begins_nor_go_on_for_ever() -> None:
    today = date(2026, 11, 23)
    for starts_on, until, code in (
        (date(2027, 1, 4), date(2027, 1, 3), "ends_before_start"),
        (date(2025, 1, 4), date(2027, 1, 6), "too_long"),
        (date(2028, 11, 1), date(2028, 11, 24), "too_far_off"),
        (date(9999, 12, 1), date(9999, 12, 31), "too_far_off"),
    ):
        with pytest.raises(Refused) as refused:
            check_span(starts_on, until, today)
        assert refused.value.code == code

    check_span(date(2027, 1, 4), date(2027, 1, 4), today)
    check_span(date(2026, 11, 24), date(2028, 11, 23), today)


@settings(max_examples=100, deadline=None)
@given(
    st.sets(st.sampled_from(_NAMES)),
    st.integers(1, 5),
    st.one_of(st.none(), st.integers(1, 30)),
    st.dates(date(2026, 1, 1), date(2028, 1, 1)),
    st.integers(0, 400),
    st.sampled_from(_NAMES),
)
def test_the_days_are_those_of_the_standard(
    chosen: set[str], interval: int, count: int | None, starts_on: date, length: int, week_starts: str
) -> None:
    text = f"FREQ=WEEKLY;INTERVAL={interval};WKST={week_starts}"
    text += "" if count is None else f";COUNT={count}"
    text += f";BYDAY={','.join(chosen)}" if chosen else ""
    until = starts_on + timedelta(days=length)

    rule = read_rule(text)
    found = days(rule, starts_on, until)

    standard = rrulestr(text, dtstart=datetime.combine(starts_on, time()))
    assert found == [
        m.date()
        for m in standard.between(
            datetime.combine(starts_on, time()), datetime.combine(until, time()), inc=True
        )
    ]
    assert read_rule(rule.text) == rule


@given(
    st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    st.times(),
    st.sampled_from(
        ["America/New_York", "America/Chicago", "Europe/Madrid", "Australia/Lord_Howe", "America/Phoenix"]
    ),
)
def test_the_wall_clock_shows_the_time_of_the_pattern_or_the_one_the_change_left(
    day: date, at: time, zone: str
) -> None:
    at = at.replace(second=0, microsecond=0)

    starts_at, _ = occurrence(day, at, 30, zone)

    local = starts_at.astimezone(ZoneInfo(zone))
    moved = datetime.combine(local.date(), local.time()) - datetime.combine(day, at)
    assert moved in {timedelta(0), timedelta(hours=1), timedelta(minutes=30)}
