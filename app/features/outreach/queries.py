"""Every SQL statement of outreach campaigns: their life, and their counts."""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core import clock
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.clusters import Cluster
from app.domain.outreach import TRANSITIONS, ClusterStats, OutreachStatus
from app.domain.policy import Actor
from app.domain.small_counts import shown
from app.features.households import service as households
from app.features.outreach.schemas import OutreachCampaignFilters
from app.models import (
    Connection,
    ConnectionField,
    HouseholdMember,
    OutreachCampaign,
    OutreachCount,
    School,
)

VERBS = verbs("outreach_campaign", TRANSITIONS)
VERBS[OutreachStatus.DRAFT.value].append("outreach_campaign.update")
VERBS[OutreachStatus.OPEN.value].append("outreach_campaign.print_codes")
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

NEWEST = Keyset(
    "outreach campaigns by creation", OutreachCampaign.created_at, OutreachCampaign.id, descending=True
)

_ITEM: tuple[Any, ...] = (
    OutreachCampaign.id,
    OutreachCampaign.status,
    OutreachCampaign.school_id,
    School.name.label("school_name"),
    OutreachCampaign.title,
    OutreachCampaign.message,
    OutreachCampaign.k,
    OutreachCampaign.opens_on,
    OutreachCampaign.closes_on,
    OutreachCampaign.families_asked,
    OutreachCampaign.created_at,
    OutreachCampaign.version,
)


