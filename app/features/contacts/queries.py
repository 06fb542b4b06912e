"""Every SQL statement of contacts."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, null, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import allowed
from app.core.paging import Keyset
from app.domain.connection import LIVE, SETTLING
from app.domain.contact import CLOSED, Availability, ContactStanding, ContactStatus, standing
from app.domain.policy import Actor, Role, may_ever
from app.features.contacts.schemas import ContactFilters
from app.models import (
    Connection,
    Contact,
    Employer,
    School,
    Tenant,
)

NEWEST = Keyset("contacts by creation", Contact.created_at, Contact.id, descending=True)


class Setting(NamedTuple):
    """In whose name a contact is written to."""

    tenant_name: str
    school_name: str
    zone: str
    employer_name: str | None


_STAFF: tuple[Any, ...] = (
    Contact.id,
    Contact.status,
    Contact.given_name,
    Contact.family_name,
    Contact.job_title,
    Contact.alumnus_of,
    Contact.graduated_in,
    Contact.locale,
    Contact.employer_id,
    Employer.name.label("employer_name"),
    Contact.school_id,
    Contact.suggested_by_role,
    Contact.invited_at,
    Contact.answer_due_at.label("answer_by"),
    Contact.offers,
    Contact.monthly_cap,
    Contact.availability,
    Contact.visible_school_ids,
    Contact.created_at,
)
_REACHABLE: tuple[Any, ...] = (Contact.email, Contact.phone)
_UNREACHABLE: tuple[Any, ...] = (null().label("email"), null().label("phone"))


def _selected(actor: Actor) -> Select[Any]:
    reach = _REACHABLE if Role.COORDINATOR in actor.roles else _UNREACHABLE
    return (
        select(*_STAFF, *reach)
        .outerjoin(Employer, (Employer.tenant_id == Contact.tenant_id) & (Employer.id == Contact.employer_id))
        .where(allowed(actor, "contact.read", Contact))
    )


def _finish(row: dict[str, Any], *, may_note: bool) -> dict[str, Any]:
    seen = standing(row["status"])
    row["availability"] = Availability.from_json(row["availability"]).to_json()
    if seen is ContactStanding.CLOSED:
        row["invited_at"] = row["answer_by"] = row["monthly_cap"] = row["availability"] = None
    can = ["note_graduation"] if seen is not ContactStanding.CLOSED and may_note else []
    return {**row, "status": seen.value, "allowed_actions": can}


async def page(
    session: AsyncSession, actor: Actor, filters: ContactFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 contacts the caller may read, newest first, behind `after`."""
    statement = _selected(actor)
    if filters.status is ContactStanding.CLOSED:
        statement = statement.where(Contact.status.in_(CLOSED))
    elif filters.status is not None:
        statement = statement.where(Contact.status == ContactStatus(filters.status.value))
    if filters.school_id is not None:
        statement = statement.where(Contact.school_id == filters.school_id)
    if after is not None:
        statement = statement.where(NEWEST.after())
    found = await session.execute(NEWEST.order(statement).limit(filters.limit + 1), NEWEST.binds(after or []))
    may_note = may_ever(actor, "contact.note_graduation")
    return [_finish(dict(row), may_note=may_note) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, contact_id: UUID) -> dict[str, Any] | None:
    """Return one contact as the caller may see it, or None."""
    statement = _selected(actor).where(Contact.id == contact_id)
    found = (await session.execute(statement)).mappings().one_or_none()
    return (
        None if found is None else _finish(dict(found), may_note=may_ever(actor, "contact.note_graduation"))
    )


async def standing_for(session: AsyncSession, actor: Actor, contact_id: UUID) -> UUID | None:
    """Return the contact that one was merged into, if the caller may read it."""
    merged = aliased(Contact)
    found: UUID | None = await session.scalar(
        select(Contact.id)
        .join(merged, (merged.tenant_id == Contact.tenant_id) & (merged.merged_into_id == Contact.id))
        .where(merged.id == contact_id, allowed(actor, "contact.read", Contact))
    )
    return found


async def of_address(session: AsyncSession, values: dict[str, Any]) -> Contact:
    """Return the contact of the address in `values`, made of them if there is none; locked either way.

    One statement, one row written and one lock, whether or not the address was known: two contributors who suggest
    the same person at once make one contact, and nobody can tell by the time it takes who came first. Whose
    address is just being erased is waited for, and is then a new one.
    """
    made = insert(Contact).values(**values)
    statement = made.on_conflict_do_update(
        index_elements=[Contact.tenant_id, Contact.email],
        index_where=Contact.email.is_not(None),
        set_={"email": made.excluded.email},
    ).returning(Contact)
    found = await session.scalars(statement, execution_options={"populate_existing": True})
    return found.one()


