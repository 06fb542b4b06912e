"""Forty students for six seats, over real connections: exactly six, and the line in the order of arrival."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.main import create_app
from app.settings import Settings
from tests.standing_in_line import (
    RACING,
    Owner,
    act,
    approve,
    ask,
    enrol,
    enter,
    fill,
    join,
    place,
    release,
    seats_taken,
    set_date,
    set_seats,
    strike,
)
from tests.world import World

MANY, SEATS = 40, 6


@pytest.fixture
async def crowd(world: World, settings: Settings, database_url: str) -> AsyncIterator[World]:
    """The town, served with a few connections that everyone races for."""
    roomy = settings.model_copy(update=RACING)
    app = create_app(roomy, database_url)
    async with app.router.lifespan_context(app):
        yield replace(world, app=app)


def lines(owner: Owner, column: str, target_id: UUID) -> list[tuple[Any, ...]]:
    """Return (student, status) of everybody who ever stood in a line, in its order."""
    return owner.execute(
        f"SELECT student_id, status FROM waiting_entries WHERE {column} = %s ORDER BY joined_at, id",
        [target_id],
    ).fetchall()


async def test_forty_ask_and_forty_are_approved_at_once_for_six_seats(crowd: World, owner: Owner) -> None:
    owner.execute("DELETE FROM pursuits WHERE id = %s", [crowd["leo_pursuit"]])
    set_seats(owner, crowd["internship"], SEATS)
    names = await enrol(crowd, MANY)
    asked = await asyncio.gather(*(ask(crowd, name) for name in names))

    answers = await asyncio.gather(*(approve(crowd, pursuit) for pursuit in asked))

    assert Counter(answer.status_code for answer in answers) == {200: SEATS, 409: MANY - SEATS}
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"full"}
    assert seats_taken(owner, crowd["internship"]) == SEATS
    arrival = owner.execute(
        "SELECT student_id FROM pursuits WHERE opportunity_id = %s AND status = 'requested'"
        " ORDER BY requested_at, id",
        [crowd["internship"]],
    ).fetchall()
    in_line = lines(owner, "opportunity_id", crowd["internship"])
    assert [student for student, _ in in_line] == [student for (student,) in arrival]
    assert {status for _, status in in_line} == {"waiting"}
    listed = (
        await crowd.as_("clara").get(
            "/v1/waiting_entries",
            params={"opportunity_id": str(crowd["internship"]), "sort": "joined_at", "limit": 100},
        )
    ).json()["items"]
    assert [entry["place_in_line"] for entry in listed] == list(range(1, MANY - SEATS + 1))


async def test_forty_race_for_six_seats_of_a_session(crowd: World, owner: Owner) -> None:
    names = await enrol(crowd, MANY)
    session_id = await set_date(crowd, "shadow_day", seats=SEATS)

    async def try_both(name: str) -> int:
        answer = await enter(crowd, name, session_id)
        if answer.status_code == 409:
            answer = await join(crowd, name, session_id)
            assert answer.status_code == 201, answer.text
            return 409
        return answer.status_code

    answers = await asyncio.gather(*(try_both(name) for name in names))

    assert Counter(answers) == {201: SEATS, 409: MANY - SEATS}
    row = owner.execute("SELECT seats_taken FROM opportunity_sessions WHERE id = %s", [session_id]).fetchone()
    assert row == (SEATS,)
    enrolled = owner.execute(
        "SELECT count(*) FROM session_enrollments WHERE session_id = %s AND status = 'enrolled'", [session_id]
    ).fetchone()
    assert enrolled == (SEATS,)
    in_line = lines(owner, "session_id", session_id)
    assert len(in_line) == MANY - SEATS
    arrival = owner.execute(
        "SELECT e.student_id FROM waiting_entries e JOIN events v ON v.subject_id = e.id AND v.subject_seq = 1"
        " WHERE e.session_id = %s ORDER BY v.created_at",
        [session_id],
    ).fetchall()
    assert [student for student, _ in in_line] == [student for (student,) in arrival]


async def test_six_seats_that_come_back_at_once_are_offered_to_the_first_six(
    crowd: World, owner: Owner
) -> None:
    owner.execute("DELETE FROM pursuits WHERE id = %s", [crowd["leo_pursuit"]])
    names = await enrol(crowd, SEATS + 12)
    seated = await fill(crowd, owner, names[:SEATS])
    for name in names[SEATS:]:
        await ask(crowd, name)

    await release(crowd, *seated)

    in_line = lines(owner, "opportunity_id", crowd["internship"])
    waiting = [status for student, status in in_line if student in {crowd[name] for name in names[SEATS:]}]
    assert waiting == ["offered"] * SEATS + ["waiting"] * (12 - SEATS)
    assert seats_taken(owner, crowd["internship"]) == SEATS


async def test_accepting_leaving_and_lapsing_at_once_lose_no_seat_and_give_none_twice(
    crowd: World, owner: Owner, workshop: Workshop
) -> None:
    owner.execute("DELETE FROM pursuits WHERE id = %s", [crowd["leo_pursuit"]])
    names = await enrol(crowd, 24)
    seated = await fill(crowd, owner, names[:SEATS])
    for name in names[SEATS:]:
        await ask(crowd, name)
    await release(crowd, *seated)
    offered = [(name, await place(crowd, name)) for name in names[SEATS : 2 * SEATS]]
    owner.execute(
        "UPDATE waiting_entries SET offer_until = now() - interval '1 second' WHERE id = ANY(%s)",
        [[UUID(entry["id"]) for _, entry in offered[4:]]],
    )

    answers, _, _ = await asyncio.gather(
        asyncio.gather(
            *(act(crowd, name, entry, "accept") for name, entry in offered[:3]),
            *(act(crowd, name, entry, "leave") for name, entry in offered[2:4]),
            *(act(crowd, name, entry, "accept") for name, entry in offered[4:]),
        ),
        strike(workshop, crowd),
        strike(workshop, crowd),
    )

    assert [answer.status_code for answer in answers[:2]] == [200, 200]
    assert {answers[2].status_code, answers[3].status_code} <= {200, 409, 412}
    assert {answer.status_code for answer in answers[5:7]} <= {409, 412}
    kept = [status for _, status in lines(owner, "opportunity_id", crowd["internship"])]
    assert kept.count("offered") + kept.count("accepted") == SEATS
    assert seats_taken(owner, crowd["internship"]) == SEATS
    # Nobody waits in front of somebody who was offered a seat.
    assert "offered" not in kept[kept.index("waiting") :]


async def test_many_join_and_leave_while_seats_go_round(
    crowd: World, owner: Owner, workshop: Workshop
) -> None:
    names = await enrol(crowd, 20)
    session_id = await set_date(crowd, "shadow_day", seats=4)
    seated = [(await enter(crowd, name, session_id)).json() for name in names[:4]]

    answers = await asyncio.gather(
        *(
            crowd.as_(name).post(
                f"/v1/session_enrollments/{enrollment['id']}/withdraw", version=enrollment["version"], json={}
            )
            for name, enrollment in zip(names[:4], seated, strict=True)
        ),
        *(join(crowd, name, session_id) for name in names[4:12]),
        *(enter(crowd, name, session_id) for name in names[12:]),
    )
    with clock.shifted(timedelta(minutes=2)):
        await strike(workshop, crowd)

    assert {answer.status_code for answer in answers[:4]} == {200}
    assert {answer.status_code for answer in answers[4:]} <= {201, 409}
    row = owner.execute("SELECT seats_taken FROM opportunity_sessions WHERE id = %s", [session_id]).fetchone()
    enrolled = owner.execute(
        "SELECT count(*) FROM session_enrollments WHERE session_id = %s AND status = 'enrolled'", [session_id]
    ).fetchone()
    kept = [status for _, status in lines(owner, "session_id", session_id)]
    assert row is not None
    assert enrolled is not None
    assert row[0] == enrolled[0] + kept.count("offered") + kept.count("accepted")
    assert row[0] <= 4
    assert row[0] == 4 or "waiting" not in kept
