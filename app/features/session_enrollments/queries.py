"""Every SQL statement of students' places in sessions."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, false, func, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.access.scopes import me
from app.core.languages import Language
from app.core.paging import Keyset
from app.domain.policy import Actor, Role, may_ever
from app.domain.session import (
    ENROLLMENT_TRANSITIONS,
    LIVE,
    EnrollmentStatus,
    SessionStatus,
    in_language,
    sees_join_link,
)
from app.features.session_enrollments.schemas import SessionEnrollmentFilters
from app.models import (
    AdvisorLink,
    Employer,
    Membership,
    Opportunity,
    OpportunitySession,
    Person,
    SessionEnrollment,
    VideoConsent,
)

_E, _S = SessionEnrollment, OpportunitySession

VERBS = verbs("session_enrollment", ENROLLMENT_TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

NEWEST = Keyset("session enrollments by creation", _E.created_at, _E.id, descending=True)

_ITEM: tuple[Any, ...] = (
    _E.id,
    _E.status,
    _E.student_id,
    Person.given_name,
    _E.session_id,
    _S.status.label("session_status"),
    _S.opportunity_id,
    Opportunity.title.label("opportunity_title"),
    _S.starts_at,
    _S.ends_at,
    _S.zone,
    _S.join_url,
    _E.school_id,
    _E.audio_only,
    _E.decided_at,
    _E.created_at,
    _E.version,
)


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    joining = "opportunity_session.read_joining"
    runs: ColumnElement[bool] = allowed(actor, joining, _S) if may_ever(actor, joining) else false()
    # Employers, and schools that are not the student's, learn the first name and an initial.
    knows = allowed(actor, "person.read", Person)
    family_name = case(
        (knows, Person.family_name), else_=func.concat(func.left(Person.family_name, 1), ".")
    ).label("family_name")
    return (
        select(
            *_ITEM,
            family_name,
            # What the staff writes about a student is for those who know the student.
            case(
                (or_(knows, _E.student_id == me(actor), _E.decided_by_id == me(actor)), _E.decision_reason),
                else_=null(),
            ).label("decision_reason"),
            (_E.student_id == me(actor)).label("is_mine"),
            runs.label("runs_it"),
            *actions.columns,
        )
        .select_from(_E)
        .join(_S, (_S.tenant_id == _E.tenant_id) & (_S.id == _E.session_id))
        .join(Opportunity, (Opportunity.tenant_id == _E.tenant_id) & (Opportunity.id == _E.opportunity_id))
        .join(Person, (Person.tenant_id == _E.tenant_id) & (Person.id == _E.student_id))
        .where(allowed(actor, "session_enrollment.read", _E))
    )


def _finish(row: dict[str, Any], actions: RowActions, now: datetime, language: Language) -> dict[str, Any]:
    status: EnrollmentStatus = row["status"]
    session_status: SessionStatus = row.pop("session_status")
    mine, runs_it = row.pop("is_mine"), row.pop("runs_it")
    if not sees_join_link(session_status, status if mine else None, staff=runs_it):
        row["join_url"] = None
    row["decision_reason"] = in_language(row["decision_reason"], language)
    can = actions.take(row, VERBS[status.value])
    row["allowed_actions"] = [verb for verb in can if verb != "withdraw" or row["starts_at"] > now]
    row["student"] = {
        "id": row.pop("student_id"),
        "given_name": row.pop("given_name"),
        "family_name": row.pop("family_name"),
    }
    row["session"] = {
        "id": row.pop("session_id"),
        **{
            name: row.pop(name)
            for name in ("opportunity_id", "opportunity_title", "starts_at", "ends_at", "zone")
        },
    }
    return row


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: SessionEnrollmentFilters,
    after: Sequence[Any] | None,
    now: datetime,
    language: Language,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 places the caller may read, the latest first, behind `after`."""
    actions = RowActions(actor, _E, _ACTIONS)
    statement = _selected(actor, actions)
    for name in ("session_id", "student_id", "school_id", "status"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(getattr(_E, name) == value)
    found = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(dict(row), actions, now, language) for row in found.mappings()]


