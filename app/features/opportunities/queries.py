"""Every SQL statement of opportunities."""

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Select, Text, Uuid, bindparam, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, binds, get, verbs
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.paging import Keyset
from app.domain.opportunity import TRANSITIONS, OpportunityStatus
from app.domain.policy import Actor, Role, Scope, may_ever, scopes
from app.features.opportunities.schemas import OpportunityFilters, OpportunitySort
from app.models import Connection, Employer, Opportunity, Worksite

VERBS = verbs("opportunity", TRANSITIONS, "update")
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))
_SUMMARY = 280

NEWEST = Keyset("opportunities by publication", Opportunity.published_at, Opportunity.id, descending=True)
LATEST_MADE = Keyset("opportunities by creation", Opportunity.created_at, Opportunity.id, descending=True)
KEYSETS = {OpportunitySort.NEWEST: NEWEST, OpportunitySort.LATEST_MADE: LATEST_MADE}

_ITEM = (
    Opportunity.id,
    Opportunity.status,
    Opportunity.title,
    func.left(Opportunity.description, _SUMMARY).label("summary"),
    Opportunity.type,
    Opportunity.clusters,
    Opportunity.categories,
    Opportunity.employer_id,
    Employer.name.label("employer_name"),
    Opportunity.worksite_id,
    Worksite.city,
    Worksite.latitude,
    Worksite.longitude,
    Opportunity.school_id,
    Opportunity.scope,
    Opportunity.seats,
    (Opportunity.seats - Opportunity.seats_taken).label("seats_free"),
    Opportunity.starts_on,
    Opportunity.ends_on,
    Opportunity.schedule,
    Opportunity.minimum_age,
    Opportunity.maximum_age,
    Opportunity.remote,
    Opportunity.pay,
    Opportunity.pay_cents_per_hour,
    Opportunity.credit,
    Opportunity.published_at,
    Opportunity.created_at,
    Opportunity.version,
)
_WHOLE = (
    Opportunity.description,
    Worksite.street,
    Worksite.region,
    Worksite.postal_code,
    Opportunity.connection_id,
    Opportunity.confirmed_at,
)

_FILTERS: dict[str, Any] = {
    "q": Opportunity.search.op("@@")(func.websearch_to_tsquery("english", bindparam("f_q", type_=Text))),
    "type": Opportunity.type == bindparam("f_type", type_=Text),
    "cluster": Opportunity.clusters.contains(bindparam("f_cluster", type_=ARRAY(Text))),
    "status": Opportunity.status == bindparam("f_status", type_=Text),
    "employer_id": Opportunity.employer_id == bindparam("f_employer_id", type_=Uuid),
    "school_id": Opportunity.school_id == bindparam("f_school_id", type_=Uuid),
    "remote": Opportunity.remote == bindparam("f_remote", type_=Boolean),
    "pay": Opportunity.pay == bindparam("f_pay", type_=Text),
    "seats_free": (Opportunity.seats > Opportunity.seats_taken) == bindparam("f_seats_free", type_=Boolean),
}

_page = HotSelect()


def _joined(columns: tuple[Any, ...]) -> Select[Any]:
    return (
        select(*columns)
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .outerjoin(
            Worksite, (Worksite.tenant_id == Opportunity.tenant_id) & (Worksite.id == Opportunity.worksite_id)
        )
    )


def _finish(row: dict[str, Any], actor: Actor, actions: RowActions) -> dict[str, Any]:
    status: str = row["status"]
    can = actions.take(row, VERBS[status])
    if status == OpportunityStatus.PUBLISHED and Role.STUDENT in actor.roles:
        can = sorted([*can, "favorite", "pursue"])
    row["allowed_actions"] = can
    return row


def order(actor: Actor, filters: OpportunityFilters) -> OpportunitySort:
    """Return the order asked for, or the one that suits what the caller sees."""
    only_catalogue = scopes(actor, "opportunity.read").keys() <= {Scope.CATALOGUE}
    return filters.sort or (OpportunitySort.NEWEST if only_catalogue else OpportunitySort.LATEST_MADE)


