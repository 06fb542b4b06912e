"""Background work: delivers events, sends mails, runs imports, and does what is due every minute.

A job may run more than once, and now and then twice at the same time (a worker that was thought dead was not): each
of them claims its row. Jobs and their effects are in one database, so nothing asked for is ever lost.
"""

import asyncio
import contextlib
import logging
import signal
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import structlog
from procrastinate import App, RetryStrategy
from procrastinate.exceptions import ConnectorException
from procrastinate.jobs import DeleteJobCondition, Job
from procrastinate.worker import Worker as QueueWorker
from prometheus_client import Counter

from app.core import clock
from app.core.db import Database, UnsafeRoleError
from app.core.idempotency import forget_old_answers
from app.core.jobs import DELIVER, Workshop, make_queue, working
from app.core.limits import forget_old
from app.core.logs import configure_logs
from app.core.metrics import REGISTRY
from app.core.secrets import load_secrets
from app.features.accounts import jobs as accounts
from app.features.contacts import jobs as contacts
from app.features.duplicates import jobs as duplicates
from app.features.host_again import jobs as host_again
from app.features.households import jobs as households
from app.features.images import jobs as images
from app.features.imports import jobs as imports
from app.features.introduction_asks import jobs as introduction_asks
from app.features.listing_codes import jobs as listing_codes
from app.features.mails import jobs as mails
from app.features.match_keys import jobs as match_keys
from app.features.merges import jobs as merges
from app.features.network_map import jobs as network_map
from app.features.notices import jobs as notices
from app.features.outreach import jobs as outreach
from app.features.phase_feedback import jobs as phase_feedback
from app.features.pool import jobs as pool
from app.features.pursuits import jobs as pursuits
from app.features.reconfirmations import jobs as reconfirmations
from app.features.relationship_rounds import jobs as relationship_rounds
from app.features.reserves import jobs as reserves
from app.features.saved_searches import jobs as saved_searches
from app.features.search_index import jobs as search_index
from app.features.session_hosts import jobs as session_hosts
from app.features.sessions import jobs as sessions
from app.features.student_profiles import jobs as student_profiles
from app.features.suggestion_index import jobs as suggestion_index
from app.features.ties import jobs as ties
from app.features.waiting_entries import jobs as waiting_entries
from app.features.weekly_patterns import jobs as weekly_patterns
from app.settings import Settings

CONCURRENCY = 4
SWEEP = "sweep"
FORGET = "forget_ended_jobs"
# Failed jobs stay this long for somebody to look at; what succeeded goes at once.
KEPT_HOURS = 24 * 30

# 2 s, doubling, about an hour in all. What matters more than that has a net of its own in the sweep.
RETRY = RetryStrategy(max_attempts=11, exponential_wait=2)

JOBS: dict[str, Callable[..., Awaitable[Any]]] = {
    DELIVER: notices.deliver,
    "send_mail": mails.send_mail,
    "erase_mail_files": mails.erase_mail_files,
    "request_password_reset": accounts.request_password_reset,
    "erase_image_files": images.erase_image_files,
    "look_up_listing_code": listing_codes.look_up_listing_code,
    "run_import": imports.run_import,
    "follow_merge": merges.follow_merge,
    "scan_for_duplicates": duplicates.scan_for_duplicates,
    "look_for_contact": match_keys.look_for_contact,
    "look_for_employer": match_keys.look_for_employer,
    "advance_introduction": introduction_asks.advance_introduction,
}

