"""Lets connections start, and rest, by themselves: active only while the contact consents and the employer is vetted."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import SYSTEM, record
from app.domain.connection import TRANSITIONS, ConnectionAction, is_ready, next_by_itself
from app.domain.contact import ContactStatus
from app.domain.employer import EmployerStatus
from app.domain.lifecycle import next_status
from app.features.hops import service as hops
from app.features.opportunities import service as opportunities
from app.features.pool import service as pool
from app.features.readiness import queries


async def settle(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    contact_id: UUID | None = None,
    employer_id: UUID | None = None,
    connection_id: UUID | None = None,
) -> None:
    """Bring the connections of this contact, this employer, or this one connection, to where they belong now.

    Call it after every change to one of the two ends, in the same unit of work.
    """
    if contact_id is None and employer_id is None and connection_id is None:
        raise ValueError("name the contact, the employer or the connection that changed")
    await session.flush()  # the ends are read again from the database
    found = await queries.settling(
        session, tenant_id, contact_id=contact_id, employer_id=employer_id, connection_id=connection_id
    )
    for connection, contact, employer in found:
        ready = is_ready(
            has_contact=connection.contact_id is not None,
            contact_consents=contact is ContactStatus.CONSENTED,
            has_employer=connection.employer_id is not None,
            employer_vetted=employer is EmployerStatus.VETTED,
        )
        action = next_by_itself(connection.status, ready=ready)
        if action is None:
            continue
        connection.status = next_status(TRANSITIONS, connection.status, action)
        await record(
            session,
            f"connection.{action.value}",
            actor=SYSTEM,
            subject=connection,
            person_id=connection.contributor_id,
        )
        if action is ConnectionAction.ACTIVATE:
            await pool.index(session, tenant_id, connection.id)
        if action is ConnectionAction.REST:
            await hops.end_for_connections(session, tenant_id, [connection.id])
            # Nobody is sent to a person who no longer agrees; running pursuits go on, people speak to each other.
            await opportunities.pause_all_of(
                session, SYSTEM, tenant_id, _NO_LONGER_READY, connection_id=connection.id
            )


_NO_LONGER_READY = "the connection it came through is not active any more"
