"""Every SQL statement of reserved seats."""

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, cast, func, or_, outerjoin, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.domain.policy import Actor
from app.models import Opportunity, OpportunitySession, School, SeatReserve, StudentGroup, Tenant

Target = Opportunity | OpportunitySession

# A reserve beside the opportunity or the session that it is of.
_WITH_TARGET = outerjoin(
    outerjoin(
        SeatReserve,
        Opportunity,
        (Opportunity.tenant_id == SeatReserve.tenant_id) & (Opportunity.id == SeatReserve.opportunity_id),
    ),
    OpportunitySession,
    (OpportunitySession.tenant_id == SeatReserve.tenant_id)
    & (OpportunitySession.id == SeatReserve.session_id),
)
# Nothing is kept beyond the last day of what it is of, wherever that day was moved to since; what is null is passed over.
_RELEASED_ON = func.least(
    SeatReserve.released_on,
    Opportunity.ends_on,
    cast(func.timezone(OpportunitySession.zone, OpportunitySession.starts_at), Date),
)


def names(target: Target) -> dict[str, UUID]:
    """Return the column of a reserve that names this target, with its id."""
    return {"opportunity_id" if isinstance(target, Opportunity) else "session_id": target.id}


async def shown(
    session: AsyncSession, tenant_id: UUID, model: type[Target], target_id: UUID
) -> list[dict[str, Any]]:
    """Return the reserves that still hold, with the name of whom they are for; the first released first."""
    of_it = SeatReserve.opportunity_id if model is Opportunity else SeatReserve.session_id
    rows = await session.execute(
        select(
            SeatReserve.id,
            SeatReserve.school_id,
            SeatReserve.group_id,
            func.coalesce(School.name, StudentGroup.name).label("kept_for"),
            SeatReserve.seats,
            (SeatReserve.seats - SeatReserve.seats_taken).label("seats_free"),
            _RELEASED_ON.label("released_on"),
            Tenant.zone,
        )
        .select_from(_WITH_TARGET)
        .join(Tenant, Tenant.id == SeatReserve.tenant_id)
        .outerjoin(School, (School.tenant_id == SeatReserve.tenant_id) & (School.id == SeatReserve.school_id))
        .outerjoin(
            StudentGroup,
            (StudentGroup.tenant_id == SeatReserve.tenant_id) & (StudentGroup.id == SeatReserve.group_id),
        )
        .where(SeatReserve.tenant_id == tenant_id, of_it == target_id, SeatReserve.released_at.is_(None))
        .order_by(SeatReserve.released_on, SeatReserve.id)
    )
    return [dict(row) for row in rows.mappings()]


async def held(session: AsyncSession, target: Target) -> Sequence[SeatReserve]:
    """Return the reserves of a target that were not released yet, locked."""
    of_it = SeatReserve.opportunity_id if isinstance(target, Opportunity) else SeatReserve.session_id
    found = await session.scalars(
        select(SeatReserve)
        .where(
            SeatReserve.tenant_id == target.tenant_id,
            of_it == target.id,
            SeatReserve.released_at.is_(None),
        )
        .order_by(SeatReserve.id)
        .with_for_update()
    )
    return found.all()


async def standing_of(
    session: AsyncSession, actor: Actor, model: type[Target], target_id: UUID
) -> dict[str, Any] | None:
    """Return an opportunity's or a session's id and version, or None when the caller may not read it."""
    is_session = model is OpportunitySession
    opportunity_id = OpportunitySession.opportunity_id if is_session else Opportunity.id
    noun = "opportunity_session" if is_session else "opportunity"
    found = await session.execute(
        select(opportunity_id.label("opportunity_id"), model.version.label("version")).where(
            model.id == target_id, allowed(actor, f"{noun}.read", model)
        )
    )
    row = found.mappings().one_or_none()
    return None if row is None else {**row, "session_id": target_id if is_session else None}


async def zone_of(session: AsyncSession, tenant_id: UUID) -> str:
    """Return the tenant's time zone, whose days count."""
    return (await session.scalars(select(Tenant.zone).where(Tenant.id == tenant_id))).one()


async def known_groups(
    session: AsyncSession, actor: Actor, group_ids: Sequence[UUID], besides: Collection[UUID]
) -> set[UUID]:
    """Return those of these groups that have not ended and that the caller may read, or that are among `besides`."""
    found = await session.scalars(
        select(StudentGroup.id).where(
            StudentGroup.tenant_id == actor.tenant_id,
            StudentGroup.id.in_(group_ids),
            StudentGroup.ended_at.is_(None),
            or_(allowed(actor, "student_group.read", StudentGroup), StudentGroup.id.in_(besides)),
        )
    )
    return set(found.all())


async def known_schools(
    session: AsyncSession, tenant_id: UUID, school_ids: Sequence[UUID], today: date
) -> set[UUID]:
    """Return those of these schools that there are today."""
    found = await session.scalars(
        select(School.id).where(
            School.tenant_id == tenant_id,
            School.id.in_(school_ids),
            School.kind == "school",
            or_(School.ended_at.is_(None), func.date(School.ended_at) > today),
        )
    )
    return set(found.all())


def _due(tenant_id: UUID, today: date) -> Select[Any]:
    """Return the reserves to be released: their day has come, or the last day of what they are of, if it was moved."""
    return (
        select(SeatReserve)
        .select_from(_WITH_TARGET)
        .where(
            SeatReserve.tenant_id == tenant_id,
            SeatReserve.released_at.is_(None),
            today >= _RELEASED_ON,
        )
        .order_by(SeatReserve.released_on, SeatReserve.id)
    )


async def due(session: AsyncSession, tenant_id: UUID, today: date) -> list[SeatReserve]:
    """Return the reserves that are to be released."""
    return list(await session.scalars(_due(tenant_id, today)))


async def claim(session: AsyncSession, tenant_id: UUID, reserve_id: UUID, today: date) -> SeatReserve | None:
    """Return a reserve, locked, if it is still to be released: its day may have been put off meanwhile."""
    found: SeatReserve | None = (
        await session.scalars(
            _due(tenant_id, today).where(SeatReserve.id == reserve_id).with_for_update(of=SeatReserve)
        )
    ).one_or_none()
    return found
