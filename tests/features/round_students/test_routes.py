"""The students of a round over HTTP: one volunteer each, and follow-ups that are asked for exactly once."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.relationship_rounds.jobs import sweep
from tests.draining import Drain
from tests.features.relationship_rounds.rounds import close, hire, mark, name, opened, students
from tests.world import World


@pytest.fixture
async def closed(world: World) -> str:
    """A closed round in which Ada marked Maya, and nobody Leo."""
    path = await opened(world)
    await mark(world, path, "ada", "maya")
    await close(world, path)
    return path


async def _of(world: World, who: str, path: str, student: str = "leo") -> dict[str, Any]:
    return (await students(world, who, path))[student]


async def test_who_needs_somebody_is_told_at_the_close_and_not_to_whoever_marked(world: World) -> None:
    path = await opened(world)
    await mark(world, path, "ada", "maya")
    open_ = await students(world, "ada", path)
    await close(world, path)

    ada, clara = await students(world, "ada", path), await students(world, "clara", path)

    assert {item["needs_someone"] for item in open_.values()} == {None}
    assert (ada["maya"]["needs_someone"], ada["leo"]["needs_someone"]) == (None, True)
    assert (clara["maya"]["needs_someone"], clara["leo"]["needs_someone"]) == (True, True)
    assert ada["leo"]["allowed_actions"] == ["volunteer"]
    assert ada["maya"]["allowed_actions"] == []


async def test_whoever_marked_a_student_learns_in_no_way_that_the_student_named_nobody(world: World) -> None:
    await hire(world, "abe")
    path = await opened(world)
    await mark(world, path, "ada", "maya", "leo")
    await name(world, path, "leo", "ada")
    await close(world, path)
    before = await students(world, "ada", path)

    asked = {
        who: await world.as_("ada").post(f"/v1/round_students/{before[who]['id']}/volunteer", version=version)
        for who, version in (("maya", 2), ("leo", 1))
    }
    found = await _of(world, "abe", path, "maya")
    forward = await world.as_("abe").post(
        f"/v1/round_students/{found['id']}/volunteer", version=found["version"]
    )
    after = await students(world, "ada", path)
    late = await world.as_("ada").post(f"/v1/round_students/{found['id']}/volunteer", version=3)
    waiting = await world.as_("ada").get("/v1/round_students", params={"needs_someone": "true"})

    assert {(answer.status_code, answer.json()["code"]) for answer in (*asked.values(), late)} == {
        (409, "nobody_needed")
    }
    assert asked["maya"].json()["detail"] == asked["leo"].json()["detail"]
    assert forward.status_code == 200, forward.text
    assert after == before
    assert {item["version"] for item in after.values()} == {1}
    assert waiting.json()["items"] == []
    assert (await _of(world, "clara", path, "maya"))["has_volunteer"]


async def test_once_the_answers_are_erased_nobody_hears_who_is_needed_and_a_volunteer_goes_on(
    world: World, closed: str, workshop: Workshop
) -> None:
    leo = await _of(world, "clara", closed)
    maya = await _of(world, "clara", closed, "maya")
    await world.as_("clara").post(f"/v1/round_students/{leo['id']}/volunteer", version=leo["version"])
    await sweep(workshop, world["lakeside"], clock.now() + timedelta(days=181))

    ada, clara = await students(world, "ada", closed), await students(world, "clara", closed)
    late = await world.as_("ada").post(f"/v1/round_students/{maya['id']}/volunteer", version=maya["version"])

    assert {(item["needs_someone"], item["has_volunteer"]) for item in ada.values()} == {(None, False)}
    assert [item["allowed_actions"] for item in ada.values()] == [[], []]
    assert clara["leo"]["mine"]
    assert clara["leo"]["allowed_actions"] == ["follow_up", "step_back"]
    assert (late.status_code, late.json()["code"]) == (409, "nobody_needed")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE memberships SET ended_at = now() WHERE person_id = %s",
        "UPDATE memberships SET ends_on = current_date - 2 WHERE person_id = %s",
        "UPDATE people SET enabled = false WHERE id = %s",
        "UPDATE people SET ended_at = now() WHERE id = %s",
    ],
)
async def test_a_student_whose_adult_has_left_needs_somebody_again(
    change: str, world: World, closed: str, workshop: Workshop, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await hire(world, "abe")
    leo = await _of(world, "abe", closed)
    path = f"/v1/round_students/{leo['id']}/volunteer"
    await world.as_("abe").post(path, version=leo["version"])
    stays = await sweep(workshop, world["lakeside"], clock.now())
    owner.execute(change.encode(), [world["abe"]])

    both = await asyncio.gather(*(sweep(workshop, world["lakeside"], clock.now()) for _ in range(2)))
    await drain()

    assert (stays, sum(both)) == (0, 1)
    seen = await _of(world, "ada", closed)
    assert (seen["needs_someone"], seen["has_volunteer"], seen["allowed_actions"]) == (
        True,
        False,
        ["volunteer"],
    )
    assert (await world.as_("ada").post(path, version=seen["version"])).status_code == 200
    told = owner.execute("SELECT person_id FROM notifications WHERE kind = 'round_volunteer_left'").fetchall()
    assert told == [(world["clara"],)]
    events = owner.execute(
        "SELECT actor_kind, person_id, reason FROM events WHERE action = 'round_student.release'"
    ).fetchall()
    assert events == [("system", None, "the adult has left the school")]


async def test_filters_find_who_needs_somebody_and_who_is_mine(world: World, closed: str) -> None:
    leo = await _of(world, "ada", closed)
    params = {"needs_someone": "true"}
    before = (await world.as_("ada").get("/v1/round_students", params=params)).json()["items"]

    await world.as_("ada").post(f"/v1/round_students/{leo['id']}/volunteer", version=leo["version"])

    after = (await world.as_("ada").get("/v1/round_students", params=params)).json()["items"]
    mine = (await world.as_("ada").get("/v1/round_students", params={"mine": "true"})).json()["items"]
    rest = (await world.as_("ada").get("/v1/round_students", params={"mine": "false"})).json()["items"]
    assert [item["id"] for item in before] == [leo["id"]]
    assert after == []
    assert [item["id"] for item in mine] == [leo["id"]]
    assert len(rest) == 1


async def test_an_adult_steps_forward_and_back(
    world: World, closed: str, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    leo = await _of(world, "ada", closed)
    path = f"/v1/round_students/{leo['id']}"

    stale = await world.as_("ada").post(f"{path}/volunteer", version=leo["version"] + 1)
    forward = await world.as_("ada").post(f"{path}/volunteer", version=leo["version"])
    seen = await _of(world, "clara", closed)
    results = (await world.as_("clara").get(f"{closed}/results")).json()
    not_hers = await world.as_("clara").post(f"{path}/step_back", version=forward.json()["version"])
    back = await world.as_("ada").post(f"{path}/step_back", version=forward.json()["version"])
    await drain()

    assert stale.status_code == 412
    assert forward.json()["mine"]
    assert (forward.json()["follow_ups_asked"], forward.json()["follow_ups_done"]) == (0, 0)
    assert (seen["follow_ups_asked"], seen["follow_ups_done"]) == (None, None)
    assert forward.json()["allowed_actions"] == ["follow_up", "step_back"]
    assert (seen["has_volunteer"], seen["mine"], seen["volunteered_at"]) == (True, False, None)
    assert [row["volunteer_id"] for row in results["overlooked"]] == [str(world["ada"]), None]
    assert (not_hers.status_code, not_hers.json()["code"]) == (409, "not_yours")
    assert (back.json()["has_volunteer"], back.json()["allowed_actions"]) == (False, ["volunteer"])
    actions = owner.execute(
        "SELECT action, person_id, school_id FROM events WHERE subject_id = %s ORDER BY subject_seq",
        [leo["id"]],
    ).fetchall()
    # The student is not named in them: what is written about a student may be read by the student.
    assert actions == [
        ("round_student.volunteer", None, world["north"]),
        ("round_student.step_back", None, world["north"]),
    ]
    told = owner.execute(
        "SELECT person_id, kind FROM notifications WHERE subject_id = %s", [leo["id"]]
    ).fetchall()
    assert told == [(world["clara"], "round_volunteer_stepped_back")]


async def test_many_step_forward_at_once_and_exactly_one_does(
    world: World, closed: str, owner: psycopg.Connection[Any]
) -> None:
    names = [f"a{number}" for number in range(8)]
    await hire(world, *names)
    leo = await _of(world, "ada", closed)

    answers = await asyncio.gather(
        *(
            world.as_(who).post(f"/v1/round_students/{leo['id']}/volunteer", version=leo["version"])
            for who in names
        )
    )

    assert sum(answer.status_code == 200 for answer in answers) == 1
    assert {answer.json()["code"] for answer in answers if answer.status_code != 200} <= {
        "has_volunteer",
        "stale",
    }
    events = owner.execute("SELECT count(*) FROM events WHERE action = 'round_student.volunteer'").fetchone()
    assert events == (1,)


async def test_nobody_steps_forward_where_nobody_is_needed(world: World) -> None:
    path = await opened(world)
    await mark(world, path, "ada", "maya")
    await name(world, path, "maya", "ada")
    before = await _of(world, "ada", path)
    early = await world.as_("ada").post(
        f"/v1/round_students/{before['id']}/volunteer", version=before["version"]
    )
    await close(world, path)
    maya = await _of(world, "clara", path, "maya")

    late = await world.as_("clara").post(
        f"/v1/round_students/{maya['id']}/volunteer", version=maya["version"]
    )

    assert (early.status_code, early.json()["code"]) == (409, "nobody_needed")
    assert (late.status_code, late.json()["code"]) == (409, "nobody_needed")
    assert not maya["needs_someone"]


async def test_follow_ups_are_asked_for_after_28_and_60_days_once_each(
    world: World, closed: str, workshop: Workshop, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    leo = await _of(world, "ada", closed)
    path = f"/v1/round_students/{leo['id']}"
    mine = (await world.as_("ada").post(f"{path}/volunteer", version=leo["version"])).json()
    early = await world.as_("ada").post(f"{path}/follow_up", version=mine["version"])
    asked = []
    for days in (27, 28, 28, 59, 60, 60, 400):
        now = clock.now() + timedelta(days=days, minutes=1)
        both = await asyncio.gather(*(sweep(workshop, world["lakeside"], now) for _ in range(2)))
        asked.append(sum(both) if days < 300 else 0)
        await drain()
        if days == 28 and asked.count(1) == 1 and asked[-1] == 1:
            seen = await _of(world, "ada", closed)
            done = await world.as_("ada").post(f"{path}/follow_up", version=seen["version"])
            assert done.status_code == 200, done.text
            assert (done.json()["follow_ups_asked"], done.json()["follow_ups_done"]) == (1, 1)

    assert (early.status_code, early.json()["code"]) == (409, "nothing_due")
    assert asked == [0, 1, 0, 0, 1, 0, 0]
    told = owner.execute(
        "SELECT person_id FROM notifications WHERE kind = 'round_follow_up_due' AND needs_action"
    ).fetchall()
    assert told == [(world["ada"],)] * 2
    final = await _of(world, "ada", closed)
    assert (final["follow_ups_asked"], final["follow_ups_done"]) == (2, 1)


async def test_whoever_stepped_back_is_not_asked(world: World, closed: str, workshop: Workshop) -> None:
    leo = await _of(world, "ada", closed)
    path = f"/v1/round_students/{leo['id']}"
    mine = (await world.as_("ada").post(f"{path}/volunteer", version=leo["version"])).json()
    await world.as_("ada").post(f"{path}/step_back", version=mine["version"])

    done = await sweep(workshop, world["lakeside"], clock.now() + timedelta(days=61))

    assert done == 0


async def test_students_families_and_other_schools_see_nobody(world: World, closed: str) -> None:
    leo = await _of(world, "ada", closed)
    answers = {}
    for who in ("maya", "leo", "omar", "sam", "ellis", "ben", "dario", "art", "cora"):
        listed = await world.as_(who).get("/v1/round_students")
        acted = await world.as_(who).post(f"/v1/round_students/{leo['id']}/volunteer", version=1)
        seen = len(listed.json()["items"]) if listed.status_code == 200 else listed.status_code
        answers[who] = (seen, acted.status_code)

    assert answers == {
        "maya": (403, 403), "leo": (403, 403), "omar": (403, 403), "sam": (403, 403), "ellis": (403, 403),
        "ben": (0, 404), "dario": (0, 404), "art": (0, 404), "cora": (0, 404),
    }  # fmt: skip
