"""Every SQL statement of match keys: how likenesses of employers and contacts are found by equality alone.

Row-level security lets an index help only operators that leak nothing; equality of text does.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.bulk import insert_rows
from app.core.db import Unit
from app.core.ids import new_id
from app.domain.duplicates import ContactRecord, EmployerRecord, Pair, Place, name_key
from app.domain.duplicates.lives import DuplicateKind, DuplicateStatus
from app.models import Contact, DuplicatePair, Employer, MatchKey, Worksite

# Of the rows under one key, so many of the newest are looked at; of those, so many that share most keys.
PER_KEY = 60
CANDIDATES = 50

_CANDIDATES = """
SELECT alike.subject_id
FROM unnest(%(keys)s::text[]) AS given(key)
CROSS JOIN LATERAL (
  SELECT m.subject_id FROM match_keys m
  WHERE m.tenant_id = %(tenant)s AND m.kind = %(kind)s AND m.key = given.key
  ORDER BY m.subject_id DESC LIMIT %(per_key)s
) alike
WHERE alike.subject_id <> %(subject)s
GROUP BY alike.subject_id
ORDER BY count(*) DESC, alike.subject_id DESC
LIMIT %(most)s
"""

Rooted = tuple[Any, UUID]
"""A record, and the id of the row that stands for it: its own, or of the one it was merged into."""


async def candidates(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, subject_id: UUID, keys: list[str]
) -> list[UUID]:
    """Return the rows that share keys with one, those that share most of them first."""
    unit: Unit = session.info["unit"]
    found = await unit.rows(
        _CANDIDATES,
        {
            "tenant": tenant_id,
            "kind": kind.value,
            "keys": keys,
            "subject": subject_id,
            "per_key": PER_KEY,
            "most": CANDIDATES,
        },
    )
    return [subject for (subject,) in found]


async def employers(session: AsyncSession, tenant_id: UUID, ids: Iterable[UUID] | None) -> list[Rooted]:
    """Return employers with their places (None: all of them), each with the id of the one that stands for it."""
    mine = () if ids is None else (Employer.id.in_(list(ids)),)
    columns = (Employer.id, Employer.name, Employer.phone, Employer.website, Employer.merged_into_id)
    rows = (
        await session.execute(
            select(*columns).where(Employer.tenant_id == tenant_id, *mine).order_by(Employer.id)
        )
    ).all()
    places: dict[UUID, list[Place]] = {}
    sites = select(Worksite.employer_id, Worksite.street, Worksite.city, Worksite.postal_code).where(
        Worksite.tenant_id == tenant_id
    )
    if ids is not None:
        sites = sites.where(Worksite.employer_id.in_([row.id for row in rows]))
    for employer_id, street, city, postal_code in await session.execute(sites.order_by(Worksite.id)):
        if street or city or postal_code:
            places.setdefault(employer_id, []).append(Place(street, city, postal_code))
    return [
        (
            EmployerRecord(row.id, row.name, tuple(places.get(row.id, ())), row.phone, row.website),
            row.merged_into_id or row.id,
        )
        for row in rows
    ]


async def contacts(
    session: AsyncSession, tenant_id: UUID, ids: Iterable[UUID] | None, *, lock: bool = False
) -> list[Rooted]:
    """Return contacts that are not erased (None: all of them), each with the id of the one that stands for it.

    `lock` has whoever erases one of them wait until their keys are written, and then delete those.
    """
    mine = () if ids is None else (Contact.id.in_(list(ids)),)
    statement = (
        select(
            Contact.id,
            Contact.given_name,
            Contact.family_name,
            Contact.email,
            Contact.phone,
            Contact.employer_id,
            Contact.merged_into_id,
        )
        .where(Contact.tenant_id == tenant_id, Contact.erased_at.is_(None), *mine)
        .order_by(Contact.id)
    )
    found = await session.execute(statement.with_for_update(read=True) if lock else statement)
    return [(ContactRecord(*row[:6]), row.merged_into_id or row.id) for row in found]


async def hold(session: AsyncSession, tenant_id: UUID, ids: Iterable[UUID]) -> None:
    """Lock contacts whose keys are about to be written: whoever erases one waits, and then deletes the keys too."""
    await session.execute(
        select(Contact.id)
        .where(Contact.tenant_id == tenant_id, Contact.id.in_(list(ids)))
        .order_by(Contact.id)
        .with_for_update()
    )


async def suggest(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, pairs: Sequence[Pair]
) -> list[UUID]:
    """Store pairs that are not known yet, and return their ids; what somebody decided about a pair stays."""
    if kind is DuplicateKind.CONTACT:
        pairs = await _still_there(session, tenant_id, pairs)
    if not pairs:
        return []
    now = clock.now()
    rows = [
        {
            "tenant_id": tenant_id,
            "id": new_id(),
            "kind": kind,
            "left_id": pair.left,
            "right_id": pair.right,
            "status": DuplicateStatus.SUGGESTED,
            "score": pair.found.score,
            "reasons": [reason.value for reason in pair.found.reasons],
            "version": 1,
            "created_at": now,
            "updated_at": now,
        }
        for pair in pairs
    ]
    stored: list[UUID] = []
    for start in range(0, len(rows), 1000):
        statement = (
            insert(DuplicatePair)
            .values(rows[start : start + 1000])
            .on_conflict_do_nothing()
            .returning(DuplicatePair.id)
        )
        stored += await session.scalars(statement)
    return stored


async def _still_there(session: AsyncSession, tenant_id: UUID, pairs: Sequence[Pair]) -> list[Pair]:
    """Return the pairs of contacts that are not erased; whoever erases one waits, and then finds the pair."""
    ids = {each for pair in pairs for each in pair[:2]}
    there = set(
        await session.scalars(
            select(Contact.id)
            .where(Contact.tenant_id == tenant_id, Contact.id.in_(ids), Contact.erased_at.is_(None))
            .order_by(Contact.id)
            .with_for_update(read=True)
        )
    )
    return [pair for pair in pairs if there.issuperset(pair[:2])]


async def note_keyed(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, ids: Sequence[UUID]
) -> None:
    """Note that these rows have their keys. Their version stays: nothing that anybody reads has changed."""
    model: Any = Employer if kind is DuplicateKind.EMPLOYER else Contact
    values: dict[str, Any] = {"keyed_at": clock.now(), "updated_at": model.updated_at}
    await session.execute(
        update(model)
        .where(model.tenant_id == tenant_id, model.id.in_(ids))
        .values(values)
        .execution_options(synchronize_session=False)
    )


async def fill_name_keys(session: AsyncSession, tenant_id: UUID, names: dict[UUID, str]) -> None:
    """Key the names of employers that came in bulk."""
    lacking = await session.scalars(
        select(Employer.id).where(
            Employer.tenant_id == tenant_id, Employer.id.in_(names), Employer.name_key.is_(None)
        )
    )
    for employer_id, name in [(each, names[each]) for each in lacking]:
        await session.execute(
            update(Employer)
            .where(Employer.tenant_id == tenant_id, Employer.id == employer_id)
            .values(name_key=name_key(name), updated_at=Employer.updated_at)
            .execution_options(synchronize_session=False)
        )


async def lacking(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, limit: int) -> list[UUID]:
    """Return rows whose keys are to be made, locked; those that somebody else has in hand are left to them."""
    model: Any = Employer if kind is DuplicateKind.EMPLOYER else Contact
    statement = select(model.id).where(model.tenant_id == tenant_id, model.keyed_at.is_(None))
    if model is Contact:
        statement = statement.where(Contact.erased_at.is_(None))
    return list(
        await session.scalars(statement.order_by(model.id).limit(limit).with_for_update(skip_locked=True))
    )


async def unkey(session: AsyncSession, tenant_id: UUID, employer_ids: Sequence[UUID]) -> None:
    """Note that the keys of these employers are to be made anew."""
    await session.execute(
        update(Employer)
        .where(Employer.tenant_id == tenant_id, Employer.id.in_(employer_ids))
        .values(keyed_at=None, updated_at=Employer.updated_at)
        .execution_options(synchronize_session=False)
    )


async def write(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, keys: dict[UUID, list[str]]
) -> None:
    """Make these the keys of many rows, and no others."""
    await session.execute(
        delete(MatchKey)
        .where(MatchKey.tenant_id == tenant_id, MatchKey.kind == kind, MatchKey.subject_id.in_(keys))
        .execution_options(synchronize_session=False)
    )
    await insert_rows(
        session,
        MatchKey,
        (
            {"id": new_id(), "kind": kind.value, "key": key, "subject_id": subject, "created_at": clock.now()}
            for subject, mine in keys.items()
            for key in mine
        ),
    )
