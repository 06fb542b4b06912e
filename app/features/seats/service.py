"""A seat that comes back goes to the next in line, and only then to everybody.

Who moves a seat locks its opportunity first and pursuits after it, always in that order, so that two of them can
wait for each other but never in a circle.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.events import SYSTEM, record
from app.domain.opportunity import OPEN_TO_STUDENTS
from app.domain.pursuit import SEAT_HOLD
from app.features.opportunities import service as opportunities
from app.features.seats import queries
from app.models import Opportunity


async def lock(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> Opportunity:
    """Hold an opportunity's seats until this transaction ends; call it before any pursuit's row is locked."""
    return await queries.lock(session, tenant_id, opportunity_id)


async def pass_on(session: AsyncSession, opportunity: Opportunity, *, besides: UUID | None = None) -> None:
    """Hold a returned seat for the next in line (but `besides`), or give it back when nobody waits.

    `opportunity` came from `lock`. A seat of an opportunity that students cannot go to now is held for nobody.
    """
    following = None
    if opportunity.status in OPEN_TO_STUDENTS:
        following = await queries.next_in_line(session, opportunity.tenant_id, opportunity.id, besides)
    if following is None:
        await opportunities.give_seat_back(session, opportunity.tenant_id, opportunity.id)
        return
    following.seat_held_until = clock.now() + SEAT_HOLD
    await record(
        session,
        "pursuit.hold_seat",
        actor=SYSTEM,
        subject=following,
        reason="a seat was returned and this student is the next in line",
        facts={"seat_held_until": following.seat_held_until.isoformat()},
        person_id=following.student_id,
    )