class Due(NamedTuple):
    """A campaign that is open, and where its school is."""

    id: UUID
    zone: str


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    return (
        select(*_ITEM, *actions.columns)
        .join(
            School,
            (School.tenant_id == OutreachCampaign.tenant_id) & (School.id == OutreachCampaign.school_id),
        )
        .where(allowed(actor, "outreach_campaign.read", OutreachCampaign))
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["status"] = row["status"].value
    row["families_asked"] = shown(row["families_asked"])
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: OutreachCampaignFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 campaigns the caller may read, newest first, behind `after`."""
    actions = RowActions(actor, OutreachCampaign, _ACTIONS)
    statement = _selected(actor, actions)
    if filters.status is not None:
        statement = statement.where(OutreachCampaign.status == filters.status)
    if filters.school_id is not None:
        statement = statement.where(OutreachCampaign.school_id == filters.school_id)
    found = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, campaign_id: UUID) -> dict[str, Any] | None:
    """Return one campaign as the caller may see it, with what came of it, or None."""
    actions = RowActions(actor, OutreachCampaign, _ACTIONS)
    statement = _selected(actor, actions).where(OutreachCampaign.id == campaign_id)
    found = (await session.execute(statement)).mappings().one_or_none()
    if found is None:
        return None
    counts = await session.execute(
        select(OutreachCount.cluster, OutreachCount.asked, OutreachCount.yes).where(
            OutreachCount.tenant_id == actor.tenant_id, OutreachCount.campaign_id == campaign_id
        )
    )
    known = {cluster: (asked, yes) for cluster, asked, yes in counts}
    row = _finish(dict(found), actions)
    row["results"] = [
        {
            "cluster": cluster.value,
            "asked": shown(known.get(cluster, (0, 0))[0]),
            "yes": shown(known.get(cluster, (0, 0))[1]),
        }
        for cluster in Cluster
    ]
    return row


async def zone_of_school(session: AsyncSession, tenant_id: UUID, school_id: UUID) -> str:
    """Return the time zone in which a school's days begin and end."""
    found: str | None = await session.scalar(
        select(School.zone).where(School.tenant_id == tenant_id, School.id == school_id)
    )
    assert found is not None  # noqa: S101 - a campaign's school is a foreign key
    return found


async def open_campaigns(session: AsyncSession, tenant_id: UUID) -> list[Due]:
    """Return the open campaigns of a tenant."""
    found = await session.execute(
        select(OutreachCampaign.id, School.zone)
        .join(
            School,
            (School.tenant_id == OutreachCampaign.tenant_id) & (School.id == OutreachCampaign.school_id),
        )
        .where(
            OutreachCampaign.tenant_id == tenant_id,
            OutreachCampaign.status == OutreachStatus.OPEN,
        )
        .order_by(OutreachCampaign.id)
    )
    return [Due(*row) for row in found]


async def claim(session: AsyncSession, tenant_id: UUID, campaign_id: UUID) -> OutreachCampaign | None:
    """Return an open campaign, locked: families are asked one after the other, and none after it was closed."""
    found: OutreachCampaign | None = await session.scalar(
        select(OutreachCampaign)
        .where(
            OutreachCampaign.tenant_id == tenant_id,
            OutreachCampaign.id == campaign_id,
            OutreachCampaign.status == OutreachStatus.OPEN,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def note_progress(session: AsyncSession, campaign: OutreachCampaign, **changes: Any) -> None:
    """Note how far the asking has come. What the clock does is no version: a person's change is not stale by it."""
    await session.execute(
        update(OutreachCampaign)
        .where(OutreachCampaign.tenant_id == campaign.tenant_id, OutreachCampaign.id == campaign.id)
        .values(changes)
        .execution_options(synchronize_session=False)
    )


async def households_reaching(session: AsyncSession, tenant_id: UUID) -> dict[Cluster, int]:
    """Return how many households of the pool know somebody in each cluster; reads the whole index of fields."""
    household = households.home(Connection.contributor_id)
    pool = await session.execute(
        select(ConnectionField.field, func.count(household.distinct()))
        .join(
            Connection,
            (Connection.tenant_id == ConnectionField.tenant_id)
            & (Connection.id == ConnectionField.connection_id),
        )
        .outerjoin(HouseholdMember, households.is_of(Connection.tenant_id, Connection.contributor_id))
        .where(ConnectionField.tenant_id == tenant_id, ConnectionField.field.in_(list(Cluster)))
        .group_by(ConnectionField.field)
    )
    return {Cluster(field): number for field, number in pool}


async def stats(
    session: AsyncSession, tenant_id: UUID, campaign_id: UUID, households: Mapping[Cluster, int]
) -> dict[Cluster, ClusterStats]:
    """Return what is known about each cluster: the pool's households, and how this campaign's questions went."""
    found = await session.execute(
        select(OutreachCount.cluster, OutreachCount.yes, OutreachCount.asked).where(
            OutreachCount.tenant_id == tenant_id, OutreachCount.campaign_id == campaign_id
        )
    )
    counts = {cluster: (yes, asked) for cluster, yes, asked in found}
    return {
        cluster: ClusterStats(households.get(cluster, 0), *counts.get(cluster, (0, 0))) for cluster in Cluster
    }


async def count_asked(
    session: AsyncSession, tenant_id: UUID, campaign_id: UUID, clusters: Collection[Cluster]
) -> None:
    """Count these clusters as asked about, before anybody answers."""
    rows = [
        {
            "tenant_id": tenant_id,
            "id": new_id(),
            "created_at": clock.now(),
            "campaign_id": campaign_id,
            "cluster": cluster,
            "asked": 1,
            "yes": 0,
        }
        for cluster in sorted(clusters)
    ]
    await session.execute(
        insert(OutreachCount)
        .values(rows)
        .on_conflict_do_update(
            index_elements=["tenant_id", "campaign_id", "cluster"],
            set_={"asked": OutreachCount.asked + 1},
        )
    )


async def count_yes(
    session: AsyncSession, tenant_id: UUID, campaign_id: UUID, clusters: Collection[Cluster]
) -> None:
    """Count a yes for each of these clusters; in one order, so that two families never wait for each other."""
    for cluster in sorted(clusters):
        await session.execute(
            update(OutreachCount)
            .where(
                OutreachCount.tenant_id == tenant_id,
                OutreachCount.campaign_id == campaign_id,
                OutreachCount.cluster == cluster,
            )
            .values(yes=OutreachCount.yes + 1)
            .execution_options(synchronize_session=False)
        )
