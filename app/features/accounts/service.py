"""Accounts, their passwords and their logins."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Database, Unit
from app.core.events import LINK, record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.limits import Backoff
from app.core.passwords import PasswordHasher, check_password_rules, spanish
from app.core.problems import Conflict, FieldError, Forbidden, Gone, TooManyRequests, Unprocessable
from app.domain.account import canonical_login, is_email, is_slug
from app.domain.policy import Actor
from app.features.accounts import queries
from app.features.accounts.schemas import Credentials, Standing
from app.features.links import service as links
from app.models import Account, LinkToken, LoginSession, Mail, Tenant

# The job that finds out whether anybody is to be written to; see jobs.py.
REQUEST_RESET = "request_password_reset"


class Gate(NamedTuple):
    """What passwords are compared with: threads that hash, and the memory of wrong guesses."""

    passwords: PasswordHasher
    backoff: Backoff
    address: str


async def create_tenant(session: AsyncSession, slug: str, name: str, locale: str, zone: str) -> Tenant:
    """Make a tenant, for the operator; raises Unprocessable for a slug that cannot be one, Conflict for a taken one."""
    if not is_slug(slug):
        raise Unprocessable(
            "choose a short name of 2 to 40 lower-case letters, digits and hyphens",
            spanish="elija un nombre corto de 2 a 40 letras minúsculas, cifras y guiones",
        )
    if await queries.slug_exists(session, slug):
        raise Conflict(
            "another tenant has this short name; choose another",
            spanish="otra comunidad tiene ese nombre corto; elija otro",
            code="slug_taken",
        )
    tenant = Tenant(id=new_id(), slug=slug, name=name, locale=locale, zone=zone)
    session.add(tenant)
    return tenant


async def create_login(
    session: AsyncSession, tenant_id: UUID, person_id: UUID | None, login: str, secret_hash: str
) -> UUID:
    """Make an account for a person (None: a machine) of a tenant and return its id.

    Raises Conflict when the login is taken, or the person has an account. Nothing is ever linked to an account
    that is already there: an equal address proves nothing.
    """
    await session.flush()  # the tenant may have been made in this unit of work
    account_id = new_id()
    kind = "machine" if person_id is None else "human"
    if not await queries.add_account(session, account_id, login, kind, secret_hash):
        raise login_taken(login)
    await link_account(session, account_id, tenant_id, person_id)
    return account_id


async def link_account(
    session: AsyncSession, account_id: UUID, tenant_id: UUID, person_id: UUID | None
) -> None:
    """Let an account be this person too; raises Conflict when either is somebody in the tenant already."""
    if not await queries.add_standing(session, account_id, tenant_id, person_id):
        raise Conflict(
            "this person has an account already, or this account is somebody else here; sign in instead",
            spanish="esta persona ya tiene una cuenta, o esta cuenta ya es de otra persona aquí; inicie sesión",
            code="has_account",
        )


def login_taken(login: str) -> Conflict:
    """Build the refusal of a login that another account has."""
    if is_email(login):
        return Conflict(
            "an account signs in with this e-mail address already; if it is yours, sign in and accept with its access "
            "token, otherwise choose a username",
            spanish="ya hay una cuenta con esta dirección de correo; si es suya, inicie sesión y acepte con su token, "
            "de lo contrario elija un nombre de usuario",
            code="login_taken",
        )
    return Conflict(
        "this username is taken; choose another",
        spanish="este nombre de usuario ya está en uso; elija otro",
        code="login_taken",
    )


def check_new_password(password: str, login: str, pointer: str = "/password") -> None:
    """Raise Unprocessable, with the sentence that says why, for a password that the rules refuse."""
    sentence = check_password_rules(password, login=login)
    if sentence is not None:
        raise Unprocessable(
            sentence,
            spanish=spanish(sentence),
            code="weak_password",
            errors=[FieldError(sentence, "weak_password", pointer=pointer)],
        )


def check_typed_twice(password: str, again: str) -> None:
    """Raise Unprocessable when the two fields of a form differ."""
    if password != again:
        raise Unprocessable(
            "the two passwords differ; go back and type the same one twice",
            spanish="las dos contraseñas no coinciden; vuelva atrás y escriba la misma dos veces",
            code="passwords_differ",
        )


async def credentials(database: Database, login: str) -> Credentials | None:
    """Return what a login is checked against, without opening a unit of work."""
    return await queries.credentials(database, login)


async def verified(session: AsyncSession, found: Credentials) -> Account | None:
    """Return the account if nothing about it changed since its secret was checked, locked against changes."""
    return await queries.verified(session, found)


async def standings(session: AsyncSession, account_id: UUID) -> list[Standing]:
    """Return who an account is in each of its tenants, the oldest tenant first."""
    return await queries.standings(session, account_id)


async def tenant_slug(session: AsyncSession, tenant_id: UUID) -> str:
    """Return a tenant's short name."""
    return await queries.tenant_slug(session, tenant_id)


