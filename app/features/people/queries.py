"""Every SQL statement of people."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Select, Text, Uuid, case, cast, distinct, func, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.features.people.schemas import PersonFilters
from app.features.schools.schemas import Life
from app.models import Membership, Person

BY_NAME = Keyset("people by name", Person.family_name, Person.given_name, Person.id)
_ACTIONS = ["person.update"]


def _of_live_memberships(column: Any, kind: Any) -> Any:
    found = (
        select(func.array_agg(distinct(cast(column, kind))))
        .where(
            Membership.tenant_id == Person.tenant_id,
            Membership.person_id == Person.id,
            Membership.ended_at.is_(None),
            column.is_not(None),
        )
        .correlate(Person)
        .scalar_subquery()
    )
    return func.coalesce(found, cast(literal("{}"), ARRAY(kind)))


def _shown(actor: Actor, action: str, column: Any) -> Any:
    return case((allowed(actor, action, Person), column), else_=null()).label(column.key)


def _people(actor: Actor, actions: RowActions) -> Select[Any]:
    return select(
        Person.id,
        Person.given_name,
        Person.family_name,
        _of_live_memberships(Membership.role, Text).label("roles"),
        _of_live_memberships(Membership.school_id, Uuid).label("school_ids"),
        Person.grades,
        Person.locale,
        _shown(actor, "person.read_address", Person.email),
        _shown(actor, "person.read_address", Person.phone),
        _shown(actor, "person.read_birth", Person.born_on),
        _shown(actor, "person.read_sourced", Person.sourced_id),
        _shown(actor, "person.read_sourced", Person.sourced_username),
        Person.ended_at,
        Person.created_at,
        Person.version,
        *actions.columns,
    ).where(allowed(actor, "person.read", Person))


def _finish(found: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(found)
    row["allowed_actions"] = actions.take(row, _ACTIONS)
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: PersonFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 people, by family name."""
    actions = RowActions(actor, Person, _ACTIONS)
    statement = _people(actor, actions)
    if filters.q is not None:
        name = Person.given_name + " " + Person.family_name
        statement = statement.where(name.icontains(filters.q, autoescape=True))
    if filters.role is not None or filters.school_id is not None:
        members = select(Membership.person_id).where(
            Membership.tenant_id == actor.tenant_id, Membership.ended_at.is_(None)
        )
        if filters.role is not None:
            members = members.where(Membership.role == filters.role)
        if filters.school_id is not None:
            members = members.where(Membership.school_id == filters.school_id)
        statement = statement.where(Person.id.in_(members))
    if filters.status is not None:
        ended = Person.ended_at.is_not(None)
        statement = statement.where(ended if filters.status is Life.ENDED else ~ended)
    rows = await session.execute(BY_NAME.cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, person_id: UUID) -> dict[str, Any] | None:
    """Return one person as the caller may see them, or None."""
    actions = RowActions(actor, Person, _ACTIONS)
    statement = _people(actor, actions).where(Person.id == person_id)
    row = (await session.execute(statement)).mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def live_memberships(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> list[Membership]:
    """Return what a person is now, and where."""
    found = await session.scalars(
        select(Membership)
        .where(
            Membership.tenant_id == tenant_id,
            Membership.person_id == person_id,
            Membership.ended_at.is_(None),
        )
        .order_by(Membership.id)
    )
    return list(found)


async def live_roles(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> set[Role]:
    """Return the roles a person holds now."""
    return {held.role for held in await live_memberships(session, tenant_id, person_id)}


async def person_themselves(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> Person:
    """Return the person who asks, locked."""
    statement = select(Person).where(Person.tenant_id == tenant_id, Person.id == person_id).with_for_update()
    return (await session.scalars(statement)).one()
