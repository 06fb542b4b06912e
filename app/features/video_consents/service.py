"""What people do with video consents: give one, and withdraw it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import FieldError, Forbidden, NotFound, Unprocessable
from app.domain.errors import Refused
from app.domain.policy import Actor, Role, Scope, scopes
from app.domain.video_consent import may_consent_alone
from app.features.session_enrollments import service as session_enrollments
from app.features.video_consents import queries
from app.features.video_consents.schemas import VideoConsentFilters, VideoConsentIn
from app.models import VideoConsent


async def page(
    session: AsyncSession, actor: Actor, filters: VideoConsentFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 consents as the caller may see them."""
    return await queries.page(session, actor, filters, after)


async def view(session: AsyncSession, actor: Actor, consent_id: UUID) -> dict[str, Any]:
    """Return one consent as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, consent_id)
    if found is None:
        raise NotFound(
            "there is no video consent here with this id that you may see",
            spanish="no existe aquí ningún consentimiento con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: VideoConsentIn) -> UUID:
    """Let a student be seen on video, from now on and in what they are enrolled in already."""
    # Nobody enrols this student, or takes the consent back, while it is given.
    await session_enrollments.take_turn(session, actor, body.student_id)
    student = await queries.student(session, actor, body.student_id)
    if student is None or actor.person_id is None:
        raise Unprocessable(
            "there is no student here with this id for whom you may consent",
            spanish="no existe aquí ningún estudiante con ese id por quien pueda consentir",
            errors=[FieldError("not a student you know of", "unknown_student", pointer="/student_id")],
        )
    await _check_may_give(session, actor, body, student)
    if await queries.in_force(session, actor.tenant_id, body.student_id):
        raise Refused(
            "given_already",
            "this consent is given already",
            "este consentimiento ya está dado",
        )
    now = clock.now()
    consent = VideoConsent(
        tenant_id=actor.tenant_id,
        id=new_id(),
        student_id=body.student_id,
        school_id=min(set(actor.schools()) & set(student.school_ids) or student.school_ids),
        given_by_id=actor.person_id,
        given_at=now,
    )
    session.add(consent)
    await record(
        session,
        "video_consent.create",
        actor=actor,
        subject=consent,
        reason=body.reason,
        person_id=body.student_id,
    )
    await queries.let_be_seen(session, actor.tenant_id, body.student_id, now, seen=True)
    return consent.id


async def withdraw(
    session: AsyncSession, actor: Actor, consent_id: UUID, version: int, reason: str | None
) -> None:
    """End a consent: from now on the student takes part by audio alone."""
    consent: VideoConsent = await get(
        session, actor, "video_consent.withdraw", VideoConsent, consent_id, lock=True
    )
    await session_enrollments.take_turn(session, actor, consent.student_id)
    check_version(consent, version)
    if consent.withdrawn_at is not None:
        raise Refused(
            "withdrawn_already",
            "this consent was withdrawn already",
            "este consentimiento ya se retiró",
        )
    now = clock.now()
    consent.withdrawn_at, consent.withdrawn_by_id = now, actor.person_id
    await record(
        session,
        "video_consent.withdraw",
        actor=actor,
        subject=consent,
        reason=reason,
        person_id=consent.student_id,
    )
    await queries.let_be_seen(session, actor.tenant_id, consent.student_id, now, seen=False)


async def _check_may_give(
    session: AsyncSession, actor: Actor, body: VideoConsentIn, student: queries.Student
) -> None:
    found = scopes(actor, "video_consent.create")
    today = clock.now().date()
    if body.student_id == actor.person_id and Role.STUDENT in found.get(Scope.OWN, ()):
        if not may_consent_alone(student.born_on, today):
            raise Forbidden(
                "until you are 18 a guardian gives this consent; ask them, or your school's office",
                spanish="hasta que cumplas 18 años este consentimiento lo da tu familia; pídeselo, o a tu escuela",
                code="guardian_needed",
            )
        return
    of_age = may_consent_alone(student.born_on, today)
    signs = await queries.may_sign(session, actor, body.student_id, today) if Scope.CHILD in found else None
    if signs and of_age:
        raise Forbidden(
            "this student is of age and gives this consent alone",
            spanish="este estudiante es mayor de edad y da este consentimiento por su cuenta",
            code="of_age",
        )
    if signs:
        return
    of_school = set(actor.schools(found.get(Scope.SCHOOL, ()))) & set(student.school_ids)
    if not of_school and Scope.TENANT not in found:
        raise Forbidden(
            "only a guardian who may sign gives this consent; ask your school's office about your rights",
            spanish="solo puede dar este consentimiento quien puede firmar por el estudiante; consulte a la escuela",
            code="may_not_sign",
        )
    if body.reason is None:
        raise Unprocessable(
            "say on what you record this consent, such as the form that was signed",
            spanish="diga en qué se basa el consentimiento, por ejemplo el formulario firmado",
            errors=[FieldError("give a reason", "missing", pointer="/reason")],
        )
