"""One key, at most one effect (promise P2): what a repeated request gets, and who may still get it."""

from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from app.core.idempotency import forget_old_answers
from app.core.jobs import working
from tests.world import World


async def test_a_repeated_change_gets_its_answer_though_the_version_moved_on(world: World) -> None:
    clara = world.as_("clara")
    path = f"/v1/opportunities/{world['draft']}/submit"

    first = await clara.post(path, version=1, headers={"Idempotency-Key": "submit-once"})
    again = await clara.post(path, version=1, headers={"Idempotency-Key": "submit-once"})

    assert (first.status_code, again.status_code) == (200, 200), again.text
    assert again.content == first.content
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Idempotent-Replayed"] == "true"


async def test_who_lost_the_role_gets_no_stored_answer(world: World, owner: psycopg.Connection[Any]) -> None:
    clara = world.as_("clara")
    path = f"/v1/opportunities/{world['draft']}/submit"
    await clara.post(path, version=1, headers={"Idempotency-Key": "k"})
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["clara"],))

    again = await clara.post(path, version=1, headers={"Idempotency-Key": "k"})

    assert again.status_code == 403


async def test_who_may_no_longer_read_the_thing_gets_no_stored_answer(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    clara = world.as_("clara")
    path = f"/v1/opportunities/{world['draft']}/submit"
    await clara.post(path, version=1, headers={"Idempotency-Key": "k"})
    owner.execute(
        "UPDATE memberships SET school_id = %s WHERE person_id = %s", (world["south"], world["clara"])
    )

    again = await clara.post(path, version=1, headers={"Idempotency-Key": "k"})

    assert again.status_code == 404


async def test_two_people_may_use_the_same_key(world: World) -> None:
    body = {"opportunity_id": str(world["internship"])}

    maya = await world.as_("maya").post("/v1/pursuits", json=body, headers={"Idempotency-Key": "same"})
    ines = await world.as_("ines").post("/v1/pursuits", json=body, headers={"Idempotency-Key": "same"})

    assert (maya.status_code, ines.status_code) == (201, 201)
    assert maya.json()["id"] != ines.json()["id"]


async def test_a_refusal_is_not_kept_so_the_same_key_may_succeed_later(world: World) -> None:
    clara = world.as_("clara")
    path = f"/v1/opportunities/{world['draft']}"

    early = await clara.post(f"{path}/publish", version=1, headers={"Idempotency-Key": "publish"})
    await clara.post(f"{path}/submit", version=1)
    later = await clara.post(f"{path}/publish", version=2, headers={"Idempotency-Key": "publish"})

    assert (early.status_code, later.status_code) == (409, 200), later.text


async def test_without_a_key_nothing_is_made(world: World, owner: psycopg.Connection[Any]) -> None:
    answer = await world.as_("maya").post(
        "/v1/pursuits", json={"opportunity_id": str(world["internship"])}, headers={"Idempotency-Key": ""}
    )

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_required")
    assert owner.execute(
        "SELECT count(*) FROM pursuits WHERE student_id = %s", (world["maya"],)
    ).fetchone() == (0,)


async def test_answers_are_kept_for_seven_days(world: World, owner: psycopg.Connection[Any]) -> None:
    body = {"opportunity_id": str(world["internship"])}
    await world.as_("maya").post("/v1/pursuits", json=body, headers={"Idempotency-Key": "old"})

    async with working(world.database, world["lakeside"]) as unit:
        early = await forget_old_answers(unit, world["lakeside"], clock.now() + timedelta(days=6, hours=23))
        late = await forget_old_answers(unit, world["lakeside"], clock.now() + timedelta(days=7, minutes=1))

    assert (early, late) == (0, 1)
    assert owner.execute("SELECT count(*) FROM stored_answers").fetchone() == (0,)
