"""Every SQL statement of merges: what points at one row is made to point at another, and back."""

from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from sqlalchemy import (
    ColumnElement,
    ForeignKeyConstraint,
    Index,
    Table,
    UniqueConstraint,
    and_,
    bindparam,
    cast,
    column,
    delete,
    func,
    insert,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import JSON
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core import clock
from app.core.paging import Keyset
from app.core.tables import Base
from app.domain.connection import SETTLING
from app.domain.duplicates.lives import MERGE_TRANSITIONS, DuplicateKind, DuplicateStatus, MergeStatus
from app.domain.policy import Actor
from app.features.merges.schemas import MergeFilters
from app.models import (
    Connection,
    Contact,
    DuplicatePair,
    Employer,
    Membership,
    Merge,
    Opportunity,
    Placement,
    Worksite,
)

VERBS = verbs("merge", MERGE_TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))
NEWEST = Keyset("merges by time", Merge.created_at, Merge.id, descending=True)

# The rows that whoever merges is told a number of. Not the asks: by these it would show where introductions went.
_TOLD = {model.__tablename__ for model in (Connection, Contact, Membership, Opportunity, Placement, Worksite)}

MODELS: dict[DuplicateKind, Any] = {DuplicateKind.EMPLOYER: Employer, DuplicateKind.CONTACT: Contact}


