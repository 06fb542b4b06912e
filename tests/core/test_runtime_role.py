"""Migrating as an owner who is no superuser, with a runtime role that somebody else made."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from app.core.migrations import migrate

PASSWORD = "only-for-tests-9876543210"


@pytest.fixture
def district(server_url: str, worker_id: str) -> Iterator[tuple[str, str]]:
    """A database of a plain owner, and the runtime role's URL; yields (owner, runtime)."""
    database, owner, runtime = (f"kithwork_{name}_{worker_id}" for name in ("district", "owner", "made"))
    with psycopg.connect(server_url, autocommit=True) as connection:
        for role in (owner, runtime):
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(
                    sql.Identifier(role), sql.Literal(PASSWORD)
                )
            )
        connection.execute(
            sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(database), sql.Identifier(owner))
        )
    url = make_url(server_url).set(database=database, password=PASSWORD)
    yield tuple(url.set(username=name).render_as_string(hide_password=False) for name in (owner, runtime))  # type: ignore[misc] # two of them
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(database)))
        for role in (owner, runtime):
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def test_what_the_owner_may_not_give_is_told_and_the_rest_is_done(
    district: tuple[str, str], server_url: str
) -> None:
    owner, runtime = district

    missing = migrate(owner, runtime)
    with psycopg.connect(server_url, autocommit=True) as connection:
        for statement in missing:
            connection.execute(statement.encode())
    again = migrate(owner, runtime)

    assert len(missing) == 4
    assert again == []
    with psycopg.connect(runtime) as connection:
        assert connection.execute("SHOW statement_timeout").fetchone() == ("20s",)
        assert connection.execute("SELECT count(*) FROM people").fetchone() == (0,)
