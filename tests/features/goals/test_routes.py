"""Goals over HTTP, and who could help with them."""

import asyncio
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from app.domain.goal import MOST_GOALS
from tests.network import holding
from tests.world import World

GOALS = "/v1/goals"


async def goal(world: World, student: str = "maya", **changes: Any) -> dict[str, Any]:
    """Set a student a goal."""
    answer = await world.as_(student).post(
        GOALS, json={"title": "See a surgery", "field": "nurse", **changes}
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def knows(world: World, **facts: Any) -> dict[str, Any]:
    """Put somebody on Maya's map."""
    body = {"label": "Bea", "domain": "family", "closeness": 3, "frequency": 4, **facts}
    answer = await world.as_("maya").post("/v1/network_map/entries", json=body)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def test_a_student_sets_a_goal_and_reads_it_back(world: World, owner: psycopg.Connection[Any]) -> None:
    made = await goal(world, due_on="2027-06-01")

    read = await world.as_("maya").get(f"{GOALS}/{made['id']}")
    listed = (await world.as_("maya").get(GOALS)).json()["items"]

    assert read.json() == made
    assert listed == [made]
    assert (made["status"], made["field"], made["due_on"]) == ("open", "nurse", "2027-06-01")
    assert made["allowed_actions"] == ["delete", "drop", "reach", "update"]
    events = owner.execute(
        "SELECT action, person_id, school_id, facts FROM events WHERE subject_id = %s", [made["id"]]
    )
    assert events.fetchall() == [("goal.create", world["maya"], None, {})]


async def test_a_goal_is_reached_dropped_and_taken_up_again(world: World) -> None:
    maya, path = world.as_("maya"), f"{GOALS}/{(await goal(world))['id']}"

    reached = await maya.post(f"{path}/reach", version=1)
    twice = await maya.post(f"{path}/drop", version=2)
    reopened = await maya.post(f"{path}/reopen", version=2)
    dropped = await maya.post(f"{path}/drop", version=3)
    stale = await maya.post(f"{path}/reopen", version=3)

    assert (reached.json()["status"], reached.json()["allowed_actions"]) == (
        "reached",
        ["delete", "reopen", "update"],
    )
    assert (twice.status_code, twice.json()["code"]) == (409, "wrong_state")
    assert (reopened.json()["status"], dropped.json()["status"]) == ("open", "dropped")
    assert stale.status_code == 412
    listed = await maya.get(GOALS, params={"status": "dropped"})
    assert [item["status"] for item in listed.json()["items"]] == ["dropped"]
    assert (await maya.get(GOALS, params={"status": "open"})).json()["items"] == []


async def test_a_goal_is_changed_and_null_takes_its_field_away(world: World) -> None:
    maya, path = world.as_("maya"), f"{GOALS}/{(await goal(world))['id']}"

    changed = await maya.patch(path, json={"title": "See two", "field": None}, version=1)
    untitled = await maya.patch(path, json={"title": None}, version=2)
    wordy = await maya.patch(path, json={"title": "write me@home.example"}, version=2)
    stale = await maya.patch(path, json={"title": "See three"}, version=1)

    assert (changed.json()["title"], changed.json()["field"], changed.json()["version"]) == (
        "See two",
        None,
        2,
    )
    assert untitled.status_code == 422
    assert wordy.json()["errors"][0]["code"] == "contact_data"
    assert stale.status_code == 412
    assert (await maya.get(path)).json() == changed.json()


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"title": ""}, "/title", "string_too_short"),
        ({"title": "x" * 201}, "/title", "string_too_long"),
        ({"title": "x", "field": "wizardry"}, "/field", "value_error"),
        ({"title": "x", "due_on": "someday"}, "/due_on", "value_error"),
        ({"title": "call 312 555 0100"}, "/title", "contact_data"),
        ({}, "/title", "missing"),
    ],
)
async def test_what_is_no_goal_is_refused(
    body: dict[str, Any], pointer: str, code: str, world: World
) -> None:
    answer = await world.as_("maya").post(GOALS, json=body)

    (fault,) = answer.json()["errors"]
    assert (answer.status_code, fault["pointer"], fault["code"]) == (422, pointer, code)
    assert (await world.as_("maya").get(GOALS)).json()["items"] == []


async def test_an_adult_finds_the_goals_of_one_student_among_those_who_show_their_maps(world: World) -> None:
    made = {student: await goal(world, student) for student in ("maya", "leo")}
    for student in made:
        await world.as_(student).post("/v1/network_map/shares", json={"adult_id": str(world["ada"])})

    both = (await world.as_("ada").get(GOALS)).json()["items"]
    one = (await world.as_("ada").get(GOALS, params={"student_id": str(world["leo"])})).json()["items"]

    assert {item["id"] for item in both} == {item["id"] for item in made.values()}
    assert [item["id"] for item in one] == [made["leo"]["id"]]


