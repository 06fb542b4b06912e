"""Every SQL statement of contributors: what somebody is to a school, and whose guardian, on this very day."""

from collections.abc import Collection
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.policy import Role
from app.models import GuardianLink, Membership, Person


class Present(NamedTuple):
    """Somebody who is still here, and how to write to them."""

    id: UUID
    locale: str
    email: str | None


class Held(NamedTuple):
    """One role that somebody holds today."""

    person_id: UUID
    role: Role
    school_id: UUID | None


class Child(NamedTuple):
    """A student whose guardian somebody is today: the student's school, and whether they must not be written to."""

    guardian_id: UUID
    no_contact: bool
    school_id: UUID


def _live(today: date) -> ColumnElement[bool]:
    return (
        Membership.ended_at.is_(None)
        & or_(Membership.begins_on.is_(None), Membership.begins_on <= today)
        & or_(Membership.ends_on.is_(None), Membership.ends_on >= today)
    )


async def present(session: AsyncSession, tenant_id: UUID, person_ids: Collection[UUID]) -> list[Present]:
    """Return those of these people who are still here."""
    found = await session.execute(
        select(Person.id, Person.locale, Person.email).where(
            Person.tenant_id == tenant_id,
            Person.id.in_(person_ids),
            Person.enabled,
            Person.ended_at.is_(None),
        )
    )
    return [Present(*row) for row in found]


async def roles(
    session: AsyncSession, tenant_id: UUID, person_ids: Collection[UUID], today: date
) -> list[Held]:
    """Return the roles these people hold today, but for those that come with children."""
    found = await session.execute(
        select(Membership.person_id, Membership.role, Membership.school_id).where(
            Membership.tenant_id == tenant_id,
            Membership.person_id.in_(person_ids),
            Membership.role != Role.GUARDIAN,
            _live(today),
        )
    )
    return [Held(*row) for row in found]


async def children(
    session: AsyncSession, tenant_id: UUID, person_ids: Collection[UUID], today: date
) -> list[Child]:
    """Return the schools of the children whose guardians these people are today."""
    found = await session.execute(
        select(GuardianLink.guardian_id, GuardianLink.no_contact, Membership.school_id)
        .join(
            Membership,
            (Membership.tenant_id == GuardianLink.tenant_id)
            & (Membership.person_id == GuardianLink.student_id),
        )
        .where(
            GuardianLink.tenant_id == tenant_id,
            GuardianLink.guardian_id.in_(person_ids),
            GuardianLink.ended_at.is_(None),
            or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
            Membership.role == Role.STUDENT,
            Membership.school_id.is_not(None),
            _live(today),
        )
    )
    return [
        Child(guardian_id, no_contact, school_id) for guardian_id, no_contact, school_id in found if school_id
    ]
