"""What the clock does to feedback: it ends questions that nobody answered."""

from datetime import datetime
from uuid import UUID

from app.core.jobs import Workshop, working
from app.features.hosts import service as hosts
from app.features.phase_feedback import service
from app.models import PhaseFeedback

# One sweep's share; the rest is as due in the next one.
_MOST = 500


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """End what is over in a tenant, and return how much that was."""
    async with working(work.database, tenant_id) as unit:
        due = await hosts.unanswered(unit.session, PhaseFeedback, tenant_id, now, _MOST)
    done = 0
    for feedback_id in due:
        async with working(work.database, tenant_id) as unit:
            done += await service.lapse(unit.session, tenant_id, feedback_id, now)
    return done
