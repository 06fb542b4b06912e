"""What the clock does to students' profiles: they go with the student."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.events import SYSTEM
from app.core.jobs import Workshop, working
from app.features.student_profiles import queries, service

# A roster that loses a student by mistake brings them back within this time; then nobody needs to know the rest.
_KEPT = timedelta(days=30)
# Looked at in one hour of the night: it reads every profile.
_HOUR = 3
_MOST = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Erase the profiles of people who have not been students here for a month; returns how many those were."""
    if now.hour != _HOUR:
        return 0
    async with working(work.database, tenant_id) as unit:
        gone = await queries.left_behind(unit.session, tenant_id, now - _KEPT, _MOST)
        for found in gone:
            await service.erase(
                unit.session,
                found,
                action="student_profile.lapse",
                actor=SYSTEM,
                reason="no student here any more for a month",
            )
    return len(gone)
