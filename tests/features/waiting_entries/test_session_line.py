"""The line for a session: one line, the same rules, and one tap to be enrolled."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.jobs import Workshop
from tests.standing_in_line import Owner, act, enrol, enter, join, place, set_date, strike
from tests.world import World


@pytest.fixture
async def full(world: World) -> dict[str, Any]:
    """A session with one seat, which Leo has; Maya and s00 stand in line for it."""
    await enrol(world, 1)
    await set_date(world, "shadow_day", seats=1)
    seated = await enter(world, "leo", world["shadow_day"])
    assert seated.status_code == 201, seated.text
    for name in ("maya", "s00"):
        answer = await join(world, name, world["shadow_day"])
        assert answer.status_code == 201, answer.text
    enrollment: dict[str, Any] = seated.json()
    return enrollment


async def withdraw(world: World, name: str, enrollment: dict[str, Any]) -> None:
    answer = await world.as_(name).post(
        f"/v1/session_enrollments/{enrollment['id']}/withdraw", version=enrollment["version"], json={}
    )
    assert answer.status_code == 200, answer.text


def taken(owner: Owner, session_id: UUID) -> int:
    row = owner.execute("SELECT seats_taken FROM opportunity_sessions WHERE id = %s", [session_id]).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.usefixtures("full")
async def test_a_full_session_offers_the_line_and_a_place_in_it(world: World) -> None:
    refused = await enter(world, "maya", world["shadow_day"])
    entry = await place(world, "maya")

    assert (refused.status_code, refused.json()["code"]) == (409, "full")
    assert "waiting_entries" in refused.json()["detail"]
    assert entry["place_in_line"] == 1
    assert entry["session"]["id"] == str(world["shadow_day"])
    assert entry["opportunity"]["id"] == str(world["internship"])
    assert (await place(world, "s00"))["place_in_line"] == 2


async def test_accepting_enrols_at_once(full: dict[str, Any], world: World, owner: Owner) -> None:
    await withdraw(world, "leo", full)
    offered = await place(world, "maya")

    answer = await act(world, "maya", offered, "accept")

    assert offered["status"] == "offered"
    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "seated"
    mine = (await world.as_("maya").get("/v1/session_enrollments")).json()["items"]
    assert [(item["status"], item["session"]["id"]) for item in mine] == [
        ("enrolled", str(world["shadow_day"]))
    ]
    assert taken(owner, world["shadow_day"]) == 1


async def test_accepting_twice_with_one_key_enrols_once(
    full: dict[str, Any], world: World, owner: Owner
) -> None:
    await withdraw(world, "leo", full)
    entry = await place(world, "maya")
    path, headers = f"/v1/waiting_entries/{entry['id']}/accept", {"Idempotency-Key": "once"}

    first = await world.as_("maya").post(path, version=entry["version"], headers=headers)
    again = await world.as_("maya").post(path, version=entry["version"], headers=headers)

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert taken(owner, world["shadow_day"]) == 1


async def test_an_offer_for_a_session_never_lasts_past_its_start(
    full: dict[str, Any], world: World, owner: Owner
) -> None:
    owner.execute(
        "UPDATE opportunity_sessions SET starts_at = now() + interval '3 hours', ends_at = now() + interval '4 hours'"
        " WHERE id = %s",
        [world["shadow_day"]],
    )

    await withdraw(world, "leo", full)

    entry = await place(world, "maya")
    assert entry["offer_until"] == entry["session"]["starts_at"]


async def test_a_lapsed_offer_for_a_session_goes_to_the_next(
    full: dict[str, Any], world: World, workshop: Workshop, owner: Owner
) -> None:
    await withdraw(world, "leo", full)

    with clock.shifted(timedelta(hours=25)):
        await strike(workshop, world)

    assert (await place(world, "maya"))["status"] == "lapsed"
    assert (await place(world, "s00"))["status"] == "offered"
    assert taken(owner, world["shadow_day"]) == 1


async def test_enrolling_while_a_seat_is_offered_takes_that_seat(
    full: dict[str, Any], world: World, owner: Owner
) -> None:
    await withdraw(world, "leo", full)

    answer = await enter(world, "maya", world["shadow_day"])

    assert answer.status_code == 201, answer.text
    assert (await place(world, "maya"))["status"] == "seated"
    assert taken(owner, world["shadow_day"]) == 1


@pytest.mark.usefixtures("full")
async def test_the_line_of_a_session_that_begins_is_closed(world: World, workshop: Workshop) -> None:
    with clock.shifted(timedelta(days=7, minutes=1)):
        await strike(workshop, world)

    assert (await place(world, "maya"))["status"] == "closed"
    assert (await place(world, "s00"))["status"] == "closed"


async def test_a_line_is_for_sessions_that_are_full_and_open(world: World, owner: Owner) -> None:
    await set_date(world, "free_day", seats=2)
    await set_date(world, "far_day", seats=1, opportunity="draft")
    free = await join(world, "maya", world["free_day"])
    await enter(world, "maya", world["free_day"])

    enrolled = await join(world, "maya", world["free_day"])
    unseen = await join(world, "maya", world["far_day"])
    unknown = await join(world, "maya", world["maya"])
    owner.execute("UPDATE opportunity_sessions SET status = 'cancelled' WHERE id = %s", [world["free_day"]])
    cancelled = await join(world, "leo", world["free_day"])

    assert (free.status_code, free.json()["code"]) == (409, "seats_free")
    assert (enrolled.status_code, enrolled.json()["code"]) == (409, "enrolled_already")
    assert (unseen.status_code, unknown.status_code, cancelled.status_code) == (404, 404, 409)
