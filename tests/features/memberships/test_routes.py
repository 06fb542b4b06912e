"""Memberships over HTTP: giving roles and ending them."""

import asyncio
from typing import Any

import psycopg
import pytest

from tests.world import World


async def _of(world: World, name: str, role: str) -> dict[str, Any]:
    """Return a resident's membership, as the district administrator sees it."""
    tenant_admin = "dora" if name in {"cora", "dora", "art"} else "ellis"
    answer = await world.as_(tenant_admin).get(
        "/v1/memberships", params={"person_id": str(world[name]), "role": role, "status": "active"}
    )
    (item,) = answer.json()["items"]
    found: dict[str, Any] = item
    return found


async def test_a_removed_role_acts_on_the_next_request(world: World) -> None:
    clara = world.as_("clara")
    membership = await _of(world, "clara", "coordinator")
    before = await clara.get(f"/v1/people/{world['leo']}")

    ended = await world.as_("ellis").post(
        f"/v1/memberships/{membership['id']}/end", json={"reason": "Left the school."}, version=1
    )
    after = await clara.get(f"/v1/people/{world['leo']}")

    assert ended.status_code == 200, ended.text
    assert ended.json()["ended_at"] is not None
    assert ended.json()["allowed_actions"] == []
    assert (before.status_code, after.status_code) == (200, 403)


async def test_a_given_role_acts_on_the_next_request(world: World, owner: psycopg.Connection[Any]) -> None:
    ada = world.as_("ada")
    before = await ada.get(f"/v1/people/{world['ines']}")
    body = {"person_id": str(world["ada"]), "role": "coordinator", "school_id": str(world["south"])}

    given = await world.as_("ellis").post("/v1/memberships", json=body)
    after = await ada.get(f"/v1/people/{world['ines']}")

    assert given.status_code == 201, given.text
    assert (before.status_code, after.status_code) == (404, 200)
    row = owner.execute("SELECT action, facts, person_id, school_id FROM events").fetchone()
    assert row == ("membership.create", {"role": "coordinator"}, world["ada"], world["south"])


async def test_a_role_is_given_once(world: World) -> None:
    body = {"person_id": str(world["ada"]), "role": "advisor", "school_id": str(world["north"])}

    answer = await world.as_("clara").post("/v1/memberships", json=body)

    assert answer.status_code == 409
    assert answer.json()["code"] == "membership_exists"


async def test_a_role_that_was_ended_can_be_given_anew(world: World) -> None:
    clara = world.as_("clara")
    membership = await _of(world, "ada", "advisor")
    ended = await clara.post(f"/v1/memberships/{membership['id']}/end", json={}, version=1)
    body = {"person_id": str(world["leo"]), "role": "advisor", "school_id": str(world["north"])}

    twice = await clara.post(
        f"/v1/memberships/{membership['id']}/end", json={}, version=ended.json()["version"]
    )
    anew = await clara.post("/v1/memberships", json=body)

    assert twice.status_code == 409
    assert anew.status_code == 201, anew.text


async def test_a_coordinator_gives_roles_at_an_own_school_and_to_known_people_only(world: World) -> None:
    clara = world.as_("clara")

    elsewhere = await clara.post(
        "/v1/memberships",
        json={"person_id": str(world["maya"]), "role": "student", "school_id": str(world["south"])},
    )
    stranger = await clara.post(
        "/v1/memberships",
        json={"person_id": str(world["ines"]), "role": "student", "school_id": str(world["north"])},
    )
    above = await clara.post(
        "/v1/memberships",
        json={"person_id": str(world["ada"]), "role": "coordinator", "school_id": str(world["north"])},
    )

    assert elsewhere.status_code == 403
    assert stranger.status_code == 404
    assert above.json()["code"] == "higher_role"


