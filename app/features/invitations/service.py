"""How accounts come about: somebody is invited, and accepts.

An equal e-mail address never links two things. Whoever opens a mailed link has shown that they read that mailbox, so
its address may become the login of a new account. If an account has that login already, the holder of the link shows
that the account is theirs by signing in to it, and accepts with its access token; otherwise they choose a username.
A printed code shows nothing about a mailbox, so it always makes a username.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.events import LINK, Author, record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.passwords import PasswordHasher
from app.core.problems import Conflict, FieldError, Gone, Unauthorized, Unprocessable
from app.core.tokens import AccessClaims
from app.domain.account import (
    INVITATION_LIFE,
    InvitationOutcome,
    InvitationWay,
    login_from_email,
    may_have_code,
    proposed_usernames,
    username_at,
)
from app.domain.policy import Actor, Scope, scopes
from app.features.accounts import service as accounts
from app.features.invitations import queries
from app.features.invitations.schemas import Candidate
from app.features.links import service as links
from app.models import Account, LinkToken, Mail

PURPOSE = "invitation"
# For those who have an account already and no mailbox: the code sets a new password.
RESET = "password_reset"
_DIGITS = 6


async def invite(
    session: AsyncSession, actor: Actor, person_ids: Sequence[UUID], way: InvitationWay
) -> list[dict[str, Any]]:
    """Invite people by mail or by printed code, and say of each what became of it."""
    leads = Scope.TENANT in scopes(actor, "invitation.create")
    found = await queries.candidates(session, actor, person_ids)
    outcomes = {
        person_id: _outcome(found.get(person_id), way, inviter_leads_tenant=leads)
        for person_id in dict.fromkeys(person_ids)
    }
    known = {}
    if way is InvitationWay.CODE:
        known = await _forgotten(session, actor.tenant_id, found, outcomes, inviter_leads_tenant=leads)
    invited = [found[person_id] for person_id, o in outcomes.items() if o is InvitationOutcome.INVITED]
    await links.revoke_all(
        session, subject_ids=tuple(candidate.person.id for candidate in invited), purposes=(PURPOSE,)
    )
    if way is InvitationWay.CODE:
        made = await _print(session, actor.tenant_id, invited, actor)
        made |= await _reprint(session, actor, found, known)
    else:
        made = await _mail(session, invited, actor)
    nothing = {"code": None, "login": None, "expires_at": None}
    return [
        {"person_id": person_id, "outcome": outcome, **made.get(person_id, nothing)}
        for person_id, outcome in outcomes.items()
    ]


async def invite_by_code(
    session: AsyncSession, tenant_id: UUID, person_id: UUID, actor: Author | str
) -> tuple[str, str]:
    """Invite one person by a printed code, for the command line; return the code and the proposed login.

    The unit of work is in the tenant. Raises Conflict when the person has an account or is no longer here.
    """
    found = await queries.candidate(session, tenant_id, person_id, lock=True)
    if found is None or found.has_account or found.person.ended_at is not None:
        raise Conflict(
            "this person is not here or has an account already; nobody can be invited twice",
            spanish="esta persona no está aquí o ya tiene una cuenta; no se puede invitar dos veces",
            code="has_account",
        )
    await links.revoke(session, subject_id=person_id, purposes=(PURPOSE,))
    made = (await _print(session, tenant_id, [found], actor))[person_id]
    return made["code"], made["login"]


async def show(unit: Unit, token: str) -> dict[str, Any]:
    """Return what the holder of an invitation may know, without using it up."""
    link, found = await _opened(unit, token, lock=False)
    tenant = await queries.tenant(unit.session, found.person.tenant_id)
    taken = link.login is not None and bool(await accounts.taken_logins(unit.session, [link.login]))
    return {
        "tenant": tenant.slug,
        "tenant_name": tenant.name,
        "given_name": found.person.given_name,
        "login": link.login,
        "login_taken": taken,
        "expires_at": link.expires_at,
    }


async def accept(
    unit: Unit, passwords: PasswordHasher, token: str, password: str | None, username: str | None
) -> dict[str, Any]:
    """Make the account of an invited person; of several requests at once, one does and the others get Gone."""
    link, found = await _opened(unit, token, lock=True)
    tenant = await queries.tenant(unit.session, found.person.tenant_id)
    login = link.login if username is None else username_at(username, tenant.slug)
    if login is None:
        raise Unprocessable(
            "choose a username of 3 to 40 letters a-z, digits, dots, hyphens and underscores",
            spanish="elija un nombre de usuario de 3 a 40 letras a-z, cifras, puntos y guiones",
            code="username_needed",
            errors=[FieldError("choose a username", "username_needed", pointer="/username")],
        )
    if await accounts.taken_logins(unit.session, [login]):
        raise accounts.login_taken(login)
    if password is None:
        raise Unprocessable(
            "choose a password, or send the access token of your account",
            spanish="elija una contraseña o envíe el token de su cuenta",
            code="password_needed",
            errors=[FieldError("choose a password", "password_needed", pointer="/password")],
        )
    accounts.check_new_password(password, login)
    secret_hash = await passwords.hash(password)
    await links.consume(unit.session, link)
    await accounts.create_login(unit.session, tenant.id, found.person.id, login, secret_hash)
    await _accepted(unit.session, found)
    return {"login": login, "tenant": tenant.slug, "person_id": found.person.id}


async def accept_signed_in(unit: Unit, token: str, claims: AccessClaims) -> dict[str, Any]:
    """Let the account that is signed in be the invited person too."""
    link, found = await _opened(unit, token, lock=True)
    account_id = await accounts.live_account(unit.session, claims.session_id, claims.account_id)
    if account_id is None:
        raise Unauthorized(
            "sign in again to accept with your account, or leave the access token out and choose a password",
            spanish="vuelva a iniciar sesión para aceptar con su cuenta, o quite el token y elija una contraseña",
            headers={"WWW-Authenticate": 'Bearer realm="kithwork"'},
        )
    await links.consume(unit.session, link)
    await accounts.link_account(unit.session, account_id, found.person.tenant_id, found.person.id)
    await _accepted(unit.session, found)
    return {
        "login": await accounts.login_of(unit.session, account_id),
        "tenant": await accounts.tenant_slug(unit.session, found.person.tenant_id),
        "person_id": found.person.id,
    }


def _outcome(found: Candidate | None, way: InvitationWay, *, inviter_leads_tenant: bool) -> InvitationOutcome:
    if found is None:
        return InvitationOutcome.NOT_FOUND
    if found.has_account:
        return InvitationOutcome.HAS_ACCOUNT
    if found.person.ended_at is not None or not found.person.enabled:
        return InvitationOutcome.ENDED
    if way is InvitationWay.MAIL:
        known = login_from_email(found.person.email) is not None
        return InvitationOutcome.INVITED if known else InvitationOutcome.NO_EMAIL
    if not may_have_code(found.roles, inviter_leads_tenant=inviter_leads_tenant):
        return InvitationOutcome.STAFF_BY_MAIL
    return InvitationOutcome.INVITED


async def _forgotten(
    session: AsyncSession,
    tenant_id: UUID,
    found: Mapping[UUID, Candidate],
    outcomes: dict[UUID, InvitationOutcome],
    *,
    inviter_leads_tenant: bool,
) -> dict[UUID, Account]:
    """Mark those who have a username, which no mail can reset, and whom the inviter may hand a code."""
    candidates = [
        person_id
        for person_id, outcome in outcomes.items()
        if outcome is InvitationOutcome.HAS_ACCOUNT
        and found[person_id].person.ended_at is None
        and found[person_id].person.enabled
        and may_have_code(found[person_id].roles, inviter_leads_tenant=inviter_leads_tenant)
    ]
    known = await accounts.username_accounts(session, tenant_id, candidates)
    outcomes.update(dict.fromkeys(known, InvitationOutcome.NEW_PASSWORD))
    return known


async def _reprint(
    session: AsyncSession, actor: Actor, found: Mapping[UUID, Candidate], known: Mapping[UUID, Account]
) -> dict[UUID, dict[str, Any]]:
    expires_at = clock.now() + INVITATION_LIFE
    made: dict[UUID, dict[str, Any]] = {}
    for person_id, account in known.items():
        await links.revoke(session, subject_id=account.id, purposes=(RESET,))
        code = await links.issue_code(
            session,
            purpose=RESET,
            tenant_id=actor.tenant_id,
            subject_id=account.id,
            expires_at=expires_at,
        )
        await _invited(session, found[person_id], InvitationWay.CODE, actor)
        made[person_id] = {"code": code, "login": account.login, "expires_at": expires_at}
    return made


async def _mail(
    session: AsyncSession, invited: Iterable[Candidate], actor: Author | str
) -> dict[UUID, dict[str, Any]]:
    unit: Unit = session.info["unit"]
    for candidate in invited:
        event_id = await _invited(session, candidate, InvitationWay.MAIL, actor)
        mail_id = new_id()
        session.add(
            Mail(
                tenant_id=candidate.person.tenant_id,
                id=mail_id,
                template="invitation",
                person_id=candidate.person.id,
                subject_id=candidate.person.id,
                event_id=event_id,
                facts={},
                due_at=clock.now(),
            )
        )
        ask_for(unit, "send_mail", tenant_id=candidate.person.tenant_id, mail_id=mail_id)
    return {}


async def _print(
    session: AsyncSession, tenant_id: UUID, invited: Sequence[Candidate], actor: Author | str
) -> dict[UUID, dict[str, Any]]:
    slug = (await queries.tenant(session, tenant_id)).slug
    choices = {
        candidate.person.id: list(
            proposed_usernames(candidate.person.given_name, candidate.person.family_name, slug)
        )
        for candidate in invited
    }
    wanted = [login for logins in choices.values() for login in logins]
    taken = await accounts.taken_logins(session, wanted) | await links.promised_logins(session, wanted)
    expires_at = clock.now() + INVITATION_LIFE
    made: dict[UUID, dict[str, Any]] = {}
    for candidate in invited:
        logins = choices[candidate.person.id]
        login = next((login for login in logins if login not in taken), None) or _numbered(logins[0])
        taken.add(login)
        code = await links.issue_code(
            session,
            purpose=PURPOSE,
            tenant_id=tenant_id,
            subject_id=candidate.person.id,
            expires_at=expires_at,
            login=login,
        )
        await _invited(session, candidate, InvitationWay.CODE, actor)
        made[candidate.person.id] = {"code": code, "login": login, "expires_at": expires_at}
    return made


def _numbered(login: str) -> str:
    name, _, slug = login.partition("@")
    return f"{name}{secrets.randbelow(10**_DIGITS):0{_DIGITS}}@{slug}"


async def _invited(
    session: AsyncSession, candidate: Candidate, way: InvitationWay, actor: Author | str
) -> UUID:
    return await record(
        session,
        "invitation.create",
        actor=actor,
        subject=candidate.person,
        facts={"way": way.value},
        school_id=candidate.school_id,
        person_id=candidate.person.id,
    )


async def _accepted(session: AsyncSession, found: Candidate) -> None:
    await links.revoke(session, subject_id=found.person.id, purposes=(PURPOSE,))
    await record(
        session,
        "invitation.accept",
        actor=LINK,
        subject=found.person,
        school_id=found.school_id,
        person_id=found.person.id,
    )


async def _opened(unit: Unit, token: str, *, lock: bool) -> tuple[LinkToken, Candidate]:
    link = await links.look(unit.session, token, PURPOSE)
    if link.tenant_id is None:
        raise _ended()
    await unit.open(link.tenant_id)
    found = await queries.candidate(unit.session, link.tenant_id, link.subject_id, lock=lock)
    if lock:
        # Whoever waited for the lock while the same invitation was accepted finds it used now.
        await links.look(unit.session, token, PURPOSE)
    if found is None or found.person.ended_at is not None or not found.person.enabled:
        raise _ended()
    if found.has_account:
        raise Conflict(
            "this person has an account already; sign in with it",
            spanish="esta persona ya tiene una cuenta; inicie sesión con ella",
            code="has_account",
        )
    return link, found


def _ended() -> Gone:
    return Gone(
        "this invitation no longer holds; ask your school for a new one",
        spanish="esta invitación ya no es válida; pida una nueva a su escuela",
        code="invitation_ended",
    )
