"""Every SQL statement of seats and of the line for them."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CursorResult,
    and_,
    delete,
    false,
    func,
    insert,
    not_,
    or_,
    select,
    tuple_,
    union,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.ids import new_id
from app.domain.opportunity import OPEN_TO_STUDENTS
from app.domain.pursuit import PursuitStatus
from app.domain.reserve import Free, Kept
from app.domain.session import SessionStatus
from app.domain.waitlist import IN_LINE, WaitingStatus
from app.models import (
    GroupMember,
    Opportunity,
    OpportunitySession,
    Person,
    Pursuit,
    ReservedSeat,
    SeatReserve,
    Tenant,
    WaitingEntry,
)

# What has seats.
Target = Opportunity | OpportunitySession


async def lock(session: AsyncSession, tenant_id: UUID, opportunity_id: UUID) -> Opportunity:
    """Return an opportunity under its row lock: whoever moves its seats waits here, and nobody waits twice.

    Not FOR UPDATE: that would also hold up every new pursuit, whose foreign key only needs the row to stay.
    """
    return (
        await session.scalars(
            select(Opportunity)
            .where(Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one()


async def lock_all(
    session: AsyncSession, tenant_id: UUID, opportunity_ids: Collection[UUID]
) -> Sequence[Opportunity]:
    """Return opportunities under their row locks, taken in the order of their ids: two who do so never wait crosswise."""
    found = await session.scalars(
        select(Opportunity)
        .where(Opportunity.tenant_id == tenant_id, Opportunity.id.in_(opportunity_ids))
        .order_by(Opportunity.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    return found.all()


async def lock_session(session: AsyncSession, tenant_id: UUID, session_id: UUID) -> OpportunitySession:
    """Return a session of an opportunity under its row lock, as `lock` does for an opportunity."""
    return (
        await session.scalars(
            select(OpportunitySession)
            .where(OpportunitySession.tenant_id == tenant_id, OpportunitySession.id == session_id)
            .with_for_update(key_share=True)
            .execution_options(populate_existing=True)
        )
    ).one()


def names(target: Target) -> dict[str, UUID]:
    """Return the column of a line or a reserve that names this target, with its id."""
    return {"opportunity_id" if isinstance(target, Opportunity) else "session_id": target.id}


def _of(model: type[WaitingEntry] | type[SeatReserve], target: Target) -> Any:
    ((name, target_id),) = names(target).items()
    return and_(model.tenant_id == target.tenant_id, getattr(model, name) == target_id)


async def may_offer(session: AsyncSession, target: Target, now: datetime) -> bool:
    """Say whether students can go to it now: a seat of anything else is offered to nobody."""
    if isinstance(target, Opportunity):
        return target.status in OPEN_TO_STUDENTS
    if target.status is not SessionStatus.SCHEDULED or target.starts_at <= now:
        return False
    status = await session.scalar(
        select(Opportunity.status).where(
            Opportunity.tenant_id == target.tenant_id, Opportunity.id == target.opportunity_id
        )
    )
    return status in OPEN_TO_STUDENTS


async def count(session: AsyncSession, target: Target) -> tuple[int, int]:
    """Return (seats, seats_taken) as they are now; the row is locked, and its object may be behind."""
    model = type(target)
    row = await session.execute(
        select(model.seats, model.seats_taken).where(
            model.tenant_id == target.tenant_id, model.id == target.id
        )
    )
    seats, taken = row.one()
    return seats, taken


async def take_seat(session: AsyncSession, target: Target) -> bool:
    """Take one seat by compare-and-swap; False when none was free."""
    model = type(target)
    return await _changed(
        session,
        update(model)
        .where(model.tenant_id == target.tenant_id, model.id == target.id, model.seats_taken < model.seats)
        .values(seats_taken=model.seats_taken + 1)
        .execution_options(synchronize_session=False),
    )


async def give_seat_back(session: AsyncSession, target: Target) -> None:
    """Give one seat back."""
    model = type(target)
    await session.execute(
        update(model)
        .where(model.tenant_id == target.tenant_id, model.id == target.id, model.seats_taken > 0)
        .values(seats_taken=model.seats_taken - 1)
        .execution_options(synchronize_session=False)
    )


async def _changed(session: AsyncSession, statement: Any) -> bool:
    result = await session.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 - what an UPDATE answers, told to mypy
    return result.rowcount > 0


async def reserves(session: AsyncSession, target: Target) -> tuple[list[Kept], str]:
    """Return the reserves of a target that were not released yet, and the tenant's time zone."""
    rows = (
        await session.execute(
            select(
                SeatReserve.id,
                SeatReserve.seats,
                SeatReserve.seats_taken,
                SeatReserve.released_on,
                SeatReserve.school_id,
                SeatReserve.group_id,
                Tenant.zone,
            )
            .join(Tenant, Tenant.id == SeatReserve.tenant_id)
            .where(_of(SeatReserve, target), SeatReserve.released_at.is_(None))
            .order_by(SeatReserve.released_on, SeatReserve.id)
        )
    ).all()
    return [Kept(*row[:6]) for row in rows], rows[0].zone if rows else "UTC"


