"""Every SQL statement of listings: employers, worksites and opportunities as they are stored."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.domain.employer import EmployerStatus
from app.domain.listing_plan import MORE, WRITTEN
from app.domain.opportunity import OpportunityStatus
from app.models import Employer, Opportunity, Tenant, Worksite


async def tenant_of(session: AsyncSession, tenant_id: UUID) -> Tenant:
    """Return the tenant, for its language and time zone."""
    return await session.get_one(Tenant, tenant_id)


async def employers(
    session: AsyncSession, tenant_id: UUID
) -> list[tuple[UUID, str, str | None, EmployerStatus]]:
    """Return (id, name, external key, status) of every employer, the oldest first.

    One that was merged into another is known by its own name and key, and stands for the other.
    """
    standing = aliased(Employer)
    found = await session.execute(
        select(
            func.coalesce(standing.id, Employer.id),
            Employer.name,
            Employer.external_key,
            func.coalesce(standing.status, Employer.status, type_=Employer.status.type),
        )
        .outerjoin(
            standing,
            (standing.tenant_id == Employer.tenant_id) & (standing.id == Employer.merged_into_id),
        )
        .where(Employer.tenant_id == tenant_id)
        .order_by(Employer.created_at, Employer.id)
    )
    return [(own, name, key, status) for own, name, key, status in found]


async def worksites(session: AsyncSession, tenant_id: UUID) -> dict[str, UUID]:
    """Return the worksites that came by an import, by key."""
    found = await session.execute(
        select(Worksite.external_key, Worksite.id).where(
            Worksite.tenant_id == tenant_id, Worksite.external_key.is_not(None)
        )
    )
    return {key: own for key, own in found if key is not None}


@dataclass(frozen=True, slots=True)
class StoredOpportunity:
    """An opportunity that came by an import, as it is now, and the hash of what the import wrote."""

    id: UUID
    status: OpportunityStatus
    school_id: UUID | None
    written_hash: str | None
    columns: dict[str, Any]


async def opportunities(session: AsyncSession, tenant_id: UUID) -> dict[str, StoredOpportunity]:
    """Return the opportunities that came by an import, by key."""
    found = await session.execute(
        select(
            Opportunity.external_key,
            Opportunity.id,
            Opportunity.status,
            Opportunity.school_id,
            Opportunity.external_hash,
            *(getattr(Opportunity, name) for name in (*WRITTEN, *MORE)),
        ).where(Opportunity.tenant_id == tenant_id, Opportunity.external_key.is_not(None))
    )
    return {
        key: StoredOpportunity(
            own, status, school_id, digest, dict(zip((*WRITTEN, *MORE), values, strict=True))
        )
        for key, own, status, school_id, digest, *values in found
    }
