"""Every SQL statement of forgetting what files said of somebody."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.intake import ImportKind
from app.models import Connection, Import, ImportRow, StoredAnswer, Upload


async def holding(
    session: AsyncSession, tenant_id: UUID, contact_id: UUID, address: str | None
) -> list[UUID]:
    """Return the imports of connections that brought a contact in, or whose file still has the contact's address.

    Small letters are compared, and the zero bytes between those of a UTF-16 file are passed over.
    """
    brought = select(Connection.import_id).where(
        Connection.tenant_id == tenant_id,
        Connection.contact_id == contact_id,
        Connection.import_id.is_not(None),
    )
    named: list[ColumnElement[bool]] = [Import.id.in_(brought)]
    if address:
        text = func.replace(func.lower(func.encode(Upload.data, "escape")), "\\000", "")
        named.append(func.strpos(text, address.lower()) > 0)
    found = await session.scalars(
        select(Import.id)
        .outerjoin(Upload, (Upload.tenant_id == Import.tenant_id) & (Upload.id == Import.upload_id))
        .where(Import.tenant_id == tenant_id, Import.kind == ImportKind.CONNECTIONS, or_(*named))
        .order_by(Import.id)
    )
    return list(found)


async def blank(session: AsyncSession, tenant_id: UUID, import_ids: list[UUID]) -> None:
    """Erase the bytes of imports' files, what their reports quote, their names, and the answers that showed them."""
    files = select(Import.upload_id).where(Import.tenant_id == tenant_id, Import.id.in_(import_ids))
    await session.execute(
        update(Upload)
        .where(Upload.tenant_id == tenant_id, Upload.id.in_(files))
        .values(data=None)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(ImportRow)
        .where(ImportRow.tenant_id == tenant_id, ImportRow.import_id.in_(import_ids))
        .values(values={})
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(Import)
        .where(Import.tenant_id == tenant_id, Import.id.in_(import_ids), Import.file_name.is_not(None))
        .values(file_name=None, version=Import.version + 1)
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        update(StoredAnswer)
        .where(
            StoredAnswer.tenant_id == tenant_id,
            StoredAnswer.subject_ids.overlap(import_ids),
            StoredAnswer.body.is_not(None),
        )
        .values(body=None)
        .execution_options(synchronize_session=False)
    )
