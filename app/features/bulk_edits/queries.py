"""Every SQL statement of edits of many opportunities."""

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core import clock
from app.domain.policy import Actor, Role
from app.features.bulk_edits.schemas import BulkFilter
from app.models import Membership, Opportunity

_EQUAL = ("status", "type", "employer_id", "school_id", "owner_id", "remote", "pay", "credit")
_STAFF = (Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)


async def matching(session: AsyncSession, actor: Actor, where: BulkFilter, limit: int) -> list[UUID]:
    """Return up to `limit` opportunities of those that the caller may edit in bulk, the oldest first."""
    clauses: list[Any] = [allowed(actor, "opportunity.edit_in_bulk", Opportunity)]
    given = where.model_dump(exclude_none=True)
    clauses += [getattr(Opportunity, name) == given[name] for name in _EQUAL if name in given]
    if where.cluster is not None:
        clauses.append(Opportunity.clusters.contains([where.cluster.value]))
    if where.seats_free is not None:
        free = Opportunity.seats_taken < Opportunity.seats
        clauses.append(free if where.seats_free else ~free)
    if where.skill is not None:
        clauses.append(Opportunity.skills.contains([where.skill]))
    if where.tag is not None:
        clauses.append(Opportunity.tags.contains([where.tag]))
    if where.title is not None:
        clauses += [Opportunity.title.icontains(word, autoescape=True) for word in where.title.split()]
    found = await session.scalars(
        select(Opportunity.id).where(*clauses).order_by(Opportunity.created_at, Opportunity.id).limit(limit)
    )
    return list(found)


async def held(
    session: AsyncSession, actor: Actor, ids: Collection[UUID], actions: Sequence[str]
) -> dict[UUID, Opportunity]:
    """Return, locked, those of these opportunities to which the caller may do all of the actions.

    In the order of their ids, so that two who edit the same ones wait for each other, not crosswise.
    """
    found = await session.scalars(
        select(Opportunity)
        .where(Opportunity.id.in_(ids), *(allowed(actor, action, Opportunity) for action in actions))
        .order_by(Opportunity.id)
        .with_for_update(of=Opportunity)
        .execution_options(populate_existing=True)
    )
    return {opportunity.id: opportunity for opportunity in found}


async def is_staff(session: AsyncSession, tenant_id: UUID, person_id: UUID, school_id: UUID | None) -> bool:
    """Say whether a person works for the school now, or for the whole community."""
    today = clock.now().date()
    found = await session.scalar(
        select(Membership.id)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.role.in_(_STAFF),
            (Membership.school_id == school_id) | (Membership.role == Role.DISTRICT_ADMIN),
            Membership.ended_at.is_(None),
            Membership.ends_on.is_(None) | (Membership.ends_on >= today),
        )
        .limit(1)
    )
    return found is not None
