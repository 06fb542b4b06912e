"""Background work of codes for employers: finds out whose an address is, and forgets what is over."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.core import clock
from app.core.jobs import Workshop, working
from app.features.listing_codes import queries, service
from app.features.suppressions import service as suppressions

KEPT = timedelta(days=1)


async def look_up_listing_code(work: Workshop, door_id: UUID) -> bool:
    """Mail the code to whoever has the address, in whichever community; say whether there was somebody."""
    async with working(work.database, None) as unit:
        door = await queries.door(unit.session, door_id)
        if door is None or door.address is None:
            return False
        address = door.address
        silent = await suppressions.is_suppressed(unit.session, work.hash_key, address)
        tenants = await queries.tenants(unit.session)
    keys: list[dict[str, Any]] = []
    for tenant_id in () if silent else tenants:
        async with working(work.database, tenant_id) as unit:
            keys += await service.keys_in(unit.session, tenant_id, address)
    first = None if not keys else UUID(keys[0]["tenant_id"])
    async with working(work.database, first) as unit:
        door = await queries.door(unit.session, door_id, lock=True)
        if door is None or door.address is None:
            return False  # another worker was quicker
        door.address = None
        if first is None or not await service.may_write(unit.session, door, clock.now()):
            return False
        door.keys = keys
        service.write(unit.session, door_id, first, keys[0])
    return True


async def sweep_global(work: Workshop, now: datetime) -> int:
    """Forget the codes of yesterday; return how many there were."""
    async with working(work.database, None) as unit:
        return await queries.delete_older(unit.session, now - KEPT)
