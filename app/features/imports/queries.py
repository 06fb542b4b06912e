"""Every SQL statement of imports."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core import clock
from app.core.db import Unit
from app.core.paging import Keyset
from app.domain.intake import TRANSITIONS, ImportKind, ImportStatus, percent
from app.domain.policy import Actor, may_ever
from app.features.imports.schemas import ImportFilters, ImportRowFilters
from app.models import Import, ImportRow, Upload

VERBS = verbs("import", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))
_UNFINISHED = (ImportStatus.QUEUED, ImportStatus.RUNNING)

LATEST = Keyset("imports by creation", Import.created_at, Import.id, descending=True)
IN_ORDER = Keyset("the report of an import", ImportRow.position, ImportRow.id)

_ITEM = (
    Import.id,
    Import.kind,
    Import.status,
    Import.dry_run,
    Import.file_name,
    Import.rows_done,
    Import.rows_total,
    Import.created_by_id,
    Import.created_at,
    Import.started_at,
    Import.finished_at,
    Import.version,
)
_WHOLE = (Import.options, Import.counts, Import.summary, Import.fault_code, Import.fault)


def _open_to(actor: Actor) -> ColumnElement[bool]:
    """Files of people's addresses are for those who may send such files; what feeds rosters never sees them."""
    if may_ever(actor, "import.create_connections"):
        return allowed(actor, "import.read", Import)
    return and_(allowed(actor, "import.read", Import), Import.kind != ImportKind.CONNECTIONS)


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["allowed_actions"] = actions.take(row, VERBS[row["status"].value])
    row["percent"] = percent(row["status"], row["rows_done"], row["rows_total"])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: ImportFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 imports the caller may read, the latest first, behind `after`."""
    actions = RowActions(actor, Import, _ACTIONS)
    statement: Any = select(*_ITEM, *actions.columns).where(_open_to(actor))
    if filters.kind is not None:
        statement = statement.where(Import.kind == filters.kind)
    if filters.status is not None:
        statement = statement.where(Import.status == filters.status)
    rows = await _behind(session, LATEST, statement, after, filters.limit)
    return [_finish(row, actions) for row in rows]


async def view(session: AsyncSession, actor: Actor, import_id: UUID) -> dict[str, Any] | None:
    """Return one import as the caller may see it, or None."""
    actions = RowActions(actor, Import, _ACTIONS)
    found = await session.execute(
        select(*_ITEM, *_WHOLE, Upload.erase_at, *actions.columns)
        .outerjoin(Upload, (Upload.tenant_id == Import.tenant_id) & (Upload.id == Import.upload_id))
        .where(Import.id == import_id, _open_to(actor))
    )
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actions)


async def rows(
    session: AsyncSession, entry: Import, filters: ImportRowFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 remarks of an import's report, in their order, behind `after`."""
    statement: Any = select(
        ImportRow.id,
        ImportRow.position,
        ImportRow.file,
        ImportRow.line,
        ImportRow.column,
        ImportRow.code,
        ImportRow.severity,
        ImportRow.values,
    ).where(ImportRow.tenant_id == entry.tenant_id, ImportRow.import_id == entry.id)
    if filters.file is not None:
        statement = statement.where(ImportRow.file == filters.file)
    if filters.severity is not None:
        statement = statement.where(ImportRow.severity == filters.severity)
    return await _behind(session, IN_ORDER, statement, after, filters.limit)


