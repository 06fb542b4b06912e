"""What the clock does to introductions: it ends slots and requests at their fixed hour, and asks along the next path.

Each introduction is looked at again under its lock: running twice, or on two workers at once, changes nothing more.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, provisionally, working
from app.domain.introduction import (
    LAST_LOOK,
    SLOT,
    SLOTS,
    TRANSITIONS,
    IntroductionAction,
    next_look,
)
from app.domain.introduction_hop import HopKind
from app.domain.lifecycle import next_status
from app.features.hops import service as hops
from app.features.introduction_asks import queries, service
from app.features.paths import service as paths
from app.models import Introduction

# One sweep's share; the next one, a minute later, goes on.
_AT_ONCE = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Go on with every introduction that is due in a tenant, and return how many there were."""
    async with working(work.database, tenant_id) as unit:
        due = await queries.due(unit.session, tenant_id, now, _AT_ONCE)
    for introduction_id in due:
        await advance(work, tenant_id, introduction_id, now)
    return len(due)


async def advance_introduction(work: Workshop, tenant_id: UUID, introduction_id: UUID) -> None:
    """Go on with one introduction now: the school has just approved it."""
    await advance(work, tenant_id, introduction_id, clock.now())


async def advance(work: Workshop, tenant_id: UUID, introduction_id: UUID, now: datetime) -> None:
    """Do what is due for one introduction: let time that is over pass, then ask along a path where nobody is asked."""
    async with working(work.database, tenant_id) as unit:
        introduction = await queries.claim(unit.session, tenant_id, introduction_id, now)
        if introduction is None or not await _let_pass(unit.session, introduction, now):
            return
    async with working(work.database, tenant_id) as unit:
        session = unit.session
        found = await queries.claim(session, tenant_id, introduction_id, now, lock=False)
        # Of two workers the second would find the first one's path held, and put the next look off till tomorrow.
        if found is None or not await queries.is_alone_with(session, found):
            return
        wish = service.wish_of(found)
        binds = await paths.prepare(unit, wish, now)
        left_out: set[UUID] = set()
        while (path := await paths.choose(unit, wish, binds, besides=frozenset(left_out))) is not None:
            async with provisionally(unit) as attempt:
                held = await paths.hold(unit, wish, binds, path)
                if held and await service.may_be_asked(session, wish, path.contact_id, now):
                    introduction = await queries.claim(session, tenant_id, introduction_id, now)
                    if introduction is None or await queries.hops_of_slot(session, introduction):
                        return
                    await service.ask_contributor(session, introduction, path, now)
                    attempt.kept = True
                    return
            left_out.add(path.connection_id)
        introduction = await queries.claim(session, tenant_id, introduction_id, now)
        if introduction is not None and introduction.slot_ends_at is not None:
            await queries.move_quietly(
                session, introduction, look_at=next_look(now, introduction.slot_ends_at)
            )


async def _let_pass(session: AsyncSession, introduction: Introduction, now: datetime) -> bool:
    """Let pass what is over; say whether the slot still has room for a path of its own."""
    ends_at, slot_ends_at = introduction.ends_at, introduction.slot_ends_at
    if ends_at is None or slot_ends_at is None:
        raise ValueError("only an introduction that was approved is looked at")
    asked = await queries.hops_of_slot(session, introduction)
    if now < slot_ends_at:
        if not asked:
            begun = slot_ends_at - SLOT
            return now <= begun + LAST_LOOK or await _wait(session, introduction, slot_ends_at)
        # The contributor's part of the slot is over: whose turn was kept is free for others.
        await hops.let_lapse(session, introduction.tenant_id, introduction.id)
        return await _wait(session, introduction, slot_ends_at)
    await hops.let_lapse(session, introduction.tenant_id, introduction.id)
    for hop in asked:
        if hop.kind is HopKind.CONTRIBUTOR:
            await hops.learn(session, hop.tenant_id, hop.household_id, hop.contact_id)
    if now >= ends_at:
        introduction.status = next_status(TRANSITIONS, introduction.status, IntroductionAction.EXPIRE)
        introduction.closed_at, introduction.look_at = now, None
        await record(
            session,
            "introduction.expire",
            actor=SYSTEM,
            subject=introduction,
            person_id=introduction.student_id,
        )
        return False
    # The slots stand where the approval put them, however late the clock is.
    over = (now - slot_ends_at) // SLOT + 1
    await queries.move_quietly(
        session,
        introduction,
        status=next_status(TRANSITIONS, introduction.status, IntroductionAction.TRY_NEXT),
        slot=min(introduction.slot + over, SLOTS),
        slot_ends_at=slot_ends_at + over * SLOT,
    )
    begun, ends_next = slot_ends_at + (over - 1) * SLOT, slot_ends_at + over * SLOT
    return now <= begun + LAST_LOOK or await _wait(session, introduction, ends_next)


async def _wait(session: AsyncSession, introduction: Introduction, until: datetime) -> bool:
    await queries.move_quietly(session, introduction, look_at=until)
    return False
