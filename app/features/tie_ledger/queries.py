"""Every SQL statement that writes the ledger of ties, or looks for a tie by what shows it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Select,
    Text,
    Uuid,
    and_,
    bindparam,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.bulk import insert_rows
from app.core.ids import new_id
from app.domain.connection import LIVE
from app.domain.placement import PlacementStatus
from app.domain.tie import REVEALED_BY, End, Entry, Folded, TieEnd, TieEvidence, TieOrigin, fold
from app.models import AdvisorLink, Connection, Placement, Tie, TieEntry

_COLUMNS = {TieEnd.PERSON: "person_id", TieEnd.CONTACT: "contact_id", TieEnd.EMPLOYER: "employer_id"}
_UNDER_WAY = (PlacementStatus.ACTIVE, PlacementStatus.END_REQUESTED)


class Known(NamedTuple):
    """A tie, locked, with what its ledger says so far."""

    id: UUID
    student_id: UUID
    end: End
    origin: TieOrigin
    fades_on: date | None
    history: list[tuple[Entry, UUID | None, UUID | None]]  # each with its subject and its event


def _is(end: End) -> ColumnElement[bool]:
    column = getattr(Tie, _COLUMNS[end.kind])
    found: ColumnElement[bool] = column == end.id
    return found


def _end_of(row: Any) -> End:
    return next(
        End(kind, value) for kind, column in _COLUMNS.items() if (value := getattr(row, column)) is not None
    )


def _state(folded: Folded, entries: int) -> dict[str, Any]:
    return {
        "origin": folded.origin,
        "formed_on": folded.formed_on,
        "last_confirmed_on": folded.last_confirmed_on,
        "strength": folded.strength,
        "uses": folded.uses,
        "ended_on": folded.ended_on,
        "fades_on": folded.fades_on,
        "evidence": [code.value for code in folded.evidence],
        "entries": entries,
    }


async def ensure(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, end: End, origin: TieOrigin, at: datetime
) -> None:
    """Have a row for a student and another end; whoever makes it at the same time is waited for."""
    await session.execute(
        upsert(Tie)
        .values(
            tenant_id=tenant_id,
            id=new_id(),
            student_id=student_id,
            **{_COLUMNS[end.kind]: end.id},
            origin=origin,
            formed_on=at.date(),
            last_confirmed_on=at.date(),
            strength=0,
            uses=0,
            entries=0,
        )
        .on_conflict_do_nothing()
    )


async def make(
    session: AsyncSession,
    tenant_id: UUID,
    histories: Mapping[tuple[UUID, End], Sequence[tuple[Entry, UUID | None]]],
) -> set[tuple[UUID, End]]:
    """Make ties, by student and other end, with all that their ledgers say: entries, each with its subject.

    Returns those that were not there before; of the others nothing is written. Many rows a statement: an intake brings
    tens of thousands.
    """
    ids = {new_id(): key for key in histories}
    await insert_rows(
        session,
        Tie,
        (
            {
                "id": tie_id,
                "created_at": clock.now(),
                **_between(student_id, end),
                **_state(
                    fold(entry for entry, _ in histories[student_id, end]), len(histories[student_id, end])
                ),
            }
            for tie_id, (student_id, end) in ids.items()
        ),
        where_missing=True,
    )
    given = bindparam("ids", list(ids), type_=ARRAY(Uuid))
    made = await session.scalars(select(Tie.id).where(Tie.tenant_id == tenant_id, Tie.id == func.any(given)))
    new = {tie_id: ids[tie_id] for tie_id in made}
    await insert_rows(
        session,
        TieEntry,
        (
            {
                "id": new_id(),
                "created_at": clock.now(),
                "tie_id": tie_id,
                **_between(student_id, end),
                **entry._asdict(),
                "subject_id": subject_id,
            }
            for tie_id, (student_id, end) in new.items()
            for entry, subject_id in histories[student_id, end]
        ),
    )
    return set(new.values())


def _between(student_id: UUID, end: End) -> dict[str, UUID | None]:
    return {"student_id": student_id, **dict.fromkeys(_COLUMNS.values()), _COLUMNS[end.kind]: end.id}


async def locked(session: AsyncSession, tenant_id: UUID, tie_id: UUID) -> Known | None:
    """Return a tie and its history; nobody else writes to it before this transaction ends."""
    return await _locked(session, tenant_id, Tie.id == tie_id)


async def locked_between(session: AsyncSession, tenant_id: UUID, student_id: UUID, end: End) -> Known | None:
    """Return the tie of a student and another end, as `locked` does."""
    return await _locked(session, tenant_id, and_(Tie.student_id == student_id, _is(end), ~Tie.twin))


async def _locked(session: AsyncSession, tenant_id: UUID, which: ColumnElement[bool]) -> Known | None:
    found = (
        await session.execute(
            select(
                Tie.id,
                Tie.student_id,
                Tie.person_id,
                Tie.contact_id,
                Tie.employer_id,
                Tie.origin,
                Tie.fades_on,
            )
            .where(Tie.tenant_id == tenant_id, which)
            .with_for_update()
        )
    ).one_or_none()
    if found is None:
        return None
    # A second statement: what was written while we waited for the lock shows only in its snapshot.
    entries = await session.execute(
        select(
            TieEntry.seq,
            TieEntry.kind,
            TieEntry.origin,
            TieEntry.at,
            TieEntry.evidence,
            TieEntry.subject_id,
            TieEntry.event_id,
        )
        .where(TieEntry.tenant_id == tenant_id, TieEntry.tie_id == found.id)
        .order_by(TieEntry.seq)
    )
    history = [(Entry(*row[:5]), row[5], row[6]) for row in entries]
    origin = history[0][0].origin if history else found.origin
    return Known(found.id, found.student_id, _end_of(found), origin, found.fades_on, history)


async def append(
    session: AsyncSession,
    tenant_id: UUID,
    tie: Known,
    entry: Entry,
    *,
    subject_id: UUID | None,
    event_id: UUID | None,
) -> None:
    """Add an entry to a locked tie's ledger."""
    await session.execute(
        insert(TieEntry).values(
            tenant_id=tenant_id,
            tie_id=tie.id,
            student_id=tie.student_id,
            **{_COLUMNS[tie.end.kind]: tie.end.id},
            **entry._asdict(),
            subject_id=subject_id,
            event_id=event_id,
        )
    )


