"""Every SQL statement of what a listing offers."""

from datetime import date
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.contact import ContactStatus
from app.models import Connection, Contact, Opportunity, ProjectPhase, School


async def comes_through_alumnus(session: AsyncSession, opportunity: Opportunity) -> bool:
    """Say whether the person it came through graduated from a school of the community, and takes part."""
    found = await session.scalar(
        select(Contact.id)
        .join(Connection, (Connection.tenant_id == Contact.tenant_id) & (Connection.contact_id == Contact.id))
        .where(
            Connection.tenant_id == opportunity.tenant_id,
            Connection.id == opportunity.connection_id,
            Contact.alumnus_of.is_not(None),
            Contact.status == ContactStatus.CONSENTED,
        )
    )
    return found is not None


async def phases(session: AsyncSession, opportunity: Opportunity) -> int:
    """Return how many phases a project has."""
    found = await session.scalar(
        select(func.count())
        .select_from(ProjectPhase)
        .where(ProjectPhase.tenant_id == opportunity.tenant_id, ProjectPhase.opportunity_id == opportunity.id)
    )
    return found or 0


async def window_of_phases(
    session: AsyncSession, opportunity: Opportunity
) -> tuple[date | None, date | None]:
    """Return the first and the last day of a project's phases; None where there are none."""
    row = (
        await session.execute(
            select(func.min(ProjectPhase.starts_on), func.max(ProjectPhase.ends_on)).where(
                ProjectPhase.tenant_id == opportunity.tenant_id,
                ProjectPhase.opportunity_id == opportunity.id,
            )
        )
    ).one()
    return row[0], row[1]


async def zone_of_school(session: AsyncSession, tenant_id: UUID, school_id: UUID) -> str:
    """Return a school's time zone."""
    return (
        await session.scalars(
            select(School.zone).where(School.tenant_id == tenant_id, School.id == school_id)
        )
    ).one()