async def kept_for_group(
    session: AsyncSession, tenant_id: UUID, group_id: UUID
) -> tuple[list[UUID], list[UUID]]:
    """Return the opportunities and the sessions that have seats kept for a group, in the order they are locked in."""
    found = (
        await session.execute(
            select(SeatReserve.opportunity_id, SeatReserve.session_id).where(
                SeatReserve.tenant_id == tenant_id,
                SeatReserve.group_id == group_id,
                SeatReserve.released_at.is_(None),
                SeatReserve.seats_taken < SeatReserve.seats,
            )
        )
    ).all()
    opportunities = {row.opportunity_id for row in found if row.opportunity_id is not None}
    return sorted(opportunities), sorted({row.session_id for row in found if row.session_id is not None})


async def groups_of(session: AsyncSession, tenant_id: UUID, student_id: UUID) -> Sequence[UUID]:
    """Return the groups whose lists a student is on."""
    found = await session.scalars(
        select(GroupMember.group_id).where(
            GroupMember.tenant_id == tenant_id, GroupMember.student_id == student_id
        )
    )
    return found.all()


async def take_reserved(session: AsyncSession, tenant_id: UUID, reserve_id: UUID, student_id: UUID) -> None:
    """Note that a student's seat comes out of a reserve."""
    await session.execute(
        insert(ReservedSeat).values(
            tenant_id=tenant_id, id=new_id(), reserve_id=reserve_id, student_id=student_id
        )
    )
    await session.execute(
        update(SeatReserve)
        .where(SeatReserve.tenant_id == tenant_id, SeatReserve.id == reserve_id)
        .values(seats_taken=SeatReserve.seats_taken + 1)
        .execution_options(synchronize_session=False)
    )


async def give_reserved_back(session: AsyncSession, target: Target, student_id: UUID) -> None:
    """Return a student's seat to the reserve it came out of, if it came out of one."""
    mine = select(SeatReserve.id).where(_of(SeatReserve, target))
    given = await session.scalars(
        delete(ReservedSeat)
        .where(
            ReservedSeat.tenant_id == target.tenant_id,
            ReservedSeat.student_id == student_id,
            ReservedSeat.reserve_id.in_(mine),
        )
        .returning(ReservedSeat.reserve_id)
        .execution_options(synchronize_session=False)
    )
    for reserve_id in given.all():
        await session.execute(
            update(SeatReserve)
            .where(SeatReserve.tenant_id == target.tenant_id, SeatReserve.id == reserve_id)
            .values(seats_taken=SeatReserve.seats_taken - 1)
            .execution_options(synchronize_session=False)
        )


