"""The edge of the service: what every request gets, whatever it asks for.

One wrapper, because each layer costs time on every request: request id, security headers, body limit, deadline,
overload, the answer to a bug, access log and metrics.
"""

import asyncio
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import metrics
from app.core.ids import new_id
from app.core.languages import negotiate
from app.core.problems import TooLarge, problem

log = structlog.get_logger(__name__)

BodyLimit = Callable[[str, str], int]
Headers = tuple[tuple[bytes, bytes], ...]

UNMATCHED = "unmatched"
CLIENT_GONE = 499

# How much of a refused body is still read, so that the client, busy sending, gets to see the refusal.
_DRAIN_BYTES = 32 * 1024 * 1024
_DRAIN_SECONDS = 2.0

_LONGEST_NUMBER = 20

_REQUEST_ID = re.compile(rb"[A-Za-z0-9_-]{8,64}")

_DEFAULTS: Headers = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cross-origin-resource-policy", b"same-site"),
    (b"cache-control", b"no-store"),
)
# RFC 6797 §7.2: only over a secure transport.
_STRICT: Headers = ((b"strict-transport-security", b"max-age=31536000"),)

# Asked every few seconds by machines; at "info" they would be most of the log.
_QUIET = frozenset({"/livez", "/readyz", "/metrics"})


@dataclass(frozen=True, slots=True)
class _Refusal:
    status: int
    code: str
    english: str
    spanish: str
    retry_after: int | None = None


_OVERLOADED = _Refusal(
    503,
    "overloaded",
    "the service is busy; send the same request again in a second",
    "el servicio está ocupado; envíe la misma solicitud de nuevo en un segundo",
    retry_after=1,
)
_TOO_SLOW = _Refusal(
    503,
    "deadline_passed",
    "the request took too long and was given up; send it again with the same Idempotency-Key",
    "la solicitud tardó demasiado y se abandonó; envíela de nuevo con la misma Idempotency-Key",
    retry_after=5,
)
_BROKEN = _Refusal(
    500,
    "internal_error",
    "this is a fault of the service; tell its operator the request_id",
    "es un fallo del servicio; comunique el request_id a quien lo opera",
)


def _too_large(limit: int) -> _Refusal:
    return _Refusal(
        413,
        "too_large",
        f"the body is larger than {limit} bytes; send less at a time",
        f"el cuerpo supera los {limit} bytes; envíe menos cada vez",
    )


def route_template(scope: Scope) -> str:
    """Return the template of the route that served the request, with its routers' prefixes, or "unmatched"."""
    # FastAPI serves an included router in place: `route` is then the route as declared, without the prefixes.
    included = scope.get("fastapi", {}).get("effective_route_context")
    template = getattr(included, "path", None) or getattr(scope.get("route"), "path", None)
    return template or UNMATCHED


class _Exchange:
    """One request and its answer, watched from both sides."""

    __slots__ = (
        "_defaults",
        "_ended",
        "_muted",
        "_receive",
        "_received",
        "_send",
        "_spoken",
        "declared",
        "limit",
        "overflowed",
        "request_id",
        "scope",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send, limit: int, defaults: Headers) -> None:
        self.scope = scope
        self.limit = limit
        self.status = 0
        self.declared = 0
        self.overflowed = False
        self._receive = receive
        self._send = send
        self._defaults = defaults
        self._received = 0
        self._ended = False
        self._muted = False
        self._spoken: bytes | None = None
        request_id: bytes | None = None
        for name, value in scope["headers"]:
            if name == b"x-request-id":
                request_id = value if _REQUEST_ID.fullmatch(value) else None
            elif name == b"content-length":
                # A server refuses a length that is no number; whatever passes it is counted as it arrives.
                self.declared = int(value) if value.isdigit() and len(value) <= _LONGEST_NUMBER else 0
            elif name == b"accept-language":
                self._spoken = value
        self.request_id = request_id.decode() if request_id is not None else str(new_id())

    async def receive(self) -> Message:
        message = await self._receive()
        if message["type"] == "http.request":
            self._received += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
            if self._received > self.limit:
                # Whatever the application makes of the exception, the caller hears 413 (see `send`).
                self.overflowed = self._muted = True
                refusal = _too_large(self.limit)
                raise TooLarge(refusal.english, spanish=refusal.spanish)
        return message

    async def send(self, message: Message) -> None:
        if self._muted:
            return
        if message["type"] == "http.response.start":
            await self._start(message["status"], message.get("headers", ()))
        else:
            await self._send(message)

    async def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        self.status = status
        complete = [*headers, (b"x-request-id", self.request_id.encode())]
        given = {name for name, _ in complete}
        complete.extend(default for default in self._defaults if default[0] not in given)
        await self._send({"type": "http.response.start", "status": status, "headers": complete})

    async def refuse(self, refusal: _Refusal, *, unread: bool = False) -> None:
        """Answer with a problem; `unread`: the client is still sending, so read on a little, then close.

        Once an answer has begun nothing can be taken back: it stays unfinished and the server cuts the connection.
        """
        self._muted = True
        metrics.HTTP_REFUSED.labels(refusal.code).inc()
        if self.status:
            return
        headers: dict[str, str] = {}
        if refusal.retry_after is not None:
            headers["Retry-After"] = str(refusal.retry_after)
        if unread and self.scope.get("http_version", "1.1") < "2":
            headers["Connection"] = "close"
        language = negotiate(self._spoken.decode("latin-1") if self._spoken else None)
        response = problem(
            refusal.status,
            refusal.code,
            refusal.spanish if language == "es" else refusal.english,
            request_id=self.request_id,
            headers={**headers, "Content-Language": language},
        )
        await self._start(response.status_code, response.raw_headers)
        await self._send({"type": "http.response.body", "body": response.body, "more_body": unread})
        if unread:
            await self._drain()
            await self._send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self) -> None:
        # Closing with unread bytes resets the connection, and a reset can overtake the answer.
        remaining = 0 if self._ended else _DRAIN_BYTES
        try:
            async with asyncio.timeout(_DRAIN_SECONDS):
                while remaining > 0:
                    message = await self._receive()
                    remaining -= len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return
        except TimeoutError:
            return


