"""Reachability in batches, and counts that tell on nobody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.pool import (
    AT_LEAST,
    KEPT_HOUSEHOLDS,
    UNPUBLISHED,
    Published,
    batch_day,
    changed_families,
    is_lacking,
    publish,
    shown,
    shown_together,
)

# Ten families of three people each: who of them offers, and under which of its ids their household goes.
FAMILIES = range(10)
MEMBERS = range(3)


@dataclass(frozen=True)
class Family:
    """A household at one time."""

    number: int
    offering: frozenset[int]
    id: int

    def homes(self) -> dict[UUID, UUID]:
        """Return the household of each member, whether they offer or not."""
        home = UUID(int=5000 + 10 * self.number + self.id)
        return {UUID(int=1000 + 10 * self.number + member): home for member in MEMBERS}

    def offers(self) -> dict[UUID, UUID]:
        """Return who offers, with their household."""
        return dict(pair for member, pair in enumerate(self.homes().items()) if member in self.offering)


Town = tuple[Family, ...]


def families(number: int) -> st.SearchStrategy[Family]:
    """Anything a family may be at one time."""
    return st.builds(Family, st.just(number), st.frozensets(st.sampled_from(MEMBERS)), st.integers(0, 2))


TOWNS = st.tuples(*(families(number) for number in FAMILIES))
HISTORIES = st.lists(TOWNS, min_size=1, max_size=6)


def _offers(town: Town) -> dict[UUID, UUID]:
    return {person: home for family in town for person, home in family.offers().items()}


def _next(cell: Published, town: Town) -> Published:
    homes = {person: home for family in town for person, home in family.homes().items()}
    return publish(cell, _offers(town), homes)


def _published(history: list[Town]) -> Published:
    cell = UNPUBLISHED
    for town in history:
        cell = _next(cell, town)
    return cell


def _changed(cell: Published, town: Town) -> set[int]:
    """Return the families of whom the basis and the town disagree."""
    return {
        family.number
        for family in town
        if bool(family.offering) != any(person in cell.basis for person in family.homes())
    }


@settings(max_examples=400, deadline=None)
@given(HISTORIES, st.data())
def test_no_single_family_flips_an_answer_whatever_it_does(history: list[Town], data: st.DataObject) -> None:
    before = _published(history)
    number = data.draw(st.sampled_from(FAMILIES))
    changed = data.draw(families(number))
    town = tuple(changed if family.number == number else family for family in history[-1])

    after = _next(before, town)

    if _changed(before, town) <= {number}:
        assert after == before


@settings(max_examples=400, deadline=None)
@given(HISTORIES, st.sampled_from(FAMILIES))
def test_a_family_that_takes_everything_back_flips_nothing(history: list[Town], number: int) -> None:
    before = _published(history)
    town = tuple(
        Family(number, frozenset(), 0) if family.number == number else family for family in history[-1]
    )

    after = _next(before, town)

    assert after.reachable == before.reachable or _changed(before, town) > {number}


@settings(max_examples=200, deadline=None)
@given(HISTORIES, st.sampled_from(FAMILIES), st.data())
def test_what_the_answer_was_before_a_family_came_it_is_after(
    history: list[Town], number: int, data: st.DataObject
) -> None:
    without = [
        tuple(Family(number, frozenset(), 0) if family.number == number else family for family in town)
        for town in history
    ]
    before = _published([*without, without[-1]])
    comes = tuple(data.draw(families(number)) if f.number == number else f for f in without[-1])

    after = _next(before, comes)

    assert after.reachable == before.reachable or _changed(before, comes) > {number}


@settings(max_examples=200, deadline=None)
@given(HISTORIES)
def test_a_yes_always_rests_on_three_households(history: list[Town]) -> None:
    cell = UNPUBLISHED
    for town in history:
        cell = _next(cell, town)

        assert not cell.reachable or len(set(cell.basis.values())) >= AT_LEAST
        assert len(set(cell.basis.values())) <= KEPT_HOUSEHOLDS


@settings(max_examples=200, deadline=None)
@given(HISTORIES)
def test_an_answer_is_never_more_than_one_family_late(history: list[Town]) -> None:
    cell = UNPUBLISHED
    for town in history:
        cell = _next(cell, town)

        reaching = sum(bool(family.offering) for family in town)
        assert reaching >= AT_LEAST - 1 if cell.reachable else reaching <= AT_LEAST


def _singles(*numbers: int) -> Mapping[UUID, UUID]:
    return {UUID(int=number): UUID(int=number) for number in numbers}


def test_two_households_are_not_known_and_three_are_a_yes() -> None:
    assert not publish(UNPUBLISHED, _singles(1, 2)).reachable
    assert publish(UNPUBLISHED, _singles(1, 2, 3)).reachable


def test_a_third_household_alone_waits_for_a_fourth() -> None:
    two = publish(UNPUBLISHED, _singles(1, 2))

    three = publish(two, _singles(1, 2, 3))
    four = publish(three, _singles(1, 2, 3, 4))

    assert three == two
    assert four.reachable


def test_a_cell_that_waits_keeps_its_basis() -> None:
    yes = publish(UNPUBLISHED, _singles(1, 2, 3))

    one_less = publish(yes, _singles(1, 2))
    two_less = publish(one_less, _singles(1))

    assert one_less == yes
    assert not two_less.reachable
    assert two_less.basis == _singles(1)


def test_a_household_under_another_id_is_one_family_changed_or_none() -> None:
    before = {UUID(int=1): UUID(int=10), UUID(int=2): UUID(int=20)}

    renamed = changed_families(before, {UUID(int=1): UUID(int=11), UUID(int=2): UUID(int=20)})
    renamed_and_other_parent = changed_families(
        before, {UUID(int=3): UUID(int=11), UUID(int=2): UUID(int=20)}, {UUID(int=1): UUID(int=11)}
    )
    merged = changed_families(before, {UUID(int=1): UUID(int=10), UUID(int=2): UUID(int=10)})
    other_parent = changed_families(before, {UUID(int=3): UUID(int=10), UUID(int=2): UUID(int=20)})

    assert (renamed, merged, other_parent, renamed_and_other_parent) == (0, 1, 0, 0)


def test_a_field_that_thousands_reach_rests_on_a_few_and_falls_with_them() -> None:
    many = publish(UNPUBLISHED, _singles(*range(100)))

    none = publish(many, {})

    assert len(many.basis) == KEPT_HOUSEHOLDS
    assert not none.reachable


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 22), date(2026, 11, 16)),
        (date(2026, 11, 23), date(2026, 11, 23)),
        (date(2026, 11, 29), date(2026, 11, 23)),
    ],
)
def test_a_batch_is_of_a_monday(today: date, day: date) -> None:
    assert batch_day(today) == day


@pytest.mark.parametrize(
    ("count", "seen"), [(0, None), (1, None), (2, None), (3, 3), (4, 3), (5, 3), (6, 6), (1000, 999)]
)
def test_counts_start_at_three_and_are_rounded_down(count: int, seen: int | None) -> None:
    assert shown(count) == seen


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=2, max_size=5), st.data())
def test_the_whole_tenant_says_no_more_than_its_schools(
    schools: list[tuple[int, int]], data: st.DataObject
) -> None:
    changed = data.draw(st.integers(0, len(schools) - 1))
    wanted, households = schools[changed]
    # Any other counts that the school's own map shows alike.
    alike = [
        (w, h)
        for w in range(41)
        for h in range(41)
        if (shown(w), shown(h)) == (shown(wanted), shown(households))
    ]
    others = list(schools)
    others[changed] = data.draw(st.sampled_from(alike))

    def together(counts: list[tuple[int, int]]) -> tuple[int | None, int | None]:
        return shown_together((shown(w), shown(h)) for w, h in counts)

    assert together(others) == together(schools)


def test_a_field_lacks_when_three_want_it_and_fewer_than_six_households_reach_it() -> None:
    assert is_lacking(shown(3), shown(5))
    assert not is_lacking(shown(3), shown(6))
    assert not is_lacking(shown(2), shown(0))
