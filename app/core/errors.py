"""Every error as a problem document in the caller's language; nothing about the inside ever leaves."""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Match

from app.core.languages import negotiate
from app.core.problems import AppError, FieldError, problem
from app.domain.errors import Refused

# What Starlette itself answers: (code, English, Spanish).
_HTTP = {
    400: ("bad_request", "the body cannot be read; send well-formed UTF-8 JSON", "el cuerpo no se puede leer; envíe JSON válido en UTF-8"),
    404: ("not_found", "there is nothing at this address; see /docs for what there is", "no hay nada en esta dirección; consulte /docs"),
    405: ("method_not_allowed", "this address does not take this method; the Allow header lists those it takes", "esta dirección no admite este método; vea el encabezado Allow"),
    413: ("too_large", "the body is too large for this operation; send less at a time", "el cuerpo es demasiado grande; envíe menos datos por vez"),
}  # fmt: skip
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_INVALID = (
    "some fields cannot be taken as they are; `errors` names each one and what is wrong with it",
    "algunos campos no son válidos; `errors` indica cada uno y qué corregir",
)
_UNREADABLE = (
    "the body is not well-formed JSON; send UTF-8 JSON with Content-Type: application/json",
    "el cuerpo no es JSON válido; envíe JSON en UTF-8 con Content-Type: application/json",
)
_SPANISH = {
    "missing": "falta este campo",
    "extra_forbidden": "este campo no existe aquí; elimínelo",
    "string_type": "debe ser un texto",
    "int_type": "debe ser un número entero",
    "float_type": "debe ser un número",
    "bool_type": "debe ser true o false",
    "enum": "no es uno de los valores admitidos",
    "literal_error": "no es uno de los valores admitidos",
    "string_too_short": "es demasiado corto",
    "string_too_long": "es demasiado largo",
    "greater_than_equal": "es demasiado pequeño",
    "less_than_equal": "es demasiado grande",
    "list_type": "debe ser una lista",
    "too_long": "tiene demasiados elementos",
    "uuid_parsing": "debe ser un UUID",
    "date_from_datetime_parsing": "debe ser una fecha (AAAA-MM-DD)",
    "date_parsing": "debe ser una fecha (AAAA-MM-DD)",
}


def install_error_handlers(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(AppError, _app_error)
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http_error)


def in_spanish(request: Request) -> bool:
    """Say whether the caller reads Spanish."""
    return negotiate(request.headers.get("accept-language")) == "es"


def _request_id(request: Request) -> str | None:
    return getattr(request.state, "request_id", None)


def _headers(request: Request, own: Mapping[str, str] | None = None) -> dict[str, str]:
    return {**getattr(request.state, "rate_headers", {}), **(own or {})}


async def _app_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, AppError)  # noqa: S101 - registered for this class only
    detail = error.spanish if error.spanish is not None and in_spanish(request) else error.detail
    return problem(
        error.status,
        error.code,
        detail,
        request_id=_request_id(request),
        errors=error.errors,
        headers=_headers(request, error.headers),
    )


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)  # noqa: S101 - registered for this class only
    detail = error.spanish if in_spanish(request) else error.sentence
    errors = [] if error.pointer is None else [FieldError(detail, error.code, pointer=error.pointer)]
    status = 409 if error.pointer is None else 422
    return problem(
        status, error.code, detail, request_id=_request_id(request), errors=errors, headers=_headers(request)
    )


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class only
    spanish = in_spanish(request)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return problem(
            400,
            "malformed_json",
            _UNREADABLE[spanish],
            request_id=_request_id(request),
            headers=_headers(request),
        )
    errors = [_field_error(fault, spanish=spanish) for fault in faults[:50]]
    return problem(
        422,
        "invalid",
        _INVALID[spanish],
        request_id=_request_id(request),
        errors=errors,
        headers=_headers(request),
    )


def _field_error(fault: dict[str, Any], *, spanish: bool) -> FieldError:
    where, *path = fault["loc"]
    kind = fault["type"]
    sentence = str(fault["msg"]).removeprefix("Value error, ")
    detail = _SPANISH.get(kind, sentence) if spanish else sentence
    if where == "body":
        return FieldError(detail, kind, pointer=_pointer(path))
    return FieldError(detail, kind, name=str(path[0]) if path else str(where))


def _pointer(path: Iterable[str | int]) -> str:
    """Return the JSON Pointer (RFC 6901) of a place in the body."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


async def _http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class only
    code, english, spanish = _HTTP.get(error.status_code, ("error", str(error.detail), str(error.detail)))
    detail = spanish if in_spanish(request) else english
    own = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        own["Allow"] = ", ".join(_methods_at(request))
    return problem(
        error.status_code, code, detail, request_id=_request_id(request), headers=_headers(request, own)
    )


def _methods_at(request: Request) -> list[str]:
    """Return every method that an address takes: Starlette names only those of the first route that is there."""
    here = {"type": "http", "path": request.scope["path"], "root_path": "", "headers": []}
    routes = request.app.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**here, "method": method})[0] is Match.FULL for route in routes)
    ]
