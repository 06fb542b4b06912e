"""Every SQL statement of contributing by link."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.domain.policy import Actor
from app.models import Person, School, Tenant


async def schools(session: AsyncSession, tenant_id: UUID, school_ids: Collection[UUID]) -> list[School]:
    """Return those of these schools that are open, by name."""
    found = await session.scalars(
        select(School)
        .where(School.tenant_id == tenant_id, School.id.in_(school_ids), School.ended_at.is_(None))
        .order_by(School.name, School.id)
    )
    return list(found)


async def tenant(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """Return a tenant."""
    return await session.get_one(Tenant, tenant_id)


async def invitees(session: AsyncSession, actor: Actor, person_ids: Collection[UUID]) -> dict[UUID, Person]:
    """Return those of these people whom the caller may invite, locked: two invitations come one after the other."""
    found = await session.scalars(
        select(Person)
        .where(Person.id.in_(person_ids), allowed(actor, "contribution_invitation.create", Person))
        .order_by(Person.id)
        .with_for_update(of=Person, key_share=True)
    )
    return {person.id: person for person in found}
