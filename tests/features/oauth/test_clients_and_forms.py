"""Machine clients at the token endpoint, forms it cannot read, keys, and tokens it never gave."""

import base64
import hmac
import json
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from fastapi import FastAPI

from app.core import clock
from app.core.tokens import KeyRing, hash_secret, issue_access_token
from tests.features.oauth.people import give_password, refresh, sign_in
from tests.world import World

pytestmark = pytest.mark.usefixtures("world")

SECRET = "a secret that a machine was shown once"


def _machine(owner: psycopg.Connection[Any], name: str = "lakeside_sis") -> None:
    owner.execute("UPDATE accounts SET secret_hash = %s WHERE login = %s", (hash_secret(SECRET).hex(), name))


async def test_a_machine_client_gets_the_scopes_it_asks_for_and_no_refresh_token(
    client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    _machine(owner)
    form = {"grant_type": "client_credentials", "scope": "catalogue.read"}

    answer = await client.post("/oauth/token", data=form, auth=("lakeside_sis", SECRET))

    assert answer.status_code == 200, answer.text
    assert answer.json()["scope"] == "catalogue.read"
    assert "refresh_token" not in answer.json()
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await client.get("/v1/opportunities", headers=headers)).status_code == 200
    assert (await client.get("/v1/pursuits", headers=headers)).status_code == 403


async def test_a_machine_client_may_send_its_secret_in_the_form(
    client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    _machine(owner)
    form = {"grant_type": "client_credentials", "client_id": "lakeside_sis", "client_secret": SECRET}

    answer = await client.post("/oauth/token", data=form)
    twice = await client.post("/oauth/token", data=form, auth=("lakeside_sis", SECRET))

    assert answer.json()["scope"] == "catalogue.read placements.read roster.read roster.write"
    assert twice.json()["error"] == "invalid_request"


async def test_a_machine_client_gets_no_scope_that_it_was_not_granted(
    client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    _machine(owner)
    form = {"grant_type": "client_credentials", "scope": "catalogue.read everything"}

    answer = await client.post("/oauth/token", data=form, auth=("lakeside_sis", SECRET))

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic !!"},
        {"Authorization": "Basic " + base64.b64encode(b"no colon").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"lakeside_sis:wrong").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"nobody:wrong").decode()},
        {"Authorization": "Basic " + base64.b64encode(b"maya@example.org:wrong").decode()},
    ],
)
async def test_a_client_that_does_not_show_who_it_is_gets_401(
    client: httpx.AsyncClient, owner: psycopg.Connection[Any], headers: dict[str, str]
) -> None:
    _machine(owner)

    answer = await client.post("/oauth/token", data={"grant_type": "client_credentials"}, headers=headers)

    assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")
    assert answer.headers["WWW-Authenticate"].startswith("Basic ")


_FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("body", "content_type", "error"),
    [
        (b"", _FORM, "invalid_request"),
        (b"grant_type=password", _FORM, "invalid_request"),
        (b"grant_type=password&grant_type=password", _FORM, "invalid_request"),
        (b"grant_type=magic", _FORM, "unsupported_grant_type"),
        (b"grant_type=password&username=%00a&password=b", _FORM, "invalid_request"),
        (b"grant_type=password&username=%ff&password=b", _FORM, "invalid_request"),
        (b"grant_type=\xff", _FORM, "invalid_request"),
        (b"&".join(b"f%d=1" % n for n in range(60)), _FORM, "invalid_request"),
        (b'{"grant_type": "password"}', "application/json", "invalid_request"),
        (b"grant_type=refresh_token&refresh_token=abc", _FORM, "invalid_grant"),
        ("grant_type=refresh_token&refresh_token=ñ".encode(), _FORM, "invalid_request"),
        (b"grant_type=refresh_token&refresh_token=%C3%B1", _FORM, "invalid_grant"),
        (b"grant_type=password&username=a&password=b&colour=blue", _FORM, "invalid_grant"),
    ],
)
async def test_a_form_that_cannot_be_read_is_told_in_the_words_of_the_rfc(
    client: httpx.AsyncClient, body: bytes, content_type: str, error: str
) -> None:
    answer = await client.post("/oauth/token", content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 400, answer.text
    assert answer.json().keys() == {"error", "error_description"}
    assert answer.json()["error"] == error
    assert answer.headers["Cache-Control"] == "no-store"


async def test_the_keys_and_the_endpoint_are_described(client: httpx.AsyncClient, app: FastAPI) -> None:
    keys = (await client.get("/.well-known/jwks.json")).json()
    server = (await client.get("/.well-known/oauth-authorization-server")).json()

    assert [key["kid"] for key in keys["keys"]] == [app.state.token_keys.signing_kid]
    assert all("d" not in key for key in keys["keys"])
    assert server["token_endpoint"].endswith("/oauth/token")
    assert server["grant_types_supported"] == ["password", "refresh_token", "client_credentials"]


async def test_changing_the_keys_logs_nobody_out(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], app: FastAPI
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()
    before = app.state.token_keys
    fresh = KeyRing.from_pems({**KeyRing.generate("next").to_pems(), **before.to_pems()}, "next")

    app.state.token_keys = fresh
    app.state.tokens.replace_keys(fresh)
    try:
        old = await client.get(
            "/v1/opportunities", headers={"Authorization": f"Bearer {tokens['access_token']}"}
        )
        renewed = (await refresh(client, tokens["refresh_token"])).json()
        new = await client.get(
            "/v1/opportunities", headers={"Authorization": f"Bearer {renewed['access_token']}"}
        )
    finally:
        app.state.token_keys = before
        app.state.tokens.replace_keys(before)

    assert (old.status_code, new.status_code) == (200, 200)


def _part(content: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode()


def _attacks(world: World) -> dict[str, str]:
    app, maya = world.app, world.residents["maya"]
    good = world.token("maya")
    head, body, signature = good.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    header = json.loads(base64.urlsafe_b64decode(head + "=="))
    ring: KeyRing = app.state.token_keys
    public = ring._public[ring.signing_kid].public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    def signed(**changed: Any) -> str:
        return ring.sign({k: v for k, v in {**claims, **changed}.items() if v is not None})

    def with_header(**changed: Any) -> str:
        return f"{_part({**header, **changed})}.{body}.{signature}"

    mac = hmac.digest(public, f"{_part({**header, 'alg': 'HS256'})}.{body}".encode(), "sha256")
    return {
        "alg none": f"{_part({**header, 'alg': 'none'})}.{body}.",
        "hmac": f"{_part({**header, 'alg': 'HS256'})}.{body}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}",
        "no audience": signed(aud=None),
        "other audience": signed(aud="elsewhere"),
        "no issuer": signed(iss=None),
        "other issuer": signed(iss="elsewhere"),
        "no expiry": signed(exp=None),
        "expired": signed(exp=int(clock.now().timestamp()) - 1),
        "no session": signed(sid=None),
        "session of somebody else": signed(sid=str(world.residents["leo"].session_id)),
        "tenant of somebody else": signed(tid=str(world["riverton"])),
        "unknown crit": with_header(crit=["exp"]),
        "wrong type": with_header(typ="JWT"),
        "foreign kid": with_header(kid="theirs"),
        "tampered": f"{head}.{_part({**claims, 'sub': str(world.residents['clara'].account_id)})}.{signature}",
        "foreign key": issue_access_token(
            KeyRing.generate(app.state.token_keys.signing_kid),
            issuer=app.state.settings.token_issuer,
            audience=app.state.settings.token_audience,
            account_id=maya.account_id,
            tenant_id=maya.tenant_id,
            session_id=maya.session_id,
            now=clock.now(),
            lifetime=timedelta(minutes=10),
        ),
        "nothing": "",
        "not a token": "a.b.c",
    }


async def test_no_token_but_ours_opens_anything(world: World, client: httpx.AsyncClient) -> None:
    for name, token in _attacks(world).items():
        answer = await client.get("/v1/opportunities", headers={"Authorization": f"Bearer {token}"})

        assert answer.status_code == 401, name
        assert answer.headers["WWW-Authenticate"].startswith("Bearer"), name
        assert answer.headers["Content-Type"] == "application/problem+json", name
        assert answer.json()["code"] == "unauthorized", name
