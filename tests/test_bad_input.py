"""Whatever is sent, the answer is a refusal that says what to do: 4xx as a problem document, and never a 5xx."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI

from app.access.public import PUBLIC
from tests.matrix import ABOUT_ONE, LISTS, OWN, THINGS
from tests.matrix_makings import ABOUT_ME, MAKINGS, OPEN
from tests.world import World

pytest_plugins = ("tests.furnished",)

METHODS = ("get", "post", "put", "patch", "delete")
JSON = "application/json"
NOBODY = "0192f3a4-7c1e-7b2a-9d53-3f0c2a6b8e11"
SECRET = "x" * 43

# Who has the action, where that is not the district administrator.
ASKED_BY = {
    "create_pursuit": "leo",
    "create_favorite": "leo",
    "delete_favorite": "leo",
    "get_favorite": "leo",
    "list_favorites": "leo",
    "request_start_of_pursuit": "leo",
    "withdraw_pursuit": "leo",
    "approve_start_of_pursuit": "ada",
    "return_start_of_pursuit": "ada",
    "list_dead_letters": "olga",
    "replay_dead_letter": "olga",
    "skip_dead_letter": "olga",
}

_DEEP = "[" * 100_000
_HUGE = "9" * 5_000
# Bodies that no operation takes, whatever it reads; a missing Content-Type is none at all.
RAW: dict[str, tuple[bytes, str | None]] = {
    "empty": (b"", JSON),
    "white space": (b"   ", JSON),
    "cut off": (b'{"reason": "bec', JSON),
    "half an object": (b'{"a"', JSON),
    "two values": (b"{} {}", JSON),
    "a list": (b"[]", JSON),
    "a list of objects": (b"[{}]", JSON),
    "a text": (b'"text"', JSON),
    "a number": (b"5", JSON),
    "null": (b"null", JSON),
    "invalid UTF-8": (b'{"reason": "\xff\xfe"}', JSON),
    "UTF-16": ('{"reason": "x"}'.encode("utf-16"), JSON),
    "a byte order mark": (b"\xef\xbb\xbf{}", JSON),
    "binary": (bytes(range(256)), JSON),
    "deep lists": (_DEEP.encode(), JSON),
    "deep lists, closed": ((_DEEP + "]" * 100_000).encode(), JSON),
    "deep objects": (('{"a":' * 100_000 + "1" + "}" * 100_000).encode(), JSON),
    "deep in a field": (('{"reason":' + _DEEP + "]" * 100_000 + "}").encode(), JSON),
    "a name of 100,000 letters": (json.dumps({"a" * 100_000: 1}).encode(), JSON),
    "10,000 fields": (json.dumps({f"field_{number}": number for number in range(10_000)}).encode(), JSON),
    "a field with a NUL in its name": (b'{"a\\u0000b": 1}', JSON),
    "a field with half a pair in its name": (b'{"\\ud800": 1}', JSON),
    "a huge integer in an unknown field": (f'{{"zzz": {_HUGE}}}'.encode(), JSON),
    "plain text": (b'{"reason": "x"}', "text/plain"),
    "a form": (b"reason=x", "application/x-www-form-urlencoded"),
    "multipart": (b"--x\r\n\r\n--x--", "multipart/form-data; boundary=x"),
    "multipart without a boundary": (b"--x\r\n\r\n--x--", "multipart/form-data"),
    "XML": (b"<a/>", "application/xml"),
    "a content type that is none": (b'{"reason": "x"}', "garbage"),
    "an unknown character set": (b'{"zzz": 1}', "application/json; charset=klingon"),
    "no content type": (b'{"reason": "x"}', None),
}
# What is tried as the value of every field of another kind.
VALUES: dict[str, str] = {
    "null": "null",
    "true": "true",
    "a text for true": '"yes"',
    "a number": "5",
    "a text for a number": '"5"',
    "a fraction": "5.5",
    "one too many for 64 bits": str(2**63),
    "one too many for 32 bits": str(2**31),
    "a negative number": "-1",
    "5,000 digits": _HUGE,
    "a huge exponent": "1e400",
    "NaN": "NaN",
    "Infinity": "Infinity",
    "minus Infinity": "-Infinity",
    "a list": "[]",
    "an object": "{}",
    "a list of null": "[null]",
    "a list of lists": "[[[]]]",
    "nothing": '""',
    "a NUL": '"a\\u0000b"',
    "half a pair": '"a\\ud800b"',
    "the other half": '"\\udfff"',
    "a bidirectional mark": '"a\\u202eb"',
    "a long text": json.dumps("x" * 200_000),
    "a day that is none": '"2026-02-30"',
    "a day before all days": '"0000-01-01"',
    "a day after all days": '"99999-01-01"',
    "an instant": '"2026-09-14T06:00:00Z"',
    "not a UUID": '"not-a-uuid"',
}
# Taken or refused: anything but a break.
_ORDINARY = range(200, 500)


@pytest.fixture(scope="session")
def operations(app: FastAPI) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Every operation of the contract: its method, path and description, by its id."""
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, item in app.openapi()["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def _names(*, bodies: bool | None = None) -> list[str]:
    """Return the operations, those with a JSON body, or those without one."""
    with_body = {
        *(name for name, row in ABOUT_ONE.items() if row.body),
        *(name for name in MAKINGS if not name.startswith("import_")),
        *(name for name, mine in ABOUT_ME.items() if mine.body),
        *(name for name, row in OPEN.items() if row.body),
    }
    every = {*LISTS, *ABOUT_ONE, *MAKINGS, *ABOUT_ME, *OPEN}
    return sorted(every if bodies is None else with_body if bodies else every - with_body)


def _client(world: World, name: str) -> httpx.AsyncClient:
    headers = {"If-Match": '"1"'}
    if name not in PUBLIC:
        headers["Authorization"] = f"Bearer {world.token(ASKED_BY.get(name, 'ellis'))}"
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://kithwork.test", headers=headers)


def _url(path: str) -> str:
    filled = path.replace("{token}", SECRET).replace("{answer}", "accept").replace("{choice}", "pause")
    before, brace, rest = filled.partition("{")
    return f"{before}{NOBODY}{rest.partition('}')[2]}" if brace else filled


async def _send(client: httpx.AsyncClient, method: str, url: str, **options: Any) -> httpx.Response:
    headers = options.pop("headers", {})
    if method == "POST":
        headers = {"Idempotency-Key": str(uuid4()), **headers}
    return await client.request(method, url, headers=headers, **options)


def _fault(answer: httpx.Response, *, among: Any = range(400, 500)) -> str | None:
    """Say what is wrong with a refusal, if anything is."""
    if answer.status_code not in among:
        return f"{answer.status_code} {answer.text[:300]}"
    if answer.status_code < 400:
        return None
    kind = answer.headers.get("content-type", "")
    body = answer.json()
    if answer.request.url.path.startswith("/oauth/") and kind == JSON:
        return None if body["error"] and body["error_description"] else f"no RFC 6749 error: {body}"
    if kind != "application/problem+json":
        return f"{answer.status_code} is {kind}"
    told = body["code"] and body["detail"] and " " in body["detail"] and body["request_id"]
    right = body["status"] == answer.status_code and body["request_id"] == answer.headers["x-request-id"]
    return None if told and right else f"an incomplete problem: {body}"


def _resolve(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in schema:
        found: dict[str, Any] = document["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
        return found
    for choice in schema.get("anyOf", ()):
        if "$ref" in choice:
            return _resolve(document, choice)
    return schema


def _json_schema(document: dict[str, Any], operation: dict[str, Any]) -> dict[str, Any]:
    return _resolve(document, operation["requestBody"]["content"][JSON]["schema"])


def _kinds(document: dict[str, Any], schema: dict[str, Any]) -> set[str]:
    if "$ref" in schema:
        return _kinds(document, _resolve(document, schema))
    if "anyOf" in schema:
        return {kind for choice in schema["anyOf"] for kind in _kinds(document, choice)}
    return {schema.get("type", "string")}


def _fields(document: dict[str, Any], schema: dict[str, Any]) -> Iterator[tuple[str, set[str]]]:
    for name, field in schema["properties"].items():
        yield name, _kinds(document, field)


def _kind(value: str) -> str:
    if value == "null":
        return "null"
    if value == "true":
        return "boolean"
    first = value[0]
    if first in '"[{':
        return {'"': "string", "[": "array", "{": "object"}[first]
    return "integer" if value.lstrip("-").isdigit() else "number"


def _takes(kinds: set[str], value: str) -> bool:
    """Say whether a value is of a kind that the field takes, so that only its content can be wrong."""
    kind = _kind(value)
    return kind in kinds or (kind == "integer" and "number" in kinds)


@pytest.mark.parametrize("name", _names(bodies=True))
async def test_a_body_that_cannot_be_read_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    optional = not operation["requestBody"].get("required", False)
    faults = {}

    async with _client(kept, name) as client:
        for label, (body, content_type) in RAW.items():
            if optional and label in {"empty", "null"}:
                continue
            headers = {} if content_type is None else {"Content-Type": content_type}
            answer = await _send(client, method, _url(path), content=body, headers=headers)
            if fault := _fault(answer):
                faults[label] = fault

    assert faults == {}


@pytest.mark.parametrize("name", _names(bodies=True))
async def test_fields_of_the_wrong_kind_are_refused_by_name(
    name: str, app: FastAPI, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    document = app.openapi()
    fields = list(_fields(document, _json_schema(document, operation)))
    faults = {}

    async with _client(kept, name) as client:
        for label, value in VALUES.items():
            wrong = [field for field, kinds in fields if not _takes(kinds, value)]
            if not wrong:
                continue
            body = "{" + ", ".join(f'"{field}": {value}' for field in wrong) + "}"
            answer = await _send(
                client, method, _url(path), content=body.encode(), headers={"Content-Type": JSON}
            )
            fault = _fault(answer, among=(400, 422))
            if fault is None and answer.status_code == 422:
                named = {error.get("pointer", "").split("/")[1] for error in answer.json()["errors"]}
                if not named >= set(wrong):
                    fault = f"not told of {set(wrong) - named}"
            if fault:
                faults[label] = fault

    assert faults == {}


# Of the right kind, and at the edge of what can be stored, added to or counted with.
EDGES = (
    *(value for value in VALUES.values() if value[0] == '"'), _HUGE, str(2**63), "1e400", "NaN", "-Infinity",
    "null", "0", "1", "-1", "2147483647", "2147483648", str(2**63 - 1), "1e308", "-90.0", "true", "false", '""', '" "', '"x"',
    f'"{NOBODY}"', '"00000000-0000-0000-0000-000000000000"', '"0001-01-01"', '"9999-12-31"', '"1900-01-01"', '"2200-12-31"',
    '"UTC"', '"en"', '"student"', '"operator"', '"integration"', '"district_admin"', json.dumps("x" * 2_000), json.dumps("\u0301" * 200),
    json.dumps("\U0001f404" * 50), "[]", '["student"]', '["11", "11"]', f'["{NOBODY}"]', '"a@b.example"', '"+1 312 555 0100"', '"11"',
)  # fmt: skip


def _about(name: str, world: World) -> tuple[str, dict[str, Any]]:
    """Return the id of something an operation can be asked about, and a body that holds."""
    if name in MAKINGS:
        return NOBODY, MAKINGS[name].options(world, OWN).get("json", {})
    if name in ABOUT_ONE:
        row = ABOUT_ONE[name]
        of_whom = {
            "pursuit": "leo_pursuit",
            "placement": "leo_placement",
            "membership": "omar_role",
            "person": "maya",
        }
        things = [thing.name for thing in THINGS if thing.noun == row.noun and thing.place == OWN]
        return str(world[of_whom.get(row.noun, things[0])]), dict(row.body or {})
    return NOBODY, dict((ABOUT_ME.get(name) or OPEN[name]).body or {})


@pytest.mark.parametrize("name", _names(bodies=True))
async def test_a_value_at_the_edge_is_taken_or_refused_and_never_breaks_anything(
    name: str, app: FastAPI, fresh: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    document = app.openapi()
    thing_id, base = _about(name, fresh)
    faults = {}

    async with _client(fresh, name) as client:
        for field, kinds in _fields(document, _json_schema(document, operation)):
            rest = "".join(
                f", {json.dumps(key)}: {json.dumps(value)}" for key, value in base.items() if key != field
            )
            for value in EDGES:
                if not _takes(kinds, value):
                    continue
                answer = await _send(
                    client,
                    method,
                    _url(path).replace(NOBODY, thing_id),
                    content=f'{{"{field}": {value}{rest}}}'.encode(),
                    headers={"Content-Type": JSON},
                )
                if fault := _fault(answer, among=_ORDINARY):
                    faults[f"{field}: {value[:40]}"] = fault

    assert faults == {}


@pytest.mark.parametrize("name", _names(bodies=True))
async def test_an_unknown_field_is_refused_by_name(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, _ = operations[name]

    async with _client(kept, name) as client:
        answer = await _send(client, method, _url(path), json={"surely_unknown": 1})

    assert _fault(answer, among=(422,)) is None
    pointers = [error.get("pointer") for error in answer.json()["errors"]]
    assert "/surely_unknown" in pointers


@pytest.mark.parametrize("name", _names(bodies=True))
async def test_a_body_of_one_byte_too_many_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, _ = operations[name]
    limit = kept.app.state.settings.json_body_limit
    start = b'{"a": "'
    body = start + b"x" * (limit + 1 - len(start) - 2) + b'"}'

    async with _client(kept, name) as client:
        too_large = await _send(client, method, _url(path), content=body, headers={"Content-Type": JSON})
        large = await _send(
            client, method, _url(path), content=body[:-3] + b'"}', headers={"Content-Type": JSON}
        )

    assert len(body) == limit + 1
    assert _fault(too_large, among=(413,)) is None
    assert _fault(large, among=(400, 422)) is None


PATHS = (
    "not-a-uuid", "0", "-1", "null", "00000000-0000-0000-0000-00000000000g", NOBODY[:-1], f"{NOBODY}0", "%00",
    "a%00b", "%ff%fe", "%ed%a0%80", "..%2f..", "{}", "%20", "x" * 5_000, "%F0%9F%90%84", "9" * 400,
)  # fmt: skip


@pytest.mark.parametrize("name", sorted({*ABOUT_ONE, *(name for name, row in OPEN.items() if row.path)}))
async def test_a_path_that_names_nothing_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, _ = operations[name]
    before, _, rest = path.partition("{")
    rest = rest.partition("}")[2].replace("{answer}", "accept").replace("{choice}", "pause")
    faults = {}

    async with _client(kept, name) as client:
        for part in PATHS:
            answer = await _send(client, method, f"{before}{part}{rest}")
            if fault := _fault(answer):
                faults[part[:40]] = fault

    assert faults == {}


QUERIES = {
    "limit=0": 422, "limit=101": 422, "limit=1e9": 422, "limit=-1": 422, "limit=": 422, "limit=2.5": 422,
    f"limit={_HUGE}": 422, f"limit={2**63}": 422, "limit=%00": 422, "limit=NaN": 422, "limit=5&limit=6": 422,
    "surely_unknown=1": 422, "cursor=garbage": 422, "cursor=": 422, "cursor=%00": 422, "cursor=%ff": 422,
    "cursor=" + "x" * 2_000: 422, "cursor=a.b": 422, "cursor=%F0%9F%90%84": 422, "%00=1": 422, "=": 422,
    "limit%5B%5D=1": 422, "%ff=1": 422,
}  # fmt: skip
# Values for every filter of a list; a filter that takes one of them answers 200.
FILTERS = (
    "%00", "a%00b", "%ff", "%ed%a0%80", "", "x" * 10_000, _HUGE, str(2**63), "NaN", "'; DROP TABLE people; --",
    "%25%25%25", "%5C", "((((", "%22", "a%20%26%20!%20b", "%E2%80%AE", "0000-01-01", "9999-12-31", "99999-01-01",
    "2026-09-14T06:00:00Z", "0001-01-01T00:00:00%2B23:59", "9999-12-31T23:59:59-23:59", "not-a-uuid", "yes", "[]", "{}",
)  # fmt: skip


@pytest.mark.parametrize("name", sorted({*LISTS, "list_sessions", "list_import_rows", "list_worksites"}))
async def test_a_query_that_makes_no_sense_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    url = path.replace("{import_id}", str(kept["lakeside_import"])).replace(
        "{employer_id}", str(kept["clinic"])
    )
    filters = [
        parameter["name"]
        for parameter in operation["parameters"]
        if parameter["in"] == "query" and parameter["name"] not in {"limit", "cursor"}
    ]
    faults = {}

    async with _client(kept, name) as client:
        for query, wanted in QUERIES.items():
            if fault := _fault(await _send(client, method, f"{url}?{query}"), among=(wanted,)):
                faults[query[:60]] = fault
        for field in filters:
            for value in FILTERS:
                answer = await _send(client, method, f"{url}?{field}={value}")
                if fault := _fault(answer, among=(200, 422)):
                    faults[f"{field}={value[:40]}"] = fault

    assert faults == {}


HEADERS: dict[str, tuple[str, bytes, tuple[int, ...] | range]] = {
    "a version that is no tag": ("If-Match", b"garbage", range(400, 500)),
    "every version": ("If-Match", b"*", range(400, 500)),
    "a weak tag": ("If-Match", b'W/"1"', range(400, 500)),
    "several tags": ("If-Match", b'"1", "2"', range(400, 500)),
    "a tag of 5,000 digits": ("If-Match", b'"' + _HUGE.encode() + b'"', range(400, 500)),
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


@pytest.mark.parametrize("name", _names())
async def test_a_header_that_makes_no_sense_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    named = {parameter["name"].lower() for parameter in operation.get("parameters", ())}
    faults = {}

    async with _client(kept, name) as client:
        for label, (header, value, refused) in HEADERS.items():
            heard = header.lower() in named or (header == "Authorization" and name not in PUBLIC)
            if not heard and name not in {"get_me", "create_person", "take_token", "list_opportunities"}:
                continue
            options = {} if name in LISTS or method == "GET" else {"content": b"{}"}
            answer = await _send(
                client,
                method,
                _url(path),
                headers={"Content-Type": JSON, header: value},
                **options,
            )
            if fault := _fault(answer, among=refused if heard else _ORDINARY):
                faults[label] = fault

    assert faults == {}


@pytest.mark.parametrize("path", ["/", "/v1", "/v1/", "/v1/nothing", "/v2/me", "/v1/me/", "/%00", "/%ff", "//v1/me", "/v1/employers/" + NOBODY + "/explode", "/" + "x" * 5_000])  # fmt: skip
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "PATCH", "TRACE", "BREW"])
async def test_an_address_where_nothing_is_says_so(path: str, method: str, client: httpx.AsyncClient) -> None:
    answer = await client.request(method, path)

    assert _fault(answer, among=(200, 404, 405)) is None
    assert answer.status_code in ({200, 405} if path == "/" else {404, 405})


@pytest.mark.parametrize("name", _names())
@pytest.mark.parametrize("method", ["TRACE", "PUT", "BREW", "OPTIONS"])
async def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(
    name: str, method: str, client: httpx.AsyncClient, operations: dict[str, Any]
) -> None:
    own, path, _ = operations[name]

    answer = await client.request(method, _url(path))

    assert _fault(answer, among=(405,)) is None
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
    assert _fault(answer, among=range(200, 500) if asks_token else range(400, 500)) is None


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

    async with _client(fresh, name) as client:
        answer = await _send(client, method, path, content=body, headers=headers)

    assert _fault(answer) is None


@pytest.mark.parametrize("name", ["import_roster", "import_opportunities"])
async def test_a_file_with_parameters_that_make_no_sense_is_refused(
    name: str, fresh: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    kind = "application/zip" if name == "import_roster" else "text/csv"
    fields = [parameter["name"] for parameter in operation["parameters"] if parameter["in"] == "query"]
    faults = {}

    async with _client(fresh, name) as client:
        for field in [*fields, "surely_unknown"]:
            for value in FILTERS:
                answer = await _send(
                    client,
                    method,
                    f"{path}?{field}={value}",
                    content=b"Program\nChess\n",
                    headers={"Content-Type": kind},
                )
                if fault := _fault(answer, among=(202, 403, 422)):
                    faults[f"{field}={value[:40]}"] = fault

    assert faults == {}