async def test_a_field_that_a_release_dropped_is_asked_of_nobody(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await goal(world)
    named = await knows(world, goal_ids=[made["id"]])
    owner.execute("UPDATE goals SET field = 'lamplighter'")

    found = (await world.as_("maya").get(f"{GOALS}/{made['id']}/helpers")).json()

    assert (found["field"], found["pool"], found["prompts"]) == ("lamplighter", None, [])
    assert [row["map_entry_id"] for row in found["own"]] == [named["id"]]


async def test_a_deleted_goal_is_gone_everywhere_and_its_helpers_stay(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await goal(world, title="Zephyr dreams")
    entry = await knows(world, goal_ids=[made["id"]])

    gone = await world.as_("maya").delete(f"{GOALS}/{made['id']}")

    assert gone.status_code == 204
    assert holding(owner, "zephyr") == {}
    (left,) = (await world.as_("maya").get("/v1/network_map")).json()["entries"]
    assert (left["id"], left["goal_ids"]) == (entry["id"], [])


async def test_there_is_room_for_so_many_goals_also_at_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "INSERT INTO goals (tenant_id, id, student_id, title, status, version, created_at, updated_at)"
        " SELECT %s, gen_random_uuid(), %s, 'x', 'open', 1, now(), now() FROM generate_series(1, %s)",
        (world["lakeside"], world["maya"], MOST_GOALS - 1),
    )

    answers = await asyncio.gather(
        *(world.as_("maya").post(GOALS, json={"title": "one more"}) for _ in range(4))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_those_on_the_map_who_are_named_or_know_the_field_could_help(world: World) -> None:
    made = await goal(world)
    named = await knows(world, label="Coach", goal_ids=[made["id"]], help=["introductions"])
    both = await knows(world, label="Nia", fields=["nurse"], goal_ids=[made["id"]], closeness=1, frequency=1)
    cluster = await knows(world, label="Ray", fields=["healthcare_human_services"])
    await knows(world, label="Vet", fields=["veterinarian"])
    await knows(world, label="Nobody")

    found = (await world.as_("maya").get(f"{GOALS}/{made['id']}/helpers")).json()

    assert [(row["map_entry_id"], row["because"], row["tie"]) for row in found["own"]] == [
        (named["id"], ["named"], "strong"),
        (both["id"], ["named", "field"], "weak"),
        (cluster["id"], ["field"], "strong"),
    ]
    assert found["own"][0]["help"] == ["introductions"]
    assert found["pool"] == {"field": "nurse", "answer": "not_known"}
    assert found["prompts"] == []


def _publish(owner: psycopg.Connection[Any], world: World, school: str, *, reachable: bool) -> None:
    owner.execute(
        "INSERT INTO reach_cells (tenant_id, id, school_id, field, reachable, created_at)"
        " VALUES (%s, gen_random_uuid(), %s, 'nurse', %s, now())",
        (world["lakeside"], world[school], reachable),
    )


async def test_what_is_missing_becomes_an_introduction_where_the_pool_reaches_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await goal(world)
    _publish(owner, world, "north", reachable=True)

    english = (await world.as_("maya").get(f"{GOALS}/{made['id']}/helpers")).json()
    spanish = await world.as_("maya", **{"Accept-Language": "es"}).get(f"{GOALS}/{made['id']}/helpers")

    (prompt,) = english["prompts"]
    assert english["pool"] == {"field": "nurse", "answer": "yes"}
    assert (prompt["kind"], prompt["field"]) == ("introduction", "nurse")
    assert "introduction" in prompt["text"]
    assert "Pide que te presenten" in spanish.json()["prompts"][0]["text"]


@pytest.mark.parametrize("published", [None, "south", "north"])
async def test_what_the_pool_does_not_reach_becomes_an_outreach_and_why_is_not_told(
    published: str | None, world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await goal(world)
    if published is not None:
        _publish(owner, world, published, reachable=published == "south")

    found = (await world.as_("maya").get(f"{GOALS}/{made['id']}/helpers")).json()

    assert found["pool"] == {"field": "nurse", "answer": "not_known"}
    assert [(prompt["kind"], prompt["field"]) for prompt in found["prompts"]] == [("outreach", "nurse")]


async def test_the_pool_of_a_school_that_the_student_left_answers_no_more(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await goal(world)
    _publish(owner, world, "south", reachable=True)
    owner.execute(
        "INSERT INTO memberships (tenant_id, id, person_id, school_id, role, source, ended_at, ended_by_roster,"
        " version, created_at, updated_at)"
        " SELECT tenant_id, gen_random_uuid(), person_id, %s, role, source, now(), false, 1, now(), now() FROM memberships"
        " WHERE person_id = %s AND role = 'student'",
        (world["south"], world["maya"]),
    )

    found = (await world.as_("maya").get(f"{GOALS}/{made['id']}/helpers")).json()

    assert found["pool"] == {"field": "nurse", "answer": "not_known"}


async def test_a_goal_without_a_field_asks_the_map_alone(world: World) -> None:
    made = await goal(world, field=None)

    found = (await world.as_("maya").get(f"{GOALS}/{made['id']}/helpers")).json()

    assert (found["own"], found["pool"], found["prompts"]) == ([], None, [])


async def test_a_goal_is_nobody_elses(world: World) -> None:
    made = await goal(world)
    paths = (f"{GOALS}/{made['id']}", f"{GOALS}/{made['id']}/helpers", f"{GOALS}/{uuid4()}")

    answers = {
        (name, path): (await world.as_(name).get(path)).status_code
        for name in ("leo", "omar", "ada", "clara", "ria", "cora")
        for path in paths
    }
    closed = {
        name: (await world.as_(name).get(GOALS)).status_code
        for name in ("ellis", "olga", "sam", "lakeside_sis")
    }

    assert set(answers.values()) == {404}
    assert set(closed.values()) == {403}
