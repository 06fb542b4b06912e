"""Guardian links over HTTP: rights that hold from the next request on."""

from typing import Any

import psycopg
import pytest

from tests.world import World


async def test_an_ended_link_closes_the_childs_page_at_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    path = f"/v1/guardian_links/{world['omar_maya']}"

    ended = await world.as_("clara").post(f"{path}/end", json={"reason": "Custody changed."}, version=1)
    after = await world.as_("omar").get(f"/v1/people/{world['maya']}")

    assert ended.status_code == 200, ended.text
    assert ended.json()["allowed_actions"] == []
    assert after.status_code == 404
    row = owner.execute("SELECT action, changed, reason, school_id, person_id FROM events").fetchone()
    assert row == ("guardian_link.end", ["ended_at"], "Custody changed.", world["north"], None)


@pytest.mark.parametrize("change", [{"may_see": False}, {"no_contact": True}, {"until_on": "2020-01-01"}])
async def test_a_right_taken_away_acts_on_the_next_request(world: World, change: dict[str, Any]) -> None:
    path = f"/v1/guardian_links/{world['omar_maya']}"

    changed = await world.as_("clara").patch(path, json=change, version=1)
    after = await world.as_("omar").get(f"/v1/people/{world['maya']}")

    assert changed.status_code == 200, changed.text
    assert after.status_code == 404


async def test_why_a_right_was_taken_is_not_told_to_the_family(world: World) -> None:
    await world.as_("clara").patch(
        f"/v1/guardian_links/{world['omar_maya']}",
        json={"may_sign": False, "reason": "Court order."},
        version=1,
    )

    seen = {name: (await world.as_(name).get("/v1/events")).text for name in ("maya", "omar", "ada", "clara")}

    assert "Court order." in seen["clara"]
    assert not any("Court order." in seen[name] for name in ("maya", "omar", "ada"))


async def test_a_coordinator_links_a_guardian_and_revives_an_ended_link(world: World) -> None:
    clara = world.as_("clara")
    body = {"student_id": str(world["maya"]), "guardian_id": str(world["rosa"]), "relationship": "relative"}

    made = await clara.post("/v1/guardian_links", json=body)
    twice = await clara.post("/v1/guardian_links", json=body)
    path = f"/v1/guardian_links/{made.json()['id']}"
    ended = await clara.post(f"{path}/end", json={}, version=1)
    again = await clara.post("/v1/guardian_links", json={**body, "may_sign": False})

    assert made.status_code == 201, made.text
    assert made.json()["relationship"] == "relative"
    assert twice.json()["code"] == "guardian_link_exists"
    assert ended.status_code == 200
    assert again.json()["id"] == made.json()["id"]
    assert (again.json()["ended_at"], again.json()["may_sign"]) == (None, False)


async def test_only_a_guardian_can_be_linked(world: World) -> None:
    body = {"student_id": str(world["maya"]), "guardian_id": str(world["ada"])}

    answer = await world.as_("clara").post("/v1/guardian_links", json=body)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/guardian_id"


async def test_a_coordinator_links_students_of_an_own_school_only(world: World) -> None:
    body = {"student_id": str(world["ines"]), "guardian_id": str(world["petra"])}

    unseen = await world.as_("clara").post("/v1/guardian_links", json=body)
    not_a_student = await world.as_("clara").post(
        "/v1/guardian_links", json={"student_id": str(world["omar"]), "guardian_id": str(world["rosa"])}
    )

    assert unseen.status_code == 404
    assert not_a_student.status_code == 403


@pytest.mark.parametrize("name", ["maya", "omar", "ada", "sam", "lakeside_sis"])
async def test_a_student_and_everyone_else_never_set_a_guardian(world: World, name: str) -> None:
    caller = world.as_(name)
    body = {"student_id": str(world["maya"]), "guardian_id": str(world["rosa"])}
    path = f"/v1/guardian_links/{world['omar_maya']}"

    made = await caller.post("/v1/guardian_links", json=body)
    changed = await caller.patch(path, json={"may_sign": False}, version=1)
    ended = await caller.post(f"{path}/end", json={}, version=1)

    assert [made.status_code, changed.status_code, ended.status_code] == [403, 403, 403]


@pytest.mark.parametrize(
    ("name", "count"), [("maya", 1), ("omar", 1), ("ada", 2), ("clara", 2), ("ellis", 3), ("cora", 0)]
)
async def test_who_sees_which_links(world: World, name: str, count: int) -> None:
    answer = await world.as_(name).get("/v1/guardian_links", params={"status": "active"})

    assert answer.status_code == 200, answer.text
    assert len(answer.json()["items"]) == count


async def test_another_school_finds_no_link(world: World) -> None:
    path = f"/v1/guardian_links/{world['omar_maya']}"

    read = await world.as_("dario").get(path)
    changed = await world.as_("dario").patch(path, json={"may_see": False}, version=1)

    assert read.status_code == 404
    assert changed.status_code == 404


async def test_an_ended_link_cannot_be_changed(world: World) -> None:
    path = f"/v1/guardian_links/{world['omar_maya']}"
    ended = await world.as_("clara").post(f"{path}/end", json={}, version=1)

    answer = await world.as_("clara").patch(path, json={"may_see": False}, version=ended.json()["version"])

    assert answer.status_code == 409