async def live_entry(session: AsyncSession, target: Target, student_id: UUID) -> WaitingEntry | None:
    """Return, locked, the place that a student has in the line, if they stand in it."""
    return (
        await session.scalars(
            select(WaitingEntry)
            .where(
                _of(WaitingEntry, target),
                WaitingEntry.student_id == student_id,
                WaitingEntry.status.in_(IN_LINE),
            )
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one_or_none()


async def live_entries(session: AsyncSession, target: Target) -> Sequence[WaitingEntry]:
    """Return, locked, everybody who stands in the line."""
    found = await session.scalars(
        select(WaitingEntry)
        .where(_of(WaitingEntry, target), WaitingEntry.status.in_(IN_LINE))
        .order_by(WaitingEntry.joined_at, WaitingEntry.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.all()


def _kept_for(model: type[WaitingEntry] | type[Pursuit], left: Free) -> Any:
    """Say whether a reserve has a free seat for the student of a row."""
    schools, groups = left.school_ids(), left.group_ids()
    on_a_list = select(GroupMember.student_id).where(
        GroupMember.tenant_id == model.tenant_id,
        GroupMember.group_id.in_(groups),
        GroupMember.student_id == model.student_id,
    )
    return or_(
        model.school_id.in_(schools) if schools else false(), on_a_list.exists() if groups else false()
    )


async def next_in_line(session: AsyncSession, target: Target, left: Free) -> WaitingEntry | None:
    """Return, locked, who has waited longest of those who may take one of the seats left."""
    statement = select(WaitingEntry).where(
        _of(WaitingEntry, target), WaitingEntry.status == WaitingStatus.WAITING
    )
    here = select(Person.id).where(
        Person.tenant_id == WaitingEntry.tenant_id,
        Person.id == WaitingEntry.student_id,
        Person.enabled,
        Person.ended_at.is_(None),
    )
    # Whoever left the school is offered nothing: a day would go by for each of them.
    statement = statement.where(here.exists())
    if not left.open_seats:
        statement = statement.where(_kept_for(WaitingEntry, left))
    statement = statement.order_by(WaitingEntry.joined_at, WaitingEntry.id).limit(1).with_for_update()
    return (await session.scalars(statement.execution_options(populate_existing=True))).one_or_none()


async def anybody_waits(session: AsyncSession, target: Target) -> bool:
    """Say whether somebody in the line waits for a seat."""
    waits = select(WaitingEntry.id).where(
        _of(WaitingEntry, target), WaitingEntry.status == WaitingStatus.WAITING
    )
    return bool(await session.scalar(select(waits.exists())))


async def wanted(session: AsyncSession, tenant_id: UUID, opportunity_ids: Collection[UUID]) -> set[UUID]:
    """Return those of these opportunities that somebody waits for: in the line, or for a decision."""
    waiting = select(WaitingEntry.opportunity_id).where(
        WaitingEntry.tenant_id == tenant_id,
        WaitingEntry.opportunity_id.in_(opportunity_ids),
        WaitingEntry.status == WaitingStatus.WAITING,
    )
    requested = select(Pursuit.opportunity_id).where(
        Pursuit.tenant_id == tenant_id,
        Pursuit.opportunity_id.in_(opportunity_ids),
        Pursuit.status == PursuitStatus.REQUESTED,
    )
    return set((await session.scalars(union(waiting, requested))).all())


async def place_in_line(session: AsyncSession, entry: WaitingEntry) -> int:
    """Return how many wait up to this place, its own included."""
    counted = await session.scalar(
        select(func.count())
        .select_from(WaitingEntry)
        .where(
            WaitingEntry.tenant_id == entry.tenant_id,
            WaitingEntry.opportunity_id == entry.opportunity_id
            if entry.session_id is None
            else WaitingEntry.session_id == entry.session_id,
            WaitingEntry.status == WaitingStatus.WAITING,
            tuple_(WaitingEntry.joined_at, WaitingEntry.id) <= tuple_(entry.joined_at, entry.id),
        )
    )
    return counted or 1


async def queue_requests(
    session: AsyncSession, opportunity: Opportunity, left: Free, now: datetime
) -> list[tuple[UUID, UUID, UUID]]:
    """Put the requests that no seat is free for in line, as of when they were made; returns (id, student, school).

    One that stood in line since it was made, and lost its place, comes back only when its student says so.
    """
    stood = select(WaitingEntry.id).where(
        WaitingEntry.tenant_id == Pursuit.tenant_id,
        WaitingEntry.opportunity_id == Pursuit.opportunity_id,
        WaitingEntry.student_id == Pursuit.student_id,
        WaitingEntry.joined_at >= Pursuit.requested_at,
    )
    waiting = (
        await session.execute(
            select(Pursuit.student_id, Pursuit.school_id, Pursuit.requested_at)
            .where(
                Pursuit.tenant_id == opportunity.tenant_id,
                Pursuit.opportunity_id == opportunity.id,
                Pursuit.status == PursuitStatus.REQUESTED,
                ~stood.exists(),
                not_(_kept_for(Pursuit, left)),
            )
            .order_by(Pursuit.requested_at, Pursuit.id)
        )
    ).all()
    rows: list[dict[str, Any]] = [
        {
            "tenant_id": opportunity.tenant_id,
            "id": new_id(),
            "created_at": now,
            "updated_at": now,
            "version": 1,
            "status": WaitingStatus.WAITING,
            "opportunity_id": opportunity.id,
            "student_id": student_id,
            "school_id": school_id,
            "joined_at": requested_at,
        }
        for student_id, school_id, requested_at in waiting
    ]
    if rows:
        await session.execute(insert(WaitingEntry), rows)
    return [(row["id"], row["student_id"], row["school_id"]) for row in rows]
