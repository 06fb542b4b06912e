"""Hot reads: a Core select compiled once per shape and run on the bare driver connection, same policy, same row shape.

SQLAlchemy builds the SQL; what it would spend on every request (building, cache look-up, result objects) is most of
a list's cost, and the statement's shape depends only on the caller's roles and on which filters are set.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg

from app.core.db import Unit

_DIALECT = PGDialect_psycopg(paramstyle="pyformat")  # type: ignore[no-untyped-call] # SQLAlchemy leaves it untyped
_MOST_SHAPES = 2048


class HotSelect:
    """One list's statements, by shape. Values travel as named parameters, never inside the SQL."""

    def __init__(self) -> None:
        self._compiled: dict[Hashable, tuple[str, dict[str, Any], tuple[str, ...]]] = {}

    async def rows(
        self, unit: Unit, shape: Hashable, build: Callable[[], Select[Any]], values: Mapping[str, Any]
    ) -> list[dict[str, Any]]:
        """Run the statement of this shape with these values; `build` is called only when the shape is new."""
        found = self._compiled.get(shape)
        if found is None:
            if len(self._compiled) >= _MOST_SHAPES:
                self._compiled.clear()
            statement = build()
            compiled = statement.compile(dialect=_DIALECT)
            names = tuple(str(column.key) for column in statement.selected_columns)
            found = self._compiled[shape] = (str(compiled), dict(compiled.params), names)
        sql, constants, names = found
        rows = await unit.rows(sql, {**constants, **values})
        return [dict(zip(names, row, strict=True)) for row in rows]
