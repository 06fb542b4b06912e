"""Every SQL statement of accounts, passwords and logins; their tables are global."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, exists, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.core.db import Database
from app.core.paging import Keyset
from app.features.accounts.schemas import Credentials, Standing
from app.models import Account, AccountTenant, LoginSession, Mail, Person, Tenant

LATEST = Keyset("logins by creation", LoginSession.created_at, LoginSession.id, descending=True)

_ITEM: tuple[Any, ...] = (
    LoginSession.id,
    LoginSession.created_at,
    func.coalesce(LoginSession.rotated_at, LoginSession.created_at).label("last_used_at"),
    LoginSession.expires_at,
    Tenant.slug.label("tenant"),
)


async def credentials(database: Database, login: str) -> Credentials | None:
    """Return what a login is checked against, in a statement of its own.

    No unit of work is open while a password is hashed: sign-ins would hold connections that others wait for.
    """
    async with database.bare.connection() as connection:
        cursor = await connection.execute(
            "SELECT id, kind, secret_hash, disabled_at IS NOT NULL FROM accounts WHERE login = %s", (login,)
        )
        row = await cursor.fetchone()
    return None if row is None else Credentials(*row)


async def verified(session: AsyncSession, found: Credentials) -> Account | None:
    """Return the account if it is still as it was when its secret was checked, locked against changes of it."""
    account: Account | None = await session.scalar(
        select(Account)
        .where(
            Account.id == found.account_id,
            Account.secret_hash == found.secret_hash,
            Account.disabled_at.is_(None),
        )
        .with_for_update(read=True)
    )
    return account


async def account(session: AsyncSession, account_id: UUID, *, lock: bool = False) -> Account | None:
    """Return an account."""
    statement = select(Account).where(Account.id == account_id)
    found: Account | None = await session.scalar(
        statement.with_for_update(key_share=True) if lock else statement
    )
    return found


async def account_id_of(session: AsyncSession, login: str) -> UUID | None:
    """Return the enabled human account with this login."""
    found: UUID | None = await session.scalar(
        select(Account.id).where(
            Account.login == login, Account.kind == "human", Account.disabled_at.is_(None)
        )
    )
    return found


async def taken_logins(session: AsyncSession, logins: Sequence[str]) -> set[str]:
    """Return which of these logins an account has."""
    return set(await session.scalars(select(Account.login).where(Account.login.in_(logins))))


async def accounts_only_here(
    session: AsyncSession, tenant_id: UUID, person_ids: Sequence[UUID]
) -> dict[UUID, Account]:
    """Return the accounts of these people that belong to no other tenant, by person."""
    elsewhere = aliased(AccountTenant)
    found = await session.execute(
        select(AccountTenant.person_id, Account)
        .join(Account, Account.id == AccountTenant.account_id)
        .where(
            AccountTenant.tenant_id == tenant_id,
            AccountTenant.person_id.in_(person_ids),
            Account.kind == "human",
            Account.disabled_at.is_(None),
            ~exists().where(elsewhere.account_id == Account.id, elsewhere.tenant_id != tenant_id),
        )
    )
    return {person_id: account for person_id, account in found if person_id is not None}


async def standings(session: AsyncSession, account_id: UUID) -> list[Standing]:
    """Return the tenants of an account, the oldest first."""
    found = await session.execute(
        select(Tenant.id, Tenant.slug, AccountTenant.person_id)
        .join(AccountTenant, AccountTenant.tenant_id == Tenant.id)
        .where(AccountTenant.account_id == account_id)
        .order_by(Tenant.created_at, Tenant.id)
    )
    return [Standing(*row) for row in found]


async def tenant_slug(session: AsyncSession, tenant_id: UUID) -> str:
    """Return a tenant's short name."""
    return (await session.scalars(select(Tenant.slug).where(Tenant.id == tenant_id))).one()


async def slug_exists(session: AsyncSession, slug: str) -> bool:
    """Say whether a tenant has this short name."""
    return await session.scalar(select(Tenant.id).where(Tenant.slug == slug)) is not None


