"""What the clock does for saved searches: digests."""

from datetime import datetime
from uuid import UUID

from app.core.jobs import Workshop, working
from app.features.saved_searches import queries, service

# One sweep's share; the next one, a minute later, goes on.
_AT_ONCE = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Make the digests that are due, each in a transaction of its own; returns how many listings were told."""
    async with working(work.database, tenant_id) as unit:
        due = await queries.due(unit.session, tenant_id, now, _AT_ONCE)
    told = 0
    for search_id in due:
        async with working(work.database, tenant_id) as unit:
            told += await service.make_digest(unit.session, tenant_id, search_id, now)
    return told
