"""Families of the town's schools, for tests of who is asked what."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.policy import Role
from app.features.households import service as households
from app.features.outreach import jobs
from app.models import GuardianLink, Membership, Person
from tests.world import World

WORDS = "Nuestra escuela quiere que cada estudiante conozca a alguien en su trabajo."


@dataclass
class Family:
    """One child and two guardians."""

    child: UUID
    guardians: list[UUID]


async def families(world: World, number: int, *schools: str, locale: str = "en") -> list[Family]:
    """Let families move to town, each with a child at each of the schools and two guardians."""
    made = []
    async with working(world.database, world["lakeside"]) as unit:
        for _ in range(number):
            children, guardians = [new_id() for _ in schools], [new_id(), new_id()]
            for person_id in (*children, *guardians):
                unit.session.add(
                    Person(
                        tenant_id=world["lakeside"],
                        id=person_id,
                        given_name="Given",
                        family_name="Manyson",
                        email=None if person_id in children else f"{person_id.hex}@example.org",
                        locale=locale,
                    )
                )
            await unit.session.flush()
            for child, school in zip(children, schools, strict=True):
                unit.session.add(
                    Membership(
                        tenant_id=world["lakeside"],
                        person_id=child,
                        role=Role.STUDENT,
                        school_id=world[school],
                    )
                )
                for guardian in guardians:
                    unit.session.add(
                        GuardianLink(tenant_id=world["lakeside"], student_id=child, guardian_id=guardian)
                    )
            made.append(Family(children[0], guardians))
    await refresh(world)
    return made


async def refresh(world: World) -> None:
    """Bring the households in line with the links."""
    async with working(world.database, world["lakeside"]) as unit:
        await households.refresh(unit.session, world["lakeside"], clock.now())


def draft(world: World, school: str, *, days: int = 0, **changes: Any) -> dict[str, Any]:
    """Return the body of a campaign that asks everybody on its first day, if it lasts a week at most."""
    today = clock.now().date() - timedelta(days=1)  # whatever day it is at the school
    return {
        "school_id": str(world[school]),
        "title": "Who do we know?",
        "message": WORDS,
        "opens_on": today.isoformat(),
        "closes_on": (today + timedelta(days=days or 5)).isoformat(),
        **changes,
    }


async def campaign(world: World, who: str = "clara", school: str = "north", **changes: Any) -> str:
    """Open a campaign and return its path."""
    caller = world.as_(who)
    made = await caller.post("/v1/outreach_campaigns", json=draft(world, school, **changes))
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    opened = await caller.post(f"{path}/open", version=1)
    assert opened.status_code == 200, opened.text
    return path


async def sweep(work: Workshop, world: World) -> int:
    """Do what is due in Lakeside now."""
    return await jobs.sweep(work, world["lakeside"], clock.now())


async def version_of(caller: Any, path: str) -> int:
    found: httpx.Response = await caller.get(path)
    version: int = found.json()["version"]
    return version


def asks(owner: psycopg.Connection[Any]) -> dict[UUID, list[str]]:
    """Return which households were asked this month, and what."""
    found = owner.execute("SELECT household_id, clusters FROM outreach_asks WHERE NOT is_member")
    return dict(found.fetchall())


def home_of(owner: psycopg.Connection[Any], person_id: UUID) -> UUID:
    """Return somebody's household."""
    found = owner.execute(
        "SELECT household_id FROM household_members WHERE person_id = %s", (person_id,)
    ).fetchone()
    home: UUID = person_id if found is None else found[0]
    return home
