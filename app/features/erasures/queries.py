"""Every SQL statement of erasing a contact."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.domain.duplicates.lives import DuplicateKind
from app.models import Connection, Contact, DuplicatePair, HostAsk, Mail, MatchKey, Merge


async def connections(session: AsyncSession, contact: Contact) -> list[Connection]:
    """Return every connection that leads or led to a contact, locked."""
    found = await session.scalars(
        select(Connection)
        .where(Connection.tenant_id == contact.tenant_id, Connection.contact_id == contact.id)
        .order_by(Connection.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def stop_mails(session: AsyncSession, contact: Contact, now: datetime) -> None:
    """Stop the mails to a contact that have not left yet."""
    await session.execute(
        update(Mail)
        .where(Mail.tenant_id == contact.tenant_id, Mail.contact_id == contact.id, Mail.state == "waiting")
        .values(state="failed", fault="erased", done_at=now)
        .execution_options(synchronize_session=False)
    )


async def merged_into(session: AsyncSession, contact: Contact) -> list[Contact]:
    """Return the contacts for which this one stands, locked: they keep what was theirs, in case they are told apart."""
    found = await session.scalars(
        select(Contact)
        .where(Contact.tenant_id == contact.tenant_id, Contact.merged_into_id == contact.id)
        .order_by(Contact.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return list(found)


async def delete_likenesses(session: AsyncSession, contact: Contact) -> list[UUID]:
    """Delete the keys made of a contact's names, numbers and address, and the pairs found by them; returns the pairs."""
    pairs = await session.scalars(
        delete(DuplicatePair)
        .where(
            DuplicatePair.tenant_id == contact.tenant_id,
            DuplicatePair.kind == DuplicateKind.CONTACT,
            (DuplicatePair.left_id == contact.id) | (DuplicatePair.right_id == contact.id),
        )
        .returning(DuplicatePair.id)
    )
    await session.execute(
        update(Merge)
        .where(
            Merge.tenant_id == contact.tenant_id,
            Merge.kind == DuplicateKind.CONTACT,
            (Merge.kept_id == contact.id) | (Merge.lost_id == contact.id),
        )
        .values(set_aside={})
        .execution_options(synchronize_session=False)
    )
    await session.execute(
        delete(MatchKey).where(
            MatchKey.tenant_id == contact.tenant_id,
            MatchKey.kind == DuplicateKind.CONTACT,
            MatchKey.subject_id == contact.id,
        )
    )
    return list(pairs)


async def forget_answers(session: AsyncSession, contact: Contact) -> None:
    """Blank what a contact wrote beside their answers to the yearly question."""
    await session.execute(
        update(HostAsk)
        .where(
            HostAsk.tenant_id == contact.tenant_id,
            HostAsk.contact_id == contact.id,
            HostAsk.note.is_not(None),
        )
        .values(note=None, version=HostAsk.version + 1)
        .execution_options(synchronize_session=False)
    )
