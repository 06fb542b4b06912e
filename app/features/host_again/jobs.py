"""What the clock does with hosts: it asks each once a year, and ends the questions that nobody answered."""

from datetime import UTC, datetime, time
from uuid import UUID

from app.core.jobs import Workshop, working
from app.domain.host_again import months_before
from app.domain.local_time import month_of
from app.features.host_again import queries, service
from app.features.hosts import service as hosts
from app.features.schools.service import zone_of_tenant
from app.features.tenant_settings import service as tenant_settings
from app.models import HostAsk

# One sweep's share; the rest is as due in the next one.
_MOST = 200


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Ask the hosts whose year is over, end what is over, and return how much that was."""
    async with working(work.database, tenant_id) as unit:
        settings = await tenant_settings.of(unit.session, tenant_id)
        zone = await zone_of_tenant(unit.session, tenant_id)
        before = datetime.combine(
            months_before(now.astimezone(UTC).date(), settings.host_again_months), time(), UTC
        )
        due = await queries.due(unit.session, tenant_id, before, month_of(now, zone), _MOST)
        silent = await hosts.unanswered(unit.session, HostAsk, tenant_id, now, _MOST)
    done = 0
    for ask_id in silent:
        async with working(work.database, tenant_id) as unit:
            done += await service.lapse(unit.session, tenant_id, ask_id, now)
    for employer in due:
        async with working(work.database, tenant_id) as unit:
            done += await service.ask(unit.session, tenant_id, employer, before, now)
    return done
