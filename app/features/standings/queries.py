"""Every SQL statement of how listings stand."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.tables import Event
from app.models import Connection, Employer, Opportunity


async def employer_of(session: AsyncSession, opportunity: Opportunity) -> Employer:
    """Return who hosts it."""
    return await session.get_one(Employer, (opportunity.tenant_id, opportunity.employer_id))


async def connection_of(session: AsyncSession, opportunity: Opportunity) -> Connection | None:
    """Return the connection it came through."""
    if opportunity.connection_id is None:
        return None
    return await session.get_one(Connection, (opportunity.tenant_id, opportunity.connection_id))


async def last_paused_by(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> str | None:
    """Return what kind of author paused a listing last: `account`, `link` or `system`."""
    found: str | None = await session.scalar(
        select(Event.actor_kind)
        .where(
            Event.tenant_id == tenant_id,
            Event.subject_id == opportunity_id,
            Event.action == "opportunity.pause",
        )
        .order_by(Event.subject_seq.desc())
        .limit(1)
    )
    return found
