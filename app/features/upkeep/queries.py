"""Every SQL statement of the upkeep."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.features.upkeep.schemas import Done
from app.models import PoolTask


async def last(session: AsyncSession, tenant_id: UUID, part: str) -> Done | None:
    """Return when a part was last done."""
    found = await session.execute(
        select(PoolTask.done_at, PoolTask.batch_on).where(
            PoolTask.tenant_id == tenant_id, PoolTask.part == part
        )
    )
    row = found.one_or_none()
    return None if row is None else Done(*row)


async def claim(session: AsyncSession, tenant_id: UUID, part: str, seen: Done | None, done: Done) -> bool:
    """Note a part as done, unless somebody did it since `seen`; the row stays locked until the transaction ends."""
    values = {"done_at": done.done_at, "batch_on": done.batch_on}
    statement = insert(PoolTask).values(
        tenant_id=tenant_id, id=new_id(), created_at=done.done_at, part=part, **values
    )
    unchanged = PoolTask.done_at == (None if seen is None else seen.done_at)
    claimed = await session.execute(
        statement.on_conflict_do_update(
            index_elements=["tenant_id", "part"], set_=values, where=unchanged
        ).returning(PoolTask.id)
    )
    return claimed.first() is not None


async def note(session: AsyncSession, tenant_id: UUID, part: str, now: datetime) -> None:
    """Note a part as done now, whoever did it before."""
    await session.execute(
        insert(PoolTask)
        .values(tenant_id=tenant_id, id=new_id(), created_at=now, part=part, done_at=now)
        .on_conflict_do_update(index_elements=["tenant_id", "part"], set_={"done_at": now})
    )
