"""Every SQL statement of schools and terms."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, literal, null, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.paging import Keyset
from app.domain.policy import Actor, may_ever
from app.features.schools.schemas import Life, SchoolFilters, TermFilters
from app.models import School, Tenant, Term

BY_NAME = Keyset("schools by name", School.name, School.id)
BY_START = Keyset("terms by start", Term.starts_on, Term.id)
_TERM: tuple[Any, ...] = (
    Term.id,
    Term.title,
    Term.kind,
    Term.starts_on,
    Term.ends_on,
    Term.school_year,
    Term.created_at,
    Term.version,
)


def _schools(actor: Actor) -> Select[Any]:
    sourced: Any = School.sourced_id if may_ever(actor, "person.read_sourced") else null()
    return select(
        School.id,
        School.name,
        School.kind,
        School.parent_id,
        School.zone,
        School.latitude,
        School.longitude,
        sourced.label("sourced_id"),
        School.ended_at,
        School.created_at,
        School.version,
    ).where(allowed(actor, "school.read", School))


async def page(
    session: AsyncSession, actor: Actor, filters: SchoolFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 schools, by name."""
    statement = _schools(actor)
    if filters.q is not None:
        statement = statement.where(School.name.icontains(filters.q, autoescape=True))
    if filters.kind is not None:
        statement = statement.where(School.kind == filters.kind.value)
    if filters.status is not None:
        ended = School.ended_at.is_not(None)
        statement = statement.where(ended if filters.status is Life.ENDED else ~ended)
    rows = await session.execute(BY_NAME.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, school_id: UUID) -> dict[str, Any] | None:
    """Return one school, or None."""
    row = (await session.execute(_schools(actor).where(School.id == school_id))).mappings().one_or_none()
    return None if row is None else dict(row)


async def exists(session: AsyncSession, actor: Actor, school_id: UUID) -> bool:
    """Say whether a school of the tenant has this id and has not ended."""
    found = await session.scalar(
        select(literal(1)).where(
            School.id == school_id, School.ended_at.is_(None), allowed(actor, "school.read", School)
        )
    )
    return found is not None


async def is_open(session: AsyncSession, tenant_id: UUID, school_id: UUID) -> bool:
    """Say whether a school is one of the tenant's and has not ended."""
    found = await session.scalar(
        select(School.id).where(
            School.tenant_id == tenant_id, School.id == school_id, School.ended_at.is_(None)
        )
    )
    return found is not None


async def zone_of_tenant(session: AsyncSession, tenant_id: UUID) -> str:
    """Return the tenant's time zone."""
    return (await session.scalars(select(Tenant.zone).where(Tenant.id == tenant_id))).one()


async def terms(
    session: AsyncSession, actor: Actor, filters: TermFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 terms that have not been taken back, by their first day."""
    statement = select(*_TERM).where(allowed(actor, "term.read", Term), Term.ended_at.is_(None))
    if filters.on is not None:
        statement = statement.where(Term.starts_on <= filters.on, Term.ends_on >= filters.on)
    rows = await session.execute(BY_START.cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]
