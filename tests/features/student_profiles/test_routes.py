"""Students' profiles over HTTP: written by the student, read by those who help, gone with the student."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core.jobs import working
from app.domain.availability import grid_of, grid_text
from app.domain.travel import TravelMode
from app.features.student_profiles import jobs
from app.features.student_profiles import service as student_profiles
from tests.network import workshop
from tests.world import World

WEEK = grid_text(grid_of([{"day": "mon", "from": "14:00", "to": "17:00"}]))
HOME = {"latitude": 41.881912, "longitude": -87.627849}
WHOLE: dict[str, Any] = {
    "clusters": ["agriculture", "education", "agriculture"],
    "skills": ["teamwork", "teamwork"],
    "tags": ["  Horses ", "horses", "street   art"],
    "availability": WEEK.upper(),
    "home": HOME,
    "travel_mode": "bike",
    "travel_minutes": 25,
}
NIGHT = datetime(2031, 5, 4, 3, 20, tzinfo=UTC)


def _path(world: World, student: str = "maya") -> str:
    return f"/v1/students/{world[student]}/profile"


async def _write(world: World, student: str = "maya", *, version: int = 0, **changes: Any) -> httpx.Response:
    body = changes or WHOLE
    return await world.as_(student).patch(_path(world, student), json=body, version=version)


async def test_before_anything_is_written_there_is_an_empty_profile_to_change(world: World) -> None:
    found = await world.as_("maya").get(_path(world))

    assert found.status_code == 200
    assert found.headers["ETag"] == '"0"'
    assert found.json() == {
        "student_id": str(world["maya"]),
        "clusters": [], "skills": [], "tags": [],
        "riasec": None, "strongest_interests": [], "suggested_clusters": [],
        "availability": None, "free": None, "home": None, "home_known": False,
        "travel_mode": None, "travel_minutes": None,
        "version": 0, "allowed_actions": ["update"],
    }  # fmt: skip


async def test_a_student_says_what_they_like_when_they_can_and_from_where(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    answer = await _write(world)

    found = answer.json()
    assert answer.status_code == 200, answer.text
    assert answer.headers["ETag"] == '"1"'
    assert (found["clusters"], found["skills"]) == (["agriculture", "education"], ["teamwork"])
    assert found["tags"] == ["horses", "street art"]
    assert found["availability"] == WEEK
    assert found["free"] == [{"day": "mon", "from": "14:00", "to": "17:00"}]
    assert found["home"] == {"latitude": 41.882, "longitude": -87.628}
    assert (found["travel_mode"], found["travel_minutes"]) == ("bike", 25)
    assert found["allowed_actions"] == ["erase", "update"]
    assert (await world.as_("maya").get(_path(world))).json() == found
    kept = owner.execute("SELECT home_latitude, home_longitude, length(availability) FROM student_profiles")
    assert kept.fetchall() == [(41.882, -87.628, 336)]
    ((action, person, changed, facts),) = owner.execute(
        "SELECT action, person_id, changed, facts FROM events WHERE subject_type = 'student_profile'"
    ).fetchall()
    assert (action, person, facts) == ("student_profile.update", world["maya"], {})
    assert {"availability", "home_latitude", "tags"} <= set(changed)


async def test_a_week_can_be_said_in_words_as_well(world: World) -> None:
    words = [{"day": "tue", "from": "09:00", "to": "10:15"}, {"day": "tue", "from": "10:00", "to": "12:00"}]

    answer = await _write(world, free=words)
    taken_away = await _write(world, version=1, free=None)

    assert answer.json()["free"] == [{"day": "tue", "from": "09:00", "to": "12:00"}]
    assert answer.json()["availability"] == grid_text(grid_of(words))
    assert (taken_away.json()["free"], taken_away.json()["availability"]) == (None, None)


async def test_what_is_left_out_stays_and_null_takes_away(world: World) -> None:
    await _write(world)

    answer = await _write(world, version=1, home=None, travel_minutes=None, tags=[])

    found = answer.json()
    assert (found["home"], found["home_known"], found["travel_minutes"], found["tags"]) == (
        None,
        False,
        None,
        [],
    )
    assert (found["travel_mode"], found["availability"], found["version"]) == ("bike", WEEK, 2)


@pytest.mark.parametrize("who", ["omar", "ada", "clara"])
async def test_those_who_help_read_it_without_the_home(who: str, world: World) -> None:
    await _write(world)

    found = (await world.as_(who).get(_path(world))).json()

    assert found["clusters"] == ["agriculture", "education"]
    assert (found["home"], found["home_known"], found["travel_minutes"]) == (None, True, 25)
    assert found["allowed_actions"] == []
    assert "41.88" not in str(found)


@pytest.mark.parametrize(
    ("who", "status"),
    [("rosa", 404), ("ben", 404), ("dario", 404), ("ines", 404), ("cora", 404), ("sam", 403), ("ellis", 403)],
)
async def test_nobody_else_reads_it(who: str, status: int, world: World) -> None:
    await _write(world)

    assert (await world.as_(who).get(_path(world))).status_code == status


@pytest.mark.parametrize("who", ["omar", "ada", "clara"])
async def test_only_the_student_changes_or_erases_it(who: str, world: World) -> None:
    await _write(world)

    changed = await world.as_(who).patch(_path(world), json={"tags": []}, version=1)
    erased = await world.as_(who).delete(_path(world))

    assert (changed.status_code, erased.status_code) == (403, 403)
    assert (await world.as_("maya").get(_path(world))).json()["version"] == 1


async def test_a_student_does_not_change_the_profile_of_another_one(world: World) -> None:
    answer = await world.as_("leo").patch(_path(world), json={"tags": []}, version=0)

    assert answer.status_code == 404


@pytest.mark.parametrize("person", ["clara", "omar", "sam", "ellis"])
async def test_people_who_are_no_students_have_no_profile(person: str, world: World) -> None:
    assert (await world.as_("clara").get(_path(world, person))).status_code == 404


async def test_a_change_from_an_older_version_is_refused(world: World) -> None:
    await _write(world)

    again = await _write(world, version=0, tags=["maps"])
    unread = await world.as_("maya").patch(_path(world), json={"tags": []})
    never = await _write(world, "leo", version=3, tags=["maps"])

    assert (again.status_code, unread.status_code, never.status_code) == (412, 428, 412)


async def test_two_first_changes_at_once_make_one_profile(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    answers = await asyncio.gather(*(_write(world, tags=[f"tag {each}"]) for each in range(6)))

    assert sorted(answer.status_code for answer in answers) == [200, *[412] * 5]
    assert owner.execute("SELECT count(*) FROM student_profiles").fetchone() == (1,)


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"clusters": ["sorcery"]}, "/clusters/0"),
        ({"clusters": None}, ""),
        ({"skills": ["alchemy"]}, "/skills/0"),
        ({"tags": ["x" * 41]}, "/tags/0"),
        ({"tags": ["<script>alert(1)</script>"]}, "/tags/0"),
        ({"tags": ["ab\u202ec"]}, "/tags/0"),
        ({"tags": ["fine", "call 312 555 0142"]}, "/tags/1"),
        ({"tags": ["tag"] * 21}, "/tags"),
        ({"availability": "f" * 83}, "/availability"),
        ({"availability": "f" * 84 + "\n"}, "/availability"),
        ({"free": [{"day": "mon", "from": "17:00", "to": "14:00"}]}, "/free/0/to"),
        ({"free": [{"day": "mon", "from": "14:00"}]}, "/free/0/to"),
        ({"free": [], "availability": WEEK}, ""),
        ({"availability": 7}, "/availability"),
        ({"home": {"latitude": 90.1, "longitude": 0.0}}, "/home/latitude"),
        ({"home": {"latitude": 0.0, "longitude": -180.5}}, "/home/longitude"),
        ({"home": {"latitude": "NaN", "longitude": 0.0}}, "/home/latitude"),
        ({"home": {"latitude": 1.0}}, "/home/longitude"),
        ({"travel_mode": "rocket"}, "/travel_mode"),
        ({"travel_minutes": 4}, "/travel_minutes"),
        ({"travel_minutes": 241}, "/travel_minutes"),
        ({"travel_minutes": True}, "/travel_minutes"),
        ({"riasec": {"R": 100}}, "/riasec"),
        ({"home_latitude": 1.0}, "/home_latitude"),
    ],
)
async def test_what_cannot_be_is_refused_with_its_place(
    changes: dict[str, Any], pointer: str, world: World
) -> None:
    answer = await _write(world, **changes)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert (await world.as_("maya").get(_path(world))).json()["version"] == 0


async def test_search_and_matching_read_it_by_session_and_by_unit(world: World) -> None:
    await _write(world)

    async with working(world.database, world["lakeside"]) as unit:
        by_unit = await student_profiles.of(unit, world["lakeside"], world["maya"])
        by_session = await student_profiles.of(unit.session, world["lakeside"], world["maya"])
        nothing = await student_profiles.of(unit, world["lakeside"], world["leo"])

    assert by_unit == by_session
    assert by_unit.interests == {"agriculture", "education"}
    assert (by_unit.home, by_unit.travel_mode) == ((41.882, -87.628), TravelMode.BIKE)
    assert by_unit.availability == int(WEEK, 16)
    assert nothing == student_profiles.Profile()


async def test_a_student_erases_their_profile_for_good(world: World, owner: psycopg.Connection[Any]) -> None:
    await _write(world)

    erased = await world.as_("maya").delete(_path(world))
    again = await world.as_("maya").delete(_path(world))

    assert (erased.status_code, again.status_code) == (204, 204)
    assert owner.execute("SELECT count(*) FROM student_profiles").fetchone() == (0,)
    actions = owner.execute(
        "SELECT action FROM events WHERE subject_type = 'student_profile' ORDER BY created_at"
    )
    assert actions.fetchall() == [("student_profile.update",), ("student_profile.erase",)]
    assert (await world.as_("maya").get(_path(world))).json()["version"] == 0


async def test_a_profile_goes_with_the_student_who_left_a_month_ago(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await _write(world)
    await _write(world, "leo")
    work = workshop(world)
    owner.execute(
        "UPDATE memberships SET ended_at = %s WHERE person_id = %s",
        (NIGHT - timedelta(days=31), world["maya"]),
    )
    owner.execute(
        "UPDATE memberships SET ended_at = %s WHERE person_id = %s",
        (NIGHT - timedelta(days=29), world["leo"]),
    )

    by_day = await jobs.sweep(work, world["lakeside"], NIGHT + timedelta(hours=9))
    by_night = await jobs.sweep(work, world["lakeside"], NIGHT)
    again = await jobs.sweep(work, world["lakeside"], NIGHT)

    assert (by_day, by_night, again) == (0, 1, 0)
    assert owner.execute("SELECT student_id FROM student_profiles").fetchall() == [(world["leo"],)]
    last = owner.execute("SELECT action, actor_kind, person_id FROM events ORDER BY created_at DESC LIMIT 1")
    assert last.fetchone() == ("student_profile.lapse", "system", world["maya"])


async def test_a_person_who_ended_loses_their_profile_although_a_role_was_left_open(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await _write(world)
    owner.execute(
        "UPDATE people SET ended_at = %s WHERE id = %s", (NIGHT - timedelta(days=31), world["maya"])
    )

    assert await jobs.sweep(workshop(world), world["lakeside"], NIGHT) == 1
    assert await jobs.sweep(workshop(world), world["riverton"], NIGHT) == 0


async def test_adults_do_not_read_the_profile_of_a_student_who_left(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await _write(world)
    owner.execute(
        "UPDATE memberships SET ended_at = now() WHERE person_id = %s AND role = 'student'", (world["maya"],)
    )

    for who in ("omar", "ada", "clara"):
        assert (await world.as_(who).get(_path(world))).status_code == 404
