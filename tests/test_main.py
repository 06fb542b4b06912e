"""What stands around every operation: CORS for the web clients that were named, and nobody else."""

import httpx
from fastapi import FastAPI

from app.main import create_app
from app.settings import Settings

CLIENT = "https://school.example"


def browser(settings: Settings, database_url: str) -> httpx.AsyncClient:
    app: FastAPI = create_app(settings.model_copy(update={"cors_origins": [CLIENT]}), database_url)
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://kithwork.test")


async def test_a_named_web_client_may_send_the_headers_that_changes_need(
    settings: Settings, database_url: str
) -> None:
    headers = {
        "Origin": CLIENT,
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization, content-type, idempotency-key, if-match",
    }
    async with browser(settings, database_url) as client:
        answer = await client.options("/v1/pursuits", headers=headers)

    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == CLIENT


async def test_a_refusal_can_be_read_by_the_web_client(settings: Settings, database_url: str) -> None:
    async with browser(settings, database_url) as client:
        too_large = await client.post("/v1/pursuits", content=b"x" * 1_048_577, headers={"Origin": CLIENT})

    assert too_large.status_code == 413
    assert too_large.headers["Access-Control-Allow-Origin"] == CLIENT
    assert "X-Request-ID" in too_large.headers["Access-Control-Expose-Headers"]


async def test_another_origin_gets_no_permission(settings: Settings, database_url: str) -> None:
    async with browser(settings, database_url) as client:
        answer = await client.get("/livez", headers={"Origin": "https://elsewhere.example"})

    assert "Access-Control-Allow-Origin" not in answer.headers
