"""Every SQL statement of network maps."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, delete, func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.domain.network_map import tie
from app.domain.policy import Actor, Role
from app.models import (
    Goal,
    MapEntry,
    MapEntryGoal,
    MapShare,
    Membership,
    Person,
    School,
    Tenant,
)

_VERBS = ("map_entry.update", "map_entry.offer", "map_entry.delete")
_OFFERED = ("map_entry.update", "map_entry.delete")

_GOAL_IDS = type_coerce(
    func.array(
        select(MapEntryGoal.goal_id)
        .where(MapEntryGoal.tenant_id == MapEntry.tenant_id, MapEntryGoal.entry_id == MapEntry.id)
        .order_by(MapEntryGoal.goal_id)
        .correlate(MapEntry)
        .scalar_subquery()
    ),
    ARRAY(Uuid),
).label("goal_ids")

_COLUMNS: tuple[Any, ...] = (
    MapEntry.id,
    MapEntry.student_id,
    MapEntry.label,
    MapEntry.domain,
    MapEntry.closeness,
    MapEntry.frequency,
    MapEntry.help,
    MapEntry.fields,
    _GOAL_IDS,
    MapEntry.next_step,
    MapEntry.next_step_due_on,
    MapEntry.connection_id,
    MapEntry.created_at,
    MapEntry.version,
)


async def entries(
    session: AsyncSession, actor: Actor, *, student_id: UUID | None = None, entry_id: UUID | None = None
) -> list[dict[str, Any]]:
    """Return a student's entries, or one, as far as the caller may read them, in the order they were made."""
    actions = RowActions(actor, MapEntry, _VERBS)
    statement = select(*_COLUMNS, *actions.columns).where(allowed(actor, "map_entry.read", MapEntry))
    if student_id is not None:
        statement = statement.where(MapEntry.student_id == student_id)
    if entry_id is not None:
        statement = statement.where(MapEntry.id == entry_id)
    found = await session.execute(statement.order_by(MapEntry.created_at, MapEntry.id))
    rows = []
    for mapping in found.mappings():
        row = dict(mapping)
        row["label"] = row["label"] or ""
        row["tie"] = tie(row["closeness"], row["frequency"])
        row["allowed_actions"] = actions.take(row, _VERBS if row["connection_id"] is None else _OFFERED)
        rows.append(row)
    return rows


async def lock_and_count(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> int:
    """Return how many people are on a map; its advisory lock is held until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"map {tenant_id} {student_id}", 0)))
    )
    counted = await session.scalar(
        select(func.count())
        .select_from(MapEntry)
        .where(MapEntry.tenant_id == tenant_id, MapEntry.student_id == student_id)
    )
    return counted or 0


async def goals_among(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, goal_ids: Sequence[UUID]
) -> set[UUID]:
    """Return which of these ids are goals of the student; none of those is deleted before the transaction ends."""
    found = await session.scalars(
        select(Goal.id)
        .where(Goal.tenant_id == tenant_id, Goal.student_id == student_id, Goal.id.in_(goal_ids))
        .order_by(Goal.id)
        .with_for_update(read=True, key_share=True)
    )
    return set(found)


async def goal_titles(session: AsyncSession, actor: Actor, student_id: UUID) -> dict[UUID, str]:
    """Return what a student's goals say, by id, as far as the caller may read them."""
    found = await session.execute(
        select(Goal.id, func.coalesce(Goal.title, "").label("title")).where(
            allowed(actor, "goal.read", Goal), Goal.student_id == student_id
        )
    )
    return {row.id: row.title for row in found}


async def set_goals(session: AsyncSession, entry: MapEntry, goal_ids: Sequence[UUID]) -> None:
    """Let somebody on the map stand for exactly these goals."""
    await session.execute(
        delete(MapEntryGoal).where(
            MapEntryGoal.tenant_id == entry.tenant_id, MapEntryGoal.entry_id == entry.id
        )
    )
    session.add_all(
        MapEntryGoal(tenant_id=entry.tenant_id, entry_id=entry.id, goal_id=goal_id)
        for goal_id in dict.fromkeys(goal_ids)
    )


async def zone_of(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> str:
    """Return the time zone of the student's school, or of the community."""
    at_school = (
        select(School.zone)
        .join(Membership, (Membership.tenant_id == School.tenant_id) & (Membership.school_id == School.id))
        .where(
            School.tenant_id == tenant_id,
            Membership.person_id == student_id,
            Membership.role == Role.STUDENT,
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.created_at, Membership.id)
        .limit(1)
        .scalar_subquery()
    )
    found: str = (
        await session.scalars(select(func.coalesce(at_school, Tenant.zone)).where(Tenant.id == tenant_id))
    ).one()
    return found


async def erase(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> list[UUID]:
    """Delete a student's entries, goals and shares, and return their ids."""
    gone: list[UUID] = []
    for model in (MapEntry, Goal, MapShare):
        deleted = await session.execute(
            delete(model)
            .where(model.tenant_id == tenant_id, model.student_id == student_id)
            .returning(model.id)
            .execution_options(synchronize_session=False)
        )
        gone.extend(deleted.scalars())
    return gone


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, most: int) -> list[UUID]:
    """Return the entries whose reminder is due and whose student is here to be reminded, the longest waiting first."""
    found = await session.scalars(
        select(MapEntry.id)
        .join(Person, (Person.tenant_id == MapEntry.tenant_id) & (Person.id == MapEntry.student_id))
        .where(
            MapEntry.tenant_id == tenant_id,
            MapEntry.remind_at <= now,
            Person.enabled,
            Person.ended_at.is_(None),
        )
        .order_by(MapEntry.remind_at, MapEntry.id)
        .limit(most)
    )
    return list(found)


async def claim(session: AsyncSession, tenant_id: UUID, entry_id: UUID, now: datetime) -> MapEntry | None:
    """Return an entry under its lock if its reminder is still due; None when it was done or changed meanwhile."""
    found: MapEntry | None = await session.scalar(
        select(MapEntry)
        .where(MapEntry.tenant_id == tenant_id, MapEntry.id == entry_id, MapEntry.remind_at <= now)
        .with_for_update()
    )
    return found
