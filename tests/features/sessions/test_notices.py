"""Who hears of what happens to a session, and what it leaves in the ledger of ties."""

from datetime import timedelta
from typing import Any

import psycopg

from app.core import clock
from app.core.jobs import Workshop
from app.features.sessions.jobs import sweep
from tests.draining import Drain
from tests.sessioning import at, enroll, make_session
from tests.world import World

Owner = psycopg.Connection[Any]
PATH = "/v1/opportunity_sessions"


def letters(owner: Owner) -> set[tuple[str, str]]:
    """Return (letter, reader's address) of every mail that has left."""
    rows = owner.execute(
        "SELECT template, coalesce(p.email, c.email) FROM mails m"
        " LEFT JOIN people p ON p.tenant_id = m.tenant_id AND p.id = m.person_id"
        " LEFT JOIN contacts c ON c.tenant_id = m.tenant_id AND c.id = m.contact_id WHERE m.state IN ('sent', 'done')"
    ).fetchall()
    return {(template, address) for template, address in rows}


async def test_everybody_hears_that_too_few_enrolled(
    world: World, workshop: Workshop, drain: Drain, owner: Owner
) -> None:
    await _session_with_maya(world, minimum_enrollment=2)
    now = at(2.01)

    with clock.frozen(now):
        await sweep(workshop, world["lakeside"], now)
        await drain()

    assert letters(owner) >= {
        ("place_lapsed", "maya@example.org"),
        ("place_lapsed_for_family", "omar@example.org"),
        ("session_lapsed", "sam@example.org"),
        ("session_called_off", "vera@clinic.example"),
    }


async def test_everybody_hears_why_a_session_was_cancelled(world: World, drain: Drain, owner: Owner) -> None:
    made = await _session_with_maya(world)
    await drain()

    await world.as_("clara").post(
        f"{PATH}/{made['id']}/cancel", json={"reason": "The vet is ill."}, version=1
    )
    await drain()

    assert letters(owner) >= {
        ("place_cancelled", "maya@example.org"),
        ("place_cancelled_for_family", "omar@example.org"),
        ("session_cancelled", "sam@example.org"),
        ("session_called_off", "vera@clinic.example"),
    }
    seen = (await world.as_("maya").get("/v1/notifications")).json()["items"]
    assert [item["kind"] for item in seen][:1] == ["place_cancelled"]
    assert "Veterinary assistant internship" in str(seen[0])


async def test_a_new_time_is_told_to_the_enrolled_and_the_host_and_more_seats_to_nobody(
    world: World, drain: Drain, owner: Owner
) -> None:
    made = await _session_with_maya(world)
    more = await world.as_("clara").patch(f"{PATH}/{made['id']}", json={"seats": 9}, version=1)
    await drain()
    before = letters(owner)

    await world.as_("clara").patch(
        f"{PATH}/{made['id']}",
        json={"starts_at": at(5).isoformat(), "ends_at": at(5, 1).isoformat()},
        version=more.json()["version"],
    )
    await drain()

    assert before & {("session_changed", "maya@example.org")} == set()
    assert letters(owner) - before == {
        ("session_changed", "maya@example.org"),
        ("session_moved", "vera@clinic.example"),
    }


async def test_who_came_has_a_tie_to_the_host_and_none_when_that_was_a_mistake(
    world: World, drain: Drain, owner: Owner
) -> None:
    made = await _session_with_maya(world)
    (place,) = (await world.as_("maya").get("/v1/session_enrollments")).json()["items"]
    path = f"{PATH}/{made['id']}/record_attendance"
    tie = (
        "SELECT t.origin, t.ended_on IS NULL, e.evidence FROM ties t"
        " JOIN tie_entries e ON e.tenant_id = t.tenant_id AND e.tie_id = t.id AND e.seq = 1"
        " WHERE t.student_id = %s AND t.contact_id = %s"
    )
    ends = (world["maya"], world["cousin"])

    with clock.shifted(timedelta(days=3, hours=1)):
        came = await world.as_("clara").post(path, json={"attended": [place["id"]]}, version=1)
        await drain()
        after = owner.execute(tie, ends).fetchone()
        await world.as_("clara").post(path, json={"no_show": [place["id"]]}, version=came.json()["version"])
        await drain()

    assert came.status_code == 200, came.text
    assert after == ("employer", True, "session")
    assert owner.execute(tie, ends).fetchone() == ("employer", False, "session")


async def _session_with_maya(world: World, **changes: Any) -> dict[str, Any]:
    made = await make_session(world, host_contact_id=str(world["cousin"]), **changes)
    await enroll(world, "maya", made["id"])
    return made
