"""What the words of a foreign file are taken for."""

import pytest

from app.domain.clusters import CLUSTERS
from app.domain.listing_file import CLUSTER_ALIASES, read_listings
from app.domain.listing_file.guesses import clusters_of
from app.domain.opportunity_types import OPPORTUNITY_TYPES


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Internship", "internship_unpaid"),
        ("paid internship", "internship_paid"),
        ("internship_paid", "internship_paid"),
        ("Job Shadow", "job_shadow"),
        ("Visita guiada", "worksite_tour"),
        ("Pre-Apprenticeship", "pre_apprenticeship"),
        ("", "service_learning"),
    ],
)
def test_the_type_is_told_from_its_words(said: str, code: str) -> None:
    listing = read_listings(f"title,type,city\nPottery,{said},Springfield\n".encode()).listings[0]

    assert (listing.type, listing.type_guessed) == (code, bool(said))
    assert listing.type in OPPORTUNITY_TYPES


@pytest.mark.parametrize(
    ("category", "clusters"),
    [
        ("Sports + Wellness", ("healthcare_human_services",)),
        ("Coding & Games", ("digital_technology",)),
        ("Information Technology", ("digital_technology",)),
        ("Law, Public Safety, Corrections & Security", ("public_service_safety",)),
        ("Architecture and Design", ("construction", "arts_entertainment_design")),
        ("Diseño", ("arts_entertainment_design",)),
        ("supply_chain_transportation", ("supply_chain_transportation",)),
        ("Numbers", ()),
    ],
)
def test_clusters_are_told_from_the_words_of_a_category(category: str, clusters: tuple[str, ...]) -> None:
    assert clusters_of(category, CLUSTER_ALIASES) == clusters


def test_every_alias_leads_to_a_cluster_that_exists() -> None:
    assert set(CLUSTER_ALIASES.values()) == set(CLUSTERS)


def test_an_unknown_category_is_said_once_for_the_file() -> None:
    file = read_listings(b"title,category\nPottery,Zzz\nWeaving,Zzz\n")

    assert [notice.sentence() for notice in file.notices if notice.code == "cluster_unknown"] == [
        "no career cluster is known for the category «Zzz»"
    ]
