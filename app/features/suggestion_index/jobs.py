"""What the clock does for suggestions: the index follows the listings by the minute, and is made anew every night."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.jobs import Workshop, working
from app.features.search_index import service as search_index
from app.features.suggestion_index import service
from app.features.suggestion_index.schemas import Name, Tally
from app.features.upkeep import service as upkeep
from app.features.upkeep.schemas import Done

_FOLLOWED, _MADE = "suggestions", "suggestions anew"
# A change is stamped before its transaction ends; none lasts longer than a request or a chunk of an import.
_OVERLAP = timedelta(minutes=5)
_A_DAY = timedelta(hours=24)
_CHUNK = 2_000


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Follow what happened to listings since the last time; make the index anew when that was a day ago."""
    async with working(work.database, tenant_id) as unit:
        made = await upkeep.last(unit.session, tenant_id, _MADE)
    if made is None or now - made.done_at >= _A_DAY:
        return await make_anew(work, tenant_id, made)
    return await _follow(work, tenant_id, made)


async def make_anew(work: Workshop, tenant_id: UUID, seen: Done | None = None) -> int:
    """Count what all listings of the catalogue say, and make the index that; returns how many terms it has."""
    started = clock.now()
    tallies: dict[Name, Tally] = {}
    after = None
    while True:
        async with working(work.database, tenant_id) as unit:
            after = await service.tally_page(unit, tenant_id, tallies, after)
        if after is None:
            break
    async with working(work.database, tenant_id) as unit:
        # Of two workers at once the second finds that the first has done it.
        if not await upkeep.claim(unit.session, tenant_id, _MADE, seen, Done(started)):
            return 0
        await service.replace(unit, tenant_id, tallies)
    return len(tallies)


async def _follow(work: Workshop, tenant_id: UUID, made: Done) -> int:
    started = clock.now()
    async with working(work.database, tenant_id) as unit:
        seen = await upkeep.last(unit.session, tenant_id, _FOLLOWED)
        since = max(made.done_at, made.done_at if seen is None else seen.done_at) - _OVERLAP
        ids = await search_index.touched_since(unit, tenant_id, since)
    done = 0
    for start in range(0, len(ids), _CHUNK):
        async with working(work.database, tenant_id) as unit:
            done += await service.index(unit, tenant_id, ids[start : start + _CHUNK])
    async with working(work.database, tenant_id) as unit:
        await upkeep.claim(unit.session, tenant_id, _FOLLOWED, seen, Done(started))
    return done
