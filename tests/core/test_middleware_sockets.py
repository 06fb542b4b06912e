import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from app.core.middleware import Edge

MEBIBYTE = 1024 * 1024


def one_mebibyte(_method: str, _path: str) -> int:
    return MEBIBYTE


async def read_all(_scope: Scope, receive: Receive, send: Send) -> None:
    while (await receive())["more_body"]:
        pass
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


@asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[int]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_config=None, access_log=False, lifespan="off", ws="none")
        server = uvicorn.Server(config)
        task = asyncio.create_task(server.serve(sockets=[listener]))
        while not server.started:  # noqa: ASYNC110 - the server offers a flag, not an event
            await asyncio.sleep(0.01)
        yield listener.getsockname()[1]
        server.should_exit = True
        await task


async def exchange(port: int, *parts: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for part in parts:
        writer.write(part)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return answer


HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


async def test_a_client_that_sends_it_all_first_still_reads_the_refusal() -> None:
    body = b"x" * (8 * MEBIBYTE)

    async with served(Edge(read_all, limit_for=one_mebibyte)) as port:
        answer = await exchange(port, HEAD + b"Content-Length: %d\r\n\r\n" % len(body), body)

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert answer.count(b"HTTP/1.1") == 1


async def test_one_chunked_byte_too_many_is_refused() -> None:
    chunk = b"100000\r\n" + b"x" * MEBIBYTE + b"\r\n"

    async with served(Edge(read_all, limit_for=one_mebibyte)) as port:
        answer = await exchange(
            port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n", chunk, b"1\r\nx\r\n", b"0\r\n\r\n"
        )

    assert answer.startswith(b"HTTP/1.1 413 ")


async def test_a_client_that_waits_for_leave_to_send_is_refused_without_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.core.middleware._DRAIN_SECONDS", 0.1)

    async with served(Edge(read_all, limit_for=one_mebibyte)) as port:
        answer = await exchange(port, HEAD + b"Content-Length: 2000000\r\nExpect: 100-continue\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"100 Continue" not in answer


async def test_a_cut_answer_ends_the_connection_unfinished() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        raise RuntimeError("after the first half")

    async with served(Edge(app, limit_for=one_mebibyte)) as port:
        answer = await exchange(port, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    assert b"half" in answer
    assert not answer.endswith(b"0\r\n\r\n")


async def test_after_a_fault_the_connection_serves_the_next_request() -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/broken":
            raise RuntimeError
        await read_all(scope, receive, send)

    async with served(Edge(app, limit_for=one_mebibyte)) as port:
        answer = await exchange(
            port,
            b"GET /broken HTTP/1.1\r\nHost: localhost\r\n\r\n",
            b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
        )

    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"HTTP/1.1 204 " in answer


@pytest.mark.parametrize("failure", [None, TimeoutError(), RuntimeError("inside")])
async def test_an_application_that_fails_or_forgets_to_answer_is_a_fault(failure: Exception | None) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        if failure is not None:
            raise failure

    async with served(Edge(app, limit_for=one_mebibyte)) as port:
        answer = await exchange(port, b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b'"code":"internal_error"' in answer
    assert b"inside" not in answer
