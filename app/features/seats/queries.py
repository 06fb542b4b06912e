"""Every SQL statement of seats that go round."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.pursuit import PursuitStatus
from app.models import Opportunity, Pursuit


async def lock(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> Opportunity:
    """Return an opportunity under its row lock: whoever moves its seats waits here, and nobody waits twice.

    Not FOR UPDATE: that would also hold up every new pursuit, whose foreign key only needs the row to stay.
    """
    return (
        await session.scalars(
            select(Opportunity)
            .where(Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one()


async def next_in_line(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID, besides: UUID | None
) -> Pursuit | None:
    """Return, locked, the pursuit that has waited longest without a seat held for it."""
    statement = select(Pursuit).where(
        Pursuit.tenant_id == tenant_id,
        Pursuit.opportunity_id == opportunity_id,
        Pursuit.status == PursuitStatus.REQUESTED,
        Pursuit.seat_held_until.is_(None),
    )
    if besides is not None:
        statement = statement.where(Pursuit.id != besides)
    statement = statement.order_by(Pursuit.requested_at, Pursuit.id).limit(1).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()
