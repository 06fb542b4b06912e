"""What coordinators do with groups of students: name one, change its list, end it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import record
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.policy import Actor
from app.features.schools import service as schools
from app.features.seats import service as seats
from app.features.student_groups import queries
from app.features.student_groups.schemas import StudentGroupIn, StudentGroupPatch
from app.models import StudentGroup


async def view(session: AsyncSession, actor: Actor, group_id: UUID) -> dict[str, Any]:
    """Return one group as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, group_id)
    if found is None:
        raise NotFound(
            "there is no student group here with this id that you may see",
            spanish="no existe aquí ningún grupo de estudiantes con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: StudentGroupIn) -> UUID:
    """Name a group of students of a school."""
    require_at_school(actor, "student_group.create", body.school_id)
    await schools.check_school(session, actor, body.school_id)
    group = StudentGroup(tenant_id=actor.tenant_id, school_id=body.school_id, name=body.name)
    session.add(group)
    await session.flush()  # its members point at it
    count = await _put(session, group, body.student_ids)
    await record(session, "student_group.create", actor=actor, subject=group, facts={"students": count})
    return group.id


async def change(
    session: AsyncSession, actor: Actor, group_id: UUID, body: StudentGroupPatch, version: int
) -> None:
    """Change a group's name or its list; who has a kept seat keeps it.

    Whoever comes onto the list and stands in line where a seat is kept for the group is offered it in this moment.
    Seats that somebody keeps for the group at this very moment are offered by the clock.
    """
    targets = (
        await seats.lock_kept_for_group(session, actor.tenant_id, group_id)
        if body.student_ids is not None
        else []
    )
    group = await _load(session, actor, "student_group.update", group_id, version)
    for name in sorted(body.model_fields_set):
        if getattr(body, name) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
    facts: dict[str, Any] = {}
    if body.name is not None:
        group.name = body.name
    if body.student_ids is not None:
        facts["students"] = await _put(session, group, body.student_ids)
        group.updated_at = clock.now()
    await record(session, "student_group.update", actor=actor, subject=group, facts=facts)
    for target in targets:
        await seats.offer_next(session, target)


async def end(session: AsyncSession, actor: Actor, group_id: UUID, version: int) -> None:
    """End a group; nobody is on its list any more, so that what was kept for it waits for its day."""
    group = await _load(session, actor, "student_group.end", group_id, version)
    group.ended_at = clock.now()
    await queries.put_students(session, group.tenant_id, group.id, [])
    await record(session, "student_group.end", actor=actor, subject=group)


async def _load(
    session: AsyncSession, actor: Actor, action: str, group_id: UUID, version: int
) -> StudentGroup:
    group: StudentGroup = await get(session, actor, action, StudentGroup, group_id, lock=True)
    check_version(group, version)
    if group.ended_at is not None:
        raise Conflict(
            "this group has ended; name a new one",
            spanish="este grupo ya terminó; cree uno nuevo",
            code="wrong_state",
        )
    return group


async def _put(session: AsyncSession, group: StudentGroup, student_ids: Sequence[UUID]) -> int:
    today = clock.now().date()
    found = await queries.students_at(session, group.tenant_id, group.school_id, student_ids, today)
    unknown = [number for number, student_id in enumerate(student_ids) if student_id not in found]
    if unknown:
        raise Unprocessable(
            "a group is of students of its school; leave out who is not",
            spanish="un grupo es de estudiantes de su escuela; quite a quienes no lo son",
            errors=[
                FieldError("not a student of the school", "unknown_student", pointer=f"/student_ids/{number}")
                for number in unknown[:20]
            ],
        )
    await queries.put_students(session, group.tenant_id, group.id, found)
    return len(found)
