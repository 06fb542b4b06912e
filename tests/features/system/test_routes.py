"""Health and metrics over HTTP."""

from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy.engine import make_url

from app.main import create_app
from app.settings import Settings


def _client(app: FastAPI, address: str = "127.0.0.1") -> httpx.AsyncClient:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False, client=(address, 50000))
    return httpx.AsyncClient(transport=transport, base_url="http://kithwork.test")


async def test_a_running_service_is_alive_and_ready(client: httpx.AsyncClient) -> None:
    alive = await client.get("/livez")
    ready = await client.get("/readyz")

    assert (alive.status_code, alive.json()) == (200, {"status": "ok"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok"})


async def test_a_service_whose_database_is_away_is_alive_and_not_ready(home: Path, database_url: str) -> None:
    url = make_url(database_url).set(host="127.0.0.1", port=1, query={})
    settings = Settings(_env_file=None, kithwork_home=home, database_pool_timeout=0.2)
    app = create_app(settings, url.render_as_string(hide_password=False))

    async with _client(app) as client:
        alive, ready = await client.get("/livez"), await client.get("/readyz")

    assert alive.status_code == 200
    assert (ready.status_code, ready.json()["code"]) == (503, "database_away")
    assert ready.headers["Retry-After"] == "2"


@pytest.mark.parametrize(
    ("revision", "status"), [("0001", 503), (None, 503), ("9999_of_a_later_release", 200)]
)
async def test_a_database_behind_this_release_is_not_ready_and_one_ahead_is(
    client: httpx.AsyncClient, owner: psycopg.Connection[Any], revision: str | None, status: int
) -> None:
    before = owner.execute("SELECT version_num FROM alembic_version").fetchone()
    owner.execute("DELETE FROM alembic_version")
    if revision is not None:
        owner.execute("INSERT INTO alembic_version VALUES (%s)", (revision,))

    answer = await client.get("/readyz")

    owner.execute("DELETE FROM alembic_version")
    owner.execute("INSERT INTO alembic_version VALUES (%s)", before)
    assert answer.status_code == status
    assert answer.json().get("code", "not_migrated") == "not_migrated"


async def test_metrics_are_for_this_machine(app: FastAPI) -> None:
    async with _client(app) as near, _client(app, "203.0.113.9") as far:
        seen = await near.get("/metrics")
        refused = await far.get("/metrics")
        passed_on = await near.get("/metrics", headers={"X-Forwarded-For": "203.0.113.9"})

    assert seen.status_code == 200
    assert "http_requests_total" in seen.text
    assert refused.status_code == 403
    assert passed_on.status_code == 403


async def test_a_metrics_token_opens_them_from_elsewhere_and_is_then_always_needed(
    settings: Settings, database_url: str
) -> None:
    guarded = settings.model_copy(update={"metrics_token": SecretStr("only-for-tests")})
    app = create_app(guarded, database_url)

    async with _client(app, "203.0.113.9") as far, _client(app) as near:
        seen = await far.get("/metrics", headers={"Authorization": "Bearer only-for-tests"})
        wrong = await far.get("/metrics", headers={"Authorization": "Bearer guessed"})
        bare = await near.get("/metrics")

    assert seen.status_code == 200
    assert (wrong.status_code, bare.status_code) == (401, 401)


async def test_the_bare_address_says_where_to_read_on(client: httpx.AsyncClient) -> None:
    answer = await client.get("/")

    assert answer.json()["docs"] == "/docs"
    assert (await client.get(answer.json()["openapi"])).status_code == 200