async def test_a_membership_does_not_end_before_it_begins(world: World) -> None:
    body = {
        "person_id": str(world["omar"]),
        "role": "advisor",
        "school_id": str(world["north"]),
        "begins_on": "2026-09-01",
        "ends_on": "2026-08-01",
    }

    answer = await world.as_("clara").post("/v1/memberships", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/ends_on"


async def test_a_coordinator_does_not_end_another_coordinator(world: World) -> None:
    await world.as_("ellis").post(
        "/v1/memberships",
        json={"person_id": str(world["ada"]), "role": "coordinator", "school_id": str(world["north"])},
    )
    membership = await _of(world, "ada", "coordinator")

    answer = await world.as_("clara").post(f"/v1/memberships/{membership['id']}/end", json={}, version=1)

    assert answer.status_code == 403


async def test_nobody_ends_their_own_last_district_admin_role(world: World) -> None:
    membership = await _of(world, "ellis", "district_admin")

    answer = await world.as_("ellis").post(f"/v1/memberships/{membership['id']}/end", json={}, version=1)

    assert answer.status_code == 409
    assert answer.json()["code"] == "own_district_admin"


async def test_a_second_district_admin_may_end_the_first(world: World) -> None:
    ellis = world.as_("ellis")
    own = await _of(world, "ellis", "district_admin")
    await ellis.post("/v1/memberships", json={"person_id": str(world["clara"]), "role": "district_admin"})

    answer = await world.as_("clara").post(f"/v1/memberships/{own['id']}/end", json={}, version=1)

    assert answer.status_code == 200, answer.text
    assert (await ellis.get("/v1/memberships")).status_code == 403


@pytest.mark.parametrize(("name", "count"), [("maya", 1), ("clara", 7), ("ellis", 13)])
async def test_who_sees_which_memberships(world: World, name: str, count: int) -> None:
    answer = await world.as_(name).get("/v1/memberships", params={"limit": 100})

    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == count


@pytest.mark.parametrize("name", ["maya", "omar", "ada", "lakeside_sis"])
async def test_nobody_else_gives_or_ends_a_role(world: World, name: str) -> None:
    membership = await _of(world, "maya", "student")
    body = {"person_id": str(world["maya"]), "role": "advisor", "school_id": str(world["north"])}

    given = await world.as_(name).post("/v1/memberships", json=body)
    ended = await world.as_(name).post(f"/v1/memberships/{membership['id']}/end", json={}, version=1)

    assert given.status_code == 403
    assert ended.status_code == 403


async def test_another_tenant_or_school_finds_no_membership(world: World) -> None:
    membership = await _of(world, "maya", "student")
    path = f"/v1/memberships/{membership['id']}"

    tenant = await world.as_("dora").post(f"{path}/end", json={}, version=1)
    school = await world.as_("dario").get(path)

    assert tenant.status_code == 404
    assert school.status_code == 404


async def test_two_district_admins_who_end_each_other_leave_one(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await world.as_("ellis").post(
        "/v1/memberships", json={"person_id": str(world["clara"]), "role": "district_admin"}
    )
    paths = {
        name: f"/v1/memberships/{(await _of(world, name, 'district_admin'))['id']}/end"
        for name in ("ellis", "clara")
    }

    answers = await asyncio.gather(
        world.as_("ellis").post(paths["clara"], json={}, version=1),
        world.as_("clara").post(paths["ellis"], json={}, version=1),
    )

    left = owner.execute(
        "SELECT count(*) FROM memberships"
        " WHERE tenant_id = %s AND role = 'district_admin' AND ended_at IS NULL",
        (world["lakeside"],),
    ).fetchone()
    # The later one is no administrator any more, or would leave none.
    first, second = sorted(answer.status_code for answer in answers)
    assert first == 200
    assert second in {403, 404, 409}
    assert left == (1,)


async def test_a_role_given_twice_at_once_is_given_once(world: World) -> None:
    body = {"person_id": str(world["omar"]), "role": "advisor", "school_id": str(world["north"])}

    answers = await asyncio.gather(*(world.as_("clara").post("/v1/memberships", json=body) for _ in range(4)))

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
