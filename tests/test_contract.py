"""The contract: the committed OpenAPI document is the one that is served, and complete enough for a stranger's client."""

import json
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from openapi_spec_validator import validate

from app.access.public import PUBLIC

COMMITTED = Path(__file__).parents[1] / "openapi" / "openapi.json"
# Computations that change nothing: a repeated one is simply done again.
STATELESS = {"preview_bulk_edit"}
METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture(scope="session")
def document(app: FastAPI) -> dict[str, Any]:
    return app.openapi()


def _operations(document: dict[str, Any]) -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operations[method])
        for path, operations in document["paths"].items()
        for method in METHODS
        if method in operations
    ]


def test_the_committed_document_is_the_one_that_is_served(document: dict[str, Any]) -> None:
    committed = json.loads(COMMITTED.read_text())

    assert committed == json.loads(json.dumps(document)), "run `make openapi` and look at the difference"


def test_the_document_is_valid_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"].startswith("3.1")
    validate(document)


def test_every_operation_is_named_tagged_and_described(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _, _, operation in _operations(document)]

    assert len(names) == len(set(names))
    for method, path, operation in _operations(document):
        assert operation["tags"], (method, path)
        assert operation["summary"], (method, path)
        assert len(operation["description"]) > 20, (method, path)


def test_every_operation_declares_who_may_call_it(document: dict[str, Any]) -> None:
    for _, path, operation in _operations(document):
        expected: list[Any] = [] if operation["operationId"] in PUBLIC else [{"accessToken": []}]
        assert operation["security"] == expected, path
    assert {operation["operationId"] for *_, operation in _operations(document)} >= PUBLIC


def test_every_refusal_is_a_problem_document(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        for status, response in operation["responses"].items():
            if status.startswith(("4", "5")):
                kinds = set(response.get("content", {}))
                expected = (
                    {"application/json"} if path.startswith("/oauth/") else {"application/problem+json"}
                )
                assert kinds == expected, (method, path, status)


def test_signed_in_operations_declare_the_refusals_they_can_give(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        if operation["operationId"] in PUBLIC:
            continue
        declared = set(operation["responses"])
        assert {"401", "403", "422", "429", "503"} <= declared, (method, path)
        if method == "post":
            if operation["operationId"] in STATELESS:
                continue
            assert {"400", "409"} <= declared, (method, path)
            names = {parameter["name"] for parameter in operation.get("parameters", [])}
            assert "Idempotency-Key" in names, (method, path)


def test_what_is_asked_of_one_thing_may_find_it_gone(document: dict[str, Any]) -> None:
    without = {
        operation["operationId"]
        for _, path, operation in _operations(document)
        if "{" in path and "404" not in operation["responses"]
    }

    # Who tries a code is not told whether there is such a door.
    assert without == {"open_host_listings"}


def test_no_response_field_is_optional_by_a_default(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        if name.endswith(("Out", "Item")):
            assert set(schema.get("required", ())) == set(schema["properties"]), name


def _unbounded(document: dict[str, Any], schema: Any, seen: set[str]) -> list[str]:
    if isinstance(schema, list):
        return [name for each in schema for name in _unbounded(document, each, seen)]
    if not isinstance(schema, dict):
        return []
    name = str(schema.get("$ref", "")).rsplit("/", 1)[-1]
    if name and name not in seen:
        seen.add(name)
        return _unbounded(document, document["components"]["schemas"][name], seen)
    if schema.get("type") == "integer" and not schema.keys() & {"maximum", "exclusiveMaximum"}:
        return [str(schema)]
    return [name for each in schema.values() for name in _unbounded(document, each, seen)]


def test_no_number_that_is_sent_is_larger_than_what_stores_it(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        sent = [operation.get("requestBody", {}), operation.get("parameters", [])]
        assert _unbounded(document, sent, set()) == [], (method, path)


def test_request_bodies_refuse_unknown_fields(document: dict[str, Any]) -> None:
    for method, path, operation in _operations(document):
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None or path.startswith("/oauth/"):
            continue
        reference = body["schema"].get("$ref")
        if reference is not None:
            schema = document["components"]["schemas"][reference.rsplit("/", 1)[1]]
            assert schema.get("additionalProperties") is False, (method, path)
