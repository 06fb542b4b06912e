"""The questionnaire of interests: its statements, its scores, and the clusters they speak for."""

from itertools import pairwise, product

import pytest

from app.domain.clusters import Cluster
from app.domain.errors import Refused
from app.domain.riasec import (
    _READINGS,
    SCALE,
    STATEMENTS,
    Interest,
    clusters_of,
    leans,
    letters,
    score,
    suggestions,
)

TOP = len(SCALE) - 1


def _answers(**by_letter: int) -> dict[str, int]:
    return {statement.code: by_letter.get(statement.interest.value, 0) for statement in STATEMENTS}


def _scores(**by_letter: int) -> dict[Interest, int]:
    return {interest: by_letter.get(interest.value, 0) for interest in Interest}


def test_the_questionnaire_is_short_and_asks_as_often_for_each_type() -> None:
    assert len(STATEMENTS) <= 30
    assert len({statement.code for statement in STATEMENTS}) == len(STATEMENTS)
    assert {
        interest: sum(statement.interest is interest for statement in STATEMENTS) for interest in Interest
    } == dict.fromkeys(Interest, len(STATEMENTS) // 6)


def test_no_type_is_asked_for_twice_in_a_row() -> None:
    assert all(one.interest is not other.interest for one, other in pairwise(STATEMENTS))


def test_every_statement_and_choice_is_said_in_both_languages() -> None:
    said = [*(statement.words for statement in STATEMENTS), *SCALE]

    assert all(words.en and words.es and words.en != words.es for words in said)
    assert len({words.en for words in said}) == len({words.es for words in said}) == len(said)


def test_scores_run_from_nothing_to_a_hundred() -> None:
    found = score(_answers(R=TOP, I=TOP // 2))

    assert found == _scores(R=100, I=50)


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {code: 1 for code in _answers() if code != "r1"},
        {**_answers(), "x9": 1},
        {**{code: 1 for code in _answers() if code != "r1"}, "R1": 1},
    ],
)
def test_a_set_of_answers_is_whole_or_refused(answers: dict[str, int]) -> None:
    with pytest.raises(Refused) as refused:
        score(answers)

    assert refused.value.pointer == "/answers"


@pytest.mark.parametrize("level", range(len(SCALE)))
def test_the_same_answer_everywhere_suggests_nothing(level: int) -> None:
    found = score({statement.code: level for statement in STATEMENTS})

    assert not leans(found)
    assert letters(found) == ()
    assert suggestions(found) == ()


def test_the_three_strongest_are_named_in_their_order() -> None:
    assert letters(_scores(S=90, A=70, I=50, R=10)) == (
        Interest.SOCIAL, Interest.ARTISTIC, Interest.INVESTIGATIVE,
    )  # fmt: skip


@pytest.mark.parametrize("cluster", Cluster)
def test_for_every_cluster_there_are_interests_that_put_it_first(cluster: Cluster) -> None:
    first, second, third = _READINGS[cluster]

    assert clusters_of({**_scores(), first: 100, second: 66, third: 33})[0] is cluster


def test_whatever_somebody_answers_at_most_five_clusters_are_suggested_and_each_has_a_reason() -> None:
    for levels in product((0, 25, 50, 75, 100), repeat=6):
        scores = dict(zip(Interest, levels, strict=True))

        found = suggestions(scores)

        assert len(found) == (5 if leans(scores) else 0)
        assert len({each.cluster for each in found}) == len(found)
        assert [each.fit for each in found] == sorted((each.fit for each in found), reverse=True)
        assert all(0 <= each.fit <= 100 for each in found)
        assert all(set(each.because) <= set(letters(scores)) for each in found)


def test_every_cluster_is_read_in_a_way_of_its_own() -> None:
    assert _READINGS.keys() == set(Cluster)
    assert len(set(_READINGS.values())) == len(Cluster)
    assert all(len(set(reading)) == 3 for reading in _READINGS.values())