async def login_of(session: AsyncSession, account_id: UUID) -> str:
    """Return what an account signs in with."""
    return (await session.get_one(Account, account_id)).login


async def is_here(session: AsyncSession, tenant_id: UUID, person_id: UUID) -> bool:
    """Say whether a person is still one of their tenant, which the unit of work must be in."""
    return await queries.is_here(session, tenant_id, person_id)


async def login_session(session: AsyncSession, session_id: UUID) -> tuple[LoginSession, bool] | None:
    """Return a login session, locked, and whether its account is disabled."""
    return await queries.login_session(session, session_id)


async def live_account(session: AsyncSession, session_id: UUID, account_id: UUID) -> UUID | None:
    """Return the account of a person whose login session is open now."""
    return await queries.live_account(session, session_id, account_id, clock.now())


async def end_session(session: AsyncSession, session_id: UUID) -> int:
    """End one login; return 1, or 0 when it had ended."""
    return await queries.end_session(session, session_id, clock.now())


async def end_sessions(session: AsyncSession, account_id: UUID, *, but: UUID | None = None) -> int:
    """End every login of an account, except one if named; return how many there were."""
    return await queries.end_sessions(session, account_id, clock.now(), but=but)


async def set_secret(session: AsyncSession, account_id: UUID, secret_hash: str) -> None:
    """Store the hash of a new password or client secret."""
    await queries.set_secret(session, account_id, secret_hash)


async def disable(session: AsyncSession, account_id: UUID) -> None:
    """Close an account for good and end its logins."""
    await queries.disable(session, account_id, clock.now())
    await end_sessions(session, account_id)


async def taken_logins(session: AsyncSession, logins: list[str]) -> set[str]:
    """Return which of these logins an account has."""
    return await queries.taken_logins(session, logins)


async def username_accounts(
    session: AsyncSession, tenant_id: UUID, person_ids: Sequence[UUID]
) -> dict[UUID, Account]:
    """Return the accounts of these people that have a username and belong here only: no mail can reset those."""
    found = await queries.accounts_only_here(session, tenant_id, person_ids)
    return {person_id: account for person_id, account in found.items() if not is_email(account.login)}


async def log_out_everywhere(session: AsyncSession, actor: Actor) -> int:
    """End every login of the caller, in every tenant; return how many there were."""
    ended = await end_sessions(session, actor.account_id)
    me = await queries.person(session, actor.tenant_id, _person_id(actor))
    await record(
        session,
        "session.logout_everywhere",
        actor=actor,
        subject=me,
        facts={"sessions_ended": ended},
        person_id=me.id,
    )
    return ended


async def change_password(session: AsyncSession, actor: Actor, gate: Gate, old: str, new: str) -> int:
    """Set a new password for somebody who knows the old one; return how many other logins were ended."""
    account = await queries.account(session, actor.account_id, lock=True)
    if account is None:
        raise Gone("this account is gone; sign in with another", spanish="esta cuenta ya no existe; use otra")
    check_new_password(new, account.login, "/new_password")
    key = f"password of {account.id} from {gate.address}"
    if wait := await gate.backoff.check(key):
        raise TooManyRequests(
            "too many wrong passwords; wait for the seconds in Retry-After",
            spanish="demasiadas contraseñas incorrectas; espere los segundos de Retry-After",
            headers={"Retry-After": str(wait)},
        )
    await gate.backoff.failed(key)
    if not await gate.passwords.verify(account.secret_hash, old):
        raise Forbidden(
            "the old password is wrong; type it again, or ask for a link to set a new one",
            spanish="la contraseña anterior no es correcta; escríbala otra vez o pida un enlace para cambiarla",
            code="wrong_password",
        )
    await gate.backoff.succeeded(key)
    account.secret_hash = await gate.passwords.hash(new)
    return await _password_set(
        session, account, actor.tenant_id, _person_id(actor), actor, but=actor.session_id
    )


