"""Lists: keyset paging with signed, opaque cursors, and unknown filters refused."""

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Generic, TypeVar
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import ColumnElement, Select, bindparam, tuple_
from starlette.requests import Request
from starlette.responses import Response

from app.core.problems import FieldError, Unprocessable
from app.core.tokens import InvalidToken, read_cursor, sign_cursor

T = TypeVar("T")
_LONGEST_BOUND = 200


class ListParams(BaseModel):
    """What every list takes; a list's own Filters add to it."""

    model_config = ConfigDict(extra="forbid")

    limit: Annotated[int, Field(ge=1, le=100, description="Items on a page.")] = 20
    cursor: Annotated[
        str | None,
        Field(max_length=1000, description="`next_cursor` of the page before; omit it for the first page."),
    ] = None


class Page(BaseModel, Generic[T]):
    """One page of a list; `next_cursor` is null on the last."""

    items: list[T]
    next_cursor: str | None


class Keyset:
    """The order of a list: its columns, all ascending or all descending, ending with the id."""

    def __init__(self, name: str, *columns: Any, descending: bool = False) -> None:
        self.name = name
        self.columns: Sequence[Any] = columns
        self.descending = descending

    def order(self, statement: Select[Any]) -> Select[Any]:
        """Add the ORDER BY."""
        return statement.order_by(
            *(column.desc() if self.descending else column.asc() for column in self.columns)
        )

    def after(self) -> ColumnElement[bool]:
        """Return the WHERE clause of everything behind the values named by `binds`."""
        here = tuple_(*self.columns)
        there = tuple_(*(bindparam(f"after_{i}", type_=column.type) for i, column in enumerate(self.columns)))
        return here < there if self.descending else here > there

    def cut(self, statement: Select[Any], after: Sequence[Any] | None, limit: int) -> Select[Any]:
        """Order a statement and cut the page behind `after` from it, with one row too many for `finish_page`."""
        if after is not None:
            statement = statement.where(self.after()).params(**self.binds(after))
        return self.order(statement).limit(limit + 1)

    def binds(self, values: Sequence[Any]) -> dict[str, Any]:
        """Return the parameters of `after`."""
        return {f"after_{i}": value for i, value in enumerate(values)}


def cursor_values(request: Request, keyset: Keyset, cursor: str | None) -> list[Any] | None:
    """Return the values a cursor stands for; raises Unprocessable for a forged one, or one of another query.

    Every list asks this, so it also refuses a parameter that is given twice: which of the two was meant?
    """
    _check_given_once(request)
    if cursor is None:
        return None
    try:
        name, query, values = orjson.loads(read_cursor(request.app.state.hash_key, cursor))
    except (InvalidToken, ValueError) as error:
        raise _bad_cursor() from error
    if name != keyset.name or query != _bound_to(request):
        raise _bad_cursor()
    return [_read(column, value) for column, value in zip(keyset.columns, values, strict=True)]


def make_cursor(request: Request, keyset: Keyset, values: Sequence[Any]) -> str:
    """Return the opaque, signed cursor that continues behind these values."""
    payload = orjson.dumps([keyset.name, _bound_to(request), list(values)])
    return sign_cursor(request.app.state.hash_key, payload)


def link_header(request: Request, next_cursor: str | None) -> dict[str, str]:
    """Return the `Link` header to the next page (RFC 8288), if there is one."""
    if next_cursor is None:
        return {}
    query = [*parse_qsl(_query_without_cursor(request)), ("cursor", next_cursor)]
    return {"Link": f'<{request.url.path}?{urlencode(query)}>; rel="next"'}


def page_response(request: Request, items: list[dict[str, Any]], next_cursor: str | None) -> Response:
    """Send a page as JSON without validating it a second time: the query chose its columns."""
    return Response(
        orjson.dumps({"items": items, "next_cursor": next_cursor}, option=orjson.OPT_UTC_Z),
        media_type="application/json",
        headers=link_header(request, next_cursor),
    )


def finish_page(
    request: Request, keyset: Keyset, rows: list[dict[str, Any]], limit: int
) -> tuple[list[dict[str, Any]], str | None]:
    """Cut the one row too many that a page asks for, and make the cursor that continues behind the last one shown."""
    if len(rows) <= limit:
        return rows, None
    rows = rows[:limit]
    last = rows[-1]
    return rows, make_cursor(request, keyset, [last[column.key] for column in keyset.columns])


def _check_given_once(request: Request) -> None:
    names = [name for name, _ in request.query_params.multi_items()]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise Unprocessable(
            f"give {twice[0]} once; lists take every parameter one time",
            spanish=f"indique {twice[0]} una sola vez; las listas toman cada parámetro una vez",
            errors=[FieldError("give this filter once", "given_twice", name=name) for name in twice],
        )


def _query_without_cursor(request: Request) -> str:
    return urlencode(
        [(name, value) for name, value in sorted(request.query_params.multi_items()) if name != "cursor"]
    )


def _bound_to(request: Request) -> str:
    """Return what binds a cursor to its query: the query, or its digest where a cursor would get too long for a link."""
    query = _query_without_cursor(request)
    return query if len(query) <= _LONGEST_BOUND else hashlib.sha256(query.encode()).hexdigest()


def _read(column: Any, value: Any) -> Any:
    kind = column.type.python_type
    if value is None or kind in {str, int, bool, float}:
        return value
    if kind is UUID:
        return UUID(value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    return date.fromisoformat(value)


def _bad_cursor() -> Unprocessable:
    return Unprocessable(
        "this cursor belongs to another query or was changed; start again from the first page, without a cursor",
        spanish="este cursor es de otra consulta o fue alterado; empiece de nuevo por la primera página, sin cursor",
        code="bad_cursor",
        errors=[FieldError("not a cursor of this list", "bad_cursor", name="cursor")],
    )
