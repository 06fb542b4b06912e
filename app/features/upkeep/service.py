"""Taking turns at work that is done again and again for a tenant: each part has one row, which is the claim on it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.features.upkeep import queries
from app.features.upkeep.schemas import Done


async def last(session: AsyncSession, tenant_id: UUID, part: str) -> Done | None:
    """Return when a part of the upkeep was last done; None: never."""
    return await queries.last(session, tenant_id, part)


async def claim(session: AsyncSession, tenant_id: UUID, part: str, seen: Done | None, done: Done) -> bool:
    """Take a part into this transaction; False when somebody did it since `seen`.

    Of two workers at once the second waits for the first, and then hears False.
    """
    return await queries.claim(session, tenant_id, part, seen, done)


async def ask(session: AsyncSession, tenant_id: UUID, part: str) -> None:
    """Ask for a part to be done again. A row of its own: whoever does it at this moment is neither waited for nor stopped."""
    await queries.note(session, tenant_id, _asked(part), clock.now())


async def is_asked(session: AsyncSession, tenant_id: UUID, part: str, since: datetime) -> bool:
    """Say whether a part was asked for since."""
    asked = await queries.last(session, tenant_id, _asked(part))
    return asked is not None and asked.done_at >= since


def _asked(part: str) -> str:
    return f"{part}, asked for"
