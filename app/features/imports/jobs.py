"""The work on an import: read the file, store what it says in one transaction or only try it, and report.

Run it as often as a queue likes: one worker at a time works on an import, a worker that dies leaves nothing half done, and an
import that has ended is left alone.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.bulk import insert_rows
from app.core.db import Unit
from app.core.ids import new_id
from app.core.jobs import Workshop, ask_for, attempt, provisionally, working
from app.domain.errors import Refused
from app.domain.import_report import (
    ERASED,
    FAILED,
    LISTINGS_FILE,
    MOST_STORED,
    Remark,
    Severity,
    connection_remarks,
    held_sentence,
    listing_remarks,
    roster_remarks,
)
from app.domain.intake import (
    TRANSITIONS,
    Effect,
    FileCount,
    ImportAction,
    ImportKind,
    looks_poisoned,
)
from app.domain.lifecycle import next_status
from app.domain.listing_file import FileRefused
from app.domain.oneroster import FILES, PackageRefused
from app.features.connection_files import service as connection_files
from app.features.imports import queries, service
from app.features.listing_files import service as listing_files
from app.features.listing_sheets.service import Keeper
from app.features.listings import service as listings
from app.features.rosters import service as rosters
from app.models import Import, ImportRow

# A file at which the work stops this often is given up.
TRIES = 5
STRANDED_AFTER = timedelta(minutes=15)
_OFFERS_AT_ONCE = 100
_TOLD_EVERY = 0.4
_SIGN_OF_LIFE = 20.0

OnProgress = Callable[[int, int | None], None]


class Progress:
    """How many rows are done, of how many; None while the file is still being read."""

    def __init__(self, listener: OnProgress | None = None) -> None:
        self.done = 0
        self.total: int | None = None
        self._listener = listener

    def add(self, rows: int) -> None:
        """Count rows as done."""
        self.done += rows
        if self._listener is not None:
            self._listener(self.done, self.total)


@dataclass(slots=True)
class Outcome:
    """What came of an import: where it goes from here, its counts, its report."""

    action: ImportAction
    files: dict[str, FileCount] = field(default_factory=dict)
    file_of: Mapping[str, str] = field(default_factory=dict)
    """The file whose rows become each kind of thing."""
    effects: dict[str, Effect] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    summary: dict[str, Any] = field(default_factory=dict)
    fault: tuple[str, str, str] | None = None


async def run_import(
    work: Workshop, tenant_id: UUID, import_id: UUID, *, on_progress: OnProgress | None = None
) -> None:
    """Do the work on one import. Whatever stops it unexpectedly is raised again, for the queue to try it once more."""
    over = False
    try:
        await _run(work, tenant_id, import_id, Progress(on_progress))
        over = True
    finally:
        if not over:
            await _give_up(work, tenant_id, import_id, after=TRIES)


async def _run(work: Workshop, tenant_id: UUID, import_id: UUID, progress: Progress) -> None:
    async with working(work.database, tenant_id) as unit:
        if not await queries.take_turn(unit, tenant_id, import_id):
            return
        if not await _start(work, tenant_id, import_id):
            return
        async with _told(work, tenant_id, import_id, progress):
            entry = await queries.one(unit.session, tenant_id, import_id)
            outcome = await _carry_out(work, unit, entry, progress)
        await _write_down(unit.session, entry, outcome)


async def _start(work: Workshop, tenant_id: UUID, import_id: UUID) -> bool:
    """Mark an import as running, in a transaction of its own, so that everybody sees it; False when there is nothing to do."""
    if await _give_up(work, tenant_id, import_id, after=TRIES):
        return False
    async with working(work.database, tenant_id) as unit:
        entry = await queries.locked(unit.session, tenant_id, import_id)
        if entry is None or (entry.status, ImportAction.START) not in TRANSITIONS:
            return False
        entry.status = next_status(TRANSITIONS, entry.status, ImportAction.START)
        entry.started_at, entry.rows_done, entry.rows_total = clock.now(), 0, None
        await queries.count_attempt(unit.session, entry)
        return True


async def _give_up(work: Workshop, tenant_id: UUID, import_id: UUID, *, after: int) -> bool:
    """Let an import fail whose tries are used up; a file that kills the process would otherwise be tried for ever."""
    async with working(work.database, tenant_id) as unit:
        entry = await queries.locked(unit.session, tenant_id, import_id)
        if entry is None or (entry.status, ImportAction.FAIL) not in TRANSITIONS:
            return False
        if await queries.attempts(unit.session, entry) < after:
            return False
        await service.finish(unit.session, entry, ImportAction.FAIL, fault=("import_failed", *FAILED))
        return True


@contextlib.asynccontextmanager
async def _told(work: Workshop, tenant_id: UUID, import_id: UUID, progress: Progress) -> AsyncIterator[None]:
    """Show the progress meanwhile, a few times a second at most, and a sign of life where there is none."""
    over = asyncio.Event()

    async def tell() -> None:
        told, silent = (0, progress.total), 0.0
        while not over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), _TOLD_EVERY)
            now = (progress.done, progress.total)
            silent += _TOLD_EVERY
            if over.is_set() or (now == told and silent < _SIGN_OF_LIFE):
                continue
            # For the eye only: an import does not stop because its progress could not be shown.
            await attempt(
                work.database, tenant_id, partial(queries.tell_progress, import_id=import_id, progress=now)
            )
            told, silent = now, 0.0

    teller = asyncio.create_task(tell())
    try:
        yield
    finally:
        over.set()
        await teller


async def _carry_out(work: Workshop, unit: Unit, entry: Import, progress: Progress) -> Outcome:
    """Do everything, then keep it only if it is to be kept: a trial does the same work and so counts the same."""
    session = unit.session
    data = await queries.bytes_of(session, entry)
    if data is None:
        return Outcome(ImportAction.REFUSE, fault=("file_erased", *ERASED))
    if entry.kind is ImportKind.CONNECTIONS:
        try:
            return await _take_connections(work, entry, data, progress)
        except Refused as refused:
            return _refused(refused, [])
    take = _take_roster if entry.kind is ImportKind.ROSTER else _take_listings
    try:
        async with provisionally(unit) as effect:
            outcome = await take(session, entry, data, progress)
            effect.kept = outcome.action is ImportAction.FINISH
    except PackageRefused as refused:
        return _refused(refused, roster_remarks(refused.faults, Severity.REJECTED))
    except FileRefused as refused:
        return _refused(refused, [])
    return outcome


def _refused(why: Refused, remarks: list[Remark]) -> Outcome:
    return Outcome(ImportAction.REFUSE, remarks=remarks, fault=(why.code, why.sentence, why.spanish))


async def _take_roster(session: AsyncSession, entry: Import, data: bytes, progress: Progress) -> Outcome:
    before = await rosters.stored_before(session, entry.tenant_id)
    package, wanted = await asyncio.to_thread(rosters.read, data, before)
    files = {
        FILES[name].file: FileCount(count.read, count.taken, 0, count.rejected, count.ignored)
        for name, count in package.counts.items()
    }
    progress.total = sum(count.read for count in files.values())
    progress.add(sum(count.ignored for count in files.values()))

    def done(name: str) -> None:
        if name in package.counts:
            progress.add(package.counts[name].read)

    taken = await rosters.take(session, entry.tenant_id, entry.id, wanted, done)
    for name, merged in taken.merged.items():
        if name in package.counts:
            files[FILES[name].file].merged = merged
            files[FILES[name].file].taken -= merged
    ending, active = taken.people_ending, taken.people_active
    holds = looks_poisoned(active, ending) and entry.options.get("accept_ended") != ending
    outcome = Outcome(
        _action(entry, holds=holds),
        files,
        rosters.FILE_OF,
        taken.effects,
        roster_remarks(package.faults, Severity.REJECTED) + roster_remarks(wanted.notices, Severity.NOTICE),
        {
            "people": {"active": active, "ending": ending},
            "would_hold": holds,
            "ignored": [{"file": each.file, "rows": files[each.file].ignored} for each in package.ignored],
        },
    )
    if outcome.action is ImportAction.HOLD:
        outcome.fault = ("would_end_many", *held_sentence(ending, active))
    return outcome


def _action(entry: Import, *, holds: bool) -> ImportAction:
    if entry.dry_run:
        return ImportAction.FINISH_TRIAL
    return ImportAction.HOLD if holds else ImportAction.FINISH


async def _take_listings(session: AsyncSession, entry: Import, data: bytes, progress: Progress) -> Outcome:
    file = await asyncio.to_thread(listing_files.read, entry.options, data)
    progress.total = file.rows_read
    progress.add(file.merged + len(file.rejected))
    school_id = entry.options.get("school_id")
    choices = listings.Choices(
        publish=bool(entry.options.get("publish")),
        owner_id=entry.applied_by_id or entry.created_by_id,
        school_id=None if school_id is None else UUID(school_id),
        keeper=_keeper(entry),
        facts={"import_id": str(entry.id)},
    )
    taken = await listings.take(session, entry.tenant_id, file, choices, progress.add)
    mapping = file.mapping
    count = FileCount(
        read=file.rows_read,
        taken=len(file.listings) - len(taken.refused),
        merged=file.merged,
        rejected=len(file.rejected) + len(taken.refused),
    )
    return Outcome(
        _action(entry, holds=False),
        {LISTINGS_FILE: count},
        {"opportunities": LISTINGS_FILE},
        taken.effects,
        listing_remarks(file, taken.refused, taken.notices),
        {
            "mapping": {
                "columns": mapping.columns,
                "unmapped": mapping.unmapped,
                "left_out": mapping.left_out,
                "guessed": mapping.guessed,
            }
        },
    )


def _keeper(entry: Import) -> Keeper:
    schools = entry.options.get("schools")
    return Keeper(
        service.author_of(entry),
        None if schools is None else frozenset(UUID(each) for each in schools),
        may_change=bool(entry.options.get("may_change")),
    )


async def _take_connections(work: Workshop, entry: Import, data: bytes, progress: Progress) -> Outcome:
    """Take the offers some at a time, each lot in a unit of work of its own: whoever offers by hand meanwhile waits for none.

    Every row is an operation of its own, known again by its key: an import that stops goes on where it stopped.
    """
    file = await asyncio.to_thread(connection_files.read, entry.options, data)
    progress.total = file.rows_read
    progress.add(file.merged + len(file.rejected))
    sending = connection_files.sending(entry, file, work.hash_key)
    taken = connection_files.Taken()
    for at in range(0, len(file.offers), _OFFERS_AT_ONCE):
        some = file.offers[at : at + _OFFERS_AT_ONCE]
        async with working(work.database, entry.tenant_id) as unit, provisionally(unit) as effect:
            await connection_files.take(unit.session, sending, some, taken)
            effect.kept = not entry.dry_run
        progress.add(len(some))
    repeated = len(taken.refused) - taken.refused_offers
    count = FileCount(
        read=file.rows_read,
        taken=len(file.offers) - taken.refused_offers,
        merged=file.merged - repeated,
        rejected=len(file.rejected) + len(taken.refused),
    )
    columns = {"columns": file.columns, "unmapped": file.unmapped, "left_out": [], "guessed": True}
    return Outcome(
        _action(entry, holds=False),
        {file.file: count},
        {"connections": file.file},
        {"connections": taken.effect},
        connection_remarks(file, taken.refused),
        {"mapping": columns if file.columns else None},
    )


async def _write_down(session: AsyncSession, entry: Import, outcome: Outcome) -> None:
    """Write the counts and the report, in the transaction of the effect."""
    effects = {noun: asdict(each) for noun, each in outcome.effects.items()}
    shown = ("created", "changed", "unchanged", "ended")
    of_file = {outcome.file_of[noun]: each for noun, each in effects.items() if noun in outcome.file_of}
    entry.counts = {
        "files": {
            name: asdict(count) | {key: of_file.get(name, {}).get(key, 0) for key in shown}
            for name, count in outcome.files.items()
        },
        "effects": effects,
    }
    rejected = sum(each.severity is Severity.REJECTED for each in outcome.remarks)
    stored = outcome.remarks[:MOST_STORED]
    entry.summary = outcome.summary | {
        "report": {
            "rejected": rejected,
            "notices": len(outcome.remarks) - rejected,
            "not_stored": len(outcome.remarks) - len(stored),
        }
    }
    entry.rows_total = sum(count.read for count in outcome.files.values())
    entry.rows_done = entry.rows_total
    await service.finish(
        session, entry, outcome.action, fault=outcome.fault, facts={"effects": effects, "rejected": rejected}
    )
    await queries.forget_report(session, entry)
    await insert_rows(
        session,
        ImportRow,
        [
            {"id": new_id(), "import_id": entry.id, "position": at, **asdict(each)}
            for at, each in enumerate(stored, 1)
        ],
    )


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Erase files whose time is over, and ask anew for imports whose worker is gone; return how many of both."""
    async with working(work.database, tenant_id) as unit:
        erased = await queries.erase(unit.session, tenant_id, now)
        stranded = await queries.stranded(unit.session, tenant_id, now, STRANDED_AFTER)
        for import_id in stranded:
            ask_for(unit, service.TASK, tenant_id=tenant_id, import_id=import_id)
    return erased + len(stranded)


async def import_file(
    work: Workshop,
    tenant_id: UUID,
    kind: ImportKind,
    path: Path,
    *,
    dry_run: bool,
    publish: bool = False,
    on_progress: OnProgress | None = None,
) -> Import:
    """Import a file of this machine, here and now, without a queue; return the import as it ended.

    Nobody's account stands behind it: its events are the system's, and what it makes has no owner.
    """
    data = await asyncio.to_thread(path.read_bytes)
    async with working(work.database, tenant_id) as unit:
        entry = await service.keep(
            unit.session,
            tenant_id,
            kind,
            data,
            dry_run=dry_run,
            file_name=path.name,
            options={"publish": publish} if kind is ImportKind.OPPORTUNITIES else {},
        )
    await run_import(work, tenant_id, entry.id, on_progress=on_progress)
    async with working(work.database, tenant_id) as unit:
        return await queries.one(unit.session, tenant_id, entry.id)
