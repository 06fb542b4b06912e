"""Every SQL statement of readiness."""

from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.connection import SETTLING
from app.domain.contact import ContactStatus
from app.domain.employer import EmployerStatus
from app.models import Connection, Contact, Employer


class Ends(NamedTuple):
    """A connection, and how those at its end stand."""

    connection: Connection
    contact: ContactStatus | None
    employer: EmployerStatus | None


async def settling(
    session: AsyncSession,
    tenant_id: UUID,
    *,
    contact_id: UUID | None,
    employer_id: UUID | None,
    connection_id: UUID | None,
) -> list[Ends]:
    """Return the connections that could start or rest by themselves, locked, with their ends as they are now.

    Two statements: an employer that is vetted while we wait for the lock shows only in the second one's snapshot.
    """
    candidates = select(Connection.id).where(
        Connection.tenant_id == tenant_id, Connection.status.in_(SETTLING)
    )
    if contact_id is not None:
        candidates = candidates.where(Connection.contact_id == contact_id)
    if employer_id is not None:
        candidates = candidates.where(Connection.employer_id == employer_id)
    if connection_id is not None:
        candidates = candidates.where(Connection.id == connection_id)
    ids = list(await session.scalars(candidates.order_by(Connection.id).with_for_update()))
    statement = (
        select(Connection, Contact.status, Employer.status)
        .outerjoin(
            Contact, (Contact.tenant_id == Connection.tenant_id) & (Contact.id == Connection.contact_id)
        )
        .outerjoin(
            Employer, (Employer.tenant_id == Connection.tenant_id) & (Employer.id == Connection.employer_id)
        )
        .where(Connection.tenant_id == tenant_id, Connection.id.in_(ids), Connection.status.in_(SETTLING))
        .order_by(Connection.id)
        .execution_options(populate_existing=True)
    )
    return [Ends(*row) for row in await session.execute(statement)]
