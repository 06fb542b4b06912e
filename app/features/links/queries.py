"""Every SQL statement of links; the table is global, so no tenant needs to be named."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.models import LinkToken


async def by_hash(session: AsyncSession, token_hash: bytes) -> LinkToken | None:
    """Return the link whose secret has this hash."""
    found: LinkToken | None = await session.scalar(
        select(LinkToken).where(LinkToken.token_hash == token_hash).execution_options(populate_existing=True)
    )
    return found


async def use(session: AsyncSession, token_hash: bytes, now: datetime) -> bool:
    """Mark a link as used by compare-and-swap; False when it was used before or has expired."""
    used = await session.execute(
        update(LinkToken)
        .where(LinkToken.token_hash == token_hash, LinkToken.used_at.is_(None), LinkToken.expires_at > now)
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    return bool(used.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def end(
    session: AsyncSession, subject_ids: Iterable[UUID], purposes: Iterable[str], now: datetime
) -> int:
    """Mark every open link about these subjects, for these purposes, as used; return how many there were."""
    ended = await session.execute(
        update(LinkToken)
        .where(
            LinkToken.subject_id.in_(list(subject_ids)),
            LinkToken.purpose.in_(list(purposes)),
            LinkToken.used_at.is_(None),
        )
        .values(used_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def discard(session: AsyncSession, subject_id: UUID, purpose: str, expires_at: datetime) -> None:
    """Delete the unused links about a subject, for a purpose, that end at this instant."""
    await session.execute(
        delete(LinkToken)
        .where(
            LinkToken.subject_id == subject_id,
            LinkToken.purpose == purpose,
            LinkToken.expires_at == expires_at,
            LinkToken.used_at.is_(None),
        )
        .execution_options(synchronize_session=False)
    )


async def promised_logins(session: AsyncSession, logins: Sequence[str], now: datetime) -> set[str]:
    """Return which of these logins are named by an open link."""
    found = await session.scalars(
        select(LinkToken.login).where(
            LinkToken.login.in_(logins), LinkToken.used_at.is_(None), LinkToken.expires_at > now
        )
    )
    return {login for login in found if login is not None}


async def delete_older(session: AsyncSession, before: datetime) -> int:
    """Delete the links that expired, or were used, before this instant; return how many there were."""
    gone = await session.execute(
        delete(LinkToken)
        .where((LinkToken.expires_at < before) | (LinkToken.used_at < before))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined] # a DELETE's result counts its rows
