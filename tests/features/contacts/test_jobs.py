"""What the clock does to contacts."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.contacts.jobs import sweep
from tests.network import TRACES, ask, content, holding, workshop
from tests.world import World


@pytest.fixture
def work(world: World) -> Workshop:
    return workshop(world)


async def test_after_a_week_there_is_one_reminder(
    world: World, work: Workshop, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)

    early = await sweep(work, world["lakeside"], clock.now() + timedelta(days=6))
    due = await sweep(work, world["lakeside"], clock.now() + timedelta(days=8))
    again = await sweep(work, world["lakeside"], clock.now() + timedelta(days=9))

    assert [early, due, again] == [0, 1, 0]
    mails = owner.execute("SELECT template FROM mails ORDER BY id").fetchall()
    assert mails == [("consent_invitation",), ("consent_reminder",)]
    event = owner.execute(
        "SELECT actor_kind FROM events WHERE subject_id = %s AND action = 'contact.remind'", (asked.id,)
    )
    assert event.fetchall() == [("system",)]


async def test_after_thirty_days_without_an_answer_she_is_erased(
    world: World, work: Workshop, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)

    done = await sweep(work, world["lakeside"], clock.now() + timedelta(days=31))

    assert done == 1
    status = owner.execute("SELECT status FROM contacts WHERE id = %s", (asked.id,)).fetchone()
    assert status == ("no_answer",)
    assert holding(owner, *TRACES) == {}
    assert owner.execute("SELECT count(*) FROM mails WHERE state = 'waiting'").fetchone() == (0,)
    seen = await world.as_("clara").get(f"/v1/contacts/{asked.id}")
    assert seen.json()["status"] == "closed"


@pytest.mark.parametrize("days", [8, 31])
async def test_two_sweeps_at_once_do_it_once(
    world: World, work: Workshop, owner: psycopg.Connection[Any], days: int
) -> None:
    for number in range(3):
        await ask(world, email=f"zenobia{number}@hospital.example")
    now = clock.now() + timedelta(days=days)

    done = await asyncio.gather(*(sweep(work, world["lakeside"], now) for _ in range(3)))
    after = content(owner)
    await sweep(work, world["lakeside"], now)

    assert sum(done) == 3
    doubled = owner.execute(
        "SELECT subject_id FROM events WHERE action IN ('contact.remind', 'contact.close')"
        " GROUP BY subject_id HAVING count(*) > 1"
    )
    assert doubled.fetchall() == []
    assert content(owner) == after


async def test_a_sweep_touches_one_tenant(world: World, work: Workshop) -> None:
    await ask(world)

    assert await sweep(work, world["riverton"], clock.now() + timedelta(days=31)) == 0
