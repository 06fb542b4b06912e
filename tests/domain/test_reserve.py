"""Reserved seats: what is free for whom, and the rule in words."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.errors import Refused
from app.domain.reserve import Kept, check_lowered, check_reserves, choose, free, rule

TODAY = date(2026, 11, 23)
LATER, SOON = date(2026, 12, 24), date(2026, 11, 24)
NORTH, SOUTH, EARLY_BIRDS = UUID(int=1), UUID(int=2), UUID(int=3)


def for_school(
    seats: int, taken: int = 0, until: date = LATER, school: UUID = NORTH, number: int = 10
) -> Kept:
    return Kept(UUID(int=number), seats, taken, until, school_id=school)


def test_kept_seats_are_not_open() -> None:
    left = free(6, 1, [for_school(2)], TODAY)

    assert (left.seats, left.open_seats) == (5, 3)


def test_whom_seats_are_kept_for_takes_those_first() -> None:
    kept = for_school(2)

    assert choose(free(6, 0, [kept], TODAY), NORTH, []) == (True, kept.id)
    assert choose(free(6, 0, [kept], TODAY), SOUTH, []) == (True, None)


def test_everyone_else_waits_while_only_kept_seats_are_left() -> None:
    left = free(6, 4, [for_school(2)], TODAY)

    assert choose(left, SOUTH, []) == (False, None)
    assert choose(left, NORTH, [])[0]


def test_a_used_up_reserve_holds_nobody_to_it() -> None:
    left = free(6, 2, [for_school(2, taken=2)], TODAY)

    assert choose(left, NORTH, []) == (True, None)


def test_from_its_day_on_a_reserve_keeps_nothing() -> None:
    kept = for_school(2, until=TODAY)

    assert choose(free(6, 4, [kept], TODAY), SOUTH, []) == (True, None)
    assert not choose(free(6, 4, [for_school(2, until=SOON)], TODAY), SOUTH, [])[0]


def test_a_group_is_known_by_its_list() -> None:
    kept = Kept(UUID(int=11), 1, 0, LATER, group_id=EARLY_BIRDS)
    left = free(1, 0, [kept], TODAY)

    assert choose(left, SOUTH, [EARLY_BIRDS]) == (True, kept.id)
    assert choose(left, SOUTH, []) == (False, None)


def test_of_two_reserves_the_one_released_last_is_used_first() -> None:
    first, last = for_school(1, until=SOON, number=20), for_school(1, until=LATER, number=21)

    assert choose(free(4, 0, [first, last], TODAY), NORTH, []) == (True, last.id)


def test_more_kept_than_left_opens_nothing_and_seats_nobody_twice() -> None:
    left = free(3, 2, [for_school(2)], TODAY)

    assert (left.seats, left.open_seats) == (1, 0)
    assert choose(left, NORTH, [])[0]
    assert choose(free(3, 3, [for_school(2)], TODAY), NORTH, []) == (False, None)


def test_no_more_is_kept_than_is_free() -> None:
    check_reserves(3, 3)
    with pytest.raises(Refused):
        check_reserves(4, 3)


def test_no_fewer_seats_are_left_than_are_taken_and_kept() -> None:
    check_lowered(5, 2, 3)
    check_lowered(2, 2, 0)
    with pytest.raises(Refused, match="2 seats are taken; keep at least as many"):
        check_lowered(1, 2, 0)
    with pytest.raises(Refused):
        check_lowered(4, 2, 3)


def test_the_rule_is_a_sentence_in_both_languages() -> None:
    many, one = rule(3, "North School", LATER), rule(1, "North School", LATER)

    assert many.en == "3 seats are kept for North School; from 2026-12-24 those left are open to everyone."
    assert one.es == "1 plaza está reservada para North School; desde el 2026-12-24 está abierta a todos."
