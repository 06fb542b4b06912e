"""The fold of the ledger: deterministic, and the rules it is documented to keep."""

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import new_id
from app.domain.tie import (
    FADES_AFTER,
    FAINTEST,
    REVEALED_BY,
    STARTING,
    STRONGEST,
    Entry,
    TieEntryKind,
    TieEvidence,
    TieOrigin,
    counts_again,
    described,
    fold,
)

K, E = TieEntryKind, TieEvidence
DAY = datetime(2026, 9, 1, 8, tzinfo=UTC)


def entries(*kinds: TieEntryKind, origin: TieOrigin = TieOrigin.PLACEMENT, apart: int = 1) -> list[Entry]:
    """A history of these kinds, so many days apart."""
    return [
        Entry(number + 1, kind, origin, DAY + timedelta(days=number * apart), E.PLACEMENT)
        for number, kind in enumerate(kinds)
    ]


histories = st.builds(
    lambda first, rest: [
        Entry(seq, kind, origin, DAY + timedelta(hours=hours), evidence)
        for seq, (kind, origin, hours, evidence) in enumerate([(K.FORMED, *first), *rest], start=1)
    ],
    st.tuples(st.sampled_from(TieOrigin), st.integers(-20_000, 20_000), st.sampled_from(E)),
    st.lists(
        st.tuples(
            st.sampled_from(K), st.sampled_from(TieOrigin), st.integers(-20_000, 20_000), st.sampled_from(E)
        ),
        max_size=20,
    ),
)


@given(histories, st.randoms())
def test_the_fold_does_not_depend_on_the_order_in_which_entries_are_read(
    history: list[Entry], random: Random
) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)

    assert fold(shuffled) == fold(history)


@given(histories)
def test_every_history_folds_within_bounds(history: list[Entry]) -> None:
    tie = fold(history)

    assert 0 <= tie.strength <= STRONGEST
    assert (tie.strength == 0) == (tie.ended_on is not None)
    assert tie.formed_on <= tie.last_confirmed_on
    assert tie.origin is history[0].origin
    assert tie.uses == sum(entry.kind is K.USED for entry in history)
    assert tie.evidence == tuple(sorted({entry.evidence for entry in history}))
    assert (tie.fades_on is None) == (tie.strength <= FAINTEST)


@given(histories, st.data())
def test_entries_with_one_number_fold_alike_in_either_order(
    history: list[Entry], data: st.DataObject
) -> None:
    twins = [entry._replace(seq=2) if entry.seq > 1 else entry for entry in history]
    shuffled = data.draw(st.permutations(twins))

    assert fold(shuffled) == fold(twins)


@pytest.mark.parametrize(
    ("kinds", "strength"),
    [
        ((K.FORMED,), 40),
        ((K.FORMED, K.STRENGTHENED), 65),
        ((K.FORMED, K.USED, K.USED), 50),
        ((K.FORMED, *[K.STRENGTHENED] * 5), 100),
        ((K.FORMED, K.STRENGTHENED, K.CONFIRMED), 65),
        ((K.FORMED, K.FADED), 20),
        ((K.FORMED, K.FADED, K.CONFIRMED), 40),
        ((K.FORMED, *[K.FADED] * 9), FAINTEST),
        ((K.FORMED, K.STRENGTHENED, K.ENDED), 0),
        ((K.FORMED, K.ENDED, K.USED), 0),
        ((K.FORMED, K.ENDED, K.FORMED), 40),
        ((K.FORMED, K.STRENGTHENED, K.FORMED), 65),
    ],
)
def test_strength_follows_its_rules(kinds: tuple[TieEntryKind, ...], strength: int) -> None:
    assert fold(entries(*kinds)).strength == strength


@pytest.mark.parametrize("origin", TieOrigin)
def test_every_origin_has_its_beginning_and_a_description(origin: TieOrigin) -> None:
    assert fold(entries(K.FORMED, origin=origin)).strength == STARTING[origin]
    for language in ("en", "es"):
        assert described(origin, language, to_student=True)
        assert described(origin, language, to_student=False)


def test_a_tie_fades_a_year_after_it_was_last_touched() -> None:
    tie = fold(entries(K.FORMED, K.USED, K.FADED, apart=100))

    assert tie.last_confirmed_on == date(2026, 12, 10)
    assert tie.fades_on == date(2027, 3, 20) + FADES_AFTER


def test_the_faintest_tie_and_an_ended_one_fade_no_more() -> None:
    assert fold(entries(K.FORMED, *[K.FADED] * 9)).fades_on is None
    ended = fold(entries(K.FORMED, K.ENDED, K.ENDED))
    assert (ended.ended_on, ended.fades_on) == (date(2026, 9, 2), None)


def test_an_event_that_is_heard_of_late_does_not_let_a_tie_fade_sooner() -> None:
    met, earlier = entries(K.FORMED, K.USED)

    tie = fold([met, earlier._replace(at=DAY - timedelta(days=200))])

    assert tie.fades_on == DAY.date() + FADES_AFTER


def test_formed_again_a_tie_keeps_its_first_origin_and_the_better_beginning() -> None:
    advisor = Entry(1, K.FORMED, TieOrigin.STAFF, DAY, E.ADVISOR_LINK)
    worked = Entry(2, K.FORMED, TieOrigin.PLACEMENT, DAY - timedelta(days=3), E.PLACEMENT)

    tie = fold([advisor, worked])

    assert (tie.origin, tie.strength, tie.formed_on) == (
        TieOrigin.STAFF,
        STARTING[TieOrigin.PLACEMENT],
        date(2026, 8, 29),
    )
    assert tie.evidence == (E.ADVISOR_LINK, E.PLACEMENT)


def test_a_history_that_does_not_begin_is_a_fault() -> None:
    with pytest.raises(ValueError, match="formed"):
        fold(entries(K.USED))


def test_one_subject_counts_once_until_the_tie_ends() -> None:
    placement, link = new_id(), new_id()
    history = [(K.FORMED, placement), (K.STRENGTHENED, placement)]

    assert not counts_again(history, K.FORMED, placement)
    assert not counts_again(history, K.STRENGTHENED, placement)
    assert counts_again(history, K.USED, placement)
    assert not counts_again([*history, (K.USED, placement)], K.USED, placement)
    assert counts_again(history, K.FORMED, link)
    assert counts_again([*history, (K.ENDED, None)], K.FORMED, placement)
    assert not counts_again([*history, (K.ENDED, None)], K.ENDED, None)
    assert not counts_again([], K.USED, placement)


def test_a_name_is_known_from_work_a_session_an_introduction_or_school_only() -> None:
    assert REVEALED_BY.isdisjoint([E.CONNECTION, E.PURSUIT, E.TIME, E.CONTACT])
    assert {E.ADVISOR_LINK, E.PLACEMENT, E.INTRODUCTION, E.SESSION} == REVEALED_BY