async def page(
    session: AsyncSession, actor: Actor, filters: MergeFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 merges the caller may read, newest first, behind `after`."""
    actions = RowActions(actor, Merge, _ACTIONS)
    statement = select(Merge, *actions.columns).where(allowed(actor, "merge.read", Merge))
    for name in ("kind", "status"):
        if (value := getattr(filters, name)) is not None:
            statement = statement.where(getattr(Merge, name) == value)
    found = await session.execute(NEWEST.cut(statement, after, filters.limit))
    return [_shown(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, merge_id: UUID) -> dict[str, Any] | None:
    """Return one merge as the caller may see it, or None."""
    actions = RowActions(actor, Merge, _ACTIONS)
    statement = select(Merge, *actions.columns).where(
        Merge.id == merge_id, allowed(actor, "merge.read", Merge)
    )
    found = (
        (await session.execute(statement, execution_options={"populate_existing": True}))
        .mappings()
        .one_or_none()
    )
    return None if found is None else _shown(dict(found), actions)


def _shown(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    merge: Merge = row.pop("Merge")
    return {
        "id": merge.id,
        "kind": merge.kind.value,
        "status": merge.status.value,
        "duplicate_id": merge.pair_id,
        "kept_id": merge.kept_id,
        "lost_id": merge.lost_id,
        "exchanged": merge.exchanged,
        "rows_moved": sum(len(ids) for name, ids in merge.moved.items() if name.partition(".")[0] in _TOLD),
        "created_at": merge.created_at,
        "undone_at": merge.undone_at,
        "version": merge.version,
        "allowed_actions": actions.take(row, VERBS[merge.status.value]),
    }


async def lock_both(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, ids: Sequence[UUID]
) -> dict[UUID, Any]:
    """Return two employers or contacts as they are now, locked in the order of their ids."""
    model = MODELS[kind]
    found = await session.scalars(
        select(model)
        .where(model.tenant_id == tenant_id, model.id.in_(ids))
        .order_by(model.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {row.id: row for row in found}


class Pointer(NamedTuple):
    """A column by which rows of a table point at employers or contacts."""

    table: Table
    column: str

    @property
    def name(self) -> str:
        """Return its name in a merge's `moved`."""
        return f"{self.table.name}.{self.column}"


def pointers(kind: DuplicateKind) -> list[Pointer]:
    """Return every column that points at this kind of row, as the metadata has them: tables of tomorrow too."""
    wanted = MODELS[kind].__table__
    return [
        Pointer(table, constraint.column_keys[1])
        for table in sorted(Base.metadata.tables.values(), key=lambda each: each.name)
        for constraint in sorted(table.foreign_key_constraints, key=_keys)
        if constraint.referred_table is wanted
    ]


def _keys(constraint: ForeignKeyConstraint) -> list[str]:
    return list(constraint.column_keys)


class Moved(NamedTuple):
    """What a merge did: ids of the rows it moved by `table.column`, and rows it set aside by table."""

    rows: dict[str, list[str]]
    set_aside: dict[str, list[dict[str, Any]]]


async def point(session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, lost: UUID, kept: UUID) -> Moved:
    """Make everything that points at `lost` point at `kept`.

    A row that may not stand beside one of the kept row's is a twin of it: where the table knows twins it becomes one, else
    it is set aside, whole, to be put back when the merge is undone.
    """
    moved = Moved({}, {})
    for pointer in pointers(kind):
        table = pointer.table
        mine = and_(table.c.tenant_id == tenant_id, table.c[pointer.column] == lost)
        twins = await _twins(session, tenant_id, pointer, lost, kept)
        if twins and "twin" in table.c:
            await session.execute(update(table).where(mine, table.c.id.in_(twins)).values(twin=True))
            moved.rows[f"{table.name}.twin"] = [str(each) for each in twins]
        elif twins:
            aside = select(func.row_to_json(table.table_valued())).where(mine, table.c.id.in_(twins))
            moved.set_aside[table.name] = list(await session.scalars(aside))
            await session.execute(delete(table).where(mine, table.c.id.in_(twins)))
        found = await session.scalars(
            update(table).where(mine).values(_changed(table, pointer.column, kept)).returning(table.c.id)
        )
        if ids := sorted(map(str, found)):
            moved.rows[pointer.name] = ids
    return moved


async def point_back(session: AsyncSession, merge: Merge) -> None:
    """Make exactly the rows that a merge moved, and that still point at the kept row, point at the other one again."""
    for pointer in pointers(merge.kind):
        table = pointer.table
        ids = [UUID(each) for each in merge.moved.get(pointer.name, ())]
        if not ids:
            continue
        await session.execute(
            update(table)
            .where(
                table.c.tenant_id == merge.tenant_id,
                table.c.id.in_(ids),
                table.c[pointer.column] == merge.kept_id,
            )
            .values(_changed(table, pointer.column, merge.lost_id))
        )
    for name, ids in merge.moved.items():
        if name.endswith(".twin"):
            table = Base.metadata.tables[name.removesuffix(".twin")]
            await session.execute(
                update(table)
                .where(table.c.tenant_id == merge.tenant_id, table.c.id.in_([UUID(each) for each in ids]))
                .values(twin=False)
            )
    for name, rows in merge.set_aside.items():
        await _put_back(session, Base.metadata.tables[name], rows)


def _changed(table: Table, name: str, target: UUID) -> dict[str, Any]:
    values: dict[str, Any] = {name: target}
    if "version" in table.c:
        values["version"] = table.c.version + 1
    if "updated_at" in table.c:
        values["updated_at"] = clock.now()
    return values


async def _put_back(session: AsyncSession, table: Table, rows: list[dict[str, Any]]) -> None:
    names = [each.name for each in table.columns if each.computed is None]
    document = cast(bindparam("document", orjson.dumps(rows).decode()), JSON)
    given = (
        func.json_to_recordset(document)
        .table_valued(*(column(name, table.c[name].type) for name in names))
        .render_derived(name="given", with_types=True)
    )
    await session.execute(insert(table).from_select(names, select(*(given.c[name] for name in names))))


async def _twins(
    session: AsyncSession, tenant_id: UUID, pointer: Pointer, lost: UUID, kept: UUID
) -> list[UUID]:
    """Return rows of the lost one that a unique key does not let stand beside a row of the kept one."""
    found: set[UUID] = set()
    for columns, condition, nulls_alike in _unique_keys(pointer.table):
        if pointer.column not in columns:
            continue
        one, other = pointer.table.alias("one"), pointer.table.alias("other")
        alike = [
            _alike(one.c[name], other.c[name], nulls_alike=nulls_alike)
            for name in columns
            if name not in {"tenant_id", pointer.column}
        ]
        statement = select(one.c.id).where(
            one.c.tenant_id == tenant_id,
            one.c[pointer.column] == lost,
            other.c.tenant_id == tenant_id,
            other.c[pointer.column] == kept,
            *alike,
        )
        if condition is not None:
            within = select(pointer.table.c.id).where(pointer.table.c.tenant_id == tenant_id, text(condition))
            statement = statement.where(one.c.id.in_(within), other.c.id.in_(within))
        found.update(await session.scalars(statement))
    return sorted(found)


def _alike(one: Any, other: Any, *, nulls_alike: bool) -> ColumnElement[bool]:
    clause: ColumnElement[bool] = one.is_not_distinct_from(other) if nulls_alike else one == other
    return clause


def _unique_keys(table: Table) -> list[tuple[list[str], str | None, bool]]:
    """Return the unique keys of a table: their columns, on which rows, and whether empty ones are alike."""
    found: list[tuple[list[str], str | None, bool]] = []
    unique: list[UniqueConstraint | Index] = [
        *(each for each in table.constraints if isinstance(each, UniqueConstraint)),
        *(index for index in table.indexes if index.unique),
    ]
    for key in unique:
        options = key.dialect_options["postgresql"]
        condition = options["where"] if isinstance(key, Index) else None
        names = [each.name for each in key.columns]
        found.append(
            (names, None if condition is None else str(condition), bool(options["nulls_not_distinct"]))
        )
    return found


async def later(session: AsyncSession, merge: Merge) -> bool:
    """Say whether the kept row took part in a merge after this one that stands."""
    found = await session.scalar(
        select(Merge.id)
        .where(
            Merge.tenant_id == merge.tenant_id,
            Merge.status == MergeStatus.DONE,
            Merge.id > merge.id,
            or_(Merge.kept_id == merge.kept_id, Merge.lost_id == merge.kept_id),
        )
        .limit(1)
    )
    return found is not None


async def different_from(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, lost: UUID
) -> list[tuple[DuplicatePair, UUID]]:
    """Return the pairs by which a row is known to be different from others, each with the row that stands for the other."""
    model = MODELS[kind]
    other_id = func.coalesce(
        func.nullif(DuplicatePair.left_id, lost), DuplicatePair.right_id, type_=DuplicatePair.left_id.type
    )
    found = await session.execute(
        select(DuplicatePair, func.coalesce(model.merged_into_id, model.id))
        .join(model, (model.tenant_id == DuplicatePair.tenant_id) & (model.id == other_id))
        .where(
            DuplicatePair.tenant_id == tenant_id,
            DuplicatePair.kind == kind,
            DuplicatePair.status == DuplicateStatus.DIFFERENT,
            or_(DuplicatePair.left_id == lost, DuplicatePair.right_id == lost),
        )
        .order_by(DuplicatePair.id)
    )
    return [(pair, standing_for) for pair, standing_for in found]


async def pair_of(
    session: AsyncSession, tenant_id: UUID, kind: DuplicateKind, one: UUID, other: UUID
) -> DuplicatePair | None:
    """Return the pair of two rows, locked."""
    left, right = sorted((one, other))
    found: DuplicatePair | None = await session.scalar(
        select(DuplicatePair)
        .where(
            DuplicatePair.tenant_id == tenant_id,
            DuplicatePair.kind == kind,
            DuplicatePair.left_id == left,
            DuplicatePair.right_id == right,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def pairs(session: AsyncSession, tenant_id: UUID, ids: Sequence[UUID]) -> list[DuplicatePair]:
    """Return pairs, locked in the order of their ids; those that an erasure took are missing."""
    found = await session.scalars(
        select(DuplicatePair)
        .where(DuplicatePair.tenant_id == tenant_id, DuplicatePair.id.in_(ids))
        .order_by(DuplicatePair.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def remove_pairs(session: AsyncSession, tenant_id: UUID, ids: Sequence[UUID]) -> None:
    """Delete pairs that a merge had made."""
    await session.execute(
        delete(DuplicatePair).where(DuplicatePair.tenant_id == tenant_id, DuplicatePair.id.in_(ids))
    )


async def locked(session: AsyncSession, tenant_id: UUID, merge_id: UUID) -> Merge | None:
    """Return a merge as it is now, locked."""
    found: Merge | None = await session.scalar(
        select(Merge)
        .where(Merge.tenant_id == tenant_id, Merge.id == merge_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found


async def was_let_through(session: AsyncSession, contact: Contact) -> bool:
    """Say whether some connection to a contact was screened, so that the contact is to be asked."""
    found = await session.scalar(
        select(Connection.id)
        .where(
            Connection.tenant_id == contact.tenant_id,
            Connection.contact_id == contact.id,
            Connection.status.in_(SETTLING),
        )
        .limit(1)
    )
    return found is not None
