"""Every SQL statement of trust: what an employer did so far."""

from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.tables import Event
from app.domain.moderation import CaseStatus
from app.domain.opportunity import OpportunityStatus
from app.domain.trust import TrackRecord
from app.models import ListingCase, Opportunity

_WENT_WELL = (
    OpportunityStatus.PUBLISHED,
    OpportunityStatus.STALE,
    OpportunityStatus.PAUSED,
    OpportunityStatus.ARCHIVED,
)


async def track_record(session: AsyncSession, opportunity: Opportunity, since: datetime) -> TrackRecord:
    """Return what the employer of a listing did so far, with other listings."""
    tenant_id, employer_id = opportunity.tenant_id, opportunity.employer_id
    others = and_(
        Opportunity.tenant_id == tenant_id,
        Opportunity.employer_id == employer_id,
        Opportunity.id != opportunity.id,
    )
    shown = Opportunity.published_at.is_not(None) & Opportunity.status.in_(_WENT_WELL)
    listings = (
        await session.execute(
            select(
                func.count().filter(shown),
                func.count().filter(Opportunity.status == OpportunityStatus.HIDDEN),
            ).where(others)
        )
    ).one()
    cases = (
        await session.execute(
            select(
                func.count().filter(
                    (ListingCase.status == CaseStatus.UPHELD) & (ListingCase.decided_at > since)
                ),
                func.count().filter(ListingCase.status == CaseStatus.OPEN),
            )
            .join(
                Opportunity,
                (Opportunity.tenant_id == ListingCase.tenant_id)
                & (Opportunity.id == ListingCase.opportunity_id),
            )
            .where(ListingCase.tenant_id == tenant_id, Opportunity.employer_id == employer_id)
        )
    ).one()
    suspensions = await session.scalar(
        select(func.count())
        .select_from(Event)
        .where(
            Event.tenant_id == tenant_id,
            Event.subject_id == employer_id,
            Event.action == "employer.suspend",
            Event.created_at > since,
        )
    )
    return TrackRecord(
        listings_shown=listings[0],
        reports_upheld=cases[0],
        listings_hidden=listings[1],
        suspensions=suspensions or 0,
        open_cases=cases[1],
    )
