"""What the clock does when a host takes part no more: their sessions and weekly patterns need another one.

What each of them says of its host stays, for the record; those who look after them are told once of each host.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.session import Host, SessionStatus
from app.features.seats import service as seats
from app.features.session_hosts import queries
from app.models import OpportunitySession, WeeklyPattern

# Of hosts in one sweep; who is left is as due in the next one.
_MOST = 100


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Note in a tenant whose host has left at `now`; returns how many sessions and patterns. Each host is one transaction."""
    async with working(work.database, tenant_id) as unit:
        left = await queries.left(unit.session, tenant_id, now, _MOST)
    done = 0
    for host in left:
        async with working(work.database, tenant_id) as unit:
            done += await _note(unit.session, tenant_id, host, now)
    return done


async def _note(session: AsyncSession, tenant_id: UUID, host: Host, now: datetime) -> int:
    # Patterns before sessions, as whoever changes a pattern locks them.
    patterns = await queries.patterns_of(session, tenant_id, host, now)
    sessions: list[OpportunitySession] = []
    for session_id in await queries.sessions_of(session, tenant_id, host, now):
        found = await seats.lock_session(session, tenant_id, session_id)
        if (
            found.status is SessionStatus.SCHEDULED
            and found.host_left_at is None
            and found.starts_at > now
            and Host(found.host_contact_id, found.host_person_id) == host
        ):
            sessions.append(found)
    by_school: dict[UUID | None, list[OpportunitySession | WeeklyPattern]] = {}
    rows: list[OpportunitySession | WeeklyPattern] = [*sessions, *patterns]
    for row in rows:
        by_school.setdefault(row.school_id, []).append(row)
    for of_one_school in by_school.values():
        await _tell(session, of_one_school, now)
    return len(rows)


async def _tell(session: AsyncSession, rows: list[OpportunitySession | WeeklyPattern], now: datetime) -> None:
    """Write down of each that it has no host now; the first of them tells of all."""
    named = {
        "sessions": [str(row.id) for row in rows if isinstance(row, OpportunitySession)],
        "patterns": [str(row.id) for row in rows if isinstance(row, WeeklyPattern)],
    }
    for number, row in enumerate(rows):
        row.host_left_at = now
        noun = "opportunity_session" if isinstance(row, OpportunitySession) else "weekly_pattern"
        await record(
            session,
            f"{noun}.lose_host",
            actor=SYSTEM,
            subject=row,
            reason="its host takes part no more",
            facts={"tell": 0} if number else {"tell": len(rows), **named},
        )
