"""What the clock does to sessions."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.sessions.jobs import sweep
from tests.sessioning import at, enroll, make_session, read_session
from tests.world import World


async def swept(workshop: Workshop, world: World, now: datetime) -> int:
    """Do what is due to Lakeside's sessions at `now`."""
    with clock.frozen(now):
        return await sweep(workshop, world["lakeside"], now)


async def test_a_session_short_of_its_minimum_is_cancelled_a_day_before(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world, minimum_enrollment=2)
    place = await enroll(world, "maya", made["id"])
    assert made["decides_at"] is not None

    early = await swept(workshop, world, at(1.9))
    due = await swept(workshop, world, at(2.01))
    again = await swept(workshop, world, at(2.02))

    assert (early, due, again) == (0, 1, 0)
    seen = await read_session(world, "maya", made["id"])
    assert (seen["status"], seen["decides_at"]) == ("cancelled", None)
    mine = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert mine["status"] == "cancelled"
    assert owner.execute(
        "SELECT actor_kind, facts FROM events WHERE action = 'opportunity_session.lapse'"
    ).fetchone() == ("system", {"enrolled": 1, "minimum": 2})
    assert owner.execute("SELECT seats_taken FROM opportunity_sessions").fetchone() == (0,)


async def test_enough_students_settle_it_whoever_leaves_after_that(world: World, workshop: Workshop) -> None:
    made = await make_session(world, minimum_enrollment=2)
    maya = await enroll(world, "maya", made["id"])
    await enroll(world, "leo", made["id"])

    settled = await swept(workshop, world, at(2.01))
    await world.as_("maya").post(f"/v1/session_enrollments/{maya['id']}/withdraw", json={}, version=1)
    later = await swept(workshop, world, at(2.5))

    seen = await read_session(world, "leo", made["id"])
    assert (settled, later) == (1, 0)
    assert (seen["status"], seen["decides_at"]) == ("scheduled", None)


async def test_a_tenant_decides_how_long_before(world: World, workshop: Workshop) -> None:
    settings = await world.as_("ellis").get("/v1/settings")
    changed = await world.as_("ellis").patch(
        "/v1/settings", json={"session_cancel_hours": 48}, version=settings.json()["version"]
    )
    assert changed.status_code == 200, changed.text
    await make_session(world, minimum_enrollment=1)

    assert await swept(workshop, world, at(0.9)) == 0
    assert await swept(workshop, world, at(1.1)) == 1


async def test_who_waits_in_line_does_not_count(world: World, workshop: Workshop) -> None:
    made = await make_session(world, seats=1, minimum_enrollment=1)
    place = await enroll(world, "maya", made["id"])
    await world.as_("leo").post("/v1/waiting_entries", json={"session_id": made["id"]})
    await world.as_("maya").post(f"/v1/session_enrollments/{place['id']}/withdraw", json={}, version=1)

    await swept(workshop, world, at(2.01))

    assert (await read_session(world, "leo", made["id"]))["status"] == "cancelled"


async def test_a_session_that_is_over_is_concluded_and_its_line_closed(
    world: World, workshop: Workshop
) -> None:
    made = await make_session(world, seats=1)
    await enroll(world, "maya", made["id"])
    entry = (await world.as_("leo").post("/v1/waiting_entries", json={"session_id": made["id"]})).json()

    await swept(workshop, world, at(3, 2.1))
    with clock.shifted(timedelta(days=3, hours=3)):
        seen = await read_session(world, "clara", made["id"])
        line = (await world.as_("leo").get(f"/v1/waiting_entries/{entry['id']}")).json()

    assert seen["status"] == "held"
    assert seen["allowed_actions"] == ["record_attendance"]
    assert line["status"] == "closed"


@pytest.mark.parametrize(("status", "cancelled"), [("archived", True), ("paused", False)])
async def test_the_dates_of_an_archived_listing_are_cancelled(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any], status: str, *, cancelled: bool
) -> None:
    made = await make_session(world)
    await enroll(world, "maya", made["id"])
    owner.execute("UPDATE opportunities SET status = %s WHERE id = %s", [status, world["internship"]])

    await swept(workshop, world, at(0.1))

    seen = await read_session(world, "clara", made["id"])
    assert (seen["status"] == "cancelled") is cancelled


async def test_two_workers_at_once_cancel_it_once(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await make_session(world, minimum_enrollment=1)
    now = at(2.01)

    with clock.frozen(now):
        done = await asyncio.gather(*(sweep(workshop, world["lakeside"], now) for _ in range(2)))

    assert sum(done) == 1
    assert owner.execute(
        "SELECT count(*) FROM events WHERE action = 'opportunity_session.lapse'"
    ).fetchone() == (1,)


async def test_whoever_left_the_school_gives_the_seat_to_the_next_and_does_not_count(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world, seats=1)
    place = await enroll(world, "maya", made["id"])
    entry = (await world.as_("leo").post("/v1/waiting_entries", json={"session_id": made["id"]})).json()
    early = await swept(workshop, world, at(0.1))
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", [world["maya"]])

    left = await swept(workshop, world, at(0.1))
    again = await swept(workshop, world, at(0.1))

    assert (early, left, again) == (0, 1, 0)
    seen = (await world.as_("clara").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert seen["status"] == "withdrawn"
    line = (await world.as_("leo").get(f"/v1/waiting_entries/{entry['id']}")).json()
    assert line["status"] == "offered"
    assert owner.execute(
        "SELECT actor_kind FROM events WHERE action = 'session_enrollment.withdraw'"
    ).fetchall() == [("system",)]


async def test_what_was_looked_at_after_its_start_takes_place_and_says_so(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await make_session(world, minimum_enrollment=1)

    await swept(workshop, world, at(3, 1))

    assert owner.execute(
        "SELECT reason, facts ->> 'tell' FROM events WHERE action = 'opportunity_session.settle'"
    ).fetchone() == ("it had begun before it was decided", "0")


async def test_why_the_clock_cancelled_it_is_read_in_the_readers_language(
    world: World, workshop: Workshop
) -> None:
    made = await make_session(world, minimum_enrollment=1)
    await swept(workshop, world, at(2.01))

    answer = await world.as_("maya").get(
        f"/v1/opportunity_sessions/{made['id']}", headers={"Accept-Language": "es"}
    )

    assert answer.json()["reason"] == "hubo menos inscripciones de las necesarias"
