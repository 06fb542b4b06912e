"""Every SQL statement of intakes: what a student's family has brought in, and whose inherited ties are frozen."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import exists, func, insert, or_, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.domain.connection import LIVE
from app.domain.policy import Role
from app.domain.tie import End, TieEnd, TieEntryKind, TieOrigin
from app.models import (
    Connection,
    Contact,
    Household,
    HouseholdMember,
    Membership,
    Person,
    StudentIntake,
    TieEntry,
)


class Offered(NamedTuple):
    """A live connection of a student's household, and where it leads."""

    student_id: UUID
    connection_id: UUID
    end: End


def _leads_to(contact_id: UUID | None, employer_id: UUID | None) -> End:
    if contact_id is not None:
        return End(TieEnd.CONTACT, contact_id)
    if employer_id is None:
        raise ValueError("a connection leads to a contact or to an employer")
    return End(TieEnd.EMPLOYER, employer_id)


async def offered_by_families(
    session: AsyncSession,
    tenant_id: UUID,
    student_ids: Sequence[UUID],
    connection_id: UUID | None = None,
) -> list[Offered]:
    """Return the live connections that the students or their households have brought in, oldest first."""
    own, others = aliased(HouseholdMember), aliased(HouseholdMember)
    family = (
        select(own.person_id.label("student_id"), others.person_id.label("contributor_id"))
        .join(others, (others.tenant_id == own.tenant_id) & (others.household_id == own.household_id))
        .where(own.tenant_id == tenant_id, own.person_id.in_(student_ids))
        .union(
            # A student who belongs to no household is one.
            select(Person.id, Person.id).where(Person.tenant_id == tenant_id, Person.id.in_(student_ids))
        )
        .subquery()
    )
    statement = (
        select(family.c.student_id, Connection.id, Connection.contact_id, Connection.employer_id)
        .join(Connection, Connection.contributor_id == family.c.contributor_id)
        .outerjoin(
            Contact, (Contact.tenant_id == Connection.tenant_id) & (Contact.id == Connection.contact_id)
        )
        .where(Connection.tenant_id == tenant_id, Connection.status.in_(LIVE), Contact.erased_at.is_(None))
        .order_by(family.c.student_id, Connection.created_at, Connection.id)
    )
    if connection_id is not None:
        statement = statement.where(Connection.id == connection_id)
    return [
        Offered(student_id, found_id, _leads_to(contact_id, employer_id))
        for student_id, found_id, contact_id, employer_id in await session.execute(statement)
    ]


async def students_near(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    connection_id: UUID | None = None,
    contact_id: UUID | None = None,
) -> list[UUID]:
    """Return the students of the households that brought a connection, or a contact, in; contributors among them."""
    own, others = aliased(HouseholdMember), aliased(HouseholdMember)
    which = Connection.contact_id == contact_id if connection_id is None else Connection.id == connection_id
    contributors = select(Connection.contributor_id).where(Connection.tenant_id == tenant_id, which)
    household = (
        select(others.person_id)
        .join(own, (others.tenant_id == own.tenant_id) & (others.household_id == own.household_id))
        .where(own.tenant_id == tenant_id, own.person_id.in_(contributors))
    )
    found = await session.scalars(
        select(Membership.person_id)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.role == Role.STUDENT,
            Membership.ended_at.is_(None),
            or_(Membership.person_id.in_(contributors), Membership.person_id.in_(household)),
        )
        .distinct()
        .order_by(Membership.person_id)
    )
    return list(found)


async def left_out(session: AsyncSession, tenant_id: UUID, since: datetime | None, limit: int) -> list[UUID]:
    """Return frozen students of households that changed since then, with a connection that is not in their ledger."""
    own, others = aliased(HouseholdMember), aliased(HouseholdMember)
    known = exists().where(
        TieEntry.tenant_id == tenant_id,
        TieEntry.subject_id == Connection.id,
        TieEntry.student_id == own.person_id,
    )
    found = await session.scalars(
        select(own.person_id)
        .distinct()
        .join(
            StudentIntake,
            (StudentIntake.tenant_id == own.tenant_id) & (StudentIntake.student_id == own.person_id),
        )
        .join(Household, (Household.tenant_id == own.tenant_id) & (Household.id == own.household_id))
        .join(others, (others.tenant_id == own.tenant_id) & (others.household_id == own.household_id))
        .join(
            Connection,
            (Connection.tenant_id == own.tenant_id) & (Connection.contributor_id == others.person_id),
        )
        .outerjoin(
            Contact, (Contact.tenant_id == Connection.tenant_id) & (Contact.id == Connection.contact_id)
        )
        .where(
            own.tenant_id == tenant_id,
            true() if since is None else Household.updated_at >= since,
            Connection.status.in_(LIVE),
            Contact.erased_at.is_(None),
            ~known,
        )
        .order_by(own.person_id)
        .limit(limit)
    )
    return list(found)


async def frozen_among(session: AsyncSession, tenant_id: UUID, student_ids: Sequence[UUID]) -> set[UUID]:
    """Return those of the students whose inherited ties are frozen."""
    found = await session.scalars(
        select(StudentIntake.student_id).where(
            StudentIntake.tenant_id == tenant_id, StudentIntake.student_id.in_(student_ids)
        )
    )
    return set(found)


async def not_frozen(session: AsyncSession, tenant_id: UUID, before: datetime, limit: int) -> list[UUID]:
    """Return students who have been here since before then and whose inherited ties are not frozen."""
    intake = exists().where(
        StudentIntake.tenant_id == Membership.tenant_id, StudentIntake.student_id == Membership.person_id
    )
    found = await session.scalars(
        select(Membership.person_id)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.role == Role.STUDENT,
            Membership.ended_at.is_(None),
            Membership.created_at < before,
            ~intake,
        )
        .distinct()
        .order_by(Membership.person_id)
        .limit(limit)
    )
    return list(found)


async def freeze(session: AsyncSession, tenant_id: UUID, ties_of: Mapping[UUID, int], now: datetime) -> None:
    """Note that students' inherited ties are complete, and how many; the unique key makes it once for ever."""
    if ties_of:
        await session.execute(
            insert(StudentIntake),
            [
                {
                    "tenant_id": tenant_id,
                    "student_id": student_id,
                    "frozen_at": now,
                    "ties": ties,
                    "created_at": now,
                }
                for student_id, ties in ties_of.items()
            ],
        )


async def inherited_counts(
    session: AsyncSession, tenant_id: UUID, student_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """Return how many ties each student has that began as inherited; students without any are left out."""
    found = await session.execute(
        select(TieEntry.student_id, func.count(TieEntry.tie_id.distinct()))
        .where(
            TieEntry.tenant_id == tenant_id,
            TieEntry.student_id.in_(student_ids),
            TieEntry.origin == TieOrigin.INHERITED,
            TieEntry.kind == TieEntryKind.FORMED,
        )
        .group_by(TieEntry.student_id)
    )
    return dict(found.all())
