"""Loading the demo: the same rows each time, all of them or none."""

import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from app.core.db import Database
from app.core.passwords import PasswordHasher
from app.demo import DemoLogins, is_empty, load_demo
from app.models import Base, SearchTerm, SuggestionKey, SuggestionTerm, SuggestionWord

TODAY = date(2026, 11, 22)
Owner = psycopg.Connection[Any]
Empty = Callable[[], None]


# Password hashes are salted, and what search reads says when it was written.
OTHERS = {"secret_hash", "made_at"}
# What is made of the listings has ids of its own.
MADE = {
    SearchTerm.__table__: {"term"},
    SuggestionTerm.__table__: {"kind", "value", "school_id", "text_en", "text_es", "uses"},
    SuggestionKey.__table__: {"word", "key", "weight"},
    SuggestionWord.__table__: {"word", "uses"},
}


def checksums(owner: Owner) -> dict[str, str]:
    """Return a checksum of every table, without what is another thing each time."""
    found = {}
    for table in Base.metadata.sorted_tables:
        names = MADE.get(table, {*table.columns.keys()} - OTHERS)
        columns = [sql.Identifier(name) for name in sorted(names)]
        row = owner.execute(
            sql.SQL(
                "SELECT md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM (SELECT {} FROM {}) t"
            ).format(sql.SQL(", ").join(columns), sql.Identifier(table.name))
        ).fetchone()
        assert row is not None
        found[table.name] = row[0]
    return found


def files_in(folder: Path) -> dict[str, int]:
    """Return each file's name and who may read it."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


async def test_the_same_day_gives_the_same_rows_and_other_passwords(
    empty: Empty, database: Database, passwords: PasswordHasher, owner: Owner, tmp_path: Path
) -> None:
    empty()
    assert await is_empty(database)
    first_logins = await load_demo(database, passwords, today=TODAY)
    first = checksums(owner)
    assert not await is_empty(database)
    empty()

    second_logins = await load_demo(database, passwords, today=TODAY, home=tmp_path)

    assert checksums(owner) == first
    assert DemoLogins.read(tmp_path) == second_logins
    assert files_in(tmp_path) == {"demo-logins.json": 0o600}
    assert [person.username for person in second_logins.people] == [
        person.username for person in first_logins.people
    ]
    assert second_logins.people[0].password != first_logins.people[0].password


async def test_a_load_that_cannot_keep_its_logins_leaves_nothing(
    empty: Empty, database: Database, passwords: PasswordHasher, tmp_path: Path
) -> None:
    empty()
    in_the_way = tmp_path / "home"
    in_the_way.write_text("a file where the folder should be")

    with pytest.raises(FileExistsError):
        await load_demo(database, passwords, today=TODAY, home=in_the_way)

    assert await is_empty(database)


async def test_a_leap_day_can_be_loaded(
    empty: Empty, database: Database, passwords: PasswordHasher, owner: Owner
) -> None:
    today = date(2028, 2, 29)
    empty()

    await load_demo(database, passwords, today=today)

    found = owner.execute("SELECT max(created_at)::date <= %s, count(*) > 1700 FROM people", (today,))
    assert found.fetchone() == (True, True)
