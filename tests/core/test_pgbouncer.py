"""The application behind a real pgbouncer in transaction mode, with fewer server connections than callers."""

import asyncio
import dataclasses
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from fastapi import FastAPI
from sqlalchemy.engine import make_url

from app.core.db import Manner
from app.core.embedded_process import account
from app.core.jobs import working
from app.main import create_app
from app.settings import Settings
from tests.world import World

BINARY = shutil.which("pgbouncer", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")
SERVER_CONNECTIONS = 3

pytestmark = pytest.mark.skipif(
    BINARY is None, reason="no pgbouncer on this machine; install it to run these"
)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _configure(folder: Path, database_url: str, port: int) -> Path:
    """Write pgbouncer's two files: the same user, password and database as behind it, transaction pooling."""
    url = make_url(database_url)
    host = url.host or url.query["host"]
    (folder / "users.txt").write_text(f'"{url.username}" "{url.password}"\n')
    configuration = folder / "pgbouncer.ini"
    configuration.write_text(
        f"""\
[databases]
{url.database} = host={host} port={url.port or 5432} dbname={url.database}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {SERVER_CONNECTIONS}
max_client_conn = 200
"""
    )
    return configuration


class Pooler:
    """One pgbouncer on a port of its own, which can go away and come back."""

    def __init__(self, database_url: str) -> None:
        self.port = _free_port()
        self._runner = account()
        self._folder = Path(tempfile.mkdtemp(prefix="kithwork-pgbouncer-"))
        self._configuration = _configure(self._folder, database_url, self.port)
        self._process: subprocess.Popen[bytes] | None = None
        # pgbouncer refuses to run as root; the server's socket folder belongs to the account PostgreSQL runs as.
        for path in (self._folder, *self._folder.iterdir()):
            self._runner.own(path)

    def start(self) -> None:
        """Start it, and return when it listens."""
        log = self._folder / "log"
        with log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603 - a binary found on the PATH, with a file written above
                [str(BINARY), str(self._configuration)], stdout=output, stderr=output, **self._runner.identity
            )
        deadline = time.monotonic() + 10
        while True:
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
            except OSError:
                if self._process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"pgbouncer did not start; it says:\n{log.read_text()}") from None
                time.sleep(0.02)
            else:
                return

    def stop(self) -> None:
        """Stop it as a crash would: nobody is told."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)

    def remove(self) -> None:
        """Stop it and remove its files."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


@pytest.fixture(scope="module")
def pooler(database_url: str) -> Iterator[Pooler]:
    """A pgbouncer in front of this worker's database."""
    pooler = Pooler(database_url)
    try:
        pooler.start()
        yield pooler
    finally:
        pooler.remove()


@pytest.fixture(scope="module")
def pooled_url(database_url: str, pooler: Pooler) -> str:
    """This worker's database through the pooler."""
    url = make_url(database_url).set(host="127.0.0.1", port=pooler.port, query={})
    return url.render_as_string(hide_password=False)


@pytest.fixture(scope="module")
async def pooled_app(settings: Settings, pooled_url: str) -> AsyncIterator[FastAPI]:
    """A second process, so to speak: the application that reaches the same database through the pooler."""
    pooled = settings.model_copy(update={"database_pooler": "pgbouncer", "rate_limit_backend": "database"})
    application = create_app(pooled, pooled_url)
    async with application.router.lifespan_context(application):
        yield application


@pytest.fixture
def town(world: World, pooled_app: FastAPI) -> World:
    """The town, seen through the pooler."""
    return dataclasses.replace(world, app=pooled_app)


def _draft(town: World, title: str, school: str, prefix: str) -> dict[str, Any]:
    return {
        "title": title,
        "type": "job_shadow",
        "employer_id": str(town[f"{prefix}clinic"]),
        "school_id": str(town[school]),
        "seats": 1,
    }


async def _lakeside_turn(town: World, number: int) -> tuple[str, int, Any]:
    match number % 4:
        case 0:
            answer = await town.as_("maya").get("/v1/opportunities")
        case 1:
            answer = await town.as_("clara").get(f"/v1/opportunities/{town['internship']}")
        case 2:
            body = _draft(town, f"Lakeside {number}", "north", "")
            answer = await town.as_("clara").post("/v1/opportunities", json=body)
        case _:
            answer = await town.as_("clara").get(f"/v1/opportunities/{town['river_internship']}")
    return "lakeside", answer.status_code, answer.json()


