"""Tiers, bounds, samples and hidden gems."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.catalogue_rank import (
    GEM_EVERY,
    Order,
    Question,
    bound_of,
    facet_sample,
    interleave,
    turn_of,
)
from app.domain.search_document import (
    BUCKETS,
    SHUFFLES,
    Listing,
    cells,
    from_ages,
    lexemes,
    prefix,
    shuffle_of,
    to_ages,
    words_of,
)
from app.domain.search_query import Forms
from app.domain.travel import bounding_box, kilometres

NOW = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_question_is_one_query_of_the_tenants_own_lexemes() -> None:
    question = Question(
        "abcde", ("for:everyone",), (("weld", "sold"),), facets={"type": ("type:job_shadow",)}
    )

    assert (
        question.whole() == "('abcdewweld' | 'abcdewsold') & 'abcde=for:everyone' & 'abcde=type:job_shadow'"
    )


def test_facets_admit_what_one_filter_alone_keeps_out() -> None:
    question = Question("p", ("for:x",), facets={"type": ("t",), "pay": ("y",), "remote": ("r",)})

    assert question.counted() == "'p=for:x' & (('p=t' & 'p=y') | ('p=t' & 'p=r') | ('p=y' & 'p=r'))"


def test_a_sample_is_asked_in_lexemes_of_its_own_or_by_a_filter() -> None:
    question = Question("p", ("for:x",), (("a",),), facets={"type": ("t",), "pay": ("y",)})

    assert question.sampled(1) == question
    assert question.sampled(64).whole() == "'p64/wa' & 'p64/=for:x' & 'p64/=t' & 'p64/=y'"
    assert question.sampled(16).counted() == "'p16/wa' & 'p16/=for:x' & (('p16/=t') | ('p16/=y'))"
    assert question.sampled(4).counted() == "'pwa' & 'p=for:x' & 'p=one_of:4' & (('p=t') | ('p=y'))"
    assert question.sampled(64).tiers()[0].endswith("& 'p64/ta'")


@pytest.mark.parametrize(
    ("drawn", "samples"), [(64, {"64/", "16/"}), (16, {"16/"}), (48, {"16/"}), (4, set()), (1, set())]
)
def test_a_document_that_is_drawn_has_every_lexeme_once_more_for_each_sample(
    drawn: int, samples: set[str]
) -> None:
    listing = Listing(
        id=UUID(int=drawn * SHUFFLES + 7), title="Weld", texts=["Boats"], names=[], type="job_shadow",
        clusters=["construction"], skills=[], tags=[], pay="paid", remote=False, credit=False, step_free=False,
        school_id=None, only_for=None, employer_id=UUID(int=1), owner_id=UUID(int=2), minimum_age=None, maximum_age=None,
        published_on=NOW.date(), place=(41.9, -87.6),
    )  # fmt: skip
    words = words_of(listing)
    stems = {word: Forms((word,), small=False) for word in words}

    found = lexemes("abcde", listing, words, stems)

    plain = {one for one in found if one[5] in "wt="}
    assert {"abcdewboats", "abcdewweld", "abcdetweld", "abcde=pay:paid", f"abcde=owner:{2:032x}"} <= plain
    assert set(found) == plain | {f"abcde{sample}{one[5:]}" for sample in samples for one in plain}
    assert ("abcde=one_of:4" in plain) is (drawn % 4 == 0)


def test_one_filter_alone_is_counted_without_any() -> None:
    assert Question("p", ("for:x",), facets={"type": ("t",)}).counted() == "'p=for:x'"


def test_tiers_divide_the_hits_by_where_the_words_stand() -> None:
    two = Question("p", words=(("a",), ("b",)))

    assert len(two.tiers()) == 3
    assert len(Question("p", words=(("a",),)).tiers()) == 2
    assert Question("p").tiers() == ["'p=all'"]


def test_a_bound_of_the_newest_holds_every_week_up_to_now() -> None:
    eighth = -int((NOW - timedelta(days=10)).timestamp() * 1_000_000)

    bound = bound_of(Order.NEWEST, eighth, None, now=NOW, turn=0)

    assert bound is not None
    assert bound.lexemes == ("week:202646", "week:202647", "week:202648", "week:202649")
    assert bound.number == -int(datetime(2026, 11, 9, tzinfo=UTC).timestamp() * 1_000_000)


@given(st.integers(0, SHUFFLES - 1), st.integers(0, SHUFFLES - 1), st.dates())
def test_a_bound_of_chance_holds_whatever_is_not_behind_it(eighth: int, shuffle: int, day: date) -> None:
    turn = turn_of(day)

    bound = bound_of(Order.CHANCE, eighth, None, now=NOW, turn=turn)

    assert bound is not None
    number = (shuffle - turn) & (SHUFFLES - 1)
    bucket = f"mix:{shuffle * BUCKETS // SHUFFLES}"
    assert (number <= bound.number) == (bucket in bound.lexemes)


def test_the_sample_gets_smaller_as_there_is_more_to_count() -> None:
    assert [facet_sample(number) for number in (0, 15, 16, 62, 63, 500, 501)] == [
        1,
        1,
        4,
        4,
        16,
        16,
        64,
    ]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 60))
def test_mixing_keeps_everything_in_order_and_every_fifth_from_outside(
    ours: int, theirs: int, cut: int
) -> None:
    inside = [("in", number) for number in range(ours)]
    outside = [("out", number) for number in range(theirs)]

    whole = list(interleave(inside, outside, 0))

    assert [one for one, _ in whole if one[0] == "in"] == inside
    assert [one for one, _ in whole if one[0] == "out"] == outside
    assert all(gem == (one[0] == "out") for one, gem in whole)
    both = min(ours // (GEM_EVERY - 1), theirs)
    assert all(whole[number * GEM_EVERY + GEM_EVERY - 1][1] for number in range(both))
    first, rest = whole[:cut], whole[cut:]
    used = sum(gem for _, gem in first)
    assert list(interleave(inside[len(first) - used :], outside[used:], len(first))) == rest


@given(st.floats(-80, 80), st.floats(-180, 180), st.floats(0.1, 30), st.floats(-1, 1), st.floats(-1, 1))
def test_the_cells_of_a_box_hold_every_place_within_its_distance(
    latitude: float, longitude: float, km: float, north: float, east: float
) -> None:
    there = (latitude + north * 0.3, (longitude + east * 0.3 + 180) % 360 - 180)
    asked = cells(bounding_box(latitude, longitude, km))
    near = kilometres(latitude, longitude, *there) <= km

    if near and asked is not None:
        each = 20 if asked[0].startswith("near") else 2
        row, column = int(there[0] * each // 1), (int(there[1] * each // 1) + 180 * each) % (360 * each)
        assert f"{asked[0].split(':')[0]}:{row}:{column}" in asked


def test_ages_find_what_they_have_reached_and_not_passed() -> None:
    assert "from:16" in from_ages(16)
    assert "from:17" not in from_ages(16)
    assert "to:16" in to_ages(16)
    assert "to:15" not in to_ages(16)
    assert "from:12" in from_ages(9) or from_ages(9) == ["from:any"]
    assert to_ages(40)[-1] == "to:22"


def test_a_tenant_and_a_listing_have_their_places_by_their_ids() -> None:
    assert prefix(UUID("00000000-0000-7000-8000-0000000abcde")) == "abcde"
    assert shuffle_of(UUID(int=1025)) == 1
