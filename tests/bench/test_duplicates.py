"""The finder keeps its promise on generated records of which it is known who is who; `make bench` does it with 100,000."""

from collections import Counter, defaultdict
from uuid import UUID

import pytest

from app.domain.duplicates import ContactRecord, against, contact_keys, contact_traits
from app.domain.duplicates.lives import DuplicateKind
from app.features.match_keys.queries import CANDIDATES, PER_KEY
from bench.duplicates import Figures, known, measure_contacts, measure_employers
from bench.known.mixtures import HELD_OUT, SECOND, TUNED, Mixture

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


@pytest.mark.parametrize("mixture", [TUNED, SECOND], ids=["tuned", "second"])
def test_contacts_are_found_as_well_when_each_is_compared_as_it_arrives(mixture: Mixture) -> None:
    made = known(mixture, 50, 3_000)
    keyed: defaultdict[str, list[ContactRecord]] = defaultdict(list)
    found: set[tuple[UUID, UUID]] = set()
    for record in made.contacts:
        keys = contact_keys(contact_traits(record))
        shared = Counter(other for key in keys for other in keyed[key][-PER_KEY:])
        alike = [other for other, _ in shared.most_common(CANDIDATES)]
        found |= {(pair.left, pair.right) for pair in against(DuplicateKind.CONTACT, record, alike)}
        for key in keys:
            keyed[key].append(record)

    right = sum(made.of[left] == made.of[right] for left, right in found)
    there = Counter(made.of[record.id] for record in made.contacts)
    assert right / len(found) >= PRECISION
    assert right / sum(number * (number - 1) // 2 for number in there.values()) >= RECALL
