"""Rosters from the SIS: what they make, what they end, and what they leave alone."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core.jobs import Workshop
from app.features.imports.jobs import run_import
from tests.domain.roster_packages import (
    added,
    bulk_package,
    changed,
    delta_package,
    ended,
    only,
    row_of,
    without,
)
from tests.features.imports.packages import effect, remarks, run, send, shared, stored
from tests.world import World

Owner = psycopg.Connection[Any]

LIVE_ROLES = """
SELECT p.sourced_id, m.role, s.sourced_id FROM memberships m
JOIN people p ON p.id = m.person_id JOIN schools s ON s.id = m.school_id
WHERE m.ended_at IS NULL AND m.source = 'roster' ORDER BY 1, 2, 3
"""
LIVE_LINKS = """
SELECT s.sourced_id, g.sourced_id FROM guardian_links l
JOIN people s ON s.id = l.student_id JOIN people g ON g.id = l.guardian_id
WHERE l.ended_at IS NULL AND l.source = 'roster' ORDER BY 1, 2
"""
LIVE_ADVICE = """
SELECT a.sourced_id, s.sourced_id FROM advisor_links l
JOIN people s ON s.id = l.student_id JOIN people a ON a.id = l.advisor_id
WHERE l.ended_at IS NULL AND l.source = 'roster' ORDER BY 1, 2
"""


def _of(owner: Owner, sql: str, *params: Any) -> list[tuple[Any, ...]]:
    return list(owner.execute(sql.encode(), params))


def _life(owner: Owner, sourced_id: str) -> bool:
    ((ended_at,),) = _of(owner, "SELECT ended_at FROM people WHERE sourced_id = %s", sourced_id)
    return ended_at is None


async def test_a_roster_makes_schools_people_guardians_and_advisors(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await stored(world, workshop, bulk_package())

    assert entry["status"] == "applied", entry
    assert effect(entry, "people")[0] == 25
    assert effect(entry, "schools")[0] == 3
    assert ("gu-01", "guardian", "s-river") in _of(owner, LIVE_ROLES)
    assert ("gu-08", "guardian", "s-river") in _of(owner, LIVE_ROLES), "known only as somebody's agent"
    assert ("st-02", "gu-01") in _of(owner, LIVE_LINKS)
    assert ("sf-02", "st-01") in _of(owner, LIVE_ADVICE)
    assert ("sf-03", "st-01") not in _of(owner, LIVE_ADVICE)


async def test_staff_never_become_coordinators_by_import(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())

    roles = {role for person, role, _ in _of(owner, LIVE_ROLES) if person.startswith("sf-")}
    assert roles == {"advisor"}


async def test_the_same_roster_twice_changes_nothing(world: World, workshop: Workshop, owner: Owner) -> None:
    await stored(world, workshop, bulk_package())
    before = _of(
        owner,
        "SELECT id, version, updated_at FROM people UNION ALL SELECT id, version, updated_at"
        " FROM memberships UNION ALL SELECT id, version, updated_at FROM guardian_links ORDER BY 1",
    )

    again = await stored(world, workshop, bulk_package())

    after = _of(
        owner,
        "SELECT id, version, updated_at FROM people UNION ALL SELECT id, version, updated_at"
        " FROM memberships UNION ALL SELECT id, version, updated_at FROM guardian_links ORDER BY 1",
    )
    assert after == before
    assert all(each["created"] == each["changed"] == each["ended"] == 0 for each in again["effects"])


async def test_a_trial_counts_what_the_real_import_counts_and_stores_nothing(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())
    package = bulk_package(
        users=lambda rows: changed("st-03", givenName="Nina")(without("st-12")(rows)),
        roles=without("ro-st-12-s-north"),
        enrollments=without("en-cl-home-n-st-12"),
    )

    tried = await run(world, workshop, "roster", package)
    lives = _life(owner, "st-12")
    real = await stored(world, workshop, package)

    assert tried["status"] == "tried"
    assert lives
    assert (tried["files"], tried["effects"], tried["people"]) == (
        real["files"],
        real["effects"],
        real["people"],
    )
    assert effect(real, "people") == (0, 1, 23, 1, 13)


async def test_whoever_a_bulk_roster_no_longer_lists_has_ended(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())

    entry = await stored(
        world,
        workshop,
        bulk_package(
            users=without("st-01"),
            roles=without("ro-st-01-s-north"),
            enrollments=without("en-cl-home-n-st-01"),
        ),
    )

    assert entry["people"] == {"active": 38, "ending": 2}, "Luis Reyes has no other child"
    assert not _life(owner, "st-01")
    assert not any("st-01" in row for sql in (LIVE_ROLES, LIVE_LINKS, LIVE_ADVICE) for row in _of(owner, sql))


async def test_whoever_comes_back_is_the_same_person_with_the_same_guardians(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())
    owner.execute(
        "UPDATE guardian_links SET may_sign = false FROM people p WHERE p.id = student_id AND p.sourced_id = 'st-01'"
    )
    gone = without("st-01")
    await stored(
        world,
        workshop,
        bulk_package(
            users=gone, roles=without("ro-st-01-s-north"), enrollments=without("en-cl-home-n-st-01")
        ),
    )

    await stored(world, workshop, bulk_package())

    assert _life(owner, "st-01")
    assert ("st-01", "gu-01") in _of(owner, LIVE_LINKS)
    assert ("st-01", "student", "s-north") in _of(owner, LIVE_ROLES)
    assert _of(
        owner,
        "SELECT DISTINCT may_sign FROM guardian_links l JOIN people p ON p.id = student_id WHERE p.sourced_id = 'st-01'",
    ) == [(False,)], "rights that a coordinator changed stay"


async def test_a_row_that_cannot_be_taken_is_not_an_absent_row(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())

    entry = await stored(world, workshop, bulk_package(users=changed("st-03", email="not an address")))

    users = next(each for each in entry["files"] if each["file"] == "users.csv")
    assert (users["read"], users["taken"], users["rejected"], users["ended"]) == (25, 24, 1, 0)
    assert _life(owner, "st-03")
    assert ("st-03", "student", "s-north") in _of(owner, LIVE_ROLES)


async def test_a_delta_changes_only_what_it_names(world: World, workshop: Workshop, owner: Owner) -> None:
    await stored(world, workshop, bulk_package())
    entry = await stored(
        world,
        workshop,
        delta_package(
            users=[
                {**row_of("users", "st-05"), "familyName": "Zhang-Li"},
                {**row_of("users", "st-10"), "sourcedId": "st-13", "agentSourcedIds": "gu-06"},
                ended("st-11"),
            ],
            roles=[{**row_of("roles", "ro-st-10-s-river"), "sourcedId": "ro-new", "userSourcedId": "st-13"}],
        ),
    )

    assert entry["status"] == "applied", entry
    assert effect(entry, "people") == (1, 1, 0, 1, 0)
    assert not _life(owner, "st-11")
    assert _life(owner, "st-10")
    assert ("st-13", "gu-06") in _of(owner, LIVE_LINKS)
    assert ("gu-06", "guardian", "s-river") in _of(owner, LIVE_ROLES), "a second school through the new child"


async def test_a_delta_that_ends_one_of_two_rows_leaves_the_role(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    twice = {**row_of("roles", "ro-sf-02-s-north"), "sourcedId": "ro-second", "role": "counselor"}
    first = await stored(world, workshop, bulk_package(roles=added(twice)))

    await stored(world, workshop, delta_package(roles=[ended("ro-sf-02-s-north")]))
    still = ("sf-02", "advisor", "s-north") in _of(owner, LIVE_ROLES)
    await stored(world, workshop, delta_package(roles=[ended("ro-second")]))

    roles = next(each for each in first["files"] if each["file"] == "roles.csv")
    assert roles["merged"] == 1
    assert roles["read"] == roles["taken"] + roles["merged"] + roles["rejected"] + roles["ignored"]
    assert still
    assert ("sf-02", "advisor", "s-north") not in _of(owner, LIVE_ROLES)


async def test_what_staff_ended_is_not_brought_back(world: World, workshop: Workshop, owner: Owner) -> None:
    await stored(world, workshop, bulk_package())
    owner.execute(
        "UPDATE guardian_links SET ended_at = now() FROM people p WHERE p.id = guardian_id AND p.sourced_id = 'gu-02'"
    )
    owner.execute(
        "UPDATE memberships SET ended_at = now() FROM people p WHERE p.id = person_id AND p.sourced_id = 'sf-05'"
    )

    entry = await stored(world, workshop, bulk_package())

    assert effect(entry, "guardian_links")[4] == 1
    assert effect(entry, "memberships")[4] == 1
    assert ("st-01", "gu-02") not in _of(owner, LIVE_LINKS)
    assert not any(person == "sf-05" for person, *_ in _of(owner, LIVE_ROLES))


async def test_what_staff_made_is_not_ended(world: World, workshop: Workshop, owner: Owner) -> None:
    entry = await stored(world, workshop, bulk_package())

    assert effect(entry, "people")[4] == 13, "everybody of the town holds a role that staff gave"
    assert _life(owner, "user-clara")
    answer = await world.as_("clara").get("/v1/opportunities")
    assert answer.status_code == 200


async def test_somebody_who_ended_cannot_act_on_the_next_request(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())
    owner.execute(
        "UPDATE login_sessions SET person_id = p.id FROM people p WHERE p.sourced_id = 'st-01' AND login_sessions.id = %s",
        (world.residents["maya"].session_id,),
    )
    before = await world.as_("maya").get("/v1/opportunities")

    await stored(world, workshop, delta_package(users=[ended("st-01")]))

    after = await world.as_("maya").get("/v1/opportunities")
    assert (before.status_code, after.status_code) == (200, 401)


async def test_a_poisoned_roster_is_held_until_somebody_names_how_many_it_ends(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(world, workshop, bulk_package())
    gone = [f"st-{at:02}" for at in range(1, 13)]
    package = bulk_package(
        users=without(*gone),
        roles=lambda rows: [row for row in rows if row["userSourcedId"] not in gone],
        enrollments=lambda rows: [row for row in rows if row["userSourcedId"] not in gone],
        demographics=None,
    )

    held = await stored(world, workshop, package)
    path, ending = f"/v1/imports/{held['id']}/apply", held["people"]["ending"]
    ellis = world.as_("ellis")
    silent = await ellis.post(path, json={}, version=held["version"])
    wrong = await ellis.post(path, json={"accept_ended": ending - 1}, version=held["version"])
    machine = await world.as_("lakeside_sis").post(
        path, json={"accept_ended": ending}, version=held["version"]
    )
    lives = _life(owner, "st-01")
    accepted = await ellis.post(path, json={"accept_ended": ending}, version=held["version"])

    assert held["status"] == "held"
    assert held["fault"]["code"] == "would_end_many"
    assert str(ending) in held["fault"]["sentence"]
    assert ending == 20, "twelve students, and eight guardians who have no other child"
    assert held["allowed_actions"] == ["apply"]
    assert (silent.status_code, wrong.status_code, machine.status_code) == (422, 422, 403)
    assert lives
    assert accepted.status_code == 200, accepted.text


async def test_an_accepted_roster_is_stored(world: World, workshop: Workshop, owner: Owner) -> None:
    await stored(world, workshop, bulk_package())
    held = await stored(
        world, workshop, bulk_package(roles=only("ro-sf-01-s-north"), enrollments=None, classes=None)
    )
    await world.as_("ellis").post(
        f"/v1/imports/{held['id']}/apply",
        json={"accept_ended": held["people"]["ending"]},
        version=held["version"],
    )

    await run_import(workshop, world["lakeside"], UUID(held["id"]))

    assert held["status"] == "held", (
        "a roles.csv that was cut off ends nobody, but leaves most without a place"
    )
    answer = await world.as_("ellis").get(f"/v1/imports/{held['id']}")
    assert answer.json()["status"] == "applied", answer.text
    assert _of(owner, LIVE_ROLES)[-1] == ("sf-01", "advisor", "s-north")


async def test_in_a_school_without_homerooms_every_teacher_advises(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    await stored(
        world,
        workshop,
        bulk_package(
            classes=changed("cl-home-n", classType="scheduled"),
        ),
    )

    pairs = _of(owner, LIVE_ADVICE)
    assert ("sf-02", "st-03") in pairs
    assert ("sf-02", "st-04") in pairs


@pytest.mark.parametrize(
    "name", ["valid-full_bulk_package", "valid-rostering_bulk_package", "valid-rostering_delta_package"]
)
async def test_the_sample_packages_import(world: World, workshop: Workshop, name: str) -> None:
    entry = await stored(world, workshop, shared(f"oneroster_csv/valid/{name}.zip"))

    assert entry["status"] == "applied", entry
    assert effect(entry, "people")[0] == 2
    for each in entry["files"]:
        assert each["read"] == each["taken"] + each["merged"] + each["rejected"] + each["ignored"]
    assert {each["file"] for each in entry["ignored"]} >= {"demographics.csv", "userProfiles.csv"}


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("CSV_quote_failure", "refused", "csv_quote"),
        ("manifest_marks_supplied_file_missing", "refused", "file_missing"),
        ("unknown_ZIP_entry", "refused", "entry_unknown"),
        ("bulk_lifecycle_status_failure", "applied", "lifecycle_not_empty"),
        ("delta_lifecycle_required_failure", "applied", "lifecycle_required"),
        ("duplicate_sourcedId_failure", "applied", "duplicate_sourced_id"),
        ("missing_target_record_failure", "applied", "reference_missing"),
    ],
)
async def test_the_broken_sample_packages_say_what_is_wrong(
    world: World, workshop: Workshop, name: str, status: str, code: str
) -> None:
    entry = await stored(world, workshop, shared(f"oneroster_csv/invalid/invalid-{name}.zip"))

    report = await remarks(world, entry["id"], severity="rejected")
    assert entry["status"] == status, entry
    assert code in {each["code"] for each in report}
    assert entry["report"]["rejected"] == len(report)
    assert (entry["fault"] is not None) == (status == "refused")


async def test_passwords_of_the_sis_are_kept_nowhere_but_in_the_file(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await stored(
        world, workshop, bulk_package(users=changed("st-03", email="nope", password="sw0rdfish"))
    )

    mended = await world.as_("ellis").get(
        f"/v1/imports/{entry['id']}/rejected.csv", params={"file": "users.csv"}
    )
    assert mended.status_code == 200, mended.text
    assert b"st-03" in mended.content
    assert b"sw0rdfish" not in mended.content
    assert _of(owner, "SELECT 1 FROM import_rows WHERE \"values\"::text LIKE '%%sw0rdfish%%'") == []


async def test_a_machine_brings_the_roster_of_its_own_tenant_only(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    entry = await stored(world, workshop, bulk_package(), by="riverton_sis")

    assert entry["status"] == "applied"
    assert _of(owner, "SELECT DISTINCT tenant_id FROM people WHERE sourced_id = 'st-01'") == [
        (world["riverton"],)
    ]
    seen = await world.as_("ellis").get(f"/v1/imports/{entry['id']}")
    assert seen.status_code == 404


async def test_a_coordinator_does_not_import(world: World) -> None:
    answer = await send(world, "roster", bulk_package(), by="clara")

    assert answer.status_code == 403
