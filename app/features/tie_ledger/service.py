"""The one way into the ledger of ties: an entry is added under the tie's lock, and the tie is folded again.

Without routes and low down, so that everything that brings people together may write to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.tie import End, Entry, TieEntryKind, TieEvidence, TieOrigin, counts_again, fold
from app.features.tie_ledger import queries

_K = TieEntryKind


@dataclass(frozen=True, slots=True)
class Shown:
    """By what an entry is shown: when it happened, of which kind the evidence is, and its ids."""

    at: datetime
    evidence: TieEvidence
    subject_id: UUID | None = None
    event_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Beginning:
    """That a student and somebody came together, not by an event: the clock's way to write many at once."""

    student_id: UUID
    end: End
    origin: TieOrigin
    shown: Shown


async def form(
    session: AsyncSession, tenant_id: UUID, student_id: UUID, end: End, origin: TieOrigin, shown: Shown
) -> bool:
    """Note that a student and somebody came together; False when the ledger knew that from the same subject."""
    await queries.ensure(session, tenant_id, student_id, end, origin, shown.at)
    tie = await queries.locked_between(session, tenant_id, student_id, end)
    assert tie is not None  # noqa: S101 - made, or found, a line ago
    return await _append(session, tenant_id, tie, _K.FORMED, origin, shown)


async def form_all(session: AsyncSession, tenant_id: UUID, beginnings: Iterable[Beginning]) -> None:
    """Note that many came together, as `form` does for one; quick for those whose tie is new."""
    told: dict[tuple[UUID, End], dict[UUID | None, Beginning]] = {}
    for one in beginnings:
        # One subject forms a tie once.
        told.setdefault((one.student_id, one.end), {}).setdefault(one.shown.subject_id, one)
    # In one order for everybody: who makes the same ties at once waits, and never each for the other.
    histories = {
        key: [
            (Entry(seq, _K.FORMED, one.origin, one.shown.at, one.shown.evidence), one.shown.subject_id)
            for seq, one in enumerate(told[key].values(), 1)
        ]
        for key in sorted(told)
    }
    made = await queries.make(session, tenant_id, histories)
    for key in sorted(histories.keys() - made):
        for one in told[key].values():
            await form(session, tenant_id, one.student_id, one.end, one.origin, one.shown)


async def note(
    session: AsyncSession, tenant_id: UUID, tie_id: UUID, kind: TieEntryKind, shown: Shown
) -> bool:
    """Note what happened to a tie that is there; False when the ledger knew it, or when the tie has ended."""
    tie = await queries.locked(session, tenant_id, tie_id)
    if tie is None:
        return False
    return await _append(session, tenant_id, tie, kind, tie.origin, shown)


async def note_all(
    session: AsyncSession, tenant_id: UUID, tie_ids: Iterable[UUID], kind: TieEntryKind, shown: Shown
) -> None:
    """Note the same of several ties."""
    for tie_id in tie_ids:
        await note(session, tenant_id, tie_id, kind, shown)


async def pass_time(session: AsyncSession, tenant_id: UUID, tie_id: UUID, now: datetime) -> bool:
    """Let a tie fade whose time it is, or note what still stands between the two and confirms it."""
    tie = await queries.locked(session, tenant_id, tie_id)
    if tie is None or tie.fades_on is None or tie.fades_on > now.date():
        return False
    found = await queries.standing(session, tenant_id, tie_id)
    if found is None:
        return await _append(session, tenant_id, tie, _K.FADED, tie.origin, Shown(now, TieEvidence.TIME))
    evidence, subject_id = found
    return await _append(session, tenant_id, tie, _K.CONFIRMED, tie.origin, Shown(now, evidence, subject_id))


async def take_turns(session: AsyncSession, student_ids: Iterable[UUID]) -> None:
    """Wait for whoever freezes or extends the families' ties of these students, until the transaction ends."""
    await queries.take_turns(session, student_ids)


async def tied_to(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    student_id: UUID | None = None,
    ends: Iterable[End] = (),
    shown_by: UUID | None = None,
    twins: bool = False,
) -> list[UUID]:
    """Return the ties that last: of a student, with one of these ends, with an entry that this subject shows.

    Of two ties that a merge made one, the twin is left out unless asked for.
    """
    return await queries.tied_to(
        session, tenant_id, student_id=student_id, ends=list(ends), shown_by=shown_by, twins=twins
    )


async def shown_only_by(session: AsyncSession, tenant_id: UUID, subject_id: UUID) -> list[UUID]:
    """Return the ties that last and of which nothing is known but through this subject (and time)."""
    return await queries.shown_only_by(session, tenant_id, subject_id)


async def left_bare(session: AsyncSession, tenant_id: UUID, connection_id: UUID) -> list[UUID]:
    """Return the ties that a connection showed and that nothing shows any more, now that it is gone."""
    return await queries.left_bare(session, tenant_id, connection_id)


async def fading(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return ties that nothing has confirmed for so long that time tells on them."""
    return await queries.fading(session, tenant_id, now.date(), limit)


async def _append(
    session: AsyncSession,
    tenant_id: UUID,
    tie: queries.Known,
    kind: TieEntryKind,
    origin: TieOrigin,
    shown: Shown,
) -> bool:
    known_event = shown.event_id is not None and any(
        entry.kind is kind and event_id == shown.event_id for entry, _, event_id in tie.history
    )
    if known_event or not counts_again(
        [(entry.kind, subject_id) for entry, subject_id, _ in tie.history], kind, shown.subject_id
    ):
        return False
    entry = Entry(len(tie.history) + 1, kind, origin, shown.at, shown.evidence)
    await queries.append(session, tenant_id, tie, entry, subject_id=shown.subject_id, event_id=shown.event_id)
    folded = fold([*(known for known, _, _ in tie.history), entry])
    await queries.keep(session, tenant_id, tie.id, folded, entry.seq)
    return True
