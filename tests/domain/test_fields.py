"""The vocabulary of fields: occupations, clusters, and what titles, industries and names show of them."""

import csv
import os
from pathlib import Path

import pytest

from app.domain.clusters import Cluster
from app.domain.fields import FIELDS, cluster_of, field_name, fields_of, fields_of_naics
from app.domain.occupations import OCCUPATIONS, OccupationCode

SHARED = Path(os.environ.get("KITHWORK_SHARED_DATA", Path(__file__).parents[2] / "../shared/data"))


def test_the_vocabulary_is_the_clusters_and_the_occupations_under_different_codes() -> None:
    assert {cluster.value for cluster in Cluster} | {code.value for code in OccupationCode} == FIELDS
    assert len(FIELDS) == len(Cluster) + len(OccupationCode)
    assert set(OCCUPATIONS) == {code.value for code in OccupationCode}


def test_every_field_has_a_name_in_both_languages_and_a_cluster() -> None:
    for field in FIELDS:
        names = field_name(field)
        assert names.en
        assert names.es
        assert isinstance(cluster_of(field), Cluster)
    assert {cluster_of(code) for code in OCCUPATIONS} == set(Cluster)


def test_every_soc_code_is_a_detailed_occupation_of_2018() -> None:
    path = SHARED / "soc_2018.csv"
    if not path.exists():
        pytest.skip("the shared data are not here: SOC 2018 cannot be compared")
    with path.open(encoding="utf-8") as file:
        detailed = {row["code"] for row in csv.DictReader(file) if row["level"] == "detailed"}

    assert {row.soc for row in OCCUPATIONS.values()} - detailed == set()


def test_every_industry_of_2022_has_a_cluster() -> None:
    path = SHARED / "naics_2022.csv"
    if not path.exists():
        pytest.skip("the shared data are not here: NAICS 2022 cannot be compared")
    with path.open(encoding="utf-8") as file:
        codes = [row["code"] for row in csv.DictReader(file) if row["code"].isdigit()]

    assert [code for code in codes if not fields_of_naics(code)] == []


@pytest.mark.parametrize(
    ("title", "occupation"),
    [
        ("Registered Nurse", "nurse"),
        ("enfermeras", "nurse"),
        ("Enfermero titulado", "nurse"),
        ("Médico veterinario", "veterinarian"),
        ("VETERINARIA", "veterinarian"),
        ("Doctor of Veterinary Medicine", "veterinarian"),
        ("Veterinary Technician", "veterinary_technician"),
        ("senior software engineer", "software_developer"),
        ("Programadora", "software_developer"),
        ("Soldador/a", "welder"),
        ("Head Chef", "chef"),
        ("cocineras", "chef"),
        ("Profesora de química", "teacher"),
        ("Teacher's aide", "teacher"),
        ("Teacher’s aide", "teacher"),  # noqa: RUF001 - the apostrophe phones write
        ("Apprentice electrician", "electrician"),
        ("Diseñadora gráfica", "graphic_designer"),
        ("Police Officers", "police_officer"),
        ("Directora de recursos humanos", "human_resources_specialist"),
    ],
)
def test_a_job_title_shows_its_occupation(title: str, occupation: str) -> None:
    assert occupation in fields_of(job_title=title)


def test_the_longest_phrase_of_a_title_wins() -> None:
    assert fields_of(job_title="Veterinary technician") == [
        "healthcare_human_services",
        "veterinary_technician",
    ]
    assert "construction_manager" in fields_of(job_title="maestro de obras")
    assert "teacher" not in fields_of(job_title="maestro de obras")


@pytest.mark.parametrize("title", ["", "Night shift", "nursery", "chefs' table", "scarecrow"])
def test_words_that_only_look_alike_show_nothing_else(title: str) -> None:
    assert {"nurse", "auto_mechanic", "landscaper"}.isdisjoint(fields_of(job_title=title))


def test_an_occupation_brings_its_cluster() -> None:
    assert fields_of(fields=["chef"]) == ["chef", "hospitality_events_tourism"]


def test_an_employer_shows_by_its_name_and_by_its_industry() -> None:
    assert "veterinarian" in fields_of(employer_name="Lakeside Veterinary Clinic")
    assert "veterinarian" in fields_of(naics="541940")
    assert "baker" in fields_of(employer_name="Panadería La Espiga")
    assert fields_of(naics="5419") == ["management_entrepreneurship"]
    assert fields_of(naics="99") == []


def test_codes_outside_the_vocabulary_are_left_out() -> None:
    assert fields_of(fields=["dragon_tamer", "education"]) == ["education"]


def test_no_phrase_stands_for_two_occupations() -> None:
    for column in ("words", "places"):
        phrases = [phrase for row in OCCUPATIONS.values() for phrase in getattr(row, column)]
        assert sorted(set(phrases)) == sorted(phrases)
