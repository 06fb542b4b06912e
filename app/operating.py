"""What the person who runs the installation does from the command line: tenants, files, dead letters."""

import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import select

from app.core import clock, deliveries
from app.core.db import Database
from app.core.events import SYSTEM
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.core.secrets import load_secrets
from app.domain.account import canonical_login
from app.domain.intake import ImportKind
from app.domain.policy import Role
from app.features.accounts import service as accounts
from app.features.imports.jobs import OnProgress, import_file
from app.features.invitations import service as invitations
from app.features.links import service as links
from app.features.mails.jobs import make_mailer
from app.models import Account, Delivery, Import, Membership, Person, Tenant
from app.settings import Settings

# Whom a new tenant needs before anybody else can be invited through the API.
FIRST_PEOPLE = (Role.DISTRICT_ADMIN, Role.OPERATOR)


RESET_LIFE = timedelta(hours=1)


class FirstLogin(NamedTuple):
    """A printed way in: the code opens the invitation, the login is what it becomes."""

    role: Role
    login: str
    code: str


class UnknownAccountError(LookupError):
    """No account has this login."""


class UnknownTenantError(LookupError):
    """No tenant has this short name."""


@contextlib.asynccontextmanager
async def workshop(settings: Settings, url: str) -> AsyncIterator[Workshop]:
    """Open what a command works with, and close it again."""
    database = Database(url, pool_size=4)
    await database.open()
    mailer = make_mailer(settings)
    try:
        await database.check_role()
        yield Workshop(database, settings, load_secrets(settings).hash_key, mailer)
    finally:
        await mailer.close()
        await database.close()


async def create_tenant(
    database: Database, slug: str, name: str, locale: str, zone: str, admin: tuple[str, str]
) -> list[FirstLogin]:
    """Make a tenant with its first administrator and its operator, and return their invitation codes."""
    async with working(database, None) as unit:
        tenant = await accounts.create_tenant(unit.session, slug, name, locale, zone)
        await unit.flush()  # the people refer to it
        await unit.open(tenant.id)
        logins = []
        for role in FIRST_PEOPLE:
            given, family = admin if role is Role.DISTRICT_ADMIN else ("Operator", name)
            person = Person(
                tenant_id=tenant.id, id=new_id(), given_name=given, family_name=family, locale=locale
            )
            unit.session.add(person)
            await unit.flush()  # the membership refers to it
            unit.session.add(Membership(tenant_id=tenant.id, person_id=person.id, role=role))
            await unit.flush()  # the invitation looks for it
            code, login = await invitations.invite_by_code(unit.session, tenant.id, person.id, SYSTEM)
            logins.append(FirstLogin(role, login, code))
    return logins


async def reset_code(database: Database, login: str) -> str:
    """Return a code that sets a new password of any account; whoever runs the installation answers for its use."""
    async with working(database, None) as unit:
        account = await unit.session.scalar(
            select(Account).where(Account.login == canonical_login(login), Account.kind == "human")
        )
        if account is None:
            raise UnknownAccountError(f"there is no account with the login {login!r}")
        return await links.issue_code(
            unit.session,
            purpose="password_reset",
            tenant_id=None,
            subject_id=account.id,
            expires_at=clock.now() + RESET_LIFE,
        )


async def import_into(
    work: Workshop,
    slug: str,
    kind: ImportKind,
    path: Path,
    *,
    apply: bool,
    publish: bool,
    on_progress: OnProgress,
) -> Import:
    """Import a file into a tenant, as a trial unless told to apply it."""
    tenant_id = await tenant_named(work.database, slug)
    return await import_file(
        work, tenant_id, kind, path, dry_run=not apply, publish=publish, on_progress=on_progress
    )


async def tenant_named(database: Database, slug: str) -> UUID:
    """Return the tenant's id; raises UnknownTenantError."""
    async with working(database, None) as unit:
        found = await unit.session.scalar(select(Tenant.id).where(Tenant.slug == slug))
    if found is None:
        raise UnknownTenantError(
            f"there is no tenant {slug!r}; make it with: python -m app tenant create {slug} NAME"
        )
    return found


async def dead_letters(database: Database, slug: str) -> list[Delivery]:
    """Return the deliveries of a tenant that wait for an operator."""
    tenant_id = await tenant_named(database, slug)
    async with working(database, tenant_id) as unit:
        found = await unit.session.scalars(
            select(Delivery)
            .where(Delivery.tenant_id == tenant_id, Delivery.dead_at.is_not(None))
            .order_by(Delivery.dead_at, Delivery.id)
        )
        return list(found)


async def replay(database: Database, slug: str, subject_id: UUID) -> None:
    """Try a dead letter again."""
    tenant_id = await tenant_named(database, slug)
    async with working(database, tenant_id) as unit:
        await deliveries.replay(unit.session, tenant_id, subject_id)


async def skip(database: Database, slug: str, subject_id: UUID) -> None:
    """Leave a dead letter undelivered and go on with its subject."""
    tenant_id = await tenant_named(database, slug)
    async with working(database, tenant_id) as unit:
        await deliveries.skip(unit.session, tenant_id, subject_id)
