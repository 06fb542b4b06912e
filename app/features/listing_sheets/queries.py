"""Every SQL statement of listings as a sheet."""

from collections.abc import AsyncIterator, Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.listing_plan import MORE, UNNAMED, WRITTEN
from app.models import Employer, Opportunity, School, Worksite

Clause = ColumnElement[bool]
# What a sheet of any length holds in memory: a few megabytes, and nobody else waits long for them to be written.
AT_ONCE = 500


def _statement(*clauses: Clause) -> Select[Any]:
    return (
        select(
            Opportunity.id,
            Opportunity.status,
            Opportunity.seats_taken,
            Opportunity.external_hash,
            Opportunity.school_id,
            func.date(Opportunity.confirmed_at).label("last_confirmed_on"),
            # A listing whose host nobody named says nothing of an organisation.
            case((Employer.external_key == UNNAMED, None), else_=Employer.name).label("organisation"),
            Worksite.street,
            Worksite.city,
            Worksite.region,
            Worksite.postal_code,
            Worksite.latitude,
            Worksite.longitude,
            School.name.label("school"),
            *(getattr(Opportunity, name) for name in (*WRITTEN, *MORE)),
        )
        .join(
            Employer,
            (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id),
        )
        .outerjoin(
            Worksite,
            (Worksite.tenant_id == Opportunity.tenant_id) & (Worksite.id == Opportunity.worksite_id),
        )
        .outerjoin(School, (School.tenant_id == Opportunity.tenant_id) & (School.id == Opportunity.school_id))
        .where(*clauses)
    )


async def every(session: AsyncSession, clauses: Collection[Clause]) -> AsyncIterator[list[dict[str, Any]]]:
    """Read the listings that all clauses let through, in one snapshot and a fixed order, some at a time."""
    statement = _statement(*clauses).order_by(Opportunity.created_at, Opportunity.id)
    result = await session.stream(statement, execution_options={"yield_per": AT_ONCE})
    async for part in result.mappings().partitions():
        yield [dict(row) for row in part]


async def by_ids(session: AsyncSession, tenant_id: UUID, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return the listings of the tenant that have these ids."""
    found = await session.execute(
        _statement(Opportunity.tenant_id == tenant_id, Opportunity.id.in_(ids)).order_by(Opportunity.id)
    )
    return {row["id"]: dict(row) for row in found.mappings()}


async def locked(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> Opportunity:
    """Return a listing as it is now, locked until the end of this unit of work."""
    return (
        await session.scalars(
            select(Opportunity)
            .where(Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one()
