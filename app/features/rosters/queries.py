"""Every SQL statement of rosters: what is stored, by the roster's own ids, and what is written."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.bulk import read_rows
from app.domain.advising import ClassMember
from app.domain.policy import Role
from app.domain.roster_changes import Pair, Stored, StoredLink, StoredMembership
from app.models import (
    AdvisorLink,
    Class,
    Course,
    Enrollment,
    GuardianLink,
    Membership,
    Person,
    School,
    Term,
)

_ROSTER = "roster"

# The manifest's name of a file -> what its rows become.
KINDS: dict[str, tuple[str, type[Any]]] = {
    "orgs": ("schools", School),
    "academicSessions": ("terms", Term),
    "users": ("people", Person),
    "roles": ("memberships", Membership),
    "courses": ("courses", Course),
    "classes": ("classes", Class),
    "enrollments": ("enrollments", Enrollment),
}
COLUMNS: dict[str, tuple[str, ...]] = {
    "orgs": ("name", "kind", "parent_id"),
    "academicSessions": ("title", "kind", "starts_on", "ends_on", "school_year"),
    "users": (
        "given_name",
        "family_name",
        "email",
        "phone",
        "grades",
        "sourced_username",
        "enabled",
    ),
    "courses": ("title", "code", "school_id"),
    "classes": ("title", "school_id", "course_id", "class_type"),
    "enrollments": ("class_id", "person_id", "role", "begins_on", "ends_on"),
}


async def stored(
    session: AsyncSession, tenant_id: UUID, model: type[Any], columns: Sequence[str]
) -> dict[str, Stored]:
    """Return the rows of one kind that came by a roster, by sourcedId."""
    found = read_rows(
        session,
        select(model.sourced_id, model.id, model.ended_at, *(getattr(model, name) for name in columns)).where(
            model.tenant_id == tenant_id, model.sourced_id.is_not(None)
        ),
    )
    return {
        sourced_id: Stored(
            row_id, tuple(tuple(each) if isinstance(each, list) else each for each in values), ended is None
        )
        async for sourced_id, row_id, ended, *values in found
    }


async def live_ids(session: AsyncSession, tenant_id: UUID, model: type[Any]) -> frozenset[str]:
    """Return the sourcedIds of the rows of one kind that have not ended."""
    found = await session.scalars(
        select(model.sourced_id).where(
            model.tenant_id == tenant_id, model.sourced_id.is_not(None), model.ended_at.is_(None)
        )
    )
    return frozenset(found)


async def organisations(session: AsyncSession, tenant_id: UUID) -> list[tuple[str, str, str, str]]:
    """Return (sourcedId, name, kind, the parent's sourcedId or "") of every organisation that has not ended."""
    above = select(School.id, School.sourced_id).where(School.tenant_id == tenant_id).subquery()
    found = read_rows(
        session,
        select(School.sourced_id, School.name, School.kind, func.coalesce(above.c.sourced_id, ""))
        .outerjoin(above, above.c.id == School.parent_id)
        .where(School.tenant_id == tenant_id, School.sourced_id.is_not(None), School.ended_at.is_(None)),
    )
    return [(own, name, kind, parent) async for own, name, kind, parent in found]


async def roles_held(session: AsyncSession, tenant_id: UUID) -> list[tuple[str, Role]]:
    """Return (sourcedId, role) of everybody who came by a roster, from live memberships and links."""
    of_person = and_(Person.tenant_id == tenant_id, Person.sourced_id.is_not(None))
    held = read_rows(
        session,
        select(Person.sourced_id, Membership.role)
        .join(Membership, and_(Membership.tenant_id == Person.tenant_id, Membership.person_id == Person.id))
        .where(of_person, Membership.ended_at.is_(None))
        .distinct(),
    )
    return [(sourced_id, role) async for sourced_id, role in held if sourced_id is not None]


async def people_with_staff_roles(session: AsyncSession, tenant_id: UUID) -> frozenset[str]:
    """Return the sourcedIds of the people to whom staff gave a role that they still hold."""
    found = await session.scalars(
        select(Person.sourced_id).where(
            Person.tenant_id == tenant_id,
            Person.sourced_id.is_not(None),
            _holds(Membership.source == "staff"),
        )
    )
    return frozenset(each for each in found if each is not None)


async def schools_with_staff_roles(session: AsyncSession, tenant_id: UUID) -> frozenset[str]:
    """Return the sourcedIds of the schools at which somebody holds a role that staff gave."""
    found = await session.scalars(
        select(School.sourced_id).where(
            School.tenant_id == tenant_id,
            School.sourced_id.is_not(None),
            exists().where(
                Membership.tenant_id == School.tenant_id,
                Membership.school_id == School.id,
                Membership.ended_at.is_(None),
                Membership.source == "staff",
            ),
        )
    )
    return frozenset(each for each in found if each is not None)


def _holds(*more: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(
        Membership.tenant_id == Person.tenant_id,
        Membership.person_id == Person.id,
        Membership.ended_at.is_(None),
        *more,
    )


async def standing(session: AsyncSession, tenant_id: UUID) -> dict[UUID, bool]:
    """Return everybody of the roster who has not ended, and whether they still have a place: a role, for a guardian a child."""
    child = exists().where(
        GuardianLink.tenant_id == Person.tenant_id,
        GuardianLink.guardian_id == Person.id,
        GuardianLink.ended_at.is_(None),
    )
    placed = and_(Person.enabled, or_(_holds(Membership.role != Role.GUARDIAN), and_(_holds(), child)))
    found = read_rows(
        session,
        select(Person.id, placed).where(
            Person.tenant_id == tenant_id, Person.sourced_id.is_not(None), Person.ended_at.is_(None)
        ),
    )
    return {person_id: bool(has_place) async for person_id, has_place in found}


async def memberships(session: AsyncSession, tenant_id: UUID) -> list[StoredMembership]:
    """Return every membership at a school, ended ones too."""
    found = read_rows(
        session,
        select(
            Membership.id,
            Membership.person_id,
            Membership.role,
            Membership.school_id,
            Membership.begins_on,
            Membership.ends_on,
            Membership.sourced_ids,
            Membership.source,
            Membership.ended_at,
            Membership.ended_by_roster,
        ).where(Membership.tenant_id == tenant_id, Membership.school_id.is_not(None)),
    )
    return [
        StoredMembership(
            own,
            (person, role.value, school),
            begins,
            ends,
            frozenset(sourced_ids),
            source == _ROSTER,
            ended_at is None,
            by_roster,
        )
        async for own, person, role, school, begins, ends, sourced_ids, source, ended_at, by_roster in found
        if school is not None
    ]


async def guardian_links(session: AsyncSession, tenant_id: UUID) -> dict[Pair, StoredLink]:
    """Return every (student, guardian) link with its kind of relationship."""
    link = GuardianLink
    return await _links(session, tenant_id, link, link.student_id, link.guardian_id, link.relationship_kind)


async def advisor_links(session: AsyncSession, tenant_id: UUID) -> dict[Pair, StoredLink]:
    """Return every (advisor, student) link with its school."""
    link = AdvisorLink
    return await _links(session, tenant_id, link, link.advisor_id, link.student_id, link.school_id)


async def _links(
    session: AsyncSession, tenant_id: UUID, link: type[Any], first: Any, second: Any, value: Any
) -> dict[Pair, StoredLink]:
    found = read_rows(
        session,
        select(first, second, link.id, value, link.source, link.ended_at, link.ended_by_roster).where(
            link.tenant_id == tenant_id
        ),
    )
    return {
        (one, other): StoredLink(own, held, source == _ROSTER, ended_at is None, by_roster)
        async for one, other, own, held, source, ended_at, by_roster in found
    }


async def class_members(session: AsyncSession, tenant_id: UUID) -> list[ClassMember]:
    """Return who takes and who teaches each class now; nobody who has ended."""
    found = read_rows(
        session,
        select(Class.id, Class.class_type, Class.school_id, Person.id, Enrollment.role)
        .join(Enrollment, and_(Enrollment.tenant_id == Class.tenant_id, Enrollment.class_id == Class.id))
        .join(Person, and_(Person.tenant_id == Enrollment.tenant_id, Person.id == Enrollment.person_id))
        .where(
            Class.tenant_id == tenant_id,
            Class.ended_at.is_(None),
            Enrollment.ended_at.is_(None),
            Person.ended_at.is_(None),
        ),
    )
    return [ClassMember(*row) async for row in found]
