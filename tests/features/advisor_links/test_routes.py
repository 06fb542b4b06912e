"""Advisor links over HTTP."""

from typing import Any

import psycopg
import pytest

from tests.world import World


async def test_an_ended_link_closes_the_advisees_page_at_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    ended = await world.as_("clara").post(
        f"/v1/advisor_links/{world['ada_maya']}/end", json={"reason": "New groups."}, version=1
    )
    after = await world.as_("ada").get(f"/v1/people/{world['maya']}")

    assert ended.status_code == 200, ended.text
    assert after.status_code == 404
    row = owner.execute("SELECT action, person_id, school_id FROM events").fetchone()
    assert row == ("advisor_link.end", world["maya"], world["north"])


async def test_a_coordinator_gives_an_advisor_a_student_back(world: World) -> None:
    clara = world.as_("clara")
    body = {
        "advisor_id": str(world["ada"]),
        "student_id": str(world["maya"]),
        "school_id": str(world["north"]),
    }

    twice = await clara.post("/v1/advisor_links", json=body)
    ended = await clara.post(f"/v1/advisor_links/{world['ada_maya']}/end", json={}, version=1)
    again = await clara.post("/v1/advisor_links", json=body)

    assert twice.json()["code"] == "advisor_link_exists"
    assert ended.status_code == 200
    assert again.status_code == 201, again.text
    assert again.json()["id"] == str(world["ada_maya"])
    assert again.json()["allowed_actions"] == ["end"]


async def test_both_ends_are_of_the_school(world: World) -> None:
    ellis = world.as_("ellis")
    body = {"advisor_id": str(world["ben"]), "student_id": str(world["maya"])}

    wrong_advisor = await ellis.post("/v1/advisor_links", json={**body, "school_id": str(world["north"])})
    wrong_student = await ellis.post("/v1/advisor_links", json={**body, "school_id": str(world["south"])})

    assert wrong_advisor.json()["errors"][0]["pointer"] == "/advisor_id"
    assert wrong_student.json()["errors"][0]["pointer"] == "/student_id"


async def test_a_coordinator_does_so_at_an_own_school_only(world: World) -> None:
    body = {
        "advisor_id": str(world["ben"]),
        "student_id": str(world["ines"]),
        "school_id": str(world["south"]),
    }

    made = await world.as_("clara").post("/v1/advisor_links", json=body)
    ended = await world.as_("clara").post(f"/v1/advisor_links/{world['ben_ines']}/end", json={}, version=1)

    assert made.status_code == 403
    assert ended.status_code == 404


@pytest.mark.parametrize("name", ["maya", "omar", "ada", "lakeside_sis"])
async def test_nobody_else_sets_an_advisor(world: World, name: str) -> None:
    answer = await world.as_(name).post(f"/v1/advisor_links/{world['ada_maya']}/end", json={}, version=1)

    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("name", "count"), [("maya", 1), ("omar", 1), ("ada", 2), ("clara", 2), ("ellis", 3), ("dora", 0)]
)
async def test_who_sees_which_links(world: World, name: str, count: int) -> None:
    answer = await world.as_(name).get("/v1/advisor_links", params={"status": "active"})

    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == count
