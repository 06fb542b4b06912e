"""A request to meet somebody, and the adults on its way, for tests of introductions."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from sqlalchemy import select

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.connection import ConnectionDomain, ConnectionStatus, ShareScope
from app.domain.contact import ContactStatus
from app.domain.employer import EmployerStatus
from app.features.introduction_asks import jobs
from app.features.introduction_asks import service as asks
from app.features.pool import service as pool
from app.models import Connection, Contact, Employer, GuardianLink, Hop
from tests.draining import drain
from tests.world import World

VET = "veterinarian"
GOAL = "I want to ask how a day with sick animals goes, and what to learn first."
WORDING = "Would like to hear how a day at work goes, and what to learn first."


@dataclass
class Way:
    """An introduction that was asked for, and how its student and its coordinator know it."""

    world: World
    id: UUID
    student: str = "maya"
    coordinator: str = "clara"

    @property
    def path(self) -> str:
        """Return where it is read."""
        return f"/v1/introductions/{self.id}"

    async def seen_by(self, name: str) -> dict[str, Any]:
        """Return it as somebody sees it."""
        answer = await self.world.as_(name).get(self.path)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def act(self, name: str, verb: str, **body: Any) -> Any:
        """Do something to it, from the version that somebody sees."""
        version = (await self.seen_by(name))["version"]
        options = {"json": body} if body else {}
        return await self.world.as_(name).post(f"{self.path}/{verb}", version=version, **options)


async def index(world: World, tenant: str = "lakeside") -> None:
    """Write the town's connections into the pool's index, as whoever makes one does."""
    async with working(world.database, world[tenant]) as unit:
        ids = await unit.session.scalars(select(Connection.id).where(Connection.tenant_id == world[tenant]))
        await pool.index_all(unit.session, world[tenant], list(ids))


async def add_path(world: World, contributor: str, name: str, **changes: Any) -> UUID:
    """Let somebody know a veterinarian of this name who has agreed to be asked; returns the connection."""
    employer_id, contact_id, connection_id = new_id(), new_id(), new_id()
    tenant_id = world["lakeside"]
    contact = {
        key: changes.pop(key) for key in ("monthly_cap", "offers", "email", "locale") if key in changes
    }
    school = changes.pop("school", "north")
    async with working(world.database, tenant_id) as unit:
        session = unit.session
        session.add(
            Employer(
                tenant_id=tenant_id,
                id=employer_id,
                name=f"{name} Animal Hospital",
                status=EmployerStatus.VETTED,
                monthly_contact_cap=changes.pop("cap", 4),
            )
        )
        await session.flush()
        session.add(
            Contact(
                tenant_id=tenant_id,
                id=contact_id,
                status=ContactStatus.CONSENTED,
                given_name=name,
                family_name=f"{name}feld",
                job_title="Veterinarian",
                employer_id=employer_id,
                school_id=world[school],
                suggested_by_role="guardian",
                answered_at=clock.now(),
                **{"email": f"{name.lower()}@animals.example", **contact},
            )
        )
        await session.flush()
        session.add(
            Connection(
                tenant_id=tenant_id,
                id=connection_id,
                contributor_id=world[contributor],
                school_id=world[school],
                contact_id=contact_id,
                employer_id=employer_id,
                **{
                    "status": ConnectionStatus.ACTIVE,
                    "domain": ConnectionDomain.WORK,
                    "closeness": 2,
                    "frequency": 3,
                    "offers": ["talk"],
                    "share_scope": ShareScope.TENANT,
                    **changes,
                },
            )
        )
    world.ids[name.lower()] = contact_id
    world.ids[f"{name.lower()}_connection"] = connection_id
    await index(world)
    return connection_id


async def join_family(world: World, guardian: str, student: str) -> None:
    """Make somebody a student's guardian."""
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            GuardianLink(tenant_id=world["lakeside"], student_id=world[student], guardian_id=world[guardian])
        )


async def ask(world: World, student: str = "maya", field: str = VET, goal: str = GOAL) -> Way:
    """Let a student ask to be introduced."""
    await index(world)
    made = await world.as_(student).post("/v1/introductions", json={"field": field, "goal": goal})
    assert made.status_code == 201, made.text
    return Way(world, UUID(made.json()["id"]), student, "dario" if student == "ines" else "clara")


async def approved(world: World, work: Workshop, student: str = "maya", field: str = VET) -> Way:
    """Let a student ask, let the school word it, and let the service ask the first adult."""
    way = await ask(world, student, field)
    answer = await way.act(way.coordinator, "approve", wording=WORDING)
    assert answer.status_code == 200, answer.text
    await drain(work)
    return way


async def pass_time(world: World, work: Workshop, until: datetime) -> None:
    """Let the clock do what is due at an instant; call it with the clock frozen there."""
    await jobs.sweep(work, world["lakeside"], until)
    await drain(work)


def hops(owner: psycopg.Connection[Any], way: Way, *columns: str) -> list[tuple[Any, ...]]:
    """Return columns of the hops of an introduction, first slot and contributor first."""
    names = ", ".join(columns or ("slot", "kind", "status"))
    statement = f"SELECT {names} FROM introduction_hops WHERE introduction_id = %s ORDER BY slot, kind DESC"
    return owner.execute(statement.encode(), (way.id,)).fetchall()


async def open_hop(world: World, way: Way, kind: str) -> UUID:
    """Return the hop of a kind that is asked now."""
    async with working(world.database, world["lakeside"]) as unit:
        found: UUID | None = await unit.session.scalar(
            select(Hop.id).where(
                Hop.tenant_id == world["lakeside"],
                Hop.introduction_id == way.id,
                Hop.kind == kind,
                Hop.status == "asked",
            )
        )
    assert found is not None, f"no {kind} is asked"
    return found


async def secret_of(world: World, hop_id: UUID) -> str:
    """Make the link of an ask, as the mail job does, and return its secret."""
    async with working(world.database, world["lakeside"]) as unit:
        path = await asks.link_for(unit.session, world["lakeside"], hop_id)
    assert path is not None, "nobody is asked any more"
    return path.rsplit("/", 1)[1]


async def answer(world: World, way: Way, client: Any, kind: str, given: str) -> dict[str, Any]:
    """Let whoever is asked answer by their link."""
    secret = await secret_of(world, await open_hop(world, way, kind))
    reply = await client.post(f"/v1/introduction_asks/{secret}/{given}")
    assert reply.status_code == 200, reply.text
    found: dict[str, Any] = reply.json()
    return found


def mails(home: Path) -> dict[str, list[str]]:
    """Return the text of every mail that has left, by its recipient."""
    found: dict[str, list[str]] = {}
    for file in sorted((home / "mail").glob("*.eml")):
        message = message_from_bytes(file.read_bytes())
        parts = [part.get_payload(decode=True) for part in message.walk() if not part.is_multipart()]
        text = b"\n".join(part for part in parts if isinstance(part, bytes)).decode()
        found.setdefault(str(message["To"]), []).append(f"{message['Subject']}\n{text}")
    return found


def link_in(text: str, folder: str) -> str:
    """Return the secret of a link in a letter."""
    found = re.search(rf"/{folder}/([\w-]+)", text)
    assert found is not None, text
    return found[1]


def days(number: float) -> timedelta:
    """Return a span of days."""
    return timedelta(days=number)
