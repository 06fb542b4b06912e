"""The worker as it really runs: beside the API, as a process that is killed, through a restart of the database."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest
from procrastinate import App

from app import worker
from app.core import clock
from app.core.db import Database, UnsafeRoleError
from app.core.embedded import EmbeddedServer
from app.core.events import SYSTEM, record
from app.core.ids import new_id
from app.core.jobs import Workshop, ask_for, make_queue, working
from app.core.migrations import migrate
from app.features.contacts import jobs as contacts
from app.models import Employer, Pursuit, Tenant
from app.settings import Settings
from app.worker import Pace, equip, run_worker, sweep
from tests.draining import Drain, drain
from tests.world import World

ROOT = Path(__file__).parents[1]
QUICK = Pace(poll=0.2, heartbeat=0.3, stalled_after=4.0, tend=0.3, reconnect=0.1, finish=2.0)

PROCESS = """
import asyncio, sys
from pathlib import Path
from app.settings import Settings
from app.worker import Pace, run_worker

pace = Pace(poll=0.2, heartbeat=0.3, stalled_after=4.0, tend=0.3, reconnect=0.1, finish=2.0)
settings = Settings(_env_file=None, kithwork_home=Path(sys.argv[2]))
asyncio.run(run_worker(settings, sys.argv[1], stop=asyncio.Event(), pace=pace))
"""

UNTIL_SIGNAL = """
import sys
from pathlib import Path
from app.settings import Settings
from app.worker import run_worker_until_signal

run_worker_until_signal(Settings(_env_file=None, kithwork_home=Path(sys.argv[2])), sys.argv[1])
"""

Owner = psycopg.Connection[Any]


def started(script: str, url: str, home: Path) -> subprocess.Popen[bytes]:
    """Start a worker as a process of its own."""
    return subprocess.Popen([sys.executable, "-c", script, url, str(home)], cwd=ROOT)  # noqa: S603 - our own script


@asynccontextmanager
async def working_beside(settings: Settings, url: str) -> AsyncIterator[None]:
    """Run a worker in this process for as long as the block lasts."""
    stop = asyncio.Event()
    task = asyncio.create_task(run_worker(settings, url, stop=stop, pace=QUICK))
    try:
        yield
    finally:
        stop.set()
        await task


async def until(true: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.05)


def count(owner: Owner, query: str, *params: Any) -> int:
    row = owner.execute(query.encode(), params).fetchone()
    assert row is not None
    number: int = row[0]
    return number


async def land(work: Workshop, world: World, times: int = 1) -> None:
    """Let something happen to Leo's pursuit that three people are told of."""
    for _ in range(times):
        async with working(work.database, world["lakeside"]) as unit:
            pursuit = await unit.session.get_one(Pursuit, (world["lakeside"], world["leo_pursuit"]))
            pursuit.message = str(new_id())
            await record(unit.session, "pursuit.land", actor=SYSTEM, subject=pursuit)


async def test_what_is_committed_is_told_and_mailed_by_itself(
    world: World, workshop: Workshop, owner: Owner, settings: Settings, database_url: str
) -> None:
    async with working_beside(settings, database_url):
        await land(workshop, world)
        await until(lambda: count(owner, "SELECT count(*) FROM mails WHERE state = 'done'") == 2)

    assert count(owner, "SELECT count(*) FROM notifications") == 4
    assert count(owner, "SELECT count(*) FROM procrastinate_jobs WHERE task_name <> 'sweep'") == 0
    assert count(owner, "SELECT count(*) FROM procrastinate_workers") == 0


