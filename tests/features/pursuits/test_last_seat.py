"""The last seat: many at once, over real connections, and exactly as many winners as there are seats."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.features.waiting_entries.jobs import sweep as sweep_lines
from app.main import create_app
from app.models import Person, Pursuit
from app.settings import Settings
from tests.standing_in_line import RACING
from tests.world import World

MANY = 40


@pytest.fixture
async def crowd(world: World, settings: Settings, database_url: str) -> AsyncIterator[World]:
    """The town, served with a few connections that everyone races for."""
    roomy = settings.model_copy(update=RACING)
    app = create_app(roomy, database_url)
    async with app.router.lifespan_context(app):
        yield replace(world, app=app)


async def line_up(world: World, opportunity: str, count: int) -> list[UUID]:
    """Let students of North stand in line, a minute apart, with an age that nobody asks for."""
    ids = [new_id() for _ in range(count)]
    start = clock.now() - timedelta(days=1)
    async with working(world.database, world["lakeside"]) as unit:
        session = unit.session
        for number, pursuit_id in enumerate(ids):
            person_id = new_id()
            session.add(
                Person(
                    tenant_id=world["lakeside"], id=person_id, given_name=f"S{number}", family_name="Waiting"
                )
            )
            await session.flush()
            session.add(
                Pursuit(
                    tenant_id=world["lakeside"],
                    id=pursuit_id,
                    student_id=person_id,
                    opportunity_id=world[opportunity],
                    school_id=world["north"],
                    requested_at=start + timedelta(minutes=number),
                )
            )
    return ids


def set_seats(owner: psycopg.Connection[Any], opportunity_id: UUID, seats: int) -> None:
    """Give an opportunity this many seats."""
    owner.execute("UPDATE opportunities SET seats = %s WHERE id = %s", [seats, opportunity_id])


def seats_taken(owner: psycopg.Connection[Any], opportunity_id: UUID) -> int:
    """Count the seats that are taken."""
    row = owner.execute("SELECT seats_taken FROM opportunities WHERE id = %s", [opportunity_id]).fetchone()
    assert row is not None
    return int(row[0])


def statuses(owner: psycopg.Connection[Any], ids: list[UUID]) -> Counter[str]:
    """Count the pursuits in each status."""
    rows = owner.execute("SELECT status FROM pursuits WHERE id = ANY(%s)", [ids]).fetchall()
    return Counter(row[0] for row in rows)


async def approve_all(world: World, ids: list[UUID]) -> list[httpx.Response]:
    """Approve all of them in the same moment."""
    clara = world.as_("clara")
    return await asyncio.gather(*(clara.post(f"/v1/pursuits/{i}/approve", version=1, json={}) for i in ids))


@pytest.mark.parametrize("free", [1, 2])
async def test_forty_approvals_at_once_fill_the_free_seats_and_no_more(
    crowd: World, owner: psycopg.Connection[Any], free: int
) -> None:
    # One seat of the school garden is taken by Leo's placement.
    set_seats(owner, crowd["school_only"], 1 + free)
    ids = await line_up(crowd, "school_only", MANY)

    answers = await approve_all(crowd, ids)

    refused = [answer.json() for answer in answers if answer.status_code == 409]
    assert Counter(answer.status_code for answer in answers) == {200: free, 409: MANY - free}
    assert all(problem["code"] == "full" for problem in refused)
    assert all(
        problem["detail"].startswith("no seat is free; this student is number ") for problem in refused
    )
    assert seats_taken(owner, crowd["school_only"]) == 1 + free
    assert statuses(owner, ids) == {"approved": free, "requested": MANY - free}


async def test_a_refusal_names_the_place_in_line(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    set_seats(owner, world["school_only"], 1)
    ids = await line_up(world, "school_only", 3)
    # They asked in the very moment the last seat went: the next sweep finds them.
    await sweep_lines(workshop, world["lakeside"], clock.now())

    answer = await world.as_("clara").post(f"/v1/pursuits/{ids[2]}/approve", version=1, json={})
    shown = await world.as_("clara").get(f"/v1/pursuits/{ids[1]}")

    assert answer.status_code == 409
    assert answer.json()["detail"] == (
        "no seat is free; this student is number 3 in line, and a returned seat goes to the first in line"
    )
    assert shown.json()["place_in_line"] == 2


async def test_a_returned_seat_goes_to_the_next_in_line(world: World, owner: psycopg.Connection[Any]) -> None:
    set_seats(owner, world["school_only"], 2)
    first, second, third = await line_up(world, "school_only", 3)
    clara = world.as_("clara")
    await clara.post(f"/v1/pursuits/{first}/approve", version=1, json={})

    await clara.post(f"/v1/pursuits/{first}/release", version=2, json={"reason": "The site asked for it."})

    held = (await clara.get(f"/v1/pursuits/{second}")).json()
    waiting = (await clara.get(f"/v1/pursuits/{third}")).json()
    assert held["seat_held_until"] is not None
    assert held["place_in_line"] is None
    assert waiting["place_in_line"] == 1
    assert seats_taken(owner, world["school_only"]) == 2
    told = owner.execute(
        "SELECT actor_kind, person_id::text FROM events WHERE subject_id = %s AND action = 'waiting_entry.offer'",
        [held["waiting_entry_id"]],
    ).fetchall()
    assert told == [("system", held["student"]["id"])]

    overtaking = await clara.post(f"/v1/pursuits/{third}/approve", version=1, json={})
    approved = await clara.post(f"/v1/pursuits/{second}/approve", version=held["version"], json={})

    assert overtaking.status_code == 409
    assert approved.status_code == 200, approved.text
    assert approved.json()["seat_held_until"] is None
    assert seats_taken(owner, world["school_only"]) == 2


async def test_a_held_seat_passes_on_when_its_student_is_declined(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    set_seats(owner, world["school_only"], 2)
    first, second, third = await line_up(world, "school_only", 3)
    clara = world.as_("clara")
    await clara.post(f"/v1/pursuits/{first}/approve", version=1, json={})
    await clara.post(f"/v1/pursuits/{first}/not_select", version=2, json={})

    await clara.post(
        f"/v1/pursuits/{second}/decline", version=1, json={"reason": "The bus does not go there."}
    )
    after_second = (await clara.get(f"/v1/pursuits/{third}")).json()
    await clara.post(
        f"/v1/pursuits/{third}/decline", version=1, json={"reason": "The bus does not go there."}
    )

    assert after_second["seat_held_until"] is not None
    assert seats_taken(owner, world["school_only"]) == 1


async def test_declining_someone_without_a_seat_moves_none(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    ids = await line_up(world, "school_only", 2)

    await world.as_("clara").post(f"/v1/pursuits/{ids[0]}/decline", version=1, json={"reason": "Not yet."})

    assert seats_taken(owner, world["school_only"]) == 1
    assert (await world.as_("clara").get(f"/v1/pursuits/{ids[1]}")).json()["seat_held_until"] is None


async def test_a_seat_of_a_paused_opportunity_is_held_for_nobody(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    set_seats(owner, world["school_only"], 2)
    first, second = await line_up(world, "school_only", 2)
    clara = world.as_("clara")
    await clara.post(f"/v1/pursuits/{first}/approve", version=1, json={})
    owner.execute("UPDATE opportunities SET status = 'paused' WHERE id = %s", [world["school_only"]])

    await clara.post(f"/v1/pursuits/{first}/release", version=2, json={"reason": "The site rests."})

    assert seats_taken(owner, world["school_only"]) == 1
    assert (await clara.get(f"/v1/pursuits/{second}")).json()["seat_held_until"] is None


async def test_seats_are_kept_while_some_leave_and_others_arrive(
    crowd: World, owner: psycopg.Connection[Any]
) -> None:
    """Ten hold a seat and are released while ten wait and are approved: nobody deadlocks, no seat is lost."""
    set_seats(owner, crowd["school_only"], 11)
    ids = await line_up(crowd, "school_only", 20)
    clara = crowd.as_("clara")
    await approve_all(crowd, ids[:10])

    answers = await asyncio.gather(
        *(clara.post(f"/v1/pursuits/{i}/release", version=2, json={"reason": "Moved on."}) for i in ids[:10]),
        *(clara.post(f"/v1/pursuits/{i}/approve", version=1, json={}) for i in ids[10:]),
    )

    # A waiting one was approved, or found every seat taken or offered to somebody else.
    assert [answer.status_code for answer in answers[:10]] == [200] * 10
    assert {answer.status_code for answer in answers[10:]} <= {200, 409}
    rows = owner.execute(
        """SELECT p.status, EXISTS (SELECT FROM waiting_entries e WHERE e.opportunity_id = p.opportunity_id
             AND e.student_id = p.student_id AND e.status = 'offered') FROM pursuits p WHERE p.id = ANY(%s)""",
        [ids[10:]],
    ).fetchall()
    occupied = sum(status == "approved" or held for status, held in rows)
    assert seats_taken(owner, crowd["school_only"]) == 1 + occupied


async def test_one_key_sent_twenty_times_at_once_has_one_effect(
    crowd: World, owner: psycopg.Connection[Any]
) -> None:
    maya = crowd.as_("maya")
    body = {"opportunity_id": str(crowd["internship"])}

    answers = await asyncio.gather(
        *(maya.post("/v1/pursuits", json=body, headers={"Idempotency-Key": "the-one"}) for _ in range(20))
    )

    done = [answer for answer in answers if answer.is_success]
    waiting = [answer for answer in answers if not answer.is_success]
    assert done
    assert {answer.status_code for answer in done} == {201}
    assert len({answer.content for answer in done}) == 1
    assert all(
        answer.status_code == 409 and answer.headers["Retry-After"] and "send the same request" in answer.text
        for answer in waiting
    )
    made = owner.execute(
        "SELECT count(*) FROM pursuits WHERE student_id = %s AND opportunity_id = %s",
        [crowd["maya"], crowd["internship"]],
    ).fetchone()
    assert made == (1,)


async def test_twenty_requests_at_once_for_one_opportunity_make_one_pursuit(crowd: World) -> None:
    maya = crowd.as_("maya")
    body = {"opportunity_id": str(crowd["internship"])}

    answers = await asyncio.gather(*(maya.post("/v1/pursuits", json=body) for _ in range(20)))

    assert Counter(answer.status_code for answer in answers) == {201: 1, 409: 19}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"pursued_already"}
