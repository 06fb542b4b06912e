"""What the clock does to ties: intakes are frozen, advisors whom a roster brought are tied, and time passes.

Everything is claimed under a lock and looked at again there: twice, or on two workers at once, changes nothing more.
"""

import time
from datetime import datetime, timedelta
from uuid import UUID

from app.core.jobs import Workshop, working
from app.features.households import service as households
from app.features.intakes import service as intakes
from app.features.tie_ledger import service as ledger
from app.features.ties import service

_LAST_HOUR = timedelta(hours=1)
# One sweep's share; the next one, a minute later, goes on. A community that has just come freezes tens of thousands:
# as many as there is time for, because the other communities wait.
_FREEZES_FOR = timedelta(seconds=40)
_STUDENTS_AT_ONCE = 50
_LATE = 500
_LINKS = 500
_FADING = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many students and ties it was for.

    What changed in the last hour is looked at every minute, everything once an hour, because that reads much.
    """
    since = None if now.minute == 0 else now - _LAST_HOUR
    async with working(work.database, tenant_id) as unit:
        # What is frozen is frozen: never before it is known who is whose family.
        await households.refresh_if_due(unit.session, tenant_id, now)
    done = await _freeze_due(work, tenant_id, now)
    async with working(work.database, tenant_id) as unit:
        late = await intakes.left_out(unit.session, tenant_id, since, _LATE)
    for student_id in late:
        async with working(work.database, tenant_id) as unit:
            done += await intakes.catch_up(unit.session, tenant_id, [student_id], now)
    async with working(work.database, tenant_id) as unit:
        done += await service.form_with_advisors(unit.session, tenant_id, now, limit=_LINKS, since=since)
    async with working(work.database, tenant_id) as unit:
        fading = await ledger.fading(unit.session, tenant_id, now, _FADING)
    for tie_id in fading:
        async with working(work.database, tenant_id) as unit:
            done += await ledger.pass_time(unit.session, tenant_id, tie_id, now)
    return done


async def _freeze_due(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    # Another clock than the service's own, which may stand still.
    done, ends = 0, time.monotonic() + _FREEZES_FOR.total_seconds()
    while True:
        async with working(work.database, tenant_id) as unit:
            students = await intakes.due(unit.session, tenant_id, now, _STUDENTS_AT_ONCE)
        if not students:
            return done
        async with working(work.database, tenant_id) as unit:
            done += await service.freeze_inherited(unit.session, tenant_id, students, now)
        if time.monotonic() >= ends:
            return done
