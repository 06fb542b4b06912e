"""What coordinators do with pairs that may be one: look, say that they are not, or have everything searched."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core.db import Unit
from app.core.events import record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.problems import NotFound
from app.domain.duplicates.lives import TRANSITIONS, DuplicateAction, ScanStatus
from app.domain.free_text import check_reason
from app.domain.lifecycle import next_status
from app.domain.policy import Actor
from app.features.duplicates import queries
from app.models import DuplicatePair, DuplicateScan

TASK = "scan_for_duplicates"
_SIDES, _NAMES = ("left", "right"), ("given_name", "family_name")


async def view(session: AsyncSession, actor: Actor, pair_id: UUID) -> dict[str, Any]:
    """Return one pair as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, pair_id)
    if found is None:
        raise NotFound(
            "there is no pair here with this id that you may see",
            spanish="no existe aquí ningún par con ese id que usted pueda ver",
        )
    return found


async def mark_different(
    session: AsyncSession, actor: Actor, pair_id: UUID, version: int, reason: str
) -> None:
    """Say that two are not the same, for ever: no search suggests them again, nor what they are merged with."""
    pair = await get(session, actor, "duplicate.mark_different", DuplicatePair, pair_id, lock=True)
    check_version(pair, version)
    found = await view(session, actor, pair_id)
    check_reason(reason, [name for side in _SIDES for part in _NAMES if (name := found[side][part])])
    pair.status = next_status(TRANSITIONS, pair.status, DuplicateAction.MARK_DIFFERENT)
    await record(session, "duplicate.mark_different", actor=actor, subject=pair, reason=reason)


async def ask_for_scan(session: AsyncSession, actor: Actor) -> UUID:
    """Have everything searched, and return the search; while one is under way it is that one."""
    scan = await queries.under_way(session, actor.tenant_id)
    if scan is None:
        scan = DuplicateScan(tenant_id=actor.tenant_id, id=new_id(), status=ScanStatus.WAITING)
        session.add(scan)
        unit: Unit = session.info["unit"]
        ask_for(unit, TASK, tenant_id=actor.tenant_id, scan_id=scan.id)
    await record(session, "duplicate_scan.create", actor=actor, subject=scan)
    return scan.id


async def view_scan(session: AsyncSession, actor: Actor, scan_id: UUID) -> dict[str, Any]:
    """Return one search; raises NotFound."""
    found = await queries.scan(session, actor, scan_id)
    if found is None:
        raise NotFound(
            "there is no search here with this id that you may see",
            spanish="no existe aquí ninguna búsqueda con ese id que usted pueda ver",
        )
    return {
        "id": found.id,
        "status": found.status,
        "employers": found.employers,
        "contacts": found.contacts,
        "suggested": found.suggested,
        "created_at": found.created_at,
        "started_at": found.started_at,
        "ended_at": found.ended_at,
        "version": found.version,
        "allowed_actions": [],
    }
