"""Every SQL statement of letters to those who host a session without an account."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.contact import ContactStatus
from app.models import Contact, Event, Opportunity, OpportunitySession, School, Tenant


class Told(NamedTuple):
    """What a letter tells of a session."""

    tenant_name: str
    school_name: str
    opportunity_title: str
    starts_at: datetime
    zone: str


async def host(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> Contact | None:
    """Return a contact who hosts, if they still take part and can be written to."""
    found: Contact | None = await session.scalar(
        select(Contact).where(
            Contact.tenant_id == tenant_id,
            Contact.id == contact_id,
            Contact.status == ContactStatus.CONSENTED,
            Contact.email.is_not(None),
        )
    )
    return found


async def told(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> Told | None:
    """Return what a letter tells of a session, or None when it is gone."""
    found = await session.execute(
        select(
            Tenant.name,
            func.coalesce(School.name, Tenant.name),
            Opportunity.title,
            OpportunitySession.starts_at,
            OpportunitySession.zone,
        )
        .select_from(OpportunitySession)
        .join(Tenant, Tenant.id == OpportunitySession.tenant_id)
        .join(
            Opportunity,
            (Opportunity.tenant_id == OpportunitySession.tenant_id)
            & (Opportunity.id == OpportunitySession.opportunity_id),
        )
        .outerjoin(
            School,
            (School.tenant_id == OpportunitySession.tenant_id) & (School.id == OpportunitySession.school_id),
        )
        .where(OpportunitySession.tenant_id == tenant_id, OpportunitySession.id == session_id)
    )
    row = found.one_or_none()
    return None if row is None else Told(*row)


async def reason(session: AsyncSession, tenant_id: UUID, event_id: UUID) -> str | None:
    """Return the reason an event was given."""
    found: str | None = await session.scalar(
        select(Event.reason).where(Event.tenant_id == tenant_id, Event.id == event_id)
    )
    return found
