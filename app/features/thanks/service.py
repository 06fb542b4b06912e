"""Thanking whoever offered a connection when it has helped: once at first, then at 3, 5, 10, 25, 50 students and so on.

Nothing is told in between, and no number below three: from it a contributor could work out who the student was.
"""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Unit
from app.core.events import SYSTEM, write
from app.core.tables import Event
from app.domain.small_counts import FEWEST_SHOWN
from app.domain.thanks import occasion
from app.features.thanks import queries


def students_helped(tenant_id: Any, connection_id: Any) -> Any:
    """Return, as a scalar subquery of these columns, how many students a connection helped; see `small_counts.shown`."""
    return queries.students_helped(tenant_id, connection_id)


async def consume(session: AsyncSession, event: Event) -> None:
    """Give the thanks that an event calls for: a placement began, or people met."""
    if event.action == "placement.activate":
        connection_id = await queries.connection_of_placement(session, event.tenant_id, event.subject_id)
    elif event.action == "introduction.record_met":
        connection_id = await queries.connection_of_meeting(session, event.tenant_id, event.subject_id)
    else:
        return
    if connection_id is not None:
        await give(session, event.tenant_id, connection_id)


async def give(session: AsyncSession, tenant_id: UUID, connection_id: UUID) -> None:
    """Thank the contributor for what the connection has reached by now, if there were no thanks for it yet."""
    reached = occasion(await queries.count(session, tenant_id, connection_id))
    thanked = await queries.claim(session, tenant_id, connection_id, reached)
    if thanked is None:
        return
    unit: Unit = session.info["unit"]
    told = reached >= FEWEST_SHOWN
    await write(
        unit,
        "connection.thank_for_many" if told else "connection.thank",
        actor=SYSTEM,
        subject_id=connection_id,
        changed=("thanked_for",),
        facts={"students": reached} if told else None,
        school_id=thanked.school_id,
        person_id=thanked.contributor_id,
    )
