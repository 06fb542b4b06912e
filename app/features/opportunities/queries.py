"""Every SQL statement of opportunities."""

import re
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Boolean, Select, Text, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, binds, get, verbs
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.paging import Keyset
from app.domain.opportunity import ENDED, SHOWN_TO_STUDENTS, TRANSITIONS, OpportunityStatus
from app.domain.policy import Actor, Role, may_ever
from app.models import Employer, Opportunity, Worksite

VERBS = verbs("opportunity", TRANSITIONS, "update", "add_image", "remove_image") | {
    status.value: ["opportunity.remove_image"] for status in ENDED
}
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))
_SUMMARY = 280

NEWEST = Keyset("opportunities by publication", Opportunity.published_at, Opportunity.id, descending=True)
LATEST_MADE = Keyset("opportunities by creation", Opportunity.created_at, Opportunity.id, descending=True)

_ITEM = (
    Opportunity.id,
    Opportunity.status,
    Opportunity.title,
    func.left(Opportunity.description, _SUMMARY).label("summary"),
    Opportunity.type,
    Opportunity.clusters,
    Opportunity.categories,
    Opportunity.skills,
    Opportunity.tags,
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
    Opportunity.apply_by,
    Opportunity.next_available_on,
    Opportunity.schedule,
    Opportunity.meets,
    Opportunity.total_hours,
    Opportunity.hours_a_month,
    Opportunity.minimum_age,
    Opportunity.maximum_age,
    Opportunity.languages,
    Opportunity.remote,
    Opportunity.pay,
    Opportunity.pay_cents_per_hour,
    Opportunity.pay_cents_total,
    Opportunity.credit,
    Opportunity.published_at,
    Opportunity.confirmed_at,
    Opportunity.confirmed_by,
    Opportunity.created_at,
    Opportunity.version,
)
_WHOLE = (
    Opportunity.description,
    Opportunity.fields,
    Opportunity.clearances,
    Opportunity.dress_code,
    Opportunity.deliverable,
    Opportunity.type_number,
    Worksite.street,
    Worksite.region,
    Worksite.postal_code,
    Worksite.access_step_free,
    Worksite.access_sensory,
    Worksite.access_transit,
    Worksite.access_note,
    Opportunity.connection_id,
)

_PIN = (
    Opportunity.id,
    Opportunity.title,
    Employer.name.label("employer_name"),
    Opportunity.type,
    Worksite.latitude,
    Worksite.longitude,
)

# What those who keep the catalogue narrow their list by, drafts and archived ones in it; `q` looks at titles.
_FILTERS: dict[str, Any] = {
    "q": Opportunity.title.ilike(bindparam("f_q", type_=Text)),
    "type": Opportunity.type == bindparam("f_type", type_=Text),
    "cluster": Opportunity.clusters.contains(bindparam("f_cluster", type_=ARRAY(Text))),
    "status": Opportunity.status == bindparam("f_status", type_=Text),
    "employer_id": Opportunity.employer_id == bindparam("f_employer_id", type_=Uuid),
    "school_id": Opportunity.school_id == bindparam("f_school_id", type_=Uuid),
    "remote": Opportunity.remote == bindparam("f_remote", type_=Boolean),
    "pay": Opportunity.pay == bindparam("f_pay", type_=Text),
    "seats_free": (Opportunity.seats > Opportunity.seats_taken) == bindparam("f_seats_free", type_=Boolean),
}
KEPT_BY = frozenset(_FILTERS)

_register, _hits, _pins = HotSelect(), HotSelect(), HotSelect()
# What snippets are cut from: the beginning of a long description is enough to say why a listing was found.
_READ_FOR_SNIPPETS = 4_000


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


async def register(
    unit: Unit, actor: Actor, given: Mapping[str, Any], keyset: Keyset, after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Return up to `limit` opportunities the caller may read, whatever their state, behind `after`."""
    actions = RowActions(actor, Opportunity, _ACTIONS)
    shape = (actor.roles, actor.oauth_scopes, tuple(given), keyset.name, after is not None)

    def build() -> Select[Any]:
        statement = _joined((*_ITEM, *actions.columns)).where(allowed(actor, "opportunity.read", Opportunity))
        statement = statement.where(*(_FILTERS[name] for name in given))
        if keyset is NEWEST:
            statement = statement.where(Opportunity.published_at.is_not(None))
        if after is not None:
            statement = statement.where(keyset.after())
        return keyset.order(statement).limit(bindparam("f_limit"))

    values: dict[str, Any] = {
        f"f_{name}": [value] if name == "cluster" else value for name, value in given.items()
    }
    if "q" in given:
        values["f_q"] = "%" + re.sub(r"([%_\\])", r"\\\1", given["q"]) + "%"
    values["f_limit"] = limit
    if after is not None:
        values |= keyset.binds(after)
    rows = await _register.rows(unit, shape, build, binds(actor, "opportunity.read", *_ACTIONS) | values)
    return [_finish(row, actor, actions) for row in rows]


async def hits(unit: Unit, actor: Actor, ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Return those of these opportunities that the caller may read, with what a search shows of each beside."""
    actions = RowActions(actor, Opportunity, _ACTIONS)

    def build() -> Select[Any]:
        text = func.left(Opportunity.description, _READ_FOR_SNIPPETS).label("text")
        return _joined(
            (*_ITEM, text, Opportunity.clearances, Opportunity.type_number, *actions.columns)
        ).where(
            allowed(actor, "opportunity.read", Opportunity),
            Opportunity.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
        )

    values = {**binds(actor, "opportunity.read", *_ACTIONS), "ids": list(ids)}
    rows = await _hits.rows(unit, (actor.roles, actor.oauth_scopes), build, values)
    return [_finish(row, actor, actions) for row in rows]


async def pins(unit: Unit, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return by their ids those of these opportunities that the caller may read, with what a map shows of each."""

    def build() -> Select[Any]:
        return _joined(_PIN).where(
            allowed(actor, "opportunity.read", Opportunity),
            Opportunity.id == bindparam("ids", type_=ARRAY(Uuid)).any_(),
        )

    values = {**binds(actor, "opportunity.read"), "ids": list(ids)}
    rows = await _pins.rows(unit, (actor.roles, actor.oauth_scopes), build, values)
    return {row["id"]: row for row in rows}


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
            Opportunity.status.in_(SHOWN_TO_STUDENTS),
        )
        .order_by(Opportunity.id)
        .with_for_update()
    )
    return list(found)
