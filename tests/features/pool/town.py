"""More families for the town, and what they offer: for the tests of what the pool tells of itself."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select, update

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.connection import ConnectionDomain, ConnectionStatus, ShareScope
from app.domain.contact import ContactStatus
from app.domain.policy import Role
from app.features.households import service as households
from app.features.pool import jobs, service
from app.models import Connection, ConnectionField, Contact, Membership, Person
from tests.world import World


async def family(world: World, name: str, school: str = "north") -> UUID:
    """Let a guardian of their own live in Lakeside."""
    person_id = world.ids[name] = new_id()
    tenant_id = world["lakeside"]
    async with working(world.database, tenant_id) as unit:
        unit.session.add(
            Person(tenant_id=tenant_id, id=person_id, given_name=name, family_name="Newcomer", email=None)
        )
        await unit.session.flush()
        unit.session.add(
            Membership(tenant_id=tenant_id, person_id=person_id, role=Role.GUARDIAN, school_id=world[school])
        )
    return person_id


async def offer(
    world: World,
    contributor: str,
    field: str = "welder",
    *,
    school: str = "north",
    scope: ShareScope = ShareScope.TENANT,
    contact: ContactStatus | None = None,
    **more: Any,
) -> UUID:
    """Let somebody offer a workplace, or a person who stands as `contact` says; it is active and indexed."""
    connection_id, tenant_id = new_id(), world["lakeside"]
    async with working(world.database, tenant_id) as unit:
        contact_id = None
        if contact is not None:
            contact_id = new_id()
            unit.session.add(
                Contact(
                    tenant_id=tenant_id,
                    id=contact_id,
                    status=contact,
                    given_name="Wanda",
                    family_name="Weld",
                    school_id=world[school],
                    suggested_by_role="guardian",
                    visible_school_ids=more.pop("visible_school_ids", None),
                )
            )
            await unit.session.flush()
        unit.session.add(
            Connection(
                tenant_id=tenant_id,
                id=connection_id,
                status=more.pop("status", ConnectionStatus.ACTIVE),
                contributor_id=world[contributor],
                school_id=world[school],
                contact_id=contact_id,
                employer_id=world["garage"],
                domain=ConnectionDomain.FRIENDS,
                closeness=2,
                frequency=2,
                offers=["host"],
                share_scope=scope,
                fields=[field],
                **more,
            )
        )
        await service.index(unit.session, tenant_id, connection_id)
    return connection_id


async def families_offer(world: World, field: str, *names: str, **how: Any) -> None:
    """Let new families offer the same field, each once."""
    for name in names:
        if name not in world.ids:
            await family(world, name)
        await offer(world, name, field, **how)


async def withdraw(world: World, *names: str) -> None:
    """Take everything back that somebody offered."""
    async with working(world.database, world["lakeside"]) as unit:
        await unit.session.execute(
            update(Connection)
            .where(
                Connection.tenant_id == world["lakeside"],
                Connection.contributor_id.in_([world[name] for name in names]),
            )
            .values(status=ConnectionStatus.WITHDRAWN, updated_at=clock.now())
        )


async def next_batch(world: World, workshop: Workshop, weeks: int) -> None:
    """Do what the clock does for the pool, so many weeks from now."""
    now = clock.now()
    async with working(world.database, world["lakeside"]) as unit:
        await households.refresh(unit.session, world["lakeside"], now)
    with clock.shifted(timedelta(weeks=weeks)):
        await jobs.sweep(workshop, world["lakeside"], clock.now())


async def answer(world: World, who: str = "maya", field: str = "welder", **params: str) -> str:
    """Ask whether anyone at one's school knows one."""
    found = await world.as_(who).get("/v1/network/reach", params={"field": field, **params})
    assert found.status_code == 200, found.text
    (item,) = found.json()["items"]
    said: str = item["answer"]
    return said


async def fields(world: World, connection_id: UUID) -> list[str]:
    """Return what the index says of a connection."""
    async with working(world.database, world["lakeside"]) as unit:
        found = await unit.session.scalars(
            select(ConnectionField.field)
            .where(ConnectionField.connection_id == connection_id)
            .order_by(ConnectionField.field)
        )
        return list(found)
