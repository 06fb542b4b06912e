"""What the clock does to outreach campaigns: ask the day's share of families, end what is over, forget who was asked.

Each family is one transaction that locks the campaign: two workers ask the same families once, and a crash loses
nothing that was promised.
"""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.domain.clusters import Cluster
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.outreach import TRANSITIONS, OutreachAction, share_of_today
from app.features.family_asks import service as family_asks
from app.features.family_asks.schemas import Family
from app.features.outreach import queries, service
from app.features.outreach.queries import Due

# Of one campaign in one sweep; the rest of the day's share follows in the next ones.
_MOST = 300


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due in a tenant at `now`; returns how many families had their turn and campaigns ended."""
    async with working(work.database, tenant_id) as unit:
        await family_asks.forget(unit.session, tenant_id, now)
        due = await queries.open_campaigns(unit.session, tenant_id)
    done = 0
    for campaign in due:
        today = local_day(now, campaign.zone)
        if await _lapse(work, tenant_id, campaign, today):
            done += 1
            continue
        families = await _turns(work, tenant_id, campaign, today)
        if families:
            async with working(work.database, tenant_id) as unit:
                households = await service.households_reaching(unit.session, tenant_id)
        for family in families:
            done += await _ask(work, tenant_id, campaign, family, households, now)
    return done


async def _lapse(work: Workshop, tenant_id: UUID, due: Due, today: date) -> bool:
    """End a campaign whose last day is over."""
    async with working(work.database, tenant_id) as unit:
        campaign = await queries.claim(unit.session, tenant_id, due.id)
        if campaign is None or today <= campaign.closes_on:
            return False
        campaign.status = next_status(TRANSITIONS, campaign.status, OutreachAction.LAPSE)
        await record(
            unit.session,
            "outreach_campaign.lapse",
            actor=SYSTEM,
            subject=campaign,
            reason="its last day is over",
        )
    return True


async def _turns(work: Workshop, tenant_id: UUID, due: Due, today: date) -> list[Family]:
    """Return the families whose turn is now; on the first sweep of a day, after setting the day's share."""
    async with working(work.database, tenant_id) as unit:
        campaign = await queries.claim(unit.session, tenant_id, due.id)
        if campaign is None or today < campaign.opens_on:
            return []
        if campaign.batch_on == today and campaign.batch_left == 0:
            return []
        families, left = await family_asks.next_families(unit, campaign, today, _MOST)
        share = min(campaign.batch_left, left)
        if campaign.batch_on is None or campaign.batch_on < today:
            share = share_of_today(left, today, campaign.closes_on)
        if (campaign.batch_on, campaign.batch_left) != (today, share):
            await queries.note_progress(unit.session, campaign, batch_on=today, batch_left=share)
        return families[:share]


async def _ask(
    work: Workshop,
    tenant_id: UUID,
    due: Due,
    family: Family,
    households: Mapping[Cluster, int],
    now: datetime,
) -> bool:
    async with working(work.database, tenant_id) as unit:
        campaign = await queries.claim(unit.session, tenant_id, due.id)
        if campaign is None or campaign.batch_left == 0 or family.lot <= campaign.asked_through:
            return False
        await service.ask(unit.session, campaign, family, households, due.zone, now)
    return True