async def _behind(
    session: AsyncSession, keyset: Keyset, statement: Any, after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    values: dict[str, Any] = {}
    if after is not None:
        statement, values = statement.where(keyset.after()), keyset.binds(after)
    found = await session.execute(keyset.order(statement).limit(limit + 1), values)
    return [dict(row) for row in found.mappings()]


async def refused(session: AsyncSession, entry: Import) -> list[dict[str, Any]]:
    """Return the stored remarks on rows that were not taken."""
    found = await session.execute(
        select(ImportRow.line, ImportRow.column, ImportRow.code, ImportRow.values)
        .where(
            ImportRow.tenant_id == entry.tenant_id,
            ImportRow.import_id == entry.id,
            ImportRow.severity == "rejected",
            ImportRow.line.is_not(None),
        )
        .order_by(ImportRow.position)
    )
    return [dict(row) for row in found.mappings()]


async def bytes_of(session: AsyncSession, entry: Import) -> bytes | None:
    """Return the file of an import, or None when it has been erased."""
    found: bytes | None = await session.scalar(
        select(Upload.data).where(Upload.tenant_id == entry.tenant_id, Upload.id == entry.upload_id)
    )
    return found


async def locked(session: AsyncSession, tenant_id: UUID, import_id: UUID) -> Import | None:
    """Return an import, locked until the end of this unit of work."""
    found = await session.scalars(
        select(Import)
        .where(Import.tenant_id == tenant_id, Import.id == import_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return found.one_or_none()


async def one(session: AsyncSession, tenant_id: UUID, import_id: UUID) -> Import:
    """Return an import for the work on it."""
    return await session.get_one(Import, (tenant_id, import_id))


async def count_attempt(session: AsyncSession, entry: Import) -> None:
    """Count one more try of an import's file."""
    await session.execute(
        update(Upload)
        .where(Upload.tenant_id == entry.tenant_id, Upload.id == entry.upload_id)
        .values(attempts=Upload.attempts + 1)
        .execution_options(synchronize_session=False)
    )


async def attempts(session: AsyncSession, entry: Import) -> int:
    """Return how often an import's file was tried."""
    found = await session.scalar(
        select(Upload.attempts).where(Upload.tenant_id == entry.tenant_id, Upload.id == entry.upload_id)
    )
    return int(found or 0)


async def forget_attempts(session: AsyncSession, entry: Import) -> None:
    """Start counting the tries anew."""
    await session.execute(
        update(Upload)
        .where(Upload.tenant_id == entry.tenant_id, Upload.id == entry.upload_id)
        .values(attempts=0)
        .execution_options(synchronize_session=False)
    )


async def take_turn(unit: Unit, tenant_id: UUID, import_id: UUID) -> bool:
    """Be the only one who works on this import, and wait for the tenant's others; False when somebody works on it already.

    Both locks are this transaction's: a worker that dies gives them back at once.
    """
    # Reading a large file leaves the transaction idle, and storing it takes longer than any request may.
    for name, value in (
        ("idle_in_transaction_session_timeout", "15min"),
        ("statement_timeout", "10min"),
        ("lock_timeout", "10min"),
    ):
        await unit.driver.execute(f"SET LOCAL {name} = '{value}'".encode())
    # A check of a foreign key that was planned while its table was small reads the whole table for every new row.
    await unit.driver.execute(b"SET LOCAL enable_seqscan = off")
    await unit.driver.execute(b"DISCARD PLANS")
    ((taken,),) = await unit.rows("SELECT pg_try_advisory_xact_lock(%s)", (_number(f"import {import_id}"),))
    if taken:
        await unit.rows("SELECT pg_advisory_xact_lock(%s)", (_number(f"imports of {tenant_id}"),))
    return bool(taken)


def _number(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big", signed=True)


async def tell_progress(unit: Unit, import_id: UUID, progress: tuple[int, int | None]) -> None:
    """Show how far a running import has come; nobody edits that, so it is no new version."""
    await unit.rows(
        "UPDATE imports SET rows_done = %s, rows_total = %s, updated_at = %s"
        " WHERE tenant_id = %s AND id = %s AND status = 'running'",
        (*progress, clock.now(), unit.tenant_id, import_id),
    )


async def forget_report(session: AsyncSession, entry: Import) -> None:
    """Remove the report of an earlier run."""
    await session.execute(
        delete(ImportRow).where(ImportRow.tenant_id == entry.tenant_id, ImportRow.import_id == entry.id)
    )


async def erase(session: AsyncSession, tenant_id: UUID, now: datetime) -> int:
    """Erase the files whose time is over, and what their reports quote; return how many files."""
    due = select(Upload.id).where(
        Upload.tenant_id == tenant_id, Upload.erase_at <= now, Upload.data.is_not(None)
    )
    await session.execute(
        update(ImportRow)
        .where(
            ImportRow.tenant_id == tenant_id,
            ImportRow.import_id.in_(
                select(Import.id).where(Import.tenant_id == tenant_id, Import.upload_id.in_(due))
            ),
        )
        .values(values={})
        .execution_options(synchronize_session=False)
    )
    erased = await session.execute(
        update(Upload)
        .where(Upload.tenant_id == tenant_id, Upload.id.in_(due))
        .values(data=None)
        .execution_options(synchronize_session=False)
    )
    return int(erased.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def stranded(session: AsyncSession, tenant_id: UUID, now: datetime, after: timedelta) -> list[UUID]:
    """Return unfinished imports of which nothing was heard for so long and for which no job waits; they count as heard of now."""
    waiting = text(
        "NOT EXISTS (SELECT FROM procrastinate_jobs j WHERE j.task_name = 'run_import' AND j.status = 'todo'"
        " AND j.args ->> 'import_id' = imports.id::text)"
    )
    found = await session.scalars(
        update(Import)
        .where(
            Import.tenant_id == tenant_id,
            Import.status.in_(_UNFINISHED),
            Import.updated_at < now - after,
            waiting,
        )
        .values(updated_at=now)
        .returning(Import.id)
        .execution_options(synchronize_session=False)
    )
    return list(found)
