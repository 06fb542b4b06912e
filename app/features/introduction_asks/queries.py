"""Every SQL statement of asking along a path."""

from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.paging import Keyset
from app.domain.connection import ConnectionDomain, ConnectionStatus
from app.domain.introduction import SEARCHING
from app.domain.introduction_hop import HopKind, HopStatus
from app.domain.policy import Actor, Role
from app.features.introduction_asks.schemas import IntroductionHopFilters
from app.models import Connection, Hop, Introduction, Membership, Person, School, Tenant

NEWEST = Keyset("asks by creation", Hop.created_at, Hop.id, descending=True)


class Asked(NamedTuple):
    """What somebody on the way is told, and nothing else of the introduction."""

    hop_id: UUID
    kind: HopKind
    status: HopStatus
    answer_by: datetime | None
    answered_at: datetime | None
    created_at: datetime
    version: int
    tenant_name: str
    school_id: UUID
    school_name: str
    zone: str
    field: str
    wording: str | None
    domain: ConnectionDomain
    suggested_at: datetime


def _asked() -> Select[*tuple[Any, ...]]:
    return (
        select(
            Hop.id,
            Hop.kind,
            Hop.status,
            Hop.answer_by,
            Hop.answered_at,
            Hop.created_at,
            Hop.version,
            Tenant.name,
            School.id,
            School.name,
            School.zone,
            Introduction.field,
            Introduction.wording,
            Connection.domain,
            Connection.created_at,
        )
        .select_from(Hop)
        .join(
            Introduction,
            (Introduction.tenant_id == Hop.tenant_id) & (Introduction.id == Hop.introduction_id),
        )
        .join(Connection, (Connection.tenant_id == Hop.tenant_id) & (Connection.id == Hop.connection_id))
        .join(School, (School.tenant_id == Hop.tenant_id) & (School.id == Hop.school_id))
        .join(Tenant, Tenant.id == Hop.tenant_id)
    )


async def asked(session: AsyncSession, tenant_id: UUID, hop_id: UUID) -> Asked | None:
    """Return what one person on the way is told."""
    row = (await session.execute(_asked().where(Hop.tenant_id == tenant_id, Hop.id == hop_id))).one_or_none()
    return None if row is None else Asked(*row)


def _mine(actor: Actor) -> ColumnElement[bool]:
    return allowed(actor, "introduction_hop.read", Hop)


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: IntroductionHopFilters,
    after: list[Any] | None,
    now: datetime,
) -> list[Asked]:
    """Return up to limit + 1 asks of the caller, newest first, behind `after`."""
    statement = _asked().where(_mine(actor))
    if filters.open is not None:
        is_open = (Hop.status == HopStatus.ASKED) & (Hop.answer_by > now)
        statement = statement.where(is_open if filters.open else ~is_open)
    if after is not None:
        statement = statement.where(NEWEST.after())
    found = await session.execute(NEWEST.order(statement).limit(filters.limit + 1), NEWEST.binds(after or []))
    return [Asked(*row) for row in found]


async def view(session: AsyncSession, actor: Actor, hop_id: UUID) -> Asked | None:
    """Return one ask of the caller, or None."""
    row = (await session.execute(_asked().where(_mine(actor), Hop.id == hop_id))).one_or_none()
    return None if row is None else Asked(*row)


