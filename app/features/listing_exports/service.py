"""Sending listings as a file while they are read."""

from collections.abc import AsyncIterator

from app.core.db import Database
from app.core.jobs import working
from app.domain.policy import Actor
from app.features.listing_exports import queries
from app.features.listing_exports.schemas import ExportFilters
from app.features.listing_sheets import service as listing_sheets


async def stream(database: Database, actor: Actor, filters: ExportFilters) -> AsyncIterator[bytes]:
    """Write the listings in a unit of work of their own, which lives until the last row is sent."""
    async with working(database, actor.tenant_id) as unit:
        async for part in listing_sheets.sheet(unit.session, queries.clauses(actor, filters)):
            yield part
