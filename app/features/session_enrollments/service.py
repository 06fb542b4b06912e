"""What people do with places in sessions: enrol, and withdraw."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.languages import Language
from app.core.problems import FieldError, Forbidden, NotFound, Unprocessable
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused
from app.domain.local_time import local_day
from app.domain.opportunity import OPEN_TO_STUDENTS
from app.domain.policy import Actor, Role, Scope, scopes
from app.domain.pursuit import PursuitCheck, age_check, check_confirmed
from app.domain.session import (
    STUDENT_LEFT,
    EnrollmentAction,
    audio_only,
    check_not_begun,
    check_open,
    check_recording_seen,
    student_busy,
)
from app.domain.session import full as session_full
from app.features.seats import service as seats
from app.features.session_enrollments import queries
from app.features.session_enrollments.schemas import SessionEnrollmentFilters, SessionEnrollmentIn
from app.features.sessions import service as sessions
from app.models import OpportunitySession, SessionEnrollment, WaitingEntry


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: SessionEnrollmentFilters,
    after: Sequence[Any] | None,
    language: Language,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 places as the caller may see them."""
    return await queries.page(session, actor, filters, after, clock.now(), language)


async def view(
    session: AsyncSession, actor: Actor, enrollment_id: UUID, language: Language
) -> dict[str, Any]:
    """Return one place as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, enrollment_id, clock.now(), language)
    if found is None:
        raise NotFound(
            "there is no place in a session here with this id that you may see",
            spanish="no existe aquí ninguna plaza con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: SessionEnrollmentIn) -> UUID:
    """Enrol somebody; raises Refused for a session that is full, begun or at the time of another one."""
    found, student_id, school_id = await admit(session, actor, body)
    return await _seat(session, actor, found, student_id=student_id, school_id=school_id)


async def admit(
    session: AsyncSession, actor: Actor, body: SessionEnrollmentIn
) -> tuple[OpportunitySession, UUID, UUID]:
    """Check that somebody may come to a session, whether a seat is free or not.

    Returns the session under its lock, the student, and the school they come from.
    """
    target = await queries.target(session, actor, body.session_id)
    if target is None:
        raise sessions.nothing_here()
    student_id, student, school_id = await _who(session, actor, body.student_id)
    await queries.turn_of_student(session, actor.tenant_id, student_id)
    found = await seats.lock_session(session, actor.tenant_id, body.session_id)
    if target.status not in OPEN_TO_STUDENTS or target.employer_status != EmployerStatus.VETTED:
        raise Refused(
            "not_open",
            "this opportunity is not open to students now; choose another one",
            "esta oportunidad no está abierta ahora; elija otra",
        )
    check_open(found.status, found.starts_at, clock.now())
    check = age_check(
        target.minimum_age, target.maximum_age, student.born_on, local_day(found.starts_at, found.zone)
    )
    _check_confirmed(check, body.confirmed_checks, is_self=student_id == actor.person_id)
    check_recording_seen(found.recording, body.recording_seen)
    return found, student_id, found.school_id if found.school_id in student.school_ids else school_id


async def take_turn(session: AsyncSession, actor: Actor, student_id: UUID) -> None:
    """Let whoever else enrols this student, or decides on their picture, wait; call it before a session is locked."""
    await queries.turn_of_student(session, actor.tenant_id, student_id)


async def enroll_next(
    session: AsyncSession, actor: Actor, found: OpportunitySession, entry: WaitingEntry
) -> UUID:
    """Enrol who accepts the seat that was offered to them in line; `found` came from `seats.lock_session`."""
    check_open(found.status, found.starts_at, clock.now())
    return await _seat(session, actor, found, student_id=entry.student_id, school_id=entry.school_id)


async def _seat(
    session: AsyncSession, actor: Actor, found: OpportunitySession, *, student_id: UUID, school_id: UUID
) -> UUID:
    if await queries.has_place(session, found.tenant_id, found.id, student_id):
        raise Refused(
            "enrolled_already",
            "this student has a place in this session already",
            "ya hay una plaza para este estudiante en esta sesión",
        )
    if await queries.is_busy(session, found.tenant_id, student_id, found.starts_at, found.ends_at):
        raise student_busy()
    place = SessionEnrollment(
        tenant_id=found.tenant_id,
        id=new_id(),
        session_id=found.id,
        opportunity_id=found.opportunity_id,
        student_id=student_id,
        school_id=school_id,
        host_school_id=found.school_id,
        employer_id=found.employer_id,
        audio_only=audio_only(
            virtual=found.virtual, consented=await queries.consented(session, found.tenant_id, student_id)
        ),
    )
    session.add(place)
    # Before the seat is taken: the first thing written down is what a repeated request asks for.
    await record(
        session,
        "session_enrollment.create",
        actor=actor,
        subject=place,
        facts={"session_id": str(found.id), "audio_only": place.audio_only},
        person_id=student_id,
    )
    if not await seats.take(session, actor, found, student_id=student_id, school_id=school_id):
        raise session_full()
    return place.id


async def withdraw(
    session: AsyncSession, actor: Actor, enrollment_id: UUID, version: int, reason: str | None
) -> None:
    """Leave a session that has not begun; the seat goes to the next in line."""
    name = "session_enrollment.withdraw"
    place: SessionEnrollment = await get(session, actor, name, SessionEnrollment, enrollment_id)
    found = await seats.lock_session(session, actor.tenant_id, place.session_id)
    await queries.lock(session, place)
    check_version(place, version)
    if reason is None and place.student_id != actor.person_id:
        raise Unprocessable(
            "say why the student is withdrawn; the student reads it",
            spanish="diga por qué se retira al estudiante; el estudiante lo leerá",
            errors=[FieldError("give a reason", "missing", pointer="/reason")],
        )
    check_not_begun(found.starts_at, clock.now())
    await sessions.end_place(session, actor, place, EnrollmentAction.WITHDRAW, reason or STUDENT_LEFT.en)
    await seats.give_back(session, found, place.student_id)


async def _who(
    session: AsyncSession, actor: Actor, student_id: UUID | None
) -> tuple[UUID, queries.Student, UUID]:
    """Say whom this is about: the caller, or a student whom the policy lets the caller enrol."""
    student_id = student_id or actor.person_id
    student = None if student_id is None else await queries.student(session, actor, student_id)
    if student_id is None or student is None:
        if student_id == actor.person_id:
            raise Unprocessable(
                "name the student to enrol; you are enrolled at no school yourself",
                spanish="indique a quién inscribir; usted no está inscrito en ninguna escuela",
                errors=[FieldError("name a student", "missing", pointer="/student_id")],
            )
        raise Unprocessable(
            "there is no student here with this id whom you may enrol",
            spanish="no existe aquí ningún estudiante con ese id a quien pueda inscribir",
            errors=[FieldError("not a student you may enrol", "unknown_student", pointer="/student_id")],
        )
    found = scopes(actor, "session_enrollment.create")
    own = student_id == actor.person_id and Role.STUDENT in found.get(Scope.OWN, ())
    of_school = set(actor.schools(found.get(Scope.SCHOOL, ()))) & set(student.school_ids)
    advised = Scope.ADVISEES in found and await queries.is_advised(session, actor, student_id)
    if not (own or of_school or advised or Scope.TENANT in found):
        raise Forbidden(
            "you may enrol the students you look after, and nobody else",
            spanish="solo puede inscribir a los estudiantes a su cargo",
        )
    return student_id, student, min(of_school or student.school_ids)


def _check_confirmed(check: PursuitCheck | None, confirmed: Sequence[PursuitCheck], *, is_self: bool) -> None:
    """Let only the staff confirm what nobody knows of a student."""
    if check is not None and is_self:
        raise Refused(
            "needs_the_staff",
            "this session asks for an age, and your school has not recorded yours; ask a coordinator to enrol you",
            "esta sesión pide una edad y tu escuela no tiene registrada la tuya; pide a tu coordinador que te inscriba",
        )
    check_confirmed([] if check is None else [check], confirmed)