async def locked(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> Contact | None:
    """Return a contact as it is now, locked."""
    found: Contact | None = await session.scalar(
        select(Contact)
        .where(Contact.tenant_id == tenant_id, Contact.id == contact_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def became(session: AsyncSession, contact: Contact) -> Contact:
    """Return the contact that stands for one, locked: itself, or the one that it was merged into."""
    found = await session.scalars(
        select(Contact)
        .where(Contact.tenant_id == contact.tenant_id, Contact.id == (contact.merged_into_id or contact.id))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.one()


async def merged_into(session: AsyncSession, contact: Contact) -> list[Contact]:
    """Return the contacts for which this one stands; what was theirs is held as well."""
    found = await session.scalars(
        select(Contact)
        .where(Contact.tenant_id == contact.tenant_id, Contact.merged_into_id == contact.id)
        .order_by(Contact.id)
    )
    return list(found)


async def live_connections(session: AsyncSession, contact: Contact) -> list[Connection]:
    """Return the connections that lead to a contact and have not ended, oldest first."""
    found = await session.scalars(
        select(Connection)
        .where(
            Connection.tenant_id == contact.tenant_id,
            Connection.contact_id == contact.id,
            Connection.status.in_(LIVE),
        )
        .order_by(Connection.id)
    )
    return list(found)


async def workplace(session: AsyncSession, contact: Contact) -> UUID | None:
    """Return the employer at which somebody knows a contact who was first suggested without one."""
    found: UUID | None = await session.scalar(
        select(Connection.employer_id)
        .where(
            Connection.tenant_id == contact.tenant_id,
            Connection.contact_id == contact.id,
            Connection.status.in_(LIVE),
            Connection.employer_id.is_not(None),
        )
        .order_by(Connection.id)
        .limit(1)
    )
    return found


async def setting(session: AsyncSession, contact: Contact) -> Setting:
    """Return in whose name a contact is written to, and where they work."""
    found = await session.execute(
        select(Tenant.name, School.name, School.zone, Employer.name)
        .select_from(Contact)
        .join(Tenant, Tenant.id == Contact.tenant_id)
        .join(School, (School.tenant_id == Contact.tenant_id) & (School.id == Contact.school_id))
        .outerjoin(Employer, (Employer.tenant_id == Contact.tenant_id) & (Employer.id == Contact.employer_id))
        .where(Contact.tenant_id == contact.tenant_id, Contact.id == contact.id)
    )
    return Setting(*found.one())


async def schools(session: AsyncSession, tenant_id: UUID) -> list[tuple[UUID, str]]:
    """Return the open schools of the community, each id with its name, by name."""
    found = await session.execute(
        select(School.id, School.name)
        .where(School.tenant_id == tenant_id, School.ended_at.is_(None))
        .order_by(School.name, School.id)
    )
    return [(school_id, name) for school_id, name in found]


# An invitation that waited for the month is due while a screened connection still leads to the contact.
_SCREENED = select(Connection.id).where(
    Connection.tenant_id == Contact.tenant_id,
    Connection.contact_id == Contact.id,
    Connection.status.in_(SETTLING),
)
_DUE = {
    "lapse": (Contact.answer_due_at, Contact.status == ContactStatus.INVITED),
    "remind": (Contact.remind_at, Contact.status == ContactStatus.INVITED),
    "invite": (Contact.invite_at, and_(Contact.status == ContactStatus.PROPOSED, _SCREENED.exists())),
}


async def due(session: AsyncSession, tenant_id: UUID, step: str, now: datetime, limit: int) -> list[UUID]:
    """Return the contacts whose time for this step has come, the longest overdue first."""
    at, while_ = _DUE[step]
    found = await session.scalars(
        select(Contact.id)
        .where(Contact.tenant_id == tenant_id, while_, at <= now)
        .order_by(at, Contact.id)
        .limit(limit)
    )
    return list(found)


async def claim(
    session: AsyncSession, tenant_id: UUID, step: str, contact_id: UUID, now: datetime
) -> Contact | None:
    """Return the contact locked, if its step is still due: it may have answered, or another worker been here first."""
    at, while_ = _DUE[step]
    found: Contact | None = await session.scalar(
        select(Contact)
        .where(Contact.tenant_id == tenant_id, Contact.id == contact_id, while_, at <= now)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def school_name(session: AsyncSession, tenant_id: UUID, school_id: UUID) -> str:
    """Return the name of a school."""
    return (
        await session.scalars(
            select(School.name).where(School.tenant_id == tenant_id, School.id == school_id)
        )
    ).one()
