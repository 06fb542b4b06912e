"""What is done a minute after a merge: the last row that was being written meanwhile is moved as well."""

from uuid import UUID

from app.core.jobs import Workshop, working
from app.features.merges import service


async def follow_merge(work: Workshop, tenant_id: UUID, merge_id: UUID) -> None:
    """Move what was written while two rows were made one."""
    async with working(work.database, tenant_id) as unit:
        await service.follow(unit.session, tenant_id, merge_id)
