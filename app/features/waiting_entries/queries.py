"""Every SQL statement of places in line."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, and_, case, func, or_, select, tuple_, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.opportunity import OPEN_TO_STUDENTS, OpportunityStatus
from app.domain.policy import Actor
from app.domain.pursuit import PursuitStatus
from app.domain.session import EnrollmentStatus, SessionStatus
from app.domain.waitlist import IN_LINE, TRANSITIONS, WaitingStatus
from app.features.waiting_entries.schemas import WaitingEntryFilters, WaitingEntrySort
from app.models import (
    GroupMember,
    Opportunity,
    OpportunitySession,
    Person,
    Pursuit,
    SeatReserve,
    SessionEnrollment,
    WaitingEntry,
)

VERBS = verbs("waiting_entry", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

KEYSETS = {
    WaitingEntrySort.LATEST_MADE: Keyset(
        "places in line by creation", WaitingEntry.created_at, WaitingEntry.id, descending=True
    ),
    WaitingEntrySort.IN_LINE: Keyset(
        "places in line by order of arrival", WaitingEntry.joined_at, WaitingEntry.id
    ),
}

_Ahead = aliased(WaitingEntry)


def _place_in_line() -> Any:
    ahead = (
        select(func.count())
        .where(
            _Ahead.tenant_id == WaitingEntry.tenant_id,
            _Ahead.status == WaitingStatus.WAITING,
            or_(
                _Ahead.opportunity_id == WaitingEntry.opportunity_id,
                _Ahead.session_id == WaitingEntry.session_id,
            ),
            tuple_(_Ahead.joined_at, _Ahead.id) <= tuple_(WaitingEntry.joined_at, WaitingEntry.id),
        )
        .scalar_subquery()
    )
    return case((WaitingEntry.status == WaitingStatus.WAITING, ahead))


def _entries(actor: Actor, actions: RowActions) -> Select[*tuple[Any, ...]]:
    return (
        select(
            WaitingEntry.id,
            WaitingEntry.status,
            WaitingEntry.student_id,
            Person.given_name,
            Person.family_name,
            Opportunity.id.label("target_id"),
            Opportunity.title,
            WaitingEntry.session_id,
            OpportunitySession.starts_at,
            WaitingEntry.school_id,
            WaitingEntry.joined_at,
            _place_in_line().label("place_in_line"),
            WaitingEntry.offered_at,
            WaitingEntry.offer_until,
            WaitingEntry.accepted_at,
            WaitingEntry.ended_at,
            WaitingEntry.created_at,
            WaitingEntry.version,
            *actions.columns,
        )
        .select_from(WaitingEntry)
        .join(Person, (Person.tenant_id == WaitingEntry.tenant_id) & (Person.id == WaitingEntry.student_id))
        .outerjoin(
            OpportunitySession,
            (OpportunitySession.tenant_id == WaitingEntry.tenant_id)
            & (OpportunitySession.id == WaitingEntry.session_id),
        )
        .join(
            Opportunity,
            (Opportunity.tenant_id == WaitingEntry.tenant_id)
            & (
                Opportunity.id
                == func.coalesce(WaitingEntry.opportunity_id, OpportunitySession.opportunity_id)
            ),
        )
        .where(allowed(actor, "waiting_entry.read", WaitingEntry))
    )


def _finish(mapping: Any, actions: RowActions) -> dict[str, Any]:
    row = dict(mapping)
    row["status"] = row["status"].value
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    row["student"] = {
        "id": row.pop("student_id"),
        "given_name": row.pop("given_name"),
        "family_name": row.pop("family_name"),
    }
    row["opportunity"] = {"id": row.pop("target_id"), "title": row.pop("title")}
    session_id, starts_at = row.pop("session_id"), row.pop("starts_at")
    row["session"] = None if session_id is None else {"id": session_id, "starts_at": starts_at}
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: WaitingEntryFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 places in line that the caller may read."""
    actions = RowActions(actor, WaitingEntry, _ACTIONS)
    statement = _entries(actor, actions)
    for name in ("opportunity_id", "session_id", "student_id", "school_id", "status"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(getattr(WaitingEntry, name) == value)
    if filters.in_line is not None:
        stands = WaitingEntry.status.in_(IN_LINE)
        statement = statement.where(stands if filters.in_line else ~stands)
    rows = await session.execute(KEYSETS[filters.sort].cut(statement, after, filters.limit))
    return [_finish(row, actions) for row in rows.mappings()]


async def view(session: AsyncSession, actor: Actor, entry_id: UUID) -> dict[str, Any] | None:
    """Return one place in line as the caller may see it, or None."""
    actions = RowActions(actor, WaitingEntry, _ACTIONS)
    found = await session.execute(_entries(actor, actions).where(WaitingEntry.id == entry_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(row, actions)


async def lock(session: AsyncSession, entry: WaitingEntry) -> None:
    """Read a place in line again under its row lock, once what it is for is locked."""
    await session.refresh(entry, with_for_update=True)


async def request_of(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> Pursuit | None:
    """Return the caller's request for an opportunity that nobody decided on yet."""
    return (
        await session.scalars(
            select(Pursuit).where(
                Pursuit.tenant_id == actor.tenant_id,
                Pursuit.student_id == actor.person_id,
                Pursuit.opportunity_id == opportunity_id,
                Pursuit.status == PursuitStatus.REQUESTED,
                allowed(actor, "pursuit.read", Pursuit),
            )
        )
    ).one_or_none()


def _entry_of_request(*statuses: WaitingStatus) -> Any:
    """Say whether a request has a place in line that stands so."""
    entry = select(WaitingEntry.id).where(
        WaitingEntry.tenant_id == Pursuit.tenant_id,
        WaitingEntry.opportunity_id == Pursuit.opportunity_id,
        WaitingEntry.student_id == Pursuit.student_id,
        WaitingEntry.status.in_(statuses),
    )
    return entry.correlate(Pursuit).exists()


def _undecided(tenant_id: UUID, now: datetime) -> Any:
    return and_(
        Pursuit.tenant_id == tenant_id,
        Pursuit.remind_at <= now,
        Pursuit.status == PursuitStatus.REQUESTED,
        ~_entry_of_request(WaitingStatus.WAITING, WaitingStatus.OFFERED),
    )


async def undecided(
    session: AsyncSession, tenant_id: UUID, now: datetime, limit: int
) -> list[tuple[UUID, UUID]]:
    """Return (id, opportunity_id) of the requests that wait for nothing but a decision, and whose reminder is due."""
    found = await session.execute(
        select(Pursuit.id, Pursuit.opportunity_id)
        .where(_undecided(tenant_id, now))
        .order_by(Pursuit.remind_at, Pursuit.id)
        .limit(limit)
    )
    return [(pursuit_id, opportunity_id) for pursuit_id, opportunity_id in found]


async def claim_undecided(
    session: AsyncSession, tenant_id: UUID, pursuit_id: UUID, now: datetime
) -> tuple[Pursuit, bool] | None:
    """Return such a request, locked, if its reminder is still due, and whether its student accepted a seat."""
    found = (
        await session.execute(
            select(Pursuit, _entry_of_request(WaitingStatus.ACCEPTED))
            .where(Pursuit.id == pursuit_id, _undecided(tenant_id, now))
            .with_for_update(of=Pursuit)
        )
    ).one_or_none()
    return None if found is None else (found[0], found[1])


async def remind_staff(session: AsyncSession, request: Pursuit, at: datetime) -> None:
    """Let the clock remind the coordinators of a request; its version stays, since nothing they decide on changed."""
    await session.execute(
        update(Pursuit)
        .where(Pursuit.tenant_id == request.tenant_id, Pursuit.id == request.id)
        .values(remind_at=at)
        .execution_options(synchronize_session=False)
    )


async def readable(session: AsyncSession, actor: Actor, opportunity_id: UUID) -> bool:
    """Say whether the caller may read an opportunity."""
    found = await session.scalar(
        select(Opportunity.id).where(
            Opportunity.id == opportunity_id, allowed(actor, "opportunity.read", Opportunity)
        )
    )
    return found is not None


async def is_enrolled(session: AsyncSession, actor: Actor, session_id: UUID) -> bool:
    """Say whether the caller has a seat in a session."""
    found = await session.scalar(
        select(SessionEnrollment.id).where(
            SessionEnrollment.tenant_id == actor.tenant_id,
            SessionEnrollment.session_id == session_id,
            SessionEnrollment.student_id == actor.person_id,
            SessionEnrollment.status == EnrollmentStatus.ENROLLED,
        )
    )
    return found is not None


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[WaitingEntry]:
    """Return the offers whose time is over, the longest overdue first."""
    found = await session.scalars(
        select(WaitingEntry)
        .where(
            WaitingEntry.tenant_id == tenant_id,
            WaitingEntry.status == WaitingStatus.OFFERED,
            WaitingEntry.offer_until <= now,
        )
        .order_by(WaitingEntry.offer_until, WaitingEntry.id)
        .limit(limit)
    )
    return list(found.all())


_Waits = aliased(WaitingEntry)


async def lines_behind(
    session: AsyncSession,
    tenant_id: UUID,
    model: type[Opportunity | OpportunitySession],
    now: datetime,
    limit: int,
) -> list[UUID]:
    """Return what is open and has a seat for somebody who waits, or a request that belongs in line and is not there.

    Only these: a line in which nobody may have what is free stays as it is, and must not crowd out one that can move.
    """
    name = "opportunity_id" if model is Opportunity else "session_id"
    keeps = and_(
        SeatReserve.tenant_id == model.tenant_id,
        getattr(SeatReserve, name) == model.id,
        SeatReserve.released_at.is_(None),
        SeatReserve.seats > SeatReserve.seats_taken,
    )
    kept_back = (
        select(func.coalesce(func.sum(SeatReserve.seats - SeatReserve.seats_taken), 0))
        .where(keeps)
        .correlate(model)
        .scalar_subquery()
    )
    open_seat = model.seats_taken + kept_back < model.seats

    def kept_for(row: type[WaitingEntry] | type[Pursuit]) -> Any:
        listed = select(GroupMember.id).where(
            GroupMember.tenant_id == row.tenant_id,
            GroupMember.group_id == SeatReserve.group_id,
            GroupMember.student_id == row.student_id,
        )
        mine = or_(SeatReserve.school_id == row.school_id, listed.correlate(SeatReserve, row).exists())
        return select(SeatReserve.id).where(keeps, mine).correlate(model, row).exists()

    waits = (
        select(_Waits.id)
        .join(Person, (Person.tenant_id == _Waits.tenant_id) & (Person.id == _Waits.student_id))
        .where(
            _Waits.tenant_id == model.tenant_id,
            getattr(_Waits, name) == model.id,
            _Waits.status == WaitingStatus.WAITING,
            Person.enabled,
            Person.ended_at.is_(None),
            or_(open_seat, kept_for(_Waits)),
        )
        .correlate(model)
    )
    moves = and_(model.seats_taken < model.seats, waits.exists())
    statement = select(model.id).where(model.tenant_id == tenant_id).order_by(model.id).limit(limit)
    if model is Opportunity:
        stood = select(WaitingEntry.id).where(
            WaitingEntry.tenant_id == Pursuit.tenant_id,
            WaitingEntry.opportunity_id == Pursuit.opportunity_id,
            WaitingEntry.student_id == Pursuit.student_id,
            WaitingEntry.joined_at >= Pursuit.requested_at,
        )
        asks = (
            select(Pursuit.id)
            .where(
                Pursuit.tenant_id == model.tenant_id,
                Pursuit.opportunity_id == model.id,
                Pursuit.status == PursuitStatus.REQUESTED,
                ~stood.correlate(Pursuit).exists(),
                ~kept_for(Pursuit),
            )
            .correlate(model)
        )
        asked = and_(~open_seat, asks.exists())
        statement = statement.where(Opportunity.status.in_(OPEN_TO_STUDENTS), or_(moves, asked))
    else:
        scheduled = OpportunitySession.status == SessionStatus.SCHEDULED
        statement = statement.where(scheduled, OpportunitySession.starts_at > now, moves)
    return list(await session.scalars(statement))


_GONE = (OpportunityStatus.ARCHIVED, OpportunityStatus.REJECTED)


async def lines_to_close(
    session: AsyncSession, tenant_id: UUID, now: datetime, limit: int
) -> list[tuple[UUID | None, UUID | None]]:
    """Return (opportunity, session) of the lines for what will not take place any more, or has begun."""
    found = await session.execute(
        select(WaitingEntry.opportunity_id, WaitingEntry.session_id)
        .outerjoin(
            OpportunitySession,
            (OpportunitySession.tenant_id == WaitingEntry.tenant_id)
            & (OpportunitySession.id == WaitingEntry.session_id),
        )
        .outerjoin(
            Opportunity,
            (Opportunity.tenant_id == WaitingEntry.tenant_id)
            & (Opportunity.id == WaitingEntry.opportunity_id),
        )
        .where(
            WaitingEntry.tenant_id == tenant_id,
            WaitingEntry.status.in_(IN_LINE),
            or_(
                Opportunity.status.in_(_GONE),
                OpportunitySession.status != SessionStatus.SCHEDULED,
                OpportunitySession.starts_at <= now,
            ),
        )
        .distinct()
        .limit(limit)
    )
    return [(opportunity_id, session_id) for opportunity_id, session_id in found]
