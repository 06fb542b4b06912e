"""What the clock does to the lines: offers that lapse, seats that nobody was told of, and those nobody decides on.

Each of them is one transaction, and is looked at again under its lock: running twice, or on two workers at once,
changes nothing more.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.pursuit import REMIND_OF_REQUEST_EVERY, REMIND_STAFF_EVERY
from app.domain.waitlist import WaitingAction, WaitingStatus
from app.features.seats import service as seats
from app.features.waiting_entries import queries
from app.models import Opportunity, OpportunitySession, WaitingEntry

# Of one kind in one sweep; what is left is as due in the next one.
_MOST = 1000


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many lines moved."""
    async with working(work.database, tenant_id) as unit:
        closing = await queries.lines_to_close(unit.session, tenant_id, now, _MOST)
        due = [
            (entry.id, entry.opportunity_id, entry.session_id)
            for entry in await queries.due(unit.session, tenant_id, now, _MOST)
        ]
        undecided = await queries.undecided(unit.session, tenant_id, now, _MOST)
    done = 0
    for opportunity_id, session_id in closing:
        async with working(work.database, tenant_id) as unit:
            target = await seats.lock_either(unit.session, tenant_id, opportunity_id, session_id)
            done += await seats.close_line(unit.session, target, "this will not take place any more") > 0
    for entry_id, opportunity_id, session_id in due:
        async with working(work.database, tenant_id) as unit:
            target = await seats.lock_either(unit.session, tenant_id, opportunity_id, session_id)
            done += await _lapse(unit.session, target, entry_id, now)
    for pursuit_id, opportunity_id in undecided:
        async with working(work.database, tenant_id) as unit:
            await seats.lock(unit.session, tenant_id, opportunity_id)
            done += await _remind_staff(unit.session, tenant_id, pursuit_id, now)
    return done + await _catch_up(work, tenant_id, now)


async def _lapse(
    session: AsyncSession, target: Opportunity | OpportunitySession, entry_id: UUID, now: datetime
) -> bool:
    """End an offer whose time is over; its seat is offered to the next in line."""
    entry = await session.get_one(WaitingEntry, (target.tenant_id, entry_id), populate_existing=True)
    if entry.status is not WaitingStatus.OFFERED or entry.offer_until is None or entry.offer_until > now:
        return False
    return await seats.leave_line(session, SYSTEM, target, entry.student_id, WaitingAction.LAPSE)


async def _remind_staff(session: AsyncSession, tenant_id: UUID, pursuit_id: UUID, now: datetime) -> bool:
    """Tell the coordinators of a request that waits for them: of a seat that stays empty until then sooner than of none."""
    found = await queries.claim_undecided(session, tenant_id, pursuit_id, now)
    if found is None:
        return False
    request, holds_seat = found
    every = REMIND_STAFF_EVERY if holds_seat else REMIND_OF_REQUEST_EVERY
    await queries.remind_staff(session, request, now + every)
    await record(
        session,
        "pursuit.remind_staff" if holds_seat else "pursuit.remind_of_request",
        actor=SYSTEM,
        subject=request,
        reason="the seat that the student accepted waits for a decision"
        if holds_seat
        else "the request has waited for a decision for a week",
        person_id=request.student_id,
    )
    return True


async def _catch_up(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Offer what came free without anybody being told: more seats, a listing that opened again, a race that was lost."""
    done = 0
    for model in (Opportunity, OpportunitySession):
        async with working(work.database, tenant_id) as unit:
            behind = await queries.lines_behind(unit.session, tenant_id, model, now, _MOST)
        for target_id in behind:
            async with working(work.database, tenant_id) as unit:
                ids = (target_id, None) if model is Opportunity else (None, target_id)
                target = await seats.lock_either(unit.session, tenant_id, *ids)
                done += await seats.offer_next(unit.session, target) > 0
    return done
