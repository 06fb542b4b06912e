"""Every SQL statement of codes for employers: the doors, which are global, and whose an address is in one community."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.contact import ContactStatus
from app.domain.policy import Role
from app.models import Contact, ListingDoor, Membership, Person, Tenant

# Counted before the code is compared, by itself, so that guesses sent at once are all counted. Of an open door too:
# whoever asked for somebody else's code is not to learn that it was used.
TRY = """
UPDATE listing_doors SET
  tries = tries + 1,
  tries_from = tries_from || jsonb_build_object(
    %(network)s::text, coalesce((tries_from->>%(network)s::text)::int, 0) + 1)
WHERE id = %(id)s AND expires_at > %(now)s AND tries < %(most_in_all)s
  AND coalesce((tries_from->>%(network)s::text)::int, 0) < %(most)s
RETURNING (tries_from->>%(network)s::text)::int
"""


async def door(session: AsyncSession, door_id: UUID, *, lock: bool = False) -> ListingDoor | None:
    """Return a door."""
    statement = select(ListingDoor).where(ListingDoor.id == door_id)
    found: ListingDoor | None = await session.scalar(
        (statement.with_for_update() if lock else statement).execution_options(populate_existing=True)
    )
    return found


async def open_door(session: AsyncSession, door_id: UUID, network: str, now: datetime) -> bool:
    """Open a door by compare-and-swap; False when it was opened before, or its time is over.

    The right code is not counted as a try: the number of those left tells nobody that it was used.
    """
    opened = await session.execute(
        update(ListingDoor)
        .where(ListingDoor.id == door_id, ListingDoor.opened_at.is_(None), ListingDoor.expires_at > now)
        .values(
            opened_at=now,
            tries=ListingDoor.tries - 1,
            tries_from=ListingDoor.tries_from.op("||")(
                func.jsonb_build_object(network, ListingDoor.tries_from[network].as_integer() - 1)
            ),
        )
        .execution_options(synchronize_session=False)
    )
    return bool(opened.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def hold_mailbox(session: AsyncSession, address_hash: bytes) -> None:
    """Let others who count the letters to the same mailbox wait until this transaction ends."""
    number = int.from_bytes(address_hash[:8], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))


async def count_written(
    session: AsyncSession, address_hash: bytes, asked_from: bytes | None, since: datetime
) -> tuple[int, int]:
    """Return for how many doors of an address a letter was written since then: asked for from this network, and all."""
    from_there = func.count().filter(ListingDoor.asked_from == asked_from)
    found = await session.execute(
        select(from_there, func.count())
        .select_from(ListingDoor)
        .where(
            ListingDoor.address_hash == address_hash,
            ListingDoor.created_at > since,
            func.jsonb_array_length(ListingDoor.keys) > 0,
        )
    )
    mine, everybodys = found.one()
    return mine, everybodys


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


async def delete_older(session: AsyncSession, before: datetime) -> int:
    """Delete the doors whose time was over before this instant; return how many there were."""
    gone = await session.execute(
        delete(ListingDoor)
        .where(ListingDoor.expires_at < before)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined] # a DELETE's result counts its rows
