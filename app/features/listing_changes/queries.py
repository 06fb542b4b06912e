"""Every SQL statement of changes that employers want."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.listing_change import TRANSITIONS, ListingChangeStatus
from app.domain.policy import Actor
from app.features.listing_changes.schemas import ListingChangeFilters
from app.models import Employer, ListingChange, Opportunity, School, Tenant

NEWEST = Keyset("listing changes by creation", ListingChange.created_at, ListingChange.id, descending=True)
VERBS = verbs("listing_change", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))


def _changes(actor: Actor, actions: RowActions) -> Select[*tuple[Any, ...]]:
    return (
        select(
            ListingChange.id,
            ListingChange.status,
            ListingChange.opportunity_id,
            Opportunity.title,
            Employer.name.label("employer_name"),
            ListingChange.school_id,
            ListingChange.present,
            ListingChange.wanted,
            ListingChange.created_at,
            ListingChange.decided_at,
            ListingChange.decision,
            ListingChange.version,
            *actions.columns,
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == ListingChange.tenant_id)
            & (Opportunity.id == ListingChange.opportunity_id),
        )
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .where(allowed(actor, "listing_change.read", ListingChange))
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: ListingChangeFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 changes, the latest first."""
    actions = RowActions(actor, ListingChange, _ACTIONS)
    statement = _changes(actor, actions)
    if filters.status is not None:
        statement = statement.where(ListingChange.status == filters.status)
    if filters.opportunity_id is not None:
        statement = statement.where(ListingChange.opportunity_id == filters.opportunity_id)
    rows = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_finish(dict(row), actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, change_id: UUID) -> dict[str, Any] | None:
    """Return one change, or None."""
    actions = RowActions(actor, ListingChange, _ACTIONS)
    found = await session.execute(_changes(actor, actions).where(ListingChange.id == change_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actions)


async def proposed(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> ListingChange | None:
    """Return the change of a listing that waits to be decided, locked."""
    found: ListingChange | None = await session.scalar(
        select(ListingChange)
        .where(
            ListingChange.tenant_id == tenant_id,
            ListingChange.opportunity_id == opportunity_id,
            ListingChange.status == ListingChangeStatus.PROPOSED,
        )
        .with_for_update()
    )
    return found


async def told(session: AsyncSession, tenant_id: UUID, change_id: UUID) -> tuple[str, str, str | None] | None:
    """Return what a letter about a decided change says: the listing's title, the school's name and the reason."""
    row = (
        await session.execute(
            select(Opportunity.title, func.coalesce(School.name, Tenant.name), ListingChange.decision)
            .select_from(ListingChange)
            .join(
                Opportunity,
                (Opportunity.tenant_id == ListingChange.tenant_id)
                & (Opportunity.id == ListingChange.opportunity_id),
            )
            .join(Tenant, Tenant.id == ListingChange.tenant_id)
            .outerjoin(
                School,
                (School.tenant_id == ListingChange.tenant_id) & (School.id == ListingChange.school_id),
            )
            .where(ListingChange.tenant_id == tenant_id, ListingChange.id == change_id)
        )
    ).one_or_none()
    return None if row is None else (row[0], row[1], row[2])


async def last(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> ListingChange | None:
    """Return the latest change that was wanted of a listing."""
    found: ListingChange | None = await session.scalar(
        select(ListingChange)
        .where(ListingChange.tenant_id == tenant_id, ListingChange.opportunity_id == opportunity_id)
        .order_by(ListingChange.created_at.desc(), ListingChange.id.desc())
        .limit(1)
    )
    return found
