"""Every SQL statement of reading notifications."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import allowed
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.features.notifications.schemas import NotificationFilters
from app.models import (
    Employer,
    Event,
    Import,
    ListingCase,
    ListingChange,
    ListingReport,
    Notification,
    Opportunity,
    OpportunitySession,
    OutreachCampaign,
    Placement,
    Pursuit,
    SessionEnrollment,
    WaitingEntry,
    WeeklyPattern,
)

NEWEST = Keyset("notifications by creation", Notification.created_at, Notification.id, descending=True)


def _title() -> Any:
    """Return the name of what a notification is about: an opportunity's, also by way of pursuit or placement."""
    tenant, subject = Notification.tenant_id, Notification.subject_id
    pursued, placed, waited = aliased(Opportunity), aliased(Opportunity), aliased(Opportunity)
    return func.coalesce(
        select(Opportunity.title)
        .where(Opportunity.tenant_id == tenant, Opportunity.id == subject)
        .scalar_subquery(),
        select(pursued.title)
        .join(Pursuit, (Pursuit.tenant_id == pursued.tenant_id) & (Pursuit.opportunity_id == pursued.id))
        .where(Pursuit.tenant_id == tenant, Pursuit.id == subject)
        .scalar_subquery(),
        select(placed.title)
        .join(Placement, (Placement.tenant_id == placed.tenant_id) & (Placement.opportunity_id == placed.id))
        .where(Placement.tenant_id == tenant, Placement.id == subject)
        .scalar_subquery(),
        select(waited.title)
        .select_from(WaitingEntry)
        .outerjoin(
            OpportunitySession,
            (OpportunitySession.tenant_id == WaitingEntry.tenant_id)
            & (OpportunitySession.id == WaitingEntry.session_id),
        )
        .join(
            waited,
            (waited.tenant_id == WaitingEntry.tenant_id)
            & (waited.id == func.coalesce(WaitingEntry.opportunity_id, OpportunitySession.opportunity_id)),
        )
        .where(WaitingEntry.tenant_id == tenant, WaitingEntry.id == subject)
        .scalar_subquery(),
        *(
            _listing_title(about)
            for about in (
                ListingCase,
                ListingChange,
                ListingReport,
                OpportunitySession,
                SessionEnrollment,
                WeeklyPattern,
            )
        ),
        select(Employer.name).where(Employer.tenant_id == tenant, Employer.id == subject).scalar_subquery(),
        select(OutreachCampaign.title)
        .where(OutreachCampaign.tenant_id == tenant, OutreachCampaign.id == subject)
        .scalar_subquery(),
        select(Import.file_name).where(Import.tenant_id == tenant, Import.id == subject).scalar_subquery(),
    ).label("title")


def _listing_title(about: Any) -> Any:
    listing = aliased(Opportunity)
    return (
        select(listing.title)
        .join(about, (about.tenant_id == listing.tenant_id) & (about.opportunity_id == listing.id))
        .where(about.tenant_id == Notification.tenant_id, about.id == Notification.subject_id)
        .scalar_subquery()
    )


def _students() -> Any:
    """Return the number in the event behind a notification that tells one: the row's own may have grown since."""
    told = select(Event.facts["students"].as_integer()).where(
        Event.tenant_id == Notification.tenant_id, Event.id == Notification.event_id
    )
    return case((Notification.kind == "connection_helped_many", told.scalar_subquery())).label("students")


def _notifications(actor: Actor) -> Select[Any]:
    return select(
        Notification.id,
        Notification.kind,
        _title(),
        _students(),
        Notification.subject_type,
        Notification.subject_id,
        Notification.needs_action,
        Notification.event_id,
        Notification.read_at,
        Notification.created_at,
        Notification.version,
    ).where(allowed(actor, "notification.read", Notification))


async def page(
    session: AsyncSession, actor: Actor, filters: NotificationFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 of the caller's notifications, latest first."""
    statement = _notifications(actor)
    if filters.unread is not None:
        unread = Notification.read_at.is_(None)
        statement = statement.where(unread if filters.unread else ~unread)
    if filters.needs_action is not None:
        statement = statement.where(Notification.needs_action.is_(filters.needs_action))
    if filters.subject_id is not None:
        statement = statement.where(Notification.subject_id == filters.subject_id)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, notification_id: UUID) -> dict[str, Any]:
    """Return one notification of the caller's."""
    statement = _notifications(actor).where(Notification.id == notification_id)
    return dict((await session.execute(statement)).mappings().one())


async def mark_all_read(session: AsyncSession, actor: Actor, now: datetime) -> int:
    """Mark everything unread of the caller's as read and return how many there were."""
    marked = await session.execute(
        update(Notification)
        .where(allowed(actor, "notification.mark_read", Notification), Notification.read_at.is_(None))
        .values(read_at=now, version=Notification.version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(marked.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows
