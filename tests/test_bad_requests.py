"""Headers, addresses, methods, forms and files that make no sense are refused, and never break anything."""

from typing import Any

import httpx
import pytest

from app.access.public import PUBLIC
from tests.matrix import LISTS
from tests.refusals import FILTERS, HUGE, JSON, NOBODY, ORDINARY, client_of, fault_of, names, send, url
from tests.world import World

pytest_plugins = ("tests.furnished",)

HEADERS: dict[str, tuple[str, bytes, tuple[int, ...] | range]] = {
    "a version that is no tag": ("If-Match", b"garbage", range(400, 500)),
    "every version": ("If-Match", b"*", range(400, 500)),
    "a weak tag": ("If-Match", b'W/"1"', range(400, 500)),
    "several tags": ("If-Match", b'"1", "2"', range(400, 500)),
    "a tag of 5,000 digits": ("If-Match", b'"' + HUGE.encode() + b'"', range(400, 500)),
    "a tag that is not ASCII": ("If-Match", b'"\xc3\xa9"', range(400, 500)),
    "digits of another script": ("If-Match", '"٣"'.encode(), range(400, 500)),
    "no version": ("If-Match", b"", range(400, 500)),
    "a huge key": ("Idempotency-Key", b"k" * 5_000, range(400, 500)),
    "an empty key": ("Idempotency-Key", b"", range(400, 500)),
    "a key that is not ASCII": ("Idempotency-Key", b"\xff\xfe", range(400, 500)),
    "a token that is none": ("Authorization", b"Bearer garbage", range(400, 500)),
    "no token": ("Authorization", b"Bearer", range(400, 500)),
    "another scheme": ("Authorization", b"Basic !!!", range(400, 500)),
    "a token that is not ASCII": ("Authorization", b"Bearer \xff\xfe.\xff.\xff", range(400, 500)),
    "a token of 50,000 letters": ("Authorization", b"Bearer " + b"e" * 50_000, range(400, 500)),
    "only dots": ("Authorization", b"Bearer ...", range(400, 500)),
    "a language that is none": ("Accept-Language", b"\xff;q=NaN,,;;==", range(200, 500)),
    "a thousand languages": ("Accept-Language", b"xx;q=0.5," * 1_000, range(200, 500)),
    "a request id with a line in it": ("X-Request-ID", b"a b%0d%0a" * 100, range(200, 500)),
    "a length that is none": ("Content-Length", b"-1", range(200, 500)),
    "a type that is not ASCII": ("Content-Type", b"\xff/\xff", range(200, 500)),
}


@pytest.mark.parametrize("name", names())
async def test_a_header_that_makes_no_sense_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    named = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    faults = {}

    async with client_of(kept, name) as client:
        for label, (header, value, refused) in HEADERS.items():
            heard = header.lower() in named or (header == "Authorization" and name not in PUBLIC)
            if not heard and name not in {"get_me", "create_person", "take_token", "list_opportunities"}:
                continue
            options = {} if name in LISTS or method == "GET" else {"content": b"{}"}
            answer = await send(
                client,
                method,
                url(path),
                headers={"Content-Type": JSON, header: value},
                **options,
            )
            if fault := fault_of(answer, among=refused if heard else ORDINARY):
                faults[label] = fault

    assert faults == {}


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nothing", "/v2/me", "/v1/me/", "/%00", "/%ff", "//v1/me", "/v1/employers/" + NOBODY + "/explode", "/" + "x" * 5_000])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH", "TRACE", "BREW"])
async def test_an_address_where_nothing_is_says_so(path: str, method: str, client: httpx.AsyncClient) -> None:
    answer = await client.request(method, path)

    assert fault_of(answer, among=(200, 404, 405)) is None
    assert answer.status_code in ({200, 405} if path == "/" else {404, 405})


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("method", ["TRACE", "PUT", "BREW", "OPTIONS"])
async def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(
    name: str, method: str, client: httpx.AsyncClient, operations: dict[str, Any]
) -> None:
    own, path, _ = operations[name]
    if any(there == path and taken == method for taken, there, _ in operations.values()):
        method = "LOCK"  # this address does take the other one

    answer = await client.request(method, url(path))

    assert fault_of(answer, among=(405,)) is None
    assert own in [part.strip() for part in answer.headers["allow"].split(",")]


