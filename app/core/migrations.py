"""Bringing a database up to date as its owner, and making the role the service runs as."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from psycopg import sql
from psycopg.rows import TupleRow
from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.engine import make_url

from app.core.db import sqlalchemy_url

_ROOT = Path(__file__).parents[2]
# Any fixed number; one migrator at a time takes it.
_LOCK = 4_203_110_517

# The service gives up long before a caller does (P8: no request outlives 30 s).
_ROLE_SETTINGS = {
    "statement_timeout": "20s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "30s",
    "TimeZone": "UTC",
}


def migrate(owner_url: str, runtime_url: str | None) -> list[str]:
    """Upgrade to the newest schema, then make (or mend) the runtime role named in `runtime_url`.

    Connects directly, never through a transaction pooler: the lock belongs to the session. Returns the statements
    that the owner was not allowed to run; whoever made the role has to.
    """
    missing: list[str] = []
    with _connect(owner_url, isolation_level="AUTOCOMMIT") as guard:
        guard.execute(text("SELECT pg_advisory_lock(:number)"), {"number": _LOCK})
        try:
            with _connect(owner_url) as connection:
                connection.execute(text("SET lock_timeout = '10s'"))
                connection.commit()
                command.upgrade(alembic_config(connection), "head")
                connection.commit()
            if runtime_url is not None:
                missing = _prepare_runtime_role(owner_url, runtime_url)
        finally:
            guard.execute(text("SELECT pg_advisory_unlock(:number)"), {"number": _LOCK})
    return missing


def check(owner_url: str) -> None:
    """Raise when the models and the migrations disagree."""
    with _connect(owner_url) as connection:
        command.check(alembic_config(connection))


@lru_cache(maxsize=1)
def known_revisions() -> tuple[str | None, frozenset[str]]:
    """Return the newest migration of this release, and all that it knows."""
    scripts = ScriptDirectory(str(_ROOT / "migrations"))
    return scripts.get_current_head(), frozenset(script.revision for script in scripts.walk_revisions())


def _connect(url: str, **options: Any) -> Connection:
    return create_engine(sqlalchemy_url(url), poolclass=NullPool, **options).connect()


def alembic_config(connection: Connection) -> Config:
    """Return Alembic's configuration for a connection that is open."""
    config = Config(_ROOT / "alembic.ini")
    config.set_main_option("script_location", str(_ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def _prepare_runtime_role(owner_url: str, runtime_url: str) -> list[str]:
    runtime = make_url(runtime_url)
    if not runtime.username:
        raise ValueError("name the runtime role in DATABASE_URL: postgresql://role:password@host/database")
    role = sql.Identifier(runtime.username)
    owner = make_url(owner_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(owner) as connection:
        found = connection.execute(
            "SELECT rolconfig FROM pg_roles WHERE rolname = %s", (runtime.username,)
        ).fetchone()
        if found is None:
            connection.execute(
                sql.SQL(
                    "CREATE ROLE {} LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD {}"
                ).format(role, sql.Literal(runtime.password or ""))
            )
        missing = _give_settings(connection, role, set((found and found[0]) or ()))
        for statement in _GRANTS:
            connection.execute(sql.SQL(statement).format(role))
    return missing


def _give_settings(
    connection: psycopg.Connection[TupleRow], role: sql.Identifier, present: set[str]
) -> list[str]:
    missing = []
    for name, value in _ROLE_SETTINGS.items():
        setting = sql.SQL("ALTER ROLE {} SET {} = {}").format(role, sql.Identifier(name), sql.Literal(value))
        if f"{name}={value}" in present:
            continue
        try:
            with connection.transaction():
                connection.execute(setting)
        except psycopg.errors.InsufficientPrivilege:
            # Somebody else made the role, and only they may give it settings.
            missing.append(f"{setting.as_string(connection)};")
    return missing


# Everything, but what must never be rewritten: the events, the entries of the ledger, and which migration the schema
# is at.
_GRANTS = (
    "GRANT USAGE ON SCHEMA public TO {}",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
    "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
    "REVOKE UPDATE, DELETE ON events, tie_entries FROM {}",
    "REVOKE INSERT, UPDATE, DELETE ON alembic_version FROM {}",
)