async def view(
    session: AsyncSession, actor: Actor, enrollment_id: UUID, now: datetime, language: Language
) -> dict[str, Any] | None:
    """Return one place as the caller may see it, or None."""
    actions = RowActions(actor, _E, _ACTIONS)
    found = await session.execute(_selected(actor, actions).where(_E.id == enrollment_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actions, now, language)


class Target(NamedTuple):
    """What is behind the session somebody wants to enrol in."""

    status: str
    employer_status: str
    minimum_age: int | None
    maximum_age: int | None


async def target(session: AsyncSession, actor: Actor, session_id: UUID) -> Target | None:
    """Return what is needed to decide, or None when the caller may not read the session."""
    found = await session.execute(
        select(
            Opportunity.status,
            Employer.status.label("employer_status"),
            Opportunity.minimum_age,
            Opportunity.maximum_age,
        )
        .select_from(_S)
        .join(Opportunity, (Opportunity.tenant_id == _S.tenant_id) & (Opportunity.id == _S.opportunity_id))
        .join(Employer, (Employer.tenant_id == _S.tenant_id) & (Employer.id == _S.employer_id))
        .where(_S.id == session_id, allowed(actor, "opportunity_session.read", _S))
    )
    row = found.one_or_none()
    return None if row is None else Target(*row)


class Student(NamedTuple):
    """A student to be enrolled: the schools they attend, and their birth date where it is known."""

    born_on: date | None
    school_ids: list[UUID]


async def student(session: AsyncSession, actor: Actor, student_id: UUID) -> Student | None:
    """Return a student whom the caller may enrol, or None."""
    found = await session.execute(
        select(Person.born_on, func.array_agg(Membership.school_id))
        .join(Membership, (Membership.tenant_id == Person.tenant_id) & (Membership.person_id == Person.id))
        .where(
            Person.tenant_id == actor.tenant_id,
            Person.id == student_id,
            Person.ended_at.is_(None),
            Membership.role == Role.STUDENT,
            Membership.school_id.is_not(None),
            Membership.ended_at.is_(None),
            allowed(actor, "person.read", Person)
            if student_id != actor.person_id
            else Person.id == me(actor),
        )
        .group_by(Person.id, Person.born_on)
    )
    row = found.one_or_none()
    return None if row is None else Student(row[0], [school_id for school_id in row[1] if school_id])


async def is_advised(session: AsyncSession, actor: Actor, student_id: UUID) -> bool:
    """Say whether the caller advises a student."""
    found = await session.scalar(
        select(AdvisorLink.id).where(
            AdvisorLink.tenant_id == actor.tenant_id,
            AdvisorLink.student_id == student_id,
            AdvisorLink.advisor_id == me(actor),
            AdvisorLink.ended_at.is_(None),
        )
    )
    return found is not None


async def turn_of_student(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> None:
    """Wait for whoever else enrols this student, until the transaction ends."""
    key = func.hashtextextended(f"enrollments {tenant_id} {student_id}", 0)
    await session.execute(select(func.pg_advisory_xact_lock(key)))


async def has_place(session: AsyncSession, tenant_id: UUID, session_id: UUID, student_id: UUID) -> bool:
    """Say whether a student has a place in a session."""
    found = await session.scalar(
        select(_E.id).where(
            _E.tenant_id == tenant_id,
            _E.session_id == session_id,
            _E.student_id == student_id,
            _E.status.in_(LIVE),
        )
    )
    return found is not None


async def is_busy(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, starts_at: datetime, ends_at: datetime
) -> bool:
    """Say whether a student is enrolled in another session that overlaps."""
    found = await session.scalar(
        select(_E.id)
        .join(_S, (_S.tenant_id == _E.tenant_id) & (_S.id == _E.session_id))
        .where(
            _E.tenant_id == tenant_id,
            _E.student_id == student_id,
            _E.status == EnrollmentStatus.ENROLLED,
            _S.status == SessionStatus.SCHEDULED,
            _S.starts_at < ends_at,
            _S.ends_at > starts_at,
        )
        .limit(1)
    )
    return found is not None


async def consented(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> bool:
    """Say whether a student may be seen on video."""
    found = await session.scalar(
        select(VideoConsent.id).where(
            VideoConsent.tenant_id == tenant_id,
            VideoConsent.student_id == student_id,
            VideoConsent.withdrawn_at.is_(None),
        )
    )
    return found is not None


async def lock(session: AsyncSession, enrollment: SessionEnrollment) -> None:
    """Read a place again under its row lock, once the seats of its session are held."""
    await session.refresh(enrollment, with_for_update=True)
