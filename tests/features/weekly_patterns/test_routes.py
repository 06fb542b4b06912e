"""Weekly patterns over HTTP, and the sessions the clock makes of them."""

import asyncio
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.weekly_patterns.jobs import sweep
from tests.draining import Drain
from tests.sessioning import LINK, at, enroll, make_session, read_session
from tests.world import World

PATH = "/v1/weekly_patterns"
NEW_YORK = ZoneInfo("America/New_York")


def today() -> date:
    """Return what day it is at the clinic."""
    return clock.now().astimezone(NEW_YORK).date()


def body(world: World, **changes: Any) -> dict[str, Any]:
    """Return the body of a pattern of every Tuesday and Thursday, from tomorrow, for four weeks."""
    starts_on = today() + timedelta(days=1)
    return {
        "opportunity_id": str(world["internship"]),
        "rule": "FREQ=WEEKLY;BYDAY=TU,TH",
        "starts_time": "14:00",
        "minutes": 90,
        "starts_on": starts_on.isoformat(),
        "until": (starts_on + timedelta(days=27)).isoformat(),
        "seats": 2,
        **changes,
    }


async def make_pattern(world: World, **changes: Any) -> dict[str, Any]:
    """Let sessions come round, as a coordinator of North."""
    answer = await world.as_("clara").post(PATH, json=body(world, **changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def sessions_of(world: World, pattern: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Return the sessions of a pattern as its coordinator sees them."""
    found = await world.as_("clara").get(
        "/v1/opportunity_sessions", params={"pattern_id": pattern["id"], "limit": 100, **more}
    )
    items: list[dict[str, Any]] = found.json()["items"]
    return items


async def swept(workshop: Workshop, world: World, now: datetime) -> int:
    """Make the sessions that are due at `now`."""
    with clock.frozen(now):
        return await sweep(workshop, world["lakeside"], now)


async def test_a_pattern_makes_its_sessions_in_the_worksites_time(world: World) -> None:
    pattern = await make_pattern(world)

    made = await sessions_of(world, pattern)

    assert len(made) == 8
    assert pattern["days"] == [item["starts_at"][:10] for item in made]
    for item in made:
        starts_at = datetime.fromisoformat(item["starts_at"]).astimezone(NEW_YORK)
        ends_at = datetime.fromisoformat(item["ends_at"])
        assert (starts_at.time(), starts_at.weekday() in {1, 3}) == (time(14), True)
        assert ends_at - starts_at == timedelta(minutes=90)
    assert (pattern["zone"], pattern["starts_time"]) == ("America/New_York", "14:00")
    assert pattern["allowed_actions"] == ["end", "update"]


async def test_exceptions_are_left_out(world: World) -> None:
    plain = (await make_pattern(world))["days"]

    pattern = await make_pattern(world, exceptions=plain[:2])

    assert pattern["days"] == plain[2:]
    assert len(await sessions_of(world, pattern)) == 6


async def test_the_hour_on_the_wall_stays_when_the_clocks_change(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    # So far ahead that nothing is made at once, whenever this runs.
    change = _change_of_clocks(today() + timedelta(days=80))
    pattern = await make_pattern(
        world,
        rule="FREQ=WEEKLY",
        starts_on=(change - timedelta(days=12)).isoformat(),
        until=(change + timedelta(days=18)).isoformat(),
    )
    assert await sessions_of(world, pattern) == []
    now = datetime.combine(change - timedelta(days=20), time(12), UTC)

    made = await swept(workshop, world, now)
    again = await swept(workshop, world, now)

    starts = [
        row[0]
        for row in owner.execute("SELECT starts_at FROM opportunity_sessions ORDER BY starts_at").fetchall()
    ]
    assert (made, again) == (5, 0)
    assert {at.astimezone(NEW_YORK).time() for at in starts} == {time(14)}
    before, after = (
        {at.astimezone(UTC).hour for at in starts[:2]},
        {at.astimezone(UTC).hour for at in starts[2:]},
    )
    assert sorted(before | after) == [18, 19]
    assert len(before) == len(after) == 1


def _change_of_clocks(day: date) -> date:
    """Return the first day behind `day` on which New York's clocks are set otherwise than on the day before."""

    def offset(day: date) -> timedelta | None:
        return datetime.combine(day, time(14), NEW_YORK).utcoffset()

    while offset(day) == offset(day - timedelta(days=1)):
        day += timedelta(days=1)
    return day


async def test_the_clock_makes_more_as_time_goes_on(world: World, workshop: Workshop) -> None:
    pattern = await make_pattern(world, until=(today() + timedelta(days=200)).isoformat())
    at_first = len(await sessions_of(world, pattern))
    now = at(20)

    made = await swept(workshop, world, now)
    again = await swept(workshop, world, now)

    assert at_first in {15, 16, 17}
    assert made in {5, 6, 7}
    assert again == 0
    assert len(await sessions_of(world, pattern)) == at_first + made


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"rule": "FREQ=DAILY"}, "/rule"),
        ({"rule": "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"}, "/rule"),
        ({"rule": "FREQ=WEEKLY;INTERVAL=0"}, "/rule"),
        ({"rule": "FREQ=WEEKLY;BYDAY=9TU"}, "/rule"),
        ({"rule": "FREQ=WEEKLY;COUNT=2;UNTIL=20991231"}, "/rule"),
        ({"rule": "FREQ=WEEKLY;UNTIL=20200101"}, "/rule"),
        ({"rule": "every tuesday"}, "/rule"),
        ({"until": "2020-01-01"}, "/until"),
        ({"until": "9999-12-31"}, "/until"),
        ({"starts_on": "9999-12-01", "until": "9999-12-31"}, "/until"),
        (
            {
                "starts_on": (today() + timedelta(days=720)).isoformat(),
                "until": (today() + timedelta(days=740)).isoformat(),
            },
            "/until",
        ),
        ({"starts_on": "2020-01-07", "until": "2020-02-07"}, "/until"),
        ({"starts_on": "2027-02-30"}, "/starts_on"),
        ({"starts_time": "24:00"}, "/starts_time"),
        ({"starts_time": 14}, "/starts_time"),
        ({"minutes": 0}, "/minutes"),
        ({"minutes": 1441}, "/minutes"),
        ({"seats": 1, "minimum_enrollment": 2}, "/minimum_enrollment"),
        ({"join_url": LINK}, "/join_url"),
        ({"place_note": "<b>here</b>"}, "/place_note"),
    ],
)
async def test_an_impossible_pattern_is_refused_at_its_field(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    answer = await world.as_("clara").post(PATH, json=body(world, **changes))

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_pattern_that_no_day_is_left_of_is_refused(world: World) -> None:
    days = (await make_pattern(world))["days"]

    answer = await world.as_("clara").post(PATH, json=body(world, exceptions=days))

    assert answer.json()["code"] == "never_comes_round"


async def test_a_pattern_over_another_session_of_its_host_names_the_day(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    day = (await make_pattern(world, rule="FREQ=WEEKLY;COUNT=1"))["days"][0]
    starts_at = datetime.combine(date.fromisoformat(day), time(15), NEW_YORK)
    await make_session(world, starts_at=starts_at, **cousin)
    before = owner.execute("SELECT count(*) FROM opportunity_sessions").fetchone()

    busy = await world.as_("clara").post(PATH, json=body(world, rule="FREQ=WEEKLY", **cousin))
    around = await world.as_("clara").post(
        PATH, json=body(world, rule="FREQ=WEEKLY", exceptions=[day], **cousin)
    )

    assert (busy.status_code, busy.json()["code"]) == (422, "host_busy")
    assert day in busy.json()["detail"]
    assert around.status_code == 201
    assert before == (2,)


async def test_a_new_exception_cancels_the_session_of_that_day_and_tells_why(world: World) -> None:
    pattern = await make_pattern(world)
    first, second = (await sessions_of(world, pattern))[:2]
    place = await enroll(world, "maya", first["id"])

    answer = await world.as_("clara").patch(
        f"{PATH}/{pattern['id']}",
        json={"exceptions": [pattern["days"][0]], "reason": "A holiday."},
        version=pattern["version"],
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["days"] == pattern["days"][1:]
    mine = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert (mine["status"], mine["decision_reason"]) == ("cancelled", "A holiday.")
    assert (await read_session(world, "maya", second["id"]))["status"] == "scheduled"


async def test_an_exception_taken_back_and_a_later_end_make_what_is_missing(world: World) -> None:
    days = (await make_pattern(world))["days"]
    pattern = await make_pattern(world, exceptions=[days[1]], until=days[3])

    answer = await world.as_("clara").patch(
        f"{PATH}/{pattern['id']}", json={"exceptions": [], "until": days[5]}, version=pattern["version"]
    )

    assert answer.json()["days"] == days[:6]
    assert len(await sessions_of(world, pattern)) == 6


@pytest.mark.parametrize("all_of_them", [True, False])
async def test_an_ended_pattern_keeps_or_cancels_what_is_to_come(
    world: World, workshop: Workshop, *, all_of_them: bool
) -> None:
    pattern = await make_pattern(world, until=(today() + timedelta(days=200)).isoformat())
    made = len(await sessions_of(world, pattern))

    answer = await world.as_("clara").post(
        f"{PATH}/{pattern['id']}/end",
        json={"reason": "The vet moves.", "cancel_sessions": all_of_them},
        version=pattern["version"],
    )
    later = await swept(workshop, world, at(30))
    again = await world.as_("clara").post(
        f"{PATH}/{pattern['id']}/end", json={"reason": "Again."}, version=answer.json()["version"]
    )

    assert (answer.json()["status"], answer.json()["days"], later) == ("ended", [], 0)
    assert len(await sessions_of(world, pattern, status="scheduled")) == (0 if all_of_them else made)
    assert again.status_code == 409


async def test_patterns_are_for_those_who_look_after_the_listing(world: World) -> None:
    pattern = await make_pattern(world)
    path = f"{PATH}/{pattern['id']}"

    reads = {
        who: (await world.as_(who).get(path)).status_code
        for who in ("maya", "omar", "sam", "ada", "dario", "cora", "ellis")
    }
    makes = {
        who: (await world.as_(who).post(PATH, json=body(world))).status_code
        for who in ("maya", "sam", "ada", "dario", "cora", "ellis")
    }

    assert reads == {
        "maya": 403,
        "omar": 403,
        "sam": 403,
        "ada": 404,
        "dario": 404,
        "cora": 404,
        "ellis": 200,
    }
    assert makes == {"maya": 403, "sam": 403, "ada": 403, "dario": 403, "cora": 404, "ellis": 201}


async def test_the_list_is_narrowed_and_held_to_the_version(world: World) -> None:
    one = await make_pattern(world)
    await make_pattern(world, opportunity_id=str(world["draft"]))

    listed = await world.as_("clara").get(PATH, params={"opportunity_id": str(world["internship"])})
    stale = await world.as_("clara").patch(f"{PATH}/{one['id']}", json={"seats": 4}, version=99)
    null = await world.as_("clara").patch(f"{PATH}/{one['id']}", json={"seats": None}, version=one["version"])

    assert [item["id"] for item in listed.json()["items"]] == [one["id"]]
    assert (stale.status_code, null.status_code) == (412, 422)


async def test_a_day_that_comes_back_has_a_session_again_and_one_cancelled_by_hand_stays_so(
    world: World, workshop: Workshop
) -> None:
    pattern = await make_pattern(world)
    days = pattern["days"]
    path = f"{PATH}/{pattern['id']}"
    by_hand = (await sessions_of(world, pattern))[2]
    await world.as_("clara").post(
        f"/v1/opportunity_sessions/{by_hand['id']}/cancel", json={"reason": "The vet is ill."}, version=1
    )
    without = await world.as_("clara").patch(
        path, json={"exceptions": [days[0]], "until": days[5]}, version=pattern["version"]
    )

    again = await world.as_("clara").patch(
        path, json={"exceptions": [], "until": days[7]}, version=without.json()["version"]
    )
    await swept(workshop, world, at(0.1))

    assert again.status_code == 200, again.text
    standing = await sessions_of(world, pattern, status="scheduled")
    assert [item["starts_at"][:10] for item in standing] == [*days[:2], *days[3:]]
    cancelled = await sessions_of(world, pattern, status="cancelled")
    assert [item["starts_at"][:10] for item in cancelled] == [days[0], days[2], *days[6:]]
    # Cancelled by hand is not passed over.
    assert again.json()["days_without_session"] == []


async def test_a_day_on_which_the_host_is_busy_is_passed_over_shown_and_told_once(
    world: World, workshop: Workshop, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    pattern = await make_pattern(
        world, rule="FREQ=WEEKLY", until=(today() + timedelta(days=100)).isoformat(), **cousin
    )
    path = f"{PATH}/{pattern['id']}"
    busy = date.fromisoformat(pattern["days"][10])
    other = await make_session(world, starts_at=datetime.combine(busy, time(15), NEW_YORK), **cousin)

    for days in (20, 21):
        await swept(workshop, world, at(days))
    await drain()

    seen = (await world.as_("clara").get(path)).json()
    assert seen["days_without_session"] == [busy.isoformat()]
    told = owner.execute("SELECT person_id FROM notifications WHERE kind = 'pattern_skips_days'").fetchall()
    assert told == [(world["clara"],)]
    notice = (await world.as_("clara").get("/v1/notifications")).json()["items"][0]
    assert "Veterinary assistant internship" in str(notice)
    with clock.shifted(timedelta(days=21)):
        # What was passed over long ago is no reason to refuse a change of something else.
        more_seats = await world.as_("clara").patch(path, json={"seats": 5}, version=seen["version"])
        assert more_seats.status_code == 200, more_seats.text
        assert more_seats.json()["days_without_session"] == [busy.isoformat()]
        await world.as_("clara").post(
            f"/v1/opportunity_sessions/{other['id']}/cancel", json={"reason": "Moved."}, version=1
        )
        free = await world.as_("clara").patch(path, json={"seats": 4}, version=more_seats.json()["version"])
        assert free.json()["days_without_session"] == []


async def test_a_later_end_over_another_session_of_the_host_is_refused_with_the_day(world: World) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    days = (await make_pattern(world))["days"]
    pattern = await make_pattern(world, until=days[1], **cousin)
    starts_at = datetime.combine(date.fromisoformat(days[3]), time(15), NEW_YORK)
    await make_session(world, starts_at=starts_at, **cousin)
    path = f"{PATH}/{pattern['id']}"

    refused = await world.as_("clara").patch(path, json={"until": days[3]}, version=pattern["version"])
    around = await world.as_("clara").patch(
        path, json={"until": days[3], "exceptions": [days[3]]}, version=pattern["version"]
    )

    assert (refused.status_code, refused.json()["code"]) == (422, "host_busy")
    assert days[3] in refused.json()["detail"]
    assert around.status_code == 200, around.text
    assert len(await sessions_of(world, pattern)) == 3


async def test_another_host_and_link_are_for_the_sessions_made_from_now_on(
    world: World, workshop: Workshop
) -> None:
    pattern = await make_pattern(
        world, virtual=True, join_url=LINK, until=(today() + timedelta(days=100)).isoformat()
    )
    path = f"{PATH}/{pattern['id']}"
    first = (await sessions_of(world, pattern))[0]

    stranger = await world.as_("clara").patch(
        path, json={"host_person_id": str(world["maya"])}, version=pattern["version"]
    )
    changed = await world.as_("clara").patch(
        path,
        json={"host_person_id": str(world["sam"]), "join_url": f"{LINK}/2"},
        version=pattern["version"],
    )
    await swept(workshop, world, at(20))

    assert stranger.json()["errors"][0]["code"] == "unknown_host"
    assert changed.status_code == 200, changed.text
    last = (await sessions_of(world, pattern))[-1]
    assert (last["host"]["name"], last["join_url"]) == ("Sam S.", f"{LINK}/2")
    assert (await read_session(world, "clara", first["id"]))["join_url"] == LINK


async def test_the_join_link_of_a_pattern_is_for_those_who_may_change_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    pattern = await make_pattern(world, virtual=True, join_url=LINK)
    owner.execute("UPDATE weekly_patterns SET school_id = NULL")

    links = {
        who: (await world.as_(who).get(f"{PATH}/{pattern['id']}")).json()["join_url"]
        for who in ("clara", "dario", "ellis")
    }
    listed = (await world.as_("dario").get(PATH)).json()["items"]

    assert links == {"clara": None, "dario": None, "ellis": LINK}
    assert [item["join_url"] for item in listed] == [None]


async def test_two_workers_at_once_make_each_session_once(world: World, workshop: Workshop) -> None:
    pattern = await make_pattern(world, until=(today() + timedelta(days=200)).isoformat())
    at_first = len(await sessions_of(world, pattern))

    now = at(20)

    with clock.frozen(now):
        made = await asyncio.gather(*(sweep(workshop, world["lakeside"], now) for _ in range(2)))

    assert min(made) == 0 < max(made)
    assert len(await sessions_of(world, pattern)) == at_first + max(made)
