"""Secrets for people without a login: single use, hashed at rest, bound to one purpose and one thing.

Looking at a link changes nothing, because mail scanners follow every link they see; only `consume` uses it up.
"""

import re
import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.problems import Gone, NotFound
from app.core.tokens import hash_secret, new_secret
from app.features.links import queries
from app.models import LinkToken

# Crockford's base 32: no I, L, O or U, so that a code can be read from paper. 16 characters are 80 bits.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_CODE_CHARS = 16
_GROUP = 4
_CODE = re.compile(f"[{_ALPHABET}]{{{_CODE_CHARS}}}", re.ASCII)
_MISREAD = str.maketrans({"I": "1", "L": "1", "O": "0", "-": "", " ": ""})


async def issue(
    session: AsyncSession,
    *,
    purpose: str,
    tenant_id: UUID | None,
    subject_id: UUID,
    expires_at: datetime,
    login: str | None = None,
) -> str:
    """Make a link and return its secret, 43 URL-safe characters; only the hash is stored.

    An invitation that is mailed names in `login` the address it is mailed to: opening it proves that mailbox, so
    that address may become the login. Without one, whoever accepts has to choose a username.
    """
    secret = new_secret()
    session.add(
        LinkToken(
            token_hash=hash_secret(secret),
            tenant_id=tenant_id,
            purpose=purpose,
            subject_id=subject_id,
            login=login,
            expires_at=expires_at,
        )
    )
    return secret


async def issue_code(
    session: AsyncSession,
    *,
    purpose: str,
    tenant_id: UUID | None,
    subject_id: UUID,
    expires_at: datetime,
    login: str | None = None,
) -> str:
    """Make a link whose secret is typed from paper: `7GQ2-M4XK-0T9R-VB5C` (80 random bits)."""
    code = "".join(secrets.choice(_ALPHABET) for _ in range(_CODE_CHARS))
    session.add(
        LinkToken(
            token_hash=hash_secret(code),
            tenant_id=tenant_id,
            purpose=purpose,
            subject_id=subject_id,
            login=login,
            expires_at=expires_at,
        )
    )
    return "-".join(code[start : start + _GROUP] for start in range(0, _CODE_CHARS, _GROUP))


async def look(session: AsyncSession, secret: str, *purposes: str) -> LinkToken:
    """Return the open link of this secret, for one of these purposes, without using it up.

    Raises NotFound for an unknown secret or another purpose, Gone for a link that was used or has expired.
    """
    link = await queries.by_hash(session, hash_secret(_canonical(secret)))
    if link is None or link.purpose not in purposes:
        raise NotFound(
            "this link is not one of ours; copy it whole from the message, or ask for a new one",
            spanish="este enlace no es válido; cópielo completo del mensaje o pida uno nuevo",
            code="unknown_link",
        )
    if link.used_at is not None:
        raise _used()
    if link.expires_at <= clock.now():
        raise Gone(
            "this link has expired; ask for a new one",
            spanish="este enlace ha caducado; pida uno nuevo",
            code="link_expired",
        )
    return link


async def enter(session: AsyncSession, link: LinkToken) -> UUID:
    """Begin to work in the tenant of a link that was looked at, and return that tenant."""
    if link.tenant_id is None:
        raise ValueError("this link was issued in no tenant")
    unit: Unit = session.info["unit"]
    await unit.open(link.tenant_id)
    return link.tenant_id


async def consume(session: AsyncSession, link: LinkToken) -> None:
    """Use the link up, so that it never opens anything again; of several at once, all but one get Gone."""
    if not await queries.use(session, link.token_hash, clock.now()):
        raise _used()


async def revoke(session: AsyncSession, *, subject_id: UUID, purposes: tuple[str, ...]) -> None:
    """Close every open link about this subject for these purposes."""
    await revoke_all(session, subject_ids=(subject_id,), purposes=purposes)


async def revoke_all(
    session: AsyncSession, *, subject_ids: tuple[UUID, ...], purposes: tuple[str, ...]
) -> None:
    """Close every open link about these subjects for these purposes."""
    await session.flush()  # links issued in this unit of work must be in the table to be closed
    await queries.end(session, subject_ids, purposes, clock.now())


async def discard(session: AsyncSession, *, subject_id: UUID, purpose: str, expires_at: datetime) -> None:
    """Forget the unused links of a letter that did not leave, known by the instant at which they end."""
    await queries.discard(session, subject_id, purpose, expires_at)


async def promised_logins(session: AsyncSession, logins: list[str]) -> set[str]:
    """Return which of these logins an open invitation has promised to somebody."""
    return await queries.promised_logins(session, logins, clock.now())


async def delete_older(session: AsyncSession, before: datetime) -> int:
    """Delete the links that expired or were used before this instant; return how many there were."""
    return await queries.delete_older(session, before)


def _canonical(secret: str) -> str:
    """Return the form that was hashed: a code as people type it (lower case, spaces, O for 0) is still that code."""
    if len(secret) > 2 * _CODE_CHARS:
        return secret
    typed = secret.upper().translate(_MISREAD)
    return typed if _CODE.fullmatch(typed) else secret


def _used() -> Gone:
    return Gone(
        "this link was used already, and it works only once; ask for a new one",
        spanish="este enlace ya se usó y solo funciona una vez; pida uno nuevo",
        code="link_used",
    )
