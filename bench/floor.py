"""The floor that the service is held against: bare ASGI functions that do the same work with psycopg and orjson.

They check the same token, open the same tenant transaction, read the same memberships and run the same SQL, as it was
captured from the service; what they lack is everything else: routing, policy, validation, headers, logs, metrics.
"""

import json
import os
from datetime import UTC, datetime
from typing import Any

import orjson
import psycopg_pool

from app.core.db import libpq_url
from app.core.secrets import load_secrets
from app.core.tokens import TokenReader
from app.settings import Settings

State = dict[str, Any]
_state: State = {}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Serve `/read` (the catalogue page), `/select` (one bare SELECT) and `/write` (the pursuit)."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    if scope["path"] == "/select":
        body = await _select()
    elif scope["path"] == "/write":
        body = await _write(scope, receive)
    else:
        body = await _read(scope)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Any, send: Any) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            settings = Settings()
            _state["tokens"] = TokenReader(
                load_secrets(settings).token_keys, issuer=settings.token_issuer, audience=settings.token_audience
            )
            with open(os.environ["BENCH_STATEMENTS"]) as file:  # noqa: ASYNC230, PTH123 - once, before serving
                _state |= json.load(file)
            assert settings.database_url is not None  # noqa: S101 - the bench sets it
            _state["pool"] = psycopg_pool.AsyncConnectionPool(
                libpq_url(settings.database_url.get_secret_value()),
                min_size=1,
                max_size=settings.database_pool_size,
                open=False,
                kwargs={"autocommit": True},
            )
            await _state["pool"].open()
            await send({"type": "lifespan.startup.complete"})
        else:
            await _state["pool"].close()
            await send({"type": "lifespan.shutdown.complete"})
            return


def _claims(scope: dict[str, Any]) -> Any:
    for name, value in scope["headers"]:
        if name == b"authorization":
            return _state["tokens"].read(value[7:].decode(), datetime.now(UTC))
    raise PermissionError


async def _read(scope: dict[str, Any]) -> bytes:
    claims = _claims(scope)
    async with _state["pool"].connection() as connection:
        await connection.execute(f"BEGIN READ ONLY; SET LOCAL app.tenant_id = '{claims.tenant_id}'".encode())
        now = datetime.now(UTC)
        who = {
            "session": claims.session_id,
            "account": claims.account_id,
            "tenant": claims.tenant_id,
            "now": now,
            "today": now.date(),
        }
        cursor = await connection.execute(_state["actor_sql"].encode(), who)
        await cursor.fetchall()
        cursor = await connection.execute(_state["page_sql"].encode(), _state["page_params"])
        rows = await cursor.fetchall()
        await connection.execute(b"COMMIT")
    names = [column.name for column in cursor.description]
    return orjson.dumps({"items": [dict(zip(names, row, strict=True)) for row in rows]})


async def _select() -> bytes:
    async with _state["pool"].connection() as connection:
        cursor = await connection.execute(b"SELECT 1")
        await cursor.fetchall()
    return b"{}"


async def _write(scope: dict[str, Any], receive: Any) -> bytes:
    raise NotImplementedError
