"""What the clock does to pursuits: expire approvals, remind.

Each pursuit is one transaction, and is looked at again under its lock: running twice, or on two workers at once,
changes nothing more.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.lifecycle import next_status
from app.domain.pursuit import TRANSITIONS, PursuitAction
from app.features.pursuits import queries
from app.features.seats import service as seats

# Of one kind in one sweep; what is left is as due in the next one.
_MOST = 1000

Step = Callable[[AsyncSession, UUID, UUID, UUID, datetime], Awaitable[bool]]


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many pursuits changed."""
    done = 0
    for name, step in _STEPS.items():
        async with working(work.database, tenant_id) as unit:
            due = await queries.due(unit.session, tenant_id, name, now, _MOST)
        for pursuit_id, opportunity_id in due:
            async with working(work.database, tenant_id) as unit:
                done += await step(unit.session, tenant_id, opportunity_id, pursuit_id, now)
    return done


async def _expire(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID, pursuit_id: UUID, now: datetime
) -> bool:
    """End an approval whose last day is over; its seat goes to the next in line."""
    opportunity = await seats.lock(session, tenant_id, opportunity_id)
    pursuit = await queries.claim(session, tenant_id, "expire", pursuit_id, now)
    if pursuit is None:
        return False
    before = pursuit.status
    pursuit.status = next_status(TRANSITIONS, before, PursuitAction.EXPIRE)
    pursuit.remind_at = None
    await record(
        session,
        "pursuit.expire",
        actor=SYSTEM,
        subject=pursuit,
        reason="its last day is over",
        facts={"from": before.value, "to": pursuit.status.value},
        person_id=pursuit.student_id,
    )
    await seats.give_back(session, opportunity, pursuit.student_id)
    return True


async def _remind(
    session: AsyncSession, tenant_id: UUID, _opportunity_id: UUID, pursuit_id: UUID, now: datetime
) -> bool:
    """Tell a student that the time runs out."""
    pursuit = await queries.claim(session, tenant_id, "remind", pursuit_id, now)
    if pursuit is None or pursuit.expires_on is None:
        return False
    pursuit.remind_at = None
    await record(
        session,
        "pursuit.remind",
        actor=SYSTEM,
        subject=pursuit,
        reason="its last day is near",
        facts={"expires_on": pursuit.expires_on.isoformat()},
        person_id=pursuit.student_id,
    )
    return True


# Expiry first: an approval that is over needs no reminder.
_STEPS: dict[str, Step] = {"expire": _expire, "remind": _remind}