async def test_a_job_that_does_not_end_is_stopped_in_time_and_runs_again_later(
    world: World,
    workshop: Workshop,
    owner: Owner,
    settings: Settings,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    started = asyncio.Event()

    async def endless(_work: Workshop, **_ids: UUID) -> None:
        started.set()
        await asyncio.sleep(3600)

    monkeypatch.setitem(worker.JOBS, "send_mail", endless)
    async with working(workshop.database, world["lakeside"]) as unit:
        ask_for(unit, "send_mail", tenant_id=world["lakeside"], mail_id=new_id())
    async with working_beside(settings, database_url):
        await started.wait()
        before = time.monotonic()

    assert time.monotonic() - before < 10
    rows = owner.execute("SELECT status FROM procrastinate_jobs WHERE task_name = 'send_mail'").fetchall()
    assert rows == [("todo",)]


async def test_every_event_is_delivered_though_a_worker_is_killed_again_and_again(
    world: World, workshop: Workshop, owner: Owner, database_url: str, home: Path
) -> None:
    await land(workshop, world, 40)

    def delivered() -> int:
        return count(owner, "SELECT coalesce(max(delivered_seq), 0) FROM deliveries")

    for least in (5, 40):
        process = started(PROCESS, database_url, home)
        try:
            await until(lambda least=least: delivered() >= least)  # type: ignore[misc] # bound in the same round
            if least == 40:
                await until(lambda: count(owner, "SELECT count(*) FROM mails WHERE state <> 'done'") == 0, 60)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()

    assert delivered() == 40
    # Four people, each told of each event exactly once.
    assert count(owner, "SELECT count(*) FROM notifications") == 160
    assert count(owner, "SELECT count(DISTINCT (person_id, event_id)) FROM notifications") == 160
    assert count(owner, "SELECT count(*) FROM mails") == 80


async def test_two_workers_share_the_work(
    world: World, workshop: Workshop, owner: Owner, settings: Settings, database_url: str
) -> None:
    async with working_beside(settings, database_url), working_beside(settings, database_url):
        await land(workshop, world, 30)
        await until(lambda: count(owner, "SELECT count(*) FROM mails WHERE state = 'done'") == 60)

    assert count(owner, "SELECT count(*) FROM notifications") == 120


async def test_a_job_that_raises_is_tried_again_with_pauses_and_ends_as_failed(
    world: World, workshop: Workshop, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_work: Workshop, **_ids: UUID) -> None:
        raise LookupError("no")

    monkeypatch.setitem(worker.JOBS, "send_mail", broken)
    async with working(workshop.database, world["lakeside"]) as unit:
        ask_for(unit, "send_mail", tenant_id=world["lakeside"], mail_id=new_id())
    seen = []
    for _ in range(13):
        await drain(workshop, failures_expected=True)
        row = owner.execute(
            "SELECT status, attempts, scheduled_at > now() FROM procrastinate_jobs"
        ).fetchone()
        seen.append(row)
        owner.execute("UPDATE procrastinate_jobs SET scheduled_at = NULL")

    assert seen[:2] == [("todo", 1, True), ("todo", 2, True)]
    assert seen[-1] is not None
    assert seen[-1][:2] == ("failed", 12)


async def test_a_sweep_asks_again_for_what_lost_its_job(
    world: World, workshop: Workshop, owner: Owner, drain: Drain
) -> None:
    await land(workshop, world)
    owner.execute("TRUNCATE procrastinate_jobs CASCADE")

    with clock.shifted(timedelta(minutes=5)):
        await sweep(workshop, clock.now())
        await sweep(workshop, clock.now())
        await drain()

    assert count(owner, "SELECT count(*) FROM notifications") == 4
    assert count(owner, "SELECT count(*) FROM mails WHERE state = 'done'") == 2


async def test_two_sweeps_at_once_do_what_one_does(world: World, workshop: Workshop, owner: Owner) -> None:
    owner.execute(
        "UPDATE pursuits SET status = 'approved', expires_at = now() - interval '1 hour', expires_on = current_date"
        " WHERE id = %s",
        (world["leo_pursuit"],),
    )
    owner.execute("UPDATE opportunities SET seats_taken = 1 WHERE id = %s", (world["internship"],))

    await asyncio.gather(*(sweep(workshop, clock.now()) for _ in range(3)))
    await sweep(workshop, clock.now())

    assert count(owner, "SELECT count(*) FROM events WHERE action = 'pursuit.expire'") == 1
    assert count(owner, "SELECT seats_taken FROM opportunities WHERE id = %s", world["internship"]) == 0


async def test_a_part_of_the_sweep_that_fails_stops_no_other(
    world: World, workshop: Workshop, owner: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_work: Workshop, tenant_id: UUID, _now: Any) -> int:
        if tenant_id == world["lakeside"]:
            raise LookupError("no")
        return 7

    # What is due in the town anyway is out of the way then.
    await sweep(workshop, clock.now() + timedelta(minutes=5))
    monkeypatch.setitem(worker._OF_TENANT, "contacts", broken)
    await land(workshop, world)
    owner.execute("TRUNCATE procrastinate_jobs CASCADE")

    done = await sweep(workshop, clock.now() + timedelta(minutes=5))

    assert done == 8
    assert count(owner, "SELECT count(*) FROM procrastinate_jobs") == 1
    assert contacts.sweep is not broken


async def test_old_answers_are_forgotten_after_a_week(world: World, workshop: Workshop, owner: Owner) -> None:
    for days in (6, 8):
        owner.execute(
            "INSERT INTO stored_answers (tenant_id, id, account_id, key, fingerprint, action, status, headers,"
            " created_at) VALUES (%s, gen_random_uuid(), %s, %s, '', '', 200, '{}', now() - make_interval(days => %s))",
            (world["lakeside"], world.residents["clara"].account_id, str(days), days),
        )

    await sweep(workshop, clock.now())

    assert owner.execute("SELECT key FROM stored_answers").fetchall() == [("6",)]


async def test_a_role_that_is_not_bound_by_the_walls_is_refused(settings: Settings, owner_url: str) -> None:
    with pytest.raises(UnsafeRoleError):
        await run_worker(settings, owner_url, stop=asyncio.Event(), pace=QUICK)


def test_every_task_that_is_asked_for_has_its_work(workshop: Workshop) -> None:
    queue: App = equip(make_queue(), workshop)

    assert {"deliver", "send_mail", "erase_mail_files", "run_import", "request_password_reset"} <= set(
        queue.tasks
    )
    assert {task.task.name for task in queue.periodic_registry.periodic_tasks.values()} == {
        "sweep",
        "forget_ended_jobs",
    }


@pytest.fixture
def restartable() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="kithwork-test-")).resolve()
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


