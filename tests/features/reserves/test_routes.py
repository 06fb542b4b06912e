"""Reserved seats: whom they are kept for, until when, and what everybody else may take."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, time, timedelta
from typing import Any

import httpx
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.features.reserves import queries
from tests.standing_in_line import (
    Owner,
    approve,
    ask,
    enrol,
    enter,
    join,
    place,
    release,
    seats_taken,
    set_date,
    set_seats,
    strike,
)
from tests.world import World

DAY = timedelta(days=1)


@pytest.fixture
async def town(world: World, owner: Owner) -> World:
    """The internship has six seats, and three more students of each school."""
    owner.execute("DELETE FROM pursuits WHERE id = %s", [world["leo_pursuit"]])
    set_seats(owner, world["internship"], 6)
    await enrol(world, 3)
    await enrol(world, 3, "south", prefix="t")
    return world


def until(days: int) -> str:
    return (clock.now().date() + timedelta(days=days)).isoformat()


async def keep(world: World, *reserves: dict[str, Any], who: str = "clara") -> httpx.Response:
    """Keep seats of the internship, and no others."""
    path = f"/v1/opportunities/{world['internship']}"
    version = (await world.as_("clara").get(path)).json()["version"]
    return await world.as_(who).put(f"{path}/reserves", version=version, json={"reserves": list(reserves)})


def for_school(world: World, name: str, seats: int, days: int = 30) -> dict[str, Any]:
    return {"school_id": str(world[name]), "seats": seats, "released_on": until(days)}


async def test_everyone_reads_the_rule(town: World) -> None:
    answer = await keep(town, for_school(town, "south", 2))

    assert answer.status_code == 200, answer.text
    for name in ("maya", "ines", "rosa", "sam", "ada"):
        shown = (await town.as_(name).get(f"/v1/opportunities/{town['internship']}")).json()["reserves"]
        assert shown == answer.json()["reserves"]
    (rule,) = shown
    assert rule["rule_en"] == (
        f"2 seats are kept for South School; from {until(30)} those left are open to everyone."
    )
    assert rule["rule_es"].startswith("2 plazas están reservadas para South School")
    assert (rule["kept_for"], rule["seats"], rule["seats_free"]) == ("South School", 2, 2)


async def test_others_wait_while_only_kept_seats_are_left(town: World, owner: Owner) -> None:
    set_seats(owner, town["internship"], 2)
    await keep(town, for_school(town, "south", 1))
    first = await ask(town, "s00")
    assert (await approve(town, first)).status_code == 200

    outsider = await ask(town, "maya")
    refused = await approve(town, outsider)
    insider = await ask(town, "ines")
    seated = await town.as_("dario").post(
        f"/v1/pursuits/{insider['id']}/approve", version=insider["version"], json={}
    )

    assert outsider["place_in_line"] == 1
    assert (refused.status_code, refused.json()["code"]) == (409, "full")
    assert insider["place_in_line"] is None
    assert seated.status_code == 200, seated.text
    assert seats_taken(owner, town["internship"]) == 2


async def test_a_kept_seat_that_comes_back_goes_to_whom_it_is_kept_for(town: World, owner: Owner) -> None:
    set_seats(owner, town["internship"], 2)
    await keep(town, for_school(town, "south", 1))
    seats = []
    for name, coordinator in (("s00", "clara"), ("ines", "dario")):
        asked = await ask(town, name)
        answer = await town.as_(coordinator).post(
            f"/v1/pursuits/{asked['id']}/approve", version=asked["version"], json={}
        )
        seats.append(answer.json())
    waiting = [await ask(town, name) for name in ("maya", "t00")]

    await town.as_("dario").post(
        f"/v1/pursuits/{seats[1]['id']}/release", version=seats[1]["version"], json={"reason": "Moved away."}
    )

    assert [asked["place_in_line"] for asked in waiting] == [1, 2]
    assert (await place(town, "t00"))["status"] == "offered"
    assert (await place(town, "maya"))["status"] == "waiting"


async def test_an_open_seat_that_comes_back_goes_to_the_first_in_line(town: World, owner: Owner) -> None:
    set_seats(owner, town["internship"], 2)
    await keep(town, for_school(town, "south", 1))
    asked = await ask(town, "s00")
    seated = (await approve(town, asked)).json()
    await ask(town, "maya")

    await release(town, seated)

    assert (await place(town, "maya"))["status"] == "offered"


async def test_on_its_day_the_line_gets_what_was_kept(town: World, workshop: Workshop, owner: Owner) -> None:
    set_seats(owner, town["internship"], 2)
    await keep(town, for_school(town, "south", 1, days=3))
    await approve(town, await ask(town, "s00"))
    await ask(town, "maya")
    with clock.shifted(timedelta(days=1)):
        early = await strike(workshop, town)

    with clock.shifted(timedelta(days=3, hours=12)):
        due = await strike(workshop, town)
        again = await strike(workshop, town)
        shown = (await town.as_("maya").get(f"/v1/opportunities/{town['internship']}")).json()["reserves"]

    assert (early, due, again) == (0, 1, 0)
    assert (await place(town, "maya"))["status"] == "offered"
    assert shown == []
    told = owner.execute(
        "SELECT actor_kind, facts->>'seats' FROM events WHERE action = 'opportunity.release_reserve'"
    ).fetchall()
    assert told == [("system", "1")]


async def test_giving_a_reserve_up_tells_the_line(town: World, owner: Owner) -> None:
    set_seats(owner, town["internship"], 1)
    await keep(town, for_school(town, "south", 1))
    await ask(town, "maya")

    answer = await keep(town)

    assert answer.json()["reserves"] == []
    assert (await place(town, "maya"))["status"] == "offered"


async def test_seats_are_kept_for_a_group(town: World, owner: Owner) -> None:
    set_seats(owner, town["internship"], 1)
    group = (
        await town.as_("clara").post(
            "/v1/student_groups",
            json={
                "school_id": str(town["north"]),
                "name": "Robotics club",
                "student_ids": [str(town["leo"])],
            },
        )
    ).json()
    kept = await keep(town, {"group_id": group["id"], "seats": 1, "released_on": until(5)})

    outsider, insider = await ask(town, "maya"), await ask(town, "leo")

    assert "Robotics club" in kept.json()["reserves"][0]["rule_en"]
    assert (outsider["place_in_line"], insider["place_in_line"]) == (1, None)
    assert (await approve(town, insider)).status_code == 200
    assert (await town.as_("maya").get(f"/v1/opportunities/{town['internship']}/reserves")).json()[
        "reserves"
    ][0]["seats_free"] == 0


async def test_who_joins_a_group_while_in_line_is_offered_what_is_kept_for_it(
    town: World, owner: Owner
) -> None:
    clara = town.as_("clara")
    group = (
        await clara.post(
            "/v1/student_groups",
            json={"school_id": str(town["north"]), "name": "Robotics club", "student_ids": []},
        )
    ).json()
    set_seats(owner, town["internship"], 1)
    await keep(town, {"group_id": group["id"], "seats": 1, "released_on": until(5)})
    session_id = await set_date(town, "tour", seats=1)
    await clara.put(
        f"/v1/opportunity_sessions/{session_id}/reserves",
        version=1,
        json={"reserves": [{"group_id": group["id"], "seats": 1, "released_on": until(5)}]},
    )
    for name in ("s00", "s01", "s02"):
        await ask(town, name)
    assert [(await join(town, name, session_id)).status_code for name in ("s00", "s02", "s01")] == [201] * 3
    path, listed = f"/v1/student_groups/{group['id']}", [str(town[name]) for name in ("s01", "s02")]

    renamed = await clara.patch(path, version=group["version"], json={"name": "Robot club"})
    before = [(await place(town, name))["status"] for name in ("s00", "s01", "s02")]
    added = await clara.patch(path, version=renamed.json()["version"], json={"student_ids": listed})

    assert added.status_code == 200, added.text
    assert before == ["waiting"] * 3
    for of_it, first in (
        ({"opportunity_id": str(town["internship"])}, "s01"),
        ({"session_id": str(session_id)}, "s02"),
    ):
        found = {name: (await place(town, name, **of_it))["status"] for name in ("s00", "s01", "s02")}
        assert found == {**dict.fromkeys(("s00", "s01", "s02"), "waiting"), first: "offered"}
    reserved = owner.execute("SELECT seats, seats_taken FROM seat_reserves").fetchall()
    assert reserved == [(1, 1), (1, 1)]


async def test_a_group_that_grows_while_seats_are_kept_for_it_waits_and_never_in_a_circle(
    town: World, owner: Owner
) -> None:
    clara = town.as_("clara")
    group = (
        await clara.post(
            "/v1/student_groups",
            json={"school_id": str(town["north"]), "name": "Robotics club", "student_ids": []},
        )
    ).json()
    reserve = {"group_id": group["id"], "seats": 1, "released_on": until(5)}
    set_seats(owner, town["internship"], 2)
    await keep(town, reserve)
    path = f"/v1/student_groups/{group['id']}"
    version = group["version"]

    for number in range(8):
        listed = [str(town[name]) for name in ("s00", "s01")[: number % 2 + 1]]
        kept, grown = await asyncio.gather(
            keep(town, {**reserve, "seats": 1 + number % 2}),
            clara.patch(path, version=version, json={"student_ids": listed}),
        )
        assert [kept.status_code, grown.status_code] == [200, 200], (kept.text, grown.text)
        version = grown.json()["version"]


async def test_what_is_kept_is_checked(town: World, owner: Owner) -> None:
    south = for_school(town, "south", 1)

    too_many = await keep(town, for_school(town, "south", 4), for_school(town, "north", 3))
    twice = await keep(town, south, south)
    past = await keep(town, for_school(town, "south", 1, days=-1))
    foreign = await keep(town, for_school(town, "river", 1))
    nobody = await keep(town, {"seats": 1, "released_on": until(3)})
    both = await keep(town, {**south, "group_id": str(town["north"])})
    none = await keep(town, {**south, "seats": 0})

    assert (too_many.status_code, too_many.json()["code"]) == (422, "more_reserved_than_free")
    assert twice.json()["errors"][0]["pointer"] == "/reserves/1"
    assert past.json()["errors"][0]["pointer"] == "/reserves/0/released_on"
    assert foreign.json()["errors"][0]["pointer"] == "/reserves/0/school_id"
    assert {answer.status_code for answer in (twice, past, foreign, nobody, both, none)} == {422}
    assert owner.execute("SELECT count(*) FROM seat_reserves").fetchone() == (0,)


async def test_seats_are_not_lowered_below_what_is_kept(town: World, owner: Owner) -> None:
    await keep(town, for_school(town, "south", 3))
    await approve(town, await ask(town, "s00"))
    path = f"/v1/opportunities/{town['internship']}"
    clara = town.as_("clara")
    version = (await clara.get(path)).json()["version"]

    fewer = await clara.patch(path, version=version, json={"seats": 3})
    enough = await clara.patch(path, version=version, json={"seats": 4})

    assert (fewer.status_code, fewer.json()["code"]) == (422, "fewer_seats_than_kept")
    assert fewer.json()["errors"][0]["pointer"] == "/seats"
    assert enough.status_code == 200, enough.text
    assert owner.execute(
        "SELECT seats FROM opportunities WHERE id = %s", [town["internship"]]
    ).fetchone() == (4,)


async def test_an_edit_of_many_refuses_the_one_whose_kept_seats_it_would_take(town: World) -> None:
    await keep(town, for_school(town, "south", 3))
    await approve(town, await ask(town, "s00"))
    wanted = [str(town["internship"]), str(town["school_only"])]
    clara, changes = town.as_("clara"), {"seats": 3}

    seen = (
        await clara.post(
            "/v1/opportunities/bulk_edits/preview", json={"ids": wanted, "changes": {"seats": 3}}
        )
    ).json()
    given = {"changes": changes, "versions": seen["versions"], "hash": seen["hash"]}
    applied = await clara.post("/v1/opportunities/bulk_edits", json=given)

    (refused,) = (row for row in seen["rows"] if row["refusals"])
    (why,) = refused["refusals"]
    assert (refused["id"], why["field"], why["code"]) == (wanted[0], "seats", "fewer_seats_than_kept")
    assert "1 seats are taken and 3 kept" in why["detail"]
    assert list(seen["versions"]) == wanted[1:]
    assert applied.status_code in {200, 201}, applied.text
    shown = (await clara.get(f"/v1/opportunities/{wanted[0]}")).json()
    assert shown["seats"] == 6


async def test_seats_of_a_session_are_not_lowered_below_what_is_kept(town: World) -> None:
    session_id = await set_date(town, "shadow_day", seats=4)
    path = f"/v1/opportunity_sessions/{session_id}"
    clara = town.as_("clara")
    kept = await clara.put(
        f"{path}/reserves", version=1, json={"reserves": [for_school(town, "south", 3, days=3)]}
    )

    fewer = await clara.patch(path, version=kept.json()["version"], json={"seats": 2})
    enough = await clara.patch(path, version=kept.json()["version"], json={"seats": 3})

    assert (fewer.status_code, fewer.json()["code"]) == (422, "fewer_seats_than_kept")
    assert enough.status_code == 200, enough.text


async def test_a_seat_of_a_session_is_not_kept_past_its_day(town: World) -> None:
    session_id = await set_date(town, "shadow_day", seats=2)

    answer = await town.as_("clara").put(
        f"/v1/opportunity_sessions/{session_id}/reserves",
        version=1,
        json={"reserves": [for_school(town, "south", 1, days=9)]},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["code"] == "after_the_session"


async def test_a_seat_is_not_kept_past_the_end_of_the_opportunity(town: World, owner: Owner) -> None:
    owner.execute(
        "UPDATE opportunities SET starts_on = NULL, ends_on = %s WHERE id = %s",
        [until(5), town["internship"]],
    )

    late = await keep(town, for_school(town, "south", 1, days=6))
    last = await keep(town, for_school(town, "south", 1, days=5))

    assert [late.status_code, late.json()["errors"][0]["code"]] == [422, "after_the_opportunity"]
    assert until(5) in late.json()["errors"][0]["detail"]
    assert last.status_code == 200, last.text


@pytest.mark.parametrize("moved", ["opportunity", "session"])
async def test_where_the_end_is_moved_to_an_earlier_day_what_was_kept_is_released_with_it(
    town: World, workshop: Workshop, owner: Owner, moved: str
) -> None:
    if moved == "opportunity":
        path, earlier = f"/v1/opportunities/{town['internship']}", "ends_on = %s"
        table, of_it = "opportunities", town["internship"]
        set_seats(owner, of_it, 1)
        await keep(town, for_school(town, "south", 1, days=6))
        await ask(town, "s00")
    else:
        of_it = await set_date(town, "shadow_day", seats=1)
        path, table = f"/v1/opportunity_sessions/{of_it}", "opportunity_sessions"
        earlier = "starts_at = %s::date + interval '23 hours', ends_at = starts_at + interval '2 hours'"
        reserves = {"reserves": [for_school(town, "south", 1, days=6)]}
        assert (await town.as_("clara").put(f"{path}/reserves", version=1, json=reserves)).status_code == 200
        assert (await join(town, "s00", of_it)).status_code == 201
    owner.execute(f"UPDATE {table} SET {earlier} WHERE id = %s", [until(3), of_it])
    rule = (await town.as_("clara").get(f"{path}/reserves")).json()["reserves"][0]

    # The middle of a day, here and where the session is.
    afternoon = datetime.combine(clock.now().date(), time(18), UTC) - clock.now()
    with clock.shifted(afternoon + 2 * DAY):
        early = await strike(workshop, town)
        before = (await place(town, "s00"))["status"]
    with clock.shifted(afternoon + 3 * DAY):
        done = await strike(workshop, town)
        after = (await place(town, "s00"))["status"]

    assert (rule["released_on"], until(3) in rule["rule_en"]) == (until(3), True)
    assert (early, before, done, after) == (0, "waiting", 1, "offered")
    told = owner.execute("SELECT reason FROM events WHERE action LIKE '%.release_reserve'").fetchall()
    assert told == [("its last day has come, and nothing is kept beyond it",)]


async def test_a_reserve_that_is_put_off_at_the_last_moment_is_not_released(
    town: World, owner: Owner
) -> None:
    await keep(town, for_school(town, "south", 1, days=1))
    async with working(town.database, town["lakeside"]) as unit:
        (due,) = await queries.due(unit.session, town["lakeside"], clock.now().date() + DAY)
        owner.execute("UPDATE seat_reserves SET released_on = released_on + 7")

        claimed = await queries.claim(unit.session, town["lakeside"], due.id, clock.now().date() + DAY)

    assert claimed is None


async def test_a_group_of_another_school_is_for_the_district_to_keep_seats_for(town: World) -> None:
    group = await town.as_("dario").post(
        "/v1/student_groups",
        json={"school_id": str(town["south"]), "name": "Night owls", "student_ids": []},
    )
    reserve = {"group_id": group.json()["id"], "seats": 1, "released_on": until(9)}

    guessed = await keep(town, reserve)
    by_the_district = await keep(town, reserve, who="ellis")
    left_as_it_is = await keep(town, reserve, for_school(town, "north", 1))

    assert (guessed.status_code, guessed.json()["errors"][0]["code"]) == (422, "unknown_group")
    assert (by_the_district.status_code, left_as_it_is.status_code) == (200, 200)


async def test_who_asked_in_the_moment_the_last_open_seat_went_is_found(
    town: World, workshop: Workshop, owner: Owner
) -> None:
    set_seats(owner, town["internship"], 2)
    await keep(town, for_school(town, "south", 1))
    missed = [await ask(town, name) for name in ("maya", "ines")]
    # Nobody noticed: neither of them stands in line, and the open seat is taken.
    owner.execute("UPDATE opportunities SET seats_taken = 1 WHERE id = %s", [town["internship"]])

    await strike(workshop, town)

    shown = [(await town.as_("ellis").get(f"/v1/pursuits/{asked['id']}")).json() for asked in missed]
    assert [pursuit["place_in_line"] for pursuit in shown] == [1, None]


async def test_no_fewer_are_kept_than_were_taken_of_them(town: World, owner: Owner) -> None:
    await keep(town, for_school(town, "north", 3))
    for name in ("s00", "s01"):
        await approve(town, await ask(town, name))

    fewer = await keep(town, for_school(town, "north", 1))
    same = await keep(town, for_school(town, "north", 2))

    assert (fewer.status_code, fewer.json()["code"]) == (422, "fewer_seats_than_taken")
    assert same.json()["reserves"][0]["seats_free"] == 0
    assert seats_taken(owner, town["internship"]) == 2


async def test_only_who_looks_after_the_listing_keeps_seats(town: World) -> None:
    for name, status in (("maya", 403), ("ada", 403), ("dario", 403), ("cora", 404)):
        assert (await keep(town, for_school(town, "south", 1), who=name)).status_code == status, name
    assert (await keep(town, for_school(town, "south", 1), who="ellis")).status_code == 200


async def test_both_schools_race_and_each_gets_its_share(town: World, owner: Owner) -> None:
    set_seats(owner, town["internship"], 4)
    await keep(town, for_school(town, "south", 2))
    north = [await ask(town, name) for name in ("s00", "s01", "s02", "maya", "leo")]
    south = [await ask(town, name) for name in ("t00", "t01", "t02", "ines")]

    answers = await asyncio.gather(
        *(
            town.as_(who).post(f"/v1/pursuits/{asked['id']}/approve", version=asked["version"], json={})
            for who, group in (("clara", north), ("dario", south))
            for asked in group
        )
    )

    got = Counter(answer.status_code for answer in answers)
    assert got == {200: 4, 409: 5}
    assert Counter(answer.status_code for answer in answers[: len(north)])[200] <= 2
    assert Counter(answer.status_code for answer in answers[len(north) :])[200] >= 2
    assert seats_taken(owner, town["internship"]) == 4
    assert owner.execute("SELECT seats_taken FROM seat_reserves").fetchone() == (2,)


async def test_seats_of_a_session_are_kept_just_so(town: World, workshop: Workshop) -> None:
    session_id = await set_date(town, "shadow_day", seats=2)
    path = f"/v1/opportunity_sessions/{session_id}/reserves"
    kept = await town.as_("clara").put(
        path, version=1, json={"reserves": [for_school(town, "south", 1, days=3)]}
    )
    seated = await enter(town, "s00", session_id)

    refused = await enter(town, "maya", session_id)
    waits = await join(town, "maya", session_id)
    insider = await join(town, "ines", session_id)
    shown = (await town.as_("maya").get(path)).json()
    with clock.shifted(timedelta(days=3, hours=12)):
        await strike(workshop, town)

    assert (kept.status_code, seated.status_code) == (200, 201), kept.text
    assert (refused.status_code, waits.json()["place_in_line"]) == (409, 1)
    assert insider.json()["code"] == "seats_free"
    assert shown["session_id"] == str(session_id)
    assert "1 seat is kept for South School" in shown["reserves"][0]["rule_en"]
    assert (await place(town, "maya"))["status"] == "offered"
