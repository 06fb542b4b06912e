"""What the clock does to ties: intakes are frozen, advisors whom a roster brought are tied, and time passes.

Everything is claimed under a lock and looked at again there: twice, or on two workers at once, changes nothing more.
"""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.jobs import Workshop, working
from app.features.households import service as households
from app.features.intakes import service as intakes
from app.features.tie_ledger import service as ledger
from app.features.ties import service

_LAST_HOUR = timedelta(hours=1)
# One sweep's share; the next one, a minute later, goes on.
_STUDENTS = 500
_STUDENTS_AT_ONCE = 50
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
    async with working(work.database, tenant_id) as unit:
        students = await intakes.due(unit.session, tenant_id, now, _STUDENTS)
    done = 0
    for start in range(0, len(students), _STUDENTS_AT_ONCE):
        batch = students[start : start + _STUDENTS_AT_ONCE]
        async with working(work.database, tenant_id) as unit:
            done += await service.freeze_inherited(unit.session, tenant_id, batch, now)
    async with working(work.database, tenant_id) as unit:
        late = await intakes.left_out(unit.session, tenant_id, since, _STUDENTS)
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
