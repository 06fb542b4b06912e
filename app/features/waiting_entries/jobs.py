"""What the clock does to the lines: offers that lapse, reserves that are released, seats nobody was told of or decides on.

Each of them is one transaction, and is looked at again under its lock: running twice, or on two workers at once,
changes nothing more.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.local_time import local_day
from app.domain.pursuit import REMIND_STAFF_EVERY
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
        today = local_day(now, await queries.zone_of(unit.session, tenant_id))
        reserves = [
            (reserve.id, reserve.opportunity_id, reserve.session_id)
            for reserve in await queries.due_reserves(unit.session, tenant_id, today)
        ]
    done = 0
    for opportunity_id, session_id in closing:
        async with working(work.database, tenant_id) as unit:
            target = await _target(unit.session, tenant_id, opportunity_id, session_id)
            done += await seats.close_line(unit.session, target, "this will not take place any more") > 0
    for entry_id, opportunity_id, session_id in due:
        async with working(work.database, tenant_id) as unit:
            target = await _target(unit.session, tenant_id, opportunity_id, session_id)
            done += await _lapse(unit.session, target, entry_id, now)
    for reserve_id, opportunity_id, session_id in reserves:
        async with working(work.database, tenant_id) as unit:
            target = await _target(unit.session, tenant_id, opportunity_id, session_id)
            done += await _release(unit.session, target, reserve_id, now)
    for pursuit_id, opportunity_id in undecided:
        async with working(work.database, tenant_id) as unit:
            await seats.lock(unit.session, tenant_id, opportunity_id)
            done += await _remind_staff(unit.session, tenant_id, pursuit_id, now)
    return done + await _catch_up(work, tenant_id, now)


async def _target(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID | None, session_id: UUID | None
) -> Opportunity | OpportunitySession:
    if session_id is not None:
        return await seats.lock_session(session, tenant_id, session_id)
    assert opportunity_id is not None  # noqa: S101 - a check of the table: one of the two is there
    return await seats.lock(session, tenant_id, opportunity_id)


async def _lapse(
    session: AsyncSession, target: Opportunity | OpportunitySession, entry_id: UUID, now: datetime
) -> bool:
    """End an offer whose time is over; its seat is offered to the next in line."""
    entry = await session.get_one(WaitingEntry, (target.tenant_id, entry_id), populate_existing=True)
    if entry.status is not WaitingStatus.OFFERED or entry.offer_until is None or entry.offer_until > now:
        return False
    return await seats.leave_line(session, SYSTEM, target, entry.student_id, WaitingAction.LAPSE)


async def _release(
    session: AsyncSession, target: Opportunity | OpportunitySession, reserve_id: UUID, now: datetime
) -> bool:
    """Open what is left of a reserve to everyone, the line first."""
    reserve = await queries.claim_reserve(session, target.tenant_id, reserve_id)
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
        reason="the day until which the seats were kept has come",
        facts={"reserve_id": str(reserve.id), "seats": reserve.seats - reserve.seats_taken},
    )
    await seats.offer_next(session, target)
    return True


async def _remind_staff(session: AsyncSession, tenant_id: UUID, pursuit_id: UUID, now: datetime) -> bool:
    """Tell the coordinators that a student accepted a seat, and that it stays empty until they decide."""
    request = await queries.claim_undecided(session, tenant_id, pursuit_id, now)
    if request is None:
        return False
    await queries.remind_staff(session, request, now + REMIND_STAFF_EVERY)
    await record(
        session,
        "pursuit.remind_staff",
        actor=SYSTEM,
        subject=request,
        reason="the seat that the student accepted waits for a decision",
        person_id=request.student_id,
    )
    return True


async def _catch_up(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Offer what came free without anybody being told: more seats, a listing that opened again, a race that was lost."""
    async with working(work.database, tenant_id) as unit:
        opportunities = await queries.lines_behind(unit.session, tenant_id, _MOST)
        sessions = await queries.session_lines_behind(unit.session, tenant_id, now, _MOST)
    done = 0
    for opportunity_id in opportunities:
        async with working(work.database, tenant_id) as unit:
            done += (
                await seats.offer_next(
                    unit.session, await seats.lock(unit.session, tenant_id, opportunity_id)
                )
                > 0
            )
    for session_id in sessions:
        async with working(work.database, tenant_id) as unit:
            target = await seats.lock_session(unit.session, tenant_id, session_id)
            done += await seats.offer_next(unit.session, target) > 0
    return done
