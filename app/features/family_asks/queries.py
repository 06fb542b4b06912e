"""Every SQL statement of asking families: whose turn is next, and who was asked this month."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.ids import new_id
from app.domain.outreach import OutreachStatus
from app.features.family_asks.schemas import Asked, Family
from app.models import HouseholdMember, OutreachAsk, OutreachCampaign, School

# The households of a school: the guardians of its students who are here and may be written to. Reachable are those of
# whom one has an address or an account; of the others every guardian is named. The lot decides whose turn it is, by
# chance; what lies before the campaign's own lot has had its turn.
_FAMILIES = """
SELECT household_id, lot, guardians, count(*) OVER () FROM (
  SELECT household_id, md5(%(campaign)s::text || household_id::text) AS lot,
    array_agg(guardian_id ORDER BY guardian_id) FILTER (WHERE email IS NOT NULL OR NOT %(reachable)s) AS guardians
  FROM (
    SELECT DISTINCT l.guardian_id, p.email, coalesce(h.household_id, l.guardian_id) AS household_id
    FROM guardian_links l
    JOIN memberships m ON m.tenant_id = l.tenant_id AND m.person_id = l.student_id AND m.school_id = %(school)s
      AND m.role = 'student' AND m.ended_at IS NULL AND (m.begins_on IS NULL OR m.begins_on <= %(today)s)
      AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
    JOIN people p ON p.tenant_id = l.tenant_id AND p.id = l.guardian_id AND p.enabled AND p.ended_at IS NULL
    LEFT JOIN household_members h ON h.tenant_id = l.tenant_id AND h.person_id = l.guardian_id
    WHERE l.tenant_id = %(tenant)s AND l.ended_at IS NULL AND (l.until_on IS NULL OR l.until_on >= %(today)s)
      AND NOT EXISTS (
        SELECT 1 FROM guardian_links n
        WHERE n.tenant_id = l.tenant_id AND n.guardian_id = l.guardian_id AND n.no_contact AND n.ended_at IS NULL
          AND (n.until_on IS NULL OR n.until_on >= %(today)s))
  ) AS guardian
  GROUP BY household_id
  HAVING bool_or(email IS NOT NULL OR EXISTS (
    SELECT 1 FROM account_tenants a WHERE a.tenant_id = %(tenant)s AND a.person_id = guardian_id)) = %(reachable)s
) AS family
WHERE lot > %(after)s ORDER BY lot LIMIT %(most)s
"""


async def families(
    unit: Unit, campaign: OutreachCampaign, today: date, most: int, *, after: str, reachable: bool
) -> tuple[list[Family], int]:
    """Return the families of a campaign's school behind a lot, up to `most`, and how many there are behind it."""
    rows = await unit.rows(
        _FAMILIES,
        {
            "tenant": campaign.tenant_id,
            "campaign": campaign.id,
            "school": campaign.school_id,
            "today": today,
            "after": after,
            "reachable": reachable,
            "most": most,
        },
    )
    found = [Family(household_id, lot, guardians or []) for household_id, lot, guardians, _ in rows]
    return found, rows[0][3] if rows else 0


async def take_month(
    session: AsyncSession,
    tenant_id: UUID,
    household_id: UUID,
    month: date,
    campaign_id: UUID | None,
    clusters: Sequence[str],
) -> bool:
    """Note that a household and its members are asked this month; False when one of them was asked already.

    Of several at once, one does: the rows are unique, and written in one order.
    """
    members = await session.scalars(
        select(HouseholdMember.person_id).where(
            HouseholdMember.tenant_id == tenant_id, HouseholdMember.household_id == household_id
        )
    )
    common = {"tenant_id": tenant_id, "created_at": clock.now(), "month": month}
    of_members: dict[str, Any] = {"is_member": True, "campaign_id": None, "clusters": []}
    rows = [
        {
            "household_id": household_id,
            "is_member": False,
            "campaign_id": campaign_id,
            "clusters": list(clusters),
        },
        *({"household_id": person_id, **of_members} for person_id in members),
    ]
    taken = await session.scalars(
        insert(OutreachAsk)
        .values(
            [
                {"id": new_id(), **common, **row}
                for row in sorted(rows, key=lambda row: str(row["household_id"]))
            ]
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "household_id", "month"])
        .returning(OutreachAsk.id)
    )
    mine = list(taken)
    if len(mine) == len(rows):
        return True
    await session.execute(
        delete(OutreachAsk)
        .where(OutreachAsk.tenant_id == tenant_id, OutreachAsk.id.in_(mine))
        .execution_options(synchronize_session=False)
    )
    return False


async def asked(session: AsyncSession, tenant_id: UUID, household_id: UUID, month: date) -> Asked | None:
    """Return the open questions of a household, while the campaign that asks them is open."""
    columns: tuple[Any, ...] = (
        OutreachAsk.id,
        OutreachCampaign.id,
        OutreachCampaign.school_id,
        School.name,
        School.zone,
        OutreachCampaign.title,
        OutreachCampaign.message,
        OutreachCampaign.closes_on,
        OutreachAsk.clusters,
    )
    found = (
        await session.execute(
            select(*columns)
            .select_from(OutreachAsk)
            .join(
                OutreachCampaign,
                (OutreachCampaign.tenant_id == OutreachAsk.tenant_id)
                & (OutreachCampaign.id == OutreachAsk.campaign_id),
            )
            .join(
                School,
                (School.tenant_id == OutreachCampaign.tenant_id) & (School.id == OutreachCampaign.school_id),
            )
            .where(
                OutreachAsk.tenant_id == tenant_id,
                OutreachAsk.household_id == household_id,
                OutreachAsk.month == month,
                OutreachCampaign.status == OutreachStatus.OPEN,
                func.cardinality(OutreachAsk.clusters) > 0,
            )
        )
    ).one_or_none()
    return None if found is None else Asked(*found)


async def take_questions(session: AsyncSession, tenant_id: UUID, ask_id: UUID) -> bool:
    """Take the open questions of an ask away by compare-and-swap; False when they were answered before."""
    taken = await session.execute(
        update(OutreachAsk)
        .where(
            OutreachAsk.tenant_id == tenant_id,
            OutreachAsk.id == ask_id,
            func.cardinality(OutreachAsk.clusters) > 0,
        )
        .values(clusters=[])
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def forget(session: AsyncSession, tenant_id: UUID, month: date) -> int:
    """Delete who was asked before this month began; return how many there were."""
    gone = await session.execute(
        delete(OutreachAsk)
        .where(OutreachAsk.tenant_id == tenant_id, OutreachAsk.month < month)
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined] # a DELETE's result counts its rows
