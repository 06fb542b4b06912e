"""The schema comes from the migrations; these say that they are complete and that the walls stand."""

from typing import Any

import psycopg
import pytest

from app.core.db import Database, UnsafeRoleError
from app.core.migrations import check, migrate
from app.models import Base
from tests.test_architecture import GLOBAL_TABLES
from tests.world import World


def test_models_and_migrations_agree(owner_url: str) -> None:
    check(owner_url)


def test_migrating_twice_changes_nothing(owner_url: str, database_url: str) -> None:
    migrate(owner_url, database_url)

    check(owner_url)


def test_every_tenant_table_has_row_level_security_enabled_and_not_forced(
    owner: psycopg.Connection[Any],
) -> None:
    rows = owner.execute(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"
    ).fetchall()
    walls = {name: (enabled, forced) for name, enabled, forced in rows}

    for name in Base.metadata.tables:
        assert walls[name] == (name not in GLOBAL_TABLES, False), name


@pytest.mark.parametrize("table", ["events", "tie_entries"])
def test_the_runtime_role_owns_nothing_and_cannot_rewrite_what_happened(
    table: str, owner: psycopg.Connection[Any], database_url: str
) -> None:
    role = psycopg.conninfo.conninfo_to_dict(database_url)["user"]

    owned = owner.execute("SELECT count(*) FROM pg_class WHERE relowner = %s::regrole", (role,)).fetchone()
    may = owner.execute(
        "SELECT has_table_privilege(%(role)s, %(table)s, 'INSERT'), has_table_privilege(%(role)s, %(table)s, 'UPDATE'),"
        " has_table_privilege(%(role)s, %(table)s, 'DELETE')",
        {"role": role, "table": table},
    ).fetchone()

    assert owned == (0,)
    assert may == (True, False, False)


async def test_the_service_refuses_to_run_as_the_owner(owner_url: str) -> None:
    database = Database(owner_url)

    with pytest.raises(UnsafeRoleError, match="row-level security"):
        await database.check_role()

    await database.close()


async def test_without_the_where_clause_row_level_security_still_hides_the_other_tenant(
    world: World, database: Database
) -> None:
    async with database.unit() as unit:
        await unit.open(world["riverton"])
        for table in Base.metadata.sorted_tables:
            if table.name not in GLOBAL_TABLES:
                tenants = await unit.rows(f"SELECT DISTINCT tenant_id FROM {table.name}")
                assert tenants in ([], [(world["riverton"],)]), table.name


async def test_a_forgotten_tenant_shows_nothing(world: World, database: Database) -> None:
    async with database.unit() as unit:
        await unit.open(None)

        ((people,),) = await unit.rows("SELECT count(*) FROM people")

    assert world["maya"]
    assert people == 0


def test_a_foreign_key_across_tenants_is_refused_by_the_database(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    with pytest.raises(psycopg.errors.ForeignKeyViolation):
        owner.execute(
            "UPDATE opportunities SET employer_id = %s WHERE tenant_id = %s",
            (world["river_clinic"], world["lakeside"]),
        )


async def test_a_row_cannot_be_written_into_another_tenant(world: World, database: Database) -> None:
    async with database.unit() as unit:
        await unit.open(world["riverton"])

        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            await unit.rows(
                "INSERT INTO favorites (tenant_id, id, created_at, student_id, opportunity_id)"
                " VALUES (%s, gen_random_uuid(), now(), %s, %s) RETURNING id",
                (world["lakeside"], world["maya"], world["internship"]),
            )
