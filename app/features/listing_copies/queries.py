"""Every SQL statement of copies."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.domain.policy import Actor
from app.domain.session import PatternStatus
from app.models import Connection, Opportunity, ProjectPhase, WeeklyPattern


async def phases(session: AsyncSession, opportunity: Opportunity) -> list[ProjectPhase]:
    """Return a project's phases in order."""
    found = await session.scalars(
        select(ProjectPhase)
        .where(ProjectPhase.tenant_id == opportunity.tenant_id, ProjectPhase.opportunity_id == opportunity.id)
        .order_by(ProjectPhase.position, ProjectPhase.id)
    )
    return list(found)


async def knows_connection(session: AsyncSession, actor: Actor, connection_id: UUID) -> bool:
    """Say whether the caller may read a connection."""
    found = await session.scalar(
        select(Connection.id).where(
            Connection.id == connection_id, allowed(actor, "connection.read", Connection)
        )
    )
    return found is not None


async def patterns(session: AsyncSession, opportunity: Opportunity) -> list[WeeklyPattern]:
    """Return the weekly patterns that nobody ended, over or not, the oldest first."""
    found = await session.scalars(
        select(WeeklyPattern)
        .where(
            WeeklyPattern.tenant_id == opportunity.tenant_id,
            WeeklyPattern.opportunity_id == opportunity.id,
            WeeklyPattern.status == PatternStatus.ACTIVE,
        )
        .order_by(WeeklyPattern.created_at, WeeklyPattern.id)
    )
    return list(found)
