"""Showing a network map to one adult, over HTTP, and everything that must not be seen otherwise."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.domain.policy import POLICY, PRIVATE_NOUNS, Role, Scope
from app.features.network_map import jobs
from tests.draining import Drain
from tests.network import holding, workshop
from tests.world import World

MAP = "/v1/network_map"
SHARES = f"{MAP}/shares"
# What is on the map, in words that stand nowhere else.
SECRETS = ("zenobia", "quinces", "zephyr")
ADULTS = {"leo": {"guardian": "rosa", "advisor": "ada", "coordinator": "clara"}}


async def fill(world: World, student: str = "leo") -> dict[str, str]:
    """Put somebody and a goal on a student's map; returns their ids."""
    who = world.as_(student)
    goal = await who.post("/v1/goals", json={"title": "Zephyr dreams", "field": "nurse"})
    entry = await who.post(
        f"{MAP}/entries",
        json={
            "label": "Zenobia",
            "domain": "family",
            "closeness": 3,
            "frequency": 4,
            "goal_ids": [goal.json()["id"]],
            "next_step": "Bring quinces",
            "next_step_due_on": str(clock.now().date() + timedelta(days=1)),
        },
    )
    assert entry.status_code == 201, entry.text
    return {"goal": goal.json()["id"], "entry": entry.json()["id"]}


async def share(world: World, adult: str, student: str = "leo") -> dict[str, Any]:
    """Show a student's map to an adult."""
    answer = await world.as_(student).post(SHARES, json={"adult_id": str(world[adult])})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def _sees(world: World, adult: str, ids: dict[str, str], student: str = "leo") -> dict[str, int]:
    who, of = world.as_(adult), f"/v1/students/{world[student]}/network_map"
    paths = (
        of,
        f"{of}/picture",
        f"{of}/table",
        f"{MAP}/entries/{ids['entry']}",
        f"/v1/goals/{ids['goal']}",
        f"/v1/goals/{ids['goal']}/helpers",
    )
    return {path: (await who.get(path)).status_code for path in paths}


async def test_a_student_sees_to_whom_the_map_could_be_shown(world: World) -> None:
    found = (await world.as_("leo").get(f"{MAP}/adults")).json()["items"]

    assert {(row["person_id"], *row["roles"]) for row in found} == {
        (str(world["rosa"]), "guardian"),
        (str(world["ada"]), "advisor"),
        (str(world["clara"]), "coordinator"),
    }
    assert "Rosa Rosason" in {row["name"] for row in found}


