"""Every SQL statement of sessions."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, case, false, func, null, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.access.scopes import me
from app.core.languages import Language
from app.core.paging import Keyset
from app.domain.contact import ContactStatus
from app.domain.opportunity import OPEN_TO_STUDENTS, OpportunityStatus
from app.domain.policy import Actor, Role, may_ever
from app.domain.session import (
    LIVE,
    PRESENT,
    TRANSITIONS,
    EnrollmentStatus,
    SessionStatus,
    in_language,
    sees_join_link,
)
from app.domain.speed_networking import fewest_at_a_table
from app.features.sessions.schemas import SessionListFilters
from app.models import (
    Contact,
    Employer,
    Membership,
    Opportunity,
    OpportunitySession,
    Person,
    School,
    SessionEnrollment,
    Tenant,
    VideoConsent,
    Worksite,
)

_S = OpportunitySession

VERBS = verbs("opportunity_session", TRANSITIONS)
VERBS[SessionStatus.SCHEDULED.value] += [
    "opportunity_session.draw_speed_rounds",
    "opportunity_session.reserve",
]
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

SOONEST = Keyset("sessions by start", _S.starts_at, _S.id)
LATEST = Keyset("sessions by start, the latest first", _S.starts_at, _S.id, descending=True)


def order(filters: SessionListFilters) -> Keyset:
    """Return the order of a list: what is over is read from its end."""
    return LATEST if filters.when == "past" else SOONEST


def _enrolled(statuses: Collection[EnrollmentStatus]) -> ColumnElement[int]:
    return (
        select(func.count())
        .select_from(SessionEnrollment)
        .where(
            SessionEnrollment.tenant_id == _S.tenant_id,
            SessionEnrollment.session_id == _S.id,
            SessionEnrollment.status.in_(statuses),
        )
        .correlate(_S)
        .scalar_subquery()
    )


def _host_name() -> ColumnElement[str | None]:
    # A contact on a break, or gone, hosts nothing that anybody is told of.
    agreed = Contact.status == ContactStatus.CONSENTED
    return case(
        (agreed, func.concat(Contact.given_name, " ", func.left(Contact.family_name, 1), ".")),
        (
            Person.ended_at.is_(None) & Person.id.is_not(None),
            func.concat(Person.given_name, " ", func.left(Person.family_name, 1), "."),
        ),
        else_=null(),
    )


_ITEM: tuple[Any, ...] = (
    _S.id,
    _S.status,
    _S.opportunity_id,
    Opportunity.title.label("opportunity_title"),
    Opportunity.type,
    Opportunity.status.label("opportunity_status"),
    _S.employer_id,
    Employer.name.label("employer_name"),
    _S.school_id,
    _S.pattern_id,
    _S.starts_at,
    _S.ends_at,
    _S.zone,
    _S.seats,
    (_S.seats - _S.seats_taken).label("seats_free"),
    _enrolled(LIVE).label("enrolled"),
    _enrolled(PRESENT).label("present"),
    _S.minimum_enrollment,
    _S.settled_at,
    _host_name().label("host_name"),
    _S.host_left_at.is_not(None).label("needs_host"),
    case((Contact.status == ContactStatus.CONSENTED, Contact.job_title), else_=null()).label("job_title"),
    _S.virtual,
    _S.recording,
    _S.join_url,
    _S.place_note,
    Worksite.city,
    _S.decision_reason.label("reason"),
    _S.created_at,
    _S.version,
)


def _runs(actor: Actor) -> ColumnElement[bool]:
    joining = "opportunity_session.read_joining"
    return allowed(actor, joining, _S) if may_ever(actor, joining) else false()


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    mine = (SessionEnrollment.tenant_id == _S.tenant_id) & (SessionEnrollment.session_id == _S.id)
    return (
        select(
            *_ITEM,
            _runs(actor).label("runs_it"),
            SessionEnrollment.id.label("enrollment_id"),
            SessionEnrollment.status.label("enrollment_status"),
            SessionEnrollment.audio_only,
            *actions.columns,
        )
        .select_from(_S)
        .join(Opportunity, (Opportunity.tenant_id == _S.tenant_id) & (Opportunity.id == _S.opportunity_id))
        .join(Employer, (Employer.tenant_id == _S.tenant_id) & (Employer.id == _S.employer_id))
        .outerjoin(Worksite, (Worksite.tenant_id == _S.tenant_id) & (Worksite.id == Opportunity.worksite_id))
        .outerjoin(Contact, (Contact.tenant_id == _S.tenant_id) & (Contact.id == _S.host_contact_id))
        .outerjoin(Person, (Person.tenant_id == _S.tenant_id) & (Person.id == _S.host_person_id))
        .outerjoin(
            SessionEnrollment,
            and_(mine, SessionEnrollment.student_id == me(actor), SessionEnrollment.status.in_(LIVE)),
        )
        .where(allowed(actor, "opportunity_session.read", _S))
    )


def _finish(
    row: dict[str, Any], actor: Actor, actions: RowActions, now: datetime, hours: int, language: Language
) -> dict[str, Any]:
    status: SessionStatus = row["status"]
    runs_it, settled_at = row.pop("runs_it"), row.pop("settled_at")
    opportunity_status: OpportunityStatus = row.pop("opportunity_status")
    enrollment_id, enrollment = row.pop("enrollment_id"), row.pop("enrollment_status")
    audio_only, host_name, job_title = row.pop("audio_only"), row.pop("host_name"), row.pop("job_title")
    row["host"] = None if host_name is None else {"name": host_name.strip(), "job_title": job_title}
    open_question = status is SessionStatus.SCHEDULED and row["minimum_enrollment"] and settled_at is None
    row["decides_at"] = row["starts_at"] - timedelta(hours=hours) if open_question else None
    row["my_enrollment"] = None
    if enrollment_id is not None:
        row["my_enrollment"] = {"id": enrollment_id, "status": enrollment, "audio_only": audio_only}
    if not sees_join_link(status, enrollment, staff=runs_it):
        row["join_url"] = None
    row["needs_host"] = row["needs_host"] and runs_it and status is SessionStatus.SCHEDULED
    row["reason"] = in_language(row["reason"], language)
    begun = row["starts_at"] <= now
    enough = row.pop("present") >= fewest_at_a_table(virtual=row["virtual"])
    # What has begun is not changed any more, and nobody was anywhere before it began; a rota is drawn until the end.
    now_is_right = {"record_attendance": begun, "draw_speed_rounds": enough and row["ends_at"] > now}
    can = actions.take(row, VERBS[status.value])
    possible = [verb for verb in can if now_is_right.get(verb, not begun)]
    if (
        Role.STUDENT in actor.roles
        and status is SessionStatus.SCHEDULED
        and not begun
        and opportunity_status in OPEN_TO_STUDENTS
        and enrollment_id is None
    ):
        possible.append("enroll" if row["seats_free"] > 0 else "join_line")
    row["allowed_actions"] = sorted(possible)
    return row


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: SessionListFilters,
    after: Sequence[Any] | None,
    now: datetime,
    hours: int,
    language: Language,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 sessions the caller may read, in the order of these filters, behind `after`."""
    actions = RowActions(actor, _S, _ACTIONS)
    statement = _selected(actor, actions)
    for name in ("opportunity_id", "employer_id", "school_id", "pattern_id", "status", "virtual"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(getattr(_S, name) == value)
    if filters.mine is not None:
        has_place = SessionEnrollment.id.is_not(None)
        statement = statement.where(has_place if filters.mine else ~has_place)
    if filters.needs_host is not None:
        needs = and_(_S.host_left_at.is_not(None), _S.status == SessionStatus.SCHEDULED, _runs(actor))
        statement = statement.where(needs if filters.needs_host else ~needs)
    if filters.when == "past":
        statement = statement.where(_S.ends_at <= now)
    elif filters.when == "coming" or not filters.says_when:
        statement = statement.where(_S.ends_at > now)
    if filters.ends_after is not None:
        statement = statement.where(_S.ends_at > filters.ends_after)
    if filters.starts_before is not None:
        statement = statement.where(_S.starts_at < filters.starts_before)
    found = await session.execute(order(filters).cut(statement, after, filters.limit))
    return [_finish(dict(row), actor, actions, now, hours, language) for row in found.mappings()]


async def view(
    session: AsyncSession, actor: Actor, session_id: UUID, now: datetime, hours: int, language: Language
) -> dict[str, Any] | None:
    """Return one session as the caller may see it, or None."""
    actions = RowActions(actor, _S, _ACTIONS)
    found = await session.execute(_selected(actor, actions).where(_S.id == session_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actor, actions, now, hours, language)


async def parent(
    session: AsyncSession, actor: Actor, action: str, opportunity_id: UUID
) -> tuple[Opportunity, bool] | None:
    """Return an opportunity the caller may read, and whether they may do `action` for it."""
    may = allowed(actor, action, Opportunity)
    found = await session.execute(
        select(Opportunity, may.label("may")).where(
            Opportunity.id == opportunity_id, or_(allowed(actor, "opportunity.read", Opportunity), may)
        )
    )
    row = found.one_or_none()
    return None if row is None else (row[0], bool(row[1]))


async def zone_of(session: AsyncSession, opportunity: Opportunity) -> str:
    """Return the time zone an opportunity lives in: its worksite's, else its school's, else the tenant's."""
    zone: str | None = await session.scalar(
        select(func.coalesce(Worksite.zone, School.zone, Tenant.zone))
        .select_from(Opportunity)
        .join(Tenant, Tenant.id == Opportunity.tenant_id)
        .outerjoin(
            Worksite,
            (Worksite.tenant_id == Opportunity.tenant_id) & (Worksite.id == Opportunity.worksite_id),
        )
        .outerjoin(School, (School.tenant_id == Opportunity.tenant_id) & (School.id == Opportunity.school_id))
        .where(Opportunity.tenant_id == opportunity.tenant_id, Opportunity.id == opportunity.id)
    )
    return zone or "UTC"


async def enrolled(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> list[SessionEnrollment]:
    """Return, locked, the places students have in a session, in the order in which they enrolled."""
    found = await session.scalars(
        select(SessionEnrollment)
        .where(
            SessionEnrollment.tenant_id == tenant_id,
            SessionEnrollment.session_id == session_id,
            SessionEnrollment.status == EnrollmentStatus.ENROLLED,
        )
        .order_by(SessionEnrollment.created_at, SessionEnrollment.id)
        .with_for_update()
    )
    return list(found)


async def places(
    session: AsyncSession, tenant_id: UUID, session_id: UUID, ids: Collection[UUID]
) -> dict[UUID, SessionEnrollment]:
    """Return, locked, those of these places that students have in a session."""
    found = await session.scalars(
        select(SessionEnrollment)
        .where(
            SessionEnrollment.tenant_id == tenant_id,
            SessionEnrollment.session_id == session_id,
            SessionEnrollment.id.in_(ids),
            SessionEnrollment.status.in_(LIVE),
        )
        .order_by(SessionEnrollment.id)
        .with_for_update()
    )
    return {place.id: place for place in found}


async def consented(session: AsyncSession, tenant_id: UUID, student_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these students who may be seen on video."""
    found = await session.scalars(
        select(VideoConsent.student_id).where(
            VideoConsent.tenant_id == tenant_id,
            VideoConsent.student_id.in_(student_ids),
            VideoConsent.withdrawn_at.is_(None),
        )
    )
    return set(found)


_DUE: dict[str, Any] = {
    "fall": lambda by: and_(_S.host_left_at.is_not(None), _S.starts_at <= by),
    "decide": lambda by: and_(_S.settled_at.is_(None), _S.starts_at <= by),
    "conclude": lambda by: _S.ends_at <= by,
}


async def due(session: AsyncSession, tenant_id: UUID, step: str, by: datetime, limit: int) -> list[UUID]:
    """Return the sessions whose time for this step has come, the longest overdue first."""
    found = await session.scalars(
        select(_S.id)
        .where(_S.tenant_id == tenant_id, _S.status == SessionStatus.SCHEDULED, _DUE[step](by))
        .order_by(_S.starts_at, _S.id)
        .limit(limit)
    )
    return list(found)


async def without_listing(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return sessions to come whose listing was archived or rejected: nobody stands behind them any more."""
    found = await session.scalars(
        select(_S.id)
        .join(Opportunity, (Opportunity.tenant_id == _S.tenant_id) & (Opportunity.id == _S.opportunity_id))
        .where(
            _S.tenant_id == tenant_id,
            _S.status == SessionStatus.SCHEDULED,
            _S.starts_at > now,
            Opportunity.status.in_([OpportunityStatus.ARCHIVED, OpportunityStatus.REJECTED]),
        )
        .order_by(_S.starts_at, _S.id)
        .limit(limit)
    )
    return list(found)


async def of_leavers(
    session: AsyncSession, tenant_id: UUID, now: datetime, limit: int, only: UUID | None = None
) -> list[tuple[UUID, UUID]]:
    """Return (session, place) of students who are at no school any more, in sessions that have not begun."""
    attends = select(Membership.id).where(
        Membership.tenant_id == SessionEnrollment.tenant_id,
        Membership.person_id == SessionEnrollment.student_id,
        Membership.role == Role.STUDENT,
        Membership.ended_at.is_(None),
    )
    found = await session.execute(
        select(_S.id, SessionEnrollment.id)
        .join(
            SessionEnrollment,
            (SessionEnrollment.tenant_id == _S.tenant_id) & (SessionEnrollment.session_id == _S.id),
        )
        .where(
            _S.tenant_id == tenant_id,
            _S.status == SessionStatus.SCHEDULED,
            _S.starts_at > now,
            SessionEnrollment.status == EnrollmentStatus.ENROLLED,
            ~attends.correlate(SessionEnrollment).exists(),
            true() if only is None else SessionEnrollment.id == only,
        )
        .order_by(_S.starts_at, SessionEnrollment.id)
        .limit(limit)
    )
    return [(session_id, place_id) for session_id, place_id in found]


async def of_pattern(
    session: AsyncSession, tenant_id: UUID, pattern_id: UUID, now: datetime
) -> list[tuple[UUID, datetime]]:
    """Return (id, starts_at) of a pattern's sessions that are still to come."""
    found = await session.execute(
        select(_S.id, _S.starts_at)
        .where(
            _S.tenant_id == tenant_id,
            _S.pattern_id == pattern_id,
            _S.status == SessionStatus.SCHEDULED,
            _S.starts_at > now,
        )
        .order_by(_S.starts_at, _S.id)
    )
    return [(session_id, starts_at) for session_id, starts_at in found]


async def starts_of_patterns(
    session: AsyncSession, tenant_id: UUID, pattern_ids: Collection[UUID]
) -> list[tuple[UUID, datetime, bool]]:
    """Return (pattern, start, whether it stands) of every session these patterns have ever made."""
    found = await session.execute(
        select(_S.pattern_id, _S.starts_at, _S.status != SessionStatus.CANCELLED)
        .where(_S.tenant_id == tenant_id, _S.pattern_id.in_(pattern_ids))
        .order_by(_S.starts_at, _S.id)
    )
    return [(pattern_id, starts_at, stands) for pattern_id, starts_at, stands in found if pattern_id]
