"""Every SQL statement of letters about the hosts of sessions."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.contact import ContactStatus
from app.domain.session import PatternStatus, SessionStatus
from app.models import Contact, Event, Opportunity, OpportunitySession, School, Tenant, WeeklyPattern


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


async def facts(session: AsyncSession, tenant_id: UUID, event_id: UUID) -> dict[str, Any]:
    """Return the facts of an event."""
    found = await session.scalar(
        select(Event.facts).where(Event.tenant_id == tenant_id, Event.id == event_id)
    )
    return dict(found or {})


def _without_host(model: Any, tenant_id: UUID, ids: Collection[UUID], *columns: Any) -> Select[Any]:
    return (
        select(
            Opportunity.title,
            func.coalesce(School.name, Tenant.name).label("school_name"),
            model.zone,
            *columns,
        )
        .select_from(model)
        .join(Tenant, Tenant.id == model.tenant_id)
        .join(
            Opportunity,
            (Opportunity.tenant_id == model.tenant_id) & (Opportunity.id == model.opportunity_id),
        )
        .outerjoin(School, (School.tenant_id == model.tenant_id) & (School.id == model.school_id))
        .where(model.tenant_id == tenant_id, model.id.in_(ids), model.host_left_at.is_not(None))
    )


async def sessions_without_host(
    session: AsyncSession, tenant_id: UUID, ids: Collection[UUID], now: datetime
) -> list[Row[Any]]:
    """Return those of these sessions that are to come and have no host yet, by their dates."""
    found = await session.execute(
        _without_host(OpportunitySession, tenant_id, ids, OpportunitySession.starts_at)
        .where(OpportunitySession.status == SessionStatus.SCHEDULED, OpportunitySession.starts_at > now)
        .order_by(OpportunitySession.starts_at, OpportunitySession.id)
    )
    return list(found)


async def patterns_without_host(
    session: AsyncSession, tenant_id: UUID, ids: Collection[UUID]
) -> list[Row[Any]]:
    """Return those of these patterns that still come round and have no host yet."""
    found = await session.execute(
        _without_host(WeeklyPattern, tenant_id, ids, WeeklyPattern.starts_time)
        .where(WeeklyPattern.status == PatternStatus.ACTIVE)
        .order_by(Opportunity.title, WeeklyPattern.id)
    )
    return list(found)
