"""What an employer kept of what it offered: facts for staff, and counts without faces for students."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import get
from app.core import clock
from app.domain.policy import Actor, Role
from app.domain.small_counts import shown
from app.features.reliability import queries
from app.models import Employer

_SPAN = timedelta(days=730)
_STAFF = frozenset({Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN})
# About students who did not come, and about what was said of the employer, only staff read.
_FOR_STAFF = ("student_no_shows", "reports_upheld")


async def view(session: AsyncSession, actor: Actor, employer_id: UUID) -> dict[str, Any]:
    """Return two years of facts about an employer that the caller may see; raises NotFound."""
    employer = await get(session, actor, "employer.read_reliability", Employer, employer_id)
    now = clock.now()
    since = now - _SPAN
    counts = await queries.facts(session, actor.tenant_id, employer.id, since, now)
    about = {"employer_id": employer.id, "since": since.date()}
    if actor.roles & _STAFF:
        return about | counts
    few: dict[str, int | None] = {name: shown(count) for name, count in counts.items()}
    return about | few | dict.fromkeys(_FOR_STAFF)