async def page(
    unit: Unit, actor: Actor, filters: OpportunityFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 opportunities the caller may read, in the order asked for, behind `after`."""
    given = {
        name: value
        for name, value in filters.model_dump(exclude={"limit", "cursor", "sort"}).items()
        if value is not None
    }
    sort = order(actor, filters)
    keyset = KEYSETS[sort]
    actions = RowActions(actor, Opportunity, _ACTIONS)
    shape = (actor.roles, actor.oauth_scopes, tuple(given), sort, after is not None)

    def build() -> Select[Any]:
        statement = _joined((*_ITEM, *actions.columns)).where(allowed(actor, "opportunity.read", Opportunity))
        statement = statement.where(*(_FILTERS[name] for name in given))
        if sort is OpportunitySort.NEWEST:
            statement = statement.where(Opportunity.published_at.is_not(None))
        if after is not None:
            statement = statement.where(keyset.after())
        return keyset.order(statement).limit(bindparam("f_limit"))

    values: dict[str, Any] = {
        f"f_{name}": [value] if name == "cluster" else value for name, value in given.items()
    }
    values["f_limit"] = filters.limit + 1
    if after is not None:
        values |= keyset.binds(after)
    rows = await _page.rows(unit, shape, build, binds(actor, "opportunity.read", *_ACTIONS) | values)
    return [_finish(row, actor, actions) for row in rows]


async def view(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> dict[str, Any] | None:
    """Return one opportunity as the caller may see it, or None."""
    actions = RowActions(actor, Opportunity, _ACTIONS)
    statement = _joined((*_ITEM, *_WHOLE, *actions.columns)).where(
        Opportunity.id == opportunity_id, allowed(actor, "opportunity.read", Opportunity)
    )
    found = (await session.execute(statement)).mappings().one_or_none()
    if found is None:
        return None
    row = _finish(dict(found), actor, actions)
    if not may_ever(actor, "connection.screen"):
        row["connection_id"] = None
    return row


async def employer_of(session: AsyncSession, actor: Actor, employer_id: UUID) -> Employer:
    """Return the employer that is to host, if the caller may read it."""
    return await get(session, actor, "employer.read", Employer, employer_id)


async def worksite_belongs(session: AsyncSession, actor: Actor, worksite_id: UUID, employer_id: UUID) -> bool:
    """Say whether a worksite is one of the employer's."""
    found = await session.scalar(
        select(Worksite.id).where(
            Worksite.id == worksite_id,
            Worksite.employer_id == employer_id,
            allowed(actor, "worksite.read", Worksite),
        )
    )
    return found is not None


async def connection_of(session: AsyncSession, opportunity: Opportunity) -> Connection | None:
    """Return the connection an opportunity came through."""
    if opportunity.connection_id is None:
        return None
    return await session.get_one(Connection, (opportunity.tenant_id, opportunity.connection_id))


async def take_seat(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> bool:
    """Take one seat by compare-and-swap; False when none was free."""
    taken = await session.execute(
        update(Opportunity)
        .where(
            Opportunity.tenant_id == tenant_id,
            Opportunity.id == opportunity_id,
            Opportunity.seats_taken < Opportunity.seats,
        )
        .values(seats_taken=Opportunity.seats_taken + 1)
        .execution_options(synchronize_session=False)
    )
    return bool(taken.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def give_seat_back(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> None:
    """Give one seat back."""
    await session.execute(
        update(Opportunity)
        .where(
            Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id, Opportunity.seats_taken > 0
        )
        .values(seats_taken=Opportunity.seats_taken - 1)
        .execution_options(synchronize_session=False)
    )


async def published_through(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID | None, connection_id: UUID | None
) -> list[Opportunity]:
    """Return the published opportunities of an employer, or those that came through a connection, locked."""
    whose = (
        Opportunity.employer_id == employer_id
        if connection_id is None
        else Opportunity.connection_id == connection_id
    )
    found = await session.scalars(
        select(Opportunity)
        .where(
            Opportunity.tenant_id == tenant_id,
            whose,
            Opportunity.status == OpportunityStatus.PUBLISHED,
        )
        .order_by(Opportunity.id)
        .with_for_update()
    )
    return list(found)
