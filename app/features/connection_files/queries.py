"""Every SQL statement of taking a file of connections."""

from collections.abc import Collection
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.connection import ConnectionStatus
from app.domain.policy import Role
from app.models import Connection, Contact, Employer, GuardianLink, Membership, Person


class Named(NamedTuple):
    """A person, by what a file may call them."""

    id: UUID
    email: str | None
    sourced_id: str | None
    locale: str


class Place(NamedTuple):
    """One active membership."""

    person_id: UUID
    role: Role
    school_id: UUID | None
    employer_id: UUID | None


class Before(NamedTuple):
    """A connection that says the same already."""

    import_id: UUID | None
    status: ConnectionStatus


def _of_school(tenant_id: UUID, school_id: UUID) -> Any:
    members = select(Membership.person_id).where(
        Membership.tenant_id == tenant_id, Membership.school_id == school_id, Membership.ended_at.is_(None)
    )
    guardians = select(GuardianLink.guardian_id).where(
        GuardianLink.tenant_id == tenant_id,
        GuardianLink.student_id.in_(members),
        GuardianLink.ended_at.is_(None),
    )
    return members.union(guardians)


async def called(
    session: AsyncSession, tenant_id: UUID, school_id: UUID, names: Collection[str], sender_id: UUID | None
) -> list[Named]:
    """Return the people of a school who have one of these e-mail addresses (in small letters) or ids, and the sender."""
    found = await session.execute(
        select(Person.id, Person.email, Person.sourced_id, Person.locale).where(
            Person.tenant_id == tenant_id,
            Person.ended_at.is_(None),
            or_(
                Person.id == sender_id,
                Person.id.in_(_of_school(tenant_id, school_id))
                & or_(func.lower(Person.email).in_(names), func.lower(Person.sourced_id).in_(names)),
            ),
        )
    )
    return [Named(*row) for row in found]


async def places(session: AsyncSession, tenant_id: UUID, person_ids: Collection[UUID]) -> list[Place]:
    """Return the active memberships of people."""
    found = await session.execute(
        select(Membership.person_id, Membership.role, Membership.school_id, Membership.employer_id).where(
            Membership.tenant_id == tenant_id,
            Membership.person_id.in_(person_ids),
            Membership.ended_at.is_(None),
        )
    )
    return [Place(*row) for row in found]


async def by_key(session: AsyncSession, tenant_id: UUID, keys: Collection[bytes]) -> dict[bytes, Before]:
    """Return the connections that came in a file before, by their keys."""
    found = await session.execute(
        select(Connection.import_key, Connection.import_id, Connection.status).where(
            Connection.tenant_id == tenant_id, Connection.import_key.in_(keys)
        )
    )
    return {bytes(key): Before(import_id, status) for key, import_id, status in found if key is not None}


async def with_people(
    session: AsyncSession, tenant_id: UUID, pairs: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Before]:
    """Return the connections that people offered by hand, by contributor and the address of whom they lead to."""
    # Both lists rather than their pairs: a list of pairs is compared pair by pair with every row.
    found = await session.execute(
        select(Connection.contributor_id, Contact.email, Connection.status)
        .join(Contact, (Contact.tenant_id == Connection.tenant_id) & (Contact.id == Connection.contact_id))
        .where(
            Connection.tenant_id == tenant_id,
            Connection.contributor_id.in_({contributor_id for contributor_id, _ in pairs}),
            Contact.tenant_id == tenant_id,
            Contact.email.in_({email for _, email in pairs}),
        )
    )
    return {
        (contributor_id, email): Before(None, status)
        for contributor_id, email, status in found
        if email is not None and (contributor_id, email) in pairs
    }


async def with_workplaces(
    session: AsyncSession, tenant_id: UUID, pairs: Collection[tuple[UUID, str]]
) -> dict[tuple[UUID, str], Before]:
    """Return the connections to workplaces alone, by contributor and the name in small letters."""
    name = func.lower(Employer.name)
    found = await session.execute(
        select(Connection.contributor_id, name, Connection.status)
        .join(
            Employer, (Employer.tenant_id == Connection.tenant_id) & (Employer.id == Connection.employer_id)
        )
        .where(
            Connection.tenant_id == tenant_id,
            Connection.contact_id.is_(None),
            Connection.contributor_id.in_({contributor_id for contributor_id, _ in pairs}),
            name.in_({employer for _, employer in pairs}),
        )
    )
    return {
        (contributor_id, employer): Before(None, status)
        for contributor_id, employer, status in found
        if (contributor_id, employer) in pairs
    }
