"""What the clock does to pursuits."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.core.mail import FileMailer
from app.features.pursuits.jobs import sweep
from app.features.waiting_entries.jobs import sweep as sweep_lines
from app.models import Person, Pursuit
from app.settings import Settings
from tests.world import World


@pytest.fixture
def work(world: World, settings: Settings, home: Path) -> Workshop:
    """What background work is done with."""
    return Workshop(world.database, settings, world.app.state.hash_key, FileMailer(home / "mail"))


async def sweep_all(work: Workshop, tenant_id: UUID, now: datetime) -> int:
    """Do what is due to pursuits and to the lines for their seats."""
    return await sweep(work, tenant_id, now) + await sweep_lines(work, tenant_id, now)


async def ask(world: World, *names: str) -> list[UUID]:
    """Let students of their own stand in line for the one free seat of the school garden."""
    ids = []
    async with working(world.database, world["lakeside"]) as unit:
        for number, name in enumerate(names):
            person_id, pursuit_id = new_id(), new_id()
            unit.session.add(
                Person(tenant_id=world["lakeside"], id=person_id, given_name=name, family_name="Lee")
            )
            await unit.session.flush()
            unit.session.add(
                Pursuit(
                    tenant_id=world["lakeside"],
                    id=pursuit_id,
                    student_id=person_id,
                    opportunity_id=world["school_only"],
                    school_id=world["north"],
                    requested_at=clock.now() + timedelta(seconds=number - 60),
                )
            )
            ids.append(pursuit_id)
    return ids


@pytest.fixture
async def line(world: World, owner: psycopg.Connection[Any]) -> list[UUID]:
    """Three in line for one seat; the first is approved until the end of the day in five days."""
    owner.execute("UPDATE opportunities SET seats = 2 WHERE id = %s", [world["school_only"]])
    ids = await ask(world, "Ann", "Bo", "Cy")
    answer = await world.as_("clara").post(
        f"/v1/pursuits/{ids[0]}/approve",
        version=1,
        json={"expires_on": (clock.now().date() + timedelta(days=5)).isoformat()},
    )
    assert answer.status_code == 200, answer.text
    return ids


def state(owner: psycopg.Connection[Any], pursuit_id: UUID) -> tuple[str, bool]:
    """Return (status, whether a seat is offered to its student)."""
    row = owner.execute(
        """SELECT p.status, EXISTS (SELECT FROM waiting_entries e WHERE e.opportunity_id = p.opportunity_id
             AND e.student_id = p.student_id AND e.status = 'offered') FROM pursuits p WHERE p.id = %s""",
        [pursuit_id],
    ).fetchone()
    assert row is not None
    return row[0], row[1]


def actions(owner: psycopg.Connection[Any], pursuit_id: UUID) -> list[str]:
    """Return what happened to a pursuit, in order."""
    rows = owner.execute(
        "SELECT action FROM events WHERE subject_id = %s ORDER BY subject_seq", [pursuit_id]
    ).fetchall()
    return [row[0] for row in rows]


def places(owner: psycopg.Connection[Any], pursuit_id: UUID) -> list[str]:
    """Return what happened to the place in line of a pursuit's student, in order."""
    rows = owner.execute(
        """SELECT v.action FROM events v JOIN waiting_entries e ON e.id = v.subject_id
           JOIN pursuits p ON p.student_id = e.student_id AND p.opportunity_id = e.opportunity_id
           WHERE p.id = %s ORDER BY v.subject_seq""",
        [pursuit_id],
    ).fetchall()
    return [row[0] for row in rows]


async def sweep_at(work: Workshop, world: World, after: timedelta) -> int:
    """Let the clock strike when this much time is over."""
    with clock.shifted(after):
        return await sweep_all(work, world["lakeside"], clock.now())


def seats_taken(owner: psycopg.Connection[Any], world: World) -> int:
    """Count the seats of the school garden that are taken."""
    row = owner.execute(
        "SELECT seats_taken FROM opportunities WHERE id = %s", [world["school_only"]]
    ).fetchone()
    assert row is not None
    return int(row[0])


async def test_an_expired_pursuit_reopens_its_seat_and_the_next_in_line_is_told(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    changed = await sweep_at(work, world, timedelta(days=7))

    assert changed == 1
    assert state(owner, line[0]) == ("expired", False)
    assert state(owner, line[1]) == ("requested", True)
    assert state(owner, line[2]) == ("requested", False)
    assert actions(owner, line[0]) == ["pursuit.approve", "pursuit.expire"]
    assert places(owner, line[1]) == ["waiting_entry.create", "waiting_entry.offer"]
    assert seats_taken(owner, world) == 2


async def test_nothing_expires_before_its_last_day_is_over(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    changed = await sweep_at(work, world, timedelta(hours=1))

    assert changed == 0
    assert state(owner, line[0]) == ("approved", False)


async def test_a_student_is_reminded_once_before_the_time_runs_out(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    first = await sweep_at(work, world, timedelta(days=4))
    again = await sweep_at(work, world, timedelta(days=4))

    assert (first, again) == (1, 0)
    assert actions(owner, line[0]) == ["pursuit.approve", "pursuit.remind"]


async def test_a_seat_that_is_not_taken_up_goes_on_and_the_line_moves(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    await sweep_at(work, world, timedelta(days=7))

    await sweep_at(work, world, timedelta(days=8, hours=1))

    assert state(owner, line[1]) == ("requested", False)
    assert state(owner, line[2]) == ("requested", True)
    assert places(owner, line[1])[-1] == "waiting_entry.lapse"
    # Who let it go by has lost the place: after the last in line the seat is free for everybody.
    await sweep_at(work, world, timedelta(days=9, hours=2))
    assert state(owner, line[1]) == ("requested", False)
    assert state(owner, line[2]) == ("requested", False)
    assert seats_taken(owner, world) == 1


async def test_the_only_one_in_line_who_does_not_take_it_up_gives_the_seat_back(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    await sweep_at(work, world, timedelta(days=7))
    answer = await world.as_("clara").post(
        f"/v1/pursuits/{line[2]}/decline", version=1, json={"reason": "Not yet."}
    )
    assert answer.status_code == 200, answer.text

    await sweep_at(work, world, timedelta(days=8, hours=1))

    assert seats_taken(owner, world) == 1
    assert state(owner, line[1]) == ("requested", False)


async def test_two_workers_at_once_change_no_more_than_one(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    with clock.shifted(timedelta(days=7)):
        now = clock.now()
        counts = await asyncio.gather(*(sweep_all(work, world["lakeside"], now) for _ in range(4)))
        again = await sweep_all(work, world["lakeside"], now)

    assert sum(counts) == 1
    assert again == 0
    assert actions(owner, line[0]) == ["pursuit.approve", "pursuit.expire"]
    assert places(owner, line[1]) == ["waiting_entry.create", "waiting_entry.offer"]


async def test_the_sweep_of_one_tenant_leaves_the_others_alone(
    work: Workshop, world: World, owner: psycopg.Connection[Any], line: list[UUID]
) -> None:
    with clock.shifted(timedelta(days=7)):
        changed = await sweep_all(work, world["riverton"], clock.now())

    assert changed == 0
    assert state(owner, line[0]) == ("approved", False)
