"""Every SQL statement of feedback on phases."""

from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.domain.project_phase import TRANSITIONS, FeedbackStatus
from app.features.phase_feedback.schemas import FeedbackFilters
from app.models import Opportunity, Person, PhaseFeedback, ProjectPhase, ProjectTeam, TeamMember

LATEST = Keyset("feedback by creation", PhaseFeedback.created_at, PhaseFeedback.id, descending=True)
VERBS = verbs("phase_feedback", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

_ITEM: tuple[Any, ...] = (
    PhaseFeedback.id,
    PhaseFeedback.phase_id,
    ProjectPhase.title.label("phase_title"),
    PhaseFeedback.team_id.label("project_team_id"),
    ProjectTeam.number.label("team_number"),
    ProjectPhase.opportunity_id,
    Opportunity.title.label("opportunity_title"),
    PhaseFeedback.status,
    or_(PhaseFeedback.contact_id.is_not(None), PhaseFeedback.expert_id.is_not(None)).label("by_expert"),
    PhaseFeedback.shown,
    PhaseFeedback.strong,
    PhaseFeedback.next_step,
    PhaseFeedback.quality,
    PhaseFeedback.thinking,
    PhaseFeedback.presentation,
    PhaseFeedback.answer_by,
    PhaseFeedback.answered_at,
    PhaseFeedback.created_at,
    PhaseFeedback.version,
)


def _joined(*columns: Any) -> Select[Any]:
    return (
        select(*columns)
        .select_from(PhaseFeedback)
        .join(
            ProjectPhase,
            (ProjectPhase.tenant_id == PhaseFeedback.tenant_id) & (ProjectPhase.id == PhaseFeedback.phase_id),
        )
        .join(
            ProjectTeam,
            (ProjectTeam.tenant_id == PhaseFeedback.tenant_id) & (ProjectTeam.id == PhaseFeedback.team_id),
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == ProjectPhase.tenant_id)
            & (Opportunity.id == ProjectPhase.opportunity_id),
        )
    )


async def page(
    session: AsyncSession, actor: Actor, filters: FeedbackFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 pieces of feedback the caller may read, the latest first."""
    actions = RowActions(actor, PhaseFeedback, _ACTIONS)
    statement = _joined(*_ITEM, *actions.columns).where(allowed(actor, "phase_feedback.read", PhaseFeedback))
    if filters.project_team_id is not None:
        statement = statement.where(PhaseFeedback.team_id == filters.project_team_id)
    if filters.status is not None:
        statement = statement.where(PhaseFeedback.status == filters.status)
    rows = await session.execute(LATEST.cut(statement, after, filters.limit))
    return [_shown(dict(row), actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, feedback_id: UUID) -> dict[str, Any] | None:
    """Return one piece of feedback as the caller may see it, or None."""
    actions = RowActions(actor, PhaseFeedback, _ACTIONS)
    statement = _joined(*_ITEM, *actions.columns).where(
        PhaseFeedback.id == feedback_id, allowed(actor, "phase_feedback.read", PhaseFeedback)
    )
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _shown(dict(row), actions)


def _shown(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["status"] = FeedbackStatus(row["status"]).value
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


class Asked(NamedTuple):
    """What an expert is told."""

    opportunity_title: str
    employer_id: UUID
    team_number: int
    phase_title: str
    deliverable: str
    ends_on: Any


async def asked(session: AsyncSession, feedback: PhaseFeedback) -> Asked:
    """Return what an expert is told of a team's phase."""
    row = (
        await session.execute(
            _joined(
                Opportunity.title,
                Opportunity.employer_id,
                ProjectTeam.number,
                ProjectPhase.title,
                ProjectPhase.deliverable,
                ProjectPhase.ends_on,
            ).where(PhaseFeedback.tenant_id == feedback.tenant_id, PhaseFeedback.id == feedback.id)
        )
    ).one()
    return Asked(*row)


async def phase_of(session: AsyncSession, team: ProjectTeam, phase_id: UUID) -> ProjectPhase | None:
    """Return a phase, if it is one of the team's project; nobody removes it until the transaction ends."""
    found: ProjectPhase | None = await session.scalar(
        select(ProjectPhase)
        .where(
            ProjectPhase.tenant_id == team.tenant_id,
            ProjectPhase.opportunity_id == team.opportunity_id,
            ProjectPhase.id == phase_id,
        )
        .with_for_update(read=True, key_share=True)
    )
    return found


async def names_in(session: AsyncSession, team: ProjectTeam) -> list[str]:
    """Return the names of the students of a team: none of them may reach whoever is outside."""
    rows = await session.execute(
        select(Person.given_name, Person.family_name)
        .join(TeamMember, (TeamMember.tenant_id == Person.tenant_id) & (TeamMember.student_id == Person.id))
        .where(TeamMember.tenant_id == team.tenant_id, TeamMember.team_id == team.id)
    )
    return [name for row in rows for name in row if name]


async def is_asked(session: AsyncSession, team: ProjectTeam, phase_id: UUID) -> bool:
    """Say whether an expert is being asked about a team's phase now."""
    found = await session.scalar(
        select(PhaseFeedback.id).where(
            PhaseFeedback.tenant_id == team.tenant_id,
            PhaseFeedback.team_id == team.id,
            PhaseFeedback.phase_id == phase_id,
            PhaseFeedback.status == FeedbackStatus.ASKED,
        )
    )
    return found is not None
