"""What the clock does to contacts: an invitation that waited, one reminder, and erasure when no answer came."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM
from app.core.jobs import Workshop, working
from app.domain.contact import ContactAction, ContactStatus
from app.features.contacts import queries, service
from app.models import Contact

# One sweep's share; the next one, a minute later, goes on.
_AT_ONCE = 500

Step = Callable[[AsyncSession, Contact], Awaitable[bool]]


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant and return how many contacts it was for.

    Each contact is one transaction, and is looked at again under its lock: twice, or on two workers at once, changes
    nothing more.
    """
    done = 0
    for name, step in _STEPS.items():
        async with working(work.database, tenant_id) as unit:
            due = await queries.due(unit.session, tenant_id, name, now, _AT_ONCE)
        for contact_id in due:
            async with working(work.database, tenant_id) as unit:
                contact = await queries.claim(unit.session, tenant_id, name, contact_id, now)
                done += contact is not None and await step(unit.session, contact)
    return done


async def _lapse(session: AsyncSession, contact: Contact) -> bool:
    await service.close(session, contact, ContactAction.LAPSE, hash_key=None, actor=SYSTEM)
    return True


async def _remind(session: AsyncSession, contact: Contact) -> bool:
    contact.remind_at = None
    await service.remind(session, contact)
    return True


async def _invite(session: AsyncSession, contact: Contact) -> bool:
    await service.invite(session, contact)
    return contact.status is not ContactStatus.PROPOSED


# Whose time is over is not reminded first.
_STEPS: dict[str, Step] = {"lapse": _lapse, "remind": _remind, "invite": _invite}