async def _riverton_turn(town: World, number: int) -> tuple[str, int, Any]:
    match number % 4:
        case 0:
            answer = await town.as_("ria").get("/v1/opportunities")
        case 1:
            answer = await town.as_("cora").get(f"/v1/opportunities/{town['river_internship']}")
        case 2:
            body = _draft(town, f"Riverton {number}", "river", "river_")
            answer = await town.as_("cora").post("/v1/opportunities", json=body)
        case _:
            answer = await town.as_("cora").get(f"/v1/opportunities/{town['internship']}")
    return "riverton", answer.status_code, answer.json()


def _shown(body: Any) -> list[str]:
    return [item["id"] for item in body.get("items", [body] if "id" in body else [])]


async def test_two_tenants_at_once_never_see_each_others_rows(
    town: World, owner: psycopg.Connection[Any]
) -> None:
    turns = [turn(town, number) for number in range(100) for turn in (_lakeside_turn, _riverton_turn)]
    busy = asyncio.Semaphore(16)

    async def send(turn: Any) -> tuple[str, int, Any]:
        async with busy:
            result: tuple[str, int, Any] = await turn
            return result

    answers = await asyncio.gather(*(send(turn) for turn in turns))

    whose = {
        str(row[0]): row[1]
        for row in owner.execute(
            "SELECT o.id, t.slug FROM opportunities o JOIN tenants t ON t.id = o.tenant_id"
        )
    }
    strangers = [(slug, one) for slug, _, body in answers for one in _shown(body) if whose[one] != slug]
    statuses = [status for _, status, _ in answers]
    assert strangers == []
    assert {status: statuses.count(status) for status in set(statuses)} == {200: 100, 201: 50, 404: 50}
    assert sum(1 for slug in whose.values() if slug == "riverton") == 25 + 3


async def test_the_tenant_of_one_transaction_is_gone_in_the_next(town: World, pooled_url: str) -> None:
    async with working(town.database, town["lakeside"]) as unit:
        inside = await unit.rows("SELECT current_setting('app.tenant_id', true), count(*) FROM opportunities")

    with psycopg.connect(pooled_url, autocommit=True, prepare_threshold=None) as connection:
        after = [
            connection.execute(
                "SELECT nullif(current_setting('app.tenant_id', true), ''), (SELECT count(*) FROM opportunities)"
            ).fetchone()
            for _ in range(20)
        ]

    assert inside == [(str(town["lakeside"]), 3)]
    assert set(after) == {(None, 0)}


async def test_nothing_is_prepared_on_a_connection_that_others_will_get(town: World) -> None:
    left = []
    for manner in Manner:
        for _ in range(12):
            async with town.database.unit(manner=manner) as unit:
                await unit.open(town["lakeside"])
                for _ in range(8):
                    await unit.rows("SELECT id FROM opportunities WHERE seats > %s", (0,))
                left += await unit.rows("SELECT name FROM pg_prepared_statements")
                await unit.commit()

    assert left == []


async def test_one_key_has_one_effect_when_twenty_ask_at_once(
    town: World, owner: psycopg.Connection[Any]
) -> None:
    clara = town.as_("clara")
    body = _draft(town, "Only once", "north", "")

    answers = await asyncio.gather(
        *(clara.post("/v1/opportunities", json=body, headers={"Idempotency-Key": "once"}) for _ in range(20))
    )

    done = [answer for answer in answers if answer.is_success]
    others = [answer for answer in answers if not answer.is_success]
    made = owner.execute("SELECT count(*) FROM opportunities WHERE title = 'Only once'").fetchone()
    assert made == (1,)
    assert len({answer.content for answer in done}) == 1
    assert all(answer.status_code == 409 and "Retry-After" in answer.headers for answer in others)


async def test_the_limits_of_the_role_hold_without_startup_parameters(town: World) -> None:
    async with town.database.unit() as unit:
        await unit.open(None)
        found = await unit.rows(
            "SELECT current_setting('statement_timeout'), current_setting('lock_timeout'),"
            " current_setting('idle_in_transaction_session_timeout'), current_setting('TimeZone')"
        )
        await unit.commit()

    assert found == [("20s", "5s", "30s", "UTC")]


async def test_a_pooler_that_went_away_is_a_polite_refusal_until_it_is_back(
    town: World, pooler: Pooler
) -> None:
    clara = town.as_("clara")
    path = f"/v1/opportunities/{town['internship']}"
    before = await clara.get(path)

    pooler.stop()
    away = await asyncio.gather(*(clara.get(path) for _ in range(5)))
    pooler.start()
    after = [await clara.get(path)]
    while after[-1].status_code == 503 and len(after) < 5:
        after.append(await clara.get(path))

    assert before.status_code == 200
    assert {(answer.status_code, answer.headers.get("Retry-After")) for answer in away} == {(503, "2")}
    assert after[-1].status_code == 200, after[-1].text
