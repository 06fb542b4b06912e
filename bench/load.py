"""Asking a server as fast as it answers: a few connections, each with one request under way at a time."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

REFUSED = 400


@dataclass(frozen=True)
class Load:
    """What came of one round."""

    per_second: float
    median_ms: float
    p95_ms: float
    refused: int


def headers_of(token: str, key: str) -> list[tuple[bytes, bytes]]:
    """Return the headers of a signed-in request."""
    return [
        (b"host", b"bench"),
        (b"authorization", f"Bearer {token}".encode()),
        (b"idempotency-key", key.encode()),
        (b"content-type", b"application/json"),
    ]


def request(method: str, path: str, token: str, key: str, body: bytes) -> bytes:
    """Return one HTTP/1.1 request, ready to be sent."""
    lines = [f"{method} {path} HTTP/1.1".encode()]
    lines += [name + b": " + value for name, value in headers_of(token, key)]
    return b"\r\n".join([*lines, f"content-length: {len(body)}".encode(), b"", body])


async def load(
    port: int, requests: Callable[[], Iterator[bytes]], *, connections: int, seconds: float
) -> Load:
    """Send requests over `connections` for `seconds`; each connection draws from the one iterator."""
    source = requests()
    times: list[float] = []
    refused = 0
    end = time.perf_counter() + seconds

    async def one() -> None:
        nonlocal refused
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        try:
            for message in source:
                began = time.perf_counter()
                if began >= end:
                    return
                writer.write(message)
                head = await reader.readuntil(b"\r\n\r\n")
                lower = head.lower()
                start = lower.index(b"content-length:") + 15
                await reader.readexactly(int(lower[start : lower.index(b"\r\n", start)]))
                times.append(time.perf_counter() - began)
                refused += int(head[9:12]) >= REFUSED
        finally:
            writer.close()

    began = time.perf_counter()
    await asyncio.gather(*(one() for _ in range(connections)))
    took = time.perf_counter() - began
    times.sort()
    return Load(
        per_second=len(times) / took,
        median_ms=times[len(times) // 2] * 1000,
        p95_ms=times[int(len(times) * 0.95)] * 1000,
        refused=refused,
    )
