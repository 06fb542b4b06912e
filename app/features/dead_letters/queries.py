"""Every SQL statement of dead letters."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.features.dead_letters.schemas import DeadLetterFilters
from app.models import Delivery, Event

LATEST = Keyset("dead letters, latest first", Delivery.dead_at, Delivery.id, descending=True)


async def page(
    session: AsyncSession, actor: Actor, filters: DeadLetterFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 dead letters of the tenant, latest first."""
    held_back = (
        select(func.count())
        .where(
            Event.tenant_id == Delivery.tenant_id,
            Event.subject_id == Delivery.id,
            Event.subject_seq > Delivery.delivered_seq,
        )
        .correlate(Delivery)
        .scalar_subquery()
    )
    statement = (
        select(
            Delivery.id,
            Event.subject_type,
            Event.id.label("event_id"),
            Event.action,
            (Delivery.delivered_seq + 1).label("subject_seq"),
            Delivery.attempts,
            Delivery.fault,
            Delivery.dead_at,
            held_back.label("held_back"),
        )
        .outerjoin(
            Event,
            (Event.tenant_id == Delivery.tenant_id)
            & (Event.subject_id == Delivery.id)
            & (Event.subject_seq == Delivery.delivered_seq + 1),
        )
        .where(allowed(actor, "dead_letter.read", Delivery), Delivery.dead_at.is_not(None))
    )
    rows = await session.execute(LATEST.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]


async def dead(session: AsyncSession, actor: Actor, action: str, subject_id: UUID) -> Delivery | None:
    """Return the dead letter of a subject, locked."""
    found: Delivery | None = await session.scalar(
        select(Delivery)
        .where(Delivery.id == subject_id, Delivery.dead_at.is_not(None), allowed(actor, action, Delivery))
        .with_for_update()
    )
    return found
