"""Every SQL statement of the token endpoint that is not one of the accounts' own."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import MachineClient


async def machine_client(session: AsyncSession, tenant_id: UUID, account_id: UUID) -> MachineClient | None:
    """Return the machine client of an account that was not revoked; the unit of work is in its tenant."""
    found: MachineClient | None = await session.scalar(
        select(MachineClient).where(
            MachineClient.tenant_id == tenant_id,
            MachineClient.account_id == account_id,
            MachineClient.revoked_at.is_(None),
        )
    )
    return found
