"""Leaving people in peace: the list of those who said "never contact me", and how often anybody is written to unasked.

Global: keyed hashes of mailboxes, whichever tenant asks. Low level, without routes.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.tokens import keyed_hash
from app.domain.contact import QUIET_SPAN, ContactStatus, mailbox, may_be_written_to
from app.features.suppressions import queries
from app.models import Contact, ContactAttempt

_REMINDER = "reminder"


async def suppress(session: AsyncSession, hash_key: bytes, address: str) -> None:
    """Have nobody write to a mailbox again, in any tenant."""
    await queries.suppress(session, keyed_hash(hash_key, mailbox(address)), clock.now())


async def may_write(session: AsyncSession, hash_key: bytes, contact: Contact, kind: str) -> bool:
    """Say whether the `invitation` or the `reminder` to a contact may leave now, whoever else wrote to that mailbox.

    Takes the mailbox's lock until the transaction ends: call `note_attempt` in the same one.
    """
    if contact.email is None or contact.status is not ContactStatus.INVITED:
        return False
    now = clock.now()
    address_hash = keyed_hash(hash_key, mailbox(contact.email))
    attempts = await queries.attempts_since(session, address_hash, now - QUIET_SPAN)
    suppressed = await queries.is_suppressed(session, address_hash)
    return may_be_written_to(
        [at for at, before in attempts if before != _REMINDER],
        [at for at, before in attempts if before == _REMINDER],
        now,
        suppressed=suppressed,
        reminder=kind == _REMINDER,
    )


async def may_ask(session: AsyncSession, hash_key: bytes, contact: Contact) -> bool:
    """Say whether a contact who said yes here may be asked for something by mail: not if they said "never" elsewhere."""
    return contact.email is not None and not await queries.is_suppressed(
        session, keyed_hash(hash_key, mailbox(contact.email))
    )


async def is_suppressed(session: AsyncSession, hash_key: bytes, address: str) -> bool:
    """Say whether the owner of a mailbox once said "never contact me", to any community."""
    return await queries.is_suppressed(session, keyed_hash(hash_key, mailbox(address)))


async def note_attempt(session: AsyncSession, hash_key: bytes, contact: Contact, kind: str) -> None:
    """Note that a mailbox is written to now; `kind` is `invitation` or `reminder`."""
    if contact.email is None:
        raise ValueError("a contact without an address is not written to")
    address_hash = keyed_hash(hash_key, mailbox(contact.email))
    session.add(ContactAttempt(address_hash=address_hash, kind=kind, created_at=clock.now()))
