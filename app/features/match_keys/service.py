"""Keeps the keys by which likenesses are found, and looks for them as employers and contacts arrive or change.

Low level, without routes: whoever makes or changes an employer, a worksite or a contact asks here for a look at it, which a
job takes right after the commit. So an offer waits for no comparison, and takes the same time whoever is known.
"""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.db import Unit
from app.core.jobs import ask_for
from app.domain.duplicates import (
    EmployerRecord,
    Pair,
    against,
    contact_keys,
    contact_traits,
    employer_keys,
    employer_traits,
    find_contacts,
    find_employers,
)
from app.domain.duplicates.lives import DuplicateKind
from app.features.match_keys import queries
from app.models import Contact

_EMPLOYER, _CONTACT = DuplicateKind.EMPLOYER, DuplicateKind.CONTACT


def employer_changed(session: AsyncSession, tenant_id: UUID, employer_id: UUID) -> None:
    """Ask for a look at an employer that was made or changed, or whose worksites were, once this is committed."""
    unit: Unit = session.info["unit"]
    ask_for(unit, "look_for_employer", tenant_id=tenant_id, employer_id=employer_id)


def contact_changed(session: AsyncSession, contact: Contact) -> None:
    """Ask for a look at a contact that was suggested or changed, once this is committed.

    Whether or not the address was known: nobody can tell by what is written, or by the time it takes.
    """
    contacts_changed(session, contact.tenant_id, (contact.id,))


def contacts_changed(session: AsyncSession, tenant_id: UUID, contact_ids: Sequence[UUID]) -> None:
    """Ask for a look at several contacts; see `contact_changed`."""
    unit: Unit = session.info["unit"]
    for contact_id in contact_ids:
        ask_for(unit, "look_for_contact", tenant_id=tenant_id, contact_id=contact_id)


async def unkey(session: AsyncSession, tenant_id: UUID, employer_ids: Sequence[UUID]) -> None:
    """Have the sweep make the keys of these employers anew: many came, or many of their worksites did."""
    await queries.unkey(session, tenant_id, employer_ids)


async def fill(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, limit: int) -> list[UUID]:
    """Make the keys of up to `limit` rows that lack them, from before or from an import; returns those rows."""
    ids = await queries.lacking(session, tenant_id, kind, limit)
    await key(session, tenant_id, kind, ids)
    return ids


async def key(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, ids: Sequence[UUID]) -> None:
    """Make the keys of these rows as they are now; erased ones have none."""
    if not ids:
        return
    keys: dict[UUID, list[str]]
    if kind is _EMPLOYER:
        records = [record for record, _ in await queries.employers(session, tenant_id, ids)]
        keys = {record.id: employer_keys(employer_traits(record)) for record in records}
        await queries.fill_name_keys(session, tenant_id, {record.id: record.name for record in records})
    else:
        await queries.hold(session, tenant_id, ids)
        people = [record for record, _ in await queries.contacts(session, tenant_id, ids, lock=True)]
        keys = {person.id: contact_keys(contact_traits(person)) for person in people}
    await queries.write(session, tenant_id, kind, keys)
    await queries.note_keyed(session, tenant_id, kind, ids)


async def look(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, ids: Sequence[UUID]) -> int:
    """Suggest what these rows, which have their keys, may be one with; returns how many pairs are new."""
    load = queries.employers if kind is _EMPLOYER else queries.contacts
    new = 0
    for record, root in await load(session, tenant_id, ids):
        mine = (
            employer_keys(employer_traits(record))
            if isinstance(record, EmployerRecord)
            else contact_keys(contact_traits(record))
        )
        alike = await queries.candidates(session, tenant_id, kind, record.id, mine)
        others = await load(session, tenant_id, alike)
        roots = {other.id: its_root for other, its_root in others} | {record.id: root}
        pairs = _rooted(against(kind, record, [other for other, _ in others]), roots)
        new += len(await queries.suggest(session, tenant_id, kind, pairs))
    return new


async def everything(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind) -> list[queries.Rooted]:
    """Return every record of a kind, each with the id of the row that stands for it."""
    load = queries.employers if kind is _EMPLOYER else queries.contacts
    return await load(session, tenant_id, None)


def compare_all(kind: DuplicateKind, records: Sequence[queries.Rooted]) -> list[Pair]:
    """Return the likely pairs among all records; takes the processor for a while, so call it in a thread."""
    roots = {record.id: root for record, root in records}
    found = (
        find_employers(record for record, _ in records)
        if kind is _EMPLOYER
        else find_contacts(record for record, _ in records)
    )
    return _rooted(found, roots)


async def suggest(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, pairs: Sequence[Pair]) -> int:
    """Store the pairs that are not known yet and return how many those were."""
    return len(await queries.suggest(session, tenant_id, kind, pairs))


def _rooted(pairs: Sequence[Pair], roots: dict[UUID, UUID]) -> list[Pair]:
    """Return the pairs of the rows that stand for these, each once, the surest of it."""
    found: dict[tuple[UUID, UUID], Pair] = {}
    for pair in pairs:
        left, right = sorted((roots[pair.left], roots[pair.right]))
        if left != right:
            found.setdefault((left, right), Pair(left, right, pair.found))
    return list(found.values())
