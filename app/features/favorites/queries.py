"""Every SQL statement of favorites."""

from typing import Any
from uuid import UUID

from sqlalchemy import Select, Uuid, bindparam, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, binds
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.paging import Keyset
from app.domain.policy import Actor
from app.features.favorites.schemas import FavoriteFilters
from app.models import Employer, Favorite, Opportunity

_VERBS = ("favorite.delete",)

NEWEST = Keyset("favorites by creation", Favorite.created_at, Favorite.id, descending=True)

_COLUMNS = (
    Favorite.id,
    Favorite.student_id,
    Favorite.opportunity_id,
    Opportunity.title,
    Employer.name.label("employer_name"),
    Favorite.created_at,
)

_FILTERS: dict[str, Any] = {
    "id": Favorite.id == bindparam("f_id", type_=Uuid),
    "student_id": Favorite.student_id == bindparam("f_student_id", type_=Uuid),
}

_select = HotSelect()


async def _rows(
    unit: Unit, actor: Actor, given: dict[str, Any], after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    actions = RowActions(actor, Favorite, _VERBS)

    def build() -> Select[Any]:
        statement = (
            select(*_COLUMNS, *actions.columns)
            .select_from(Favorite)
            .outerjoin(
                Opportunity,
                (Opportunity.tenant_id == Favorite.tenant_id)
                & (Opportunity.id == Favorite.opportunity_id)
                & allowed(actor, "opportunity.read", Opportunity),
            )
            .outerjoin(
                Employer,
                (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id),
            )
            .where(allowed(actor, "favorite.read", Favorite), *(_FILTERS[name] for name in given))
        )
        if after is not None:
            statement = statement.where(NEWEST.after())
        return NEWEST.order(statement).limit(bindparam("f_limit"))

    values = {f"f_{name}": value for name, value in given.items()} | {"f_limit": limit}
    if after is not None:
        values |= NEWEST.binds(after)
    values |= binds(actor, "favorite.read", "opportunity.read", *_VERBS)
    shape = (actor.roles, actor.oauth_scopes, tuple(given), after is not None)
    rows = await _select.rows(unit, shape, build, values)
    for row in rows:
        row["allowed_actions"] = actions.take(row, _VERBS)
    return rows


async def page(
    unit: Unit, actor: Actor, filters: FavoriteFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 favorites the caller may read, newest first, behind `after`."""
    given = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
    return await _rows(unit, actor, given, after, filters.limit + 1)


async def view(unit: Unit, actor: Actor, favorite_id: UUID) -> dict[str, Any] | None:
    """Return one favorite as the caller may see it, or None."""
    rows = await _rows(unit, actor, {"id": favorite_id}, None, 1)
    return rows[0] if rows else None


async def insert_new(session: AsyncSession, favorite: Favorite) -> bool:
    """Write a favorite; False when the student has this one already, also when asked twice at once."""
    made = await session.execute(
        insert(Favorite)
        .values(
            tenant_id=favorite.tenant_id,
            id=favorite.id,
            student_id=favorite.student_id,
            opportunity_id=favorite.opportunity_id,
        )
        .on_conflict_do_nothing(index_elements=["tenant_id", "student_id", "opportunity_id"])
        .returning(Favorite.id)
    )
    return made.one_or_none() is not None


async def id_of(session: AsyncSession, favorite: Favorite) -> UUID:
    """Return the id under which a student's wish is kept."""
    return (
        await session.scalars(
            select(Favorite.id).where(
                Favorite.tenant_id == favorite.tenant_id,
                Favorite.student_id == favorite.student_id,
                Favorite.opportunity_id == favorite.opportunity_id,
            )
        )
    ).one()
