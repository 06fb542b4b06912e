"""The floor the service is held against: a bare ASGI function that replays the service's own statements.

At start it lets the service answer one request in this process and writes down every statement it sends. From then on
it checks the caller's token and sends the same statements in the same transaction with psycopg, and answers the last
rows as JSON with orjson: no routing, policy, validation, ORM, headers, limits, logs or metrics.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, contextmanager, redirect_stderr
from pathlib import Path
from typing import Any
from unittest import mock
from uuid import UUID, uuid4

import orjson
import psycopg
import psycopg_pool
from fastapi import FastAPI

from app.core import clock
from app.core.db import libpq_url
from app.core.logs import configure_logs
from app.core.tokens import TokenReader
from app.main import create_app
from app.settings import Settings
from bench.load import headers_of

Statement = tuple[Any, Any]
# What the pool asks of a connection, and what this file opens and ends by itself.
_NOT_THE_WORK = (";", "SELECT 1", "BEGIN", "COMMIT", "ROLLBACK", "SET LOCAL")


# Ids that the service makes are UUIDv7; those of the bench's own rows are not, and stay as they were looked up.
_MADE_BY_THE_SERVICE = 7


class Floor:
    """One recorded request, replayed for any caller."""

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.recorded: dict[str, Any] = {}
        self.tokens: TokenReader
        self.pool: psycopg_pool.AsyncConnectionPool[psycopg.AsyncConnection[Any]]

    async def start(self) -> None:
        """Record the request named in the environment, and open the pool."""
        settings = Settings()
        assert settings.database_url is not None  # noqa: S101 - the bench sets it
        url = settings.database_url.get_secret_value()
        service = create_app(settings, url)
        method, path, token, body = (
            os.environ[f"BENCH_{name}"] for name in ("METHOD", "PATH", "TOKEN", "BODY")
        )
        async with service.router.lifespan_context(service):
            self.tokens = service.state.tokens
            with recording(self.statements):
                status = await ask(service, method, path, headers_of(token, "recorded-key"), body.encode())
            assert status in {200, 201}, status  # noqa: S101 - the bench is worthless otherwise
        claims = self.tokens.read(token, clock.now())
        self.recorded = {
            "account": claims.account_id,
            "session": claims.session_id,
            "key": "recorded-key",
            "opportunity": UUID(orjson.loads(body)["opportunity_id"]) if body else None,
        }
        self.pool = psycopg_pool.AsyncConnectionPool(
            libpq_url(url),
            min_size=1,
            max_size=settings.database_pool_size,
            open=False,
            kwargs={"autocommit": True},
        )
        await self.pool.open()
        async with self.pool.connection() as connection:
            whose = "SELECT person_id FROM login_sessions WHERE id = %s"
            row = await (await connection.execute(whose, (claims.session_id,))).fetchone()
        assert row is not None  # noqa: S101 - the recorded caller was signed in
        self.recorded["person"] = row[0]

    async def answer(self, token: str, key: str, body: bytes) -> bytes:
        """Do the recorded work for another caller."""
        claims = self.tokens.read(token, clock.now())
        now = {"account": claims.account_id, "session": claims.session_id, "key": key}
        now["opportunity"] = UUID(orjson.loads(body)["opportunity_id"]) if body else None
        swap = {self.recorded[name]: value for name, value in now.items()}
        swap[claims.tenant_id] = claims.tenant_id
        rows: list[Any] = []
        async with self.pool.connection() as connection:
            await connection.execute(f"BEGIN; SET LOCAL app.tenant_id = '{claims.tenant_id}'".encode())
            for number, (sql, params) in enumerate(self.statements):
                cursor = await connection.execute(sql, _swapped(params, swap, fresh=bool(body)))
                if cursor.rownumber is not None:
                    rows = await cursor.fetchall()
                if number == 0:
                    # The first statement says who is asking; the recorded caller's person gives way to this one.
                    swap[self.recorded["person"]] = rows[0][0]
            await connection.execute(b"COMMIT")
        return orjson.dumps(rows, default=str)


def _swapped(value: Any, swap: dict[Any, Any], *, fresh: bool) -> Any:
    if isinstance(value, dict):
        return {name: _swapped(one, swap, fresh=fresh) for name, one in value.items()}
    if isinstance(value, list | tuple):
        return type(value)([_swapped(one, swap, fresh=fresh) for one in value])
    if isinstance(value, UUID) and fresh and value not in swap and value.version == _MADE_BY_THE_SERVICE:
        swap[value] = uuid4()
    return swap.get(value, value) if isinstance(value, UUID | str) else value


@contextmanager
def recording(statements: list[Statement]) -> Any:
    """Write down every statement that is sent meanwhile, with its parameters."""
    execute = psycopg.AsyncCursor.execute

    async def recorded(self: Any, query: Any, params: Any = None, **options: Any) -> Any:
        text = query if isinstance(query, str) else bytes(query).decode()
        if not text.startswith(_NOT_THE_WORK):
            statements.append((query, params))
        return await execute(self, query, params, **options)

    with mock.patch.object(psycopg.AsyncCursor, "execute", recorded):
        yield


@asynccontextmanager
async def in_process(settings: Settings, runtime: str) -> AsyncIterator[FastAPI]:
    """Run the service in this process: its log is written, as in production, but not shown."""
    with Path(os.devnull).open("w") as nowhere, redirect_stderr(nowhere):  # noqa: ASYNC230 - this device never blocks
        configure_logs(settings)
        service = create_app(settings, runtime)
        async with service.router.lifespan_context(service):
            yield service


async def ask(app: Any, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes) -> int:
    """Send one request to an ASGI application in this process, and return its status."""
    status = 0
    path, _, query = path.partition("?")

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        nonlocal status
        status = message.get("status", status)

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "path": path,
        "raw_path": path.encode(), "query_string": query.encode(), "root_path": "", "scheme": "http", "headers": headers,
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80), "state": {},
    }  # fmt: skip
    await app(scope, receive, send)
    return status


floor = Floor()


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Serve the recorded request at any path, and one bare SELECT at /select."""
    if scope["type"] == "lifespan":
        await receive()
        await floor.start()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await floor.pool.close()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["path"] == "/select":
        async with floor.pool.connection() as connection:
            await (await connection.execute(b"SELECT 1")).fetchall()
        answer = b"{}"
    else:
        headers = dict(scope["headers"])
        message = await receive()
        answer = await floor.answer(
            headers[b"authorization"][7:].decode(),
            headers.get(b"idempotency-key", b"").decode(),
            message["body"],
        )
    await send(
        {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(answer)).encode()),
            ],
        }
    )
    await send({"type": "http.response.body", "body": answer})
