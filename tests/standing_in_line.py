"""Students with logins of their own, and the seats and lines that the tests of them look at."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.policy import Role
from app.features.pursuits.jobs import sweep as sweep_pursuits
from app.features.reserves.jobs import sweep as sweep_reserves
from app.features.waiting_entries.jobs import sweep as sweep_lines
from app.models import OpportunitySession
from tests.world import World, settle

Owner = psycopg.Connection[Any]

# A real race on any machine. With a connection for each of forty, a slow one lets the last of them wait longer for the
# row than `lock_timeout`, and a busy server has no connection left: both are answered 503, as they should be.
RACING = {"database_pool_size": 8, "database_pool_timeout": 120.0}


async def enrol(world: World, count: int, school: str = "north", prefix: str = "s") -> list[str]:
    """Let so many students come to a school; returns their names."""
    names = [f"{prefix}{number:02}" for number in range(count)]
    async with working(world.database, world["lakeside"]) as unit:
        for name in names:
            await settle(world, unit.session, world["lakeside"], name, Role.STUDENT, school_id=world[school])
    return names


def set_seats(owner: Owner, opportunity_id: UUID, seats: int) -> None:
    """Give an opportunity this many seats."""
    owner.execute("UPDATE opportunities SET seats = %s WHERE id = %s", [seats, opportunity_id])


def seats_taken(owner: Owner, opportunity_id: UUID) -> int:
    """Count the seats that are taken."""
    row = owner.execute("SELECT seats_taken FROM opportunities WHERE id = %s", [opportunity_id]).fetchone()
    assert row is not None
    return int(row[0])


async def ask(world: World, name: str, opportunity: str = "internship") -> dict[str, Any]:
    """Let a student ask to pursue an opportunity."""
    answer = await world.as_(name).post("/v1/pursuits", json={"opportunity_id": str(world[opportunity])})
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def approve(world: World, pursuit: dict[str, Any]) -> httpx.Response:
    """Let the coordinator approve a pursuit as it is now."""
    return await world.as_("clara").post(
        f"/v1/pursuits/{pursuit['id']}/approve", version=pursuit["version"], json={}
    )


async def fill(
    world: World, owner: Owner, names: list[str], opportunity: str = "internship"
) -> list[dict[str, Any]]:
    """Give every seat of an opportunity to these students, and return their pursuits."""
    set_seats(owner, world[opportunity], len(names))
    found = []
    for name in names:
        asked = await ask(world, name, opportunity)
        answer = await approve(world, asked)
        assert answer.status_code == 200, answer.text
        found.append(answer.json())
    return found


async def release(world: World, *pursuits: dict[str, Any]) -> None:
    """Take approvals back, all in the same moment."""
    clara = world.as_("clara")
    answers = await asyncio.gather(
        *(
            clara.post(
                f"/v1/pursuits/{pursuit['id']}/release",
                version=pursuit["version"],
                json={"reason": "The site asked for it."},
            )
            for pursuit in pursuits
        )
    )
    assert [answer.status_code for answer in answers] == [200] * len(pursuits)


async def place(world: World, name: str, **filters: Any) -> dict[str, Any]:
    """Return a student's latest place in line."""
    answer = await world.as_(name).get("/v1/waiting_entries", params=filters)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["items"][0]
    return found


async def act(world: World, name: str, entry: dict[str, Any], verb: str) -> httpx.Response:
    """Let somebody do something with a place in line."""
    return await world.as_(name).post(f"/v1/waiting_entries/{entry['id']}/{verb}", version=entry["version"])


async def strike(work: Workshop, world: World) -> int:
    """Let the clock do what is due now."""
    tenant_id, now = world["lakeside"], clock.now()
    parts = (sweep_pursuits, sweep_reserves, sweep_lines)
    return sum([await part(work, tenant_id, now) for part in parts])


async def set_date(world: World, name: str, *, seats: int, opportunity: str = "internship") -> UUID:
    """Give an opportunity a session in a week; returns its id, which the town knows by that name."""
    session_id = world.ids[name] = new_id()
    starts_at = clock.now() + timedelta(days=7)
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            OpportunitySession(
                tenant_id=world["lakeside"],
                id=session_id,
                opportunity_id=world[opportunity],
                employer_id=world["clinic"],
                school_id=world["north"],
                starts_at=starts_at,
                ends_at=starts_at + timedelta(hours=2),
                zone="America/Chicago",
                seats=seats,
            )
        )
    return session_id


async def enter(world: World, name: str, session_id: UUID) -> httpx.Response:
    """Let a student take a seat in a session."""
    return await world.as_(name).post("/v1/session_enrollments", json={"session_id": str(session_id)})


async def join(world: World, name: str, session_id: UUID) -> httpx.Response:
    """Let a student stand in line for a session."""
    return await world.as_(name).post("/v1/waiting_entries", json={"session_id": str(session_id)})
