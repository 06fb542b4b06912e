"""Introductions over HTTP: asked for by a student, worded by the school, withdrawn or closed, and met."""

from typing import Any

import httpx
import psycopg
import pytest

from app.core.jobs import Workshop
from tests.draining import drain
from tests.introducing import GOAL, VET, WORDING, answer, approved, ask, hops
from tests.world import World


async def test_a_student_asks_to_meet_somebody_of_a_field(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    way = await ask(world)

    seen = await way.seen_by("maya")

    assert (seen["state"], seen["status"], seen["wording"]) == ("looking", None, None)
    assert (seen["field"], seen["goal"]) == (VET, GOAL)
    assert seen["student"] == {"id": str(world["maya"]), "given_name": "Maya", "family_name": "Mayason"}
    assert seen["ends_at"] is None
    assert seen["meeting"] is None
    assert seen["allowed_actions"] == ["withdraw"]
    rows = owner.execute(
        "SELECT action, reason, facts, person_id FROM events WHERE subject_id = %s", (way.id,)
    ).fetchall()
    assert rows == [("introduction.create", None, {"field": VET}, world["maya"])]


@pytest.mark.parametrize(
    ("goal", "code"),
    [
        ("Write to me at maya@example.org about vets", "contact_data"),
        ("Call me on 312 555 0100 about vets", "contact_data"),
        ("My name is Maya and I love animals", "student_named"),
        ("The Mayason family loves animals", "student_named"),
    ],
)
async def test_a_goal_tells_neither_the_student_s_name_nor_how_to_reach_them(
    goal: str, code: str, world: World
) -> None:
    answer = await world.as_("maya").post("/v1/introductions", json={"field": VET, "goal": goal})

    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"] == code
    assert [fault["pointer"] for fault in problem["errors"]] == ["/goal"]


async def test_a_student_has_three_open_requests_at_most_and_one_for_a_field(world: World) -> None:
    maya = world.as_("maya")
    for field in ("nurse", VET, "education"):
        assert (await maya.post("/v1/introductions", json={"field": field, "goal": GOAL})).status_code == 201

    again = await maya.post("/v1/introductions", json={"field": VET, "goal": GOAL})
    fourth = await maya.post("/v1/introductions", json={"field": "agriculture", "goal": GOAL})

    assert (again.status_code, again.json()["code"]) == (409, "open_already")
    assert (fourth.status_code, fourth.json()["code"]) == (409, "too_many_open")


async def test_an_unknown_field_is_refused(world: World) -> None:
    answer = await world.as_("maya").post("/v1/introductions", json={"field": "dragon tamer", "goal": GOAL})

    assert answer.status_code == 422


async def test_the_same_key_asks_once(world: World) -> None:
    maya, body = world.as_("maya"), {"field": VET, "goal": GOAL}

    first = await maya.post("/v1/introductions", json=body, headers={"Idempotency-Key": "one"})
    second = await maya.post("/v1/introductions", json=body, headers={"Idempotency-Key": "one"})

    assert first.content == second.content
    assert len((await maya.get("/v1/introductions")).json()["items"]) == 1


async def test_the_school_words_the_request_and_only_then_somebody_is_asked(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    way = await ask(world)
    assert hops(owner, way) == []

    named = await way.act("clara", "approve", wording="Maya would like to meet a vet")
    seen = await way.act("clara", "approve", wording=WORDING)
    await drain(workshop)

    assert (named.status_code, named.json()["code"]) == (422, "student_named")
    assert seen.status_code == 200
    assert seen.json()["status"] == "with_contributor"
    assert seen.json()["wording"] == WORDING
    assert hops(owner, way) == [(1, "contributor", "asked"), (1, "contact", "reserved")]
    event = owner.execute(
        "SELECT actor_person_id, person_id FROM events WHERE subject_id = %s AND action = %s",
        (way.id, "introduction.approve"),
    ).fetchone()
    assert event == (world["clara"], world["maya"])


async def test_a_stale_version_changes_nothing(world: World) -> None:
    way = await ask(world)

    stale = await world.as_("clara").post(f"{way.path}/approve", json={"wording": WORDING}, version=9)
    without = await world.as_("clara").post(f"{way.path}/approve", json={"wording": WORDING})

    assert (stale.status_code, without.status_code) == (412, 428)
    assert (await way.seen_by("clara"))["status"] == "asked"


async def test_the_school_declines_with_a_reason_that_the_student_reads(
    world: World, workshop: Workshop
) -> None:
    way = await ask(world)

    done = await way.act("clara", "decline", reason="ask your advisor first, then ask again")
    await drain(workshop)

    assert done.json()["status"] == "closed"
    seen = await way.seen_by("maya")
    assert (seen["state"], seen["reason"]) == ("closed", "ask your advisor first, then ask again")
    assert seen["allowed_actions"] == []
    told = (await world.as_("maya").get("/v1/notifications")).json()["items"]
    assert told[0]["kind"] == "introduction_declined"


async def test_a_student_takes_the_request_back_and_nobody_is_asked_any_more(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)

    done = await way.act("maya", "withdraw")

    assert done.status_code == 200
    assert done.json()["state"] == "closed"
    assert hops(owner, way) == [(1, "contributor", "ended"), (1, "contact", "ended")]


async def test_the_meeting_is_recorded_once_it_is_arranged(
    world: World, workshop: Workshop, client: httpx.AsyncClient
) -> None:
    way = await approved(world, workshop)
    early = await way.act("ada", "record_met")
    await answer(world, way, client, "contributor", "yes")
    await answer(world, way, client, "contact", "yes")

    met = await way.act("ada", "record_met")

    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert "contributor" not in early.text
    assert met.status_code == 200
    assert (met.json()["state"], met.json()["status"]) == ("arranged", None)
    assert (await way.seen_by("clara"))["status"] == "met"
    assert (await way.act("ada", "record_met")).status_code == 409


async def test_a_meeting_that_falls_through_is_closed_with_a_reason(
    world: World, workshop: Workshop, client: httpx.AsyncClient
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    await answer(world, way, client, "contact", "yes")

    done = await way.act("clara", "close", reason="the clinic is closed for the season")

    assert done.status_code == 200
    seen = await way.seen_by("maya")
    assert (seen["state"], seen["meeting"]) == ("closed", None)
    assert seen["reason"] == "the clinic is closed for the season"


@pytest.mark.parametrize(
    ("name", "status"),
    [("maya", 200), ("omar", 200), ("ada", 200), ("clara", 200), ("ellis", 200)]
    + [(name, 404) for name in ("leo", "rosa", "ines", "dario", "ben", "petra")]
    + [("sam", 403), ("olga", 403), ("ria", 404), ("cora", 404)],
)
async def test_a_request_is_read_by_the_student_and_those_around_only(
    name: str, status: int, world: World
) -> None:
    way = await ask(world)

    found = await world.as_(name).get(way.path)
    listed = await world.as_(name).get("/v1/introductions")

    assert found.status_code == status
    if listed.status_code == 200:
        assert [row["id"] for row in listed.json()["items"]] == ([str(way.id)] if status == 200 else [])


@pytest.mark.parametrize("name", ["maya", "omar", "ada", "dario", "cora"])
async def test_only_the_student_s_school_words_a_request(name: str, world: World) -> None:
    way = await ask(world)

    done = await world.as_(name).post(f"{way.path}/approve", json={"wording": WORDING}, version=1)

    assert done.status_code in {403, 404}


async def test_the_list_is_narrowed(world: World, workshop: Workshop) -> None:
    way = await approved(world, workshop)
    other = await ask(world, field="nurse")
    clara = world.as_("clara")

    waiting = (await clara.get("/v1/introductions", params={"approved": "false"})).json()["items"]
    looking = (await clara.get("/v1/introductions", params={"state": "looking"})).json()["items"]
    of_maya = (
        await clara.get(
            "/v1/introductions",
            params={"student_id": str(world["maya"]), "school_id": str(world["north"]), "limit": 1},
        )
    ).json()

    assert [row["id"] for row in waiting] == [str(other.id)]
    assert [row["id"] for row in looking] == [str(other.id), str(way.id)]
    assert [row["id"] for row in of_maya["items"]] == [str(other.id)]
    assert of_maya["next_cursor"] is not None
