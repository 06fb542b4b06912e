"""Relationship mapping rounds over HTTP: from the draft to what was found, and who never learns what."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop
from app.features.relationship_rounds.jobs import sweep
from tests.draining import Drain
from tests.features.relationship_rounds.rounds import close, draft, hire, mark, name, opened, students
from tests.world import World


def _who(world: World, rows: list[dict[str, Any]]) -> list[str]:
    names = {str(thing_id): thing for thing, thing_id in world.ids.items()}
    return sorted(names[row["student_id"]] for row in rows)


async def test_a_round_is_drafted_opened_and_closed(world: World, owner: psycopg.Connection[Any]) -> None:
    clara = world.as_("clara")

    made = await draft(world)
    path = made.headers["Location"]
    opened_ = await clara.post(f"{path}/open", version=1)
    closed = await clara.post(f"{path}/close", version=2)

    assert made.status_code == 201
    assert (made.json()["status"], made.json()["students"]) == ("draft", 2)
    assert made.json()["allowed_actions"] == ["open"]
    assert (opened_.json()["status"], opened_.json()["students"]) == ("open", 2)
    assert opened_.json()["allowed_actions"] == ["close", "mark"]
    assert closed.json()["status"] == "closed"
    assert closed.json()["allowed_actions"] == ["read_results"]
    events = owner.execute(
        "SELECT action, facts FROM events WHERE subject_id = %s ORDER BY subject_seq", [made.json()["id"]]
    ).fetchall()
    assert events == [
        ("relationship_round.create", {"scope": "school"}),
        ("relationship_round.open", {"students": 2}),
        ("relationship_round.close", {}),
    ]


async def test_a_round_may_be_about_one_grade_or_about_a_team(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE people SET grades = '{9}' WHERE id = %s", [world["leo"]])
    owner.execute("UPDATE advisor_links SET ended_at = now() WHERE id = %s", [world["ada_maya"]])

    grade = await students(world, "ada", await opened(world, scope="grade", grade="11"))
    team = await students(world, "ada", await opened(world, scope="team", advisor_ids=[str(world["ada"])]))

    assert set(grade) == {"maya"}
    assert set(team) == {"leo"}


@pytest.mark.parametrize(
    ("body", "code", "words"),
    [
        ({"scope": "grade"}, "value_error", "give a grade"),
        ({"grade": "11"}, "value_error", "give a grade"),
        ({"scope": "team"}, "value_error", "name the advisors"),
        ({"advisor_ids": ["ada"]}, "value_error", "name the advisors"),
        ({"scope": "team", "advisor_ids": ["ben"]}, "wrong_role", "not an advisor"),
        ({"scope": "team", "advisor_ids": ["maya"]}, "wrong_role", "not an advisor"),
        ({"scope": "class"}, "enum", ""),
        ({"title": ""}, "string_too_short", ""),
        ({"scope": "grade", "grade": "x" * 11}, "too_long", ""),
    ],
)
async def test_a_round_says_whose_students_it_is_about(
    body: dict[str, Any], code: str, words: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    ids = {"advisor_ids": [str(world[one]) for one in body["advisor_ids"]]} if "advisor_ids" in body else {}

    answer = await draft(world, **{**body, **ids})

    assert answer.status_code == 422, answer.text
    (fault,) = answer.json()["errors"]
    assert (fault["code"], words in fault["detail"]) == (code, True)
    assert owner.execute("SELECT count(*) FROM relationship_rounds").fetchone() == (0,)


async def test_a_list_says_of_a_draft_how_many_it_would_be_about_and_finds_by_school_and_status(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    owner.execute("UPDATE people SET grades = '{9}' WHERE id = %s", [world["leo"]])
    path = await opened(world)
    await draft(world, scope="grade", grade="9")
    await draft(world, scope="team", advisor_ids=[str(world["ada"])])
    await draft(world, scope="team", advisor_ids=[str(world["clara"])])
    await draft(world, "dario", "south")
    ellis, rounds = world.as_("ellis"), "/v1/relationship_rounds"

    listed = (await world.as_("clara").get(rounds)).json()["items"]
    south = (await ellis.get(rounds, params={"school_id": str(world["south"])})).json()["items"]
    open_ = (await ellis.get(rounds, params={"status": "open"})).json()["items"]

    assert [(item["scope"], item["students"]) for item in listed] == [
        ("team", 0),
        ("team", 2),
        ("grade", 1),
        ("school", 2),
    ]
    assert [item["school_id"] for item in south] == [str(world["south"])]
    assert [item["id"] for item in open_] == [path.rsplit("/", 1)[1]]


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE memberships SET ended_at = now() WHERE person_id = %s",
        "UPDATE memberships SET begins_on = current_date + 2 WHERE person_id = %s",
        "UPDATE memberships SET ends_on = current_date - 2 WHERE person_id = %s",
        "UPDATE people SET enabled = false WHERE id = %s",
        "UPDATE people SET ended_at = now() WHERE id = %s",
    ],
)
async def test_a_round_is_about_and_asks_whoever_is_at_the_school_now(
    change: str, world: World, owner: psycopg.Connection[Any]
) -> None:
    for who in ("leo", "ada"):
        owner.execute(change.encode(), [world[who]])
    path = await opened(world)

    named = await name(world, path, "maya", "ada")
    adults = (await world.as_("maya").get(f"{path}/nominations")).json()["adults"]

    assert set(await students(world, "clara", path)) == {"maya"}
    assert (named.status_code, named.json()["errors"][0]["code"]) == (422, "wrong_role")
    assert [adult["given_name"] for adult in adults] == ["Clara"]


async def test_a_round_about_nobody_does_not_open(world: World, owner: psycopg.Connection[Any]) -> None:
    made = await draft(world, scope="grade", grade="3")

    answer = await world.as_("clara").post(f"{made.headers['Location']}/open", version=1)

    assert (answer.status_code, answer.json()["code"]) == (409, "no_students")
    assert owner.execute("SELECT status FROM relationship_rounds").fetchone() == ("draft",)


async def test_a_closed_round_finds_exactly_who_is_overlooked_and_what_does_not_match(world: World) -> None:
    await hire(world, "abe")
    path = await opened(world)
    await mark(world, path, "ada", "maya")
    await name(world, path, "maya", "abe")

    results = await close(world, path)

    assert results["students"] == 2
    assert _who(world, results["overlooked"]) == ["leo"]
    assert (results["overlooked"][0]["without_mark"], results["overlooked"][0]["without_nomination"]) == (
        True,
        True,
    )
    assert _who(world, results["mismatches"]) == ["maya"]
    (maya,) = results["mismatches"]
    assert (maya["marked_not_named"], maya["named_not_marked"]) == (True, True)


async def test_whoever_is_marked_and_names_the_same_adult_is_not_in_the_results(world: World) -> None:
    await hire(world, "abe")
    path = await opened(world)
    for student in ("maya", "leo"):
        await name(world, path, student, "abe")
    await mark(world, path, "abe", "maya", "leo")

    assert await close(world, path) == {"students": 2, "overlooked": [], "mismatches": []}


@pytest.mark.parametrize(
    ("marked", "named", "missing"),
    [(True, False, (False, True)), (False, True, (True, False))],
)
async def test_one_of_the_two_missing_is_enough_and_is_told_apart(
    marked: bool, named: bool, missing: tuple[bool, bool], world: World
) -> None:
    path = await opened(world)
    if marked:
        await mark(world, path, "ada", "maya", "leo")
    if named:
        await name(world, path, "maya", "ada")
        await name(world, path, "leo", "ada")

    results = await close(world, path)

    assert _who(world, results["overlooked"]) == ["leo", "maya"]
    assert {(row["without_mark"], row["without_nomination"]) for row in results["overlooked"]} == {missing}


async def test_with_two_adults_mismatches_are_not_told(world: World, owner: psycopg.Connection[Any]) -> None:
    path = await opened(world)
    await mark(world, path, "ada", "maya")
    await name(world, path, "maya", "clara")

    assert (await close(world, path))["mismatches"] is None
    kept = owner.execute("SELECT DISTINCT marked_not_named, named_not_marked FROM round_students").fetchall()
    assert kept == [(None, None)]


async def test_with_three_adults_mismatches_are_told_of_whoever_answered(world: World) -> None:
    await hire(world, "abe")
    path = await opened(world)
    await mark(world, path, "ada", "maya", "leo")
    await mark(world, path, "abe", "maya")
    await name(world, path, "maya", "ada")

    results = await close(world, path)

    # Leo named nobody: that is missing, and no mismatch.
    assert [
        (_who(world, [row]), row["marked_not_named"], row["named_not_marked"])
        for row in results["mismatches"]
    ] == [(["maya"], True, False)]
    assert _who(world, results["overlooked"]) == ["leo"]


async def test_one_students_answers_say_nothing_about_another_student_or_another_round(world: World) -> None:
    await hire(world, "abe")
    await name(world, await opened(world), "leo", "ada")
    path = await opened(world)
    # Each student is marked by one adult and names the other: nothing matches.
    await mark(world, path, "ada", "leo")
    await mark(world, path, "abe", "maya")
    await name(world, path, "leo", "abe")
    await name(world, path, "maya", "ada")

    results = await close(world, path)

    assert [
        (_who(world, [row]), row["marked_not_named"], row["named_not_marked"])
        for row in sorted(results["mismatches"], key=lambda row: str(_who(world, [row])))
    ] == [(["leo"], True, True), (["maya"], True, True)]
    assert results["overlooked"] == []


async def test_there_are_no_results_before_the_close_and_no_answers_after_it(world: World) -> None:
    path = await opened(world)

    early = await world.as_("clara").get(f"{path}/results")
    await close(world, path)
    late = [
        await world.as_("ada").request("PUT", f"{path}/marks", version=3, json={"student_ids": []}),
        await world.as_("maya").request("PUT", f"{path}/nominations", version=3, json={"adult_ids": []}),
    ]

    assert (early.status_code, early.json()["code"]) == (409, "round_not_closed")
    assert [(answer.status_code, answer.json()["code"]) for answer in late] == [(409, "round_not_open")] * 2


async def test_answers_replace_what_was_answered_before(world: World, owner: psycopg.Connection[Any]) -> None:
    path = await opened(world)

    await mark(world, path, "ada", "maya", "leo")
    again = await mark(world, path, "ada", "leo")
    await name(world, path, "maya", "ada", "clara")
    named = await name(world, path, "maya", "clara")

    assert again.json() == {"student_ids": [str(world["leo"])]}
    assert {one["given_name"]: one["named"] for one in named.json()["adults"]} == {
        "Ada": False,
        "Clara": True,
    }
    assert owner.execute("SELECT count(*) FROM round_marks").fetchone() == (1,)
    assert owner.execute("SELECT count(*) FROM round_nominations").fetchone() == (1,)


async def test_strangers_cannot_be_marked_or_named(world: World) -> None:
    path = await opened(world)

    marked = await mark(world, path, "ada", "ines")
    named = await name(world, path, "maya", "ben")

    assert (marked.status_code, marked.json()["errors"][0]["code"]) == (422, "not_in_round")
    assert (named.status_code, named.json()["errors"][0]["code"]) == (422, "wrong_role")


async def test_nobody_reads_who_marked_or_named_whom(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await hire(world, "abe", "amy")
    path = await opened(world)
    await mark(world, path, "abe", "maya")
    await name(world, path, "maya", "amy")
    await drain()
    results = await close(world, path)
    await drain()

    # Whoever asks for whatever there is: neither the adult who marked nor the one who was named shows up.
    seen = str(results)
    for who in ("clara", "ada", "ellis", "dario", "leo", "omar"):
        for url in (
            path,
            f"{path}/results",
            "/v1/relationship_rounds",
            "/v1/round_students",
            "/v1/events",
            "/v1/notifications",
        ):
            seen += (await world.as_(who).get(url)).text
    assert str(world["abe"]) not in seen
    assert str(world["amy"]) not in seen
    mine = await students(world, "ada", path)
    theirs = await students(world, "abe", path)
    assert (mine["maya"]["marked"], theirs["maya"]["marked"]) == (False, True)
    about = owner.execute(
        "SELECT count(*) FROM events WHERE actor_person_id = ANY(%s) OR person_id = ANY(%s)",
        ([world["abe"], world["amy"], world["maya"]],) * 2,
    ).fetchone()
    assert about == (0,)
    stored = owner.execute(
        "SELECT count(*) FROM stored_answers WHERE account_id = %s", [world.residents["abe"].account_id]
    ).fetchone()
    assert stored == (0,)


async def test_a_student_reads_only_their_own_nominations(world: World) -> None:
    path = await opened(world)
    await name(world, path, "maya", "ada")

    mine = await world.as_("maya").get(f"{path}/nominations")
    others = await world.as_("leo").get(f"{path}/nominations")
    adults = [await world.as_(who).get(f"{path}/nominations") for who in ("ada", "clara", "ellis", "omar")]
    elsewhere = await world.as_("ines").get(f"{path}/nominations")

    assert [one["named"] for one in mine.json()["adults"]] == [True, False]
    assert [one["named"] for one in others.json()["adults"]] == [False, False]
    assert [answer.status_code for answer in adults] == [403] * 4
    assert elsewhere.status_code == 404


async def test_the_wrong_school_and_the_wrong_community_see_nothing(world: World) -> None:
    path = await opened(world)

    answers = {
        who: (await world.as_(who).get(path)).status_code
        for who in ("clara", "ada", "maya", "ellis", "dario", "ben", "ines", "cora", "ria", "omar", "sam")
    }

    assert answers == {
        "clara": 200, "ada": 200, "maya": 200, "ellis": 200, "dario": 404, "ben": 404, "ines": 404,
        "cora": 404, "ria": 404, "omar": 403, "sam": 403,
    }  # fmt: skip
    assert (await draft(world, "clara", "south")).status_code == 403
    assert (await draft(world, "ada")).status_code == 403
    assert (await draft(world, "dora")).status_code == 404


async def test_adults_and_students_are_told_and_coordinators_of_the_result(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    path = await opened(world)
    await drain()
    await close(world, path)
    await drain()

    rows = owner.execute("SELECT person_id, kind FROM notifications WHERE kind LIKE 'round%'").fetchall()
    names = {thing_id: thing for thing, thing_id in world.ids.items()}
    assert sorted((names[person], kind) for person, kind in rows) == [
        ("ada", "round_closed"),
        ("ada", "round_opened"),
        ("leo", "round_asks_you"),
        ("maya", "round_asks_you"),
    ]


async def test_an_answer_and_the_close_at_once_never_lose_an_answer(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await hire(world, *(f"a{number}" for number in range(6)))
    path = await opened(world)

    answers = await asyncio.gather(
        *(mark(world, path, f"a{number}", "maya") for number in range(6)),
        world.as_("clara").post(f"{path}/close", version=2),
        name(world, path, "maya", "a0"),
    )

    marks = owner.execute("SELECT count(*) FROM round_marks").fetchone()
    assert marks is not None
    assert marks[0] == sum(answer.status_code == 200 for answer in answers[:6])
    row = owner.execute(
        "SELECT without_mark, without_nomination FROM round_students WHERE student_id = %s", [world["maya"]]
    ).fetchone()
    assert row == (marks[0] == 0, answers[7].status_code != 200)


async def test_answers_are_erased_half_a_year_after_the_close_and_the_findings_stay(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    path = await opened(world)
    await mark(world, path, "ada", "maya")
    await name(world, path, "leo", "ada")
    before = await close(world, path)

    early = await sweep(workshop, world["lakeside"], clock.now() + timedelta(days=179))
    kept = owner.execute("SELECT count(*) FROM round_marks").fetchone()
    done = [await sweep(workshop, world["lakeside"], clock.now() + timedelta(days=181)) for _ in range(2)]

    assert (early, kept, done) == (0, (1,), [1, 0])
    for table in ("round_marks", "round_nominations"):
        assert owner.execute(f"SELECT count(*) FROM {table}".encode()).fetchone() == (0,)
    assert (await world.as_("clara").get(f"{path}/results")).json() == before
    shown = (await world.as_("clara").get(path)).json()
    assert shown["answers_erased_at"] is not None
    assert owner.execute(
        "SELECT count(*) FROM events WHERE action = 'relationship_round.erase_answers' AND subject_id = %s",
        [UUID(shown["id"])],
    ).fetchone() == (1,)
