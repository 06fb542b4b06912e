"""The finder keeps its promise on generated records of which it is known who is who; `make bench` does it with 100,000."""

import pytest

from bench.duplicates import (
    HELD_OUT,
    SECOND,
    TUNED,
    Figures,
    Mixture,
    known,
    measure_contacts,
    measure_employers,
)

PRECISION, RECALL = 0.97, 0.90


@pytest.fixture(scope="module", params=[TUNED, SECOND], ids=["tuned", "second"])
def figures(request: pytest.FixtureRequest) -> tuple[Figures, Figures]:
    mixture: Mixture = request.param
    made = known(mixture, employers=3_000, contacts=3_000)
    return measure_employers(made), measure_contacts(made)


def test_employers_that_are_there_twice_are_found_and_few_others(figures: tuple[Figures, Figures]) -> None:
    employers, _ = figures

    assert employers.duplicates > 400
    assert employers.precision >= PRECISION
    assert employers.recall >= RECALL


def test_contacts_that_are_there_twice_are_found_and_few_others(figures: tuple[Figures, Figures]) -> None:
    _, contacts = figures

    assert contacts.duplicates > 400
    assert contacts.precision >= PRECISION
    assert contacts.recall >= RECALL


@pytest.mark.parametrize("mixture", [TUNED, SECOND, HELD_OUT], ids=["tuned", "second", "held_out"])
def test_the_same_seed_makes_the_same_records(mixture: Mixture) -> None:
    assert known(mixture, 200, 200) == known(mixture, 200, 200)
