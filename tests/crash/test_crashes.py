"""Promises P1, P2 and P5 under real crashes: what was answered 2xx is there, and nothing half done is visible."""

import asyncio
import shutil
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from uuid import uuid4

import httpx
import psycopg
import pytest

from app.core.embedded import EmbeddedServer
from app.core.migrations import migrate
from app.main import create_app
from app.settings import Settings
from tests.crash import child
from tests.world import World, build

KILLS = 20
WRITERS = 8


@dataclass
class Town:
    """A database server and a town of its own, and what the service answered 2xx about it."""

    server: EmbeddedServer
    runtime: str
    home: Path
    world: World
    port: int
    answered: set[str] = field(default_factory=set)
    statuses: dict[int, int] = field(default_factory=dict)

    def start(self) -> ForkServerProcess:
        """Start the API in a process of its own."""
        return child.start(self.runtime, self.home, self.port)

    async def ready(self) -> None:
        """Wait until the API answers."""
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.port}") as client:
            for _ in range(400):
                try:
                    if (await client.get("/livez")).status_code == 200:
                        return
                except httpx.TransportError:
                    pass
                await asyncio.sleep(0.05)
        raise AssertionError("the API did not come up")

    async def write(self, stop: asyncio.Event) -> None:
        """Draft opportunities one after the other, and remember what was answered."""
        headers = {"Authorization": f"Bearer {self.world.token('clara')}"}
        body = {
            "title": "Kennel job shadow",
            "type": "job_shadow",
            "employer_id": str(self.world["clinic"]),
            "school_id": str(self.world["north"]),
            "seats": 1,
        }
        async with httpx.AsyncClient(
            base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=15
        ) as client:
            while not stop.is_set():
                try:
                    answer = await client.post(
                        "/v1/opportunities", json=body, headers={"Idempotency-Key": str(uuid4())}
                    )
                except httpx.TransportError:
                    await asyncio.sleep(0.02)
                    continue
                self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
                if answer.status_code == 201:
                    self.answered.add(answer.json()["id"])

    async def more_answers(self, number: int) -> None:
        """Wait until the stream of writes flows: this many more were answered 2xx."""
        goal = len(self.answered) + number
        async with asyncio.timeout(20):
            while len(self.answered) < goal:  # noqa: ASYNC110 - the answers come from several tasks
                await asyncio.sleep(0.01)

    def check(self) -> None:
        """Hold the database against what was answered."""
        with psycopg.connect(self.server.superuser_url()) as connection:

            def ids(sql: str) -> set[str]:
                return {str(row[0]) for row in connection.execute(sql.encode()).fetchall()}

            made = ids("SELECT id FROM opportunities WHERE title = 'Kennel job shadow'")
            recorded = ids("SELECT subject_id FROM events WHERE action = 'opportunity.create'")
            stored = ids("SELECT unnest(subject_ids) FROM stored_answers")
            jobs = ids("SELECT args ->> 'subject_id' FROM procrastinate_jobs WHERE task_name = 'deliver'")
        assert self.answered <= made, f"{len(self.answered - made)} writes were answered 2xx and are lost"
        assert made == recorded == stored == jobs, "a half-done operation is visible"


@pytest.fixture
async def town() -> AsyncIterator[Town]:
    folder = _folder()
    with EmbeddedServer.start(folder) as server:
        runtime = server.url("postgres", "kithwork_crash", "only-for-tests")
        migrate(server.superuser_url(), runtime)
        settings = Settings(_env_file=None, kithwork_home=folder)
        application = create_app(settings, runtime)
        async with application.router.lifespan_context(application):
            world = await build(application)
        yield Town(server, runtime, folder, world, _free_port())
    shutil.rmtree(folder, ignore_errors=True)


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="kithwork-crash-"))
    folder.chmod(0o755)
    return folder


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture
def processes() -> Iterator[list[ForkServerProcess]]:
    started: list[ForkServerProcess] = []
    yield started
    for process in started:
        process.kill()
        process.join()


async def test_what_was_answered_survives_twenty_kills_of_the_process(
    town: Town, processes: list[ForkServerProcess]
) -> None:
    for _ in range(KILLS):
        process = town.start()
        processes.append(process)
        await town.ready()
        stop = asyncio.Event()
        writers = [asyncio.create_task(town.write(stop)) for _ in range(WRITERS)]
        await town.more_answers(8)
        process.kill()
        process.join()
        stop.set()
        await asyncio.gather(*writers)

    assert len(town.answered) >= KILLS * 8
    assert set(town.statuses) == {201}
    town.check()


async def test_a_restart_of_postgresql_under_load_loses_nothing_and_the_service_recovers(
    town: Town, processes: list[ForkServerProcess]
) -> None:
    processes.append(town.start())
    await town.ready()
    stop = asyncio.Event()
    writers = [asyncio.create_task(town.write(stop)) for _ in range(WRITERS)]

    for mode in ("immediate", "fast"):
        await town.more_answers(20)
        await asyncio.to_thread(town.server.stop, mode)
        await asyncio.sleep(0.3)
        town.server = await asyncio.to_thread(EmbeddedServer.start, town.home)
    await town.more_answers(20)  # the service comes back by itself
    stop.set()
    await asyncio.gather(*writers)

    assert set(town.statuses) <= {201, 503}, town.statuses
    town.check()
    town.server.stop()
