"""Whatever body, path or query is sent, the answer is a refusal that says what to do: 4xx as a problem, never a 5xx."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI

from tests.matrix import ABOUT_ONE, LISTS, OWN, THINGS
from tests.matrix_makings import ABOUT_ME, MAKINGS, OPEN
from tests.refusals import FILTERS, HUGE, JSON, NOBODY, ORDINARY, client_of, fault_of, names, send, url
from tests.world import World

pytest_plugins = ("tests.furnished",)

_DEEP = "[" * 100_000
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
    "a huge integer in an unknown field": (f'{{"zzz": {HUGE}}}'.encode(), JSON),
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
    "5,000 digits": HUGE,
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
    "a long text": json.dumps("x" * 30_000),
    "a day that is none": '"2026-02-30"',
    "a day before all days": '"0000-01-01"',
    "a day after all days": '"99999-01-01"',
    "an instant": '"2026-09-14T06:00:00Z"',
    "not a UUID": '"not-a-uuid"',
}


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


@pytest.mark.parametrize("name", names(bodies=True))
async def test_a_body_that_cannot_be_read_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    optional = not operation["requestBody"].get("required", False)
    faults = {}

    async with client_of(kept, name) as client:
        for label, (body, content_type) in RAW.items():
            if optional and label in {"empty", "null"}:
                continue
            headers = {} if content_type is None else {"Content-Type": content_type}
            answer = await send(client, method, url(path), content=body, headers=headers)
            if fault := fault_of(answer):
                faults[label] = fault

    assert faults == {}


@pytest.mark.parametrize("name", names(bodies=True))
async def test_fields_of_the_wrong_kind_are_refused_by_name(
    name: str, app: FastAPI, kept: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    document = app.openapi()
    fields = list(_fields(document, _json_schema(document, operation)))
    faults = {}

    async with client_of(kept, name) as client:
        for label, value in VALUES.items():
            wrong = [field for field, kinds in fields if not _takes(kinds, value)]
            if not wrong:
                continue
            body = "{" + ", ".join(f'"{field}": {value}' for field in wrong) + "}"
            answer = await send(
                client, method, url(path), content=body.encode(), headers={"Content-Type": JSON}
            )
            fault = fault_of(answer, among=(400, 422))
            if fault is None and answer.status_code == 422:
                named = {error.get("pointer", "").split("/")[1] for error in answer.json()["errors"]}
                if not named >= set(wrong):
                    fault = f"not told of {set(wrong) - named}"
            if fault:
                faults[label] = fault

    assert faults == {}


# Of the right kind, and at the edge of what can be stored, added to or counted with.
EDGES = (
    *(value for value in VALUES.values() if value[0] == '"'), HUGE, str(2**63), "1e400", "NaN", "-Infinity",
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


@pytest.mark.parametrize("name", names(bodies=True))
async def test_a_value_at_the_edge_is_taken_or_refused_and_never_breaks_anything(
    name: str, app: FastAPI, fresh: World, operations: dict[str, Any]
) -> None:
    method, path, operation = operations[name]
    document = app.openapi()
    thing_id, base = _about(name, fresh)
    faults = {}

    async with client_of(fresh, name) as client:
        for field, kinds in _fields(document, _json_schema(document, operation)):
            rest = "".join(
                f", {json.dumps(key)}: {json.dumps(value)}" for key, value in base.items() if key != field
            )
            for value in EDGES:
                if not _takes(kinds, value):
                    continue
                answer = await send(
                    client,
                    method,
                    url(path).replace(NOBODY, thing_id),
                    content=f'{{"{field}": {value}{rest}}}'.encode(),
                    headers={"Content-Type": JSON},
                )
                if fault := fault_of(answer, among=ORDINARY):
                    faults[f"{field}: {value[:40]}"] = fault

    assert faults == {}


@pytest.mark.parametrize("name", names(bodies=True))
async def test_an_unknown_field_is_refused_by_name(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, _ = operations[name]

    async with client_of(kept, name) as client:
        answer = await send(client, method, url(path), json={"surely_unknown": 1})

    assert fault_of(answer, among=(422,)) is None
    pointers = [error.get("pointer") for error in answer.json()["errors"]]
    assert "/surely_unknown" in pointers


@pytest.mark.parametrize("name", names(bodies=True))
async def test_a_body_of_one_byte_too_many_is_refused(
    name: str, kept: World, operations: dict[str, Any]
) -> None:
    method, path, _ = operations[name]
    limit = kept.app.state.settings.json_body_limit
    start = b'{"a": "'
    body = start + b"x" * (limit + 1 - len(start) - 2) + b'"}'

    async with client_of(kept, name) as client:
        too_large = await send(client, method, url(path), content=body, headers={"Content-Type": JSON})
        large = await send(
            client, method, url(path), content=body[:-3] + b'"}', headers={"Content-Type": JSON}
        )

    assert len(body) == limit + 1
    assert fault_of(too_large, among=(413,)) is None
    assert fault_of(large, among=(400, 422)) is None


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

    async with client_of(kept, name) as client:
        for part in PATHS:
            answer = await send(client, method, f"{before}{part}{rest}")
            if fault := fault_of(answer):
                faults[part[:40]] = fault

    assert faults == {}


QUERIES = {
    "limit=0": 422, "limit=101": 422, "limit=1e9": 422, "limit=-1": 422, "limit=": 422, "limit=2.5": 422,
    f"limit={HUGE}": 422, f"limit={2**63}": 422, "limit=%00": 422, "limit=NaN": 422, "limit=5&limit=6": 422,
    "surely_unknown=1": 422, "cursor=garbage": 422, "cursor=": 422, "cursor=%00": 422, "cursor=%ff": 422,
    "cursor=" + "x" * 2_000: 422, "cursor=a.b": 422, "cursor=%F0%9F%90%84": 422, "%00=1": 422, "=": 422,
    "limit%5B%5D=1": 422, "%ff=1": 422,
}  # fmt: skip


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

    async with client_of(kept, name) as client:
        for query, wanted in QUERIES.items():
            if fault := fault_of(await send(client, method, f"{url}?{query}"), among=(wanted,)):
                faults[query[:60]] = fault
        for field in filters:
            for value in FILTERS:
                answer = await send(client, method, f"{url}?{field}={value}")
                if fault := fault_of(answer, among=(200, 422)):
                    faults[f"{field}={value[:40]}"] = fault

    assert faults == {}
