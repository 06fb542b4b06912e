"""Doing the background work that is due now, in the test's own process, until none is left."""

from typing import Protocol

from app.core import clock
from app.core.jobs import Workshop, make_queue
from app.worker import CONCURRENCY, equip

# What every job has done when nothing went wrong: succeeded at once, and gone.
_DUE = "SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo' AND (scheduled_at IS NULL OR scheduled_at <= now())"
_TROUBLED = "SELECT task_name FROM procrastinate_jobs WHERE status <> 'todo' OR attempts > 0 ORDER BY id"
_ROUNDS = 100


class Drain(Protocol):
    """The fixture `drain`: `await drain()`."""

    async def __call__(self, *, failures_expected: bool = False) -> None:
        """Run every job that is due."""


class JobsFailedError(AssertionError):
    """Background work raised; a test that means it to says so."""


async def drain(work: Workshop, *, failures_expected: bool = False) -> None:
    """Run every job that is due by the application's clock, and those they ask for, until none is left.

    A job that raised is an error of the test, unless failures are expected.
    """
    reads = work.database.bare
    async with make_queue().open_async(reads) as queue:
        equip(queue, work, with_clock=False)
        for _ in range(_ROUNDS):
            async with reads.connection() as connection:
                # The queue asks the database for the time; a test moves the application's.
                await connection.execute(
                    "UPDATE procrastinate_jobs SET scheduled_at = NULL"
                    " WHERE status = 'todo' AND attempts = 0 AND scheduled_at <= %s",
                    (clock.now(),),
                )
                ((due,),) = await (await connection.execute(_DUE)).fetchall()
            if not due:
                break
            await queue.run_worker_async(
                wait=False,
                concurrency=CONCURRENCY,
                listen_notify=False,
                install_signal_handlers=False,
                delete_jobs="successful",
            )
    if not failures_expected:
        async with reads.connection() as connection:
            troubled = await (await connection.execute(_TROUBLED)).fetchall()
        if troubled:
            raise JobsFailedError(f"these jobs raised: {', '.join(name for (name,) in troubled)}")
