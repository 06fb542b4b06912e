"""The week in half hours: reading and writing it, and whether a timetable fits into it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.availability import (
    EMPTY,
    HEX_DIGITS,
    MOST_MEETINGS,
    SLOTS,
    WHOLE_WEEK,
    Grid,
    check_meets,
    fits,
    grid_bits,
    grid_of,
    grid_text,
    meetings_of,
    minutes_in,
    missing,
    parse_bits,
    parse_grid,
)
from app.domain.errors import Refused

GRIDS = st.integers(min_value=0, max_value=(1 << SLOTS) - 1).map(Grid)


def _meet(day: str, begins: str, ends: str) -> dict[str, str]:
    return {"day": day, "from": begins, "to": ends}


AFTERNOONS = grid_of([_meet(day, "14:00", "18:00") for day in ("mon", "tue", "wed", "thu", "fri")])


@given(GRIDS)
def test_a_grid_is_the_same_after_writing_and_reading_it(grid: Grid) -> None:
    assert parse_grid(grid_text(grid)) == parse_bits(grid_bits(grid)) == grid_of(meetings_of(grid)) == grid
    assert len(grid_text(grid)) == HEX_DIGITS
    assert len(grid_bits(grid)) == SLOTS


def test_monday_midnight_is_the_first_digit_and_sunday_night_the_last() -> None:
    first = grid_of([_meet("mon", "00:00", "00:30")])
    last = grid_of([_meet("sun", "23:30", "24:00")])

    assert grid_text(first) == "8" + "0" * 83
    assert grid_text(last) == "0" * 83 + "1"
    assert grid_text(WHOLE_WEEK) == "f" * 84


def test_monday_from_two_to_five_is_the_middle_of_the_first_twelve_digits() -> None:
    assert grid_text(grid_of([_meet("mon", "14:00", "17:00")]))[:12] == "0000000fc000"


def test_a_begun_half_hour_counts_as_a_whole_one() -> None:
    assert grid_of([_meet("wed", "09:10", "09:40")]) == grid_of([_meet("wed", "09:00", "10:00")])
    assert minutes_in(grid_of([_meet("wed", "09:10", "09:40")])) == 60


def test_a_timetable_fits_where_every_half_hour_of_it_is_free() -> None:
    assert fits(AFTERNOONS, [_meet("mon", "14:00", "17:00"), _meet("thu", "15:30", "18:00")])
    assert fits(AFTERNOONS, [_meet("mon", "13:30", "17:00")]) is False
    assert fits(AFTERNOONS, [_meet("sat", "14:00", "17:00")]) is False
    assert fits(EMPTY, [_meet("mon", "14:00", "14:30")]) is False


def test_what_is_not_known_neither_fits_nor_fails_to() -> None:
    assert fits(None, [_meet("mon", "14:00", "17:00")]) is None
    assert fits(AFTERNOONS, []) is None


def test_what_is_missing_is_said_in_meetings() -> None:
    found = missing(AFTERNOONS, [_meet("mon", "13:00", "15:00"), _meet("sun", "10:00", "11:00")])

    assert meetings_of(found) == [_meet("mon", "13:00", "14:00"), _meet("sun", "10:00", "11:00")]


@given(GRIDS, GRIDS)
def test_the_database_can_ask_the_same_question(free: Grid, needed: Grid) -> None:
    meets = meetings_of(needed)

    assert fits(free, meets) is (None if not meets else free & needed == needed)


def test_a_timetable_is_kept_in_the_order_of_the_week() -> None:
    given_meets = [
        _meet("fri", "09:00", "10:00"),
        _meet("mon", "12:00", "13:00"),
        _meet("mon", "09:00", "12:00"),
    ]

    assert [(each["day"], each["from"]) for each in check_meets(given_meets)] == [
        ("mon", "09:00"), ("mon", "12:00"), ("fri", "09:00"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("meets", "code", "pointer"),
    [
        ([_meet("monday", "09:00", "10:00")], "meeting_unreadable", "/meets/0"),
        ([{"day": "mon", "from": "09:00"}], "meeting_unreadable", "/meets/0"),
        ([_meet("mon", "9:00", "10:00")], "time_unreadable", "/meets/0/from"),
        ([_meet("mon", "24:00", "24:00")], "time_unreadable", "/meets/0/from"),
        ([_meet("mon", "09:00", "24:30")], "time_unreadable", "/meets/0/to"),
        ([_meet("mon", "09:00", "10:60")], "time_unreadable", "/meets/0/to"),
        ([_meet("mon", "09:00", "10:٣٠")], "time_unreadable", "/meets/0/to"),
        ([_meet("mon", "10:00", "10:00")], "meeting_ends_first", "/meets/0/to"),
        (
            [_meet("tue", "09:00", "10:00"), _meet("mon", "22:00", "02:00")],
            "meeting_ends_first",
            "/meets/1/to",
        ),
        (
            [_meet("mon", "11:00", "12:00"), _meet("mon", "09:00", "11:30")],
            "meetings_overlap",
            "/meets/0/from",
        ),
        ([_meet("mon", "09:00", "10:00")] * (MOST_MEETINGS + 1), "too_many_meetings", "/meets"),
    ],
)
def test_a_timetable_that_cannot_be_is_refused_with_its_place(
    meets: list[dict[str, str]], code: str, pointer: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_meets(meets)

    assert (refused.value.code, refused.value.pointer) == (code, pointer)


@pytest.mark.parametrize(
    "text", ["", "f" * 83, "f" * 85, "g" * 84, "f" * 83 + "\n", "٣" * 84, "0x" + "f" * 82]
)
def test_a_grid_of_another_shape_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_grid(text)
