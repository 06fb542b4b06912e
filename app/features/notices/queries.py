"""Every SQL statement of notices: whom an event concerns, and what they are told."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.introduction_hop import HopStatus
from app.domain.policy import Role
from app.domain.session import EnrollmentStatus
from app.models import (
    AdvisorLink,
    Connection,
    Contact,
    Employer,
    GuardianLink,
    Hop,
    HostAsk,
    Import,
    Introduction,
    ListingCase,
    ListingChange,
    ListingReport,
    MapEntry,
    MapShare,
    Meeting,
    Membership,
    Notification,
    Opportunity,
    OpportunitySession,
    OutreachCampaign,
    Person,
    PhaseFeedback,
    Placement,
    Pursuit,
    RelationshipRound,
    RoundStudent,
    SavedSearch,
    SessionEnrollment,
    TeamMember,
    VideoConsent,
    WaitingEntry,
    WeeklyPattern,
)

Statement = Select[*tuple[Any, ...]]


class Concern(NamedTuple):
    """Whose business a subject is, as far as its row says; the instants are what letters tell of it."""

    school_id: UUID | None = None
    student_id: UUID | None = None
    contributor_id: UUID | None = None
    owner_id: UUID | None = None
    adult_id: UUID | None = None
    round_id: UUID | None = None
    session_id: UUID | None = None
    team_id: UUID | None = None
    employer_id: UUID | None = None
    importer_id: UUID | None = None
    until: date | None = None
    held_until: datetime | None = None


class Recipient(NamedTuple):
    """Somebody who is told."""

    person_id: UUID
    has_mailbox: bool


_SUBJECTS: Mapping[str, tuple[Any, Statement]] = {
    "pursuit": (
        Pursuit,
        select(
            Pursuit.student_id,
            Pursuit.school_id,
            Pursuit.expires_on.label("until"),
        ),
    ),
    "waiting_entry": (
        WaitingEntry,
        select(WaitingEntry.student_id, WaitingEntry.school_id, WaitingEntry.offer_until.label("held_until")),
    ),
    "placement": (
        Placement,
        select(Placement.student_id, Placement.school_id, Placement.contributor_id, Placement.employer_id),
    ),
    "connection": (Connection, select(Connection.contributor_id, Connection.school_id)),
    "contact": (Contact, select(Contact.school_id)),
    "employer": (Employer, select(Employer.owner_id)),
    "introduction": (
        Introduction,
        # The contributor is concerned from the last yes on, and not a moment before.
        select(Introduction.student_id, Introduction.school_id, Meeting.contributor_id).outerjoin(
            Meeting,
            (Meeting.tenant_id == Introduction.tenant_id) & (Meeting.introduction_id == Introduction.id),
        ),
    ),
    # An ask that is over already is not told.
    "introduction_hop": (
        Hop,
        select(Hop.person_id.label("contributor_id")).where(Hop.status == HopStatus.ASKED),
    ),
    "opportunity": (
        Opportunity,
        select(Opportunity.owner_id, Opportunity.school_id, Connection.contributor_id).outerjoin(
            Connection,
            (Connection.tenant_id == Opportunity.tenant_id) & (Connection.id == Opportunity.connection_id),
        ),
    ),
    "listing_case": (ListingCase, select(ListingCase.school_id)),
    "listing_change": (
        ListingChange,
        select(ListingChange.school_id, Opportunity.owner_id).join(
            Opportunity,
            (Opportunity.tenant_id == ListingChange.tenant_id)
            & (Opportunity.id == ListingChange.opportunity_id),
        ),
    ),
    "listing_report": (ListingReport, select(ListingReport.reporter_id.label("owner_id"))),
    "opportunity_session": (
        OpportunitySession,
        select(
            OpportunitySession.id.label("session_id"),
            OpportunitySession.school_id,
            OpportunitySession.host_person_id.label("adult_id"),
            OpportunitySession.employer_id,
            Opportunity.owner_id,
        ).join(
            Opportunity,
            (Opportunity.tenant_id == OpportunitySession.tenant_id)
            & (Opportunity.id == OpportunitySession.opportunity_id),
        ),
    ),
    "weekly_pattern": (
        WeeklyPattern,
        select(WeeklyPattern.school_id, Opportunity.owner_id).join(
            Opportunity,
            (Opportunity.tenant_id == WeeklyPattern.tenant_id)
            & (Opportunity.id == WeeklyPattern.opportunity_id),
        ),
    ),
    "session_enrollment": (
        SessionEnrollment,
        select(SessionEnrollment.student_id, SessionEnrollment.school_id),
    ),
    "video_consent": (VideoConsent, select(VideoConsent.student_id, VideoConsent.school_id)),
    "map_entry": (MapEntry, select(MapEntry.student_id)),
    # One that was taken back before anybody was told of it is not told.
    "map_share": (MapShare, select(MapShare.adult_id).where(MapShare.revoked_at.is_(None))),
    "saved_search": (SavedSearch, select(SavedSearch.person_id.label("owner_id"))),
    "relationship_round": (
        RelationshipRound,
        select(RelationshipRound.school_id, RelationshipRound.id.label("round_id")),
    ),
    "round_student": (
        RoundStudent,
        select(RoundStudent.school_id, RoundStudent.volunteer_id.label("adult_id")),
    ),
    "host_ask": (
        HostAsk,
        select(HostAsk.school_id, Employer.owner_id).join(
            Employer, (Employer.tenant_id == HostAsk.tenant_id) & (Employer.id == HostAsk.employer_id)
        ),
    ),
    "phase_feedback": (PhaseFeedback, select(PhaseFeedback.school_id, PhaseFeedback.team_id)),
    "outreach_campaign": (OutreachCampaign, select(OutreachCampaign.school_id)),
    "import": (
        Import,
        select(func.coalesce(Import.applied_by_id, Import.created_by_id).label("importer_id")),
    ),
}


async def concern(session: AsyncSession, tenant_id: UUID, noun: str, subject_id: UUID) -> Concern | None:
    """Return whose business a subject is; None for a noun nobody is told about, or a row that is gone."""
    if noun not in _SUBJECTS:
        return None
    model, statement = _SUBJECTS[noun]
    found = await session.execute(statement.where(model.tenant_id == tenant_id, model.id == subject_id))
    row = found.mappings().one_or_none()
    return None if row is None else Concern(**row)


def _people(tenant_id: UUID) -> Statement:
    return select(Person.id, Person.email.is_not(None)).where(
        Person.tenant_id == tenant_id, Person.enabled, Person.ended_at.is_(None)
    )


async def _found(session: AsyncSession, statement: Statement) -> list[Recipient]:
    return [Recipient(*row) for row in await session.execute(statement.order_by(Person.id))]


async def persons(session: AsyncSession, tenant_id: UUID, person_ids: list[UUID]) -> list[Recipient]:
    """Return those of the named people who are still here."""
    return await _found(session, _people(tenant_id).where(Person.id.in_(person_ids)))


async def guardians(session: AsyncSession, tenant_id: UUID, student_id: UUID, today: date) -> list[Recipient]:
    """Return the guardians who may see what the student does and may be written to."""
    links = select(GuardianLink.guardian_id).where(
        GuardianLink.tenant_id == tenant_id,
        GuardianLink.student_id == student_id,
        GuardianLink.may_see,
        ~GuardianLink.no_contact,
        GuardianLink.ended_at.is_(None),
        or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
    )
    return await _found(session, _people(tenant_id).where(Person.id.in_(links)))


async def advisors(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> list[Recipient]:
    """Return the student's advisors."""
    links = select(AdvisorLink.advisor_id).where(
        AdvisorLink.tenant_id == tenant_id,
        AdvisorLink.student_id == student_id,
        AdvisorLink.ended_at.is_(None),
    )
    return await _found(session, _people(tenant_id).where(Person.id.in_(links)))


