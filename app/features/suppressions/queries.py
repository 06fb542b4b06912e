"""Every SQL statement of suppressions: whom nobody writes to, and who was written to lately; in no tenant and in all."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import ContactAttempt, Suppression


async def suppress(session: AsyncSession, address_hash: bytes, now: datetime) -> None:
    """Put a mailbox on the suppression list, if it is not there yet."""
    await session.execute(
        insert(Suppression).values(address_hash=address_hash, created_at=now).on_conflict_do_nothing()
    )


async def is_suppressed(session: AsyncSession, address_hash: bytes) -> bool:
    """Say whether the owner of a mailbox once asked never to be contacted, in any tenant."""
    return bool(
        await session.scalar(
            select(select(Suppression).where(Suppression.address_hash == address_hash).exists())
        )
    )


async def attempts_since(
    session: AsyncSession, address_hash: bytes, since: datetime
) -> list[tuple[datetime, str]]:
    """Return when a mailbox was written to, by any tenant, and which kind each was.

    Others who ask at once wait for this transaction.
    """
    number = int.from_bytes(address_hash[:8], "big", signed=True)
    await session.execute(select(func.pg_advisory_xact_lock(number)))
    found = await session.execute(
        select(ContactAttempt.created_at, ContactAttempt.kind).where(
            ContactAttempt.address_hash == address_hash, ContactAttempt.created_at > since
        )
    )
    return [(created_at, kind) for created_at, kind in found]
