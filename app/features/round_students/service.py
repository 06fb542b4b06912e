"""One adult for every student whom a round found without: stepping forward, stepping back, following up."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import SYSTEM, record
from app.core.problems import Conflict, NotFound
from app.domain.policy import Actor
from app.domain.relationship_round import follow_up_after
from app.features.round_students import queries
from app.models import RoundStudent


async def view(session: AsyncSession, actor: Actor, row_id: UUID) -> dict[str, Any]:
    """Return one student of a round as the caller may see them; raises NotFound."""
    found = await queries.view(session, actor, row_id)
    if found is None:
        raise NotFound(
            "there is no student of a round here with this id that you may see",
            spanish="no existe aquí ningún estudiante de una ronda con ese id que usted pueda ver",
        )
    return found


async def volunteer(session: AsyncSession, actor: Actor, row_id: UUID, version: int) -> None:
    """Let the caller be the one adult for a student; of several at once exactly one succeeds."""
    found = await get(session, actor, "round_student.volunteer", RoundStudent, row_id)
    assert actor.person_id is not None  # noqa: S101 - the action belongs to roles of people
    # First of the checks: whoever marked the student must not learn from the others what is missing.
    if not await queries.may_hear(session, found, actor.person_id):
        raise _nobody_needed()
    if found.volunteer_id is not None and found.volunteer_id != actor.person_id:
        raise _taken()
    check_version(found, version)
    if not (found.without_mark or found.without_nomination):
        raise _nobody_needed()
    first = follow_up_after(0)
    assert first is not None  # noqa: S101 - there is a first follow-up
    if not await queries.step_forward(session, found, actor.person_id, clock.now() + first):
        raise _taken()
    await session.refresh(found)
    # Without the student: what is written about a student may be read by the student.
    await record(session, "round_student.volunteer", actor=actor, subject=found)


async def step_back(session: AsyncSession, actor: Actor, row_id: UUID, version: int) -> None:
    """Let the caller make room for another adult."""
    found = await _mine(session, actor, "round_student.step_back", row_id, version)
    _make_room(found)
    await record(session, "round_student.step_back", actor=actor, subject=found)


async def release(session: AsyncSession, tenant_id: UUID, row_id: UUID, volunteer_id: UUID) -> bool:
    """Make room for another adult where this one has left the school; False when somebody else saw to it."""
    found = await queries.claim_of(session, tenant_id, row_id, volunteer_id)
    if found is None:
        return False
    _make_room(found)
    await record(
        session, "round_student.release", actor=SYSTEM, subject=found, reason="the adult has left the school"
    )
    return True


async def follow_up(session: AsyncSession, actor: Actor, row_id: UUID, version: int) -> None:
    """Note that the caller saw how it goes; what was said is nobody's business."""
    found = await _mine(session, actor, "round_student.follow_up", row_id, version)
    if found.follow_ups_done >= found.follow_ups_asked:
        raise Conflict(
            "no follow-up is due now; you are told after 28 and after 60 days",
            spanish="ahora no hay ningún seguimiento pendiente; se le avisará a los 28 y a los 60 días",
            code="nothing_due",
        )
    found.follow_ups_done += 1
    await record(
        session,
        "round_student.follow_up",
        actor=actor,
        subject=found,
        facts={"follow_ups_done": found.follow_ups_done},
    )


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return the students about whom a follow-up is due."""
    return await queries.due(session, tenant_id, now, limit)


async def ask_how_it_goes(session: AsyncSession, tenant_id: UUID, row_id: UUID, now: datetime) -> bool:
    """Remind an adult of a follow-up that is due, and set the next; False when somebody else saw to it."""
    found = await queries.claim_due(session, tenant_id, row_id, now)
    if found is None or found.volunteered_at is None:
        return False
    found.follow_ups_asked += 1
    after = follow_up_after(found.follow_ups_asked)
    found.follow_up_at = None if after is None else found.volunteered_at + after
    await record(
        session,
        "round_student.remind",
        actor=SYSTEM,
        subject=found,
        facts={"follow_ups_asked": found.follow_ups_asked},
    )
    return True


def _make_room(found: RoundStudent) -> None:
    found.volunteer_id = found.volunteered_at = found.follow_up_at = None
    found.follow_ups_asked = found.follow_ups_done = 0


async def _mine(session: AsyncSession, actor: Actor, action: str, row_id: UUID, version: int) -> RoundStudent:
    found = await get(session, actor, action, RoundStudent, row_id, lock=True)
    check_version(found, version)
    if found.volunteer_id != actor.person_id:
        raise Conflict(
            "somebody else, or nobody, stepped forward for this student; look at the list again",
            spanish="otra persona, o nadie, se ofreció para este estudiante; consulte de nuevo la lista",
            code="not_yours",
        )
    return found


def _nobody_needed() -> Conflict:
    return Conflict(
        "nobody is needed for this student in this round as far as you may know, or it is not closed yet",
        spanish="que usted pueda saber, nadie hace falta para este estudiante en esta ronda, o no está cerrada",
        code="nobody_needed",
    )


def _taken() -> Conflict:
    return Conflict(
        "another adult has stepped forward for this student already; thank you, and choose another one",
        spanish="otra persona adulta ya se ofreció para este estudiante; gracias, y elija a otro",
        code="has_volunteer",
    )
