"""What the clock does to network maps: remind a student of a next step, once, and nobody else of anything."""

from datetime import datetime
from uuid import UUID

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.features.network_map import queries

# In one sweep of a tenant; what is left is as due in the next one.
_MOST = 1000


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Remind the students of a tenant whose next step is due; returns how many reminders that were.

    Each is one transaction, and is looked at again under its lock: running twice changes nothing more.
    """
    async with working(work.database, tenant_id) as unit:
        due = await queries.due(unit.session, tenant_id, now, _MOST)
    done = 0
    for entry_id in due:
        async with working(work.database, tenant_id) as unit:
            entry = await queries.claim(unit.session, tenant_id, entry_id, now)
            if entry is None:
                continue
            entry.remind_at = None
            await record(
                unit.session,
                "map_entry.remind",
                actor=SYSTEM,
                subject=entry,
                reason="its day has come",
                person_id=entry.student_id,
            )
            done += 1
    return done
