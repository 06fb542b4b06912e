"""What the clock does for saved searches: digests, and forgetting those of people who have left."""

from datetime import datetime, timedelta
from uuid import UUID

import structlog

from app.core.jobs import Workshop, working
from app.features.saved_searches import queries, service

# One sweep's share; the next one, a minute later, goes on.
_AT_ONCE = 500
# A roster that loses somebody by mistake brings them back within this time.
_KEPT = timedelta(days=30)
# Looked at in one hour of the night: it reads every saved search.
_HOUR = 3

_log = structlog.get_logger(__name__)


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Make the digests that are due, each in a transaction of its own; returns how many listings were told.

    One that cannot be made is left out until it is due again, so that those behind it do not wait for it for ever.
    """
    if now.hour == _HOUR:
        await _forget(work, tenant_id, now)
    async with working(work.database, tenant_id) as unit:
        due = await queries.due(unit.session, tenant_id, now, _AT_ONCE)
    told = 0
    for search_id in due:
        try:
            async with working(work.database, tenant_id) as unit:
                told += await service.make_digest(unit.session, tenant_id, search_id, now)
        except Exception as error:  # noqa: BLE001 - what somebody looks for must not keep the others' digests
            _log.error("digest not made", search_id=search_id, fault=type(error).__name__, exc_info=error)
            async with working(work.database, tenant_id) as unit:
                await service.put_off(unit.session, tenant_id, search_id, now)
    return told


async def _forget(work: Workshop, tenant_id: UUID, now: datetime) -> None:
    async with working(work.database, tenant_id) as unit:
        for search in await queries.left_behind(unit.session, tenant_id, now - _KEPT, _AT_ONCE):
            await service.lapse(unit.session, search)
