"""Making two rows one, and two of one again: nothing is lost, nothing dangles, and nobody agrees to what they did not."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import Unit
from app.core.events import record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.problems import NotFound
from app.domain.contact import ContactStatus
from app.domain.duplicates.lives import (
    MERGE_TRANSITIONS,
    TRANSITIONS,
    DuplicateAction,
    DuplicateKind,
    DuplicateStatus,
    MergeAction,
)
from app.domain.duplicates.merging import MergeField, Side, check_contacts, check_employers, exchanged
from app.domain.errors import Refused
from app.domain.free_text import check_reason
from app.domain.lifecycle import next_status
from app.domain.policy import Actor
from app.features.budgets import service as budgets
from app.features.contacts import service as contacts
from app.features.hops import service as hops
from app.features.match_keys import service as match_keys
from app.features.merges import queries
from app.features.merges.schemas import MergeIn
from app.features.pool import service as pool
from app.features.readiness import service as readiness
from app.models import Contact, DuplicatePair, Merge

# A request that began before the merge may still write a row that points at what was merged away; none outlives
# thirty seconds, so after a minute the last of them is there.
FOLLOW_UP = timedelta(seconds=60)


async def view(session: AsyncSession, actor: Actor, merge_id: UUID) -> dict[str, Any]:
    """Return one merge as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, merge_id)
    if found is None:
        raise NotFound(
            "there is no merge here with this id that you may see",
            spanish="no existe aquí ninguna unión con ese id que usted pueda ver",
        )
    return found


async def merge(session: AsyncSession, actor: Actor, pair_id: UUID, body: MergeIn, version: int) -> UUID:
    """Make the two of a pair one, and return the merge's id.

    The one that is not kept stays as a row of its own, with its values, so that it can be given back: the two exchange the
    fields that are taken. Everything that points at it points at the kept one from now on.
    """
    pair = await get(session, actor, "duplicate.merge", DuplicatePair, pair_id)
    check_version(pair, version)
    taken = exchanged(pair.kind, body.keep, body.fields)
    both = await queries.lock_both(session, actor.tenant_id, pair.kind, (pair.left_id, pair.right_id))
    (pair,) = await queries.pairs(session, actor.tenant_id, [pair_id]) or [pair]
    check_version(pair, version)
    kept_id, lost_id = _sides(pair, body.keep)
    kept, lost = both[kept_id], both[lost_id]
    pair.status = next_status(TRANSITIONS, pair.status, DuplicateAction.MERGE)
    _check(pair.kind, kept, lost, taken)
    entry = Merge(
        tenant_id=actor.tenant_id,
        id=new_id(),
        kind=pair.kind,
        pair_id=pair.id,
        kept_id=kept_id,
        lost_id=lost_id,
        exchanged=[field.value for field in taken],
        carried=await _carry_differences(session, pair, kept_id, lost_id),
    )
    facts = {"merge_id": str(entry.id), "kept_id": str(kept_id), "lost_id": str(lost_id)}
    await record(session, "duplicate.merge", actor=actor, subject=pair, facts=facts)
    if pair.kind is DuplicateKind.CONTACT:
        await hops.end_for_merge(session, actor.tenant_id, lost_id=lost_id, kept_id=kept_id)
    await _exchange(session, kept, lost, taken)
    await session.flush()  # the other rows are moved by statements of their own
    moved = await queries.point(session, actor.tenant_id, pair.kind, lost_id, kept_id)
    entry.moved, entry.set_aside = moved.rows, moved.set_aside
    lost.merged_into_id = kept_id
    session.add(entry)
    await session.flush()  # what follows reads the rows as they stand now
    await _settle(session, entry, (kept_id,))
    unit: Unit = session.info["unit"]
    ask_for(unit, "follow_merge", at=clock.now() + FOLLOW_UP, tenant_id=actor.tenant_id, merge_id=entry.id)
    return entry.id


async def undo(session: AsyncSession, actor: Actor, merge_id: UUID, version: int, reason: str | None) -> None:
    """Make two of one again: both have their own values, and the rows that moved go back; what came since stays."""
    entry = await get(session, actor, "merge.undo", Merge, merge_id)
    check_version(entry, version)
    both = await queries.lock_both(session, actor.tenant_id, entry.kind, (entry.kept_id, entry.lost_id))
    await session.refresh(entry, with_for_update=True)
    check_version(entry, version)
    entry.status = next_status(MERGE_TRANSITIONS, entry.status, MergeAction.UNDO)
    kept, lost = both[entry.kept_id], both[entry.lost_id]
    if _is_erased(kept) or _is_erased(lost):
        raise Refused(
            "erased",
            "this person was erased since; there is nothing to give back",
            "esta persona fue borrada después; no queda nada que devolver",
        )
    if kept.merged_into_id is not None or await queries.later(session, entry):
        raise Refused(
            "later_merge",
            "the one that was kept was merged again since; undo the latest merge first",
            "el que se conservó se unió de nuevo después; deshaga primero la unión más reciente",
        )
    check_reason(
        reason, [name for side in (kept, lost) if isinstance(side, Contact) for name in side.names()]
    )
    entry.undone_at = clock.now()
    await record(session, "merge.undo", actor=actor, subject=entry, reason=reason)
    lost.merged_into_id = None
    await _exchange(session, kept, lost, [MergeField(field) for field in entry.exchanged])
    await session.flush()  # the other rows are moved by statements of their own
    await queries.point_back(session, entry)
    await _uncarry(session, actor, entry)
    await _settle(session, entry, (entry.kept_id, entry.lost_id))
    unasked = isinstance(lost, Contact) and lost.status is ContactStatus.PROPOSED
    # What was let through for the kept one was let through for this one too, who was never asked.
    if unasked and await queries.was_let_through(session, lost):
        await contacts.invite(session, lost)