FAILURES = Counter(
    "background_failures",
    "Background work that ended in an error, by job or by part of the sweep.",
    ("work",),
    registry=REGISTRY,
)

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a worker notices things, in seconds."""

    poll: float = 5.0  # scheduled jobs have no notification
    heartbeat: float = 10.0
    stalled_after: float = 30.0  # without a heartbeat a worker counts as dead, and its jobs run again
    tend: float = 10.0
    reconnect: float = 1.0
    finish: float = (
        8.0  # running jobs may end by themselves so long; then they are stopped and run again later
    )


def equip(queue: App, work: Workshop, *, with_clock: bool = True) -> App:
    """Give every task of the queue its work; without the clock nothing starts by itself (tests)."""
    for name, job in JOBS.items():
        queue.task(name=name, retry=RETRY)(_bound(name, job, work))
    if with_clock:

        async def sweep_now(timestamp: int) -> None:  # noqa: ARG001 - the queue hands over the minute it is for
            await sweep(work, clock.now())

        async def forget_ended_jobs(timestamp: int) -> None:  # noqa: ARG001 - the same
            await queue.job_manager.delete_old_jobs(
                nb_hours=KEPT_HOURS, include_failed=True, include_cancelled=True, include_aborted=True
            )

        queue.periodic(cron="* * * * *")(
            queue.task(name=SWEEP, queueing_lock=SWEEP, lock=SWEEP)(_bound(SWEEP, sweep_now))
        )
        queue.periodic(cron="17 3 * * *")(queue.task(name=FORGET)(_bound(FORGET, forget_ended_jobs)))
    return queue


def _bound(
    name: str, job: Callable[..., Awaitable[Any]], *work: Workshop
) -> Callable[..., Coroutine[Any, Any, None]]:
    async def run(**arguments: Any) -> None:
        ids = {key: UUID(value) if isinstance(value, str) else value for key, value in arguments.items()}
        try:
            await job(*work, **ids)
        except Exception as error:
            FAILURES.labels(name).inc()
            _log.warning("job failed", job=name, fault=type(error).__name__, exc_info=error, **ids)
            raise

    return run


async def run_worker(settings: Settings, url: str, *, stop: asyncio.Event, pace: Pace | None = None) -> None:
    """Work until `stop` is set, through every restart of the database.

    `url` is the runtime role, directly (LISTEN does not go through a transaction pooler). Raises UnsafeRoleError at
    once when row-level security would not bind that role. Returns within ten seconds of `stop`.
    """
    # An import has three connections: its work, its progress, its turn.
    database = Database(url, pool_size=3 * CONCURRENCY, pool_timeout=10)
    mailer = mails.make_mailer(settings)
    work = Workshop(database, settings, load_secrets(settings).hash_key, mailer)
    try:
        await Worker(work, url, pace or Pace()).run(stop)
    finally:
        await mailer.close()
        await database.close()


def run_worker_until_signal(settings: Settings, url: str) -> None:
    """Be a worker process: work until SIGTERM or SIGINT."""
    configure_logs(settings)

    async def main() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await run_worker(settings, url, stop=stop)

    asyncio.run(main())


@dataclass(slots=True)
class Worker:
    """One worker on one queue; it outlives its connections."""

    work: Workshop
    url: str
    pace: Pace
    _lost: list[int] = field(default_factory=list)
    _missing: set[int] = field(default_factory=set)

    async def run(self, stop: asyncio.Event) -> None:
        """Work until `stop` is set; see `run_worker`."""
        # Two lines for each job at INFO; what fails is logged here.
        logging.getLogger("procrastinate").setLevel(logging.WARNING)
        while not stop.is_set():
            try:
                await self.work.database.check_role()
                await self._connected(stop)
            except UnsafeRoleError:
                raise
            except Exception as error:  # noqa: BLE001 - a worker that gave up would leave everything undone
                _log.warning("worker interrupted, going on shortly", fault=type(error).__name__)
            if not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self.pace.reconnect)

    async def _connected(self, stop: asyncio.Event) -> None:
        queue = equip(make_queue(self.url), self.work)
        try:
            async with asyncio.timeout(self.pace.finish):
                await queue.open_async()
            await self._work(queue, stop)
        finally:
            await queue.close_async()

    async def _work(self, queue: App, stop: asyncio.Event) -> None:
        while self._lost:
            # A worker of ours that lost the database could not say that it is gone; its jobs are free to run again.
            await queue.job_manager.unregister_worker(self._lost[-1])
            self._lost.pop()
        worker = QueueWorker(
            queue,
            concurrency=CONCURRENCY,
            fetch_job_polling_interval=self.pace.poll,
            abort_job_polling_interval=60.0,
            shutdown_graceful_timeout=self.pace.finish,
            delete_jobs=DeleteJobCondition.SUCCESSFUL,
            install_signal_handlers=False,
            update_heartbeat_interval=self.pace.heartbeat,
            stalled_worker_timeout=self.pace.stalled_after,
        )
        running = asyncio.create_task(worker.run(), name="worker")  # type: ignore[no-untyped-call] # the library left it out
        stopping = asyncio.create_task(stop.wait(), name="worker stop")
        tending = asyncio.create_task(self._tend(queue, worker), name="worker tending")
        try:
            await asyncio.wait({running, stopping}, return_when=asyncio.FIRST_COMPLETED)
            worker.stop()  # type: ignore[no-untyped-call] # the library left it out
            await running
        finally:
            tasks = (running, stopping, tending)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if worker.worker_id is not None:
                self._lost.append(worker.worker_id)

    async def _tend(self, queue: App, worker: QueueWorker) -> None:
        self._missing = set()
        while True:
            try:
                await self._rescue(queue, worker)
            except ConnectorException as error:
                _log.warning("jobs of dead workers not looked for", fault=type(error).__name__)
            await asyncio.sleep(self.pace.tend)

    async def _rescue(self, queue: App, worker: QueueWorker) -> None:
        manager = queue.job_manager
        await manager.prune_stalled_workers(self.pace.stalled_after)
        lost: list[Job] = list(
            await manager.get_stalled_jobs(seconds_since_heartbeat=self.pace.stalled_after)
        )
        if worker.worker_id is not None:
            # A job that ended just as the connection broke is still marked as running here, for ever.
            running = {context.job.id for context in worker._running_jobs.values()}  # noqa: SLF001 - not told otherwise
            mine = await manager.list_jobs_async(status="doing", worker_id=worker.worker_id)
            missing = {job.id: job for job in mine if job.id is not None and job.id not in running}
            lost += [job for job_id, job in missing.items() if job_id in self._missing]
            self._missing = set(missing)
        for job in lost:
            # Another worker may have been quicker.
            with contextlib.suppress(ConnectorException):
                await manager.retry_job(job)
                _log.warning("job of a lost worker runs again", job=job.task_name, job_id=job.id)


async def sweep(work: Workshop, now: datetime) -> int:
    """Do everything that is due at `now`, in every tenant, and return how much that was.

    Every part claims what it does, so twice, or on two workers at once, changes nothing more. A part that fails,
    fails alone.
    """
    done = 0
    for name, part in _GLOBAL.items():
        done += await _try(name, part(work, now))
    async with working(work.database, None) as unit:
        tenants = await unit.rows("SELECT id FROM tenants ORDER BY id")
    for (tenant_id,) in tenants:
        for name, job in _OF_TENANT.items():
            done += await _try(name, job(work, tenant_id, now), tenant_id)
    return done


async def _try(name: str, part: Awaitable[int], tenant_id: UUID | None = None) -> int:
    try:
        return await part
    except Exception as error:  # noqa: BLE001 - a tenant whose data break one part must not stop the others
        FAILURES.labels(f"{SWEEP} {name}").inc()
        _log.error(
            "part of the sweep failed",
            part=name,
            tenant_id=tenant_id,
            fault=type(error).__name__,
            exc_info=error,
        )
        return 0


async def _forget_limits(work: Workshop, _now: datetime) -> int:
    async with working(work.database, None) as unit:

        async def run(statement: str, params: Any) -> Any:
            return await (await unit.driver.execute(statement.encode(), params)).fetchone()

        return await forget_old(run)


async def _forget_answers(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    async with working(work.database, tenant_id) as unit:
        return await forget_old_answers(unit, tenant_id, now)


_GLOBAL: dict[str, Callable[[Workshop, datetime], Awaitable[int]]] = {
    "limits": _forget_limits,
    "accounts": accounts.sweep_global,
    "listing_codes": listing_codes.sweep_global,
}
_OF_TENANT: dict[str, Callable[[Workshop, UUID, datetime], Awaitable[int]]] = {
    "contacts": contacts.sweep,
    "pursuits": pursuits.sweep,
    # Before whatever makes or decides on sessions: of a host who has left none is made, and they fall in time.
    "session_hosts": session_hosts.sweep,
    "weekly_patterns": weekly_patterns.sweep,
    "sessions": sessions.sweep,
    "reserves": reserves.sweep,
    "waiting_entries": waiting_entries.sweep,
    "host_again": host_again.sweep,
    "households": households.sweep,
    "pool": pool.sweep,
    "images": images.sweep,
    "imports": imports.sweep,
    "search_index": search_index.sweep,
    "introductions": introduction_asks.sweep,
    "network_map": network_map.sweep,
    "student_profiles": student_profiles.sweep,
    "reconfirmations": reconfirmations.sweep,
    "phase_feedback": phase_feedback.sweep,
    "relationship_rounds": relationship_rounds.sweep,
    "outreach": outreach.sweep,
    "match_keys": match_keys.sweep,
    "duplicates": duplicates.sweep,
    "deliveries": notices.sweep,
    "mails": mails.sweep,
    "suggestions": suggestion_index.sweep,
    "saved_searches": saved_searches.sweep,
    "answers": _forget_answers,
    # Last, and after the households: the intakes of a whole community take minutes.
    "ties": ties.sweep,
}
