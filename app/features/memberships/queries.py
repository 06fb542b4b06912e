"""Every SQL statement of memberships."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, get
from app.core.paging import Keyset
from app.domain.membership import may_grant
from app.domain.policy import Actor, Role, may_ever
from app.features.memberships.schemas import MembershipFilters
from app.features.schools.schemas import Life
from app.models import Employer, Membership, Person

NEWEST = Keyset("memberships by creation", Membership.created_at, Membership.id, descending=True)
_COLUMNS: tuple[Any, ...] = (
    Membership.id,
    Membership.person_id,
    Membership.role,
    Membership.school_id,
    Membership.employer_id,
    Membership.begins_on,
    Membership.ends_on,
    Membership.source,
    Membership.sourced_ids,
    Membership.ended_at,
    Membership.created_at,
    Membership.version,
)
_ACTIONS = ["membership.end"]


def _memberships(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(*_COLUMNS, *actions.columns).where(allowed(actor, "membership.read", Membership))


def _finish(found: Any, actor: Actor, actions: RowActions) -> dict[str, Any]:
    row = dict(found)
    can = actions.take(row, _ACTIONS)
    if not may_ever(actor, "person.read_sourced"):
        row["sourced_ids"] = []
    row["allowed_actions"] = can if row["ended_at"] is None and may_grant(actor.roles, row["role"]) else []
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: MembershipFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 memberships, latest first."""
    actions = RowActions(actor, Membership, _ACTIONS)
    statement = _memberships(actor, actions)
    for name in ("person_id", "role", "school_id", "employer_id"):
        if (value := getattr(filters, name)) is not None:
            statement = statement.where(getattr(Membership, name) == value)
    if filters.status is not None:
        ended = Membership.ended_at.is_not(None)
        statement = statement.where(ended if filters.status is Life.ENDED else ~ended)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actor, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, membership_id: UUID) -> dict[str, Any] | None:
    """Return one membership as the caller may see it, or None."""
    actions = RowActions(actor, Membership, _ACTIONS)
    statement = _memberships(actor, actions).where(Membership.id == membership_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _finish(row, actor, actions)


async def person_of(session: AsyncSession, actor: Actor, person_id: UUID) -> Person:
    """Return the person who is to get a role, locked: two grants at once wait for each other."""
    return await get(session, actor, "person.read", Person, person_id, lock=True)


async def employer_of(session: AsyncSession, actor: Actor, employer_id: UUID) -> Employer:
    """Return the employer a supervisor is to stand at, if the caller may read it."""
    return await get(session, actor, "employer.read", Employer, employer_id)


async def is_held(
    session: AsyncSession,
    tenant_id: UUID,
    person_id: UUID,
    role: Role,
    *,
    school_id: UUID | None,
    employer_id: UUID | None,
) -> bool:
    """Say whether the person holds this role there already."""
    found = await session.scalar(
        select(literal(1)).where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.role == role,
            Membership.school_id.is_not_distinct_from(school_id),
            Membership.employer_id.is_not_distinct_from(employer_id),
            Membership.ended_at.is_(None),
        )
    )
    return found is not None


async def other_district_admins(session: AsyncSession, membership: Membership) -> int:
    """Count the tenant's other district administrators, locking all: two who end each other's role take turns."""
    found = await session.scalars(
        select(Membership.id)
        .where(
            Membership.tenant_id == membership.tenant_id,
            Membership.role == Role.DISTRICT_ADMIN,
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.id)
        .with_for_update()
    )
    return sum(1 for one in found if one != membership.id)
