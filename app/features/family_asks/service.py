"""Asking families: each at most once a month, whichever school asks, and forgotten when the month is over."""

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.domain.local_time import local_day, month_of
from app.features.family_asks import queries
from app.features.family_asks.schemas import Asked, Family
from app.features.households import service as households
from app.features.schools.service import zone_of_tenant
from app.models import OutreachCampaign


async def next_families(
    unit: Unit, campaign: OutreachCampaign, today: date, most: int
) -> tuple[list[Family], int]:
    """Return the families of a campaign whose turn is next, up to `most`, and how many have not had theirs."""
    return await queries.families(unit, campaign, today, most, after=campaign.asked_through, reachable=True)


async def families_on_paper(unit: Unit, campaign: OutreachCampaign, today: date, most: int) -> list[Family]:
    """Return the families of a campaign's school whom nothing but paper reaches: no address and no account."""
    found, _ = await queries.families(unit, campaign, today, most, after="", reachable=False)
    return found


async def take_month(
    session: AsyncSession,
    tenant_id: UUID,
    household_id: UUID,
    now: datetime,
    *,
    campaign_id: UUID | None = None,
    clusters: Sequence[str] = (),
) -> bool:
    """Note that a household is asked this month, with the questions it is asked; False when it was asked already."""
    month = await _month(session, tenant_id, now)
    return await queries.take_month(session, tenant_id, household_id, month, campaign_id, clusters)


async def take_month_of(session: AsyncSession, tenant_id: UUID, person_id: UUID, now: datetime) -> bool:
    """Note that somebody's family is asked this month, outside of any campaign; False when it was asked already."""
    return await take_month(session, tenant_id, await _household(session, tenant_id, person_id), now)


async def asked(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> Asked | None:
    """Return the questions that are open for somebody's family, by a campaign that is open; changes nothing."""
    now = clock.now()
    household_id = await _household(session, tenant_id, person_id)
    found = await queries.asked(session, tenant_id, household_id, await _month(session, tenant_id, now))
    if found is None or local_day(now, found.zone) > found.closes_on:
        return None
    return found


async def take_questions(session: AsyncSession, tenant_id: UUID, ask_id: UUID) -> bool:
    """Take away the questions that are being answered; of several answers at once, one counts."""
    return await queries.take_questions(session, tenant_id, ask_id)


async def forget(session: AsyncSession, tenant_id: UUID, now: datetime) -> int:
    """Forget who was asked before this month; return how many there were."""
    return await queries.forget(session, tenant_id, await _month(session, tenant_id, now))


async def _household(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> UUID:
    return (await households.households_of(session, tenant_id, [person_id])).get(person_id, person_id)


async def _month(session: AsyncSession, tenant_id: UUID, now: datetime) -> date:
    return month_of(now, await zone_of_tenant(session, tenant_id))
