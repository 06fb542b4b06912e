"""The token endpoint's forms in, JSON out, as RFC 6749 has them."""

import base64
import binascii
from collections.abc import Mapping
from typing import Annotated, Any, Literal, NamedTuple
from urllib.parse import parse_qsl, unquote_plus

import orjson
from pydantic import Field
from starlette.requests import Request
from starlette.responses import Response

from app.core.problems import AppError
from app.core.schemas import Out

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 50
_NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


class OAuthError(AppError):
    """A refusal in the words of RFC 6749 §5.2; its sentence holds ASCII without quotes, as that section asks."""

    def __init__(
        self, error: str, description: str, status: int = 400, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(description, code=error, headers=headers)
        self.status = status

    def response(self) -> Response:
        """Return the answer of RFC 6749 §5.2."""
        return Response(
            orjson.dumps({"error": self.code, "error_description": self.detail}),
            self.status,
            {**self.headers, **_NO_STORE},
            "application/json",
        )


class Client(NamedTuple):
    """A machine client's id and secret, as it showed them."""

    client_id: str
    secret: str


class Grant(NamedTuple):
    """One request to the token endpoint: its fields, and the client if one showed itself."""

    fields: Mapping[str, str]
    client: Client | None

    def need(self, name: str) -> str:
        """Return a field that must be there; raises OAuthError invalid_request."""
        value = self.fields.get(name)
        if not value:
            raise OAuthError("invalid_request", f"send {name} as a form field")
        return value


class Tokens(Out):
    """Tokens (RFC 6749 §5.1). A machine client gets no refresh token; it asks again instead."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(description="Seconds.")]
    refresh_token: Annotated[
        str | None, Field(default=None, description="Opaque. Every use gives a new one; keep the new one.")
    ]
    scope: Annotated[str, Field(description="A machine client's scopes; `person` for a person.")]
    tenant: Annotated[str, Field(description="The short name of the tenant the tokens are for.")]


class OAuthErrorOut(Out):
    """RFC 6749 §5.2."""

    error: str
    error_description: str


class JsonWebKeys(Out):
    """RFC 7517."""

    keys: list[dict[str, str]]


class ServerMetadata(Out):
    """RFC 8414."""

    issuer: str
    token_endpoint: str
    revocation_endpoint: str
    jwks_uri: str
    grant_types_supported: list[str]
    response_types_supported: list[str]
    token_endpoint_auth_methods_supported: list[str]
    revocation_endpoint_auth_methods_supported: list[str]
    scopes_supported: list[str]
    service_documentation: str


def form_body(properties: dict[str, str], required: list[str]) -> dict[str, Any]:
    """Describe a form in the contract."""
    schema = {
        "type": "object",
        "required": required,
        "properties": {
            name: {"type": "string", "description": description}
            | ({"minLength": 1} if name in required else {})
            for name, description in properties.items()
        },
    }
    return {"requestBody": {"required": True, "content": {FORM: {"schema": schema}}}}


def answer(tokens: dict[str, Any]) -> Response:
    """Return the answer of RFC 6749 §5.1."""
    return Response(orjson.dumps(tokens), 200, _NO_STORE, "application/json")


async def read_grant(request: Request) -> Grant:
    """Read a form as RFC 6749 wants it: UTF-8, no field twice, unknown ones ignored; raises OAuthError."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise OAuthError("invalid_request", f"send a form with Content-Type: {FORM}")
    try:
        pairs = parse_qsl(
            (await request.body()).decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=_MOST_FIELDS,
        )
    except ValueError:
        raise OAuthError("invalid_request", "send a well-formed form in UTF-8") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise OAuthError("invalid_request", "send every field once")
    if any("\x00" in value for value in fields.values()):
        raise OAuthError("invalid_request", "remove the NUL character")
    return Grant(fields, _client(request, fields))


def _client(request: Request, fields: Mapping[str, str]) -> Client | None:
    scheme, _, value = request.headers.get("authorization", "").partition(" ")
    in_form = Client(fields["client_id"], fields["client_secret"]) if _names_client(fields) else None
    if scheme.lower() != "basic":
        return in_form
    if "client_secret" in fields:
        raise OAuthError("invalid_request", "send the client secret in one way only")
    try:
        client_id, colon, secret = (
            base64.b64decode(value.strip(), validate=True).decode("ascii").partition(":")
        )
    except (binascii.Error, ValueError):
        colon = ""
    if not colon:
        raise invalid_client()
    return Client(_decoded(client_id), _decoded(secret))


def _names_client(fields: Mapping[str, str]) -> bool:
    return "client_id" in fields and "client_secret" in fields


def _decoded(text: str) -> str:
    # RFC 6749 §2.3.1 form-encodes both halves of the Basic credentials.
    return unquote_plus(text, errors="replace").replace("\x00", "")


def invalid_client() -> OAuthError:
    """Build the refusal of a client that did not show who it is."""
    return OAuthError(
        "invalid_client",
        "the client id or the client secret is wrong, or the client was revoked",
        401,
        {"WWW-Authenticate": 'Basic realm="kithwork", charset="UTF-8"'},
    )
