"""Writing many rows at once: one JSON document a statement, so that arrays and dates arrive as themselves."""

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import JSON, String, Uuid, bindparam, cast, column, func, literal, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit

# Big enough that the statements cost nothing, small enough that a document stays in the megabytes.
CHUNK = 5_000

Rows = Iterable[Mapping[str, Any]]
Done = Callable[[int], None]


def _recordset(table: Any, names: Sequence[str]) -> Any:
    columns = [column(name, table.c[name].type) for name in names]
    document = cast(bindparam("document", type_=String), JSON)
    return (
        func.json_to_recordset(document).table_valued(*columns).render_derived(name="given", with_types=True)
    )


def _chunks(rows: Rows) -> Iterator[tuple[str, list[Mapping[str, Any]]]]:
    """Cut rows into documents, each made only when it is its turn: the event loop runs between them."""
    rest = iter(rows)
    while chunk := list(islice(rest, CHUNK)):
        yield orjson.dumps(chunk).decode(), chunk


def _begun(rows: Rows) -> tuple[list[str], Rows]:
    rest = iter(rows)
    first = next(rest, None)
    return ([], ()) if first is None else (list(first), chain((first,), rest))


async def read_rows(session: AsyncSession, statement: Any) -> AsyncIterator[Any]:
    """Read many rows without holding up whatever else this process does."""
    result = await session.stream(statement, execution_options={"yield_per": CHUNK})
    async for part in result.partitions():
        for row in part:
            yield row


async def insert_rows(
    session: AsyncSession,
    model: type[Any],
    rows: Rows,
    done: Done | None = None,
    *,
    where_missing: bool = False,
) -> None:
    """Insert rows of one table into the session's tenant; all rows name the same columns, their `id` among them.

    Columns left out take their defaults. `done` hears after each chunk how many rows it had. `where_missing` leaves out
    the rows that a unique key does not let stand beside what is there.
    """
    names, rows = _begun(rows)
    if not names:
        return
    table = model.__table__
    given = _recordset(table, names)
    tenant = literal(_tenant(session), Uuid)
    statement = insert(table).from_select(
        ["tenant_id", *names], select(tenant, *(given.c[name] for name in names))
    )
    if where_missing:
        statement = statement.on_conflict_do_nothing()
    for document, chunk in _chunks(rows):
        await session.execute(statement, {"document": document})
        if done is not None:
            done(len(chunk))


async def update_rows(session: AsyncSession, model: type[Any], rows: Rows, done: Done | None = None) -> None:
    """Change rows of one versioned table, found by their `id`; all rows name the same columns."""
    names, rows = _begun(rows)
    if not names:
        return
    table = model.__table__
    given = _recordset(table, names)
    values: dict[str, Any] = {name: given.c[name] for name in names if name != "id"}
    values |= {"version": table.c.version + 1, "updated_at": clock.now()}
    statement = (
        update(table)
        .where(table.c.tenant_id == _tenant(session), table.c.id == given.c.id)
        .values(values)
        .execution_options(synchronize_session=False)
    )
    for document, chunk in _chunks(rows):
        await session.execute(statement, {"document": document})
        if done is not None:
            done(len(chunk))


def ends(ids: Sequence[UUID], at: datetime, **more: Any) -> list[dict[str, Any]]:
    """Build the rows for `update_rows` that end what has these ids."""
    return [{"id": each, "ended_at": at, **more} for each in ids]


def _tenant(session: AsyncSession) -> UUID:
    unit: Unit = session.info["unit"]
    if unit.tenant_id is None:
        raise RuntimeError("rows are written for one tenant; open the unit of work with it")
    return unit.tenant_id
