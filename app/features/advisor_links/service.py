"""Which advisor follows which student: from the roster's advisory classes, or set by a coordinator."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import record
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.membership import check_not_ended
from app.domain.policy import Actor, Role
from app.features.advisor_links import queries
from app.features.advisor_links.schemas import AdvisorLinkIn
from app.features.people import service as people
from app.models import AdvisorLink


async def view(session: AsyncSession, actor: Actor, link_id: UUID) -> dict[str, Any]:
    """Return one link as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, link_id)
    if found is None:
        raise NotFound(
            "there is no advisor link here with this id that you may see",
            spanish="no existe aquí ningún vínculo de asesoría con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: AdvisorLinkIn) -> UUID:
    """Let an advisor follow a student of the same school; a link that was ended comes back to life."""
    require_at_school(actor, "advisor_link.create", body.school_id)
    student = await queries.person_of(session, actor, body.student_id, lock=True)
    advisor = await queries.person_of(session, actor, body.advisor_id)
    await _check_role(session, actor, student.id, Role.STUDENT, body.school_id)
    await _check_role(session, actor, advisor.id, Role.ADVISOR, body.school_id)
    link = await queries.between(session, actor.tenant_id, student.id, advisor.id)
    if link is not None and link.ended_at is None:
        raise Conflict(
            "this advisor follows this student already; there is nothing to do",
            spanish="este asesor ya sigue a este estudiante; no hay nada que hacer",
            code="advisor_link_exists",
        )
    if link is None:
        link = AdvisorLink(tenant_id=actor.tenant_id, student_id=student.id, advisor_id=advisor.id)
        session.add(link)
    link.school_id, link.source, link.ended_at = body.school_id, "staff", None
    await record(
        session,
        "advisor_link.create",
        actor=actor,
        subject=link,
        reason=body.reason,
        school_id=body.school_id,
        person_id=student.id,
    )
    return link.id


async def end(session: AsyncSession, actor: Actor, link_id: UUID, version: int, reason: str | None) -> None:
    """End a link: from the next request on the advisor sees nothing of the student."""
    link = await get(session, actor, "advisor_link.end", AdvisorLink, link_id, lock=True)
    check_version(link, version)
    check_not_ended(ended=link.ended_at is not None)
    link.ended_at, link.ended_by_roster = clock.now(), False
    await record(
        session, "advisor_link.end", actor=actor, subject=link, reason=reason, person_id=link.student_id
    )


async def _check_role(
    session: AsyncSession, actor: Actor, person_id: UUID, role: Role, school_id: UUID
) -> None:
    if school_id not in await people.schools_as(session, actor, person_id, role):
        raise Unprocessable(
            f"choose somebody who is {role.value} at this school",
            spanish="elija a alguien que tenga ese rol en esta escuela",
            errors=[
                FieldError(f"not {role.value} at this school", "wrong_role", pointer=f"/{role.value}_id")
            ],
        )