async def locked(session: AsyncSession, tenant_id: UUID, introduction_id: UUID) -> Introduction:
    """Return an introduction as it is now, locked."""
    found: Introduction = (
        await session.scalars(
            select(Introduction)
            .where(Introduction.tenant_id == tenant_id, Introduction.id == introduction_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one()
    return found


async def path_of(session: AsyncSession, hop: Hop) -> dict[HopKind, Hop]:
    """Return both hops of a path, locked, in the order of their ids as everywhere."""
    found = await session.scalars(
        select(Hop)
        .where(
            Hop.tenant_id == hop.tenant_id,
            Hop.introduction_id == hop.introduction_id,
            Hop.slot == hop.slot,
        )
        .order_by(Hop.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {one.kind: one for one in found}


async def is_active(session: AsyncSession, hop: Hop) -> bool:
    """Say whether the connection of a path is active, and its contributor still here."""
    found = await session.scalar(
        select(Connection.id)
        .join(Person, (Person.tenant_id == Connection.tenant_id) & (Person.id == Connection.contributor_id))
        .where(
            Connection.tenant_id == hop.tenant_id,
            Connection.id == hop.connection_id,
            Connection.status == ConnectionStatus.ACTIVE,
            Person.enabled,
            Person.ended_at.is_(None),
        )
    )
    return found is not None


async def spoken_to(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> str:
    """Return the language a person is written to in."""
    found: str = (
        await session.scalars(
            select(Person.locale).where(Person.tenant_id == tenant_id, Person.id == person_id)
        )
    ).one()
    return found


class Met(NamedTuple):
    """What the contact is told after the last yes."""

    given_name: str
    family_name: str
    school_name: str
    coordinator: str | None
    address: str | None


async def met(session: AsyncSession, introduction: Introduction) -> Met:
    """Return the student of an arranged meeting, and whom to ask at the school."""
    coordinator = (
        select(
            func.concat(Person.given_name, " ", func.left(Person.family_name, 1), ".").label("name"),
            Person.email.label("address"),
        )
        .join(Membership, (Membership.tenant_id == Person.tenant_id) & (Membership.person_id == Person.id))
        .where(
            Membership.tenant_id == introduction.tenant_id,
            Membership.role == Role.COORDINATOR,
            Membership.school_id == introduction.school_id,
            Membership.ended_at.is_(None),
            Person.enabled,
            Person.ended_at.is_(None),
            Person.email.is_not(None),
        )
        .order_by(Person.family_name, Person.given_name, Person.id)
        .limit(1)
        .subquery()
    )
    student = (
        await session.execute(
            select(Person.given_name, Person.family_name, School.name)
            .join(
                School,
                (School.tenant_id == Person.tenant_id) & (School.id == introduction.school_id),
            )
            .where(Person.tenant_id == introduction.tenant_id, Person.id == introduction.student_id)
        )
    ).one()
    asked = (await session.execute(select(coordinator.c.name, coordinator.c.address))).one_or_none()
    return Met(*student, *((None, None) if asked is None else asked))


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return the introductions that the clock looks at now."""
    found = await session.scalars(
        select(Introduction.id)
        .where(
            Introduction.tenant_id == tenant_id,
            Introduction.look_at <= now,
            Introduction.status.in_(SEARCHING),
        )
        .order_by(Introduction.look_at, Introduction.id)
        .limit(limit)
    )
    return list(found)


async def claim(
    session: AsyncSession, tenant_id: UUID, introduction_id: UUID, now: datetime, *, lock: bool = True
) -> Introduction | None:
    """Return an introduction that the clock looks at now; None when it is not due, or not any more."""
    statement = select(Introduction).where(
        Introduction.tenant_id == tenant_id,
        Introduction.id == introduction_id,
        Introduction.look_at <= now,
        Introduction.status.in_(SEARCHING),
    )
    found: Introduction | None = await session.scalar(
        (statement.with_for_update() if lock else statement).execution_options(populate_existing=True)
    )
    return found


async def is_alone_with(session: AsyncSession, introduction: Introduction) -> bool:
    """Say whether nobody else looks for a path of an introduction; until the transaction ends, nobody else can."""
    key = f"path of {introduction.tenant_id} {introduction.id}"
    found = await session.scalar(select(func.pg_try_advisory_xact_lock(func.hashtextextended(key, 0))))
    return bool(found)


async def hops_of_slot(session: AsyncSession, introduction: Introduction) -> list[Hop]:
    """Return the hops of the slot that an introduction is in."""
    found = await session.scalars(
        select(Hop)
        .where(
            Hop.tenant_id == introduction.tenant_id,
            Hop.introduction_id == introduction.id,
            Hop.slot == introduction.slot,
        )
        .order_by(Hop.id)
        .execution_options(populate_existing=True)
    )
    return list(found)


async def move_quietly(session: AsyncSession, introduction: Introduction, **values: Any) -> None:
    """Change what only the service sees of an introduction: no new version, and no new time of change."""
    await session.execute(
        update(Introduction)
        .where(Introduction.tenant_id == introduction.tenant_id, Introduction.id == introduction.id)
        .values(updated_at=Introduction.updated_at, **values)
        .execution_options(synchronize_session=False)
    )
    await session.refresh(introduction)
