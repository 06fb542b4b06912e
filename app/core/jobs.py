"""Background work: procrastinate on the same database, jobs enqueued in the transaction that asks for them."""

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg
from procrastinate import App, PsycopgConnector
from procrastinate.jobs import Job
from sqlalchemy.exc import SQLAlchemyError

from app.core.db import Database, Unit, libpq_url
from app.core.events import recorded
from app.core.mail import Mailer
from app.settings import Settings

# Names of the tasks that the units of work themselves ask for; `app/worker.py` gives them their work.
DELIVER = "deliver"


def make_queue(url: str | None = None) -> App:
    """Make the queue; without a URL it can only enqueue, on the connection of a unit of work."""
    options: dict[str, Any] = (
        {} if url is None else {"conninfo": libpq_url(url), "min_size": 1, "max_size": 4, "timeout": 5.0}
    )
    return App(connector=PsycopgConnector(**options))


_enqueueing = make_queue()


def ask_for(
    unit: Unit, task: str, *, at: datetime | None = None, queue: str = "default", **arguments: Any
) -> None:
    """Ask for background work when (and only if) this unit of work commits. Arguments are ids."""
    unit.info.setdefault("jobs", []).append(
        Job(
            id=None,
            queue=queue,
            priority=0,
            lock=None,
            queueing_lock=None,
            task_name=task,
            task_kwargs={
                name: str(value) if isinstance(value, UUID) else value for name, value in arguments.items()
            },
            scheduled_at=at,
        )
    )


async def enqueue(unit: Unit) -> None:
    """Write the asked-for jobs, and one delivery job for each subject with new events; called before the commit."""
    for subject_id in recorded(unit).subjects:
        ask_for(unit, DELIVER, tenant_id=unit.tenant_id, subject_id=subject_id)
    jobs = unit.info.pop("jobs", [])
    if jobs:
        await _enqueueing.job_manager.batch_defer_jobs_async(jobs, connection=unit.driver)


@dataclass(frozen=True, slots=True)
class Workshop:
    """What background work is done with."""

    database: Database
    settings: Settings
    hash_key: bytes
    mailer: Mailer


@contextlib.asynccontextmanager
async def working(database: Database, tenant_id: UUID | None) -> AsyncIterator[Unit]:
    """Run one unit of work outside a request: its jobs are enqueued and it is committed at the end, or nothing is."""
    async with database.unit() as unit:
        await unit.open(tenant_id)
        yield unit
        await unit.flush()
        await enqueue(unit)
        await unit.commit()


@dataclass(slots=True)
class Provisional:
    """Work in a unit that is undone at its end, unless `kept` is set."""

    kept: bool = False


@contextlib.asynccontextmanager
async def provisionally(unit: Unit) -> AsyncIterator[Provisional]:
    """Try work inside a unit: what it writes, records and asks for is undone if it is not kept or raises."""
    subjects, jobs = dict(recorded(unit).subjects), list(unit.info.get("jobs", []))
    savepoint = await unit.session.begin_nested()
    work = Provisional()
    try:
        yield work
    except BaseException:
        work.kept = False
        raise
    finally:
        if work.kept:
            await savepoint.commit()
        elif savepoint.is_active:
            await savepoint.rollback()
            recorded(unit).subjects, unit.info["jobs"] = subjects, jobs


async def attempt(database: Database, tenant_id: UUID, work: Callable[[Unit], Awaitable[None]]) -> None:
    """Do work that may as well not happen, such as showing progress: a database that is away ends it quietly."""
    with contextlib.suppress(SQLAlchemyError, psycopg.Error):
        async with working(database, tenant_id) as unit:
            await work(unit)
