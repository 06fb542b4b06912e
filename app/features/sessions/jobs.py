"""What the clock does to sessions: let leavers go, decide whether they take place, conclude those that are over.

Each session is one transaction, and is looked at again under the lock of its seats: running twice, or on two workers at
once, changes nothing more.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.lifecycle import next_status
from app.domain.session import (
    LEFT_SCHOOL,
    LISTING_OVER,
    NO_HOST,
    TOO_FEW,
    TRANSITIONS,
    EnrollmentAction,
    SessionAction,
    SessionStatus,
    decides_at,
)
from app.features.seats import service as seats
from app.features.sessions import queries, service
from app.features.tenant_settings import service as tenant_settings

# Of one kind in one sweep; what is left is as due in the next one.
_MOST = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many sessions changed."""
    async with working(work.database, tenant_id) as unit:
        settings = await tenant_settings.of(unit.session, tenant_id)
        hours = settings.session_cancel_hours
        by = now + timedelta(hours=hours)
        left = await queries.of_leavers(unit.session, tenant_id, now, _MOST)
        over = await queries.without_listing(unit.session, tenant_id, now, _MOST)
        falling = await queries.due(unit.session, tenant_id, "fall", by, _MOST)
        deciding = await queries.due(unit.session, tenant_id, "decide", by, _MOST)
        ended = await queries.due(unit.session, tenant_id, "conclude", now, _MOST)
    done = 0
    for session_id, place_id in left:
        async with working(work.database, tenant_id) as unit:
            done += await _let_go(unit.session, tenant_id, session_id, place_id, now)
    for session_id in over:
        async with working(work.database, tenant_id) as unit:
            done += await _drop(unit.session, tenant_id, session_id, now)
    for session_id in falling:
        async with working(work.database, tenant_id) as unit:
            done += await _fall(unit.session, tenant_id, session_id, now, hours)
    for session_id in deciding:
        async with working(work.database, tenant_id) as unit:
            done += await _decide(unit.session, tenant_id, session_id, now, hours)
    for session_id in ended:
        async with working(work.database, tenant_id) as unit:
            done += await _conclude(unit.session, tenant_id, session_id, now)
    return done


async def _let_go(
    session: AsyncSession, tenant_id: UUID, session_id: UUID, place_id: UUID, now: datetime
) -> bool:
    """End the place of a student who left: the seat is for the next in line, and they do not count as one who comes."""
    found = await seats.lock_session(session, tenant_id, session_id)
    places = await queries.places(session, tenant_id, session_id, [place_id])
    if not places or not await queries.of_leavers(session, tenant_id, now, 1, only=place_id):
        return False
    await service.end_place(session, SYSTEM, places[place_id], EnrollmentAction.WITHDRAW, LEFT_SCHOOL.en)
    await seats.give_back(session, found, places[place_id].student_id)
    return True


async def _drop(session: AsyncSession, tenant_id: UUID, session_id: UUID, now: datetime) -> bool:
    """Cancel a session whose listing is gone."""
    found = await seats.lock_session(session, tenant_id, session_id)
    if found.status is not SessionStatus.SCHEDULED or found.starts_at <= now:
        return False
    await service.call_off(session, SYSTEM, found, SessionAction.CANCEL, LISTING_OVER.en)
    return True


async def _fall(session: AsyncSession, tenant_id: UUID, session_id: UUID, now: datetime, hours: int) -> bool:
    """Cancel a session whose host has left, once nobody can be expected to find another in time."""
    found = await seats.lock_session(session, tenant_id, session_id)
    if (
        found.status is not SessionStatus.SCHEDULED
        or found.host_left_at is None
        or found.starts_at <= now
        or decides_at(found.starts_at, hours) > now
    ):
        return False
    await service.call_off(session, SYSTEM, found, SessionAction.CANCEL, NO_HOST.en)
    return True


async def _decide(
    session: AsyncSession, tenant_id: UUID, session_id: UUID, now: datetime, hours: int
) -> bool:
    """Cancel a session that too few students enrolled in, or settle that it takes place, whoever leaves after that."""
    found = await seats.lock_session(session, tenant_id, session_id)
    if (
        found.status is not SessionStatus.SCHEDULED
        or found.settled_at is not None
        or decides_at(found.starts_at, hours) > now
    ):
        return False
    enrolled = await queries.enrolled(session, tenant_id, session_id)
    enough = len(enrolled) >= found.minimum_enrollment
    if not enough and found.starts_at > now:
        await service.call_off(session, SYSTEM, found, SessionAction.LAPSE, TOO_FEW.en)
        return True
    found.status = next_status(TRANSITIONS, found.status, SessionAction.SETTLE)
    found.settled_at = now
    await record(
        session,
        "opportunity_session.settle",
        actor=SYSTEM,
        subject=found,
        reason="enough students enrolled" if enough else "it had begun before it was decided",
        # Who looks only after the start, because the service stood still, tells nobody that it is about to begin.
        facts={"enrolled": len(enrolled), "tell": len(enrolled) if found.starts_at > now else 0},
    )
    return True


async def _conclude(session: AsyncSession, tenant_id: UUID, session_id: UUID, now: datetime) -> bool:
    """Note that a session is over."""
    found = await seats.lock_session(session, tenant_id, session_id)
    if found.status is not SessionStatus.SCHEDULED or found.ends_at > now:
        return False
    found.status = next_status(TRANSITIONS, found.status, SessionAction.CONCLUDE)
    await seats.close_line(session, found, "the session is over")
    await record(
        session, "opportunity_session.conclude", actor=SYSTEM, subject=found, reason="its end has passed"
    )
    return True
