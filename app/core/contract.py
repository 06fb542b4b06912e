"""What the OpenAPI document says of every operation of a kind: status, errors, headers, links."""

from collections.abc import Collection
from typing import Annotated, Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel, Field
from starlette.responses import Response

from app.core.problems import PROBLEM_JSON


class FieldFault(BaseModel):
    """One fault in a request; `pointer` is a JSON Pointer into the body, `name` a parameter."""

    detail: str
    code: str
    pointer: Annotated[str | None, Field(default=None)]
    name: Annotated[str | None, Field(default=None)]


class Problem(BaseModel):
    """RFC 9457: why a request was refused, and what to do next."""

    type: str
    title: str
    status: int
    code: Annotated[str, Field(description="Stable; branch on this, show `detail`.")]
    detail: str
    request_id: str | None
    errors: list[FieldFault]


_WHY = {
    400: "The request cannot be read, or lacks its Idempotency-Key.",
    401: "Not signed in, or no longer.",
    403: "You may see it, but not do this.",
    404: "Nothing here that you may know of.",
    409: "Not in its present state, or the same request is still running.",
    410: "Used up or erased.",
    412: "Somebody changed it since you read it.",
    413: "The body is too large.",
    415: "The body is of a kind that this operation does not read.",
    422: "A field's value does not hold; `errors` names it.",
    428: "Send If-Match.",
    429: "Too many requests; wait for Retry-After.",
    503: "Busy or restarting; wait for Retry-After.",
}


def refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Declare the problem documents that an operation can answer."""
    return {
        status: {
            "description": _WHY[status],
            "content": {PROBLEM_JSON: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in sorted({*statuses, 429, 503})
    }


_ETAG = {"ETag": {"description": "The version, for If-Match.", "schema": {"type": "string"}}}
_REPLAYED = {
    "Idempotent-Replayed": {
        "description": "true when this is the stored answer to an earlier request with the same key.",
        "schema": {"type": "string"},
    }
}


def _operation(status: int, headers: dict[str, Any], *errors: int, **more: Any) -> dict[str, Any]:
    responses = refusals(*errors)
    responses[status] = {"description": "Done.", "headers": headers, **more.pop("success", {})}
    return {"status_code": status, "responses": responses, **more}


_LINK = {"Link": {"description": 'rel="next": the next page (RFC 8288).', "schema": {"type": "string"}}}
# Keyword arguments for a route of each kind: `@router.get("", **LIST)`.
LIST = _operation(200, _LINK, 400, 401, 403, 422)
# What belongs to one thing, which may not be there.
LIST_OF = _operation(200, _LINK, 400, 401, 403, 404, 422)
READ = _operation(200, _ETAG, 400, 401, 403, 404, 422)
ACTION = _operation(200, {**_ETAG, **_REPLAYED}, 400, 401, 403, 404, 409, 410, 412, 413, 422, 428)


def CREATE(reader: str | None = None, parameter: str | None = None, status: int = 201) -> dict[str, Any]:  # noqa: N802 - reads like its siblings
    """Describe a POST that makes a thing; `reader` is the operation id that reads it, linked in the contract."""
    success: dict[str, Any] = {}
    if reader is not None:
        name = parameter or f"{reader.removeprefix('get_')}_id"
        success["links"] = {reader: {"operationId": reader, "parameters": {name: "$response.body#/id"}}}
    location = {"Location": {"description": "Where it can be read.", "schema": {"type": "string"}}}
    return _operation(
        status, {**_ETAG, **_REPLAYED, **location}, 400, 401, 403, 404, 409, 410, 413, 422, success=success
    )


# Without these headers a change is refused with 400 or 428 of our own, so the code reads them as optional; a client
# has to send them all the same.
_REQUIRED_HEADERS: dict[str, dict[str, Any]] = {
    "idempotency-key": {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "pattern": "^[!-~]([ -~]*[!-~])?$",
    },
    "if-match": {"type": "string", "pattern": '^"[0-9]+"$'},
}


def _require_headers(operation: dict[str, Any]) -> None:
    for parameter in operation.get("parameters", ()):
        schema = _REQUIRED_HEADERS.get(parameter["name"].lower())
        if parameter["in"] == "header" and schema is not None:
            parameter["required"] = True
            told = {name: parameter["schema"][name] for name in ("examples",) if name in parameter["schema"]}
            parameter["schema"] = schema | told


def install_contract(app: FastAPI, public: Collection[str]) -> None:
    """Complete the OpenAPI document: the schemas that every refusal refers to, and who must be signed in.

    `public` names the operations that need no access token.
    """

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = get_openapi(
                title=app.title,
                version=app.version,
                description=app.description,
                routes=app.routes,
                license_info=app.license_info,
                tags=app.openapi_tags,
                servers=[{"url": "/"}],
            )
            schemas = document.setdefault("components", {}).setdefault("schemas", {})
            problem = Problem.model_json_schema(
                ref_template="#/components/schemas/{model}", mode="serialization"
            )
            schemas |= problem.pop("$defs")
            schemas["Problem"] = problem
            document["components"]["securitySchemes"] = {
                "accessToken": {
                    "type": "http",
                    "scheme": "bearer",
                    "bearerFormat": "JWT",
                    "description": "Access token from POST /oauth/token.",
                }
            }
            for operations in document["paths"].values():
                for operation in operations.values():
                    _require_headers(operation)
                    operation["security"] = (
                        [] if operation["operationId"] in public else [{"accessToken": []}]
                    )
            app.openapi_schema = document
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign] # FastAPI's documented way


def located(response: Response, path: str, body: Any) -> Any:
    """Name the place of what was made in the Location header, and return its body."""
    response.headers["Location"] = path
    return body
