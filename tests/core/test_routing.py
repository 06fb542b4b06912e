"""The unit of work around a handler: commits before the answer, runs again after a lost race, refuses politely."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import APIRouter, FastAPI, Request
from starlette.responses import PlainTextResponse, Response

from app.core.db import Database, Unit
from app.core.errors import install_error_handlers
from app.core.routing import UnitRoute

FIRST, SECOND = b"first row", b"second row"
_INSERT = "INSERT INTO suppressions (address_hash, created_at) VALUES (%s, now())"
_TOUCH = "UPDATE suppressions SET created_at = now() WHERE address_hash = %s"

router = APIRouter(route_class=UnitRoute)


async def _unit(request: Request) -> Unit:
    unit: Unit = request.state.unit
    await unit.open(None)
    request.app.state.runs += 1
    return unit


@router.post("/write")
async def write(request: Request) -> Response:
    unit = await _unit(request)
    await unit.driver.execute(_INSERT, (FIRST,))
    return PlainTextResponse("written")


@router.post("/write_and_fail")
async def write_and_fail(request: Request) -> Response:
    unit = await _unit(request)
    await unit.driver.execute(_INSERT, (FIRST,))
    raise RuntimeError("after the write")


@router.post("/lose_races/{number}")
async def lose_races(request: Request, number: int) -> Response:
    unit = await _unit(request)
    await unit.driver.execute(_INSERT, (FIRST,))
    if request.app.state.runs <= number:
        await unit.driver.execute("DO $$ BEGIN RAISE SQLSTATE '40001'; END $$")
    return PlainTextResponse("written")


@router.post("/touch/{order}")
async def touch(request: Request, order: str) -> Response:
    unit = await _unit(request)
    one, other = (FIRST, SECOND) if order == "forwards" else (SECOND, FIRST)
    await unit.driver.execute(_TOUCH, (one,))
    if request.app.state.runs <= 2:
        await request.app.state.both_hold_one.wait()
    await unit.driver.execute(_TOUCH, (other,))
    return PlainTextResponse("touched")


@router.post("/hold")
async def hold(request: Request) -> Response:
    unit = await _unit(request)
    await unit.driver.execute("SELECT pg_sleep(1)")
    return PlainTextResponse("held")


@pytest.fixture
async def small(database_url: str, owner: psycopg.Connection[Any]) -> AsyncIterator[FastAPI]:
    """An application of five handlers, on a pool of two connections."""
    owner.execute("DELETE FROM suppressions")
    app = FastAPI()
    app.state.database = Database(database_url, pool_size=2, pool_timeout=0.3)
    app.state.limiter = None
    app.state.runs = 0
    app.state.both_hold_one = asyncio.Barrier(2)
    install_error_handlers(app)
    app.include_router(router)
    await app.state.database.open()
    yield app
    await app.state.database.close()
    owner.execute("DELETE FROM suppressions")


async def post(app: FastAPI, path: str) -> httpx.Response:
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kithwork.test") as client:
        return await client.post(path)


def rows(owner: psycopg.Connection[Any]) -> int:
    return int(owner.execute("SELECT count(*) FROM suppressions").fetchall()[0][0])


async def test_when_the_answer_begins_the_work_is_committed(
    small: FastAPI, owner: psycopg.Connection[Any]
) -> None:
    seen: list[int] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            seen.append(rows(owner))

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "POST", "path": "/write",
        "raw_path": b"/write", "query_string": b"", "root_path": "", "scheme": "http", "headers": [],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    await small(scope, receive, send)

    assert seen == [1]


async def test_an_error_after_a_write_leaves_nothing(small: FastAPI, owner: psycopg.Connection[Any]) -> None:
    answer = await post(small, "/write_and_fail")

    assert answer.status_code == 500
    assert rows(owner) == 0


async def test_a_lost_race_runs_the_whole_handler_again(
    small: FastAPI, owner: psycopg.Connection[Any]
) -> None:
    answer = await post(small, "/lose_races/2")

    assert (answer.status_code, small.state.runs) == (200, 3)
    assert rows(owner) == 1


async def test_after_three_lost_races_the_caller_is_asked_to_come_back(
    small: FastAPI, owner: psycopg.Connection[Any]
) -> None:
    answer = await post(small, "/lose_races/9")

    assert (answer.status_code, small.state.runs) == (503, 3)
    assert answer.headers["Retry-After"] == "2"
    assert rows(owner) == 0


async def test_two_requests_in_a_deadlock_both_succeed(
    small: FastAPI, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(_INSERT, (FIRST,))
    owner.execute(_INSERT, (SECOND,))

    answers = await asyncio.gather(post(small, "/touch/forwards"), post(small, "/touch/backwards"))

    assert [answer.status_code for answer in answers] == [200, 200]
    assert small.state.runs == 3


async def test_without_a_free_connection_the_caller_is_asked_to_come_back(small: FastAPI) -> None:
    answers = await asyncio.gather(*(post(small, "/hold") for _ in range(3)))

    assert sorted(answer.status_code for answer in answers) == [200, 200, 503]
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert refused.headers["Retry-After"] == "2"
    assert refused.headers["Content-Type"] == "application/problem+json"
