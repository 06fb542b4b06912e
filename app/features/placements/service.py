"""What people do with placements: load, decide, change, record."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import Unit
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import NotFound
from app.domain.lifecycle import next_status
from app.domain.placement import FREES_SEAT, OVER, TRANSITIONS, PlacementAction, check_window
from app.domain.policy import Actor
from app.features.placements import queries
from app.features.seats import service as seats
from app.models import Placement, Pursuit

_A = PlacementAction

# Every decision about a student has a reason (promise P10); these are what the action itself says.
_REASONS = {
    _A.CLEAR: "the coordinator holds what must be signed and cleared",
    _A.ACTIVATE: "the student starts at the employer",
    _A.COMPLETE: "the student did what was agreed",
    _A.RECORD_NO_SHOW: "the student did not come",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """What was agreed for a start."""

    goals: str
    schedule: str
    starts_on: date
    ends_on: date


async def view(unit: Unit, actor: Actor, placement_id: UUID) -> dict[str, Any]:
    """Return one placement as the caller may see it; raises NotFound."""
    found = await queries.view(unit, actor, placement_id)
    if found is None:
        raise NotFound(
            "there is no placement here with this id that you may see",
            spanish="no existe aquí ninguna práctica con ese id que usted pueda ver",
        )
    return found


async def open_from(session: AsyncSession, actor: Actor, pursuit: Pursuit, plan: Plan) -> UUID:
    """Make the placement that a pursuit led to, with the connection and the contributor it came through."""
    check_window(plan.starts_on, plan.ends_on)
    origin = await queries.origin(session, pursuit.tenant_id, pursuit.opportunity_id)
    placement = Placement(
        tenant_id=pursuit.tenant_id,
        id=new_id(),
        pursuit_id=pursuit.id,
        student_id=pursuit.student_id,
        opportunity_id=pursuit.opportunity_id,
        employer_id=origin.employer_id,
        school_id=pursuit.school_id,
        advisor_id=actor.person_id,
        connection_id=origin.connection_id,
        contributor_id=origin.contributor_id,
        goals=plan.goals,
        schedule=plan.schedule,
        starts_on=plan.starts_on,
        ends_on=plan.ends_on,
    )
    session.add(placement)
    await record(
        session,
        "placement.create",
        actor=actor,
        subject=placement,
        reason="the advisor approved the start",
        facts={"starts_on": plan.starts_on.isoformat(), "ends_on": plan.ends_on.isoformat()},
        person_id=placement.student_id,
    )
    return placement.id


async def act(
    session: AsyncSession,
    actor: Actor,
    action: PlacementAction,
    placement_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Move a placement along its life; one that ended early, or never began, gives its seat back."""
    name = f"placement.{action.value}"
    placement = await get(session, actor, name, Placement, placement_id, lock=True)
    check_version(placement, version)
    before = placement.status
    placement.status = next_status(TRANSITIONS, before, action)
    now = clock.now()
    if action is _A.CLEAR:
        placement.cleared_at = now
    if placement.status in OVER:
        placement.ended_at = now
    if action in {_A.REQUEST_END, _A.END_EARLY, _A.RECORD_NO_SHOW}:
        placement.end_reason = reason
    await record(
        session,
        name,
        actor=actor,
        subject=placement,
        reason=reason or _REASONS.get(action),
        facts={"from": before.value, "to": placement.status.value},
        person_id=placement.student_id,
    )
    if placement.status in FREES_SEAT:
        opportunity = await seats.lock(session, placement.tenant_id, placement.opportunity_id)
        await seats.give_back(session, opportunity, placement.student_id)


async def provenance(session: AsyncSession, actor: Actor, placement_id: UUID) -> dict[str, Any]:
    """Return whose connection a placement came through, for those who answer for the network."""
    placement = await get(session, actor, "placement.read_provenance", Placement, placement_id)
    return await queries.provenance(session, placement)
