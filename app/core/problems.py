"""Errors that tell the caller what to do next, as RFC 9457 problem documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from starlette.responses import Response

PROBLEM_JSON = "application/problem+json"


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault in the request: `pointer` is a JSON Pointer into the body, or `name` a parameter."""

    detail: str
    code: str
    pointer: str | None = None
    name: str | None = None

    def as_json(self) -> dict[str, str]:
        """Return the member of a problem's `errors` list."""
        shown = {"detail": self.detail, "code": self.code, "pointer": self.pointer, "name": self.name}
        return {key: value for key, value in shown.items() if value is not None}


class AppError(Exception):
    """What a rule or a lookup raises; becomes a problem document with a stable `code`.

    The message is one sentence in English; `spanish` carries the same sentence for es callers.
    """

    status = 400
    code = "bad_request"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        spanish: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.spanish = spanish
        self.code = code or type(self).code
        self.errors = tuple(errors)
        self.headers = dict(headers or {})


class BadRequest(AppError):
    """The request cannot be read as it stands."""


class Unauthorized(AppError):
    """No valid sign-in came with the request."""

    status = 401
    code = "unauthorized"


class Forbidden(AppError):
    """The caller may see this, but not do that to it."""

    status = 403
    code = "forbidden"


class NotFound(AppError):
    """Nothing here that the caller may know of."""

    status = 404
    code = "not_found"


class Conflict(AppError):
    """The thing is not in a state that allows it."""

    status = 409
    code = "conflict"


class Gone(AppError):
    """It was here and was erased or used up."""

    status = 410
    code = "gone"


class PreconditionFailed(AppError):
    """Somebody changed the thing since the caller read it."""

    status = 412
    code = "stale"


class TooLarge(AppError):
    """The body is larger than this operation takes."""

    status = 413
    code = "too_large"


class UnsupportedMediaType(AppError):
    """The body is of a kind that this operation does not read."""

    status = 415
    code = "unsupported_media_type"


class Unprocessable(AppError):
    """Well-formed, but a field's value does not hold."""

    status = 422
    code = "invalid"


class PreconditionRequired(AppError):
    """A change to one thing needs the version it was made from."""

    status = 428
    code = "if_match_required"


class TooManyRequests(AppError):
    """Slower, please; `Retry-After` says how long."""

    status = 429
    code = "too_many_requests"


class Unavailable(AppError):
    """Full or restarting; `Retry-After` says when to come back."""

    status = 503
    code = "unavailable"


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    request_id: str | None,
    errors: Sequence[FieldError] = (),
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Build the `application/problem+json` response of RFC 9457."""
    body: dict[str, Any] = {
        "type": f"urn:kithwork:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": code,
        "detail": detail,
        "request_id": request_id,
        "errors": [error.as_json() for error in errors],
    }
    return Response(
        orjson.dumps(body),
        status_code=status,
        media_type=PROBLEM_JSON,
        headers={**(headers or {}), "Cache-Control": "no-store"},
    )
