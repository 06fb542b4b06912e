"""How fresh the catalogue is, for whoever keeps it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.domain.policy import Actor
from app.features.freshness import queries
from app.features.freshness.schemas import FreshnessFilters
from app.features.tenant_settings import service as tenant_settings


async def board(
    session: AsyncSession, actor: Actor, filters: FreshnessFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 listings, the longest unconfirmed first."""
    settings = await tenant_settings.of(session, actor.tenant_id)
    return await queries.board(session, actor, filters, after, clock.now(), settings.stale_after_days)


async def counts(session: AsyncSession, actor: Actor) -> dict[str, int]:
    """Return how many listings stand in each state."""
    settings = await tenant_settings.of(session, actor.tenant_id)
    return await queries.counts(session, actor, clock.now(), settings.stale_after_days)
