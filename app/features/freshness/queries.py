"""Every SQL statement of the freshness board."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.paging import Keyset
from app.domain.freshness import ASKED_ALONG, LIVE, Freshness
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Actor
from app.features.freshness.schemas import FreshnessFilters
from app.models import Employer, Opportunity, Reconfirmation, ReconfirmationListing

OLDEST = Keyset("listings by confirmation", Opportunity.confirmed_at, Opportunity.id)


def _last_ask() -> Any:
    return (
        select(
            Reconfirmation.created_at.label("asked_at"),
            Reconfirmation.answer_by,
            Reconfirmation.contact_id,
            Reconfirmation.person_id,
            Reconfirmation.is_staff,
        )
        .join(
            ReconfirmationListing,
            (ReconfirmationListing.tenant_id == Reconfirmation.tenant_id)
            & (ReconfirmationListing.reconfirmation_id == Reconfirmation.id),
        )
        .where(
            ReconfirmationListing.tenant_id == Opportunity.tenant_id,
            ReconfirmationListing.opportunity_id == Opportunity.id,
            Reconfirmation.created_at > Opportunity.confirmed_at,
        )
        .order_by(Reconfirmation.created_at.desc())
        .limit(1)
        .lateral("asked")
    )


def state_is(state: Freshness, now: datetime, stale_after_days: int) -> ColumnElement[bool]:
    """Say in SQL what `domain.freshness.how_fresh` says of one listing."""
    stale_before = now - timedelta(days=stale_after_days)
    old = Opportunity.confirmed_at <= stale_before
    soon = Opportunity.confirmed_at <= stale_before + ASKED_ALONG
    published = Opportunity.status == OpportunityStatus.PUBLISHED
    match state:
        case Freshness.PAUSED:
            return Opportunity.status == OpportunityStatus.PAUSED
        case Freshness.STALE:
            return or_(Opportunity.status == OpportunityStatus.STALE, and_(published, old))
        case Freshness.DUE_SOON:
            return and_(published, soon, ~old)
        case Freshness.FRESH:
            return and_(published, ~soon)


def _board(actor: Actor, now: datetime, stale_after_days: int) -> Select[Any]:
    asked = _last_ask()
    freshness = case(
        *(
            (state_is(state, now, stale_after_days), literal(state.value))
            for state in (Freshness.PAUSED, Freshness.STALE, Freshness.DUE_SOON)
        ),
        else_=literal(Freshness.FRESH.value),
    )
    asked_of = case(
        (asked.c.contact_id.is_not(None), literal("contact")),
        (asked.c.is_staff.is_(True), literal("staff")),
        (asked.c.person_id.is_not(None), literal("supervisor")),
        (asked.c.asked_at.is_not(None), literal("nobody")),
    )
    return (
        select(
            Opportunity.id,
            Opportunity.title,
            Opportunity.status,
            freshness.label("freshness"),
            Opportunity.employer_id,
            Employer.name.label("employer_name"),
            Opportunity.school_id,
            Opportunity.owner_id,
            Opportunity.confirmed_at,
            Opportunity.confirmed_by,
            (Opportunity.confirmed_at + timedelta(days=stale_after_days)).label("stale_from"),
            asked_of.label("asked_of"),
            asked.c.asked_at,
            asked.c.answer_by,
            Opportunity.apply_by,
            Opportunity.ends_on,
            Opportunity.version,
        )
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .outerjoin(asked, literal(value=True))
        .where(
            allowed(actor, "freshness.read", Opportunity),
            Opportunity.status.in_(LIVE),
            Opportunity.confirmed_at.is_not(None),
        )
    )


async def board(
    session: AsyncSession,
    actor: Actor,
    filters: FreshnessFilters,
    after: Sequence[Any] | None,
    now: datetime,
    stale_after_days: int,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 listings that the caller looks after, the longest unconfirmed first."""
    statement = _board(actor, now, stale_after_days)
    if filters.state is not None:
        statement = statement.where(state_is(filters.state, now, stale_after_days))
    if filters.school_id is not None:
        statement = statement.where(Opportunity.school_id == filters.school_id)
    if filters.employer_id is not None:
        statement = statement.where(Opportunity.employer_id == filters.employer_id)
    rows = await session.execute(OLDEST.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]


async def counts(session: AsyncSession, actor: Actor, now: datetime, stale_after_days: int) -> dict[str, int]:
    """Return how many of the listings that the caller looks after stand in each state."""
    row = (
        (
            await session.execute(
                select(
                    *(
                        func.count().filter(state_is(state, now, stale_after_days)).label(state.value)
                        for state in Freshness
                    )
                ).where(
                    allowed(actor, "freshness.read", Opportunity),
                    Opportunity.status.in_(LIVE),
                    Opportunity.confirmed_at.is_not(None),
                )
            )
        )
        .mappings()
        .one()
    )
    return dict(row)
