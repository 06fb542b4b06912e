"""Who stands for a student: set by the roster or by a coordinator, never by the student."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.problems import Conflict, FieldError, Forbidden, NotFound, Unprocessable
from app.domain.membership import check_not_ended
from app.domain.policy import Actor, Role, Scope, scopes
from app.features.guardian_links import queries
from app.features.guardian_links.schemas import GuardianLinkIn, GuardianLinkPatch
from app.features.people import service as people
from app.models import GuardianLink


async def view(session: AsyncSession, actor: Actor, link_id: UUID) -> dict[str, Any]:
    """Return one link as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, link_id)
    if found is None:
        raise NotFound(
            "there is no guardian link here with this id that you may see",
            spanish="no existe aquí ningún vínculo de tutela con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: GuardianLinkIn) -> UUID:
    """Link a guardian to a student of a school of the caller's; a link that was ended comes back to life."""
    student = await queries.person_of(session, actor, body.student_id, lock=True)
    guardian = await queries.person_of(session, actor, body.guardian_id)
    school_id = await _school(session, actor, student.id, "guardian_link.create")
    if student.id == guardian.id or not await people.holds_role(session, actor, guardian.id, Role.GUARDIAN):
        raise Unprocessable(
            "choose somebody who holds the role guardian; give it at POST /v1/memberships first",
            spanish="elija a alguien con el rol de tutor; otórguelo antes en POST /v1/memberships",
            errors=[FieldError("does not hold the role guardian", "not_a_guardian", pointer="/guardian_id")],
        )
    link = await queries.between(session, actor.tenant_id, student.id, guardian.id)
    if link is not None and link.ended_at is None:
        raise Conflict(
            "this guardian is linked to this student already; change the rights of that link instead",
            spanish="este tutor ya está vinculado a este estudiante; cambie los derechos de ese vínculo",
            code="guardian_link_exists",
        )
    if link is None:
        link = GuardianLink(tenant_id=actor.tenant_id, student_id=student.id, guardian_id=guardian.id)
        session.add(link)
    link.source, link.ended_at = "staff", None
    _set(link, body.model_dump(exclude={"student_id", "guardian_id", "reason"}))
    await _record(session, "guardian_link.create", actor, link, school_id, body.reason)
    return link.id


async def change(
    session: AsyncSession, actor: Actor, link_id: UUID, body: GuardianLinkPatch, version: int
) -> None:
    """Change a guardian's rights; they hold from the next request on."""
    link = await get(session, actor, "guardian_link.update", GuardianLink, link_id, lock=True)
    check_version(link, version)
    check_not_ended(ended=link.ended_at is not None)
    _set(link, body.model_dump(exclude_unset=True, exclude={"reason"}))
    school_id = await _school(session, actor, link.student_id, "guardian_link.update")
    await _record(session, "guardian_link.update", actor, link, school_id, body.reason)


async def end(session: AsyncSession, actor: Actor, link_id: UUID, version: int, reason: str | None) -> None:
    """End a link: from the next request on the guardian sees nothing of the student."""
    link = await get(session, actor, "guardian_link.end", GuardianLink, link_id, lock=True)
    check_version(link, version)
    check_not_ended(ended=link.ended_at is not None)
    link.ended_at, link.ended_by_roster = clock.now(), False
    school_id = await _school(session, actor, link.student_id, "guardian_link.end")
    await _record(session, "guardian_link.end", actor, link, school_id, reason)


def _set(link: GuardianLink, values: dict[str, Any]) -> None:
    for name, value in values.items():
        setattr(link, "relationship_kind" if name == "relationship" else name, value)


async def _school(session: AsyncSession, actor: Actor, student_id: UUID, action: str) -> UUID | None:
    """Return the student's school where the caller may do this; raises Forbidden for a student of elsewhere."""
    schools = await people.schools_as(session, actor, student_id, Role.STUDENT)
    found = scopes(actor, action)
    if Scope.TENANT in found:
        return next(iter(schools), None)
    mine = set(actor.schools(found.get(Scope.SCHOOL, ())))
    for school_id in schools:
        if school_id in mine:
            return school_id
    raise Forbidden(
        "choose a student of a school where you are coordinator",
        spanish="elija un estudiante de una escuela que usted coordine",
        code="other_school",
    )


async def _record(
    session: AsyncSession,
    action: str,
    actor: Actor,
    link: GuardianLink,
    school_id: UUID | None,
    reason: str | None,
) -> None:
    # About nobody: the other guardians of the student would read why a court forbade this one contact.
    await record(session, action, actor=actor, subject=link, reason=reason, school_id=school_id)
