"""Favorites over HTTP."""

import asyncio
from typing import Any

import psycopg

from tests.world import World


async def wish(world: World, opportunity: str = "internship", student: str = "maya") -> dict[str, Any]:
    """Let a student put an opportunity on the list."""
    answer = await world.as_(student).post("/v1/favorites", json={"opportunity_id": str(world[opportunity])})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_the_same_wish_twice_is_one_wish(world: World, owner: psycopg.Connection[Any]) -> None:
    first = await wish(world)

    second = await wish(world)
    listed = (await world.as_("maya").get("/v1/favorites")).json()["items"]

    assert second == first
    assert listed == [first]
    assert first["title"] == "Veterinary assistant internship"
    assert first["allowed_actions"] == ["delete"]
    events = owner.execute("SELECT action, person_id FROM events WHERE subject_id = %s", [first["id"]])
    assert events.fetchall() == [("favorite.create", world["maya"])]


async def test_the_same_wish_many_times_at_once_is_one_wish(world: World) -> None:
    found = await asyncio.gather(*(wish(world) for _ in range(8)))

    assert len({item["id"] for item in found}) == 1


async def test_a_wish_is_taken_back(world: World, owner: psycopg.Connection[Any]) -> None:
    made = await wish(world)
    path = f"/v1/favorites/{made['id']}"

    gone = await world.as_("maya").delete(path)
    again = await world.as_("maya").delete(path)

    assert (gone.status_code, gone.content) == (204, b"")
    assert again.status_code == 404
    assert (await world.as_("maya").get(path)).status_code == 404
    events = owner.execute(
        "SELECT action FROM events WHERE subject_id = %s ORDER BY subject_seq", [made["id"]]
    )
    assert events.fetchall() == [("favorite.create",), ("favorite.delete",)]


async def test_what_a_student_cannot_find_cannot_be_wished_for(world: World) -> None:
    answers = [
        await world.as_(name).post("/v1/favorites", json={"opportunity_id": str(world[opportunity])})
        for name, opportunity in (("maya", "draft"), ("ines", "school_only"), ("ria", "internship"))
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_only_students_have_wishes(world: World) -> None:
    for name in ("omar", "ada", "clara", "ellis", "sam"):
        answer = await world.as_(name).post(
            "/v1/favorites", json={"opportunity_id": str(world["internship"])}
        )

        assert answer.status_code == 403, name


async def test_wishes_are_seen_by_the_student_the_guardian_and_the_advisor(world: World) -> None:
    made = await wish(world)
    path = f"/v1/favorites/{made['id']}"

    async def seen(name: str) -> int:
        return len((await world.as_(name).get("/v1/favorites")).json()["items"])

    assert [await seen(name) for name in ("maya", "omar", "ada")] == [1, 1, 1]
    assert [await seen(name) for name in ("leo", "rosa", "ben")] == [0, 0, 0]
    assert (await world.as_("clara").get("/v1/favorites")).status_code == 403
    assert (await world.as_("omar").get(path)).status_code == 200
    assert (await world.as_("leo").get(path)).status_code == 404
    assert (await world.as_("ria").get(path)).status_code == 404
    assert (await world.as_("leo").delete(path)).status_code == 404
    assert (await world.as_("omar").delete(path)).status_code == 403


async def test_a_wish_keeps_no_title_of_what_was_hidden(world: World, owner: psycopg.Connection[Any]) -> None:
    await wish(world)
    owner.execute("UPDATE opportunities SET status = 'hidden' WHERE id = %s", [world["internship"]])

    (item,) = (await world.as_("maya").get("/v1/favorites")).json()["items"]

    assert item["opportunity_id"] == str(world["internship"])
    assert item["title"] is None
    assert item["employer_name"] is None


async def test_the_list_goes_on_behind_a_cursor(world: World) -> None:
    await wish(world)
    await wish(world, "school_only")
    maya = world.as_("maya")

    first = await maya.get("/v1/favorites", params={"limit": 1, "student_id": str(world["maya"])})
    second = await maya.get(
        "/v1/favorites",
        params={"limit": 1, "student_id": str(world["maya"]), "cursor": first.json()["next_cursor"]},
    )

    assert [item["title"] for item in first.json()["items"]] == ["School garden project"]
    assert [item["title"] for item in second.json()["items"]] == ["Veterinary assistant internship"]
    assert second.json()["next_cursor"] is None
