"""Households over HTTP, and how they follow the guardian links."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.features.households import jobs, service
from app.models import GuardianLink
from tests.world import World

WHY = "they live apart"


async def link(world: World, student: str, guardian: str) -> None:
    """Link a guardian to a student of Lakeside."""
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            GuardianLink(
                tenant_id=world["lakeside"],
                id=world.ids.setdefault(f"{guardian}_{student}", new_id()),
                student_id=world[student],
                guardian_id=world[guardian],
            )
        )


async def sweep(world: World, workshop: Workshop, days: int = 0) -> int:
    """Do what the clock does for households."""
    with clock.shifted(timedelta(days=days)):
        return await jobs.sweep(workshop, world["lakeside"], clock.now())


async def of(world: World, *names: str) -> list[Any]:
    """Return the household of each of these people."""
    async with working(world.database, world["lakeside"]) as unit:
        found = await service.households_of(unit.session, world["lakeside"], [world[name] for name in names])
    return [found[world[name]] for name in names]


async def household(world: World, of_whom: str, who: str = "clara") -> dict[str, Any]:
    """Return the one household of somebody."""
    found = await world.as_(who).get("/v1/households", params={"person_id": str(world[of_whom])})
    assert found.status_code == 200, found.text
    (item,) = found.json()["items"]
    result: dict[str, Any] = item
    return result


def members(found: dict[str, Any]) -> set[str]:
    return {member["person_id"] for member in found["members"]}


async def split(world: World, found: dict[str, Any], *names: str, who: str = "clara", **more: Any) -> Any:
    body = {"person_ids": [str(world[name]) for name in names], "reason": WHY}
    return await world.as_(who).post(
        f"/v1/households/{found['id']}/split", json=body, version=more.get("version", found["version"])
    )


async def rejoin(world: World, found: dict[str, Any], who: str = "clara") -> Any:
    return await world.as_(who).post(
        f"/v1/households/{found['id']}/rejoin", json={"reason": "together again"}, version=found["version"]
    )


async def test_guardian_links_make_households(world: World, workshop: Workshop) -> None:
    await sweep(world, workshop)

    maya, omar, leo, rosa, clara = await of(world, "maya", "omar", "leo", "rosa", "clara")

    assert maya == omar != leo == rosa
    assert clara == world["clara"]
    found = await household(world, "maya")
    assert members(found) == {str(world["maya"]), str(world["omar"])}
    assert {member["name"] for member in found["members"]} == {"Maya Mayason", "Omar Omarson"}
    assert found["allowed_actions"] == ["split"]


async def test_nothing_is_done_twice_and_a_new_link_is_seen(world: World, workshop: Workshop) -> None:
    first = await sweep(world, workshop)
    second = await sweep(world, workshop)
    before = await of(world, "maya", "leo")

    await link(world, "leo", "omar")
    third = await sweep(world, workshop)
    maya, leo, omar, rosa = await of(world, "maya", "leo", "omar", "rosa")

    assert (first, second, third) == (1, 0, 1)
    assert maya == leo == omar == rosa == min(before)


async def test_a_link_that_ended_parts_a_household(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await link(world, "leo", "omar")
    await sweep(world, workshop)
    (before,) = await of(world, "maya")

    owner.execute(
        "UPDATE guardian_links SET ended_at = now(), updated_at = now() WHERE id = %s", (world["omar_leo"],)
    )
    await sweep(world, workshop)
    maya, omar, leo, rosa = await of(world, "maya", "omar", "leo", "rosa")

    assert maya == omar != leo == rosa
    assert before in {maya, leo}


async def test_a_link_that_runs_out_ends_with_its_last_day(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "UPDATE guardian_links SET until_on = current_date + 3 WHERE id = %s", (world["omar_maya"],)
    )
    await sweep(world, workshop)
    (before,) = await of(world, "maya")

    await sweep(world, workshop, days=5)

    assert await of(world, "maya", "omar") == [world["maya"], world["omar"]]
    ended = await world.as_("ellis").get(f"/v1/households/{before}")
    assert ended.json()["ended_at"] is not None
    assert (ended.json()["members"], ended.json()["allowed_actions"]) == ([], [])


async def test_two_workers_make_each_household_once(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await asyncio.gather(*(sweep(world, workshop) for _ in range(4)))

    assert owner.execute("SELECT count(*) FROM households").fetchall() == [(3,)]
    assert owner.execute("SELECT count(*) FROM household_members").fetchall() == [(6,)]


async def test_a_coordinator_splits_a_household_and_the_links_do_not_undo_it(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await sweep(world, workshop)
    before = await household(world, "maya")

    answer = await split(world, before, "omar")
    await sweep(world, workshop)
    await sweep(world, workshop, days=2)

    new = answer.json()
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{new["version"]}"'
    assert members(new) == {str(world["omar"])}
    assert new["split_from_id"] == before["id"]
    assert new["allowed_actions"] == ["rejoin"]
    assert (await household(world, "omar"))["id"] == new["id"]
    events = owner.execute(
        "SELECT action, reason, actor_person_id, facts FROM events WHERE subject_id = %s", (before["id"],)
    ).fetchall()
    assert events == [("household.split", WHY, world["clara"], {"members": 1, "household_id": new["id"]})]


async def test_who_is_left_stays_in_the_household(world: World, workshop: Workshop) -> None:
    await link(world, "maya", "rosa")
    await sweep(world, workshop)
    before = await household(world, "maya")

    await split(world, before, "rosa", "leo")
    await sweep(world, workshop)

    after = await household(world, "maya")
    assert after["id"] == before["id"]
    assert members(after) == {str(world["maya"]), str(world["omar"])}
    assert members(await household(world, "leo")) == {str(world["rosa"]), str(world["leo"])}


async def test_a_split_is_undone(world: World, workshop: Workshop, owner: psycopg.Connection[Any]) -> None:
    await sweep(world, workshop)
    before = await household(world, "maya")
    new = (await split(world, before, "omar")).json()

    answer = await rejoin(world, new)
    await sweep(world, workshop)

    assert answer.status_code == 200, answer.text
    assert answer.json()["id"] == before["id"]
    assert members(await household(world, "maya")) == {str(world["maya"]), str(world["omar"])}
    again = await world.as_("ellis").get(f"/v1/households/{new['id']}")
    assert again.json()["ended_at"] is not None
    events = owner.execute("SELECT action, reason FROM events WHERE subject_id = %s", (new["id"],)).fetchall()
    assert events == [("household.rejoin", "together again")]


async def test_a_split_whose_origin_is_gone_is_undone_where_it_stands(
    world: World, workshop: Workshop
) -> None:
    await sweep(world, workshop)
    before = await household(world, "maya")
    new = (await split(world, before, "omar")).json()
    # Maya is left alone: no link joins her to anybody but Omar, who is pinned elsewhere.
    await sweep(world, workshop)

    answer = await rejoin(world, new)
    await sweep(world, workshop)

    assert answer.status_code == 200, answer.text
    maya, omar = await of(world, "maya", "omar")
    assert maya == omar
    assert str(maya) == new["id"]


async def test_only_some_members_can_be_split_off(world: World, workshop: Workshop) -> None:
    await sweep(world, workshop)
    found = await household(world, "maya")

    strangers = await split(world, found, "rosa")
    everybody = await split(world, found, "maya", "omar")
    stale = await split(world, found, "omar", version=found["version"] + 1)
    never = await rejoin(world, found)
    nobody = await split(world, found)

    assert (strangers.status_code, strangers.json()["errors"][0]["code"]) == (422, "not_a_member")
    assert (everybody.status_code, everybody.json()["errors"][0]["code"]) == (422, "everybody")
    assert stale.status_code == 412
    assert (never.status_code, never.json()["code"]) == (409, "not_split")
    assert nobody.status_code == 422


async def test_a_household_that_ended_is_not_split(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await sweep(world, workshop)
    found = await household(world, "maya")
    owner.execute("UPDATE households SET ended_at = now() WHERE id = %s", (found["id"],))

    answer = await split(world, found, "omar")

    assert (answer.status_code, answer.json()["code"]) == (409, "household_ended")


async def test_the_same_split_sent_twice_happens_once(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await sweep(world, workshop)
    found = await household(world, "maya")
    body = {"person_ids": [str(world["omar"])], "reason": WHY}
    path, key = f"/v1/households/{found['id']}/split", {"Idempotency-Key": "one-split"}

    first = await world.as_("clara").post(path, json=body, version=1, headers=key)
    second = await world.as_("clara").post(path, json=body, version=1, headers=key)

    assert first.json() == second.json()
    assert second.headers["idempotent-replayed"] == "true"
    assert owner.execute("SELECT count(*) FROM households").fetchall() == [(4,)]


async def test_a_sweep_beside_a_split_leaves_it_standing(world: World, workshop: Workshop) -> None:
    await sweep(world, workshop)
    found = await household(world, "maya")

    answer, *_ = await asyncio.gather(
        split(world, found, "omar"), *(sweep(world, workshop, days=day) for day in (2, 3))
    )
    await sweep(world, workshop, days=9)

    assert answer.status_code == 200, answer.text
    assert str((await of(world, "omar"))[0]) == answer.json()["id"]


async def test_a_coordinator_of_another_school_finds_no_household_here(
    world: World, workshop: Workshop
) -> None:
    await sweep(world, workshop)
    found = await household(world, "maya")
    path = f"/v1/households/{found['id']}"

    seen = {who: (await world.as_(who).get(path)).status_code for who in ("dario", "cora", "ellis", "dora")}
    acted = [(await split(world, found, "omar", who=who)).status_code for who in ("dario", "cora")]
    listed = (await world.as_("dario").get("/v1/households")).json()["items"]
    refused = [(await world.as_(who).get(path)).status_code for who in ("maya", "omar", "ada", "sam", "olga")]

    assert seen == {"dario": 404, "cora": 404, "ellis": 200, "dora": 404}
    assert acted == [404, 404]
    assert [members(item) for item in listed] == [{str(world["ines"]), str(world["petra"])}]
    assert refused == [403] * 5


async def test_a_coordinator_reads_no_name_of_a_child_at_another_school(
    world: World, workshop: Workshop
) -> None:
    await link(world, "ines", "omar")
    await sweep(world, workshop)

    found = await household(world, "maya")

    names = {member["person_id"]: member["name"] for member in found["members"]}
    assert names[str(world["ines"])] is None
    assert names[str(world["maya"])] == "Maya Mayason"
    assert names[str(world["omar"])] == "Omar Omarson"
