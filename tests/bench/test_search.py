"""The catalogue of the bench is as uneven as its docstring says, and its queries are the mix that it names."""

import random
from collections import Counter
from itertools import islice
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

from app.features.catalogue.schemas import CatalogueFilters
from app.features.map_clusters.schemas import MapFilters
from app.features.suggestions.schemas import SuggestionFilters
from bench import listings, search

_SAMPLE = 2_000


def _texts() -> list[set[str]]:
    chance = random.Random(1)  # noqa: S311 - nothing secret
    usual = listings.Titles.make(chance)
    tenant = listings.Tenant(uuid4(), [uuid4()], _SAMPLE, (41.88, -87.63))
    made = (listings._listing(chance, tenant, usual, at, uuid4(), [uuid4()]) for at in range(_SAMPLE))
    return [set(f"{one['title']} {one['description']}".lower().rstrip(".").split()) for one in made]


def test_common_words_are_common_and_rare_ones_rare() -> None:
    texts = _texts()

    def share(words: list[str]) -> float:
        return sum(word in text for word in words for text in texts) / len(words) / len(texts)

    assert 0.1 < share(listings.WORDS_EN[:20]) < 0.6
    assert 0.005 < share(listings.WORDS_EN[30:300]) < 0.05
    assert share(listings.WORDS_EN[3_000:12_000:50]) < 0.001


def test_the_largest_tenant_has_a_tenth_of_all() -> None:
    shares = listings.shares(1_000_000, 20)

    assert shares[0] == 100_000
    assert len(set(shares[1:])) == 1
    assert 990_000 < sum(shares) <= 1_000_000


def test_queries_are_the_mix_that_the_goal_names_and_the_service_takes_them() -> None:
    asked = [
        {name: values[0] for name, values in parse_qs(urlsplit(path).query).items()}
        for path in islice(search.queries(), 1_000)
    ]
    kinds = Counter(len(one["q"].split()) if "q" in one else 0 for one in asked)

    for one in asked:
        CatalogueFilters.model_validate(one)
        assert len(one.keys() - {"q", "facets"}) == 3
    assert 150 < kinds[0] < 250
    assert 350 < kinds[1] < 450
    assert 350 < kinds[2] < 450


def test_what_is_typed_and_looked_at_on_maps_is_taken_too() -> None:
    for path in islice(search.typed(["Kennel job shadow"]), 50):
        SuggestionFilters.model_validate({n: v[0] for n, v in parse_qs(urlsplit(path).query).items()})
    for path in islice(search.windows(), 50):
        MapFilters.model_validate({n: v[0] for n, v in parse_qs(urlsplit(path).query).items()})
