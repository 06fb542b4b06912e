"""What the clock does to contacts: an invitation that waited, one reminder, and erasure when no answer came."""

from datetime import datetime
from uuid import UUID

from app.core.events import SYSTEM
from app.core.jobs import Workshop, working
from app.domain.contact import ContactAction, ContactStatus
from app.features.contacts import queries, service

# One sweep's share; the next one, a minute later, goes on.
_AT_ONCE = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant and return how many contacts it was for.

    Each contact is claimed by compare-and-swap in a unit of work of its own, so twice, or on two workers at
    once, changes nothing more. Whose time is over is not reminded first.
    """
    async with working(work.database, tenant_id) as unit:
        over = await queries.unanswered(unit.session, tenant_id, now, _AT_ONCE)
    done = [await _lapse(work, tenant_id, contact_id, now) for contact_id in over]
    async with working(work.database, tenant_id) as unit:
        due = await queries.to_remind(unit.session, tenant_id, now, _AT_ONCE)
    done += [await _remind(work, tenant_id, contact_id, now) for contact_id in due]
    async with working(work.database, tenant_id) as unit:
        waiting = await queries.to_invite(unit.session, tenant_id, now, _AT_ONCE)
    done += [await _invite(work, tenant_id, contact_id, now) for contact_id in waiting]
    return sum(done)


async def _invite(work: Workshop, tenant_id: UUID, contact_id: UUID, now: datetime) -> bool:
    async with working(work.database, tenant_id) as unit:
        if not await queries.claim_invitation(unit.session, tenant_id, contact_id, now):
            return False
        contact = await service.locked(unit.session, tenant_id, contact_id)
        assert contact is not None  # noqa: S101 - claimed a line ago, and contacts are never deleted
        await service.invite(unit.session, contact)
        return contact.status is not ContactStatus.PROPOSED


async def _lapse(work: Workshop, tenant_id: UUID, contact_id: UUID, now: datetime) -> bool:
    async with working(work.database, tenant_id) as unit:
        if not await queries.claim_lapse(unit.session, tenant_id, contact_id, now):
            return False
        contact = await service.locked(unit.session, tenant_id, contact_id)
        assert contact is not None  # noqa: S101 - claimed a line ago, and contacts are never deleted
        await service.close(unit.session, contact, ContactAction.LAPSE, hash_key=None, actor=SYSTEM)
        return True


async def _remind(work: Workshop, tenant_id: UUID, contact_id: UUID, now: datetime) -> bool:
    async with working(work.database, tenant_id) as unit:
        if not await queries.claim_reminder(unit.session, tenant_id, contact_id, now):
            return False
        contact = await service.locked(unit.session, tenant_id, contact_id)
        assert contact is not None  # noqa: S101 - claimed a line ago, and contacts are never deleted
        await service.remind(unit.session, contact)
        return True
