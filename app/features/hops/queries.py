"""Every SQL statement of hops."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Unit
from app.domain.introduction_hop import OPEN, HopKind, HopStatus
from app.features.households import service as households
from app.models import Connection, Hop, HouseholdMember, Meeting

_ANSWERED = (HopStatus.AGREED, HopStatus.DECLINED, HopStatus.LAPSED)


class Record(NamedTuple):
    """A connection, and how the two people on it answered so far."""

    connection_id: UUID
    closeness: int
    frequency: int
    household_asked: int
    household_agreed: int
    contact_asked: int
    contact_agreed: int


async def open_hops(session: AsyncSession, tenant_id: UUID, which: ColumnElement[bool]) -> list[Hop]:
    """Return the open hops among those asked for, locked."""
    found = await session.scalars(
        select(Hop)
        .where(Hop.tenant_id == tenant_id, which, Hop.status.in_(OPEN))
        .order_by(Hop.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def answer_by(session: AsyncSession, tenant_id: UUID, hop_id: UUID) -> datetime | None:
    """Return until when a hop may be answered; None when nobody is asked any more."""
    found: datetime | None = await session.scalar(
        select(Hop.answer_by).where(
            Hop.tenant_id == tenant_id, Hop.id == hop_id, Hop.status == HopStatus.ASKED
        )
    )
    return found


async def introductions_with(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> list[UUID]:
    """Return the introductions that name a contact, because everyone agreed to them."""
    found = await session.scalars(
        select(Meeting.introduction_id)
        .where(Meeting.tenant_id == tenant_id, Meeting.contact_id == contact_id)
        .order_by(Meeting.introduction_id)
    )
    return list(found)


async def connections_near(
    session: AsyncSession, tenant_id: UUID, household_id: UUID, contact_id: UUID
) -> list[UUID]:
    """Return the connections whose chances change with an answer of this household or this contact."""
    members = select(HouseholdMember.person_id).where(
        HouseholdMember.tenant_id == tenant_id, HouseholdMember.household_id == household_id
    )
    found = await session.scalars(
        select(Connection.id)
        .where(
            Connection.tenant_id == tenant_id,
            or_(
                Connection.contact_id == contact_id,
                Connection.contributor_id == household_id,
                Connection.contributor_id.in_(members),
            ),
        )
        .order_by(Connection.id)
    )
    return list(found)


def _answers(kind: HopKind, whose: ColumnElement[bool]) -> Any:
    """Count (answered or lapsed, agreed) among the hops of somebody."""
    return (
        select(
            func.count().label("asked"),
            func.count().filter(Hop.status == HopStatus.AGREED).label("agreed"),
        )
        .where(Hop.tenant_id == Connection.tenant_id, Hop.kind == kind, whose, Hop.status.in_(_ANSWERED))
        .lateral()
    )


async def records(session: AsyncSession, tenant_id: UUID, connection_ids: list[UUID]) -> list[Record]:
    """Return what the chances of these connections are reckoned from."""
    home = households.home(Connection.contributor_id)
    household = _answers(HopKind.CONTRIBUTOR, Hop.household_id == home)
    contact = _answers(HopKind.CONTACT, Hop.contact_id == Connection.contact_id)
    found = await session.execute(
        select(
            Connection.id,
            Connection.closeness,
            Connection.frequency,
            household.c.asked,
            household.c.agreed,
            contact.c.asked,
            contact.c.agreed,
        )
        .outerjoin(HouseholdMember, households.is_of(Connection.tenant_id, Connection.contributor_id))
        .join(household, household.c.asked >= 0)
        .join(contact, contact.c.asked >= 0)
        .where(Connection.tenant_id == tenant_id, Connection.id.in_(connection_ids))
    )
    return [Record(*row) for row in found]


_KEEP_SCORES = """
UPDATE connection_fields f
SET base_score = given.score, contributor_id = c.contributor_id, contact_id = c.contact_id
FROM unnest(%(ids)s::uuid[], %(scores)s::float8[]) AS given(connection_id, score)
JOIN connections c ON c.tenant_id = %(tenant)s AND c.id = given.connection_id
WHERE f.tenant_id = %(tenant)s AND f.connection_id = given.connection_id
"""


async def keep_scores(session: AsyncSession, tenant_id: UUID, scores: dict[UUID, float]) -> None:
    """Write the base score of connections, and whom they lead to, beside each of their fields; one statement for all."""
    if not scores:
        return
    unit: Unit = session.info["unit"]
    ids = sorted(scores)
    await unit.driver.execute(
        _KEEP_SCORES.encode(),
        {"tenant": tenant_id, "ids": ids, "scores": [scores[connection_id] for connection_id in ids]},
    )