async def is_here(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> bool:
    """Say whether a person is enabled and has not ended; the unit of work is in their tenant."""
    found = await session.scalar(
        select(Person.id).where(
            Person.tenant_id == tenant_id,
            Person.id == person_id,
            Person.enabled,
            Person.ended_at.is_(None),
        )
    )
    return found is not None


async def person(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> Person:
    """Return a person; the unit of work is in their tenant."""
    return await session.get_one(Person, (tenant_id, person_id))


async def add_account(
    session: AsyncSession, account_id: UUID, login: str, kind: str, secret_hash: str
) -> bool:
    """Make an account; False when the login is taken."""
    made = await session.scalar(
        insert(Account)
        .values(id=account_id, login=login, kind=kind, secret_hash=secret_hash)
        .on_conflict_do_nothing()
        .returning(Account.id)
    )
    return made is not None


async def add_standing(
    session: AsyncSession, account_id: UUID, tenant_id: UUID, person_id: UUID | None
) -> bool:
    """Let an account be a person of a tenant; False when either of them is somebody there already."""
    made = await session.scalar(
        insert(AccountTenant)
        .values(account_id=account_id, tenant_id=tenant_id, person_id=person_id)
        .on_conflict_do_nothing()
        .returning(AccountTenant.account_id)
    )
    return made is not None


async def set_secret(session: AsyncSession, account_id: UUID, secret_hash: str) -> None:
    """Store the hash of a new password or client secret."""
    await session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(secret_hash=secret_hash)
        .execution_options(synchronize_session=False)
    )


async def disable(session: AsyncSession, account_id: UUID, now: datetime) -> None:
    """Close an account for good."""
    await session.execute(
        update(Account)
        .where(Account.id == account_id)
        .values(disabled_at=now)
        .execution_options(synchronize_session=False)
    )


async def login_session(session: AsyncSession, session_id: UUID) -> tuple[LoginSession, bool] | None:
    """Return a login session, locked, and whether its account is disabled."""
    found = await session.execute(
        select(LoginSession, Account.disabled_at.is_not(None))
        .join(Account, Account.id == LoginSession.account_id)
        .where(LoginSession.id == session_id)
        .with_for_update(of=LoginSession)
        .execution_options(populate_existing=True)
    )
    row = found.one_or_none()
    return None if row is None else (row[0], row[1])


async def live_account(
    session: AsyncSession, session_id: UUID, account_id: UUID, now: datetime
) -> UUID | None:
    """Return the human account of a login session that is still open."""
    found: UUID | None = await session.scalar(
        select(Account.id)
        .join(LoginSession, LoginSession.account_id == Account.id)
        .where(
            LoginSession.id == session_id,
            Account.id == account_id,
            Account.kind == "human",
            Account.disabled_at.is_(None),
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
    )
    return found


async def end_session(session: AsyncSession, session_id: UUID, now: datetime) -> int:
    """End one login session; return how many were open."""
    return await _end(session, LoginSession.id == session_id, now)


async def end_sessions(session: AsyncSession, account_id: UUID, now: datetime, *, but: UUID | None) -> int:
    """End every login session of an account (but one); return how many were open."""
    others = LoginSession.account_id == account_id
    return await _end(session, others if but is None else others & (LoginSession.id != but), now)


async def _end(session: AsyncSession, which: Any, now: datetime) -> int:
    ended = await session.execute(
        update(LoginSession)
        .where(which, LoginSession.revoked_at.is_(None), LoginSession.expires_at > now)
        .values(revoked_at=now)
        .execution_options(synchronize_session=False)
    )
    return int(ended.rowcount)  # type: ignore[attr-defined] # an UPDATE's result counts its rows


async def page_of_sessions(
    session: AsyncSession, account_id: UUID, now: datetime, limit: int, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 open login sessions of an account, the latest first."""
    statement: Select[Any] = (
        select(*_ITEM)
        .join(Tenant, Tenant.id == LoginSession.tenant_id)
        .where(
            LoginSession.account_id == account_id,
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
    )
    if after is not None:
        statement = statement.where(LATEST.after())
    statement = LATEST.order(statement).limit(limit + 1)
    found = await session.execute(statement, {} if after is None else LATEST.binds(after))
    return [dict(row) for row in found.mappings()]


async def was_asked_since(session: AsyncSession, tenant_id: UUID, account_id: UUID, since: datetime) -> bool:
    """Say whether a mail for a new password was written for this account since an instant."""
    found = await session.scalar(
        select(Mail.id).where(
            Mail.tenant_id == tenant_id,
            Mail.account_id == account_id,
            Mail.template == "password_reset",
            Mail.created_at > since,
        )
    )
    return found is not None


async def delete_sessions_older(session: AsyncSession, before: datetime) -> int:
    """Delete login sessions that expired, or were ended, before this instant."""
    gone = await session.execute(
        delete(LoginSession)
        .where((LoginSession.expires_at < before) | (LoginSession.revoked_at < before))
        .execution_options(synchronize_session=False)
    )
    return int(gone.rowcount)  # type: ignore[attr-defined] # a DELETE's result counts its rows