async def members(
    session: AsyncSession,
    tenant_id: UUID,
    role: Role,
    today: date,
    *,
    school_id: UUID | None = None,
    employer_id: UUID | None = None,
) -> list[Recipient]:
    """Return the people who hold a role today, at a school or an employer where one is named."""
    held = select(Membership.person_id).where(
        Membership.tenant_id == tenant_id,
        Membership.role == role,
        Membership.ended_at.is_(None),
        or_(Membership.begins_on.is_(None), Membership.begins_on <= today),
        or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
    )
    if school_id is not None:
        held = held.where(Membership.school_id == school_id)
    if employer_id is not None:
        held = held.where(Membership.employer_id == employer_id)
    return await _found(session, _people(tenant_id).where(Person.id.in_(held)))


async def round_students(session: AsyncSession, tenant_id: UUID, round_id: UUID) -> list[Recipient]:
    """Return the students whom a relationship mapping round asks."""
    asked = select(RoundStudent.student_id).where(
        RoundStudent.tenant_id == tenant_id, RoundStudent.round_id == round_id
    )
    return await _found(session, _people(tenant_id).where(Person.id.in_(asked)))


async def team(session: AsyncSession, tenant_id: UUID, team_id: UUID) -> list[Recipient]:
    """Return the students of a project's team."""
    members = select(TeamMember.student_id).where(
        TeamMember.tenant_id == tenant_id, TeamMember.team_id == team_id
    )
    return await _found(session, _people(tenant_id).where(Person.id.in_(members)))


async def enrolled(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> list[Recipient]:
    """Return the students who have a seat in a session now."""
    having = select(SessionEnrollment.student_id).where(
        SessionEnrollment.tenant_id == tenant_id,
        SessionEnrollment.session_id == session_id,
        SessionEnrollment.status == EnrollmentStatus.ENROLLED,
    )
    return await _found(session, _people(tenant_id).where(Person.id.in_(having)))


async def add_notifications(session: AsyncSession, rows: list[dict[str, Any]]) -> None:
    """Write notifications down; one that a person has from the same event already stays as it is."""
    if rows:
        await session.execute(insert(Notification).on_conflict_do_nothing(), rows)
