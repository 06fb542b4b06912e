"""Every SQL statement of video consents."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.access.scopes import me
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.domain.session import EnrollmentStatus, SessionStatus
from app.features.video_consents.schemas import VideoConsentFilters
from app.models import (
    GuardianLink,
    Membership,
    OpportunitySession,
    Person,
    SessionEnrollment,
    VideoConsent,
)

_V = VideoConsent
_IN_FORCE = ["video_consent.withdraw"]
_OVER: list[str] = []

NEWEST = Keyset("video consents by creation", _V.created_at, _V.id, descending=True)

_ITEM: tuple[Any, ...] = (
    _V.id,
    _V.student_id,
    _V.school_id,
    _V.given_by_id,
    _V.given_at,
    _V.withdrawn_by_id,
    _V.withdrawn_at,
    _V.created_at,
    _V.version,
)


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(*_ITEM, *actions.columns).where(allowed(actor, "video_consent.read", _V))


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["allowed_actions"] = actions.take(row, _IN_FORCE if row["withdrawn_at"] is None else _OVER)
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: VideoConsentFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 consents the caller may read, the latest first, behind `after`."""
    actions = RowActions(actor, _V, _IN_FORCE)
    statement = _selected(actor, actions)
    for name in ("student_id", "school_id"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(getattr(_V, name) == value)
    if filters.in_force is not None:
        in_force = _V.withdrawn_at.is_(None)
        statement = statement.where(in_force if filters.in_force else ~in_force)
    found = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, consent_id: UUID) -> dict[str, Any] | None:
    """Return one consent as the caller may see it, or None."""
    actions = RowActions(actor, _V, _IN_FORCE)
    found = await session.execute(_selected(actor, actions).where(_V.id == consent_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actions)


class Student(NamedTuple):
    """A student somebody consents for: birth date where known, and the schools they attend."""

    born_on: date | None
    school_ids: list[UUID]


async def student(session: AsyncSession, actor: Actor, student_id: UUID) -> Student | None:
    """Return a student whom the caller may read, or None."""
    found = await session.execute(
        select(Person.born_on, func.array_agg(Membership.school_id))
        .join(Membership, (Membership.tenant_id == Person.tenant_id) & (Membership.person_id == Person.id))
        .where(
            Person.id == student_id,
            Person.ended_at.is_(None),
            Membership.role == Role.STUDENT,
            Membership.school_id.is_not(None),
            Membership.ended_at.is_(None),
            allowed(actor, "person.read", Person),
        )
        .group_by(Person.id, Person.born_on)
    )
    row = found.one_or_none()
    return None if row is None else Student(row[0], [school_id for school_id in row[1] if school_id])


async def may_sign(session: AsyncSession, actor: Actor, student_id: UUID, today: date) -> bool | None:
    """Say whether the caller, as a guardian, may sign for a student; None for somebody else's child."""
    found: bool | None = await session.scalar(
        select(func.bool_or(GuardianLink.may_sign)).where(
            GuardianLink.tenant_id == actor.tenant_id,
            GuardianLink.student_id == student_id,
            GuardianLink.guardian_id == me(actor),
            GuardianLink.may_see,
            ~GuardianLink.no_contact,
            GuardianLink.ended_at.is_(None),
            or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
        )
    )
    return found


async def in_force(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> bool:
    """Say whether a consent is in force."""
    found = await session.scalar(
        select(_V.id).where(_V.tenant_id == tenant_id, _V.student_id == student_id, _V.withdrawn_at.is_(None))
    )
    return found is not None


async def let_be_seen(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, now: datetime, *, seen: bool
) -> None:
    """Let a student's places in virtual sessions that are not over be with a picture, or without.

    Whoever makes a session virtual at this moment holds its places: so they are locked first, and which sessions are
    virtual is asked after that.
    """
    places = and_(
        SessionEnrollment.tenant_id == tenant_id,
        SessionEnrollment.student_id == student_id,
        SessionEnrollment.status == EnrollmentStatus.ENROLLED,
    )
    await session.execute(
        select(SessionEnrollment.id).where(places).order_by(SessionEnrollment.id).with_for_update()
    )
    virtual = select(OpportunitySession.id).where(
        OpportunitySession.tenant_id == tenant_id,
        OpportunitySession.virtual,
        OpportunitySession.status == SessionStatus.SCHEDULED,
        OpportunitySession.ends_at > now,
    )
    await session.execute(
        update(SessionEnrollment)
        .where(places, SessionEnrollment.session_id.in_(virtual), SessionEnrollment.audio_only.is_(seen))
        .values(audio_only=not seen, version=SessionEnrollment.version + 1, updated_at=now)
        .execution_options(synchronize_session=False)
    )
