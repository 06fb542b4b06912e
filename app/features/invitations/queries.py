"""Every SQL statement of invitations."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.domain.policy import Actor, Role
from app.features.invitations.schemas import Candidate
from app.models import AccountTenant, Membership, Person, Tenant


def _candidates() -> Select[Any]:
    live = (
        Membership.tenant_id == Person.tenant_id,
        Membership.person_id == Person.id,
        Membership.ended_at.is_(None),
    )
    school = (
        select(Membership.school_id)
        .where(*live, Membership.school_id.is_not(None))
        .order_by(Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    roles = select(func.array_agg(Membership.role.distinct())).where(*live).scalar_subquery()
    has_account = exists().where(
        AccountTenant.tenant_id == Person.tenant_id, AccountTenant.person_id == Person.id
    )
    columns: tuple[Any, ...] = (Person, school, roles, has_account)
    return select(*columns).order_by(Person.id)


def _locked(statement: Select[Any]) -> Select[Any]:
    # Two invitations of one person then come one after the other, and so do their events.
    return statement.with_for_update(of=Person, key_share=True)


def _read(row: Any) -> Candidate:
    person, school_id, roles, has_account = row
    return Candidate(person, school_id, frozenset(Role(role) for role in roles or ()), has_account)


async def candidates(session: AsyncSession, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, Candidate]:
    """Return those of these people whom the caller may invite, locked."""
    found = await session.execute(
        _locked(_candidates()).where(Person.id.in_(ids), allowed(actor, "invitation.create", Person))
    )
    return {candidate.person.id: candidate for candidate in map(_read, found)}


async def candidate(
    session: AsyncSession, tenant_id: UUID, person_id: UUID, *, lock: bool
) -> Candidate | None:
    """Return one person; the unit of work is in their tenant."""
    statement = _candidates().where(Person.tenant_id == tenant_id, Person.id == person_id)
    found = (await session.execute(_locked(statement) if lock else statement)).one_or_none()
    return None if found is None else _read(found)


async def tenant(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """Return a tenant."""
    return await session.get_one(Tenant, tenant_id)
