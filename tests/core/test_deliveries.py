"""Events reach their consumers in order within a subject, each once inside the database (P4)."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.deliveries import MOST_ATTEMPTS, ask_for_overdue, deliver, replay, skip, wait_after
from app.core.events import SYSTEM, record
from app.core.jobs import Workshop, working
from app.core.problems import NotFound
from app.core.tables import Event
from app.models import Employer
from tests.world import World

Owner = psycopg.Connection[Any]


async def happen(work: Workshop, world: World, name: str, times: int, *, tenant: str = "lakeside") -> UUID:
    """Let something happen to an employer so many times."""
    for _ in range(times):
        async with working(work.database, world[tenant]) as unit:
            employer = await unit.session.get_one(Employer, (world[tenant], world[name]))
            employer.name += "!"
            await record(unit.session, "employer.update", actor=SYSTEM, subject=employer)
    return world[name]


class Reader:
    """A consumer that writes down, inside the database, what it was handed; and fails where a test says so."""

    def __init__(
        self, *, fails_at: int = 0, by: Callable[[AsyncSession], Awaitable[None]] | None = None
    ) -> None:
        self.fails_at = fails_at
        self.by = by
        self.calls = 0

    async def __call__(self, session: AsyncSession, event: Event) -> None:
        self.calls += 1
        await session.execute(
            text(
                "INSERT INTO courses (tenant_id, id, created_at, updated_at, version, title)"
                " VALUES (:tenant, gen_random_uuid(), clock_timestamp(), now(), :seq, :subject)"
            ),
            {"tenant": event.tenant_id, "seq": event.subject_seq, "subject": str(event.subject_id)},
        )
        if event.subject_seq == self.fails_at:
            if self.by is not None:
                await self.by(session)
            raise LookupError("Rosa Rosason has no mailbox")


def read(owner: Owner, subject_id: UUID) -> list[int]:
    rows = owner.execute(
        "SELECT version FROM courses WHERE title = %s ORDER BY created_at", (str(subject_id),)
    ).fetchall()
    return [seq for (seq,) in rows]


def delivery(owner: Owner, subject_id: UUID) -> tuple[Any, ...]:
    row = owner.execute(
        "SELECT delivered_seq, attempts, fault, retry_at IS NOT NULL, dead_at IS NOT NULL FROM deliveries"
        " WHERE id = %s",
        (subject_id,),
    ).fetchone()
    assert row is not None
    return tuple(row)


async def exhaust(work: Workshop, world: World, subject_id: UUID, consume: Reader) -> None:
    """Try until the event is given up, letting the time between the tries pass."""
    for attempt in range(MOST_ATTEMPTS):
        with clock.shifted(timedelta(hours=2 * attempt)):
            await deliver(work, world["lakeside"], subject_id, consume)


async def test_two_hundred_events_arrive_in_order_through_four_deliverers(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 200)
    consume = Reader()

    await asyncio.gather(*(deliver(workshop, world["lakeside"], garage, consume) for _ in range(4)))

    assert read(owner, garage) == list(range(1, 201))
    assert consume.calls == 200
    assert delivery(owner, garage) == (200, 0, None, False, False)


async def test_a_deliverer_waits_for_another_one_and_then_sees_what_came_in_between(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    started, go_on = asyncio.Event(), asyncio.Event()

    async def slow(session: AsyncSession, event: Event) -> None:
        started.set()
        await go_on.wait()
        await Reader()(session, event)

    first = asyncio.create_task(deliver(workshop, world["lakeside"], garage, slow))
    await started.wait()
    await happen(workshop, world, "garage", 1)

    second = asyncio.create_task(deliver(workshop, world["lakeside"], garage, Reader()))
    await asyncio.sleep(0.1)
    go_on.set()
    await asyncio.gather(first, second)

    assert read(owner, garage) == [1, 2]


async def test_a_poisoned_event_holds_back_its_own_subject_only(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 3)
    clinic = await happen(workshop, world, "clinic", 3)
    consume = Reader(fails_at=2)

    await deliver(workshop, world["lakeside"], garage, consume)
    await deliver(workshop, world["lakeside"], clinic, Reader())

    assert read(owner, garage) == [1]
    assert delivery(owner, garage) == (1, 1, "LookupError", True, False)
    assert read(owner, clinic) == [1, 2, 3]


async def test_a_fault_keeps_no_words_of_the_error_and_asks_for_another_try(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    owner.execute("TRUNCATE procrastinate_jobs CASCADE")

    await deliver(workshop, world["lakeside"], garage, Reader(fails_at=1))

    jobs = owner.execute(
        "SELECT task_name, args->>'subject_id', scheduled_at FROM procrastinate_jobs"
    ).fetchall()
    retry_at = owner.execute("SELECT retry_at FROM deliveries WHERE id = %s", (garage,)).fetchall()
    assert jobs == [("deliver", str(garage), *retry_at[0])]
    assert delivery(owner, garage)[2] == "LookupError"


async def test_before_its_time_an_event_is_not_tried_again(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    consume = Reader(fails_at=1)
    await deliver(workshop, world["lakeside"], garage, consume)

    await deliver(workshop, world["lakeside"], garage, consume)

    assert consume.calls == 1
    assert delivery(owner, garage)[1] == 1


async def test_four_deliverers_at_once_count_one_attempt(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    consume = Reader(fails_at=1)

    await asyncio.gather(*(deliver(workshop, world["lakeside"], garage, consume) for _ in range(4)))

    assert consume.calls == 1
    assert delivery(owner, garage)[1] == 1


async def test_a_consumer_that_breaks_its_transaction_is_noted_like_any_other(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    async def break_it(session: AsyncSession) -> None:
        await session.execute(text("SELECT 1 / 0"))

    garage = await happen(workshop, world, "garage", 1)

    await deliver(workshop, world["lakeside"], garage, Reader(fails_at=1, by=break_it))

    assert read(owner, garage) == []
    assert delivery(owner, garage) == (0, 1, "DataError", True, False)


async def test_a_consumer_that_is_mended_gets_everything_that_waited(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 3)
    await deliver(workshop, world["lakeside"], garage, Reader(fails_at=2))

    with clock.shifted(timedelta(minutes=2)):
        await deliver(workshop, world["lakeside"], garage, Reader())

    assert read(owner, garage) == [1, 2, 3]
    assert delivery(owner, garage) == (3, 0, None, False, False)


async def test_after_eight_attempts_an_event_is_dead_and_somebody_is_told_once(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 2)
    told: list[tuple[int, int]] = []

    async def on_dead(_session: AsyncSession, event: Event, attempts: int) -> None:
        told.append((event.subject_seq, attempts))

    consume = Reader(fails_at=1)
    for attempt in range(MOST_ATTEMPTS + 3):
        with clock.shifted(timedelta(hours=2 * attempt)):
            await deliver(workshop, world["lakeside"], garage, consume, on_dead=on_dead)

    assert consume.calls == MOST_ATTEMPTS
    assert told == [(1, MOST_ATTEMPTS)]
    assert delivery(owner, garage) == (0, MOST_ATTEMPTS, "LookupError", False, True)


async def test_a_replayed_event_is_tried_again_and_the_rest_follows(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 2)
    await exhaust(workshop, world, garage, Reader(fails_at=1))

    async with working(workshop.database, world["lakeside"]) as unit:
        await replay(unit.session, world["lakeside"], garage)
    await deliver(workshop, world["lakeside"], garage, Reader())

    assert read(owner, garage) == [1, 2]
    assert delivery(owner, garage) == (2, 0, None, False, False)


async def test_a_skipped_event_is_left_out_and_the_rest_follows(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 2)
    await exhaust(workshop, world, garage, Reader(fails_at=1))

    async with working(workshop.database, world["lakeside"]) as unit:
        await skip(unit.session, world["lakeside"], garage)
    await deliver(workshop, world["lakeside"], garage, Reader())

    assert read(owner, garage) == [2]


@pytest.mark.parametrize("act", [replay, skip])
async def test_only_a_dead_letter_can_be_replayed_or_skipped(
    world: World, workshop: Workshop, act: Callable[[AsyncSession, UUID, UUID], Awaitable[None]]
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    await deliver(workshop, world["lakeside"], garage, Reader(fails_at=1))

    with pytest.raises(NotFound, match="nothing of this subject is held back"):
        async with working(workshop.database, world["lakeside"]) as unit:
            await act(unit.session, world["lakeside"], garage)


async def test_another_tenants_dead_letter_cannot_be_skipped(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    await exhaust(workshop, world, garage, Reader(fails_at=1))

    with pytest.raises(NotFound):
        async with working(workshop.database, world["riverton"]) as unit:
            await skip(unit.session, world["lakeside"], garage)

    assert delivery(owner, garage)[4] is True


async def test_a_gap_is_never_jumped_over(world: World, workshop: Workshop, owner: Owner) -> None:
    garage = await happen(workshop, world, "garage", 3)
    owner.execute("DELETE FROM events WHERE subject_id = %s AND subject_seq = 2", (garage,))

    await deliver(workshop, world["lakeside"], garage, Reader())

    assert read(owner, garage) == [1]


async def test_a_subject_whose_job_was_lost_is_asked_for_again(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    garage = await happen(workshop, world, "garage", 1)
    clinic = await happen(workshop, world, "clinic", 1)
    await deliver(workshop, world["lakeside"], clinic, Reader())
    owner.execute("TRUNCATE procrastinate_jobs CASCADE")
    now = clock.now() + timedelta(minutes=5)

    found = []
    for _ in range(2):
        async with working(workshop.database, world["lakeside"]) as unit:
            since = now - timedelta(hours=1)
            found.append(await ask_for_overdue(unit, world["lakeside"], now, since=since))

    assert found == [1, 0]
    jobs = owner.execute("SELECT args->>'subject_id' FROM procrastinate_jobs").fetchall()
    assert jobs == [(str(garage),)]


def test_the_wait_doubles_from_a_minute_to_an_hour() -> None:
    waits = [wait_after(attempts) for attempts in (1, 2, 3, 6, 7, 100)]

    assert waits == [timedelta(minutes=minutes) for minutes in (1, 2, 4, 32, 60, 60)]