async def test_a_worker_goes_on_after_a_restart_of_the_database(
    restartable: Path, settings: Settings
) -> None:
    start = EmbeddedServer.start
    server = await asyncio.to_thread(start, restartable / "home")
    try:
        url = server.url("postgres", "kithwork_app", "made-up-0123456789")
        await asyncio.to_thread(migrate, server.superuser_url(), url)
        database = Database(url)
        tenant_id, employer_id = new_id(), new_id()
        async with working(database, tenant_id) as unit:
            unit.session.add(Tenant(id=tenant_id, slug="alone", name="Alone"))
            await unit.session.flush()
            employer = Employer(tenant_id=tenant_id, id=employer_id, name="Garage")
            unit.session.add(employer)
            await record(unit.session, "employer.create", actor=SYSTEM, subject=employer)

        def delivered() -> int:
            with psycopg.connect(server.superuser_url()) as connection:
                return count(connection, "SELECT coalesce(max(delivered_seq), 0) FROM deliveries")

        async with working_beside(settings, url):
            await until(lambda: delivered() == 1)
            await asyncio.to_thread(server.stop, "immediate")
            await asyncio.sleep(1)
            server = await asyncio.to_thread(start, restartable / "home")
            async with working(database, tenant_id) as unit:
                employer = await unit.session.get_one(Employer, (tenant_id, employer_id))
                employer.name += "!"
                await record(unit.session, "employer.update", actor=SYSTEM, subject=employer)
            await until(lambda: delivered() == 2)
        await database.close()
    finally:
        await asyncio.to_thread(server.stop)


async def test_a_worker_process_ends_on_a_signal(
    world: World, workshop: Workshop, owner: Owner, database_url: str, home: Path
) -> None:
    process = started(UNTIL_SIGNAL, database_url, home)
    try:
        await land(workshop, world)
        await until(lambda: count(owner, "SELECT count(*) FROM mails WHERE state = 'done'") == 2)
    finally:
        process.terminate()

    assert await asyncio.to_thread(process.wait, 12) == 0
    assert count(owner, "SELECT count(*) FROM procrastinate_workers") == 0
