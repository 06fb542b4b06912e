"""Every SQL statement of groups of students."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.features.student_groups.schemas import StudentGroupFilters
from app.models import GroupMember, Membership, Person, StudentGroup

NEWEST = Keyset("student groups by creation", StudentGroup.created_at, StudentGroup.id, descending=True)
_ACTIONS = ("student_group.update", "student_group.end")
_NOTHING: tuple[str, ...] = ()


def _groups(actor: Actor, actions: RowActions) -> Select[Any]:
    counted = (
        select(func.count())
        .where(GroupMember.tenant_id == StudentGroup.tenant_id, GroupMember.group_id == StudentGroup.id)
        .scalar_subquery()
    )
    return select(
        StudentGroup.id,
        StudentGroup.school_id,
        StudentGroup.name,
        counted.label("students_count"),
        StudentGroup.ended_at,
        StudentGroup.created_at,
        StudentGroup.version,
        *actions.columns,
    ).where(allowed(actor, "student_group.read", StudentGroup))


def _finish(mapping: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(mapping)
    row["allowed_actions"] = actions.take(row, _ACTIONS if row["ended_at"] is None else _NOTHING)
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: StudentGroupFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 groups that the caller may read, newest first."""
    actions = RowActions(actor, StudentGroup, _ACTIONS)
    statement = _groups(actor, actions)
    if filters.school_id is not None:
        statement = statement.where(StudentGroup.school_id == filters.school_id)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, group_id: UUID) -> dict[str, Any] | None:
    """Return one group with its students as the caller may see it, or None."""
    actions = RowActions(actor, StudentGroup, _ACTIONS)
    found = await session.execute(_groups(actor, actions).where(StudentGroup.id == group_id))
    mapping = found.mappings().one_or_none()
    if mapping is None:
        return None
    row = _finish(mapping, actions)
    students = await session.execute(
        select(Person.id, Person.given_name, Person.family_name)
        .join(
            GroupMember,
            (GroupMember.tenant_id == Person.tenant_id) & (GroupMember.student_id == Person.id),
        )
        .where(GroupMember.tenant_id == actor.tenant_id, GroupMember.group_id == group_id)
        .order_by(Person.family_name, Person.given_name, Person.id)
    )
    row["students"] = [dict(student) for student in students.mappings()]
    return row


async def students_at(
    session: AsyncSession, tenant_id: UUID, school_id: UUID, student_ids: Collection[UUID], today: date
) -> set[UUID]:
    """Return those of these people who are students of the school today."""
    found = await session.scalars(
        select(Membership.person_id).where(
            Membership.tenant_id == tenant_id,
            Membership.person_id.in_(student_ids),
            Membership.school_id == school_id,
            Membership.role == Role.STUDENT,
            Membership.ended_at.is_(None),
            or_(Membership.ends_on.is_(None), Membership.ends_on >= today),
        )
    )
    return set(found.all())


async def put_students(
    session: AsyncSession, tenant_id: UUID, group_id: UUID, student_ids: Collection[UUID]
) -> None:
    """Make these the students on the list."""
    await session.execute(
        delete(GroupMember)
        .where(
            GroupMember.tenant_id == tenant_id,
            GroupMember.group_id == group_id,
            GroupMember.student_id.not_in(student_ids),
        )
        .execution_options(synchronize_session=False)
    )
    there = set(
        await session.scalars(
            select(GroupMember.student_id).where(
                GroupMember.tenant_id == tenant_id, GroupMember.group_id == group_id
            )
        )
    )
    rows = [
        {"tenant_id": tenant_id, "id": new_id(), "group_id": group_id, "student_id": student_id}
        for student_id in student_ids
        if student_id not in there
    ]
    if rows:
        await session.execute(insert(GroupMember), rows)
