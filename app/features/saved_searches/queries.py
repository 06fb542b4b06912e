"""Every SQL statement of saved searches."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core import clock
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.domain.saved_search import TRANSITIONS
from app.features.saved_searches.schemas import SavedSearchFilters, SavedSearchHitFilters
from app.models import Employer, Membership, Opportunity, Person, SavedSearch, SavedSearchHit, Tenant

NEWEST = Keyset("saved searches by creation", SavedSearch.created_at, SavedSearch.id, descending=True)
LATEST_TOLD = Keyset(
    "what a saved search told", SavedSearchHit.created_at, SavedSearchHit.id, descending=True
)
_VERBS = verbs("saved_search", TRANSITIONS, "update", "delete")
_ACTIONS = tuple(dict.fromkeys(action for actions in _VERBS.values() for action in actions))
_SEARCH: tuple[Any, ...] = (
    SavedSearch.id,
    SavedSearch.status,
    func.coalesce(SavedSearch.name, "").label("name"),
    SavedSearch.filters,
    SavedSearch.digest,
    SavedSearch.by_mail,
    SavedSearch.due_at,
    SavedSearch.told,
    SavedSearch.created_at,
    SavedSearch.version,
)
_HIT: tuple[Any, ...] = (
    SavedSearchHit.id,
    SavedSearchHit.created_at,
    SavedSearchHit.created_at.label("told_at"),
    SavedSearchHit.opportunity_id,
    Opportunity.title,
    Opportunity.status.label("opportunity_status"),
    Employer.name.label("employer_name"),
)


def _searches(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(*_SEARCH, *actions.columns).where(allowed(actor, "saved_search.read", SavedSearch))


def _finish(mapping: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(mapping)
    row["status"], row["digest"] = row["status"].value, row["digest"].value
    row["allowed_actions"] = actions.take(row, _VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: SavedSearchFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 of the caller's saved searches, the newest first."""
    actions = RowActions(actor, SavedSearch, _ACTIONS)
    statement = _searches(actor, actions)
    if filters.status is not None:
        statement = statement.where(SavedSearch.status == filters.status)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, search_id: UUID) -> dict[str, Any] | None:
    """Return one saved search of the caller's, or None."""
    actions = RowActions(actor, SavedSearch, _ACTIONS)
    found = await session.execute(_searches(actor, actions).where(SavedSearch.id == search_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def hits(
    session: AsyncSession,
    actor: Actor,
    search_id: UUID,
    filters: SavedSearchHitFilters,
    after: Sequence[Any] | None,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 listings that a search has told, as far as the caller may see them now, the latest first."""
    statement = (
        select(*_HIT)
        .join(
            Opportunity,
            (Opportunity.tenant_id == SavedSearchHit.tenant_id)
            & (Opportunity.id == SavedSearchHit.opportunity_id),
        )
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .where(
            SavedSearchHit.tenant_id == actor.tenant_id,
            SavedSearchHit.saved_search_id == search_id,
            allowed(actor, "opportunity.read", Opportunity),
        )
    )
    rows = await session.execute(LATEST_TOLD.cut(statement, after, filters.limit))
    return [
        {**row, "opportunity_status": row["opportunity_status"].value} for row in map(dict, rows.mappings())
    ]


async def lock_and_count(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> int:
    """Return how many searches somebody has saved; an advisory lock of theirs is held until the transaction ends."""
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"saved {tenant_id} {person_id}", 0)))
    )
    counted = await session.scalar(
        select(func.count())
        .select_from(SavedSearch)
        .where(SavedSearch.tenant_id == tenant_id, SavedSearch.person_id == person_id)
    )
    return counted or 0


async def zone(session: AsyncSession, tenant_id: UUID) -> str:
    """Return the tenant's time zone."""
    found = await session.scalar(select(Tenant.zone).where(Tenant.id == tenant_id))
    assert found is not None  # noqa: S101 - a tenant row is never deleted while it has people
    return found


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return searches whose digest is due, the longest overdue first."""
    found = await session.scalars(
        select(SavedSearch.id)
        .where(SavedSearch.tenant_id == tenant_id, SavedSearch.due_at <= now)
        .order_by(SavedSearch.due_at, SavedSearch.id)
        .limit(limit)
    )
    return list(found)


async def claim(session: AsyncSession, tenant_id: UUID, search_id: UUID, now: datetime) -> SavedSearch | None:
    """Return a search whose digest is due, locked; None when somebody else makes it, or has made it."""
    found: SavedSearch | None = await session.scalar(
        select(SavedSearch)
        .where(SavedSearch.tenant_id == tenant_id, SavedSearch.id == search_id, SavedSearch.due_at <= now)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    return found


async def note(session: AsyncSession, search: SavedSearch, **values: Any) -> None:
    """Write down how far a search has come: bookkeeping, which is no new version of it."""
    await session.execute(
        update(SavedSearch)
        .where(SavedSearch.tenant_id == search.tenant_id, SavedSearch.id == search.id)
        .values(updated_at=SavedSearch.updated_at, **values)
        .execution_options(synchronize_session=False)
    )


async def tell(session: AsyncSession, search: SavedSearch, event_id: UUID, ids: Sequence[UUID]) -> list[UUID]:
    """Write down that a search tells these listings; returns those that it had not told before, in their order."""
    now = clock.now()
    told = await session.scalars(
        insert(SavedSearchHit)
        .values(
            [
                {
                    "tenant_id": search.tenant_id,
                    "id": new_id(),
                    "created_at": now,
                    "saved_search_id": search.id,
                    "opportunity_id": one,
                    "event_id": event_id,
                }
                for one in ids
            ]
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "saved_search_id", "opportunity_id"])
        .returning(SavedSearchHit.opportunity_id)
    )
    new = set(told)
    return [one for one in ids if one in new]


async def left_behind(
    session: AsyncSession, tenant_id: UUID, since: datetime, most: int
) -> list[SavedSearch]:
    """Return, locked, the searches of people who have had no role here since before `since`."""
    still_here = exists().where(
        Membership.tenant_id == SavedSearch.tenant_id,
        Membership.person_id == SavedSearch.person_id,
        or_(Membership.ended_at.is_(None), Membership.ended_at >= since),
    )
    found = await session.scalars(
        select(SavedSearch)
        .join(Person, (Person.tenant_id == SavedSearch.tenant_id) & (Person.id == SavedSearch.person_id))
        .where(SavedSearch.tenant_id == tenant_id, or_(Person.ended_at < since, ~still_here))
        .order_by(SavedSearch.id)
        .limit(most)
        .with_for_update(of=SavedSearch, skip_locked=True)
    )
    return list(found)
