"""Files that were sent in hold people's data too: who is forgotten is forgotten there as well.

Low level, without routes, so that the erasure of a contact may call it.
"""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.features.uploads import queries


async def forget_contact(
    session: AsyncSession, tenant_id: UUID, contact_id: UUID, *, address: str | None = None
) -> int:
    """Erase every file of connections that a contact came in, or that names their `address`; return how many imports.

    The whole file goes, with what its report quotes and its name: a file is not rewritten. Give the address while it is
    known; files in which it is written in another form (quoted-printable) are found by the connections they made.
    """
    import_ids = await queries.holding(session, tenant_id, contact_id, address)
    if import_ids:
        await queries.blank(session, tenant_id, import_ids)
    return len(import_ids)
