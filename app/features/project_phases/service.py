"""Phases of industry projects, and the teams that work on them."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.opportunity import ENDED, check_may_change
from app.domain.policy import Actor
from app.domain.project_phase import Phase, check_kept, check_phases
from app.features.project_phases import queries
from app.features.project_phases.schemas import PhasesIn, TeamIn, TeamPatch
from app.models import Opportunity, ProjectPhase, ProjectTeam, TeamMember


async def show(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> dict[str, Any]:
    """Return the phases of a project as the caller may see them; raises NotFound."""
    opportunity = await get(session, actor, "opportunity.read", Opportunity, opportunity_id)
    phases = await queries.phases(session, actor.tenant_id, opportunity_id)
    may = opportunity.status not in ENDED and await queries.may_set_phases(session, actor, opportunity_id)
    return {
        "items": phases,
        "version": opportunity.version,
        "allowed_actions": ["set_phases"] if may else [],
    }


async def put(
    session: AsyncSession, actor: Actor, opportunity_id: UUID, body: PhasesIn, version: int
) -> None:
    """Give a project these phases, in this order; those that are known by their id stay the same ones."""
    opportunity = await get(session, actor, "opportunity.set_phases", Opportunity, opportunity_id, lock=True)
    check_version(opportunity, version)
    check_may_change(opportunity.status)
    present = await queries.phases(session, actor.tenant_id, opportunity_id, lock=True)
    known = {phase.id: phase for phase in present}
    judged = await queries.with_feedback(session, actor.tenant_id, list(known))
    kept = [phase.id for phase in body.phases if phase.id is not None]
    check_kept(kept, known, judged)
    check_phases(
        [Phase(phase.starts_on, phase.ends_on) for phase in body.phases],
        opportunity.starts_on,
        opportunity.ends_on,
    )
    await queries.remove(session, actor.tenant_id, opportunity_id, [i for i in known if i not in set(kept)])
    for position, given in enumerate(body.phases, start=1):
        values = given.model_dump(exclude={"id"}) | {"position": position}
        if given.id is None:
            session.add(
                ProjectPhase(tenant_id=actor.tenant_id, id=new_id(), opportunity_id=opportunity_id, **values)
            )
        else:
            for name, value in values.items():
                setattr(known[given.id], name, value)
    # The phases are part of the opportunity: its version changes with them.
    opportunity.updated_at = clock.now()
    facts = {"phases": len(body.phases)}
    await record(session, "opportunity.set_phases", actor=actor, subject=opportunity, facts=facts)


async def view_team(session: AsyncSession, actor: Actor, team_id: UUID) -> dict[str, Any]:
    """Return one team as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, team_id)
    if found is None:
        raise NotFound(
            "there is no team here with this id that you may see",
            spanish="no existe aquí ningún equipo con ese id que usted pueda ver",
        )
    return found


async def create_team(session: AsyncSession, actor: Actor, body: TeamIn) -> UUID:
    """Make a team of students who have a seat in the project."""
    require_at_school(actor, "project_team.create", body.school_id)
    opportunity = await get(session, actor, "opportunity.read", Opportunity, body.opportunity_id, lock=True)
    if not await queries.phases(session, actor.tenant_id, opportunity.id):
        raise Unprocessable(
            "give the project its phases first; teams work from one to the next",
            spanish="dé primero sus fases al proyecto; los equipos pasan de una a otra",
            errors=[FieldError("has no phases", "no_phases", pointer="/opportunity_id")],
        )
    await _check_members(session, actor.tenant_id, opportunity.id, body.school_id, body.student_ids, None)
    team = ProjectTeam(
        tenant_id=actor.tenant_id,
        id=new_id(),
        opportunity_id=opportunity.id,
        school_id=body.school_id,
        number=await queries.last_number(session, actor.tenant_id, opportunity.id) + 1,
    )
    session.add(team)
    await session.flush()  # the members point to it
    _join(session, team, set(body.student_ids))
    facts = {"number": team.number, "students": len(set(body.student_ids))}
    await record(session, "project_team.create", actor=actor, subject=team, facts=facts)
    return team.id


async def change_team(
    session: AsyncSession, actor: Actor, team_id: UUID, body: TeamPatch, version: int
) -> None:
    """Let these students be the team from now on."""
    team = await get(session, actor, "project_team.update", ProjectTeam, team_id)
    # Two teams that want one student wait for each other here.
    await session.get_one(Opportunity, (actor.tenant_id, team.opportunity_id), with_for_update=True)
    await session.refresh(team, with_for_update=True)
    check_version(team, version)
    await _check_members(
        session, actor.tenant_id, team.opportunity_id, team.school_id, body.student_ids, team.id
    )
    there = await queries.leave_only(session, actor.tenant_id, team.id, body.student_ids)
    _join(session, team, set(body.student_ids) - there)
    team.updated_at = clock.now()
    facts = {"students": len(set(body.student_ids))}
    await record(session, "project_team.update", actor=actor, subject=team, facts=facts)


def _join(session: AsyncSession, team: ProjectTeam, student_ids: set[UUID]) -> None:
    for student_id in sorted(student_ids):
        session.add(
            TeamMember(
                tenant_id=team.tenant_id,
                id=new_id(),
                opportunity_id=team.opportunity_id,
                team_id=team.id,
                student_id=student_id,
            )
        )


async def _check_members(
    session: AsyncSession,
    tenant_id: UUID,
    opportunity_id: UUID,
    school_id: UUID,
    student_ids: list[UUID],
    team_id: UUID | None,
) -> None:
    takers = await queries.takers(session, tenant_id, opportunity_id, school_id, student_ids)
    errors = [
        FieldError(
            "not a student of the school with a seat here", "no_seat", pointer=f"/student_ids/{number}"
        )
        for number, student_id in enumerate(student_ids)
        if student_id not in takers
    ]
    if errors:
        raise Unprocessable(
            "choose students of this school who have a seat in the project",
            spanish="elija estudiantes de esta escuela con plaza en el proyecto",
            errors=errors,
        )
    if await queries.elsewhere(session, tenant_id, opportunity_id, student_ids, team_id):
        raise Conflict(
            "one of these students is in another team of the project; take them out there first",
            spanish="uno de estos estudiantes está en otro equipo del proyecto; sáquelo antes de allí",
            code="in_another_team",
        )
