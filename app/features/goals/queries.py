"""Every SQL statement of goals."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.goal import TRANSITIONS
from app.domain.policy import Actor, Role
from app.features.goals.schemas import GoalFilters
from app.models import Goal, MapEntry, MapEntryGoal, Membership, ReachCell

NEWEST = Keyset("goals by creation", Goal.created_at, Goal.id, descending=True)
_VERBS = verbs("goal", TRANSITIONS, "update", "delete")
_ACTIONS = tuple(dict.fromkeys(action for actions in _VERBS.values() for action in actions))


def _goals(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(
        Goal.id,
        Goal.student_id,
        func.coalesce(Goal.title, "").label("title"),
        Goal.field,
        Goal.status,
        Goal.due_on,
        Goal.created_at,
        Goal.version,
        *actions.columns,
    ).where(allowed(actor, "goal.read", Goal))


def _finish(mapping: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(mapping)
    row["status"] = row["status"].value
    row["allowed_actions"] = actions.take(row, _VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: GoalFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 goals that the caller may read, newest first."""
    actions = RowActions(actor, Goal, _ACTIONS)
    statement = _goals(actor, actions)
    if filters.status is not None:
        statement = statement.where(Goal.status == filters.status)
    if filters.student_id is not None:
        statement = statement.where(Goal.student_id == filters.student_id)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, goal_id: UUID) -> dict[str, Any] | None:
    """Return one goal as the caller may see it, or None."""
    actions = RowActions(actor, Goal, _ACTIONS)
    found = await session.execute(_goals(actor, actions).where(Goal.id == goal_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def lock_and_count(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> int:
    """Return how many goals a student has; an advisory lock of theirs is held until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"goals {tenant_id} {student_id}", 0)))
    )
    counted = await session.scalar(
        select(func.count())
        .select_from(Goal)
        .where(Goal.tenant_id == tenant_id, Goal.student_id == student_id)
    )
    return counted or 0


async def helpers(
    session: AsyncSession, actor: Actor, student_id: UUID, goal_id: UUID
) -> list[dict[str, Any]]:
    """Return everybody on the student's map that the caller may read, and whether the entry names the goal."""
    named = (
        select(MapEntryGoal.id)
        .where(
            MapEntryGoal.tenant_id == MapEntry.tenant_id,
            MapEntryGoal.entry_id == MapEntry.id,
            MapEntryGoal.goal_id == goal_id,
        )
        .correlate(MapEntry)
        .exists()
    )
    found = await session.execute(
        select(
            MapEntry.id.label("map_entry_id"),
            func.coalesce(MapEntry.label, "").label("label"),
            MapEntry.closeness,
            MapEntry.frequency,
            MapEntry.help,
            MapEntry.fields,
            named.label("named"),
        )
        .where(allowed(actor, "map_entry.read", MapEntry), MapEntry.student_id == student_id)
        .order_by(MapEntry.created_at, MapEntry.id)
    )
    return [dict(row) for row in found.mappings()]


async def is_reached(session: AsyncSession, tenant_id: UUID, student_id: UUID, field: str) -> bool:
    """Say whether the pool, as last published for a school of the student, reaches a field."""
    schools = select(Membership.school_id).where(
        Membership.tenant_id == tenant_id,
        Membership.person_id == student_id,
        Membership.role == Role.STUDENT,
        Membership.ended_at.is_(None),
    )
    found = await session.scalar(
        select(ReachCell.id)
        .where(
            ReachCell.tenant_id == tenant_id,
            ReachCell.field == field,
            ReachCell.reachable,
            ReachCell.school_id.in_(schools),
        )
        .limit(1)
    )
    return found is not None