FORMS: dict[str, tuple[bytes, str | None]] = {
    "empty": (b"", "application/x-www-form-urlencoded"),
    "JSON": (b'{"grant_type": "password"}', JSON),
    "no type": (b"grant_type=password", None),
    "multipart": (b"--x", "multipart/form-data; boundary=x"),
    "a field twice": (
        b"grant_type=password&grant_type=password&token=a&token=b",
        "application/x-www-form-urlencoded",
    ),
    "invalid UTF-8": (b"grant_type=password&token=%ff%fe&username=%ff", "application/x-www-form-urlencoded"),
    "raw bytes": (b"grant_type=\xff\xfe&token=\xff", "application/x-www-form-urlencoded"),
    "a NUL": (
        b"grant_type=password&username=a%00b&password=x&token=%00",
        "application/x-www-form-urlencoded",
    ),
    "51 fields": (b"&".join(b"f%d=1" % n for n in range(51)), "application/x-www-form-urlencoded"),
    "an unknown grant": (b"grant_type=magic", "application/x-www-form-urlencoded"),
    "a tenant that is none": (
        b"grant_type=password&username=maya%40example.org&password=x&tenant=%F0%9F%90%84",
        "application/x-www-form-urlencoded",
    ),
    "a long username": (
        b"grant_type=password&password=x&username=" + b"u" * 100_000,
        "application/x-www-form-urlencoded",
    ),
    "a long password": (
        b"grant_type=password&username=x&password=" + b"p" * 100_000,
        "application/x-www-form-urlencoded",
    ),
    "half a pair": (
        b"grant_type=refresh_token&refresh_token=%ED%A0%80&token=%ED%A0%80",
        "application/x-www-form-urlencoded",
    ),
    "a client that is none": (
        b"grant_type=client_credentials&client_id=%00&client_secret=x",
        "application/x-www-form-urlencoded",
    ),
    "too large": (b"x" * (1024 * 1024 + 1), "application/x-www-form-urlencoded"),
}


@pytest.mark.parametrize("label", sorted(FORMS))
@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke"])
@pytest.mark.usefixtures("world")
async def test_a_form_that_makes_no_sense_is_refused(
    path: str, label: str, client: httpx.AsyncClient
) -> None:
    body, content_type = FORMS[label]
    headers = {} if content_type is None else {"Content-Type": content_type}

    answer = await client.post(path, content=body, headers=headers)

    # RFC 7009 §2.2: a token that is not known was revoked, as far as its holder can tell.
    asks_token = path == "/oauth/revoke" and b"token=" in body
    assert fault_of(answer, among=range(200, 500) if asks_token else range(400, 500)) is None


FILES: dict[str, tuple[bytes, str | None]] = {
    "empty": (b"", "application/zip"),
    "JSON": (b"{}", JSON),
    "no type": (b"PK", None),
    "too large": (b"x" * (25 * 1024 * 1024 + 1), "application/zip"),
}


@pytest.mark.parametrize("label", sorted(FILES))
@pytest.mark.parametrize("name", ["import_roster", "import_opportunities"])
async def test_a_file_that_is_none_is_refused(
    name: str, label: str, fresh: World, operations: dict[str, Any]
) -> None:
    method, path, _ = operations[name]
    body, content_type = FILES[label]
    if content_type == "application/zip" and name == "import_opportunities":
        content_type = "text/csv"
    headers = {} if content_type is None else {"Content-Type": content_type}

    async with client_of(fresh, name) as client:
        answer = await send(client, method, path, content=body, headers=headers)

    assert fault_of(answer) is None


@pytest.mark.parametrize("name", ["import_roster", "import_opportunities"])
async def test_a_file_with_parameters_that_make_no_sense_is_refused(
    name: str, fresh: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    kind = "application/zip" if name == "import_roster" else "text/csv"
    fields = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"]
    faults = {}

    async with client_of(fresh, name) as client:
        for field in [*fields, "surely_unknown"]:
            for value in FILTERS:
                answer = await send(
                    client,
                    method,
                    f"{path}?{field}={value}",
                    content=b"Program\nChess\n",
                    headers={"Content-Type": kind},
                )
                if fault := fault_of(answer, among=(202, 403, 422)):
                    faults[f"{field}={value[:40]}"] = fault

    assert faults == {}
