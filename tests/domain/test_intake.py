"""The life of an import, and what its figures and sentences say."""

import pytest

from app.domain.import_report import Severity, listing_remarks, roster_remarks, sentence
from app.domain.intake import TRANSITIONS, ImportKind, ImportStatus, looks_poisoned, percent
from app.domain.listing_file import read_listings
from app.domain.listing_plan import content_hash, employer_key, plan_listings
from app.domain.oneroster import Fault
from app.domain.policy import POLICY, SYSTEM_ACTIONS


def test_every_action_on_an_import_has_somebody_who_may_do_it() -> None:
    for _, action in TRANSITIONS:
        assert f"import.{action.value}" in POLICY.keys() | SYSTEM_ACTIONS


def test_every_state_of_an_import_can_be_reached() -> None:
    assert {*TRANSITIONS.values(), ImportStatus.QUEUED} == set(ImportStatus)


@pytest.mark.parametrize(
    ("active", "ending", "poisoned"),
    [(1000, 200, False), (1000, 201, True), (20, 9, False), (20, 10, True), (0, 0, False)],
)
def test_a_roster_that_ends_a_fifth_of_the_people_is_held(active: int, ending: int, poisoned: bool) -> None:
    assert looks_poisoned(active, ending) is poisoned


def test_progress_reaches_the_end_only_when_it_is_over() -> None:
    running = ImportStatus.RUNNING

    steps = [percent(running, *step) for step in ((0, None), (0, 100), (50, 100), (100, 100), (0, 0))]

    assert steps == [5, 10, 55, 99, 99]
    assert percent(ImportStatus.QUEUED, 0, None) == 0
    assert percent(ImportStatus.REFUSED, 0, None) == 100


def test_a_remark_says_the_same_after_it_was_stored_and_less_after_it_was_erased() -> None:
    fault = Fault("users.csv", 4, "email", "bad_email", "nope")
    (remark,) = roster_remarks([fault], Severity.REJECTED)
    row = {name: getattr(remark, name) for name in ("file", "line", "column", "code", "severity", "values")}

    assert sentence(ImportKind.ROSTER, row, "es") == fault.sentence_in("es")
    assert "nope" not in sentence(ImportKind.ROSTER, row | {"values": {}}, "en")


def test_every_remark_of_a_listing_file_can_be_said_after_erasure() -> None:
    file = read_listings("title,age,lat,lon,email\nCafé,200,,,\nB,12,999,1,x@y.example\n,1,,,\n".encode())

    for remark in listing_remarks(file):
        row = {name: getattr(remark, name) for name in ("file", "line", "column", "code", "severity")}
        assert sentence(ImportKind.OPPORTUNITIES, row | {"values": remark.values}, "en")
        assert sentence(ImportKind.OPPORTUNITIES, row | {"values": {}}, "es")


def test_one_organisation_is_one_employer_however_it_is_written() -> None:
    assert employer_key("The Field Museum ") == employer_key("the field-museum")
    assert employer_key("博物館") != employer_key("図書館")


def test_a_listing_says_where_it_can_be_read_about_and_how_many_it_takes() -> None:
    file = read_listings(
        b"title,organisation,url,city\nRobots,Makers,https://makers.example/robots,Lakeside\n"
    )

    plan = plan_listings(file.listings, "en")

    (planned,) = plan.opportunities.values()
    assert planned.columns["description"] == "https://makers.example/robots"
    assert planned.columns["seats"] == 10
    assert planned.place in plan.places
    assert content_hash(planned.columns) != content_hash({**planned.columns, "seats": 11})
