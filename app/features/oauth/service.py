"""Giving tokens: to people by password, to machines by secret, to both again by what they were given before."""

import hmac
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from app.core import clock, refresh_tokens
from app.core.db import Database, Unit
from app.core.ids import new_id
from app.core.limits import Backoff
from app.core.passwords import PasswordHasher
from app.core.refresh_tokens import RefreshToken
from app.core.tokens import InvalidToken, KeyRing, TokenReader, hash_secret, issue_access_token, keyed_hash
from app.domain.account import canonical_login
from app.features.accounts import service as accounts
from app.features.accounts.schemas import Standing
from app.features.oauth import queries
from app.features.oauth.schemas import Grant, OAuthError, invalid_client
from app.models import LoginSession
from app.settings import Settings

PERSON_SCOPE = "person"
# A phone that lost the answer, or two tabs that refresh at once, send the same token again within this time.
REUSE_LEEWAY = timedelta(seconds=10)
_LONGEST_SECRET = 1000


class Desk(NamedTuple):
    """What tokens are made with, and where the request comes from."""

    database: Database
    settings: Settings
    keys: KeyRing
    reader: TokenReader
    hash_key: bytes
    passwords: PasswordHasher
    backoff: Backoff
    address: str
    user_agent: str

    def device(self, grant: Grant) -> bytes:
        """Return the fingerprint of the device that asks."""
        named = grant.fields.get("device") or self.user_agent
        return keyed_hash(self.hash_key, f"device:{named}")

    async def guess(self, login: str) -> str:
        """Count a guess at a secret before it is looked at; raises OAuthError when it comes too soon."""
        key = f"sign-in of {login} from {self.address}"
        if wait := await self.backoff.check(key):
            raise OAuthError(
                "temporarily_unavailable",
                "too many wrong guesses; wait for the seconds in Retry-After",
                429,
                {"Retry-After": str(wait)},
            )
        await self.backoff.failed(key)
        return key


async def by_password(unit: Unit, desk: Desk, grant: Grant) -> dict[str, Any]:
    """Sign a person in: a login, a password, and a tenant where the account has several."""
    login, password = canonical_login(grant.need("username")), grant.need("password")
    guess = await desk.guess(login)
    found = await accounts.credentials(desk.database, login)
    usable = found is not None and found.kind == "human" and not found.disabled
    stored = found.secret_hash if found is not None and usable else None
    if not await desk.passwords.verify(stored, password) or found is None or stored is None:
        raise _wrong_password()
    await desk.backoff.succeeded(guess)
    fresh = await desk.passwords.hash(password) if desk.passwords.needs_rehash(stored) else None
    await unit.open(None)
    if await accounts.verified(unit.session, found) is None:
        raise _wrong_password()
    if fresh is not None:
        await accounts.set_secret(unit.session, found.account_id, fresh)
    chosen = _chosen(await accounts.standings(unit.session, found.account_id), grant.fields.get("tenant"))
    await _check_here(unit, chosen.tenant_id, chosen.person_id)
    now = clock.now()
    refresh = refresh_tokens.first(desk.hash_key, new_id())
    unit.session.add(
        LoginSession(
            id=refresh.session_id,
            account_id=found.account_id,
            tenant_id=chosen.tenant_id,
            person_id=chosen.person_id,
            scopes=[],
            refresh_hash=refresh.hash,
            device_hash=desk.device(grant),
            expires_at=now + timedelta(days=desk.settings.login_session_days),
        )
    )
    return _tokens(
        desk, found.account_id, chosen.tenant_id, refresh.session_id, chosen.slug, PERSON_SCOPE, refresh, now
    )


async def by_refresh_token(unit: Unit, desk: Desk, grant: Grant) -> dict[str, Any] | OAuthError:
    """Give new tokens for a refresh token, and a new refresh token in its place.

    Requests with one token at once wait for each other at the session's row; within ten seconds, and from the
    same device, the one that was replaced gets the same successor again. Any other replaced token was copied, so
    the whole login ends; that refusal is returned, not raised, because the ending must be kept.
    """
    try:
        shown = refresh_tokens.read(desk.hash_key, grant.need("refresh_token"))
    except InvalidToken as error:
        raise OAuthError("invalid_grant", error.reason) from error
    await unit.open(None)
    found = await accounts.login_session(unit.session, shown.session_id)
    now = clock.now()
    if found is None or found[1] or found[0].revoked_at is not None or found[0].expires_at <= now:
        raise OAuthError("invalid_grant", "this login has ended; sign in again")
    login = found[0]
    if login.person_id is not None:
        await _check_here(unit, login.tenant_id, login.person_id)
    slug = await accounts.tenant_slug(unit.session, login.tenant_id)
    following = refresh_tokens.successor(desk.hash_key, shown)
    if _is(login.refresh_hash, shown):
        login.previous_hash = login.refresh_hash
        login.refresh_hash = following.hash
        login.rotated_at = now
        login.expires_at = now + timedelta(days=desk.settings.login_session_days)
        login.device_hash = desk.device(grant)
    elif not _is_repeated(login, shown, desk.device(grant), now):
        await accounts.end_session(unit.session, login.id)
        return OAuthError(
            "invalid_grant", "this refresh token was used before, so the login was ended; sign in again"
        )
    return _tokens(desk, login.account_id, login.tenant_id, login.id, slug, PERSON_SCOPE, following, now)


