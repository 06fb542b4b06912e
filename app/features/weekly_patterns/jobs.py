"""What the clock does to weekly patterns: make the sessions of the weeks ahead, day by day as time goes on."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.session import PatternStatus
from app.features.weekly_patterns import queries, service

_MOST = 200


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Make what is missing in a tenant; returns how many sessions were made. Each pattern is one transaction."""
    # A day less than is made: zones differ, and a pattern is asked for once a day at the most.
    before = now.date() + service.AHEAD - timedelta(days=1)
    async with working(work.database, tenant_id) as unit:
        due = await queries.due(unit.session, tenant_id, before, _MOST)
    made = 0
    for pattern_id in due:
        async with working(work.database, tenant_id) as unit:
            pattern = await queries.locked(unit.session, tenant_id, pattern_id)
            if pattern.status is not PatternStatus.ACTIVE:
                continue
            made_until = pattern.made_until
            count, busy = await service.make(unit.session, SYSTEM, pattern, now)
            # A day that was passed over is tried again each time, and told of once.
            passed_over = [day for day in busy if made_until is None or day > made_until]
            if count or passed_over:
                await record(
                    unit.session,
                    "weekly_pattern.make_sessions",
                    actor=SYSTEM,
                    subject=pattern,
                    reason="time went on",
                    facts={
                        "made": count,
                        "host_busy_on": [day.isoformat() for day in passed_over],
                        "tell": len(passed_over),
                    },
                )
            made += count
    return made
