import asyncio
import json
from collections.abc import Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
import structlog
from fastapi import APIRouter, FastAPI, Request
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.core import metrics
from app.core.logs import configure_logs
from app.core.middleware import Edge
from app.settings import Settings

MEBIBYTE = 1024 * 1024


class Answer:
    def __init__(self, messages: list[Message]) -> None:
        unanswered: Message = {"status": 0, "headers": []}
        starts = [message for message in messages if message["type"] == "http.response.start"]
        start = next(iter(starts), unanswered)
        bodies = [message for message in messages if message["type"] == "http.response.body"]
        self.status: int = start["status"]
        self.headers = {name.decode(): value.decode() for name, value in start["headers"]}
        self.body: bytes = b"".join(message.get("body", b"") for message in bodies)
        self.complete = bool(bodies) and not bodies[-1].get("more_body", False)

    def json(self) -> Any:
        return json.loads(self.body)


async def ask(
    app: ASGIApp,
    path: str = "/",
    *,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    chunks: Iterable[bytes] = (b"",),
    state: dict[str, Any] | None = None,
    scheme: str = "http",
) -> Answer:
    waiting = list(chunks)
    messages: list[Message] = []

    async def receive() -> Message:
        if not waiting:
            await asyncio.sleep(3600)
        return {"type": "http.request", "body": waiting.pop(0), "more_body": bool(waiting)}

    async def send(message: Message) -> None:
        messages.append(message)

    scope: Scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": scheme,
        "path": path,
        "raw_path": path.encode(),
        "root_path": "",
        "query_string": b"token=k3y",
        "headers": [(name.encode(), value.encode()) for name, value in (headers or {}).items()],
        "state": {} if state is None else state,
    }
    await app(scope, receive, send)
    return Answer(messages)


async def hello(scope: Scope, receive: Receive, send: Send) -> None:
    assert scope["type"] == "http"
    body = b""
    more = True
    while more:
        message = await receive()
        body += message["body"]
        more = message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"read %d" % len(body)})


def edge(app: ASGIApp = hello, **settings: Any) -> Edge:
    return Edge(app, **{"limit_for": lambda _method, _path: MEBIBYTE, **settings})


def application() -> FastAPI:
    app = FastAPI()
    things = APIRouter(prefix="/things")

    @things.get("/{thing_id}")
    async def read_thing(thing_id: str, request: Request) -> dict[str, str]:
        request.state.tenant_id = "tenant-1"
        request.state.account_id = "account-1"
        return {"id": thing_id, "request_id": request.state.request_id}

    @things.post("")
    async def make_thing(body: dict[str, Any]) -> dict[str, int]:
        return {"members": len(body)}

    @things.get("/{thing_id}/broken")
    async def break_thing(thing_id: str) -> None:
        raise RuntimeError(f"the secret inside of {thing_id}")

    @app.get("/livez")
    async def livez() -> dict[str, str]:
        return {}

    v1 = APIRouter(prefix="/v1")
    v1.include_router(things)
    app.include_router(v1)
    app.add_middleware(Edge, limit_for=lambda _method, _path: MEBIBYTE)
    return app


@pytest.fixture
def log_lines(capsys: pytest.CaptureFixture[str]) -> Callable[[], list[dict[str, Any]]]:
    configure_logs(Settings(log_format="json"))
    return lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]


