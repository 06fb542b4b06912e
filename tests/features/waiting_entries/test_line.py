"""The line for an opportunity: arrival, offers, the accept window, leaving and coming back."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.mails.jobs import send_mail
from app.features.notices.jobs import deliver
from app.features.waiting_entries.jobs import sweep as sweep_lines
from tests.standing_in_line import (
    Owner,
    act,
    approve,
    ask,
    enrol,
    fill,
    place,
    release,
    seats_taken,
    set_seats,
    strike,
)
from tests.world import World


@pytest.fixture
async def line(world: World, owner: Owner) -> list[dict[str, Any]]:
    """One seat of the internship, taken by a student; Maya, s01 and s02 stand in line for it, in this order."""
    owner.execute("DELETE FROM pursuits WHERE id = %s", [world["leo_pursuit"]])
    await enrol(world, 3)
    seated = await fill(world, owner, ["s00"])
    return [*seated, *[await ask(world, name) for name in ("maya", "s01", "s02")]]


async def test_a_full_opportunity_offers_the_line(line: list[dict[str, Any]], world: World) -> None:
    _, first, second, third = line

    entry = await place(world, "s01")

    assert [asked["place_in_line"] for asked in (first, second, third)] == [1, 2, 3]
    assert (entry["status"], entry["place_in_line"]) == ("waiting", 2)
    assert entry["opportunity"]["id"] == str(world["internship"])
    assert entry["session"] is None
    assert entry["allowed_actions"] == ["leave"]
    assert second["waiting_entry_id"] == entry["id"]


async def test_a_returned_seat_is_offered_to_the_first_for_the_tenants_hours(
    line: list[dict[str, Any]], world: World
) -> None:
    await world.as_("ellis").patch("/v1/settings", version=0, json={"waitlist_hours": 36})
    before = clock.now()

    await release(world, line[0])

    entry = await place(world, "maya")
    until = clock.now().fromisoformat(entry["offer_until"])
    assert entry["status"] == "offered"
    assert entry["place_in_line"] is None
    assert entry["allowed_actions"] == ["accept", "decline", "leave"]
    assert timedelta(hours=36) <= until - before <= timedelta(hours=36, minutes=1)
    assert (await place(world, "s01"))["place_in_line"] == 1


async def test_an_accepted_seat_waits_for_the_coordinator_however_long(
    line: list[dict[str, Any]], world: World, workshop: Workshop, owner: Owner
) -> None:
    await release(world, line[0])

    answer = await act(world, "maya", await place(world, "maya"), "accept")

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "accepted"
    with clock.shifted(timedelta(days=3)):
        await strike(workshop, world)
    assert (await place(world, "maya"))["status"] == "accepted"
    approved = await approve(world, line[1])
    assert approved.status_code == 200, approved.text
    assert (await place(world, "maya"))["status"] == "seated"
    assert seats_taken(owner, world["internship"]) == 1


async def test_an_offer_that_lapses_tells_the_next_and_loses_the_place(
    line: list[dict[str, Any]], world: World, workshop: Workshop, owner: Owner
) -> None:
    await release(world, line[0])

    with clock.shifted(timedelta(hours=24, minutes=1)):
        changed = await strike(workshop, world)

    lapsed, following = await place(world, "maya"), await place(world, "s01")
    assert changed == 1
    assert (lapsed["status"], lapsed["allowed_actions"]) == ("lapsed", [])
    assert following["status"] == "offered"
    assert seats_taken(owner, world["internship"]) == 1


async def test_nothing_lapses_before_its_time(
    line: list[dict[str, Any]], world: World, workshop: Workshop
) -> None:
    await release(world, line[0])

    with clock.shifted(timedelta(hours=23, minutes=59)):
        changed = await strike(workshop, world)

    assert changed == 0
    assert (await place(world, "maya"))["status"] == "offered"


async def test_in_the_very_moment_it_ends_an_offer_has_lapsed_and_not_a_moment_before(
    line: list[dict[str, Any]], world: World, workshop: Workshop
) -> None:
    await release(world, line[0])
    until = datetime.fromisoformat((await place(world, "maya"))["offer_until"])

    early = await sweep_lines(workshop, world["lakeside"], until - timedelta(microseconds=1))
    in_time = await sweep_lines(workshop, world["lakeside"], until)

    assert (early, in_time) == (0, 1)
    assert [(await place(world, name))["status"] for name in ("maya", "s01")] == ["lapsed", "offered"]


async def test_a_seat_accepted_too_late_is_refused_even_before_the_clock_notes_it(
    line: list[dict[str, Any]], world: World, owner: Owner
) -> None:
    await release(world, line[0])
    owner.execute(
        "UPDATE waiting_entries SET offer_until = now() - interval '1 minute' WHERE status = 'offered'"
    )

    answer = await act(world, "maya", await place(world, "maya"), "accept")

    assert answer.status_code == 409
    assert answer.json()["code"] == "offer_over"


async def test_who_lapsed_comes_back_at_the_end(
    line: list[dict[str, Any]], world: World, workshop: Workshop
) -> None:
    await release(world, line[0])
    with clock.shifted(timedelta(hours=25)):
        await strike(workshop, world)

    answer = await world.as_("maya").post(
        "/v1/waiting_entries", json={"opportunity_id": str(world["internship"])}
    )

    assert answer.status_code == 201, answer.text
    assert answer.json()["place_in_line"] == 2  # s01 was offered the seat, s02 is the first in line now
    assert (await place(world, "s02"))["place_in_line"] == 1


@pytest.mark.usefixtures("line")
async def test_leaving_and_coming_back_loses_the_place(world: World) -> None:
    left = await act(world, "maya", await place(world, "maya"), "leave")

    back = await world.as_("maya").post(
        "/v1/waiting_entries", json={"opportunity_id": str(world["internship"])}
    )

    assert left.json()["status"] == "left"
    assert back.json()["place_in_line"] == 3
    assert back.json()["id"] != left.json()["id"]
    assert (await place(world, "s01"))["place_in_line"] == 1


async def test_withdrawing_and_asking_again_loses_the_place(line: list[dict[str, Any]], world: World) -> None:
    maya = world.as_("maya")

    await maya.post(f"/v1/pursuits/{line[1]['id']}/withdraw", version=line[1]["version"], json={})
    again = await ask(world, "maya")

    assert again["place_in_line"] == 3
    record = (await maya.get("/v1/waiting_entries")).json()["items"]
    assert [entry["status"] for entry in record] == ["waiting", "left"]


async def test_a_declined_offer_goes_to_the_next_at_once(line: list[dict[str, Any]], world: World) -> None:
    await release(world, line[0])

    answer = await act(world, "maya", await place(world, "maya"), "decline")

    assert answer.json()["status"] == "declined"
    assert (await place(world, "s01"))["status"] == "offered"


async def test_leaving_after_accepting_gives_the_seat_to_the_next(
    line: list[dict[str, Any]], world: World
) -> None:
    await release(world, line[0])
    await act(world, "maya", await place(world, "maya"), "accept")

    await act(world, "maya", await place(world, "maya"), "leave")

    assert (await place(world, "s01"))["status"] == "offered"


async def test_nobody_overtakes_the_line(line: list[dict[str, Any]], world: World) -> None:
    await release(world, line[0])

    overtaking = await approve(world, line[2])
    late = await ask(world, "leo")

    assert overtaking.status_code == 409
    assert overtaking.json()["code"] == "full"
    assert "number 1 in line" in overtaking.json()["detail"]
    assert late["place_in_line"] == 3


@pytest.mark.usefixtures("line")
async def test_more_seats_are_offered_in_order(world: World, workshop: Workshop, owner: Owner) -> None:
    set_seats(owner, world["internship"], 3)

    await strike(workshop, world)

    assert [(await place(world, name))["status"] for name in ("maya", "s01", "s02")] == [
        "offered",
        "offered",
        "waiting",
    ]
    assert seats_taken(owner, world["internship"]) == 3


async def test_a_paused_listing_offers_nothing_until_it_is_open_again(
    line: list[dict[str, Any]], world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute("UPDATE opportunities SET status = 'paused' WHERE id = %s", [world["internship"]])
    await release(world, line[0])
    paused = await place(world, "maya")

    owner.execute("UPDATE opportunities SET status = 'published' WHERE id = %s", [world["internship"]])
    await strike(workshop, world)

    assert paused["status"] == "waiting"
    assert (await place(world, "maya"))["status"] == "offered"


@pytest.mark.usefixtures("line")
async def test_more_seats_are_offered_in_the_same_moment(world: World, owner: Owner) -> None:
    path = f"/v1/opportunities/{world['internship']}"
    clara = world.as_("clara")
    version = (await clara.get(path)).json()["version"]

    answer = await clara.patch(path, version=version, json={"seats": 3})

    assert answer.status_code == 200, answer.text
    assert answer.json()["seats_free"] == 0
    statuses = [(await place(world, name))["status"] for name in ("maya", "s01", "s02")]
    assert statuses == ["offered", "offered", "waiting"]
    assert seats_taken(owner, world["internship"]) == 3


async def test_a_listing_that_opens_again_offers_in_the_same_moment(
    line: list[dict[str, Any]], world: World
) -> None:
    path = f"/v1/opportunities/{world['internship']}"
    clara = world.as_("clara")
    version = (await clara.get(path)).json()["version"]
    paused = await clara.post(
        f"{path}/pause", version=version, json={"reason": "The clinic is being rebuilt."}
    )
    await release(world, line[0])
    meanwhile = await place(world, "maya")

    answer = await clara.post(f"{path}/resume", version=paused.json()["version"], json={})

    assert answer.status_code == 200, answer.text
    assert meanwhile["status"] == "waiting"
    assert (await place(world, "maya"))["status"] == "offered"


async def test_seats_that_came_free_unnoticed_are_still_the_lines(
    line: list[dict[str, Any]], world: World, owner: Owner
) -> None:
    set_seats(owner, world["internship"], 2)

    overtaking = await approve(world, line[2])
    first = await approve(world, line[1])

    assert (overtaking.status_code, overtaking.json()["code"]) == (409, "full")
    assert first.status_code == 200, first.text
    assert seats_taken(owner, world["internship"]) == 2


async def test_the_coordinators_are_reminded_of_a_seat_that_waits_for_them(
    line: list[dict[str, Any]], world: World, workshop: Workshop, owner: Owner
) -> None:
    await release(world, line[0])
    await act(world, "maya", await place(world, "maya"), "accept")
    counts = []
    for days in (1.9, 2.1, 2.2, 4.2):
        with clock.shifted(timedelta(days=days)):
            counts.append(await strike(workshop, world))

    # What she read before the reminders still holds.
    approved = await approve(world, line[1])
    with clock.shifted(timedelta(days=7)):
        counts.append(await strike(workshop, world))

    assert counts == [0, 1, 0, 1, 0]
    assert approved.status_code == 200, approved.text
    told = owner.execute(
        "SELECT actor_kind, reason FROM events WHERE subject_id = %s AND action = 'pursuit.remind_staff'",
        [line[1]["id"]],
    ).fetchall()
    assert told == [("system", "the seat that the student accepted waits for a decision")] * 2
    await deliver(workshop, world["lakeside"], UUID(line[1]["id"]))
    kinds = [item["kind"] for item in (await world.as_("clara").get("/v1/notifications")).json()["items"]]
    assert kinds.count("kept_seat_undecided") == 2


async def test_the_coordinators_are_reminded_each_week_of_a_request_they_could_decide_on(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute("DELETE FROM pursuits WHERE id = %s", [world["leo_pursuit"]])
    await enrol(world, 3)
    await fill(world, owner, ["s00"])
    in_line = await ask(world, "s01")
    set_seats(owner, world["school_only"], 5)
    free = await ask(world, "s02", "school_only")
    counts = []
    for days in (6.9, 7.1, 7.2, 14.0, 14.2):
        with clock.shifted(timedelta(days=days)):
            owner.execute("UPDATE pursuits SET expires_at = NULL, remind_at = NULL WHERE status = 'approved'")
            counts.append(await strike(workshop, world))

    decided = await approve(world, free)
    with clock.shifted(timedelta(days=30)):
        owner.execute("UPDATE pursuits SET expires_at = NULL, remind_at = NULL WHERE status = 'approved'")
        counts.append(await strike(workshop, world))

    assert counts == [0, 1, 0, 0, 1, 0], "who stands in line waits for a seat and not for a decision"
    assert decided.status_code == 200, decided.text
    told = owner.execute(
        "SELECT subject_id::text, actor_kind, reason FROM events WHERE action = 'pursuit.remind_of_request'"
    ).fetchall()
    assert told == [(free["id"], "system", "the request has waited for a decision for a week")] * 2
    assert in_line["place_in_line"] == 1
    await deliver(workshop, world["lakeside"], UUID(free["id"]))
    kinds = [item["kind"] for item in (await world.as_("clara").get("/v1/notifications")).json()["items"]]
    assert kinds.count("request_undecided") == 2


async def test_the_line_of_an_archived_listing_is_closed(
    line: list[dict[str, Any]], world: World, workshop: Workshop, owner: Owner
) -> None:
    await release(world, line[0])
    owner.execute("UPDATE opportunities SET status = 'archived' WHERE id = %s", [world["internship"]])

    await strike(workshop, world)

    assert {(await place(world, name))["status"] for name in ("maya", "s01", "s02")} == {"closed"}
    assert seats_taken(owner, world["internship"]) == 0


async def test_staff_see_the_line_in_its_order_and_who_was_offered_what_and_when(
    line: list[dict[str, Any]], world: World, workshop: Workshop
) -> None:
    await release(world, line[0])
    with clock.shifted(timedelta(hours=25)):
        await strike(workshop, world)
    clara = world.as_("clara")
    of_it = {"opportunity_id": str(world["internship"])}

    now = (
        await clara.get("/v1/waiting_entries", params={**of_it, "in_line": "true", "sort": "joined_at"})
    ).json()
    record = (await clara.get("/v1/waiting_entries", params={**of_it, "status": "lapsed"})).json()["items"]

    assert [entry["student"]["given_name"] for entry in now["items"]] == ["S01", "S02"]
    assert [entry["status"] for entry in now["items"]] == ["offered", "waiting"]
    assert [entry["student"]["given_name"] for entry in record] == ["Maya"]
    assert record[0]["offered_at"] < record[0]["offer_until"] <= record[0]["ended_at"]


async def test_the_line_pages_in_its_order(line: list[dict[str, Any]], world: World) -> None:
    clara = world.as_("clara")
    found, params = [], {"sort": "joined_at", "in_line": "true", "limit": 1}
    for _ in range(len(line) - 1):
        answer = (await clara.get("/v1/waiting_entries", params=params)).json()
        found += [entry["student"]["given_name"] for entry in answer["items"]]
        params["cursor"] = answer["next_cursor"]

    assert found == ["Maya", "S01", "S02"]
    assert params["cursor"] is None


async def test_what_happened_is_on_record_with_author_reason_and_time(
    line: list[dict[str, Any]], world: World, owner: Owner
) -> None:
    await release(world, line[0])
    entry = await place(world, "maya")
    await act(world, "maya", entry, "accept")
    await approve(world, line[1])

    told = owner.execute(
        "SELECT action, actor_kind, actor_person_id, reason IS NOT NULL FROM events WHERE subject_id = %s"
        " ORDER BY subject_seq",
        [entry["id"]],
    ).fetchall()

    assert told == [
        ("waiting_entry.create", "account", world["maya"], True),
        ("waiting_entry.offer", "system", None, True),
        ("waiting_entry.accept", "account", world["maya"], True),
        ("waiting_entry.seat", "account", world["clara"], True),
    ]


@pytest.mark.usefixtures("line")
async def test_joining_where_it_makes_no_sense_is_refused(world: World) -> None:
    maya, leo = world.as_("maya"), world.as_("leo")
    internship, garden = str(world["internship"]), str(world["school_only"])

    twice = await maya.post("/v1/waiting_entries", json={"opportunity_id": internship})
    unasked = await leo.post("/v1/waiting_entries", json={"opportunity_id": internship})
    both = await maya.post("/v1/waiting_entries", json={"opportunity_id": internship, "session_id": garden})
    neither = await maya.post("/v1/waiting_entries", json={})
    unknown = await maya.post("/v1/waiting_entries", json={"opportunity_id": str(world["maya"])})
    staff = await world.as_("clara").post("/v1/waiting_entries", json={"opportunity_id": internship})

    assert (twice.status_code, twice.json()["code"]) == (409, "in_line_already")
    assert (unasked.status_code, unasked.json()["code"]) == (409, "not_pursued")
    assert (both.status_code, neither.status_code, unknown.status_code) == (422, 422, 404)
    assert staff.status_code == 403


async def test_there_is_no_line_where_a_seat_is_free(world: World) -> None:
    answer = await world.as_("leo").post(
        "/v1/waiting_entries", json={"opportunity_id": str(world["internship"])}
    )

    assert answer.status_code == 409
    assert answer.json()["code"] == "seats_free"


@pytest.mark.usefixtures("line")
async def test_a_place_can_only_be_used_by_whom_it_is_and_while_it_stands(world: World) -> None:
    entry = await place(world, "maya")

    early = await act(world, "maya", entry, "accept")
    other = await act(world, "leo", entry, "leave")
    coordinator = await act(world, "clara", entry, "leave")
    stale = await act(world, "maya", {**entry, "version": 7}, "leave")
    south = await world.as_("dario").get(f"/v1/waiting_entries/{entry['id']}")

    assert (early.status_code, early.json()["code"]) == (409, "wrong_state")
    assert [other.status_code, coordinator.status_code, stale.status_code] == [404, 403, 412]
    assert south.status_code == 404


async def test_the_offer_and_its_end_are_told_and_mailed(
    line: list[dict[str, Any]], world: World, workshop: Workshop, owner: Owner
) -> None:
    await release(world, line[0])
    with clock.shifted(timedelta(hours=25)):
        await strike(workshop, world)

        await deliver(workshop, world["lakeside"], UUID((await place(world, "maya"))["id"]))

    told = (await world.as_("maya").get("/v1/notifications")).json()["items"]
    mailed = owner.execute(
        "SELECT template, facts ? 'held_until' FROM mails WHERE person_id = %s ORDER BY created_at, id",
        [world["maya"]],
    ).fetchall()
    assert [(item["kind"], item["needs_action"]) for item in told] == [
        ("seat_lapsed", False),
        ("seat_offered", True),
    ]
    assert "offered to you" in told[1]["text"]
    assert mailed == [("seat_offered", True), ("seat_lapsed", True)]


async def test_the_letters_say_what_and_until_when(
    line: list[dict[str, Any]], world: World, workshop: Workshop, mail_folder: Path, owner: Owner
) -> None:
    await release(world, line[0])
    await deliver(workshop, world["lakeside"], UUID((await place(world, "maya"))["id"]))
    ((mail_id,),) = owner.execute("SELECT id FROM mails WHERE template = 'seat_offered'").fetchall()

    await send_mail(workshop, world["lakeside"], mail_id)

    (letter,) = [path.read_text() for path in sorted(mail_folder.iterdir())]  # noqa: ASYNC240 - a test's own folder
    assert "A seat is offered to you" in letter
    assert "you lose your place in line" in letter.replace("=\n", "").replace("\n", " ")


@pytest.mark.usefixtures("line")
async def test_nobody_who_left_the_school_is_offered_a_seat(
    world: World, workshop: Workshop, owner: Owner
) -> None:
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", [world["s01"]])
    set_seats(owner, world["internship"], 3)

    await strike(workshop, world)

    assert (await place(world, "maya"))["status"] == "offered"
    assert (await place(world, "s02"))["status"] == "offered"
    assert owner.execute(
        "SELECT status FROM waiting_entries WHERE student_id = %s", [world["s01"]]
    ).fetchall() == [("waiting",)]