@pytest.mark.parametrize("adult", ["rosa", "ada", "clara"])
async def test_the_one_adult_reads_the_map_until_it_is_taken_back(
    adult: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    ids = await fill(world)
    before = await _sees(world, adult, ids)

    made = await share(world, adult)

    during = await _sees(world, adult, ids)
    shown = (await world.as_(adult).get(f"/v1/students/{world['leo']}/network_map")).json()
    drawn = (await world.as_(adult).get(f"/v1/students/{world['leo']}/network_map/picture")).text
    others = [await _sees(world, name, ids) for name in ("rosa", "ada", "clara") if name != adult]
    listed = (await world.as_(adult).get(SHARES)).json()["items"]
    goals = (await world.as_(adult).get("/v1/goals")).json()["items"]
    changed = await world.as_(adult).patch(f"{MAP}/entries/{ids['entry']}", json={"closeness": 1}, version=1)
    revoked = await world.as_("leo").post(f"{SHARES}/{made['id']}/revoke", version=1)
    after = await _sees(world, adult, ids)
    assert set(before.values()) == {404}
    assert set(during.values()) == {200}
    assert [entry["label"] for entry in shown["entries"]] == ["Zenobia"]
    assert ">A network map</title>" in drawn
    assert shown["entries"][0]["allowed_actions"] == []
    assert {status for seen in others for status in seen.values()} == {404}
    assert [(row["id"], row["student_name"], row["allowed_actions"]) for row in listed] == [
        (made["id"], "Leo Leoson", [])
    ]
    assert [goal["id"] for goal in goals] == [ids["goal"]]
    assert changed.status_code == 403
    assert revoked.status_code == 200, revoked.text
    assert revoked.json()["revoked_at"] is not None
    assert set(after.values()) == {404}
    assert (await world.as_(adult).get(SHARES)).json()["items"] == []
    assert (await world.as_(adult).get(f"{SHARES}/{made['id']}")).status_code == 404
    assert (await world.as_("leo").get(SHARES)).json()["items"] == [revoked.json()]
    actions = owner.execute(
        "SELECT action, person_id, school_id, facts FROM events WHERE subject_id = %s ORDER BY subject_seq",
        [made["id"]],
    )
    assert actions.fetchall() == [
        ("map_share.create", world["leo"], None, {}),
        ("map_share.revoke", world["leo"], None, {}),
    ]


@pytest.mark.parametrize("adult", ["omar", "ben", "dario", "maya", "ellis", "olga", "sam", "gus", "leo"])
async def test_a_map_is_shown_to_an_adult_of_ones_own_only(adult: str, world: World) -> None:
    answer = await world.as_("leo").post(SHARES, json={"adult_id": str(world[adult])})

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "not_your_adult"


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE memberships SET begins_on = current_date + 3 WHERE role = 'coordinator'",
        "UPDATE memberships SET ends_on = current_date - 3 WHERE role = 'coordinator'",
        "UPDATE memberships SET ended_at = now() WHERE role = 'coordinator'",
        "UPDATE people SET enabled = false WHERE given_name = 'Clara'",
        "UPDATE people SET ended_at = now() WHERE given_name = 'Clara'",
    ],
)
async def test_a_map_is_not_shown_to_whoever_does_not_work_there_now(
    change: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(change.encode())

    found = (await world.as_("leo").get(f"{MAP}/adults")).json()["items"]
    answer = await world.as_("leo").post(SHARES, json={"adult_id": str(world["clara"])})

    assert {row["person_id"] for row in found} == {str(world["rosa"]), str(world["ada"])}
    assert answer.json()["errors"][0]["code"] == "not_your_adult"


async def test_the_list_of_shares_tells_those_that_hold_from_those_taken_back(world: World) -> None:
    first = await share(world, "ada")
    await world.as_("leo").post(f"{SHARES}/{first['id']}/revoke", version=1)
    second = await share(world, "rosa")

    listed = {
        live: [row["id"] for row in (await world.as_("leo").get(SHARES, params=params)).json()["items"]]
        for live, params in (("all", {}), ("yes", {"live": "true"}), ("no", {"live": "false"}))
    }

    assert listed == {"all": [second["id"], first["id"]], "yes": [second["id"]], "no": [first["id"]]}


async def test_one_adult_at_a_time_also_when_asked_at_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    answers = await asyncio.gather(
        *(
            world.as_("leo").post(SHARES, json={"adult_id": str(world[adult])})
            for adult in ("rosa", "ada", "clara", "rosa", "ada")
        )
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    assert {a.json()["code"] for a in answers if a.status_code == 409} == {"shared_already"}
    assert owner.execute("SELECT count(*) FROM map_shares").fetchone() == (1,)
    (made,) = (answer.json() for answer in answers if answer.status_code == 201)
    await world.as_("leo").post(f"{SHARES}/{made['id']}/revoke", version=1)
    assert (await share(world, "clara"))["adult_id"] == str(world["clara"])


async def test_a_share_is_taken_back_once_and_by_its_student(world: World) -> None:
    made = await share(world, "ada")
    path = f"{SHARES}/{made['id']}/revoke"

    by_adult = await world.as_("ada").post(path, version=1)
    by_others = [(await world.as_(name).post(path, version=1)).status_code for name in ("maya", "ria")]
    stale = await world.as_("leo").post(path, version=7)
    done = await world.as_("leo").post(path, version=1)
    again = await world.as_("leo").post(path, version=2)

    assert by_adult.status_code == 403
    assert by_others == [404, 404]
    assert (stale.status_code, done.status_code) == (412, 200)
    assert (again.status_code, again.json()["code"]) == (409, "revoked_before")


@pytest.mark.parametrize(
    ("adult", "change"),
    [
        ("rosa", "UPDATE guardian_links SET may_see = false"),
        ("rosa", "UPDATE guardian_links SET no_contact = true"),
        ("rosa", "UPDATE guardian_links SET ended_at = now()"),
        ("rosa", "UPDATE guardian_links SET until_on = current_date - 2"),
        ("ada", "UPDATE advisor_links SET ended_at = now()"),
        ("clara", "UPDATE memberships m SET school_id = s.id FROM schools s WHERE s.tenant_id = m.tenant_id AND s.name = 'South School' AND m.role = 'coordinator'"),
        ("ada", "UPDATE memberships SET ended_at = now() WHERE role = 'student'"),
        ("rosa", "UPDATE people SET ended_at = now() WHERE given_name = 'Leo'"),
        ("clara", "UPDATE people SET enabled = false WHERE given_name = 'Leo'"),
    ],
)  # fmt: skip
async def test_a_share_ends_with_what_the_adult_is_to_the_student_and_when_the_student_leaves(
    adult: str, change: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    ids = await fill(world)
    await share(world, adult)
    before = await _sees(world, adult, ids)
    near = {row["person_id"] for row in (await world.as_("leo").get(f"{MAP}/adults")).json()["items"]}

    owner.execute(change.encode())

    if "role = 'student'" not in change and "'Leo'" not in change:
        adults = (await world.as_("leo").get(f"{MAP}/adults")).json()["items"]
        assert near - {row["person_id"] for row in adults} == {str(world[adult])}
    assert set(before.values()) == {200}
    assert set((await _sees(world, adult, ids)).values()) == {404}
    assert (await world.as_(adult).get(SHARES)).json()["items"] == []
    assert owner.execute("SELECT label FROM map_entries").fetchall() == [("Zenobia",)]


async def test_the_adult_is_told_in_the_service_and_nobody_is_told_of_the_end(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    made = await share(world, "ada")
    await drain()
    await world.as_("leo").post(f"{SHARES}/{made['id']}/revoke", version=1)
    await drain()

    told = owner.execute("SELECT person_id, kind, subject_id::text FROM notifications").fetchall()
    (note,) = (await world.as_("ada").get("/v1/notifications")).json()["items"]

    assert told == [(world["ada"], "map_shared_with_you", made["id"])]
    assert "Leo" not in note["text"]
    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (0,)


async def test_a_share_taken_back_before_anybody_was_told_is_not_told(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    made = await share(world, "ada")
    await world.as_("leo").post(f"{SHARES}/{made['id']}/revoke", version=1)

    await drain()

    assert owner.execute("SELECT count(*) FROM notifications").fetchone() == (0,)


_EVERYBODY = (
    "maya", "ines", "rosa", "omar", "petra", "sam", "ada", "ben", "clara", "dario", "ellis", "olga", "lakeside_sis",
    "ria", "gus", "art", "cora", "dora", "otto", "sid", "riverton_sis",
)  # fmt: skip


def _lists(world: World) -> list[str]:
    """Return every GET operation without an id in its path."""
    paths = world.app.openapi()["paths"]
    return sorted(path for path, item in paths.items() if "get" in item and "{" not in path)


async def test_nobody_but_the_student_finds_a_word_of_the_map_or_that_it_moves(
    world: World, drain: Drain, owner: psycopg.Connection[Any], capfd: pytest.CaptureFixture[str]
) -> None:
    ids = await fill(world)
    made = await share(world, "clara")
    leo = world.as_("leo")
    await leo.post(f"{SHARES}/{made['id']}/revoke", version=1)
    await leo.patch(f"{MAP}/entries/{ids['entry']}", json={"closeness": 2}, version=1)
    await leo.post(f"/v1/goals/{ids['goal']}/reach", version=1)
    await jobs.sweep(workshop(world), world["lakeside"], clock.now() + timedelta(days=3))
    await drain()
    traces = (*SECRETS, ids["entry"], ids["goal"], "map_entry", "map_share.", "goal.")

    leaks = []
    for name in _EVERYBODY:
        who = world.as_(name)
        for path in _lists(world):
            answer = await who.get(path)
            # The notification of the share is the adult's own, and codes and the contract name nouns, not maps.
            if path == "/v1/codes" or not answer.headers["content-type"].startswith("application/json"):
                assert not any(secret in answer.text.lower() for secret in SECRETS), (name, path)
                continue
            body = answer.text.lower()
            leaks += [(name, path, trace) for trace in traces if f'"{trace}' in body or trace in body]
        for status in (await _sees(world, name, ids)).values():
            if status not in {403, 404}:
                leaks.append((name, "direct", str(status)))

    assert leaks == []
    assert set(holding(owner, *SECRETS)) == {"goals", "map_entries", "stored_answers"}
    said = "".join(capfd.readouterr()).lower()
    assert '"route":"/v1/network_map"' in said
    assert not any(secret in said for secret in SECRETS)
    files = [path for path in workshop(world).settings.kithwork_home.rglob("*.eml") if path.is_file()]
    assert not any(secret in path.read_text().lower() for path in files for secret in SECRETS)


async def test_events_of_a_map_are_the_students_own_for_every_role_and_scope(world: World) -> None:
    await fill(world)
    await share(world, "ada")
    nouns = ("goal", "map_entry", "map_share", "network_map")

    mine = (await world.as_("leo").get("/v1/events", params={"limit": 100})).json()["items"]
    others = {
        name: [
            len((await world.as_(name).get("/v1/events", params={"subject_type": noun})).json()["items"])
            for noun in nouns
        ]
        for name in ("rosa", "ada", "clara", "ellis", "lakeside_sis", "maya", "cora")
    }

    assert {event["subject_type"] for event in mine} == {"goal", "map_entry", "map_share"}
    assert {count for counts in others.values() for count in counts} == {0}
    facts = json.dumps([(event["facts"], event["changed"], event["reason"]) for event in mine])
    assert not any(secret in facts.lower() for secret in SECRETS)


async def test_a_stored_answer_is_replayed_to_the_student_alone(world: World) -> None:
    key = {"Idempotency-Key": "the same key for all"}
    body = {"label": "Zenobia", "domain": "family", "closeness": 3, "frequency": 4}
    await world.as_("leo").post(f"{MAP}/entries", json=body, headers=key)

    by_guardian = await world.as_("rosa").post(f"{MAP}/entries", json=body, headers=key)
    by_student = await world.as_("maya").post(f"{MAP}/entries", json=body, headers=key)

    assert by_guardian.status_code == 403
    assert by_student.status_code == 201
    assert by_student.json()["student_id"] == str(world["maya"])


def test_what_is_shared_by_its_student_alone_is_private_in_the_policy_too() -> None:
    for action, cells in POLICY.items():
        noun = action.split(".")[0]
        reach = frozenset().union(*cells.values())
        if noun in {"goal", "map_entry", "map_share", "network_map"}:
            assert noun in PRIVATE_NOUNS, action
            assert reach <= {Scope.OWN, Scope.SHARED}, action
            assert cells[Role.STUDENT] == {Scope.OWN}, action
        else:
            assert Scope.SHARED not in reach, action
