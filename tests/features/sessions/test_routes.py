"""Sessions over HTTP: set a date, change it, cancel it, see who came."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from tests.sessioning import LINK, at, enroll, make_session, read_session, session_body
from tests.world import World

PATH = "/v1/opportunity_sessions"


def events(owner: psycopg.Connection[Any], action: str) -> list[tuple[Any, ...]]:
    """Return (reason, facts) of the events of an action."""
    return owner.execute(
        "SELECT reason, facts FROM events WHERE action = %s ORDER BY id", [action]
    ).fetchall()


async def test_a_coordinator_sets_a_date_and_students_find_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world, host_contact_id=str(world["cousin"]), place_note="At the front desk")

    answer = await world.as_("maya").get(PATH, params={"opportunity_id": str(world["internship"])})

    (seen,) = answer.json()["items"]
    assert seen["id"] == made["id"]
    assert seen["host"] == {"name": "Vera V.", "job_title": None}
    assert (seen["seats_free"], seen["enrolled"], seen["zone"]) == (2, 0, "America/New_York")
    assert seen["allowed_actions"] == ["enroll"]
    assert made["allowed_actions"] == ["cancel", "reserve", "update"]
    ((_, facts),) = events(owner, "opportunity_session.create")
    assert facts["seats"] == 2


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"starts_at": at(-1)}, "/starts_at"),
        ({"ends_at": at(2)}, "/ends_at"),
        ({"ends_at": at()}, "/ends_at"),
        ({"seats": 0}, "/seats"),
        ({"minimum_enrollment": 3}, "/minimum_enrollment"),
        ({"starts_at": at(0, 5), "minimum_enrollment": 1}, "/minimum_enrollment"),
        ({"place_note": "Ask for Sam, +1 317 555 0134"}, "/place_note"),
        ({"place_note": "Write to sam@clinic.example"}, "/place_note"),
        ({"join_url": LINK}, "/join_url"),
        ({"recording": "always"}, "/recording"),
        ({"virtual": True, "join_url": "http://meet.example.org"}, "/join_url"),
        ({"virtual": True, "join_url": "javascript:alert(1)"}, "/join_url"),
        ({"virtual": True, "join_url": "https://me:pass@meet.example.org/"}, "/join_url"),
        ({"place_note": "<script>alert(1)</script>"}, "/place_note"),
        ({"place_note": "desk \u202e ksed"}, "/place_note"),
        ({"place_note": "x" * 100_000}, "/place_note"),
    ],
)
async def test_what_cannot_be_is_refused_at_its_field(
    world: World, changes: dict[str, Any], pointer: str
) -> None:
    answer = await world.as_("clara").post(PATH, json=session_body(world, **changes))

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer


async def test_a_host_has_one_session_at_a_time(world: World) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    await make_session(world, **cousin)

    overlapping = await world.as_("clara").post(PATH, json=session_body(world, starts_at=at(3, 1), **cousin))
    behind = await world.as_("clara").post(PATH, json=session_body(world, starts_at=at(3, 2), **cousin))
    nobody = await world.as_("clara").post(PATH, json=session_body(world, starts_at=at(3, 1)))

    assert overlapping.status_code == 422
    assert overlapping.json()["code"] == "host_busy"
    assert (behind.status_code, nobody.status_code) == (201, 201)


async def test_a_host_has_agreed_and_belongs_to_the_employer(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    student = await world.as_("clara").post(PATH, json=session_body(world, host_person_id=str(world["maya"])))
    cousin = {"host_contact_id": str(world["cousin"])}
    owner.execute("UPDATE contacts SET employer_id = %s WHERE id = %s", [world["garage"], world["cousin"]])
    of_another = await world.as_("clara").post(PATH, json=session_body(world, **cousin))
    owner.execute("UPDATE contacts SET employer_id = %s WHERE id = %s", [world["clinic"], world["cousin"]])
    both = await world.as_("clara").post(
        PATH,
        json=session_body(world, host_person_id=str(world["sam"]), host_contact_id=str(world["cousin"])),
    )
    owner.execute("UPDATE contacts SET status = 'paused' WHERE id = %s", [world["cousin"]])
    on_a_break = await world.as_("clara").post(
        PATH, json=session_body(world, host_contact_id=str(world["cousin"]))
    )

    for answer in (student, of_another, both, on_a_break):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["code"] == "unknown_host"
    assert (await make_session(world, host_person_id=str(world["sam"])))["host"]["name"] == "Sam S."


async def test_only_those_who_look_after_a_listing_give_it_dates(world: World) -> None:
    body = session_body(world)

    answers = {
        who: (await world.as_(who).post(PATH, json=body)).status_code
        for who in ("maya", "rosa", "sam", "ada", "dario", "cora", "ellis")
    }

    assert answers == {
        "maya": 403,
        "rosa": 403,
        "sam": 403,
        "ada": 403,
        "dario": 403,
        "cora": 404,
        "ellis": 201,
    }


async def test_the_date_of_a_draft_is_not_for_students(world: World) -> None:
    made = await make_session(world, opportunity="draft")

    assert (await world.as_("maya").get(f"{PATH}/{made['id']}")).status_code == 404
    assert (await world.as_("clara").get(f"{PATH}/{made['id']}")).status_code == 200
    assert (await world.as_("cora").get(f"{PATH}/{made['id']}")).status_code == 404


async def test_seats_never_fall_below_those_taken(world: World) -> None:
    made = await make_session(world)
    await enroll(world, "maya", made["id"])
    await enroll(world, "leo", made["id"])

    answer = await world.as_("clara").patch(f"{PATH}/{made['id']}", json={"seats": 1}, version=1)

    assert answer.status_code == 422
    assert answer.json()["code"] == "fewer_seats_than_taken"


async def test_a_session_is_moved_from_the_version_that_was_read(world: World) -> None:
    made = await make_session(world)
    moved = at(5).isoformat()
    later = {"starts_at": moved, "ends_at": at(5, 1).isoformat()}

    without = await world.as_("clara").patch(f"{PATH}/{made['id']}", json=later)
    stale = await world.as_("clara").patch(f"{PATH}/{made['id']}", json=later, version=9)
    done = await world.as_("clara").patch(f"{PATH}/{made['id']}", json=later, version=1)

    assert (without.status_code, stale.status_code, done.status_code) == (428, 412, 200)
    assert done.json()["version"] == 2
    assert done.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    "changes",
    [{"starts_at": at(-1).isoformat()}, {"ends_at": at(1).isoformat()}, {"seats": None}, {"starts_at": None}],
)
async def test_a_change_is_held_to_the_same_rules(world: World, changes: dict[str, Any]) -> None:
    made = await make_session(world)

    answer = await world.as_("clara").patch(f"{PATH}/{made['id']}", json=changes, version=1)

    assert answer.status_code == 422


async def test_a_session_with_a_minimum_is_not_moved_to_where_it_would_be_decided_at_once(
    world: World,
) -> None:
    made = await make_session(world, minimum_enrollment=1)
    path = f"{PATH}/{made['id']}"

    soon = {"starts_at": at(0, 5).isoformat(), "ends_at": at(0, 6).isoformat()}
    refused = await world.as_("clara").patch(path, json=soon, version=1)
    without = await world.as_("clara").patch(path, json={**soon, "minimum_enrollment": 0}, version=1)

    assert (refused.json()["code"], without.status_code) == ("too_late_for_a_minimum", 200)


async def test_why_a_session_falls_holds_no_way_to_write_to_anybody(world: World) -> None:
    made = await make_session(world)

    answer = await world.as_("clara").post(
        f"{PATH}/{made['id']}/cancel", json={"reason": "Ask sam@clinic.example."}, version=1
    )

    assert answer.json()["errors"][0]["pointer"] == "/reason"


async def test_nothing_more_is_recorded_than_the_enrolled_were_told(world: World) -> None:
    made = await make_session(world, virtual=True, join_url=LINK, recording="asked")
    await enroll(world, "maya", made["id"], recording_seen="asked")

    more = await world.as_("clara").patch(f"{PATH}/{made['id']}", json={"recording": "always"}, version=1)
    less = await world.as_("clara").patch(f"{PATH}/{made['id']}", json={"recording": "none"}, version=1)

    assert more.json()["code"] == "recording_promised"
    assert less.status_code == 200


async def test_a_cancelled_session_lets_everybody_go_with_the_reason(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world, seats=1)
    place = await enroll(world, "maya", made["id"])
    waiting = await world.as_("leo").post("/v1/waiting_entries", json={"session_id": made["id"]})
    assert waiting.status_code == 201, waiting.text

    answer = await world.as_("clara").post(
        f"{PATH}/{made['id']}/cancel", json={"reason": "The vet is ill."}, version=1
    )

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "cancelled"
    assert answer.json()["allowed_actions"] == []
    mine = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert (mine["status"], mine["decision_reason"]) == ("cancelled", "The vet is ill.")
    line = (await world.as_("leo").get(f"/v1/waiting_entries/{waiting.json()['id']}")).json()
    assert line["status"] == "closed"
    assert [reason for reason, _ in events(owner, "session_enrollment.cancel")] == ["The vet is ill."]
    again = await world.as_("clara").post(f"{PATH}/{made['id']}/cancel", json={"reason": "Again."}, version=2)
    assert again.status_code == 409


async def test_a_cancelled_hour_is_free_for_the_host_again(world: World) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    made = await make_session(world, **cousin)
    await world.as_("clara").post(f"{PATH}/{made['id']}/cancel", json={"reason": "Moved."}, version=1)

    assert (await make_session(world, **cousin))["status"] == "scheduled"


async def test_who_came_is_recorded_once_it_has_begun(world: World, owner: psycopg.Connection[Any]) -> None:
    made = await make_session(world)
    maya, leo = [await enroll(world, who, made["id"]) for who in ("maya", "leo")]
    path = f"{PATH}/{made['id']}/record_attendance"
    body = {"attended": [maya["id"]], "no_show": [leo["id"]]}

    early = await world.as_("clara").post(path, json=body, version=1)
    with clock.shifted(timedelta(days=3, hours=1)):
        done = await world.as_("clara").post(path, json=body, version=1)

    assert early.json()["code"] == "not_begun"
    assert done.status_code == 200, done.text
    assert "record_attendance" in done.json()["allowed_actions"]
    seen = (await world.as_("clara").get("/v1/session_enrollments", params={"session_id": made["id"]})).json()
    assert {item["student"]["given_name"]: item["status"] for item in seen["items"]} == {
        "Maya": "attended",
        "Leo": "no_show",
    }
    ((_, facts),) = events(owner, "opportunity_session.record_attendance")
    assert facts == {"attended": 1, "no_show": 1, "changed": 2}


async def test_attendance_can_be_put_right_and_names_places_of_this_session_once(world: World) -> None:
    made, other = await make_session(world), await make_session(world, starts_at=at(4))
    maya, elsewhere = await enroll(world, "maya", made["id"]), await enroll(world, "maya", other["id"])
    leo = await enroll(world, "leo", made["id"])
    await world.as_("leo").post(f"/v1/session_enrollments/{leo['id']}/withdraw", json={}, version=1)
    path = f"{PATH}/{made['id']}/record_attendance"
    with clock.shifted(timedelta(days=3, hours=1)):
        gone = await world.as_("clara").post(path, json={"attended": [leo["id"]]}, version=1)
        first = await world.as_("clara").post(path, json={"no_show": [maya["id"]]}, version=1)

        right = await world.as_("sam").post(
            path, json={"attended": [maya["id"]]}, version=first.json()["version"]
        )
        version = right.json()["version"]
        strange = await world.as_("clara").post(path, json={"attended": [elsewhere["id"]]}, version=version)
        twice = await world.as_("clara").post(
            path, json={"attended": [maya["id"]], "no_show": [maya["id"]]}, version=version
        )

    assert right.status_code == 200, right.text
    assert (await world.as_("maya").get(f"/v1/session_enrollments/{maya['id']}")).json()[
        "status"
    ] == "attended"
    assert gone.json()["errors"][0]["code"] == "unknown_place"
    assert strange.json()["errors"][0]["code"] == "unknown_place"
    assert twice.json()["errors"][0]["code"] == "named_twice"


async def test_what_has_begun_is_not_changed_any_more(world: World) -> None:
    made = await make_session(world)

    with clock.shifted(timedelta(days=3, hours=1)):
        change = await world.as_("clara").patch(f"{PATH}/{made['id']}", json={"seats": 5}, version=1)
        cancel = await world.as_("clara").post(
            f"{PATH}/{made['id']}/cancel", json={"reason": "No"}, version=1
        )
        seen = await read_session(world, "clara", made["id"])

    assert (change.status_code, cancel.status_code) == (409, 409)
    assert seen["allowed_actions"] == ["record_attendance"]


async def test_the_join_link_is_for_the_enrolled_and_those_who_run_it(world: World) -> None:
    made = await make_session(world, virtual=True, join_url=LINK)
    await enroll(world, "maya", made["id"])

    links = {
        who: (await read_session(world, who, made["id"]))["join_url"]
        for who in ("maya", "leo", "ines", "omar", "rosa", "ada", "dario", "clara", "sam", "ellis")
    }

    assert {who for who, link in links.items() if link == LINK} == {"maya", "clara", "sam", "ellis"}
    assert set(links.values()) == {LINK, None}


async def test_a_student_who_left_does_not_see_the_join_link_any_more(world: World) -> None:
    made = await make_session(world, virtual=True, join_url=LINK)
    place = await enroll(world, "maya", made["id"])
    await world.as_("maya").post(f"/v1/session_enrollments/{place['id']}/withdraw", json={}, version=1)

    assert (await read_session(world, "maya", made["id"]))["join_url"] is None
    mine = (await world.as_("maya").get(f"/v1/session_enrollments/{place['id']}")).json()
    assert (mine["status"], mine["join_url"]) == ("withdrawn", None)


async def test_the_list_is_narrowed_and_paged_in_the_order_of_the_dates(world: World) -> None:
    made = [await make_session(world, starts_at=at(days)) for days in (5, 3, 4)]
    await enroll(world, "maya", made[0]["id"])

    first = (await world.as_("maya").get(PATH, params={"limit": 2})).json()
    rest = (await world.as_("maya").get(PATH, params={"limit": 2, "cursor": first["next_cursor"]})).json()
    mine = (await world.as_("maya").get(PATH, params={"mine": True})).json()
    later = (
        await world.as_("maya").get(PATH, params={"ends_after": (at(4) + timedelta(hours=3)).isoformat()})
    ).json()
    forged = await world.as_("maya").get(PATH, params={"cursor": "x"})
    other_query = await world.as_("maya").get(PATH, params={"cursor": first["next_cursor"]})

    assert [item["id"] for item in first["items"] + rest["items"]] == [made[i]["id"] for i in (1, 2, 0)]
    assert [item["id"] for item in mine["items"]] == [made[0]["id"]]
    assert [item["id"] for item in later["items"]] == [made[0]["id"]]
    assert (forged.status_code, other_query.status_code) == (422, 422)


async def test_the_list_is_of_what_is_to_come_and_a_filter_gives_the_past_from_its_end(world: World) -> None:
    first, second, third = [(await make_session(world, starts_at=at(days)))["id"] for days in (3, 4, 5)]
    over = (at(4) + timedelta(hours=3)).isoformat()

    async def listed(**params: Any) -> list[str]:
        answer = await world.as_("clara").get(PATH, params=params)
        assert answer.status_code == 200, answer.text
        return [item["id"] for item in answer.json()["items"]]

    with clock.shifted(timedelta(days=4, hours=1)):
        while_it_goes_on = await listed()
    with clock.shifted(timedelta(days=4, hours=3)):
        found = {when: await listed(when=when) for when in ("coming", "past", "any")}
        left_out, before, after = (
            await listed(),
            await listed(starts_before=over),
            await listed(ends_after=over),
        )
        page = (await world.as_("clara").get(PATH, params={"when": "past", "limit": 1})).json()
        rest = await listed(when="past", limit=1, cursor=page["next_cursor"])
        wrong = await world.as_("clara").get(PATH, params={"when": "yesterday"})

    assert while_it_goes_on == [second, third]
    assert found == {"coming": [third], "past": [second, first], "any": [first, second, third]}
    assert (left_out, before, after) == ([third], [first, second], [third])
    assert ([page["items"][0]["id"]], rest) == ([second], [first])
    assert wrong.status_code == 422


async def test_what_took_place_is_listed_where_it_is_asked_for(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world)
    owner.execute(
        "UPDATE opportunity_sessions SET status = 'held', starts_at = now() - interval '3 hours',"
        " ends_at = now() - interval '1 hour'"
    )

    (held,) = (await world.as_("clara").get(PATH, params={"status": "held"})).json()["items"]

    assert held["id"] == made["id"]
    assert (await world.as_("clara").get(PATH)).json()["items"] == []


@pytest.mark.parametrize(
    ("days", "hours", "virtual", "enrolled", "actions"),
    [
        (0, 0, False, 0, {"reserve"}),
        (0, 0, False, 1, {"reserve", "draw_speed_rounds"}),
        (0, 0, True, 1, {"reserve"}),
        (0, 0, True, 2, {"reserve", "draw_speed_rounds"}),
        (3, 1, False, 2, {"draw_speed_rounds"}),
        (3, 3, False, 2, set()),
    ],
)
async def test_a_rota_and_reserves_are_offered_exactly_when_they_can_be_made(
    world: World,
    days: float,
    hours: float,
    virtual: bool,
    enrolled: int,
    actions: set[str],
) -> None:
    made = await make_session(world, virtual=virtual)
    for who in ("maya", "leo")[:enrolled]:
        await enroll(world, who, made["id"])

    with clock.shifted(timedelta(days=days, hours=hours)):
        offered = {
            who: {"draw_speed_rounds", "reserve"}
            & {*(await read_session(world, who, made["id"]))["allowed_actions"]}
            for who in ("clara", "sam", "maya", "ellis", "ada")
        }
        drawn = await world.as_("clara").post(
            f"{PATH}/{made['id']}/draw_speed_rounds",
            json={
                "professionals": [{"contact_id": str(world["cousin"])}],
                "rounds": 1,
                "minutes": 10,
                "smallest_table": 2 if virtual else 1,
            },
            version=1,
        )
        version = (await read_session(world, "clara", made["id"]))["version"]
        kept = await world.as_("clara").put(
            f"{PATH}/{made['id']}/reserves", json={"reserves": []}, version=version
        )

    nothing: set[str] = set()
    assert offered == {"clara": actions, "sam": nothing, "maya": nothing, "ellis": actions, "ada": nothing}
    assert {
        name
        for name, answer in (("draw_speed_rounds", drawn), ("reserve", kept))
        if answer.status_code == 200
    } == actions


async def test_an_archived_listing_gets_no_new_dates(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE opportunities SET status = 'archived' WHERE id = %s", [world["internship"]])

    answer = await world.as_("clara").post(PATH, json=session_body(world))

    assert (answer.status_code, answer.json()["code"]) == (409, "listing_over")


async def test_a_repeated_request_makes_one_session(world: World, owner: psycopg.Connection[Any]) -> None:
    body, key = session_body(world), {"Idempotency-Key": "once-and-no-more"}

    answers = [await world.as_("clara").post(PATH, json=body, headers=key) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    assert owner.execute("SELECT count(*) FROM opportunity_sessions").fetchone() == (1,)


async def test_of_two_who_ask_for_one_host_at_once_one_gets_the_time(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    bodies = [
        session_body(world, starts_at=at(3, half / 2), host_contact_id=str(world["cousin"]))
        for half in range(4)
    ]

    answers = await asyncio.gather(*(world.as_("clara").post(PATH, json=body) for body in bodies))

    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert owner.execute("SELECT count(*) FROM opportunity_sessions").fetchone() == (1,)


async def test_a_session_is_moved_over_its_own_time_and_not_over_another_of_its_host(world: World) -> None:
    cousin = {"host_contact_id": str(world["cousin"])}
    made = await make_session(world, **cousin)
    await make_session(world, starts_at=at(3, 4), **cousin)
    path = f"{PATH}/{made['id']}"

    own = await world.as_("clara").patch(path, json={"ends_at": at(3, 3).isoformat()}, version=1)
    another = await world.as_("clara").patch(path, json={"ends_at": at(3, 5).isoformat()}, version=2)

    assert own.status_code == 200, own.text
    assert another.json()["code"] == "host_busy"
