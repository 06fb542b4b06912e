"""What the clock does to relationship mapping: adults who left, follow-ups that are due, and answers that are old.

Each is claimed under its row's lock: twice, or on two workers at once, changes nothing more.
"""

from datetime import datetime
from uuid import UUID

from app.core.jobs import Workshop, working
from app.domain.relationship_round import ANSWERS_KEPT
from app.features.relationship_rounds import queries, service
from app.features.round_students import service as round_students

# One sweep's share; the next one, a minute later, goes on.
_AT_ONCE = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many students and rounds it was for."""
    done = 0
    async with working(work.database, tenant_id) as unit:
        gone = await queries.gone_volunteers(unit.session, tenant_id, _AT_ONCE)
    for row_id, volunteer_id in gone:
        async with working(work.database, tenant_id) as unit:
            done += await round_students.release(unit.session, tenant_id, row_id, volunteer_id)
    async with working(work.database, tenant_id) as unit:
        due = await round_students.due(unit.session, tenant_id, now, _AT_ONCE)
    for row_id in due:
        async with working(work.database, tenant_id) as unit:
            done += await round_students.ask_how_it_goes(unit.session, tenant_id, row_id, now)
    async with working(work.database, tenant_id) as unit:
        old = await queries.with_old_answers(unit.session, tenant_id, now - ANSWERS_KEPT, _AT_ONCE)
    for round_id in old:
        async with working(work.database, tenant_id) as unit:
            done += await service.erase_old_answers(unit.session, tenant_id, round_id, now)
    return done
