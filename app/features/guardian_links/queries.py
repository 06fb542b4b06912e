"""Every SQL statement of guardian links."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, get
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.features.guardian_links.schemas import GuardianLinkFilters
from app.features.schools.schemas import Life
from app.models import GuardianLink, Person

NEWEST = Keyset("guardian links by creation", GuardianLink.created_at, GuardianLink.id, descending=True)
_COLUMNS: tuple[Any, ...] = (
    GuardianLink.id,
    GuardianLink.student_id,
    GuardianLink.guardian_id,
    GuardianLink.relationship_kind.label("relationship"),
    GuardianLink.may_see,
    GuardianLink.may_sign,
    GuardianLink.no_contact,
    GuardianLink.until_on,
    GuardianLink.source,
    GuardianLink.ended_at,
    GuardianLink.created_at,
    GuardianLink.version,
)
_ACTIONS = ["guardian_link.update", "guardian_link.end"]


def _links(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(*_COLUMNS, *actions.columns).where(allowed(actor, "guardian_link.read", GuardianLink))


def _finish(found: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(found)
    can = actions.take(row, _ACTIONS)
    row["allowed_actions"] = can if row["ended_at"] is None else []
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: GuardianLinkFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 links, latest first."""
    actions = RowActions(actor, GuardianLink, _ACTIONS)
    statement = _links(actor, actions)
    for name in ("student_id", "guardian_id"):
        if (value := getattr(filters, name)) is not None:
            statement = statement.where(getattr(GuardianLink, name) == value)
    if filters.status is not None:
        ended = GuardianLink.ended_at.is_not(None)
        statement = statement.where(ended if filters.status is Life.ENDED else ~ended)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, link_id: UUID) -> dict[str, Any] | None:
    """Return one link as the caller may see it, or None."""
    actions = RowActions(actor, GuardianLink, _ACTIONS)
    statement = _links(actor, actions).where(GuardianLink.id == link_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def person_of(session: AsyncSession, actor: Actor, person_id: UUID, *, lock: bool = False) -> Person:
    """Return an end of the link, if the caller may see them; locked, so that two links at once take turns."""
    return await get(session, actor, "person.read", Person, person_id, lock=lock)


async def between(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, guardian_id: UUID
) -> GuardianLink | None:
    """Return the link between these two, ended or not."""
    found: GuardianLink | None = await session.scalar(
        select(GuardianLink)
        .where(
            GuardianLink.tenant_id == tenant_id,
            GuardianLink.student_id == student_id,
            GuardianLink.guardian_id == guardian_id,
        )
        .with_for_update()
    )
    return found