async def follow(session: AsyncSession, tenant_id: UUID, merge_id: UUID) -> bool:
    """Move what was written while the merge was under way; False when there was nothing."""
    entry = await queries.locked(session, tenant_id, merge_id)
    if entry is None or (entry.status, MergeAction.UNDO) not in MERGE_TRANSITIONS:
        return False
    late = await queries.point(session, tenant_id, entry.kind, entry.lost_id, entry.kept_id)
    # The merge itself is what points there rightly.
    own = f"{queries.MODELS[entry.kind].__tablename__}.merged_into_id"
    late.rows.pop(own, None)
    if not (late.rows or late.set_aside):
        return False
    entry.moved = _joined(entry.moved, late.rows)
    entry.set_aside = _joined(entry.set_aside, late.set_aside)
    await session.flush()  # what follows reads the rows as they stand now
    await _settle(session, entry, (entry.kept_id,))
    return True


def _joined(ones: dict[str, list[Any]], others: dict[str, list[Any]]) -> dict[str, list[Any]]:
    return {name: [*ones.get(name, ()), *others.get(name, ())] for name in ones.keys() | others.keys()}


def _sides(pair: DuplicatePair, keep: Side) -> tuple[UUID, UUID]:
    return (pair.left_id, pair.right_id) if keep is Side.LEFT else (pair.right_id, pair.left_id)


def _is_erased(row: Any) -> bool:
    return isinstance(row, Contact) and row.erased_at is not None


def _check(kind: DuplicateKind, kept: Any, lost: Any, taken: list[MergeField]) -> None:
    if kept.merged_into_id is not None or lost.merged_into_id is not None:
        raise Refused(
            "merged_already",
            "one of them was merged into another one; look at the pairs of that one",
            "uno de ellos ya se unió a otro; revise los pares de ese otro",
        )
    if kind is DuplicateKind.EMPLOYER:
        check_employers(kept.status, lost.status)
    else:
        check_contacts(kept.status, lost.status, taken)


async def _exchange(session: AsyncSession, kept: Any, lost: Any, fields: Iterable[MergeField]) -> None:
    for field in fields:
        name = field.value
        mine, other = getattr(kept, name), getattr(lost, name)
        if field is MergeField.EMAIL:
            # One address, one contact: the key of it holds at every moment.
            lost.email = None
            await session.flush()
        setattr(kept, name, other)
        if field is MergeField.EMAIL:
            await session.flush()
        setattr(lost, name, mine)


async def _carry_differences(
    session: AsyncSession, pair: DuplicatePair, kept_id: UUID, lost_id: UUID
) -> dict[str, list[str]]:
    """Make the kept row different from everything that the other is different from; returns what to take back."""
    changed, made = [], []
    for known, other_id in await queries.different_from(session, pair.tenant_id, pair.kind, lost_id):
        if other_id == kept_id:
            raise Refused(
                "marked_different",
                "somebody marked the one as different from what the other was merged with; undo that merge first",
                "alguien marcó uno como distinto de lo que se unió al otro; deshaga primero esa unión",
            )
        found = await queries.pair_of(session, pair.tenant_id, pair.kind, kept_id, other_id)
        if found is None:
            left, right = sorted((kept_id, other_id))
            found = DuplicatePair(
                tenant_id=pair.tenant_id,
                id=new_id(),
                kind=pair.kind,
                left_id=left,
                right_id=right,
                status=DuplicateStatus.DIFFERENT,
                score=known.score,
                reasons=known.reasons,
            )
            session.add(found)
            made.append(str(found.id))
        elif found.status is DuplicateStatus.SUGGESTED:
            found.status = next_status(TRANSITIONS, found.status, DuplicateAction.MARK_DIFFERENT)
            changed.append(str(found.id))
    return {"changed": changed, "made": made}


async def _uncarry(session: AsyncSession, actor: Actor, entry: Merge) -> None:
    carried = {name: [UUID(each) for each in ids] for name, ids in entry.carried.items()}
    await queries.remove_pairs(session, entry.tenant_id, carried.get("made", []))
    for pair in await queries.pairs(session, entry.tenant_id, carried.get("changed", [])):
        # Not a step of its life: it was never said of this pair itself.
        pair.status = DuplicateStatus.SUGGESTED
    if entry.pair_id is not None:
        for pair in await queries.pairs(session, entry.tenant_id, [entry.pair_id]):
            pair.status = next_status(TRANSITIONS, pair.status, DuplicateAction.RESTORE)
            await record(session, "duplicate.restore", actor=actor, subject=pair)


async def _settle(session: AsyncSession, entry: Merge, ids: tuple[UUID, ...]) -> None:
    """Bring what follows from both ends to where it belongs: connections, counters, the pool's index."""
    for each in ids:
        if entry.kind is DuplicateKind.EMPLOYER:
            await readiness.settle(session, entry.tenant_id, employer_id=each)
            match_keys.employer_changed(session, entry.tenant_id, each)
        else:
            await readiness.settle(session, entry.tenant_id, contact_id=each)
    if entry.kind is DuplicateKind.EMPLOYER:
        await budgets.recount(session, tenant_id=entry.tenant_id, employer_ids=list(ids))
    else:
        match_keys.contacts_changed(session, entry.tenant_id, (entry.kept_id, entry.lost_id))
    connections = {
        UUID(each) for name, rows in entry.moved.items() if name.startswith("connections.") for each in rows
    }
    await pool.index_all(session, entry.tenant_id, sorted(connections))
    await hops.score(session, entry.tenant_id, connections)
