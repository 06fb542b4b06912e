"""What the clock does for households: keep them in line with the guardian links."""

from datetime import datetime
from uuid import UUID

from app.core.jobs import Workshop, working
from app.features.households import service


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Refresh a tenant's households when they are due; returns 1 when any of them changed."""
    async with working(work.database, tenant_id) as unit:
        return int(await service.refresh_if_due(unit.session, tenant_id, now))
