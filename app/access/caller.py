"""Who is asking: the token, the login session and the memberships of this very moment."""

from typing import Annotated

from fastapi import Depends, Request
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.problems import Unauthorized
from app.core.tokens import InvalidToken, TokenReader
from app.domain.policy import Actor, Role, Standing

_ACTOR = """
SELECT s.person_id, s.scopes, coalesce(p.locale, t.locale), m.role, m.school_id, m.employer_id
FROM login_sessions s
JOIN accounts a ON a.id = s.account_id
JOIN tenants t ON t.id = s.tenant_id
LEFT JOIN people p ON p.tenant_id = s.tenant_id AND p.id = s.person_id AND p.enabled AND p.ended_at IS NULL
LEFT JOIN memberships m ON m.tenant_id = s.tenant_id AND m.person_id = p.id AND m.ended_at IS NULL
  AND (m.begins_on IS NULL OR m.begins_on <= %(today)s) AND (m.ends_on IS NULL OR m.ends_on >= %(today)s)
WHERE s.id = %(session)s AND s.account_id = %(account)s AND s.tenant_id = %(tenant)s
  AND s.revoked_at IS NULL AND s.expires_at > %(now)s AND a.disabled_at IS NULL
  AND (s.person_id IS NULL OR p.id IS NOT NULL)
"""


async def current_actor(request: Request) -> Actor:
    """Say who is asking, from the token and from the memberships of this very moment; opens the transaction."""
    found: Actor | None = getattr(request.state, "actor", None)
    if found is not None:
        return found
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        raise _not_signed_in()
    reader: TokenReader = request.app.state.tokens
    now = clock.now()
    try:
        claims = reader.read(token.strip(), now)
    except InvalidToken as error:
        raise _not_signed_in() from error
    unit: Unit = request.state.unit
    await unit.open(claims.tenant_id)
    rows = await unit.rows(
        _ACTOR,
        {
            "session": claims.session_id,
            "account": claims.account_id,
            "tenant": claims.tenant_id,
            "now": now,
            "today": now.date(),
        },
    )
    if not rows:
        raise _not_signed_in()
    person_id, oauth_scopes, locale = rows[0][:3]
    standings = tuple(Standing(Role(role), school, employer) for *_, role, school, employer in rows if role)
    if person_id is None:
        standings = (Standing(Role.INTEGRATION, None, None),)
    actor = Actor(
        claims.tenant_id,
        claims.account_id,
        claims.session_id,
        person_id,
        locale,
        standings,
        frozenset(oauth_scopes),
    )
    state = request.state
    state.actor, state.tenant_id, state.account_id = actor, actor.tenant_id, actor.account_id
    return actor


def _not_signed_in() -> Unauthorized:
    return Unauthorized(
        "sign in again: send `Authorization: Bearer` with a current access token from POST /oauth/token",
        spanish="vuelva a iniciar sesión: envíe `Authorization: Bearer` con un token vigente de POST /oauth/token",
        headers={"WWW-Authenticate": 'Bearer realm="kithwork"'},
    )


CurrentActor = Annotated[Actor, Depends(current_actor)]


async def current_session(request: Request) -> AsyncSession:
    """Return the session of this request's unit of work, in the caller's tenant."""
    return (await current_unit(request)).session


async def current_unit(request: Request) -> Unit:
    """Return this request's unit of work, in the caller's tenant."""
    await current_actor(request)
    unit: Unit = request.state.unit
    return unit


Session = Annotated[AsyncSession, Depends(current_session)]
CurrentUnit = Annotated[Unit, Depends(current_unit)]


async def public_session(request: Request) -> AsyncSession:
    """Return a session that names no tenant yet: only the global tables are visible."""
    unit: Unit = request.state.unit
    await unit.open(None)
    return unit.session


PublicSession = Annotated[AsyncSession, Depends(public_session)]
