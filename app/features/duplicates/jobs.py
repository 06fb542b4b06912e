"""The search through everything: read, compare on a thread of its own, store what was not known."""

import asyncio
from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, ask_for, working
from app.domain.duplicates.lives import SCAN_TRANSITIONS, DuplicateKind, ScanAction
from app.domain.lifecycle import next_status
from app.features.duplicates import queries, service
from app.features.match_keys import service as match_keys

# A search at which the work stops this often is given up.
TRIES = 3
STRANDED_AFTER = timedelta(minutes=30)


async def scan_for_duplicates(work: Workshop, tenant_id: UUID, scan_id: UUID) -> None:
    """Search everything a tenant has. Run it as often as a queue likes: what is known is not stored twice."""
    if not await _start(work, tenant_id, scan_id):
        return
    compared, suggested = {}, 0
    for kind in DuplicateKind:
        async with working(work.database, tenant_id) as unit:
            records = await match_keys.everything(unit.session, tenant_id, kind)
        # No transaction is open meanwhile, and the other jobs of this worker go on.
        pairs = await asyncio.to_thread(match_keys.compare_all, kind, records)
        async with working(work.database, tenant_id) as unit:
            suggested += await match_keys.suggest(unit.session, tenant_id, kind, pairs)
        compared[kind] = len(records)
    async with working(work.database, tenant_id) as unit:
        scan = await queries.locked_scan(unit.session, tenant_id, scan_id)
        if scan is None or (scan.status, ScanAction.FINISH) not in SCAN_TRANSITIONS:
            return
        scan.status = next_status(SCAN_TRANSITIONS, scan.status, ScanAction.FINISH)
        scan.employers, scan.contacts = compared[DuplicateKind.EMPLOYER], compared[DuplicateKind.CONTACT]
        scan.suggested, scan.ended_at = suggested, clock.now()
        await record(
            unit.session,
            "duplicate_scan.finish",
            actor=SYSTEM,
            subject=scan,
            facts={"employers": scan.employers, "contacts": scan.contacts, "suggested": suggested},
        )


async def _start(work: Workshop, tenant_id: UUID, scan_id: UUID) -> bool:
    async with working(work.database, tenant_id) as unit:
        scan = await queries.locked_scan(unit.session, tenant_id, scan_id)
        if scan is None or (scan.status, ScanAction.START) not in SCAN_TRANSITIONS:
            return False
        over = scan.attempts >= TRIES
        action = ScanAction.FAIL if over else ScanAction.START
        scan.status = next_status(SCAN_TRANSITIONS, scan.status, action)
        if over:
            scan.ended_at = clock.now()
        else:
            scan.attempts += 1
            scan.started_at = clock.now()
        await record(unit.session, f"duplicate_scan.{action.value}", actor=SYSTEM, subject=scan)
        return not over


async def sweep(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Ask again for searches that nobody has worked on for a while; returns how many."""
    async with working(work.database, tenant_id) as unit:
        found = await queries.stranded(unit.session, tenant_id, now - STRANDED_AFTER)
        for scan_id in found:
            ask_for(unit, service.TASK, tenant_id=tenant_id, scan_id=scan_id)
    return len(found)
