"""Whose turn it is where some seats are kept for others: who waited longest of those who may have the seat."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.features.waiting_entries import queries
from app.models import Opportunity, OpportunitySession
from tests.standing_in_line import Owner, ask, enrol, enter, join, set_date, set_seats, strike
from tests.world import World

LINE = ("t00", "s00", "s01", "t01", "s02", "t02")


@pytest.fixture
async def group(world: World, owner: Owner) -> UUID:
    """Three students of each school, and a group of the third of North."""
    owner.execute("DELETE FROM pursuits WHERE id = %s", [world["leo_pursuit"]])
    await enrol(world, 3)
    await enrol(world, 3, "south", prefix="t")
    answer = await world.as_("clara").post(
        "/v1/student_groups",
        json={"school_id": str(world["north"]), "name": "Club", "student_ids": [str(world["s02"])]},
    )
    return UUID(answer.json()["id"])


async def _line(world: World, owner: Owner, kind: str) -> dict[str, Any]:
    """Let them stand in line for what is full, in the order of LINE; return the column and the id of what that is."""
    if kind == "opportunity_id":
        set_seats(owner, world["internship"], 1)
        owner.execute("UPDATE opportunities SET seats_taken = 1 WHERE id = %s", [world["internship"]])
        for name in LINE:
            await ask(world, name)
        return {"opportunity_id": str(world["internship"])}
    session_id = await set_date(world, "tour", seats=1)
    await enter(world, "leo", session_id)
    for name in LINE:
        assert (await join(world, name, session_id)).status_code == 201
    return {"session_id": str(session_id)}


def _keep(owner: Owner, world: World, of_it: dict[str, str], **for_whom: UUID) -> None:
    """Keep one seat for whoever is named."""
    ((column, target_id),) = of_it.items()
    ((audience, its_id),) = for_whom.items()
    owner.execute(
        f"INSERT INTO seat_reserves (tenant_id, id, {column}, {audience}, seats, seats_taken, released_on, created_at)"
        " VALUES (%s, %s, %s, %s, 1, 0, current_date + 5, now())",
        [world["lakeside"], new_id(), target_id, its_id],
    )


def _add_seats(owner: Owner, of_it: dict[str, str], count: int) -> None:
    ((column, target_id),) = of_it.items()
    table = "opportunities" if column == "opportunity_id" else "opportunity_sessions"
    owner.execute(f"UPDATE {table} SET seats = seats + %s WHERE id = %s", [count, target_id])


def _offered(world: World, owner: Owner) -> list[str]:
    rows = owner.execute("SELECT student_id FROM waiting_entries WHERE status = 'offered'").fetchall()
    return [name for name in LINE if (world[name],) in rows]


@pytest.mark.parametrize("kind", ["opportunity_id", "session_id"])
async def test_a_free_seat_goes_to_who_waited_longest_of_those_who_may_have_it(
    world: World, workshop: Workshop, owner: Owner, group: UUID, kind: str
) -> None:
    of_it = await _line(world, owner, kind)
    _keep(owner, world, of_it, school_id=world["south"])
    _keep(owner, world, of_it, group_id=group)
    turns = []

    # One for South, one for the group and one for anybody; then one more for anybody at a time.
    for more in (3, 1, 1, 1):
        _add_seats(owner, of_it, more)
        await strike(workshop, world)
        turns.append(_offered(world, owner))
    still = await strike(workshop, world)

    # The kept seats go to the first of those they are kept for, and the open ones to the first of all who are left.
    assert turns == [["t00", "s00", "s02"], ["t00", "s00", "s01", "s02"], [*LINE[:5]], [*LINE]]
    assert still == 0
    assert owner.execute("SELECT seats, seats_taken FROM seat_reserves").fetchall() == [(1, 1), (1, 1)]


@pytest.mark.parametrize("kind", ["opportunity_id", "session_id"])
async def test_a_kept_seat_waits_for_nobody_who_may_not_have_it(
    world: World, workshop: Workshop, owner: Owner, group: UUID, kind: str
) -> None:
    of_it = await _line(world, owner, kind)
    _keep(owner, world, of_it, group_id=group)
    _add_seats(owner, of_it, 1)

    await strike(workshop, world)
    first = _offered(world, owner)
    with clock.shifted(timedelta(hours=25)):
        await strike(workshop, world)
        after = _offered(world, owner)
    with clock.shifted(timedelta(days=6)):
        await strike(workshop, world)
        released = _offered(world, owner)

    assert (first, after) == (["s02"], []), "of all who wait it is kept for s02 alone, who let it go by"
    assert released == ["t00"], "released, it is the first's"


@pytest.mark.parametrize("kind", ["opportunity_id", "session_id"])
async def test_a_line_that_cannot_move_crowds_out_none_that_can(
    world: World, workshop: Workshop, owner: Owner, group: UUID, kind: str
) -> None:
    of_it = await _line(world, owner, kind)
    _keep(owner, world, of_it, group_id=group)
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", [world["s02"]])
    _add_seats(owner, of_it, 1)
    model = Opportunity if kind == "opportunity_id" else OpportunitySession

    async def behind() -> list[UUID]:
        async with working(world.database, world["lakeside"]) as unit:
            return await queries.lines_behind(unit.session, world["lakeside"], model, clock.now(), 10)

    stuck = await behind()
    _add_seats(owner, of_it, 1)
    moves = await behind()
    await strike(workshop, world)

    assert (stuck, moves) == ([], [UUID(next(iter(of_it.values())))])
    assert _offered(world, owner) == ["t00"]
    assert await behind() == []
