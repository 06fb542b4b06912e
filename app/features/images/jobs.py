"""What happens to the files of pictures behind the scenes: those of removed ones go, and those that nobody names."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.files import open_files
from app.core.jobs import Workshop, working
from app.features.images import queries, service

# Younger files may belong to a request that has not been committed yet.
_SETTLED = timedelta(days=1)
# Looked at in the night, three times in case one is missed: it goes through every file.
_HOUR, _EVERY = 4, 20
_AT_ONCE = 500


async def erase_image_files(work: Workshop, tenant_id: UUID, image_id: UUID) -> None:
    """Remove the files of a picture whose row is gone."""
    async with working(work.database, tenant_id) as unit:
        if await queries.known(unit.session, tenant_id, [image_id]):
            return
    await open_files(work.settings).remove(service.keys(tenant_id, image_id))


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Remove the files that no picture names any more, a day after they were written; returns how many."""
    if now.hour != _HOUR or now.minute % _EVERY:
        return 0
    files = open_files(work.settings)
    waiting: dict[str, UUID | None] = {}
    done = 0
    async for found in files.listed(service.folder(tenant_id)):
        if found.written_at < now - _SETTLED:
            waiting[found.key] = _image_of(found.key)
        if len(waiting) >= _AT_ONCE:
            done += await _remove_unnamed(work, tenant_id, waiting)
            waiting = {}
    return done + await _remove_unnamed(work, tenant_id, waiting)


async def _remove_unnamed(work: Workshop, tenant_id: UUID, found: dict[str, UUID | None]) -> int:
    async with working(work.database, tenant_id) as unit:
        ids = {image_id for image_id in found.values() if image_id is not None}
        known = await queries.known(unit.session, tenant_id, ids)
    gone = [key for key, image_id in found.items() if image_id not in known]
    await open_files(work.settings).remove(gone)
    return len(gone)


def _image_of(key: str) -> UUID | None:
    """Return whose file a key is; None for one that this service never made."""
    parts = key.split("/")
    try:
        return UUID(parts[-2])
    except (IndexError, ValueError):
        return None
