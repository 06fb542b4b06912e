"""Every SQL statement of an employer's reliability."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.tables import Event
from app.domain.freshness import ReconfirmationStatus
from app.domain.host_again import HostAskStatus
from app.domain.moderation import CaseStatus
from app.domain.placement import PlacementStatus
from app.domain.session import EnrollmentStatus, SessionStatus
from app.models import (
    HostAsk,
    ListingCase,
    Opportunity,
    OpportunitySession,
    Placement,
    Reconfirmation,
    SessionEnrollment,
)


def _if(condition: ColumnElement[bool]) -> Any:
    return func.count().filter(condition)


async def _one(session: AsyncSession, statement: Select[Any]) -> dict[str, int]:
    row = (await session.execute(statement)).mappings().one()
    return {name: int(value or 0) for name, value in row.items()}


async def facts(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, since: datetime, now: datetime
) -> dict[str, int]:
    """Return what happened with an employer since an instant, as counts."""

    def of(model: Any, *columns: Any) -> Select[Any]:
        return select(*columns).where(
            model.tenant_id == tenant_id, model.employer_id == employer_id, model.created_at > since
        )

    listings = await _one(
        session,
        of(
            Opportunity,
            func.count().label("listings_published"),
            func.sum(Opportunity.seats).label("seats_offered"),
        ).where(Opportunity.published_at.is_not(None)),
    )
    placements = await _one(
        session,
        of(
            Placement,
            _if(Placement.status != PlacementStatus.NO_SHOW).label("placed"),
            _if(Placement.status == PlacementStatus.COMPLETED).label("placements_completed"),
            _if(Placement.status == PlacementStatus.ENDED_EARLY).label("placements_ended_early"),
            _if(Placement.status == PlacementStatus.NO_SHOW).label("placement_no_shows"),
        ),
    )
    held = OpportunitySession.status == SessionStatus.HELD
    by_a_person = OpportunitySession.decided_by_id.is_not(None)
    sessions = await _one(
        session,
        of(
            OpportunitySession,
            _if(held).label("sessions_held"),
            _if((OpportunitySession.status == SessionStatus.CANCELLED) & by_a_person).label(
                "sessions_cancelled"
            ),
        ),
    )
    enrollments = await _one(
        session,
        of(
            SessionEnrollment,
            _if(SessionEnrollment.status == EnrollmentStatus.ATTENDED).label("attended"),
            _if(SessionEnrollment.status == EnrollmentStatus.NO_SHOW).label("session_no_shows"),
        ),
    )
    holds = await _one(
        session,
        of(
            Reconfirmation,
            _if(Reconfirmation.answer_by <= now).label("over"),
            _if(Reconfirmation.status == ReconfirmationStatus.ANSWERED).label("answered"),
            _if(
                (Reconfirmation.status == ReconfirmationStatus.ANSWERED) & (Reconfirmation.answer_by <= now)
            ).label("both"),
        ).where(~Reconfirmation.is_staff),
    )
    again = await _one(
        session,
        of(
            HostAsk,
            func.count().label("asked"),
            _if(HostAsk.status == HostAskStatus.ANSWERED).label("answered"),
        ).where(HostAsk.status != HostAskStatus.ASKED),
    )
    of_employer = select(Opportunity.id).where(
        Opportunity.tenant_id == tenant_id, Opportunity.employer_id == employer_id
    )
    silent = await session.scalar(
        select(func.count())
        .select_from(Event)
        .where(
            Event.tenant_id == tenant_id,
            Event.subject_id.in_(of_employer),
            Event.action == "opportunity.pause",
            Event.actor_kind == "system",
            Event.facts.has_key("asked_at"),  # only silence says when it was asked
            Event.created_at > since,
        )
    )
    upheld = await session.scalar(
        select(func.count())
        .select_from(ListingCase)
        .where(
            ListingCase.tenant_id == tenant_id,
            ListingCase.opportunity_id.in_(of_employer),
            ListingCase.status == CaseStatus.UPHELD,
            ListingCase.decided_at > since,
        )
    )
    return {
        **listings,
        "seats_filled": placements["placed"] + enrollments["attended"],
        "sessions_held": sessions["sessions_held"],
        "sessions_cancelled": sessions["sessions_cancelled"],
        "placements_completed": placements["placements_completed"],
        "placements_ended_early": placements["placements_ended_early"],
        # One that may still be answered counts when it is.
        "questions_asked": holds["over"] + holds["answered"] - holds["both"] + again["asked"],
        "questions_answered": holds["answered"] + again["answered"],
        "listings_paused_by_silence": silent or 0,
        "student_no_shows": placements["placement_no_shows"] + enrollments["session_no_shows"],
        "reports_upheld": upheld or 0,
    }
