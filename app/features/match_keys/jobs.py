"""Keys what was made or changed and looks for others like it; and keys, bit by bit, whatever still lacks its keys."""

from datetime import datetime
from uuid import UUID

from app.core.jobs import Workshop, working
from app.domain.duplicates.lives import DuplicateKind
from app.features.match_keys import service

# Rows in one transaction, and in one sweep of a tenant; the next one, a minute later, goes on.
_AT_ONCE, _IN_A_SWEEP = 500, 3_000


async def look_for_employer(work: Workshop, tenant_id: UUID, employer_id: UUID) -> None:
    """Key one employer, and suggest what it may be one with."""
    await _look(work, tenant_id, DuplicateKind.EMPLOYER, [employer_id])


async def look_for_contact(work: Workshop, tenant_id: UUID, contact_id: UUID) -> None:
    """Key one contact, and suggest whom they may be one with."""
    await _look(work, tenant_id, DuplicateKind.CONTACT, [contact_id])


async def sweep(work: Workshop, tenant_id: UUID, _now: datetime) -> int:
    """Key what came before there were keys, or in bulk, and look at each; returns how many rows that were."""
    done = 0
    for kind in DuplicateKind:
        while done < _IN_A_SWEEP:
            async with working(work.database, tenant_id) as unit:
                ids = await service.fill(unit.session, tenant_id, kind, _AT_ONCE)
            if not ids:
                break
            async with working(work.database, tenant_id) as unit:
                await service.look(unit.session, tenant_id, kind, ids)
            done += len(ids)
    return done


async def _look(work: Workshop, tenant_id: UUID, kind: DuplicateKind, ids: list[UUID]) -> None:
    # The keys are committed first: of two that arrive at once, the one that looks last sees the other.
    async with working(work.database, tenant_id) as unit:
        await service.key(unit.session, tenant_id, kind, ids)
    async with working(work.database, tenant_id) as unit:
        await service.look(unit.session, tenant_id, kind, ids)