async def request_reset(unit: Unit, gate: Gate, login: str) -> None:
    """Ask for a mail with a link to set a new password, if anybody has this login.

    The same statements run for an unknown login as for a known one; whether there is somebody to write to is
    found out by a job, so neither the answer nor its time tells.
    """
    login = canonical_login(login)
    key = f"reset of {login} from {gate.address}"
    if wait := await gate.backoff.check(key):
        raise TooManyRequests(
            "a new password was asked for many times; look for the mail, or wait for the seconds in Retry-After",
            spanish="se pidió muchas veces una contraseña nueva; busque el correo o espere los segundos de Retry-After",
            headers={"Retry-After": str(wait)},
        )
    await gate.backoff.failed(key)
    account_id = await queries.account_id_of(unit.session, login)
    ask_for(unit, REQUEST_RESET, account_id=account_id or new_id())


async def look_at_reset(session: AsyncSession, token: str) -> Account:
    """Return the account a reset link is for, without using the link up; raises NotFound or Gone."""
    return (await _reset(session, token))[1]


async def reset_password(unit: Unit, gate: Gate, token: str, password: str) -> str:
    """Set a new password by a link, end every login, and return the account's login."""
    session = unit.session
    link, account = await _reset(session, token)
    check_new_password(password, account.login)
    secret_hash = await gate.passwords.hash(password)
    await links.consume(session, link)
    await links.revoke(session, subject_id=account.id, purposes=("password_reset",))
    account.secret_hash = secret_hash
    for standing in (await queries.standings(session, account.id))[:1]:
        if standing.person_id is not None:
            await unit.open(standing.tenant_id)
            await _password_set(session, account, standing.tenant_id, standing.person_id, LINK)
    await end_sessions(session, account.id)
    return account.login


async def _reset(session: AsyncSession, token: str) -> tuple[LinkToken, Account]:
    link = await links.look(session, token, "password_reset")
    account = await queries.account(session, link.subject_id, lock=True)
    if account is None or account.disabled_at is not None:
        raise Gone(
            "this account was closed; ask your school for an invitation",
            spanish="esta cuenta se cerró; pida una invitación a su escuela",
        )
    return link, account


async def _password_set(
    session: AsyncSession,
    account: Account,
    tenant_id: UUID,
    person_id: UUID,
    by: Actor | str,
    *,
    but: UUID | None = None,
) -> int:
    ended = await end_sessions(session, account.id, but=but)
    person = await queries.person(session, tenant_id, person_id)
    event_id = await record(
        session,
        "password.reset" if isinstance(by, str) else "password.change",
        actor=by,
        subject=person,
        facts={"sessions_ended": ended},
        person_id=person.id,
    )
    if is_email(account.login):
        mail(session, "password_changed", tenant_id, account.id, event_id=event_id)
    return ended


def mail(
    session: AsyncSession, template: str, tenant_id: UUID, account_id: UUID, *, event_id: UUID | None = None
) -> None:
    """Write a mail to an account, to be sent after the commit."""
    unit: Unit = session.info["unit"]
    mail_id = new_id()
    session.add(
        Mail(
            tenant_id=tenant_id,
            id=mail_id,
            template=template,
            account_id=account_id,
            subject_id=account_id,
            event_id=event_id,
            facts={},
            due_at=clock.now(),
        )
    )
    ask_for(unit, "send_mail", tenant_id=tenant_id, mail_id=mail_id)


async def write_reset_mail(unit: Unit, account_id: UUID, since: datetime) -> bool:
    """Write the mail with the link to set a new password, unless there is nobody to write to or it was just written."""
    account = await queries.account(unit.session, account_id, lock=True)
    if account is None or account.disabled_at is not None or not is_email(account.login):
        return False
    for standing in (await queries.standings(unit.session, account_id))[:1]:
        await unit.open(standing.tenant_id)
        if not await queries.was_asked_since(unit.session, standing.tenant_id, account_id, since):
            mail(unit.session, "password_reset", standing.tenant_id, account_id)
            return True
    return False


async def delete_older(session: AsyncSession, before: datetime) -> int:
    """Delete the logins and links that ended before this instant; return how many there were."""
    return await queries.delete_sessions_older(session, before) + await links.delete_older(session, before)


def _person_id(actor: Actor) -> UUID:
    if actor.person_id is None:
        raise Forbidden(
            "a machine client has no password and no logins of its own; rotate its secret instead",
            spanish="un cliente de máquina no tiene contraseña ni sesiones; renueve su secreto",
        )
    return actor.person_id
