"""Every SQL statement of phases and teams."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, Text, Uuid, delete, func, select, true
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.domain.pursuit import HOLDS_SEAT
from app.features.project_phases.schemas import TeamFilters
from app.models import (
    Membership,
    Opportunity,
    Person,
    PhaseFeedback,
    ProjectPhase,
    ProjectTeam,
    Pursuit,
    TeamMember,
)

LATEST = Keyset("teams by creation", ProjectTeam.created_at, ProjectTeam.id, descending=True)
_TEAM_ACTIONS = ("project_team.update",)

_TEAM: tuple[Any, ...] = (
    ProjectTeam.id,
    ProjectTeam.opportunity_id,
    ProjectTeam.school_id,
    ProjectTeam.number,
    ProjectTeam.created_at,
    ProjectTeam.version,
)


def _teams(actor: Actor, actions: RowActions) -> Select[Any]:
    """Return the teams the caller may read: everybody in them by first name, and by id whom the caller may read."""
    members = (
        select(
            func.coalesce(
                func.array_agg(Person.id).filter(allowed(actor, "person.read", Person)), array([], type_=Uuid)
            ).label("student_ids"),
            func.coalesce(func.array_agg(Person.given_name), array([], type_=Text)).label("given_names"),
        )
        .join(
            TeamMember,
            (TeamMember.tenant_id == Person.tenant_id) & (TeamMember.student_id == Person.id),
        )
        .where(TeamMember.tenant_id == ProjectTeam.tenant_id, TeamMember.team_id == ProjectTeam.id)
        .correlate(ProjectTeam)
        .lateral()
    )
    return (
        select(*_TEAM, members.c.student_ids, members.c.given_names, *actions.columns)
        .join(members, true())
        .where(allowed(actor, "project_team.read", ProjectTeam))
    )


async def phases(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID, *, lock: bool = False
) -> list[ProjectPhase]:
    """Return the phases of a project, in order; whoever locks them waits for feedback that is being written."""
    statement = (
        select(ProjectPhase)
        .where(ProjectPhase.tenant_id == tenant_id, ProjectPhase.opportunity_id == opportunity_id)
        .order_by(ProjectPhase.position, ProjectPhase.id)
    )
    return list(await session.scalars(statement.with_for_update() if lock else statement))


async def may_set_phases(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> bool:
    """Say whether the caller may give this project other phases."""
    found = await session.scalar(
        select(Opportunity.id).where(
            Opportunity.id == opportunity_id, allowed(actor, "opportunity.set_phases", Opportunity)
        )
    )
    return found is not None


async def with_feedback(session: AsyncSession, tenant_id: UUID, phase_ids: Sequence[UUID]) -> list[UUID]:
    """Return those of these phases on which feedback was asked for or given."""
    found = await session.scalars(
        select(PhaseFeedback.phase_id)
        .where(PhaseFeedback.tenant_id == tenant_id, PhaseFeedback.phase_id.in_(phase_ids))
        .distinct()
    )
    return list(found)


async def remove(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID, gone: Sequence[UUID]) -> None:
    """Remove these phases of a project."""
    await session.execute(
        delete(ProjectPhase).where(
            ProjectPhase.tenant_id == tenant_id,
            ProjectPhase.opportunity_id == opportunity_id,
            ProjectPhase.id.in_(gone),
        )
    )


async def page(
    session: AsyncSession, actor: Actor, filters: TeamFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 teams the caller may read, the latest first."""
    actions = RowActions(actor, ProjectTeam, _TEAM_ACTIONS)
    statement = _teams(actor, actions)
    if filters.opportunity_id is not None:
        statement = statement.where(ProjectTeam.opportunity_id == filters.opportunity_id)
    rows = await session.execute(LATEST.cut(statement, after, filters.limit))
    return [_shown(dict(row), actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, team_id: UUID) -> dict[str, Any] | None:
    """Return one team as the caller may see it, or None."""
    actions = RowActions(actor, ProjectTeam, _TEAM_ACTIONS)
    statement = _teams(actor, actions).where(ProjectTeam.id == team_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _shown(dict(row), actions)


def _shown(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["student_ids"] = sorted(row["student_ids"])
    row["given_names"] = sorted(row["given_names"])
    row["allowed_actions"] = actions.take(row, _TEAM_ACTIONS)
    return row


async def last_number(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> int:
    """Return the number of the latest team of a project; 0 where there is none."""
    found = await session.scalar(
        select(func.max(ProjectTeam.number)).where(
            ProjectTeam.tenant_id == tenant_id, ProjectTeam.opportunity_id == opportunity_id
        )
    )
    return found or 0


async def takers(
    session: AsyncSession,
    tenant_id: UUID,
    opportunity_id: UUID,
    school_id: UUID,
    student_ids: Sequence[UUID],
) -> set[UUID]:
    """Return those of these students who are at the school and have a seat in the project."""
    found = await session.scalars(
        select(Pursuit.student_id)
        .join(Person, (Person.tenant_id == Pursuit.tenant_id) & (Person.id == Pursuit.student_id))
        .join(
            Membership,
            (Membership.tenant_id == Pursuit.tenant_id) & (Membership.person_id == Pursuit.student_id),
        )
        .where(
            Pursuit.tenant_id == tenant_id,
            Pursuit.opportunity_id == opportunity_id,
            Pursuit.student_id.in_(student_ids),
            Pursuit.status.in_(HOLDS_SEAT),
            Membership.role == Role.STUDENT,
            Membership.school_id == school_id,
            Membership.ended_at.is_(None),
            Person.enabled,
            Person.ended_at.is_(None),
        )
    )
    return set(found)


async def elsewhere(
    session: AsyncSession,
    tenant_id: UUID,
    opportunity_id: UUID,
    student_ids: Sequence[UUID],
    besides: UUID | None,
) -> set[UUID]:
    """Return those of these students who are in another team of the project."""
    statement = select(TeamMember.student_id).where(
        TeamMember.tenant_id == tenant_id,
        TeamMember.opportunity_id == opportunity_id,
        TeamMember.student_id.in_(student_ids),
    )
    if besides is not None:
        statement = statement.where(TeamMember.team_id != besides)
    return set(await session.scalars(statement))


async def leave_only(
    session: AsyncSession, tenant_id: UUID, team_id: UUID, student_ids: Sequence[UUID]
) -> set[UUID]:
    """Take everybody else out of a team, and return who of these is in it already."""
    await session.execute(
        delete(TeamMember).where(
            TeamMember.tenant_id == tenant_id,
            TeamMember.team_id == team_id,
            TeamMember.student_id.not_in(student_ids),
        )
    )
    return set(
        await session.scalars(
            select(TeamMember.student_id).where(
                TeamMember.tenant_id == tenant_id, TeamMember.team_id == team_id
            )
        )
    )
