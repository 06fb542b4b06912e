"""Every SQL statement of employers and worksites."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, RowMapping, case, func, null, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.duplicates import name_key
from app.domain.employer import TRANSITIONS, EmployerStatus
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Actor, may_ever
from app.features.employers.schemas import EmployerFilters
from app.models import Employer, Opportunity, Person, Worksite

VERBS = verbs("employer", TRANSITIONS, "add_image", "ask", "assign", "remove_image", "update")
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

BY_NAME = Keyset("employers by name", Employer.name, Employer.id)
WORKSITES_BY_NAME = Keyset("worksites by name", Worksite.name, Worksite.id)

_ITEM: tuple[Any, ...] = (
    Employer.id,
    Employer.name,
    Employer.status,
    Employer.naics,
    Employer.website,
    Employer.created_at,
    Employer.version,
)
_WORKSITE: tuple[Any, ...] = (
    Worksite.id,
    Worksite.employer_id,
    Worksite.name,
    Worksite.street,
    Worksite.city,
    Worksite.region,
    Worksite.postal_code,
    Worksite.latitude,
    Worksite.longitude,
    Worksite.zone,
    Worksite.access_step_free,
    Worksite.access_sensory,
    Worksite.access_transit,
    Worksite.access_note,
    Worksite.created_at,
    Worksite.version,
)


def _for_staff(actor: Actor) -> tuple[ColumnElement[Any], ...]:
    # Who may screen or contribute as staff sees how an employer was vetted; families and supervisors do not.
    vets, speaks = may_ever(actor, "employer.vet"), may_ever(actor, "employer.read_budget")
    owner_name = (
        select(func.concat(Person.given_name, " ", Person.family_name))
        .where(Person.tenant_id == Employer.tenant_id, Person.id == Employer.owner_id)
        .scalar_subquery()
    )
    return (
        (Employer.phone if vets else null()).label("phone"),
        (Employer.monthly_contact_cap if vets else null()).label("monthly_contact_cap"),
        (Employer.vetting_note if vets else null()).label("vetting_note"),
        (Employer.owner_id if speaks else null()).label("owner_id"),
        (owner_name if speaks else null()).label("owner_name"),
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["status"] = EmployerStatus(row["status"]).value
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: EmployerFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 employers the caller may read, by name, behind `after`."""
    actions = RowActions(actor, Employer, _ACTIONS)
    statement = select(*_ITEM, *_for_staff(actor), *actions.columns).where(
        allowed(actor, "employer.read", Employer)
    )
    if filters.q is not None:
        statement = statement.where(Employer.name.icontains(filters.q.strip(), autoescape=True))
    if filters.status is not None:
        statement = statement.where(Employer.status == filters.status)
    if after is not None:
        statement = statement.where(BY_NAME.after())
    found = await session.execute(
        BY_NAME.order(statement).limit(filters.limit + 1), BY_NAME.binds(after or [])
    )
    return [_finish(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, employer_id: UUID) -> dict[str, Any] | None:
    """Return one employer as the caller may see it, or None."""
    actions = RowActions(actor, Employer, _ACTIONS)
    statement = select(*_ITEM, *_for_staff(actor), *actions.columns).where(
        Employer.id == employer_id, allowed(actor, "employer.read", Employer)
    )
    found = (await session.execute(statement)).mappings().one_or_none()
    return None if found is None else _finish(dict(found), actions)


async def standing_for(session: AsyncSession, actor: Actor, employer_id: UUID) -> UUID | None:
    """Return the employer that one was merged into, if the caller may read it."""
    merged = aliased(Employer)
    found: UUID | None = await session.scalar(
        select(Employer.id)
        .join(merged, (merged.tenant_id == Employer.tenant_id) & (merged.merged_into_id == Employer.id))
        .where(merged.id == employer_id, allowed(actor, "employer.read", Employer))
    )
    return found


async def named(session: AsyncSession, tenant_id: UUID, name: str) -> UUID | None:
    """Return the employer of this name by its key; of several, the one in best standing, or what it was merged into.

    Takes the name's advisory lock until the transaction ends, so that two contributors who name an unknown
    workplace at once make one prospect of it.
    """
    key = name_key(name)
    await session.execute(
        select(func.pg_advisory_xact_lock(func.hashtextextended(f"employer {tenant_id} {key}", 0)))
    )
    standing = case({"vetted": 0, "prospect": 1, "suspended": 2}, value=Employer.status, else_=3)
    of_name = select(func.coalesce(Employer.merged_into_id, Employer.id)).where(
        Employer.tenant_id == tenant_id
    )
    best = (Employer.merged_into_id.is_not(None), standing, Employer.id)
    found: UUID | None = await session.scalar(
        of_name.where(Employer.name_key == key).order_by(*best).limit(1)
    )
    if found is None:
        # From before there were keys, or from a file: the sweep keys them within minutes, and these are few.
        found = await session.scalar(
            of_name.where(Employer.keyed_at.is_(None), func.lower(Employer.name) == func.lower(name))
            .order_by(*best)
            .limit(1)
        )
    return found


async def worksites(
    session: AsyncSession, actor: Actor, employer_id: UUID, limit: int, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 worksites of an employer, by name, behind `after`."""
    statement = select(*_WORKSITE).where(
        Worksite.employer_id == employer_id, allowed(actor, "worksite.read", Worksite)
    )
    if after is not None:
        statement = statement.where(WORKSITES_BY_NAME.after())
    found = await session.execute(
        WORKSITES_BY_NAME.order(statement).limit(limit + 1), WORKSITES_BY_NAME.binds(after or [])
    )
    return [_site(actor, row) for row in found.mappings()]


async def worksite(session: AsyncSession, actor: Actor, worksite_id: UUID) -> dict[str, Any] | None:
    """Return one worksite as the caller may see it, or None."""
    statement = select(*_WORKSITE).where(
        Worksite.id == worksite_id, allowed(actor, "worksite.read", Worksite)
    )
    found = (await session.execute(statement)).mappings().one_or_none()
    return None if found is None else _site(actor, found)


def _site(actor: Actor, row: RowMapping) -> dict[str, Any]:
    # Staff change the worksites of the whole tenant, so the row adds nothing to the role.
    return {**row, "allowed_actions": ["update"] if may_ever(actor, "worksite.update") else []}


async def shown_of(session: AsyncSession, tenant_id: UUID, employer_id: UUID) -> list[UUID]:
    """Return what an employer offers now: it is shown with the employer's name, and with where it is."""
    found = await session.scalars(
        select(Opportunity.id)
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.employer_id == employer_id,
            Opportunity.status == OpportunityStatus.PUBLISHED,
        )
        .order_by(Opportunity.id)
    )
    return list(found)
