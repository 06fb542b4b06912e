"""An emptied database for the demo community, which brings its own people."""

from collections.abc import Callable, Iterator

import psycopg
import pytest
from psycopg import sql

from app.core.passwords import PasswordHasher
from app.models import Base


@pytest.fixture(scope="module")
def passwords() -> Iterator[PasswordHasher]:
    """The hasher of passwords, at full cost."""
    hasher = PasswordHasher()
    yield hasher
    hasher.close()


@pytest.fixture(scope="module")
def empty(owner_url: str) -> Iterator[Callable[[], None]]:
    """A way to empty every table; it is used once more at the end."""
    tables = sql.SQL(", ").join(sql.Identifier(table.name) for table in Base.metadata.sorted_tables)

    def truncate() -> None:
        with psycopg.connect(owner_url, autocommit=True) as connection:
            connection.execute(sql.SQL("TRUNCATE {} CASCADE").format(tables))

    yield truncate
    truncate()
