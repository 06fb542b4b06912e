"""Every SQL statement of codes for employers: the doors, which are global, and whose an address is in one community."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.contact import ContactStatus
from app.domain.policy import Role
from app.models import Contact, ListingDoor, Membership, Person, Tenant

# Counted before the code is compared, by itself, so that guesses sent at once are all counted. Of an open door too:
# whoever asked for somebody else's code is not to learn that it was used.
TRY = """
UPDATE listing_doors SET tries = tries + 1
WHERE id = %(id)s AND tries < %(most)s AND expires_at > %(now)s
RETURNING tries
"""


async def door(session: AsyncSession, door_id: UUID, *, lock: bool = False) -> ListingDoor | None:
    """Return a door."""
    statement = select(ListingDoor).where(ListingDoor.id == door_id)
    found: ListingDoor | None = await session.scalar(
        (statement.with_for_update() if lock else statement).execution_options(populate_existing=True)
    )
    return found


async def open_door(session: AsyncSession, door_id: UUID, now: datetime) -> bool:
    """Open a door by compare-and-swap; False when it was opened before, or its time is over.

    The right code is not counted as a try: the number of those left tells nobody that it was used.
    """
    opened = await session.execute(
        update(ListingDoor)
        .where(ListingDoor.id == door_id, ListingDoor.opened_at.is_(None), ListingDoor.expires_at > now)
        .values(opened_at=now, tries=ListingDoor.tries - 1)
        .execution_options(synchronize_session=False)
    )
    return bool(opened.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def hold_mailbox(session: AsyncSession, address_hash: bytes) -> None:
    """Let others who count the letters to the same mailbox wait until this transaction ends."""
    number = int.from_bytes(address_hash[:8], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def count_written(session: AsyncSession, address_hash: bytes, since: datetime) -> int:
    """Return for how many doors of an address a letter was written since then."""
    return (
        await session.scalar(
            select(func.count())
            .select_from(ListingDoor)
            .where(
                ListingDoor.address_hash == address_hash,
                ListingDoor.created_at > since,
                func.jsonb_array_length(ListingDoor.keys) > 0,
            )
        )
        or 0
    )


async def tenants(session: AsyncSession) -> list[UUID]:
    """Return every community."""
    return list(await session.scalars(select(Tenant.id).order_by(Tenant.id)))


async def tenant_names(session: AsyncSession, tenant_ids: list[UUID]) -> dict[UUID, str]:
    """Return what communities are called."""
    found = await session.execute(select(Tenant.id, Tenant.name).where(Tenant.id.in_(tenant_ids)))
    return {row[0]: row[1] for row in found}


async def contact_of(session: AsyncSession, tenant_id: UUID, address: str) -> UUID | None:
    """Return the contact of this address who said yes and works somewhere, or through whom something is offered."""
    found: UUID | None = await session.scalar(
        select(Contact.id).where(
            Contact.tenant_id == tenant_id,
            Contact.email == address,
            Contact.status == ContactStatus.CONSENTED,
            Contact.merged_into_id.is_(None),
        )
    )
    return found


async def supervisor_of(session: AsyncSession, tenant_id: UUID, address: str) -> UUID | None:
    """Return the supervisor of this address."""
    found: UUID | None = await session.scalar(
        select(Person.id)
        .join(Membership, (Membership.tenant_id == Person.tenant_id) & (Membership.person_id == Person.id))
        .where(
            Person.tenant_id == tenant_id,
            func.lower(Person.email) == address,
            Person.enabled,
            Person.ended_at.is_(None),
            Membership.role == Role.SUPERVISOR,
            Membership.employer_id.is_not(None),
            Membership.ended_at.is_(None),
        )
        .order_by(Person.id)
        .limit(1)
    )
    return found


async def locale_of(session: AsyncSession, tenant_id: UUID, key: dict[str, Any]) -> str:
    """Return the language of whoever a key is of."""
    model, row_id = (Contact, key["contact_id"]) if "contact_id" in key else (Person, key["person_id"])
    found: str | None = await session.scalar(
        select(model.locale).where(model.tenant_id == tenant_id, model.id == UUID(row_id))
    )
    return found or "en"


async def delete_older(session: AsyncSession, before: datetime) -> int:
    """Delete the doors whose time was over before this instant; return how many there were."""
    gone = await session.execute(
        delete(ListingDoor)
        .where(ListingDoor.expires_at < before)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined] # a DELETE's result counts its rows