async def by_client_secret(unit: Unit, desk: Desk, grant: Grant) -> dict[str, Any]:
    """Give a machine client an access token with the scopes it asks for, or all it was granted."""
    if grant.client is None:
        raise invalid_client()
    login = canonical_login(grant.client.client_id)
    guess = await desk.guess(login)
    found = await accounts.credentials(desk.database, login)
    shown = hash_secret(grant.client.secret[:_LONGEST_SECRET]).hex()
    usable = found is not None and found.kind == "machine" and not found.disabled
    stored = found.secret_hash if found is not None and usable else None
    if not hmac.compare_digest(stored or "", shown) or found is None:
        raise invalid_client()
    await desk.backoff.succeeded(guess)
    await unit.open(None)
    account = await accounts.verified(unit.session, found)
    here = await accounts.standings(unit.session, found.account_id)
    if account is None or not here:
        raise invalid_client()
    await unit.open(here[0].tenant_id)
    client = await queries.machine_client(unit.session, here[0].tenant_id, account.id)
    if client is None:
        raise invalid_client()
    scopes = grant.fields.get("scope", "").split() or client.scopes
    if not set(scopes) <= set(client.scopes):
        raise OAuthError("invalid_scope", f"this client was granted: {' '.join(client.scopes)}")
    now = clock.now()
    session_id = new_id()
    unit.session.add(
        LoginSession(
            id=session_id,
            account_id=account.id,
            tenant_id=client.tenant_id,
            person_id=None,
            scopes=sorted(set(scopes)),
            expires_at=now + timedelta(minutes=desk.settings.access_token_minutes),
        )
    )
    scope = " ".join(sorted(set(scopes)))
    return _tokens(desk, account.id, client.tenant_id, session_id, here[0].slug, scope, None, now)


async def revoke(unit: Unit, desk: Desk, token: str) -> None:
    """End the login of a refresh or access token (RFC 7009); a token of nobody changes nothing."""
    try:
        session_id = refresh_tokens.read(desk.hash_key, token).session_id
    except InvalidToken:
        try:
            session_id = desk.reader.read(token, clock.now()).session_id
        except InvalidToken:
            return
    await unit.open(None)
    await accounts.end_session(unit.session, session_id)


def _tokens(
    desk: Desk,
    account_id: UUID,
    tenant_id: UUID,
    session_id: UUID,
    slug: str,
    scope: str,
    refresh: RefreshToken | None,
    now: datetime,
) -> dict[str, Any]:
    lifetime = timedelta(minutes=desk.settings.access_token_minutes)
    token = issue_access_token(
        desk.keys,
        issuer=desk.settings.token_issuer,
        audience=desk.settings.token_audience,
        account_id=account_id,
        tenant_id=tenant_id,
        session_id=session_id,
        now=now,
        lifetime=lifetime,
    )
    shown = {
        "access_token": token,
        "token_type": "Bearer",
        "expires_in": int(lifetime.total_seconds()),
        "scope": scope,
        "tenant": slug,
    }
    return shown if refresh is None else {**shown, "refresh_token": refresh.text}


def _chosen(here: list[Standing], named: str | None) -> Standing:
    slugs = ", ".join(sorted(standing.slug for standing in here))
    if not here:
        raise OAuthError(
            "invalid_grant", "this account belongs to no tenant; ask your school for an invitation"
        )
    if named is None:
        if len(here) > 1:
            raise OAuthError("invalid_request", f"name the tenant in the field tenant: one of {slugs}")
        return here[0]
    for standing in here:
        if named in {standing.slug, str(standing.tenant_id)}:
            return standing
    raise OAuthError("invalid_request", f"this account is not in that tenant; name one of {slugs}")


async def _check_here(unit: Unit, tenant_id: UUID, person_id: UUID | None) -> None:
    await unit.open(tenant_id)
    if person_id is None or not await accounts.is_here(unit.session, tenant_id, person_id):
        raise OAuthError("invalid_grant", "you are no longer a member of this tenant; ask your school")


def _is(kept: bytes | None, shown: RefreshToken) -> bool:
    return kept is not None and hmac.compare_digest(kept, shown.hash)


def _is_repeated(login: LoginSession, shown: RefreshToken, device: bytes, now: datetime) -> bool:
    return (
        _is(login.previous_hash, shown)
        and login.rotated_at is not None
        and now - login.rotated_at <= REUSE_LEEWAY
        and login.device_hash is not None
        and hmac.compare_digest(login.device_hash, device)
    )


def _wrong_password() -> OAuthError:
    return OAuthError("invalid_grant", "the login or the password is wrong")
