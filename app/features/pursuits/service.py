"""What people do with pursuits: load, decide, change, record."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import Unit
from app.core.events import record, write
from app.core.ids import new_id
from app.core.problems import NotFound
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.local_time import end_of_day, local_day
from app.domain.opportunity import OPEN_TO_STUDENTS
from app.domain.opportunity_kind import workflow_of
from app.domain.placement import check_window
from app.domain.policy import Actor, Role
from app.domain.pursuit import (
    REMIND_OF_REQUEST_EVERY,
    TRANSITIONS,
    PursuitAction,
    PursuitStatus,
    age_check,
    check_confirmed,
    check_expiry,
    check_extension,
    check_not_over,
    check_pursued,
    check_time_to_apply,
    full,
    reminder,
    returns_seat,
)
from app.domain.waitlist import WaitingAction
from app.features.placements import service as placements
from app.features.pursuits import queries
from app.features.pursuits.schemas import ApprovalIn, ExtensionIn, PursuitIn, StartApprovalIn, StartIn
from app.features.seats import service as seats
from app.features.tenant_settings import service as tenant_settings
from app.models import Opportunity, Pursuit

_A = PursuitAction

# Every decision about a student has a reason (promise P10); these are what the action itself says.
_REASONS = {
    _A.APPROVE: "the student meets what the opportunity asks for",
    _A.EXTEND: "the student needs more time to land it",
    _A.LAND: "the employer said yes",
    _A.REQUEST_START: "student and employer agreed on goals and schedule",
    _A.APPROVE_START: "the advisor agrees with goals and schedule",
    _A.WITHDRAW: "the student chose not to go on",
    _A.NOT_SELECT: "the employer chose somebody else",
}


async def view(unit: Unit, actor: Actor, pursuit_id: UUID) -> dict[str, Any]:
    """Return one pursuit as the caller may see it; raises NotFound."""
    found = await queries.view(unit, actor, pursuit_id)
    if found is None:
        raise NotFound(
            "there is no pursuit here with this id that you may see",
            spanish="no existe aquí ninguna solicitud con ese id que usted pueda ver",
        )
    return found


async def create(unit: Unit, actor: Actor, body: PursuitIn) -> UUID:
    """Ask to pursue an opportunity; raises Refused for one that is not open, or is pursued already."""
    target = await queries.target(unit, actor, body.opportunity_id)
    if target is None or actor.person_id is None:
        raise NotFound(
            "there is no opportunity here with this id that you may see",
            spanish="no existe aquí ninguna oportunidad con ese id que usted pueda ver",
        )
    _check_open(target.status, target.employer_status)
    now = clock.now()
    check_time_to_apply(target.apply_by, now)
    check_pursued(workflow_of(target.type, target.workflow), has_sessions=target.has_sessions)
    check = age_check(
        target.minimum_age,
        target.maximum_age,
        target.born_on,
        max(target.starts_on or now.date(), now.date()),
    )
    pursuit = Pursuit(
        tenant_id=actor.tenant_id,
        id=new_id(),
        student_id=actor.person_id,
        opportunity_id=body.opportunity_id,
        school_id=_school_of(actor, target.school_id),
        message=body.message,
        checks=[] if check is None else [check.value],
        requested_at=now,
        remind_at=now + REMIND_OF_REQUEST_EVERY,
    )
    made, entry_id = await queries.insert(unit, pursuit)
    if not made:
        raise Refused(
            "pursued_already",
            "you pursue this opportunity already; look at your pursuits, or withdraw that one first",
            "ya solicitó esta oportunidad; consulte sus solicitudes o retire antes la anterior",
        )
    await write(
        unit,
        "pursuit.create",
        actor=actor,
        subject_id=pursuit.id,
        facts={"to": "requested", "checks": pursuit.checks},
        school_id=pursuit.school_id,
        person_id=pursuit.student_id,
    )
    if entry_id is not None:
        await write(
            unit,
            "waiting_entry.create",
            actor=actor,
            subject_id=entry_id,
            reason="no seat was free when the student asked",
            school_id=pursuit.school_id,
            person_id=pursuit.student_id,
        )
    return pursuit.id


async def approve(
    session: AsyncSession, actor: Actor, pursuit_id: UUID, version: int, body: ApprovalIn
) -> None:
    """Give a student the right to go after it until a day; takes a seat unless one is held already."""
    opportunity, pursuit = await _with_seats(session, actor, _A.APPROVE, pursuit_id, version)
    following = next_status(TRANSITIONS, pursuit.status, _A.APPROVE)
    known = await queries.bearings(session, pursuit)
    _check_open(opportunity.status, known.employer_status)
    now = clock.now()
    today = local_day(now, known.zone)
    check = age_check(
        opportunity.minimum_age,
        opportunity.maximum_age,
        known.born_on,
        max(opportunity.starts_on or today, today),
    )
    check_confirmed([] if check is None else [check], body.confirmed_checks)
    settings = await tenant_settings.of(session, pursuit.tenant_id)
    expires_on = body.expires_on or today + timedelta(days=settings.pursuit_days)
    check_expiry(expires_on, today)
    pursuit.expires_on = expires_on
    pursuit.expires_at = end_of_day(expires_on, known.zone)
    pursuit.remind_at = reminder(pursuit.expires_at, now)
    pursuit.checks = []
    facts = {
        "expires_on": expires_on.isoformat(),
        "confirmed_checks": [] if check is None else [check.value],
    }
    await _decide(session, actor, _A.APPROVE, pursuit, following, body.reason, facts)
    # Only now: whoever is put in line because of it must not be this very pursuit.
    if not await seats.take(
        session, actor, opportunity, student_id=pursuit.student_id, school_id=pursuit.school_id
    ):
        entry = await seats.live_entry(session, opportunity, pursuit.student_id)
        raise full(None if entry is None else await seats.place_in_line(session, entry))


async def extend(
    session: AsyncSession, actor: Actor, pursuit_id: UUID, version: int, body: ExtensionIn
) -> None:
    """Give more time, once."""
    pursuit = await _alone(session, actor, _A.EXTEND, pursuit_id, version)
    following = next_status(TRANSITIONS, pursuit.status, _A.EXTEND)
    now = clock.now()
    check_not_over(pursuit.expires_at, now)
    known = await queries.bearings(session, pursuit)
    today = local_day(now, known.zone)
    check_extension(
        extended_before=pursuit.extended_at is not None,
        expires_on=body.expires_on,
        current_expires_on=pursuit.expires_on or today,
        today=today,
    )
    facts = {
        "expires_on_before": None if pursuit.expires_on is None else pursuit.expires_on.isoformat(),
        "expires_on": body.expires_on.isoformat(),
    }
    pursuit.expires_on = body.expires_on
    pursuit.expires_at = end_of_day(body.expires_on, known.zone)
    pursuit.remind_at = reminder(pursuit.expires_at, now)
    pursuit.extended_at = now
    await _decide(session, actor, _A.EXTEND, pursuit, following, body.reason, facts)


async def land(session: AsyncSession, actor: Actor, pursuit_id: UUID, version: int) -> None:
    """Say that the employer said yes; from here it no longer expires."""
    pursuit = await _alone(session, actor, _A.LAND, pursuit_id, version)
    following = next_status(TRANSITIONS, pursuit.status, _A.LAND)
    check_not_over(pursuit.expires_at, clock.now())
    pursuit.remind_at = None
    await _step(session, actor, _A.LAND, pursuit, following)


async def request_start(
    session: AsyncSession, actor: Actor, pursuit_id: UUID, version: int, body: StartIn
) -> None:
    """Ask the advisor to approve the start."""
    pursuit = await _alone(session, actor, _A.REQUEST_START, pursuit_id, version)
    following = next_status(TRANSITIONS, pursuit.status, _A.REQUEST_START)
    check_window(body.starts_on, body.ends_on)
    pursuit.start_goals, pursuit.start_schedule = body.goals, body.schedule
    pursuit.start_on, pursuit.end_on = body.starts_on, body.ends_on
    facts = {"starts_on": body.starts_on.isoformat(), "ends_on": body.ends_on.isoformat()}
    await _step(session, actor, _A.REQUEST_START, pursuit, following, facts=facts)


async def return_start(
    session: AsyncSession, actor: Actor, pursuit_id: UUID, version: int, reason: str
) -> None:
    """Send a start request back to the student, with what should change."""
    pursuit = await _alone(session, actor, _A.RETURN_START, pursuit_id, version)
    following = next_status(TRANSITIONS, pursuit.status, _A.RETURN_START)
    await _decide(session, actor, _A.RETURN_START, pursuit, following, reason)


async def approve_start(
    session: AsyncSession, actor: Actor, pursuit_id: UUID, version: int, body: StartApprovalIn
) -> None:
    """Approve the start: the pursuit becomes a placement, which keeps the seat."""
    pursuit = await _alone(session, actor, _A.APPROVE_START, pursuit_id, version)
    following = next_status(TRANSITIONS, pursuit.status, _A.APPROVE_START)
    today = clock.now().date()
    plan = placements.Plan(
        goals=body.goals or pursuit.start_goals or "",
        schedule=body.schedule or pursuit.start_schedule or "",
        starts_on=body.starts_on or pursuit.start_on or today,
        ends_on=body.ends_on or pursuit.end_on or today,
    )
    await _decide(session, actor, _A.APPROVE_START, pursuit, following, body.reason)
    await placements.open_from(session, actor, pursuit, plan)


async def leave(
    session: AsyncSession,
    actor: Actor,
    action: PursuitAction,
    pursuit_id: UUID,
    version: int,
    reason: str | None,
) -> None:
    """End a pursuit (decline, withdraw, not_select, release); a seat it had goes to the next in line."""
    opportunity, pursuit = await _with_seats(session, actor, action, pursuit_id, version)
    before = pursuit.status
    following = next_status(TRANSITIONS, before, action)
    pursuit.remind_at = None
    await _decide(session, actor, action, pursuit, following, reason)
    if returns_seat(before, following):
        await seats.give_back(session, opportunity, pursuit.student_id)
    else:
        ended = WaitingAction.LEAVE if action is _A.WITHDRAW else WaitingAction.CLOSE
        await seats.leave_line(
            session, actor, opportunity, pursuit.student_id, ended, reason or pursuit.decision_reason
        )


def _check_open(status: str, employer_status: str) -> None:
    if status not in OPEN_TO_STUDENTS or employer_status != EmployerStatus.VETTED:
        raise Refused(
            "not_open",
            "this opportunity is not open to students now; come back when it is published again, or choose another",
            "esta oportunidad no está abierta ahora; vuelva cuando se publique de nuevo o elija otra",
        )


def _school_of(actor: Actor, opportunity_school_id: UUID | None) -> UUID:
    schools = actor.schools({Role.STUDENT})
    if not schools:
        raise Refused(
            "no_school",
            "you are enrolled at no school now; ask your school's office to enrol you, then try again",
            "no está inscrito en ninguna escuela; pida a su escuela que le inscriba e inténtelo de nuevo",
        )
    # Of several schools, the one that looks after the opportunity knows it best.
    return opportunity_school_id if opportunity_school_id in schools else schools[0]


async def _with_seats(
    session: AsyncSession, actor: Actor, action: PursuitAction, pursuit_id: UUID, version: int
) -> tuple[Opportunity, Pursuit]:
    """Load a pursuit whose seat may move: the opportunity's row lock first, then the pursuit's own."""
    name = f"pursuit.{action.value}"
    pursuit: Pursuit = await get(session, actor, name, Pursuit, pursuit_id)
    opportunity = await seats.lock(session, pursuit.tenant_id, pursuit.opportunity_id)
    await queries.lock(session, pursuit)
    check_version(pursuit, version)
    return opportunity, pursuit


async def _alone(
    session: AsyncSession, actor: Actor, action: PursuitAction, pursuit_id: UUID, version: int
) -> Pursuit:
    """Load a pursuit for a step that moves no seat."""
    pursuit = await get(session, actor, f"pursuit.{action.value}", Pursuit, pursuit_id, lock=True)
    check_version(pursuit, version)
    return pursuit


async def _decide(
    session: AsyncSession,
    actor: Actor,
    action: PursuitAction,
    pursuit: Pursuit,
    following: PursuitStatus,
    reason: str | None,
    facts: dict[str, Any] | None = None,
) -> None:
    """Take a step that is a decision about a student: who made it, when and why stays on the pursuit."""
    pursuit.decided_by_id, pursuit.decided_at = actor.person_id, clock.now()
    pursuit.decision_reason = reason or _REASONS.get(action)
    await _step(session, actor, action, pursuit, following, reason=reason, facts=facts)


async def _step(
    session: AsyncSession,
    actor: Actor,
    action: PursuitAction,
    pursuit: Pursuit,
    following: PursuitStatus,
    *,
    reason: str | None = None,
    facts: dict[str, Any] | None = None,
) -> None:
    before, pursuit.status = pursuit.status, following
    await record(
        session,
        f"pursuit.{action.value}",
        actor=actor,
        subject=pursuit,
        reason=reason or _REASONS.get(action),
        facts={"from": before.value, "to": following.value, **(facts or {})},
        person_id=pursuit.student_id,
    )