async def keep(session: AsyncSession, tenant_id: UUID, tie_id: UUID, folded: Folded, entries: int) -> None:
    """Write down where a tie stands after that many entries."""
    await session.execute(
        update(Tie)
        .where(Tie.tenant_id == tenant_id, Tie.id == tie_id)
        .values(**_state(folded, entries))
        .execution_options(synchronize_session=False)
    )


async def take_turns(session: AsyncSession, student_ids: Iterable[UUID]) -> None:
    """Wait for whoever freezes or extends the families' ties of these students, until the transaction ends."""
    names = [f"tie:{student_id}" for student_id in sorted(student_ids)]
    if names:
        # Sorted, and read in that order: two who want the same ones never wait for each other.
        each = func.unnest(bindparam("names", names, type_=ARRAY(Text))).column_valued("name")
        await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(each, 0))))


async def tied_to(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    student_id: UUID | None = None,
    ends: Sequence[End] = (),
    shown_by: UUID | None = None,
    twins: bool = False,
) -> list[UUID]:
    """Return the ties of a student, with one of these ends, or with an entry that this subject shows."""
    statement = select(Tie.id).where(Tie.tenant_id == tenant_id, Tie.ended_on.is_(None))
    if not twins:
        statement = statement.where(~Tie.twin)
    if student_id is not None:
        statement = statement.where(Tie.student_id == student_id)
    if ends:
        statement = statement.where(or_(*(_is(end) for end in ends)))
    if shown_by is not None:
        shown = select(TieEntry.tie_id).where(
            TieEntry.tenant_id == tenant_id, TieEntry.subject_id == shown_by
        )
        statement = statement.where(Tie.id.in_(shown))
    return list(await session.scalars(statement.order_by(Tie.id)))


async def shown_only_by(session: AsyncSession, tenant_id: UUID, subject_id: UUID) -> list[UUID]:
    """Return the ties that last and of which nothing is known but through this subject (and time)."""
    shown = select(TieEntry.tie_id).where(TieEntry.tenant_id == tenant_id, TieEntry.subject_id == subject_id)
    otherwise = exists().where(
        TieEntry.tenant_id == Tie.tenant_id,
        TieEntry.tie_id == Tie.id,
        TieEntry.evidence != TieEvidence.TIME,
        TieEntry.subject_id.is_distinct_from(subject_id),
    )
    found = await session.scalars(
        select(Tie.id)
        .where(Tie.tenant_id == tenant_id, Tie.ended_on.is_(None), Tie.id.in_(shown), ~otherwise)
        .order_by(Tie.id)
    )
    return list(found)


async def left_bare(session: AsyncSession, tenant_id: UUID, connection_id: UUID) -> list[UUID]:
    """Return the ties that a connection showed and that nothing shows any more, now that it is gone."""
    shown = select(TieEntry.tie_id).where(
        TieEntry.tenant_id == tenant_id, TieEntry.subject_id == connection_id
    )
    live = select(Connection.id).where(
        Connection.tenant_id == TieEntry.tenant_id,
        Connection.id == TieEntry.subject_id,
        Connection.status.in_(LIVE),
    )
    still = exists().where(
        TieEntry.tenant_id == Tie.tenant_id,
        TieEntry.tie_id == Tie.id,
        or_(TieEntry.evidence.in_(REVEALED_BY), live.exists()),
    )
    found = await session.scalars(
        select(Tie.id)
        .where(Tie.tenant_id == tenant_id, Tie.ended_on.is_(None), Tie.id.in_(shown), ~still)
        .order_by(Tie.id)
    )
    return list(found)


async def fading(session: AsyncSession, tenant_id: UUID, today: date, limit: int) -> list[UUID]:
    """Return ties that nothing has confirmed for so long that they fade."""
    found = await session.scalars(
        select(Tie.id)
        .where(Tie.tenant_id == tenant_id, Tie.fades_on <= today)
        .order_by(Tie.fades_on, Tie.id)
        .limit(limit)
    )
    return list(found)


async def standing(session: AsyncSession, tenant_id: UUID, tie_id: UUID) -> tuple[TieEvidence, UUID] | None:
    """Return what still stands between the two ends of a tie and shows that it lasts, if anything does."""
    subject = select(TieEntry.subject_id).where(TieEntry.tenant_id == tenant_id, TieEntry.tie_id == tie_id)
    links: Select[Any] = select(AdvisorLink.id).where(
        AdvisorLink.tenant_id == tenant_id, AdvisorLink.id.in_(subject), AdvisorLink.ended_at.is_(None)
    )
    placements = select(Placement.id).where(
        Placement.tenant_id == tenant_id, Placement.id.in_(subject), Placement.status.in_(_UNDER_WAY)
    )
    connections = select(Connection.id).where(
        Connection.tenant_id == tenant_id, Connection.id.in_(subject), Connection.status.in_(LIVE)
    )
    for evidence, statement in (
        (TieEvidence.ADVISOR_LINK, links),
        (TieEvidence.PLACEMENT, placements),
        (TieEvidence.CONNECTION, connections),
    ):
        found = await session.scalar(statement.limit(1))
        if found is not None:
            return evidence, found
    return None
