"""What the clock does for search: it follows what happened to listings by the minute, and looks through all nightly."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.jobs import Workshop, working
from app.features.search_index import queries, service
from app.features.upkeep import service as upkeep
from app.features.upkeep.schemas import Done

_FOLLOWED, _LOOKED_THROUGH = "search documents", "search documents, all"
# A change is stamped before its transaction ends; none lasts longer than a request or a chunk of an import.
_OVERLAP = timedelta(minutes=5)
_A_DAY = timedelta(hours=24)
_CHUNK = 500
# Listings are written again after so many: a tenth of a second.
_TERMS = 300


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Write what changed since the last time; what was missed all the same is found once a day."""
    async with working(work.database, tenant_id) as unit:
        looked = await upkeep.last(unit.session, tenant_id, _LOOKED_THROUGH)
    if looked is None or now - looked.done_at >= _A_DAY:
        return await look_through(work, tenant_id, looked)
    return await _follow(work, tenant_id, looked)


async def look_through(work: Workshop, tenant_id: UUID, seen: Done | None = None) -> int:
    """Mend every document of a tenant that does not say what its listing says, and forget words that none says.

    Returns how many documents were mended.
    """
    started = clock.now()
    done = 0
    while True:
        async with working(work.database, tenant_id) as unit:
            mended = await service.heal(unit, tenant_id, _CHUNK)
        done += mended
        if mended < _CHUNK:
            break
    await _forget(work, tenant_id)
    async with working(work.database, tenant_id) as unit:
        await upkeep.claim(unit.session, tenant_id, _LOOKED_THROUGH, seen, Done(started))
    return done


async def _forget(work: Workshop, tenant_id: UUID) -> None:
    """Forget the words that no listing says any more: what is erased or hidden leaves nothing here."""
    after: str | None = ""
    while after is not None:
        async with working(work.database, tenant_id) as unit:
            after = await service.forget(unit, tenant_id, after, _TERMS)


async def _follow(work: Workshop, tenant_id: UUID, looked: Done) -> int:
    started = clock.now()
    async with working(work.database, tenant_id) as unit:
        seen = await upkeep.last(unit.session, tenant_id, _FOLLOWED)
        since = max(looked.done_at, looked.done_at if seen is None else seen.done_at) - _OVERLAP
        ids = await queries.touched_since(unit, tenant_id, since)
    done = 0
    for start in range(0, len(ids), _CHUNK):
        async with working(work.database, tenant_id) as unit:
            stale = await queries.out_of_date(unit, tenant_id, _CHUNK, ids[start : start + _CHUNK])
            await service.refresh(unit, tenant_id, stale)
            done += len(stale)
    async with working(work.database, tenant_id) as unit:
        await upkeep.claim(unit.session, tenant_id, _FOLLOWED, seen, Done(started))
    return done
