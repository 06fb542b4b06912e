"""The type decides how students take part, and the listing until when they may ask."""

from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from app.core.ids import new_id
from tests.world import World


async def _pursue(world: World, opportunity: str) -> Any:
    return await world.as_("maya").post("/v1/pursuits", json={"opportunity_id": str(world[opportunity])})


def _session(world: World, owner: psycopg.Connection[Any], opportunity: str) -> None:
    starts = clock.now() + timedelta(days=9)
    owner.execute(
        "INSERT INTO opportunity_sessions (tenant_id, id, created_at, updated_at, version, opportunity_id, employer_id,"
        " status, starts_at, ends_at, zone, seats, seats_taken, minimum_enrollment, virtual, recording)"
        " VALUES (%s, %s, now(), now(), 1, %s, %s, 'scheduled', %s, %s, 'America/Chicago', 5, 0, 0, false, 'none')",
        (
            world["lakeside"],
            new_id(),
            world[opportunity],
            world["clinic"],
            starts,
            starts + timedelta(hours=1),
        ),
    )


async def test_what_has_sessions_and_an_enrolling_type_is_not_pursued(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE opportunities SET type = 'job_shadow' WHERE id = %s", (world["school_only"],))
    _session(world, owner, "school_only")
    _session(world, owner, "internship")

    shadow = await _pursue(world, "school_only")
    internship = await _pursue(world, "internship")

    assert [shadow.status_code, shadow.json()["code"]] == [409, "enroll_instead"]
    assert internship.status_code == 201, internship.text


async def test_a_job_shadow_without_sessions_is_pursued(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE opportunities SET type = 'job_shadow' WHERE id = %s", (world["school_only"],))

    assert (await _pursue(world, "school_only")).status_code == 201


async def test_a_community_decides_how_its_students_take_part(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "UPDATE opportunities SET type = 'job_shadow', type_number = 2 WHERE id = %s", (world["school_only"],)
    )
    _session(world, owner, "school_only")
    await world.as_("ellis").patch(
        "/v1/opportunity_types/job_shadow", json={"workflow": "pursuit"}, version=1
    )

    assert (await _pursue(world, "school_only")).status_code == 201


async def test_nobody_asks_after_the_day_to_apply_by(world: World, owner: psycopg.Connection[Any]) -> None:
    today = clock.now().date()
    owner.execute(
        "UPDATE opportunities SET apply_by = %s WHERE id = %s",
        (today - timedelta(days=2), world["school_only"]),
    )
    owner.execute("UPDATE opportunities SET apply_by = %s WHERE id = %s", (today, world["internship"]))

    late = await _pursue(world, "school_only")
    in_time = await _pursue(world, "internship")

    assert [late.status_code, late.json()["code"]] == [409, "too_late_to_apply"]
    assert in_time.status_code == 201, in_time.text
