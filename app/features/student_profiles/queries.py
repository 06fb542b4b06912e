"""Every SQL statement of students' profiles."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.db import Unit
from app.domain.policy import Actor, Role
from app.models import Membership, Person, StudentProfile

_OF = """
SELECT clusters, skills, tags, riasec, availability, home_latitude, home_longitude, travel_mode, travel_minutes
FROM student_profiles WHERE tenant_id = %(tenant)s AND student_id = %(student)s
"""


async def facts(unit: Unit, tenant_id: UUID, student_id: UUID) -> tuple[Any, ...] | None:
    """Return what a profile holds, in the order of `Profile`; None where nothing was written."""
    rows = await unit.rows(_OF, {"tenant": tenant_id, "student": student_id})
    return tuple(rows[0]) if rows else None


async def what_is_allowed(
    session: AsyncSession, actor: Actor, student_id: UUID, *actions: str
) -> dict[str, bool] | None:
    """Say which of the actions the caller has on a student's profile; None where that is no student here.

    Asked on the student's place at a school, because a profile that nobody wrote yet has no row.
    """
    found = await session.execute(
        select(*(func.bool_or(allowed(actor, action, Membership)).label(action) for action in actions))
        .join(Person, (Person.tenant_id == Membership.tenant_id) & (Person.id == Membership.person_id))
        .where(
            Membership.tenant_id == actor.tenant_id,
            Membership.person_id == student_id,
            Membership.role == Role.STUDENT,
            Membership.ended_at.is_(None),
            Person.ended_at.is_(None),
        )
    )
    row = dict(found.mappings().one())
    return None if None in row.values() else row


async def lock_student(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> None:
    """Hold the row of a student until the transaction ends: of a profile not yet there, nothing else can be held."""
    await session.execute(
        select(Person.id)
        .where(Person.tenant_id == tenant_id, Person.id == student_id)
        .with_for_update(key_share=True)
    )


async def profile(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, *, lock: bool = False
) -> StudentProfile | None:
    """Return a student's profile; None where nothing was written."""
    statement = select(StudentProfile).where(
        StudentProfile.tenant_id == tenant_id, StudentProfile.student_id == student_id
    )
    found: StudentProfile | None = await session.scalar(statement.with_for_update() if lock else statement)
    return found


async def left_behind(
    session: AsyncSession, tenant_id: UUID, since: datetime, most: int
) -> list[StudentProfile]:
    """Return, locked, profiles of people who have been no student here since before `since`."""
    places = (
        Membership.tenant_id == StudentProfile.tenant_id,
        Membership.person_id == StudentProfile.student_id,
        Membership.role == Role.STUDENT,
    )
    still_here = exists().where(*places, or_(Membership.ended_at.is_(None), Membership.ended_at >= since))
    found = await session.scalars(
        select(StudentProfile)
        .join(
            Person, (Person.tenant_id == StudentProfile.tenant_id) & (Person.id == StudentProfile.student_id)
        )
        .where(
            StudentProfile.tenant_id == tenant_id,
            or_(Person.ended_at < since, ~still_here),
        )
        .order_by(StudentProfile.id)
        .limit(most)
        .with_for_update(of=StudentProfile, skip_locked=True)
    )
    return list(found)