class Edge:
    """Wraps the application. Only CORS may stand outside it (be added later), so that browsers may read refusals.

    `limit_for(method, path)` says how many bytes of body a request may have; `deadline` is in seconds (promise
    P8); beyond `max_concurrent` requests at once a caller gets 503 at once, except on `always_served` paths.
    `strict_transport` adds Strict-Transport-Security to what arrives by https. A header the application has set
    itself is left as it is. The request id is in `scope["state"]["request_id"]` and in every log line; the access
    log takes `tenant_id` and `account_id` from the same place.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        limit_for: BodyLimit,
        deadline: float = 30.0,
        max_concurrent: int = 200,
        strict_transport: bool = False,
        always_served: frozenset[str] = frozenset({"/livez"}),
    ) -> None:
        self.app = app
        self.limit_for = limit_for
        self.deadline = deadline
        self.max_concurrent = max_concurrent
        self.always_served = always_served
        self.in_flight = 0
        self._over_https = _DEFAULTS + _STRICT if strict_transport else _DEFAULTS

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        limit = self.limit_for(scope["method"], scope["path"])
        defaults = self._over_https if scope.get("scheme") == "https" else _DEFAULTS
        exchange = _Exchange(scope, receive, send, limit, defaults)
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = exchange.request_id
        bound = structlog.contextvars.bind_contextvars(request_id=exchange.request_id)
        self.in_flight += 1
        metrics.HTTP_IN_FLIGHT.inc()
        try:
            await self._serve(exchange)
        finally:
            self.in_flight -= 1
            metrics.HTTP_IN_FLIGHT.dec()
            _record(scope, state, exchange.status or CLIENT_GONE, perf_counter() - began)
            structlog.contextvars.reset_contextvars(**bound)

    async def _serve(self, exchange: _Exchange) -> None:
        if self.in_flight > self.max_concurrent and exchange.scope["path"] not in self.always_served:
            await exchange.refuse(_OVERLOADED)
            return
        if exchange.declared > exchange.limit:
            await exchange.refuse(_too_large(exchange.limit), unread=True)
            return
        deadline = asyncio.timeout(self.deadline)
        try:
            async with deadline:
                await self.app(exchange.scope, exchange.receive, exchange.send)
        except Exception as error:
            if exchange.overflowed:
                pass
            elif deadline.expired():
                log.warning("request given up", route=route_template(exchange.scope))
                await exchange.refuse(_TOO_SLOW)
            elif not isinstance(error, ClientDisconnect):
                log.exception("request failed", route=route_template(exchange.scope))
                await exchange.refuse(_BROKEN)
        else:
            if not exchange.status and not exchange.overflowed:
                log.error("request left unanswered", route=route_template(exchange.scope))
                await exchange.refuse(_BROKEN)
        if exchange.overflowed:
            await exchange.refuse(_too_large(exchange.limit), unread=True)


def _record(scope: Scope, state: dict[str, Any], status: int, seconds: float) -> None:
    # The template and never the path or the query: those may carry a link's token.
    route = route_template(scope)
    metrics.count_request(scope["method"], route, status, seconds)
    whose = {name: str(state[name]) for name in ("tenant_id", "account_id") if state.get(name) is not None}
    (log.debug if route in _QUIET else log.info)(
        "request",
        method=scope["method"],
        route=route,
        status=status,
        duration_ms=round(seconds * 1000, 2),
        **whose,
    )
