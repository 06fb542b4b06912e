"""Forty students race for six seats of a session, over real connections."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from app.core.jobs import working
from app.domain.policy import Role
from app.main import create_app
from app.settings import Settings
from tests.sessioning import make_session
from tests.standing_in_line import RACING
from tests.world import World, settle

MANY, SEATS = 40, 6


@pytest.fixture
async def crowd(world: World, settings: Settings, database_url: str) -> AsyncIterator[World]:
    """The town with forty more students, served with a few connections that everyone races for."""
    async with working(world.database, world["lakeside"]) as unit:
        for number in range(MANY):
            await settle(
                world,
                unit.session,
                world["lakeside"],
                f"racer{number}",
                Role.STUDENT,
                school_id=world["north"],
            )
    roomy = settings.model_copy(update=RACING)
    app = create_app(roomy, database_url)
    async with app.router.lifespan_context(app):
        yield replace(world, app=app)


async def test_forty_race_for_six_seats_exactly_six_sit_and_the_line_is_in_order_of_arrival(
    crowd: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(crowd, seats=SEATS)
    names = [f"racer{number}" for number in range(MANY)]

    async def race(name: str) -> int:
        taken = await crowd.as_(name).post("/v1/session_enrollments", json={"session_id": made["id"]})
        if taken.status_code == 201:
            return 201
        assert taken.json()["code"] == "full", taken.text
        waits = await crowd.as_(name).post("/v1/waiting_entries", json={"session_id": made["id"]})
        assert waits.status_code == 201, waits.text
        return 409

    outcomes = Counter(await asyncio.gather(*(race(name) for name in names)))

    assert outcomes == {201: SEATS, 409: MANY - SEATS}
    assert owner.execute(
        "SELECT seats_taken, (SELECT count(*) FROM session_enrollments WHERE status = 'enrolled')"
        " FROM opportunity_sessions"
    ).fetchone() == (SEATS, SEATS)
    line = [
        row[0]
        for row in owner.execute(
            "SELECT student_id FROM waiting_entries WHERE status = 'waiting' ORDER BY joined_at, id"
        ).fetchall()
    ]
    assert len(line) == MANY - SEATS
    arrived = [
        row[0]
        for row in owner.execute(
            "SELECT person_id FROM events WHERE action = 'waiting_entry.create' ORDER BY created_at, id"
        ).fetchall()
    ]
    assert line == arrived


async def test_seats_that_come_back_go_to_the_first_in_line_one_by_one(
    crowd: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(crowd, seats=SEATS)
    seated = []
    for number in range(SEATS):
        answer = await crowd.as_(f"racer{number}").post(
            "/v1/session_enrollments", json={"session_id": made["id"]}
        )
        seated.append(answer.json()["id"])
    for number in range(SEATS, 2 * SEATS):
        await crowd.as_(f"racer{number}").post("/v1/waiting_entries", json={"session_id": made["id"]})

    answers = await asyncio.gather(
        *(
            crowd.as_(f"racer{number}").post(f"/v1/session_enrollments/{place}/withdraw", json={}, version=1)
            for number, place in enumerate(seated[:4])
        )
    )

    assert {answer.status_code for answer in answers} == {200}
    offered = {
        row[0]
        for row in owner.execute("SELECT student_id FROM waiting_entries WHERE status = 'offered'").fetchall()
    }
    assert offered == {crowd[f"racer{number}"] for number in range(SEATS, SEATS + 4)}
    assert owner.execute("SELECT seats_taken FROM opportunity_sessions").fetchone() == (SEATS,)
