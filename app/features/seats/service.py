"""Seats and the line for them, the same for opportunities and for sessions.

Who moves a seat locks what it belongs to first (`lock`, `lock_session`) and rows of students after it, always in that
order, so that two of them can wait for each other but never in a circle. Every function here wants a `target` that came
from one of these two. No seat stays free while somebody who may take it stands in line: `give_back` and `offer_next`
offer it to the first of them, and only then to everybody.
"""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.events import SYSTEM, Author, record, write
from app.core.ids import new_id
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.reserve import Free, check_lowered, choose
from app.domain.reserve import free as count_free
from app.domain.waitlist import (
    KEEPS_SEAT,
    TRANSITIONS,
    WaitingAction,
    WaitingStatus,
    check_in_time,
    offer_until,
)
from app.features.search_index import service as search_index
from app.features.seats import queries
from app.features.seats.queries import Target
from app.features.tenant_settings import service as tenant_settings
from app.models import Opportunity, OpportunitySession, WaitingEntry

_A = WaitingAction


async def lock(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> Opportunity:
    """Hold an opportunity's seats until this transaction ends; call it before any pursuit's row is locked."""
    return await queries.lock(session, tenant_id, opportunity_id)


async def lock_session(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> OpportunitySession:
    """Hold a session's seats until this transaction ends; call it before any enrollment's row is locked."""
    return await queries.lock_session(session, tenant_id, session_id)


async def lock_either(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID | None, session_id: UUID | None
) -> Target:
    """Hold the seats of the one of the two that is named."""
    if session_id is not None:
        return await queries.lock_session(session, tenant_id, session_id)
    assert opportunity_id is not None  # noqa: S101 - a check of the tables: one of the two is there
    return await queries.lock(session, tenant_id, opportunity_id)


async def lock_kept_for_group(session: AsyncSession, tenant_id: UUID, group_id: UUID) -> list[Target]:
    """Hold everything of which seats are kept for a group; call it before the group's own row is locked."""
    opportunity_ids, session_ids = await queries.kept_for_group(session, tenant_id, group_id)
    opportunities = [await queries.lock(session, tenant_id, each) for each in opportunity_ids]
    return [*opportunities, *[await queries.lock_session(session, tenant_id, each) for each in session_ids]]


async def take(
    session: AsyncSession, actor: Author | str, target: Target, *, student_id: UUID, school_id: UUID
) -> bool:
    """Seat a student: on the seat that is kept for them, or on one that is free for them; False when there is none.

    Nobody overtakes: seats that came free unnoticed are offered to the line first. A place the student had in it ends
    here. Whoever else waits for a decision is then put in line, if it was the last seat.
    """
    entry = await queries.live_entry(session, target, student_id)
    if not _keeps_seat(entry) and await queries.anybody_waits(session, target):
        await offer_next(session, target)
    if not _keeps_seat(entry) and not await _occupy(session, target, student_id, school_id):
        return False
    if entry is not None:
        await _end(session, actor, entry, _A.SEAT, None)
    await _queue_requests(session, target)
    return True


def _keeps_seat(entry: WaitingEntry | None) -> bool:
    return entry is not None and entry.status in KEEPS_SEAT


async def give_back(session: AsyncSession, target: Target, student_id: UUID) -> None:
    """Return the seat a student had, and offer it to the first in line who may take it."""
    await _vacate(session, target, student_id)
    await offer_next(session, target)


async def join_line(
    session: AsyncSession, actor: Author, target: Target, *, student_id: UUID, school_id: UUID
) -> WaitingEntry:
    """Put a student at the end of the line; one who stands in it already keeps the place."""
    entry = await queries.live_entry(session, target, student_id)
    if entry is not None:
        return entry
    entry = WaitingEntry(
        tenant_id=target.tenant_id,
        id=new_id(),
        **queries.names(target),
        student_id=student_id,
        school_id=school_id,
        joined_at=clock.now(),
    )
    session.add(entry)
    await record(session, "waiting_entry.create", actor=actor, subject=entry, person_id=student_id)
    return entry


async def leave_line(
    session: AsyncSession,
    actor: Author | str,
    target: Target,
    student_id: UUID,
    action: WaitingAction = WaitingAction.LEAVE,
    reason: str | None = None,
) -> bool:
    """End a student's place in line, if there is one; a seat that was kept for it goes to the next.

    `action` is LEAVE when the student goes, DECLINE when they turn the offered seat down, LAPSE when its time is over,
    CLOSE when somebody or something else ends it.
    """
    entry = await queries.live_entry(session, target, student_id)
    if entry is None:
        return False
    kept = entry.status in KEEPS_SEAT
    await _end(session, actor, entry, action, reason)
    if kept:
        await give_back(session, target, student_id)
    return True


async def offer_next(session: AsyncSession, target: Target) -> int:
    """Offer every free seat to the first in line who may take it; returns how many were offered.

    Call it after anything that frees seats: more of them, a reserve that is released, a listing that opens again.
    """
    if not await may_offer(session, target):
        return 0
    await _queue_requests(session, target)
    offered = 0
    while True:
        left = await free_seats(session, target)
        if not left.any():
            return offered
        entry = await queries.next_in_line(session, target, left)
        if entry is None or not await _occupy(session, target, entry.student_id, entry.school_id):
            return offered
        await _offer(session, target, entry)
        offered += 1


async def offer_next_of(session: AsyncSession, tenant_id: UUID, targets: Collection[Opportunity]) -> None:
    """Offer the free seats of many opportunities, as `offer_next` does for one; most of them have no line at all."""
    wanted = await queries.wanted(session, tenant_id, [target.id for target in targets]) if targets else ()
    for target in targets:
        if target.id in wanted:
            await offer_next(session, target)


async def place_in_line(session: AsyncSession, entry: WaitingEntry) -> int | None:
    """Return a place in line, from 1; None once a seat was offered or the place ended."""
    if entry.status is not WaitingStatus.WAITING:
        return None
    return await queries.place_in_line(session, entry)


async def live_entry(session: AsyncSession, target: Target, student_id: UUID) -> WaitingEntry | None:
    """Return, locked, the place a student has in this line: waiting, offered a seat, or having accepted one."""
    return await queries.live_entry(session, target, student_id)


async def close_line(session: AsyncSession, target: Target, reason: str) -> int:
    """End every place in the line of what will not take place any more; returns how many."""
    entries = await queries.live_entries(session, target)
    for entry in entries:
        kept = entry.status in KEEPS_SEAT
        await _end(session, SYSTEM, entry, _A.CLOSE, reason)
        if kept:
            await _vacate(session, target, entry.student_id)
    return len(entries)


async def may_offer(session: AsyncSession, target: Target) -> bool:
    """Say whether students can go to it now: the listing is published, and a session is still to come."""
    return await queries.may_offer(session, target, clock.now())


async def free_seats(session: AsyncSession, target: Target) -> Free:
    """Count the seats that are free now: open ones, and those kept for a school or a group."""
    seats, taken = await queries.count(session, target)
    reserves, zone = await queries.reserves(session, target)
    return count_free(
        seats, taken, reserves, local_day(clock.now(), zone) if reserves else clock.now().date()
    )


async def check_kept(session: AsyncSession, target: Target, seats: int) -> None:
    """Refuse to lower the seats below those that are taken or still kept for a school or a group."""
    if seats < target.seats:
        reserves = (await free_seats(session, target)).reserves
        check_lowered(seats, target.seats_taken, sum(kept.free() for kept in reserves))


async def not_to_be_lowered(
    session: AsyncSession, tenant_id: UUID, wanted: Mapping[UUID, int]
) -> dict[UUID, Refused]:
    """Hold the seats of opportunities (id → the seats it is to have); return those that cannot have so few, and why."""
    refused = {}
    for target in await queries.lock_all(session, tenant_id, wanted) if wanted else ():
        try:
            await check_kept(session, target, wanted[target.id])
        except Refused as why:
            refused[target.id] = why
    return refused


async def is_full_for(session: AsyncSession, target: Target, student_id: UUID, school_id: UUID) -> bool:
    """Say whether no seat is free for this student: neither an open one nor one that is kept for them."""
    found, _reserve = await _seat_for(session, target, student_id, school_id)
    return not found


async def _seat_for(
    session: AsyncSession, target: Target, student_id: UUID, school_id: UUID
) -> tuple[bool, UUID | None]:
    left = await free_seats(session, target)
    groups = await queries.groups_of(session, target.tenant_id, student_id) if left.group_ids() else []
    return choose(left, school_id, groups)


async def accept(session: AsyncSession, actor: Author, entry: WaitingEntry) -> None:
    """Keep the offered seat for its student until somebody decides on the request; raises Refused when it is late."""
    now = clock.now()
    following = next_status(TRANSITIONS, entry.status, _A.ACCEPT)
    check_in_time(entry.offer_until, now)
    before, entry.status = entry.status, following
    entry.accepted_at = now
    await record(
        session,
        "waiting_entry.accept",
        actor=actor,
        subject=entry,
        reason="the student takes the offered seat",
        facts={"from": before.value, "to": following.value},
        person_id=entry.student_id,
    )


async def _occupy(session: AsyncSession, target: Target, student_id: UUID, school_id: UUID) -> bool:
    found, reserve_id = await _seat_for(session, target, student_id, school_id)
    if not found or not await queries.take_seat(session, target):
        return False
    if reserve_id is not None:
        await queries.take_reserved(session, target.tenant_id, reserve_id, student_id)
    await _count_for_search(session, target)
    return True


async def _vacate(session: AsyncSession, target: Target, student_id: UUID) -> None:
    await queries.give_reserved_back(session, target, student_id)
    await queries.give_seat_back(session, target)
    await _count_for_search(session, target)


async def _count_for_search(session: AsyncSession, target: Target) -> None:
    if isinstance(target, Opportunity):
        await search_index.count_seats(session, target.tenant_id, target.id)


async def _offer(session: AsyncSession, target: Target, entry: WaitingEntry) -> None:
    settings = await tenant_settings.of(session, target.tenant_id)
    now = clock.now()
    starts_at: datetime | None = getattr(target, "starts_at", None)
    before, entry.status = entry.status, next_status(TRANSITIONS, entry.status, _A.OFFER)
    entry.offered_at, entry.offer_until = now, offer_until(now, settings.waitlist_hours, starts_at)
    await record(
        session,
        "waiting_entry.offer",
        actor=SYSTEM,
        subject=entry,
        reason="a seat came free and this student is the next in line",
        facts={"from": before.value, "to": entry.status.value, "offer_until": entry.offer_until.isoformat()},
        person_id=entry.student_id,
    )


_REASONS = {
    _A.SEAT: "the student has a seat",
    _A.LAPSE: "the offered seat was not taken up in time",
    _A.LEAVE: "the student left the line",
    _A.DECLINE: "the student turned the offered seat down",
}


async def _end(
    session: AsyncSession, actor: Author | str, entry: WaitingEntry, action: WaitingAction, reason: str | None
) -> None:
    before, entry.status = entry.status, next_status(TRANSITIONS, entry.status, action)
    entry.ended_at = clock.now()
    await record(
        session,
        f"waiting_entry.{action.value}",
        actor=actor,
        subject=entry,
        reason=reason or _REASONS.get(action),
        facts={"from": before.value, "to": entry.status.value},
        person_id=entry.student_id,
    )


async def _queue_requests(session: AsyncSession, target: Target) -> None:
    """Put every pursuit in line that waits for a decision where no seat is free for its student any more."""
    if not isinstance(target, Opportunity):
        return
    left = await free_seats(session, target)
    if left.open_seats:
        return
    for entry_id, student_id, school_id in await queries.queue_requests(session, target, left, clock.now()):
        await write(
            session.info["unit"],
            "waiting_entry.create",
            actor=SYSTEM,
            subject_id=entry_id,
            reason="the last free seat was taken while this request waited",
            school_id=school_id,
            person_id=student_id,
        )
