"""Delivering the events of a subject to the people it concerns."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import deliveries
from app.core.jobs import Workshop, working
from app.core.tables import Event
from app.features.notices import service
from app.features.thanks import service as thanks
from app.features.ties import service as ties

_LAST_HOUR = timedelta(hours=1)
_LONG_AGO = timedelta(days=30)


async def deliver(work: Workshop, tenant_id: UUID, subject_id: UUID) -> None:
    """Tell people what happened to a subject, event by event; operators hear of an event that is given up."""
    await deliveries.deliver(work, tenant_id, subject_id, _consume, on_dead=service.tell_operators)


async def _consume(session: AsyncSession, event: Event) -> None:
    await service.consume(session, event)
    await thanks.consume(session, event)
    await ties.consume(session, event)


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Ask for deliveries whose job was lost; looks far back once an hour, because that reads many events."""
    since = now - (_LONG_AGO if now.minute == 0 else _LAST_HOUR)
    async with working(work.database, tenant_id) as unit:
        return await deliveries.ask_for_overdue(unit, tenant_id, now, since=since)
