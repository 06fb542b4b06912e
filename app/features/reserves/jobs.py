"""What the clock does to reserved seats: on their day, what is left of them is open to everyone, the line first.

Each reserve is one transaction, and is looked at again under the lock of what it is of: running twice, or on two
workers at once, changes nothing more.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.local_time import local_day
from app.features.reserves import queries
from app.features.seats import service as seats
from app.models import Opportunity


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Release what is due in a tenant at `now`; returns how many reserves that were."""
    async with working(work.database, tenant_id) as unit:
        today = local_day(now, await queries.zone_of(unit.session, tenant_id))
        due = [
            (reserve.id, reserve.opportunity_id, reserve.session_id)
            for reserve in await queries.due(unit.session, tenant_id, today)
        ]
    done = 0
    for reserve_id, opportunity_id, session_id in due:
        async with working(work.database, tenant_id) as unit:
            target = await seats.lock_either(unit.session, tenant_id, opportunity_id, session_id)
            done += await _release(unit.session, target, reserve_id, now, today)
    return done


async def _release(
    session: AsyncSession, target: queries.Target, reserve_id: UUID, now: datetime, today: date
) -> bool:
    reserve = await queries.claim(session, target.tenant_id, reserve_id, today)
    if reserve is None:
        return False
    reserve.released_at = now
    await record(
        session,
        "opportunity.release_reserve"
        if isinstance(target, Opportunity)
        else "opportunity_session.release_reserve",
        actor=SYSTEM,
        subject=target,
        reason="the day until which the seats were kept has come"
        if reserve.released_on <= today
        else "its last day has come, and nothing is kept beyond it",
        facts={"reserve_id": str(reserve.id), "seats": reserve.seats - reserve.seats_taken},
    )
    await seats.offer_next(session, target)
    return True
