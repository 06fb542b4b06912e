"""Schools and terms over HTTP."""

from typing import Any

import psycopg
import pytest

from tests.world import World


async def test_everybody_at_school_sees_the_schools_of_the_tenant_and_no_other(world: World) -> None:
    answer = await world.as_("maya").get("/v1/schools")

    assert answer.status_code == 200, answer.text
    assert [item["name"] for item in answer.json()["items"]] == ["North School", "South School"]
    assert answer.json()["items"][0]["sourced_id"] is None


async def test_the_roster_id_of_a_school_is_for_staff(world: World) -> None:
    answer = await world.as_("clara").get(f"/v1/schools/{world['north']}")

    assert answer.json()["sourced_id"] == "org-north"
    assert answer.headers["ETag"] == '"1"'


async def test_schools_can_be_searched_and_paged(world: World) -> None:
    clara = world.as_("clara")

    found = await clara.get("/v1/schools", params={"q": "south", "kind": "school", "status": "active"})
    ended = await clara.get("/v1/schools", params={"status": "ended"})
    first = await clara.get("/v1/schools", params={"limit": 1})
    second = await clara.get("/v1/schools", params={"limit": 1, "cursor": first.json()["next_cursor"]})

    assert [item["name"] for item in found.json()["items"]] == ["South School"]
    assert ended.json()["items"] == []
    assert [item["name"] for item in second.json()["items"]] == ["South School"]


async def test_a_district_admin_adds_a_school(world: World, owner: psycopg.Connection[Any]) -> None:
    body = {"name": "East School", "parent_id": str(world["north"])}

    answer = await world.as_("ellis").post("/v1/schools", json=body)

    assert answer.status_code == 201, answer.text
    assert answer.headers["Location"] == f"/v1/schools/{answer.json()['id']}"
    assert answer.json()["zone"] == "America/New_York"
    row = owner.execute("SELECT action, actor_person_id FROM events").fetchone()
    assert row == ("school.create", world["ellis"])


@pytest.mark.parametrize("name", ["maya", "clara", "olga", "lakeside_sis"])
async def test_nobody_else_adds_a_school(world: World, name: str) -> None:
    answer = await world.as_(name).post("/v1/schools", json={"name": "East School"})

    assert answer.status_code == 403


async def test_a_school_has_a_known_zone_and_a_parent_of_its_own_tenant(world: World) -> None:
    ellis = world.as_("ellis")

    zone = await ellis.post("/v1/schools", json={"name": "East", "zone": "Mars/Base"})
    parent = await ellis.post("/v1/schools", json={"name": "East", "parent_id": str(world["river"])})

    assert zone.status_code == 422
    assert parent.status_code == 422
    assert parent.json()["errors"][0]["pointer"] == "/parent_id"


async def test_another_tenants_school_is_not_here(world: World) -> None:
    answer = await world.as_("ellis").get(f"/v1/schools/{world['river']}")

    assert answer.status_code == 404


async def test_the_terms_of_a_day_are_listed(world: World) -> None:
    maya = world.as_("maya")

    every = await maya.get("/v1/terms")
    long_ago = await maya.get("/v1/terms", params={"on": "2001-01-01"})

    assert [item["id"] for item in every.json()["items"]] == [str(world["lakeside_term"])]
    assert long_ago.json()["items"] == []
