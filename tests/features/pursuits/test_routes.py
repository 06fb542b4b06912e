"""Pursuits over HTTP: the whole life, and everything that is refused."""

from datetime import date, timedelta
from typing import Any

import psycopg

from app.core import clock
from tests.world import World

START = {
    "goals": "Learn to calm and weigh animals.",
    "schedule": "Tuesdays and Thursdays 14:00-17:00",
    "starts_on": "2031-02-03",
    "ends_on": "2031-05-30",
}


async def request(world: World, student: str = "maya", opportunity: str = "internship") -> dict[str, Any]:
    """Let a student ask for an opportunity."""
    answer = await world.as_(student).post(
        "/v1/pursuits", json={"opportunity_id": str(world[opportunity]), "message": "I love animals."}
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def act(
    world: World, who: str, pursuit: dict[str, Any], verb: str, json: dict[str, Any] | None = None
) -> dict[str, Any]:
    """Let somebody take the next step of a pursuit, which must succeed."""
    body = {} if verb == "land" else {"json": json or {}}
    answer = await world.as_(who).post(
        f"/v1/pursuits/{pursuit['id']}/{verb}", version=pursuit["version"], **body
    )
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def seats_taken(owner: psycopg.Connection[Any], world: World, opportunity: str = "internship") -> int:
    """Count the seats that are taken."""
    row = owner.execute(
        "SELECT seats_taken FROM opportunities WHERE id = %s", [world[opportunity]]
    ).fetchone()
    assert row is not None
    return int(row[0])


async def test_a_student_asks_lands_and_starts(world: World, owner: psycopg.Connection[Any]) -> None:
    asked = await request(world)
    approved = await act(world, "clara", asked, "approve")
    landed = await act(world, "maya", approved, "land")
    start = await act(world, "maya", landed, "request_start", START)
    returned = await act(world, "ada", start, "return_start", {"reason": "Name the days."})
    again = await act(world, "maya", returned, "request_start", START)
    converted = await act(world, "ada", again, "approve_start", {"goals": "Learn to weigh animals."})

    assert asked["status"] == "requested"
    assert asked["allowed_actions"] == ["withdraw"]
    assert asked["student"] == {
        "id": str(world["maya"]),
        "given_name": "Maya",
        "family_name": "Mayason",
    }
    assert approved["status"] == "approved"
    assert approved["allowed_actions"] == ["extend", "land", "not_select", "release"]
    assert returned["status"] == "landed"
    assert returned["decision_reason"] == "Name the days."
    assert converted["status"] == "converted"
    assert seats_taken(owner, world) == 1
    placement = (await world.as_("maya").get(f"/v1/placements/{converted['placement_id']}")).json()
    assert placement["status"] == "setup"
    assert placement["goals"] == "Learn to weigh animals."
    assert placement["schedule"] == START["schedule"]
    assert placement["advisor_id"] == str(world["ada"])
    assert placement["through"] == "Rosa Rosason"


async def test_every_step_of_a_pursuit_has_author_reason_and_time(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    asked = await request(world)
    approved = await act(world, "clara", asked, "approve", {"reason": "She prepared well."})
    await act(world, "maya", approved, "withdraw")

    events = owner.execute(
        "SELECT action, actor_person_id, person_id, reason, facts FROM events WHERE subject_id = %s"
        " ORDER BY subject_seq",
        [asked["id"]],
    ).fetchall()

    assert [event[:4] for event in events] == [
        ("pursuit.create", world["maya"], world["maya"], None),
        ("pursuit.approve", world["clara"], world["maya"], "She prepared well."),
        ("pursuit.withdraw", world["maya"], world["maya"], "the student chose not to go on"),
    ]
    assert events[1][4]["from"] == "requested"
    assert events[1][4]["expires_on"] == approved["expires_on"]
    assert approved["decided_by_id"] == str(world["clara"])
    assert approved["decided_at"] is not None


async def test_the_same_opportunity_is_pursued_once_at_a_time(world: World) -> None:
    first = await request(world)

    second = await world.as_("maya").post("/v1/pursuits", json={"opportunity_id": str(world["internship"])})
    await act(world, "maya", first, "withdraw", {"reason": "My grandmother is ill."})
    third = await request(world)

    assert second.status_code == 409
    assert second.json()["code"] == "pursued_already"
    assert third["status"] == "requested"


async def test_an_opportunity_out_of_sight_cannot_be_pursued(world: World) -> None:
    hidden = await world.as_("ines").post("/v1/pursuits", json={"opportunity_id": str(world["school_only"])})
    draft = await world.as_("maya").post("/v1/pursuits", json={"opportunity_id": str(world["draft"])})
    elsewhere = await world.as_("ria").post("/v1/pursuits", json={"opportunity_id": str(world["internship"])})

    assert [hidden.status_code, draft.status_code, elsewhere.status_code] == [404, 404, 404]


async def test_an_opportunity_of_an_employer_that_is_not_vetted_cannot_be_pursued(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE employers SET status = 'suspended' WHERE id = %s", [world["clinic"]])

    answer = await world.as_("maya").post("/v1/pursuits", json={"opportunity_id": str(world["internship"])})

    assert answer.status_code == 409
    assert answer.json()["code"] == "not_open"


async def test_only_students_pursue(world: World) -> None:
    for name in ("omar", "ada", "clara", "ellis", "sam"):
        answer = await world.as_(name).post("/v1/pursuits", json={"opportunity_id": str(world["internship"])})

        assert answer.status_code == 403, name


async def test_a_student_known_to_be_too_young_or_too_old_is_refused(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    path, body = "/v1/pursuits", {"opportunity_id": str(world["internship"])}
    owner.execute("UPDATE opportunities SET minimum_age = 30 WHERE id = %s", [world["internship"]])
    young = await world.as_("maya").post(path, json=body)
    owner.execute(
        "UPDATE opportunities SET minimum_age = NULL, maximum_age = 12 WHERE id = %s", [world["internship"]]
    )
    old = await world.as_("maya").post(path, json=body, headers={"Accept-Language": "es"})

    assert (young.status_code, young.json()["code"]) == (409, "too_young")
    assert (old.status_code, old.json()["code"]) == (409, "too_old")
    assert "hasta 12 años" in old.json()["detail"]


async def test_an_unknown_age_is_confirmed_by_the_coordinator(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE opportunities SET minimum_age = 16 WHERE id = %s", [world["internship"]])
    owner.execute("UPDATE people SET born_on = NULL WHERE id = %s", [world["maya"]])
    asked = await request(world)

    silent = await world.as_("clara").post(
        f"/v1/pursuits/{asked['id']}/approve", version=asked["version"], json={}
    )
    approved = await act(world, "clara", asked, "approve", {"confirmed_checks": ["age_unknown"]})

    assert asked["checks"] == ["age_unknown"]
    assert silent.status_code == 422
    assert silent.json()["errors"][0]["pointer"] == "/confirmed_checks"
    assert seats_taken(owner, world) == 1
    assert approved["checks"] == []


async def test_an_approval_expires_at_the_end_of_the_day_at_the_school(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE schools SET zone = 'America/Chicago' WHERE id = %s", [world["north"]])
    expires_on = clock.now().date() + timedelta(days=10)
    asked = await request(world)

    approved = await act(world, "clara", asked, "approve", {"expires_on": expires_on.isoformat()})

    last = owner.execute(
        "SELECT (expires_at AT TIME ZONE 'America/Chicago')::text FROM pursuits WHERE id = %s", [asked["id"]]
    ).fetchone()
    assert last == (f"{expires_on} 23:59:59.999999",)
    assert approved["expires_on"] == expires_on.isoformat()


async def test_without_a_date_the_tenants_number_of_days_holds(world: World) -> None:
    await world.as_("ellis").patch("/v1/settings", version=0, json={"pursuit_days": 21})
    asked = await request(world)

    approved = await act(world, "clara", asked, "approve")

    days = date.fromisoformat(approved["expires_on"]) - clock.now().date()
    assert timedelta(days=20) <= days <= timedelta(days=21)


async def test_an_expiry_date_in_the_past_or_far_ahead_is_refused(world: World) -> None:
    asked = await request(world)

    for days in (-2, 200):
        answer = await world.as_("clara").post(
            f"/v1/pursuits/{asked['id']}/approve",
            version=asked["version"],
            json={"expires_on": (clock.now().date() + timedelta(days=days)).isoformat()},
        )

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/expires_on"


async def test_time_is_extended_once(world: World) -> None:
    def ahead(days: int) -> dict[str, str]:
        return {"expires_on": (clock.now().date() + timedelta(days=days)).isoformat()}

    approved = await act(world, "clara", await request(world), "approve", ahead(5))

    path = f"/v1/pursuits/{approved['id']}/extend"
    sooner = await world.as_("clara").post(path, version=approved["version"], json=ahead(4))
    extended = await act(world, "clara", approved, "extend", ahead(12))
    again = await world.as_("clara").post(path, version=extended["version"], json=ahead(20))

    assert sooner.status_code == 422
    assert extended["expires_on"] == ahead(12)["expires_on"]
    assert "extend" not in extended["allowed_actions"]
    assert (again.status_code, again.json()["code"]) == (409, "extended_before")


async def test_what_is_over_cannot_be_landed_although_the_clock_has_not_come_by(world: World) -> None:
    approved = await act(
        world, "clara", await request(world), "approve", {"expires_on": clock.now().date().isoformat()}
    )

    with clock.shifted(timedelta(days=3)):
        answer = await world.as_("maya").post(
            f"/v1/pursuits/{approved['id']}/land", version=approved["version"]
        )

    assert (answer.status_code, answer.json()["code"]) == (409, "time_over")


async def test_nobody_else_decides(world: World) -> None:
    asked = await request(world)
    path = f"/v1/pursuits/{asked['id']}"

    async def status(name: str, verb: str, body: dict[str, Any] | None = None) -> int:
        answer = await world.as_(name).post(f"{path}/{verb}", version=1, json=body or {})
        return answer.status_code

    assert await status("maya", "approve") == 403
    assert await status("ada", "approve") == 403
    assert await status("dario", "approve") == 404
    assert await status("cora", "approve") == 404
    assert await status("clara", "withdraw") == 403
    assert await status("leo", "withdraw") == 404
    assert await status("ben", "approve_start") == 404
    assert await status("clara", "approve_start") == 403
    assert await status("ellis", "approve") == 200


async def test_a_step_out_of_turn_is_refused(world: World) -> None:
    asked = await request(world)
    path = f"/v1/pursuits/{asked['id']}"

    landed = await world.as_("maya").post(f"{path}/land", version=1)
    stale = await world.as_("clara").post(f"{path}/approve", version=7, json={})
    blind = await world.as_("clara").post(f"{path}/approve", json={})
    missing = await world.as_("clara").post(f"/v1/pursuits/{world['maya']}/approve", version=1, json={})

    assert (landed.status_code, landed.json()["code"]) == (409, "wrong_state")
    assert stale.status_code == 412
    assert blind.status_code == 428
    assert missing.status_code == 404


async def test_a_paused_opportunity_admits_nobody(world: World, owner: psycopg.Connection[Any]) -> None:
    asked = await request(world)
    owner.execute("UPDATE opportunities SET status = 'paused' WHERE id = %s", [world["internship"]])

    answer = await world.as_("clara").post(f"/v1/pursuits/{asked['id']}/approve", version=1, json={})

    assert (answer.status_code, answer.json()["code"]) == (409, "not_open")
    assert seats_taken(owner, world) == 0


async def test_a_start_that_ends_before_it_begins_is_refused(world: World) -> None:
    approved = await act(world, "clara", await request(world), "approve")
    landed = await act(world, "maya", approved, "land")

    answer = await world.as_("maya").post(
        f"/v1/pursuits/{landed['id']}/request_start",
        version=landed["version"],
        json={**START, "ends_on": "2031-01-01"},
    )

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/ends_on"


async def test_everyone_sees_their_own_part_of_the_list(world: World) -> None:
    asked = await request(world)

    async def ids(name: str, **params: str) -> set[str]:
        answer = await world.as_(name).get("/v1/pursuits", params=params)
        assert answer.status_code == 200, answer.text
        return {item["id"] for item in answer.json()["items"]}

    leos = {str(world["leo_pursuit"]), str(world["leo_converted"])}
    assert await ids("maya") == {asked["id"]}
    assert await ids("omar") == {asked["id"]}
    assert await ids("rosa") == leos
    assert await ids("clara") == {asked["id"], *leos}
    assert await ids("ada", student_id=str(world["maya"])) == {asked["id"]}
    assert await ids("dario") == set()
    assert await ids("ben") == set()
    assert await ids("cora") == set()
    assert await ids("lakeside_sis") == {asked["id"], *leos}
    assert await ids("clara", status="converted") == {str(world["leo_converted"])}
    assert await ids("clara", opportunity_id=str(world["school_only"])) == {str(world["leo_converted"])}
    assert (await world.as_("sam").get("/v1/pursuits")).status_code == 403
    assert (await world.as_("clara").get("/v1/pursuits?stauts=x")).status_code == 422


async def test_the_list_knows_whose_turn_it_is(world: World) -> None:
    async def turns(name: str) -> set[str]:
        answer = await world.as_(name).get("/v1/pursuits", params={"needs_me": "true"})
        return {item["id"] for item in answer.json()["items"]} - {str(world["leo_pursuit"])}

    asked = await request(world)
    before = [await turns(name) for name in ("maya", "clara", "ada")]
    approved = await act(world, "clara", asked, "approve")
    landed = await act(world, "maya", approved, "land")
    between = [await turns(name) for name in ("maya", "clara", "ada")]
    await act(world, "maya", landed, "request_start", START)
    after = [await turns(name) for name in ("maya", "clara", "ada")]

    mine = {asked["id"]}
    assert before == [set(), mine, set()]
    assert between == [mine, set(), set()]
    assert after == [set(), set(), mine]
    rest = await world.as_("clara").get("/v1/pursuits", params={"needs_me": "false"})
    assert asked["id"] in {item["id"] for item in rest.json()["items"]}


async def test_the_list_goes_on_behind_a_cursor(world: World) -> None:
    await request(world)
    clara = world.as_("clara")

    first = await clara.get("/v1/pursuits", params={"limit": 2})
    second = await clara.get("/v1/pursuits", params={"limit": 2, "cursor": first.json()["next_cursor"]})

    seen = [item["id"] for page in (first, second) for item in page.json()["items"]]
    assert len(seen) == len(set(seen)) == 3
    assert second.json()["next_cursor"] is None


async def test_one_pursuit_is_read_by_those_it_concerns(world: World) -> None:
    path = f"/v1/pursuits/{world['leo_pursuit']}"

    seen = {name: (await world.as_(name).get(path)).status_code for name in ("leo", "rosa", "ada", "clara")}
    unseen = {name: (await world.as_(name).get(path)).status_code for name in ("maya", "omar", "ben", "cora")}

    assert set(seen.values()) == {200}
    assert set(unseen.values()) == {404}
