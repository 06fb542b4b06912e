"""Students' places in sessions over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from tests.sessioning import LINK, at, enroll, make_session, read_session
from tests.world import World

PATH = "/v1/session_enrollments"


async def test_a_student_takes_a_seat(world: World, owner: psycopg.Connection[Any]) -> None:
    made = await make_session(world)

    place = await enroll(world, "maya", made["id"])

    assert place["status"] == "enrolled"
    assert place["session"]["opportunity_title"] == "Veterinary assistant internship"
    assert place["allowed_actions"] == ["withdraw"]
    seen = await read_session(world, "maya", made["id"])
    assert (seen["seats_free"], seen["enrolled"]) == (1, 1)
    assert seen["my_enrollment"] == {"id": place["id"], "status": "enrolled", "audio_only": False}
    assert "enroll" not in seen["allowed_actions"]
    row = owner.execute(
        "SELECT actor_person_id, person_id FROM events WHERE action = 'session_enrollment.create'"
    ).fetchone()
    assert row == (world["maya"], world["maya"])


async def test_a_full_session_offers_the_line_and_a_seat_that_returns_goes_to_the_first_in_it(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world, seats=1)
    place = await enroll(world, "maya", made["id"])

    full = await world.as_("leo").post(PATH, json={"session_id": made["id"]})
    entry = (await world.as_("leo").post("/v1/waiting_entries", json={"session_id": made["id"]})).json()
    last = (await world.as_("ines").post("/v1/waiting_entries", json={"session_id": made["id"]})).json()
    assert (full.status_code, full.json()["code"]) == (409, "full")
    assert (await read_session(world, "ines", made["id"]))["allowed_actions"] == ["join_line"]
    left = await world.as_("maya").post(f"{PATH}/{place['id']}/withdraw", json={}, version=1)
    offered = (await world.as_("leo").get(f"/v1/waiting_entries/{entry['id']}")).json()
    taken = await world.as_("leo").post(
        f"/v1/waiting_entries/{entry['id']}/accept", version=offered["version"]
    )

    assert left.json()["status"] == "withdrawn"
    assert offered["status"] == "offered"
    assert taken.status_code == 200, taken.text
    mine = (await world.as_("leo").get(PATH, params={"status": "enrolled"})).json()["items"]
    assert [item["session"]["id"] for item in mine] == [made["id"]]
    assert (await world.as_("ines").get(f"/v1/waiting_entries/{last['id']}")).json()["status"] == "waiting"
    assert owner.execute("SELECT seats_taken FROM opportunity_sessions").fetchone() == (1,)


async def test_leaving_and_coming_back_is_behind_everybody(world: World) -> None:
    made = await make_session(world, seats=1)
    place = await enroll(world, "maya", made["id"])
    await world.as_("leo").post("/v1/waiting_entries", json={"session_id": made["id"]})
    await world.as_("maya").post(f"{PATH}/{place['id']}/withdraw", json={}, version=1)

    again = await world.as_("maya").post(PATH, json={"session_id": made["id"]})

    assert again.json()["code"] == "full"


async def test_nobody_enrols_twice_or_in_two_places_at_once(world: World) -> None:
    made = await make_session(world)
    same_time = await make_session(world, starts_at=at(3, 1))
    after = await make_session(world, starts_at=at(3, 2))
    await enroll(world, "maya", made["id"])

    twice = await world.as_("maya").post(PATH, json={"session_id": made["id"]})
    busy = await world.as_("maya").post(PATH, json={"session_id": same_time["id"]})

    assert (twice.status_code, twice.json()["code"]) == (409, "enrolled_already")
    assert (busy.status_code, busy.json()["code"]) == (409, "student_busy")
    assert (await enroll(world, "maya", after["id"]))["status"] == "enrolled"


async def test_a_repeated_request_takes_one_seat(world: World, owner: psycopg.Connection[Any]) -> None:
    made = await make_session(world)
    key = {"Idempotency-Key": "my-place"}

    answers = [
        await world.as_("maya").post(PATH, json={"session_id": made["id"]}, headers=key) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[1].headers["idempotent-replayed"] == "true"
    assert owner.execute("SELECT seats_taken FROM opportunity_sessions").fetchone() == (1,)


async def test_the_recording_policy_is_shown_before_enrolling(world: World) -> None:
    made = await make_session(world, virtual=True, join_url=LINK, recording="always")

    unseen = await world.as_("maya").post(PATH, json={"session_id": made["id"]})
    another = await world.as_("maya").post(PATH, json={"session_id": made["id"], "recording_seen": "asked"})

    assert (await read_session(world, "maya", made["id"]))["recording"] == "always"
    for answer in (unseen, another):
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["pointer"] == "/recording_seen"
    assert (await enroll(world, "maya", made["id"], recording_seen="always"))["join_url"] == LINK


async def test_a_student_without_video_consent_takes_part_by_audio_alone(world: World) -> None:
    made = await make_session(world, virtual=True, join_url=LINK)
    meeting = await make_session(world, starts_at=at(4))

    assert (await enroll(world, "maya", made["id"]))["audio_only"] is True
    assert (await enroll(world, "maya", meeting["id"]))["audio_only"] is False


@pytest.mark.parametrize(
    ("minimum", "born", "code"),
    [(18, "17 years", "too_young"), (14, None, "needs_the_staff"), (14, "17 years", None)],
)
async def test_the_age_is_that_of_the_day(
    world: World, owner: psycopg.Connection[Any], minimum: int, born: str | None, code: str | None
) -> None:
    owner.execute("UPDATE opportunities SET minimum_age = %s WHERE id = %s", [minimum, world["internship"]])
    owner.execute(
        "UPDATE people SET born_on = current_date - %s::interval WHERE id = %s", [born, world["maya"]]
    )
    made = await make_session(world)

    answer = await world.as_("maya").post(PATH, json={"session_id": made["id"]})

    assert (answer.status_code, answer.json().get("code")) == ((409, code) if code else (201, None))


async def test_the_staff_enrols_whom_it_looks_after_and_confirms_what_nobody_knows(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE opportunities SET minimum_age = 14 WHERE id = %s", [world["internship"]])
    owner.execute("UPDATE people SET born_on = NULL WHERE id = %s", [world["maya"]])
    made = await make_session(world)
    body = {"session_id": made["id"], "student_id": str(world["maya"])}

    unconfirmed = await world.as_("ada").post(PATH, json=body)
    confirmed = await world.as_("ada").post(PATH, json={**body, "confirmed_checks": ["age_unknown"]})
    elsewhere = await world.as_("dario").post(PATH, json=body)
    guardian = await world.as_("omar").post(PATH, json=body)
    not_a_student = await world.as_("clara").post(PATH, json={**body, "student_id": str(world["ada"])})
    oneself = await world.as_("clara").post(PATH, json={"session_id": made["id"]})

    assert unconfirmed.json()["code"] == "checks_unconfirmed"
    assert confirmed.status_code == 201, confirmed.text
    assert (elsewhere.status_code, guardian.status_code) == (422, 403)
    assert not_a_student.json()["errors"][0]["code"] == "unknown_student"
    assert oneself.json()["errors"][0]["code"] == "missing"


async def test_the_staff_says_why_it_withdraws_a_student(world: World) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])
    path = f"{PATH}/{place['id']}/withdraw"

    silent = await world.as_("clara").post(path, json={}, version=1)
    stranger = await world.as_("dario").post(path, json={"reason": "No."}, version=1)
    friend = await world.as_("leo").post(path, json={}, version=1)
    done = await world.as_("clara").post(path, json={"reason": "Field trip that day."}, version=1)

    assert silent.status_code == 422
    assert (stranger.status_code, friend.status_code) == (404, 404)
    assert done.json()["decision_reason"] == "Field trip that day."


async def test_who_is_coming_is_known_by_name_to_the_school_and_by_initial_to_the_host(world: World) -> None:
    made = await make_session(world, seats=3)
    await enroll(world, "maya", made["id"])
    await enroll(world, "ines", made["id"])

    async def names(who: str) -> set[str]:
        listed = (await world.as_(who).get(PATH, params={"session_id": made["id"]})).json()["items"]
        return {f"{item['student']['given_name']} {item['student']['family_name']}" for item in listed}

    assert await names("clara") == {"Maya Mayason", "Ines I."}
    assert await names("sam") == {"Maya M.", "Ines I."}
    assert await names("dario") == {"Ines Inesson"}
    assert await names("maya") == {"Maya Mayason"}
    assert await names("omar") == {"Maya Mayason"}
    assert await names("rosa") == set()
    assert await names("cora") == set()


async def test_what_has_begun_cannot_be_joined_or_left(world: World) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])

    with clock.shifted(timedelta(days=3, minutes=5)):
        join = await world.as_("leo").post(PATH, json={"session_id": made["id"]})
        leave = await world.as_("maya").post(f"{PATH}/{place['id']}/withdraw", json={}, version=1)
        seen = (await world.as_("maya").get(f"{PATH}/{place['id']}")).json()

    assert (join.json()["code"], leave.json()["code"]) == ("begun", "begun")
    assert seen["allowed_actions"] == []


@pytest.mark.parametrize("status", ["paused", "hidden", "archived"])
async def test_the_dates_of_what_is_not_offered_now_are_not_open(
    world: World, owner: psycopg.Connection[Any], status: str
) -> None:
    made = await make_session(world)
    owner.execute("UPDATE opportunities SET status = %s WHERE id = %s", [status, world["internship"]])

    answer = await world.as_("maya").post(PATH, json={"session_id": made["id"]})
    by_staff = await world.as_("clara").post(
        PATH, json={"session_id": made["id"], "student_id": str(world["maya"])}
    )

    assert answer.status_code == 404
    assert by_staff.json()["code"] == "not_open"


async def test_across_tenants_nothing_exists(world: World) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])

    answers = [
        await world.as_("ria").post(PATH, json={"session_id": made["id"]}),
        await world.as_("cora").get(f"{PATH}/{place['id']}"),
        await world.as_("dora").post(f"{PATH}/{place['id']}/withdraw", json={"reason": "x"}, version=1),
    ]

    assert [answer.status_code for answer in answers] == [404, 404, 404]


async def test_why_a_student_was_withdrawn_is_for_those_who_know_the_student(world: World) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])
    other = await enroll(world, "ines", made["id"])
    await world.as_("clara").post(
        f"{PATH}/{place['id']}/withdraw", json={"reason": "Surgery that day."}, version=1
    )
    taken_out = await world.as_("clara").post(
        f"{PATH}/{other['id']}/withdraw", json={"reason": "Too far away."}, version=1
    )

    async def reasons(who: str) -> set[str | None]:
        listed = (await world.as_(who).get(PATH, params={"session_id": made["id"]})).json()["items"]
        return {item["decision_reason"] for item in listed}

    assert await reasons("sam") == {None}
    assert await reasons("maya") == await reasons("omar") == await reasons("ada") == {"Surgery that day."}
    assert await reasons("dario") == await reasons("ines") == {"Too far away."}
    assert taken_out.json()["decision_reason"] == "Too far away."


async def test_the_services_own_reason_is_read_in_the_readers_language(world: World) -> None:
    made = await make_session(world)
    place = await enroll(world, "maya", made["id"])
    path = f"{PATH}/{place['id']}"
    await world.as_("maya").post(f"{path}/withdraw", json={}, version=1)

    english = await world.as_("maya").get(path, headers={"Accept-Language": "en"})
    spanish = await world.as_("maya").get(path, headers={"Accept-Language": "es-MX"})
    (listed,) = (await world.as_("maya").get(PATH, headers={"Accept-Language": "es"})).json()["items"]

    assert english.json()["decision_reason"] == "the student chose not to come"
    assert spanish.json()["decision_reason"] == "el estudiante decidió no asistir"
    assert listed["decision_reason"] == "el estudiante decidió no asistir"


async def test_nobody_gets_two_places_at_one_time_by_asking_at_once(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = [await make_session(world, starts_at=at(3, half / 2)) for half in range(3)]

    answers = await asyncio.gather(
        *(world.as_("maya").post(PATH, json={"session_id": each["id"]}) for each in (*made, made[0]))
    )

    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert owner.execute("SELECT sum(seats_taken) FROM opportunity_sessions").fetchone() == (1,)


async def test_nobody_enrols_where_the_employer_is_not_vetted_any_more(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await make_session(world)
    owner.execute("UPDATE employers SET status = 'suspended' WHERE id = %s", [world["clinic"]])

    answer = await world.as_("maya").post(PATH, json={"session_id": made["id"]})

    assert answer.json()["code"] == "not_open"
