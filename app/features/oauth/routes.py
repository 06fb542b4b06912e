"""HTTP of the token endpoint (RFC 6749, 7009) and of what tells others about it (RFC 7517, 8414)."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Request, Response

from app.core.problems import AppError
from app.core.routing import UnitRoute
from app.domain.policy import INTEGRATION_SCOPES
from app.features.oauth import service
from app.features.oauth.schemas import (
    JsonWebKeys,
    OAuthError,
    OAuthErrorOut,
    ServerMetadata,
    Tokens,
    answer,
    form_body,
    read_grant,
)


class OAuthRoute(UnitRoute):
    """A unit of work whose refusals are told in the JSON of RFC 6749 instead of a problem document."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Wrap the unit of work; it has been undone by the time its refusal gets here."""
        handle = super().get_route_handler()

        async def handle_in_oauth(request: Request) -> Response:
            try:
                return await handle(request)
            except AppError as error:
                refusal = error if isinstance(error, OAuthError) else _as_oauth(error)
                response = refusal.response()
                response.headers.update(request.state.rate_headers)
                return response

        return handle_in_oauth


router = APIRouter(route_class=OAuthRoute, tags=["oauth"])

_GRANTS = {
    "password": service.by_password,
    "refresh_token": service.by_refresh_token,
    "client_credentials": service.by_client_secret,
}
_ERRORS: dict[int | str, dict[str, Any]] = {
    status: {"model": OAuthErrorOut, "description": why}
    for status, why in {
        400: "error says why: invalid_request, invalid_grant, invalid_scope or unsupported_grant_type.",
        401: "invalid_client: the machine client did not show who it is.",
        413: "invalid_request: the body is too large.",
        429: "temporarily_unavailable: too many wrong guesses; wait for Retry-After.",
        503: "temporarily_unavailable: wait for Retry-After.",
    }.items()
}


def desk_of(request: Request) -> service.Desk:
    """Return what tokens are made with, for this request."""
    state = request.app.state
    return service.Desk(
        database=state.database,
        settings=state.settings,
        keys=state.token_keys,
        reader=state.tokens,
        hash_key=state.hash_key,
        passwords=state.passwords,
        backoff=state.backoff,
        address=request.client.host if request.client else "",
        user_agent=request.headers.get("user-agent", "")[:500],
    )


@router.post(
    "/oauth/token",
    response_model=Tokens,
    responses=_ERRORS,
    openapi_extra=form_body(
        {
            "grant_type": "password, refresh_token or client_credentials.",
            "username": "password: an e-mail address, or name@tenant.",
            "password": "password: the password.",
            "tenant": "password: slug or id of the tenant; needed when the account has several.",
            "device": "Any text that names this device and stays the same on it.",
            "refresh_token": "refresh_token: the latest one.",
            "client_id": "client_credentials: unless sent by HTTP Basic.",
            "client_secret": "client_credentials: unless sent by HTTP Basic.",
            "scope": "client_credentials: scopes with spaces between; default: all that were granted.",
        },
        ["grant_type"],
    ),
)
async def take_token(request: Request) -> Response:
    """Sign in, or go on with a login (RFC 6749).

    `grant_type=password` begins a login: an access token for ten minutes and a refresh token. `refresh_token` goes on
    with it; a refresh token works once, and the answer brings the next one. `client_credentials` is for machine
    clients, by HTTP Basic or form fields. Example: `grant_type=password&username=clara@example.org&password=...`
    """
    grant = await read_grant(request)
    give = _GRANTS.get(grant.need("grant_type"))
    if give is None:
        raise OAuthError("unsupported_grant_type", f"grant_type is one of {', '.join(_GRANTS)}")
    tokens = await give(request.state.unit, desk_of(request), grant)
    return tokens.response() if isinstance(tokens, OAuthError) else answer(tokens)


@router.post(
    "/oauth/revoke",
    response_class=Response,
    responses=_ERRORS,
    openapi_extra=form_body(
        {"token": "A refresh or access token.", "token_type_hint": "Ignored: the token says what it is."},
        ["token"],
    ),
)
async def revoke_token(request: Request) -> Response:
    """End the login that a token belongs to (RFC 7009). 200 whether there was such a token or not."""
    grant = await read_grant(request)
    await service.revoke(request.state.unit, desk_of(request), grant.need("token"))
    return Response(status_code=200)


@router.get("/.well-known/jwks.json", response_model=JsonWebKeys)
async def list_token_keys(request: Request, response: Response) -> Any:
    """List the public keys that access tokens are signed with (RFC 7517), for those who verify them."""
    response.headers["Cache-Control"] = "public, max-age=300"
    return request.app.state.token_keys.jwks()


@router.get("/.well-known/oauth-authorization-server", response_model=ServerMetadata)
async def describe_token_server(request: Request, response: Response) -> Any:
    """Describe the token endpoint (RFC 8414)."""
    response.headers["Cache-Control"] = "public, max-age=300"
    settings = request.app.state.settings
    base = settings.base_url
    return {
        "issuer": settings.token_issuer,
        "token_endpoint": f"{base}/oauth/token",
        "revocation_endpoint": f"{base}/oauth/revoke",
        "jwks_uri": f"{base}/.well-known/jwks.json",
        "grant_types_supported": list(_GRANTS),
        "response_types_supported": [],
        "token_endpoint_auth_methods_supported": ["none", "client_secret_basic", "client_secret_post"],
        "revocation_endpoint_auth_methods_supported": ["none"],
        "scopes_supported": sorted(INTEGRATION_SCOPES),
        "service_documentation": f"{base}/docs",
    }


def _as_oauth(error: AppError) -> OAuthError:
    """Tell what the machinery refuses (busy, too fast, too large) in the words of RFC 6749."""
    passing = error.status in {429, 503}
    description = error.detail.encode("ascii", "ignore").decode().replace('"', "'").replace("\\", "/")
    return OAuthError(
        "temporarily_unavailable" if passing else "invalid_request", description, error.status, error.headers
    )
