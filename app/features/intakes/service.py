"""What a student brings from home: frozen once, at intake; what the family brings later is counted beside it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.tie import INTAKE_GRACE, End, TieEnd, TieEntryKind, TieEvidence, TieOrigin
from app.features.intakes import queries
from app.features.tie_ledger import service as ledger
from app.features.tie_ledger.service import Beginning, Shown


async def due(session: AsyncSession, tenant_id: UUID, now: datetime, limit: int) -> list[UUID]:
    """Return students whose inherited ties are to be frozen: here for a day, so that their family is known."""
    return await queries.not_frozen(session, tenant_id, now - INTAKE_GRACE, limit)


async def freeze(
    session: AsyncSession, tenant_id: UUID, student_ids: list[UUID], now: datetime
) -> list[UUID]:
    """Write down the ties that students inherit, and that these are all; returns whom it was done for.

    Inherited is what their households have brought in and not withdrawn at this moment. Twice, or on two workers at
    once, changes nothing more.
    """
    await ledger.take_turns(session, student_ids)
    frozen = await queries.frozen_among(session, tenant_id, student_ids)
    fresh = [student_id for student_id in student_ids if student_id not in frozen]
    counts = dict.fromkeys(fresh, 0)
    await ledger.form_all(
        session,
        tenant_id,
        [
            Beginning(
                offered.student_id,
                offered.end,
                TieOrigin.INHERITED,
                Shown(now, TieEvidence.CONNECTION, offered.connection_id),
            )
            for offered in await queries.offered_by_families(session, tenant_id, fresh)
        ],
    )
    counts |= await queries.inherited_counts(session, tenant_id, fresh)
    await queries.freeze(session, tenant_id, counts, now)
    return fresh


async def extend(session: AsyncSession, tenant_id: UUID, connection_id: UUID, shown: Shown) -> None:
    """Note a family's new connection for its students whose inherited ties are frozen.

    For the others there is nothing to do yet: freezing takes it with the rest.
    """
    students = await queries.students_near(session, tenant_id, connection_id=connection_id)
    await ledger.take_turns(session, students)
    frozen = await queries.frozen_among(session, tenant_id, students)
    near = [student_id for student_id in students if student_id in frozen]
    for offered in await queries.offered_by_families(session, tenant_id, near, connection_id):
        await ledger.form(session, tenant_id, offered.student_id, offered.end, TieOrigin.HOUSEHOLD, shown)


async def withdraw(session: AsyncSession, tenant_id: UUID, connection_id: UUID, shown: Shown) -> None:
    """Note that a family took a connection back: a tie ends that nothing else shows."""
    # Whoever is being frozen with it is waited for.
    await ledger.take_turns(
        session, await queries.students_near(session, tenant_id, connection_id=connection_id)
    )
    ties = await ledger.left_bare(session, tenant_id, connection_id)
    await ledger.note_all(session, tenant_id, ties, TieEntryKind.ENDED, shown)


async def let_go(session: AsyncSession, tenant_id: UUID, contact_id: UUID, shown: Shown) -> None:
    """Note that a contact left the network: every tie to them ends."""
    await ledger.take_turns(session, await queries.students_near(session, tenant_id, contact_id=contact_id))
    ties = await ledger.tied_to(session, tenant_id, ends=[End(TieEnd.CONTACT, contact_id)], twins=True)
    await ledger.note_all(session, tenant_id, ties, TieEntryKind.ENDED, shown)


async def left_out(session: AsyncSession, tenant_id: UUID, since: datetime | None, limit: int) -> list[UUID]:
    """Return students whose household changed since then and has connections that their ledger does not know."""
    return await queries.left_out(session, tenant_id, since, limit)


async def catch_up(session: AsyncSession, tenant_id: UUID, student_ids: list[UUID], now: datetime) -> int:
    """Note what new members of frozen students' households have brought in; returns how many students it was for."""
    await ledger.take_turns(session, student_ids)
    frozen = await queries.frozen_among(session, tenant_id, student_ids)
    for offered in await queries.offered_by_families(session, tenant_id, sorted(frozen)):
        shown = Shown(now, TieEvidence.CONNECTION, offered.connection_id)
        await ledger.form(session, tenant_id, offered.student_id, offered.end, TieOrigin.HOUSEHOLD, shown)
    return len(frozen)
