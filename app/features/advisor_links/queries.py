"""Every SQL statement of advisor links."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, get
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.features.advisor_links.schemas import AdvisorLinkFilters
from app.features.schools.schemas import Life
from app.models import AdvisorLink, Person

NEWEST = Keyset("advisor links by creation", AdvisorLink.created_at, AdvisorLink.id, descending=True)
_COLUMNS: tuple[Any, ...] = (
    AdvisorLink.id,
    AdvisorLink.advisor_id,
    AdvisorLink.student_id,
    AdvisorLink.school_id,
    AdvisorLink.source,
    AdvisorLink.ended_at,
    AdvisorLink.created_at,
    AdvisorLink.version,
)
_ACTIONS = ["advisor_link.end"]


def _links(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(*_COLUMNS, *actions.columns).where(allowed(actor, "advisor_link.read", AdvisorLink))


def _finish(found: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(found)
    can = actions.take(row, _ACTIONS)
    row["allowed_actions"] = can if row["ended_at"] is None else []
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: AdvisorLinkFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 links, latest first."""
    actions = RowActions(actor, AdvisorLink, _ACTIONS)
    statement = _links(actor, actions)
    for name in ("student_id", "advisor_id", "school_id"):
        if (value := getattr(filters, name)) is not None:
            statement = statement.where(getattr(AdvisorLink, name) == value)
    if filters.status is not None:
        ended = AdvisorLink.ended_at.is_not(None)
        statement = statement.where(ended if filters.status is Life.ENDED else ~ended)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, link_id: UUID) -> dict[str, Any] | None:
    """Return one link as the caller may see it, or None."""
    actions = RowActions(actor, AdvisorLink, _ACTIONS)
    statement = _links(actor, actions).where(AdvisorLink.id == link_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def person_of(session: AsyncSession, actor: Actor, person_id: UUID, *, lock: bool = False) -> Person:
    """Return an end of the link, if the caller may see them; locked, so that two links at once take turns."""
    return await get(session, actor, "person.read", Person, person_id, lock=lock)


async def between(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, advisor_id: UUID
) -> AdvisorLink | None:
    """Return the link between these two, ended or not."""
    found: AdvisorLink | None = await session.scalar(
        select(AdvisorLink)
        .where(
            AdvisorLink.tenant_id == tenant_id,
            AdvisorLink.student_id == student_id,
            AdvisorLink.advisor_id == advisor_id,
        )
        .with_for_update()
    )
    return found
