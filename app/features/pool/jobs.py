"""What the clock does for the pool: bring its index up to date, and publish the week's batch."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.jobs import Workshop, working
from app.features.pool import queries, service
from app.features.upkeep import service as upkeep
from app.features.upkeep.schemas import Done

_INDEX = "index"
_CHUNK = 2_000
# A change is stamped before its transaction ends; none lasts longer than a request or a chunk of an import.
_OVERLAP = timedelta(minutes=5)


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Index what changed since the last time, and publish the batch when it is due; returns how much was done."""
    done = await _index(work, tenant_id)
    async with working(work.database, tenant_id) as unit:
        done += await service.publish_batch(unit.session, tenant_id, now)
    return done


async def _index(work: Workshop, tenant_id: UUID) -> int:
    """Index connections that are new, or whose contact or employer says something else now; all, the first time.

    Who changes a connection indexes it at once; this finds what was written in other ways, and by earlier releases.
    """
    started = clock.now()
    async with working(work.database, tenant_id) as unit:
        seen = await upkeep.last(unit.session, tenant_id, _INDEX)
    since = None if seen is None else seen.done_at - _OVERLAP
    done, after = 0, None
    while True:
        async with working(work.database, tenant_id) as unit:
            ids = await queries.touched_since(unit.session, tenant_id, since, after, _CHUNK)
            done += await service.index_all(unit.session, tenant_id, ids)
            if len(ids) < _CHUNK:
                await upkeep.claim(unit.session, tenant_id, _INDEX, seen, Done(started))
                return done
        after = ids[-1]
