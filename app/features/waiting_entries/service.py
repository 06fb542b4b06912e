"""What people do with places in line: join, accept or decline what is offered, leave."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.problems import NotFound
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.policy import Actor
from app.domain.pursuit import REMIND_STAFF_EVERY
from app.domain.session import Recording
from app.domain.waitlist import TRANSITIONS, WaitingAction
from app.features.seats import service as seats
from app.features.session_enrollments import service as session_enrollments
from app.features.session_enrollments.schemas import SessionEnrollmentIn
from app.features.waiting_entries import queries
from app.features.waiting_entries.schemas import WaitingEntryIn
from app.models import Opportunity, OpportunitySession, WaitingEntry

_A = WaitingAction


async def view(session: AsyncSession, actor: Actor, entry_id: UUID) -> dict[str, Any]:
    """Return one place in line as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, entry_id)
    if found is None:
        raise NotFound(
            "there is no place in line here with this id that you may see",
            spanish="no existe aquí ningún lugar en la lista de espera con ese id que usted pueda ver",
        )
    return found


async def join(session: AsyncSession, actor: Actor, body: WaitingEntryIn) -> UUID:
    """Put the caller at the end of a line; raises Refused where a seat is free, or where they stand already."""
    if body.opportunity_id is not None:
        return await _join_opportunity(session, actor, body.opportunity_id)
    assert body.session_id is not None  # noqa: S101 - the body names one of the two
    return await _join_session(session, actor, body.session_id, body.recording_seen)


async def accept(session: AsyncSession, actor: Actor, entry_id: UUID, version: int) -> None:
    """Take the offered seat; raises Refused when its time is over.

    For a session the student is enrolled; for an opportunity the seat waits for the coordinator.
    """
    if actor.person_id is not None:
        await session_enrollments.take_turn(session, actor, actor.person_id)
    target, entry = await _load(session, actor, _A.ACCEPT, entry_id, version)
    await seats.accept(session, actor, entry)
    if isinstance(target, OpportunitySession):
        await session_enrollments.enroll_next(session, actor, target, entry)
        return
    request = await queries.request_of(session, actor, target.id)
    if request is not None:
        await record(
            session,
            "pursuit.hold_seat",
            actor=actor,
            subject=request,
            reason="the student takes the offered seat",
            person_id=request.student_id,
        )
        await queries.remind_staff(session, request, clock.now() + REMIND_STAFF_EVERY)


async def end(
    session: AsyncSession, actor: Actor, action: WaitingAction, entry_id: UUID, version: int
) -> None:
    """Give up the place; a seat that was kept for it goes to the next in line."""
    target, entry = await _load(session, actor, action, entry_id, version)
    next_status(TRANSITIONS, entry.status, action)
    await seats.leave_line(session, actor, target, entry.student_id, action)


async def _load(
    session: AsyncSession, actor: Actor, action: WaitingAction, entry_id: UUID, version: int
) -> tuple[Opportunity | OpportunitySession, WaitingEntry]:
    """Load a place whose seat may move: the row lock of what it is for first, then its own."""
    name = f"waiting_entry.{action.value}"
    entry: WaitingEntry = await get(session, actor, name, WaitingEntry, entry_id)
    target = await seats.lock_either(session, entry.tenant_id, entry.opportunity_id, entry.session_id)
    await queries.lock(session, entry)
    check_version(entry, version)
    return target, entry


async def _join_opportunity(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> UUID:
    if not await queries.readable(session, actor, opportunity_id):
        raise _nothing()
    opportunity = await seats.lock(session, actor.tenant_id, opportunity_id)
    request = await queries.request_of(session, actor, opportunity_id)
    if request is None:
        raise Refused(
            "not_pursued",
            "ask to pursue this opportunity first; when no seat is free, the request stands in line by itself",
            "primero solicita esta oportunidad; si no hay plazas libres, la solicitud entra sola en la lista de espera",
        )
    return await _join(session, actor, opportunity, request.student_id, request.school_id)


async def _join_session(
    session: AsyncSession, actor: Actor, session_id: UUID, seen: Recording | None
) -> UUID:
    """Whoever joins the line is checked as if they enrolled: the seat, when it comes, is theirs with one tap."""
    body = SessionEnrollmentIn(session_id=session_id, recording_seen=seen)
    target, student_id, school_id = await session_enrollments.admit(session, actor, body)
    if await queries.is_enrolled(session, actor, session_id):
        raise Refused(
            "enrolled_already",
            "you have a seat in this session already",
            "ya tienes una plaza en esta sesión",
        )
    return await _join(session, actor, target, student_id, school_id)


async def _join(
    session: AsyncSession,
    actor: Actor,
    target: Opportunity | OpportunitySession,
    student_id: UUID,
    school_id: UUID,
) -> UUID:
    if await seats.live_entry(session, target, student_id) is not None:
        raise Refused(
            "in_line_already",
            "you stand in this line already; look at your places in line",
            "ya estás en esta lista de espera; consulta tus lugares",
        )
    if not await seats.is_full_for(session, target, student_id, school_id):
        raise Refused(
            "seats_free",
            "a seat is free for you, so there is no line to stand in",
            "hay una plaza libre para ti, así que no hace falta esperar en la lista",
        )
    entry = await seats.join_line(session, actor, target, student_id=student_id, school_id=school_id)
    return entry.id


def _nothing() -> NotFound:
    return NotFound(
        "there is nothing here with this id that you may see",
        spanish="no existe aquí nada con ese id que usted pueda ver",
    )
