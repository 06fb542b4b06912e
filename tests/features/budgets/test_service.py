"""The contact-fatigue budget: never more asks in a month than the employer's cap, whoever asks."""

import asyncio
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app.core import clock
from app.core.db import Database
from app.core.jobs import working
from app.domain.budget import AskKind
from app.features.budgets import service as budgets
from app.models import Employer, EmployerAsk
from tests.world import World

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=ZoneInfo("America/New_York"))


async def _cap(world: World, employer: str, cap: int) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        found = await unit.session.get_one(Employer, (world["lakeside"], world[employer]))
        found.monthly_contact_cap = cap


async def _take(database: Database, world: World, *, school: str, now: datetime = NOON) -> bool:
    async with working(database, world["lakeside"]) as unit:
        return await budgets.take(
            unit.session,
            tenant_id=world["lakeside"],
            employer_id=world["clinic"],
            kind=AskKind.INTRODUCTION,
            school_id=world[school],
            subject_id=None,
            now=now,
        )


async def test_forty_connections_race_for_the_last_three_asks_and_three_get_them(
    world: World, database_url: str, owner: psycopg.Connection[Any]
) -> None:
    await _cap(world, "clinic", 5)
    wide = Database(database_url, pool_size=40, pool_timeout=60)
    for school in ("north", "south"):
        assert await _take(wide, world, school=school)
    gate = asyncio.Barrier(40)

    async def race(number: int) -> bool:
        async with working(wide, world["lakeside"]) as unit:
            await unit.rows("SELECT 1")
            await gate.wait()
            return await budgets.take(
                unit.session,
                tenant_id=world["lakeside"],
                employer_id=world["clinic"],
                kind=AskKind.INVITATION,
                school_id=world["north" if number % 2 else "south"],
                subject_id=None,
                now=NOON,
            )

    taken = await asyncio.gather(*(race(number) for number in range(40)))
    await wide.close()

    assert sum(taken) == 3
    assert owner.execute("SELECT asks FROM employer_months").fetchall() == [(5,)]
    assert owner.execute("SELECT count(*) FROM employer_asks").fetchall() == [(5,)]


async def test_the_month_turns_in_the_zone_of_the_community(world: World, database: Database) -> None:
    await _cap(world, "clinic", 1)
    # The last minute of November there is the first of December in UTC.
    late = datetime(2026, 11, 30, 23, 59, tzinfo=ZoneInfo("America/New_York"))

    first = await _take(database, world, school="north", now=NOON)
    again = await _take(database, world, school="south", now=late)
    turned = await _take(database, world, school="south", now=late + timedelta(minutes=1))

    assert (first, again, turned) == (True, False, True)


async def _standing(world: World, database: Database) -> budgets.Standing:
    async with working(database, world["lakeside"]) as unit:
        return await budgets.standing(
            unit.session, tenant_id=world["lakeside"], employer_id=world["clinic"], now=NOON
        )


async def test_what_is_left_and_when_it_reopens_is_told(world: World, database: Database) -> None:
    await _cap(world, "clinic", 2)
    await _take(database, world, school="north")

    before = await _standing(world, database)
    await _take(database, world, school="south")
    after = await _standing(world, database)

    assert (before.left, before.reopens_on) == (1, None)
    assert (after.left, after.reopens_on) == (0, date(2026, 12, 1))


@pytest.mark.parametrize("cap", [0, 1])
async def test_lowering_the_cap_below_what_was_asked_leaves_nothing_and_never_less(
    world: World, database: Database, cap: int
) -> None:
    await _cap(world, "clinic", 2)
    await _take(database, world, school="north")
    await _take(database, world, school="north")

    await _cap(world, "clinic", cap)

    standing = await _standing(world, database)
    assert standing.left == 0
    assert standing.reopens_on == (date(2026, 12, 1) if cap else None)
    assert not await _take(database, world, school="south")


async def test_recounting_after_a_merge_sums_the_asks_of_both(
    world: World, database: Database, owner: psycopg.Connection[Any]
) -> None:
    await _cap(world, "clinic", 9)
    await _take(database, world, school="north")
    moved: list[UUID] = [world["clinic"], world["garage"]]
    async with working(database, world["lakeside"]) as unit:
        unit.session.add(
            EmployerAsk(
                tenant_id=world["lakeside"],
                employer_id=world["clinic"],  # was the garage's until a merge moved it here
                month=date(2026, 11, 1),
                kind=AskKind.OUTREACH_BY_STAFF,
                asked_at=clock.now(),
            )
        )
        await unit.session.flush()
        await budgets.recount(unit.session, tenant_id=world["lakeside"], employer_ids=moved)

    assert owner.execute("SELECT employer_id, asks FROM employer_months").fetchall() == [(world["clinic"], 2)]