async def test_a_request_without_an_id_gets_one() -> None:
    state: dict[str, Any] = {}

    answer = await ask(edge(), state=state)

    assert UUID(answer.headers["x-request-id"]).version == 7
    assert state["request_id"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("given", ["0190aaaa-0000-7000-8000-000000000001", "abc_DEF-12"])
async def test_a_well_formed_request_id_is_kept(given: str) -> None:
    answer = await ask(edge(), headers={"x-request-id": given})

    assert answer.headers["x-request-id"] == given


@pytest.mark.parametrize("given", ["", "short", "x" * 65, "ana@example.org", "line\nbreak99", "abcdefgh\n"])
async def test_any_other_request_id_is_replaced(given: str) -> None:
    answer = await ask(edge(), headers={"x-request-id": given})

    assert UUID(answer.headers["x-request-id"]).version == 7


async def test_the_request_id_reaches_handlers_and_every_log_line(
    log_lines: Callable[[], list[dict[str, Any]]],
) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        structlog.get_logger().info("inside")
        await hello(scope, receive, send)

    await ask(edge(app), headers={"x-request-id": "request-42"})

    assert [(line["event"], line["request_id"]) for line in log_lines()] == [
        ("inside", "request-42"),
        ("request", "request-42"),
    ]
    assert structlog.contextvars.get_contextvars() == {}


async def test_every_answer_carries_the_security_headers() -> None:
    answer = await ask(edge())

    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert answer.headers["permissions-policy"] == "camera=(), geolocation=(), microphone=()"
    assert answer.headers["cross-origin-resource-policy"] == "same-site"
    assert answer.headers["cache-control"] == "no-store"
    assert "strict-transport-security" not in answer.headers


async def test_a_header_the_application_sets_is_left_alone() -> None:
    async def docs(_scope: Scope, _receive: Receive, send: Send) -> None:
        own = [(b"content-security-policy", b"default-src 'self'")]
        await send({"type": "http.response.start", "status": 200, "headers": own})
        await send({"type": "http.response.body", "body": b""})

    answer = await ask(edge(docs))

    assert answer.headers["content-security-policy"] == "default-src 'self'"


@pytest.mark.parametrize(
    ("strict", "scheme", "sent"),
    [(True, "https", True), (True, "http", False), (False, "https", False)],
)
async def test_strict_transport_is_asked_for_only_over_https(strict: bool, scheme: str, sent: bool) -> None:
    answer = await ask(edge(strict_transport=strict), scheme=scheme)

    assert ("strict-transport-security" in answer.headers) is sent


async def test_a_body_of_exactly_the_limit_is_read() -> None:
    answer = await ask(edge(), method="POST", chunks=[b"x" * (MEBIBYTE // 2)] * 2)

    assert (answer.status, answer.body) == (200, b"read 1048576")


async def test_a_body_declared_too_large_is_refused_before_the_application_sees_it() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise AssertionError("the application was asked")

    answer = await ask(edge(app), method="POST", headers={"content-length": "1048577"}, chunks=[b"x"])

    assert answer.status == 413
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["connection"] == "close"
    assert answer.json()["code"] == "too_large"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.complete


@pytest.mark.parametrize("length", [{}, {"content-length": "12"}, {"content-length": "9" * 5000}])
async def test_one_byte_too_many_in_a_stream_is_refused(length: dict[str, str]) -> None:
    answer = await ask(edge(), method="POST", headers=length, chunks=[b"x" * MEBIBYTE, b"x", b"rest"])

    assert answer.status == 413
    assert answer.complete


async def test_an_application_that_answers_the_cut_body_itself_is_not_heard() -> None:
    headers = {"content-type": "application/json"}
    chunks = [b'{"a": "', b"x" * MEBIBYTE, b'"}']

    answer = await ask(application(), "/v1/things", method="POST", headers=headers, chunks=chunks)

    assert (answer.status, answer.json()["code"]) == (413, "too_large")


async def test_each_operation_may_have_its_own_limit() -> None:
    app = edge(limit_for=lambda method, path: 10 if (method, path) == ("POST", "/small") else 100)

    small = await ask(app, "/small", method="POST", chunks=[b"x" * 11])
    large = await ask(app, "/large", method="POST", chunks=[b"x" * 11])

    assert (small.status, large.status) == (413, 200)


async def test_a_request_past_its_deadline_is_given_up() -> None:
    cancelled = asyncio.Event()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    answer = await ask(edge(app, deadline=0.05))

    assert answer.status == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["code"] == "deadline_passed"
    assert cancelled.is_set()


async def test_a_client_that_sends_nothing_does_not_hold_a_place() -> None:
    app = edge(deadline=0.05)

    answer = await ask(app, method="POST", chunks=[])

    assert answer.status == 503
    assert app.in_flight == 0


async def test_an_answer_begun_before_the_deadline_is_cut_not_completed() -> None:
    async def app(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"half", "more_body": True})
        await asyncio.sleep(3600)

    answer = await ask(edge(app, deadline=0.05))

    assert (answer.status, answer.body, answer.complete) == (200, b"half", False)


async def test_a_fault_tells_the_caller_its_number_and_the_log_the_rest(
    log_lines: Callable[[], list[dict[str, Any]]],
) -> None:
    app = application()

    answer = await ask(app, "/v1/things/7/broken", headers={"x-request-id": "request-42"})
    after = await ask(app, "/v1/things/7")

    assert answer.status == 500
    assert answer.json()["request_id"] == "request-42"
    assert b"secret inside" not in answer.body
    assert b"RuntimeError" not in answer.body
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert after.status == 200
    failed = log_lines()[0]
    assert (failed["event"], failed["request_id"]) == ("request failed", "request-42")
    assert failed["route"] == "/v1/things/{thing_id}/broken"
    assert "RuntimeError: the secret inside of 7" in failed["exception"]


async def test_a_client_that_left_is_no_fault(log_lines: Callable[[], list[dict[str, Any]]]) -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise ClientDisconnect

    answer = await ask(edge(app))

    assert answer.status == 0
    (line,) = log_lines()
    assert (line["event"], line["status"]) == ("request", 499)


async def test_a_refusal_speaks_the_caller_s_language() -> None:
    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError

    answer = await ask(edge(app), headers={"accept-language": "es-MX"})

    assert answer.json()["detail"].startswith("es un fallo del servicio")
    assert answer.headers["content-language"] == "es"


async def test_the_access_log_tells_the_template_and_who_but_never_the_path_or_query(
    log_lines: Callable[[], list[dict[str, Any]]],
) -> None:
    await ask(application(), "/v1/things/k3y-0F-a-L1nk", headers={"authorization": "Bearer k3y"})

    (line,) = log_lines()
    assert line.pop("at")
    assert line.pop("duration_ms") > 0
    assert UUID(line.pop("request_id"))
    assert line == {
        "event": "request",
        "level": "info",
        "logger": "app.core.middleware",
        "method": "GET",
        "route": "/v1/things/{thing_id}",
        "status": 200,
        "tenant_id": "tenant-1",
        "account_id": "account-1",
    }


async def test_health_checks_do_not_fill_the_log(log_lines: Callable[[], list[dict[str, Any]]]) -> None:
    await ask(application(), "/livez")

    assert log_lines() == []


async def test_requests_are_counted_by_method_route_and_class_of_status() -> None:
    labels = {"method": "GET", "route": "/v1/things/{thing_id}/broken", "status": "5xx"}
    before = metrics.REGISTRY.get_sample_value("http_requests_total", labels) or 0

    await ask(application(), "/v1/things/7/broken")

    assert metrics.REGISTRY.get_sample_value("http_requests_total", labels) == before + 1
    assert metrics.REGISTRY.get_sample_value("http_requests_in_flight") == 0


async def test_beyond_the_cap_callers_are_told_to_come_back_but_livez_answers() -> None:
    release = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/slow":
            await release.wait()
        await hello(scope, receive, send)

    capped = edge(app, max_concurrent=2)
    async with asyncio.TaskGroup() as group:
        held = [group.create_task(ask(capped, "/slow")) for _ in range(2)]
        await asyncio.sleep(0)
        refused = await ask(capped, "/")
        alive = await ask(capped, "/livez")
        release.set()
    after = await ask(capped, "/")

    assert (refused.status, refused.headers["retry-after"]) == (503, "1")
    assert refused.json()["code"] == "overloaded"
    assert alive.status == 200
    assert [task.result().status for task in held] == [200, 200]
    assert after.status == 200


async def test_what_is_not_http_passes_through() -> None:
    seen: list[str] = []

    async def app(scope: Scope, _receive: Receive, _send: Send) -> None:
        seen.append(scope["type"])

    async def silent(*_: Any) -> Any:
        raise AssertionError("nothing is sent or received")

    await edge(app)({"type": "lifespan"}, silent, silent)

    assert seen == ["lifespan"]
