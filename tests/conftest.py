"""A real PostgreSQL for the whole run, a migrated database of its own for each worker, and a town of people."""

import copy
import functools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI
from psycopg import sql
from sqlalchemy.engine import make_url

from app.core import clock
from app.core.db import Database
from app.core.embedded import EmbeddedServer
from app.core.jobs import Workshop
from app.core.logs import configure_logs
from app.core.mail import FileMailer
from app.core.migrations import migrate
from app.main import create_app
from app.models import Base
from app.settings import Settings
from tests import draining, explaining
from tests.draining import Drain
from tests.world import World, build

RUNTIME_ROLE = "kithwork_test_app"
PASSWORD = "only-for-tests-0123456789"
TEMPLATE = "kithwork_test_template"

# Crashes of the machine itself are not what most tests are about; those that are start their own server. Each worker
# has pools of its own, and the races more of them.
_SERVER = {"fsync": "off", "synchronous_commit": "off", "max_connections": "300"}

_server: EmbeddedServer | None = None
_home: Path | None = None


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, in the process that leads the run, and migrate the template."""
    global _server, _home  # noqa: PLW0603 - one run has one server
    configure_logs(Settings(_env_file=None, log_format="json"))  # never with the values of variables
    if hasattr(config, "workerinput"):
        return
    url = os.environ.get("TEST_DATABASE_URL")
    if not url:
        _home = Path(tempfile.mkdtemp(prefix="kithwork-test-"))
        _home.chmod(0o755)
        _server = EmbeddedServer.start(_home, settings=_SERVER)
        url = _server.superuser_url()
    os.environ["KITHWORK_TEST_SERVER"] = url
    _make_database(url, TEMPLATE, None)
    migrate(_named(url, TEMPLATE), _runtime(url, TEMPLATE))


def pytest_unconfigure(config: pytest.Config) -> None:
    """Stop the server that this run started."""
    if hasattr(config, "workerinput"):
        return
    if _server is None:
        with psycopg.connect(os.environ["KITHWORK_TEST_SERVER"], autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(TEMPLATE)))
        return
    _server.stop()
    if _home is not None:
        shutil.rmtree(_home, ignore_errors=True)


def _named(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _runtime(url: str, database: str) -> str:
    runtime = make_url(url).set(database=database, username=RUNTIME_ROLE, password=PASSWORD)
    return runtime.render_as_string(hide_password=False)


def _make_database(url: str, name: str, template: str | None) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
        connection.execute(sql.SQL("CREATE DATABASE {}{}").format(sql.Identifier(name), source))


@pytest.fixture(scope="session")
def server_url() -> str:
    """The server's own superuser, for tests that make databases."""
    return os.environ["KITHWORK_TEST_SERVER"]


@pytest.fixture(scope="session")
def database_name(worker_id: str) -> str:
    """The name of this worker's own database."""
    return f"kithwork_test_{worker_id}"


@pytest.fixture(scope="session")
def owner_url(server_url: str, database_name: str) -> Iterator[str]:
    """This worker's database, as its owner."""
    _make_database(server_url, database_name, TEMPLATE)
    yield _named(server_url, database_name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(database_name))
        )


@pytest.fixture(scope="session")
def database_url(owner_url: str, database_name: str) -> str:
    """This worker's database, as the role that the service runs as."""
    return _runtime(owner_url, database_name)


@pytest.fixture(scope="session")
def home(worker_id: str) -> Iterator[Path]:
    """This worker's KITHWORK_HOME."""
    folder = Path(tempfile.mkdtemp(prefix=f"kithwork-home-{worker_id}-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def settings(home: Path) -> Settings:
    """Settings of a development machine, with nothing read from the environment's .env."""
    return Settings(
        _env_file=None,
        kithwork_home=home,
        rate_limit="1000000/minute",
        database_pool_size=20,
    )


@pytest.fixture(scope="session")
async def app(settings: Settings, database_url: str) -> AsyncIterator[FastAPI]:
    """The running application."""
    application = create_app(settings, database_url)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture(scope="session")
def database(app: FastAPI) -> Database:
    """The application's own database pools."""
    database: Database = app.state.database
    return database


@pytest.fixture
def mail_folder(home: Path) -> Path:
    """Where mails are files; empty at first."""
    shutil.rmtree(home / "mail", ignore_errors=True)
    return home / "mail"


@pytest.fixture
def workshop(app: FastAPI, settings: Settings, database: Database, mail_folder: Path) -> Workshop:
    """What background work is done with; mails are files in `mail_folder`."""
    return Workshop(database, settings, app.state.hash_key, FileMailer(mail_folder))


@pytest.fixture
def explain(database_url: str) -> explaining.Explain:
    """What PostgreSQL plans for the statements of requests."""
    return explaining.explainer(database_url)


@pytest.fixture
def drain(workshop: Workshop) -> Drain:
    """Do the background work that is due now (see tests/draining.py)."""
    return functools.partial(draining.drain, workshop)


_EVERY_TABLE = [table.name for table in Base.metadata.sorted_tables] + [
    "procrastinate_jobs",
    "procrastinate_events",
    "procrastinate_periodic_defers",
    "procrastinate_workers",
]
# Emptying by DELETE and filling from a copy: TRUNCATE and a new town took a third of a second for every test.
_EMPTY = "SET session_replication_role = replica; " + "; ".join(
    f'DELETE FROM "{name}"' for name in _EVERY_TABLE
)


def _columns(name: str) -> str:
    table = Base.metadata.tables[name]
    return ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)


@pytest.fixture(autouse=True)
def _clock_is_left_alone() -> Iterator[None]:
    """See that no test leaves the clock moved for those behind it."""
    yield
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=1), "the clock was left moved"


@pytest.fixture(scope="session")
async def town(app: FastAPI, owner_url: str) -> World:
    """The town as it was built, kept as a copy of each table that it fills."""
    async with await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as owner:
        await owner.execute(_EMPTY.encode())
        # The first test to ask for it may have stopped the clock on another day.
        with clock.frozen(datetime.now(UTC)):
            built = await build(app)
        await owner.execute(b"DROP SCHEMA IF EXISTS town CASCADE; CREATE SCHEMA town")
        for table in Base.metadata.sorted_tables:
            name = table.name
            ((filled,),) = await (
                await owner.execute(f'SELECT EXISTS (SELECT 1 FROM "{name}")'.encode())
            ).fetchall()
            if filled:
                built.tables.append(name)
                await owner.execute(
                    f'CREATE TABLE town."{name}" AS SELECT {_columns(name)} FROM "{name}"'.encode()
                )
    return built


@pytest.fixture
async def world(town: World, app: FastAPI, owner_url: str, mail_folder: Path) -> World:  # noqa: ARG001 - no mail yet
    """A small town with two of everything, fresh for each test (see tests/world.py)."""
    filling = "; ".join(
        f'INSERT INTO "{name}" ({_columns(name)}) SELECT {_columns(name)} FROM town."{name}"'
        for name in town.tables
    )
    async with await psycopg.AsyncConnection.connect(owner_url, autocommit=True) as owner:
        await owner.execute(f"{_EMPTY}; {filling}".encode())
    app.state.backoff.__init__(key=app.state.hash_key)
    return World(app, dict(town.ids), copy.deepcopy(town.residents))


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client without anybody signed in."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://kithwork.test") as anonymous:
        yield anonymous


@pytest.fixture
def owner(owner_url: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection as the owner: row-level security does not bind it, so a test sees everything."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        yield connection
