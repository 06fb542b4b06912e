"""Every SQL statement of kinds of opportunity."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.paging import Keyset
from app.models import OpportunityTypeVersion

LATEST = Keyset(
    "versions of a type", OpportunityTypeVersion.number, OpportunityTypeVersion.id, descending=True
)


async def current(session: AsyncSession, tenant_id: UUID) -> list[OpportunityTypeVersion]:
    """Return the present version of every kind that the community changed or made, by code."""
    found = await session.scalars(
        select(OpportunityTypeVersion)
        .where(OpportunityTypeVersion.tenant_id == tenant_id, OpportunityTypeVersion.current)
        .order_by(OpportunityTypeVersion.code, OpportunityTypeVersion.id)
    )
    return list(found)


async def current_of(session: AsyncSession, tenant_id: UUID, code: str) -> OpportunityTypeVersion | None:
    """Return the present version of a kind, where the community changed or made it."""
    found: OpportunityTypeVersion | None = await session.scalar(
        select(OpportunityTypeVersion).where(
            OpportunityTypeVersion.tenant_id == tenant_id,
            OpportunityTypeVersion.code == code,
            OpportunityTypeVersion.current,
        )
    )
    return found


async def numbered(
    session: AsyncSession, tenant_id: UUID, code: str, number: int
) -> OpportunityTypeVersion | None:
    """Return one version of a kind."""
    found: OpportunityTypeVersion | None = await session.scalar(
        select(OpportunityTypeVersion).where(
            OpportunityTypeVersion.tenant_id == tenant_id,
            OpportunityTypeVersion.code == code,
            OpportunityTypeVersion.number == number,
        )
    )
    return found


async def versions(
    session: AsyncSession, tenant_id: UUID, code: str, limit: int, after: list[Any] | None
) -> list[OpportunityTypeVersion]:
    """Return up to limit + 1 stored versions of a kind, the latest first, behind `after`."""
    statement = select(OpportunityTypeVersion).where(
        OpportunityTypeVersion.tenant_id == tenant_id, OpportunityTypeVersion.code == code
    )
    return list(await session.scalars(LATEST.cut(statement, after, limit)))


async def lock(session: AsyncSession, tenant_id: UUID) -> None:
    """Let one person at a time change the kinds of a community, until the transaction ends."""
    key = func.hashtextextended(f"opportunity types {tenant_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))
