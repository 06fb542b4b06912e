"""The contact-fatigue budget: no employer is asked more often in a month than its cap, all schools together.

Whoever is about to ask an employer, or somebody who works there, takes from the budget first, in the same unit of work.
Low level, without routes, so that every feature that asks may take from it.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.domain import budget
from app.domain.budget import AskKind
from app.domain.local_time import month_after, month_of, starts_at
from app.features.budgets import queries
from app.features.schools.service import zone_of_tenant
from app.models import EmployerAsk


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an employer's budget stands this month; `reopens_on` is None while something is left, and for a cap of 0."""

    cap: int
    used: int
    left: int
    month: date
    reopens_on: date | None


async def take(
    session: AsyncSession,
    *,
    tenant_id: UUID,
    employer_id: UUID,
    kind: AskKind,
    school_id: UUID | None,
    subject_id: UUID | None,
    now: datetime,
    asked_by_id: UUID | None = None,
) -> bool:
    """Take one ask from an employer's budget of this month, by compare-and-swap; False when there is none left.

    The month is the calendar month in the tenant's zone. Its counter stays locked until the unit of work ends, so
    take it last of the rows that are locked.
    """
    month = month_of(now, await zone_of_tenant(session, tenant_id))
    if not await queries.take(session, tenant_id, employer_id, month):
        return False
    session.add(
        EmployerAsk(
            tenant_id=tenant_id,
            id=new_id(),
            employer_id=employer_id,
            month=month,
            kind=kind,
            school_id=school_id,
            subject_id=subject_id,
            asked_by_id=asked_by_id,
            asked_at=now,
        )
    )
    return True


async def standing(session: AsyncSession, *, tenant_id: UUID, employer_id: UUID, now: datetime) -> Standing:
    """Return where an employer's budget stands at `now`."""
    month = month_of(now, await zone_of_tenant(session, tenant_id))
    cap, asks = await queries.budget(session, tenant_id, employer_id, month)
    return Standing(cap, asks, max(cap - asks, 0), month, budget.reopens_on(cap=cap, asks=asks, month=month))


async def left(session: AsyncSession, *, tenant_id: UUID, employer_id: UUID, now: datetime) -> int:
    """Return how often an employer may still be asked this month."""
    return (await standing(session, tenant_id=tenant_id, employer_id=employer_id, now=now)).left


async def reopens_on(
    session: AsyncSession, *, tenant_id: UUID, employer_id: UUID, now: datetime
) -> date | None:
    """Return the day from which an employer may be asked again; None while it may be asked now, or never."""
    return (await standing(session, tenant_id=tenant_id, employer_id=employer_id, now=now)).reopens_on


async def next_month_at(session: AsyncSession, *, tenant_id: UUID, now: datetime) -> datetime:
    """Return the instant at which the next calendar month begins in the tenant's zone."""
    zone = await zone_of_tenant(session, tenant_id)
    return starts_at(month_after(month_of(now, zone)), zone)


async def cap_was_raised(session: AsyncSession, *, tenant_id: UUID, employer_id: UUID, now: datetime) -> None:
    """Let what waited for the next month be tried again, because this one has room now."""
    await queries.invite_from(session, tenant_id, employer_id, now)


async def recount(session: AsyncSession, *, tenant_id: UUID, employer_ids: list[UUID]) -> None:
    """Make the counters agree with the asks, after asks were moved from one employer to another (a merge, or its undoing)."""
    await queries.recount(session, tenant_id, employer_ids)
