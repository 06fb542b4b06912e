"""Phases and teams of industry projects over HTTP."""

import asyncio
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.pursuit import PursuitStatus
from app.models import Pursuit
from tests.projecting import PHASES, with_phases, with_team
from tests.world import World


def _phases_of(world: World, opportunity: str = "school_only") -> str:
    return f"/v1/opportunities/{world[opportunity]}/phases"


async def _seated(world: World, student: str, school: str = "north") -> None:
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            Pursuit(
                tenant_id=world["lakeside"],
                id=new_id(),
                status=PursuitStatus.LANDED,
                student_id=world[student],
                opportunity_id=world["school_only"],
                school_id=world[school],
                requested_at=clock.now(),
            )
        )


async def test_phases_come_in_order_with_dates_and_what_is_due(world: World) -> None:
    await with_phases(world)

    answer = await world.as_("maya").get(_phases_of(world))

    assert answer.status_code == 200, answer.text
    assert [(p["position"], p["title"], p["deliverable"], p["ends_on"]) for p in answer.json()["items"]] == [
        (1, "Plan", "A plan of the beds", "2031-01-31"),
        (2, "Build", "Two raised beds", "2031-03-15"),
    ]
    assert answer.json()["allowed_actions"] == []


async def test_a_phase_that_is_sent_with_its_id_stays_the_same_phase(world: World) -> None:
    first, second = await with_phases(world)
    research = {**PHASES[0], "title": "Research", "starts_on": "2031-01-02"}

    again = await with_phases(world, [research, {**PHASES[1], "id": second["id"], "title": "Build both"}])

    assert [phase["title"] for phase in again] == ["Research", "Build both"]
    assert again[1]["id"] == second["id"]
    assert first["id"] not in {phase["id"] for phase in again}


@pytest.mark.parametrize(
    ("phases", "pointer"),
    [
        ([{**PHASES[0], "ends_on": "2031-01-01"}], "/phases/0/ends_on"),
        ([PHASES[1], PHASES[0]], "/phases/1/starts_on"),
        ([{**PHASES[0], "id": "00000000-0000-7000-8000-000000000001"}], "/phases"),
        ([], "/phases"),
        ([PHASES[0]] * 13, "/phases"),
        ([{**PHASES[0], "title": "<script>x</script>"}], "/phases/0/title"),
        ([{**PHASES[0], "deliverable": "x" * 100_000}], "/phases/0/deliverable"),
    ],
)
async def test_phases_that_make_no_sense_are_refused(
    world: World, phases: list[dict[str, Any]], pointer: str
) -> None:
    clara = world.as_("clara")
    version = (await clara.get(_phases_of(world))).json()["version"]

    answer = await clara.put(_phases_of(world), json={"phases": phases}, version=version)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


async def test_phases_stay_within_the_project(world: World, owner: psycopg.Connection[Any]) -> None:
    owner.execute("UPDATE opportunities SET starts_on = '2031-01-10' WHERE id = %s", (world["school_only"],))
    clara = world.as_("clara")
    version = (await clara.get(_phases_of(world))).json()["version"]

    answer = await clara.put(_phases_of(world), json={"phases": PHASES}, version=version)

    assert [answer.status_code, answer.json()["code"]] == [422, "phase_outside_project"]


async def test_an_industry_project_is_published_with_its_phases_only(world: World) -> None:
    clara = world.as_("clara")
    made = await clara.post(
        "/v1/opportunities",
        json={
            "title": "Redesign the waiting room",
            "type": "industry_project",
            "employer_id": str(world["clinic"]),
            "school_id": str(world["north"]),
            "seats": 12,
        },
    )
    path = made.headers["Location"]

    bare = await clara.post(f"{path}/submit", version=1)
    phased = await clara.put(f"{path}/phases", json={"phases": PHASES}, version=1)
    submitted = await clara.post(f"{path}/submit", version=phased.json()["version"])

    assert [bare.status_code, bare.json()["code"]] == [409, "listing_incomplete"]
    assert "phases" in bare.json()["detail"]
    assert submitted.status_code == 200, submitted.text


@pytest.mark.parametrize(("who", "status"), [("maya", 403), ("ada", 403), ("dario", 404), ("cora", 404)])
async def test_others_do_not_set_phases(world: World, who: str, status: int) -> None:
    answer = await world.as_(who).put(_phases_of(world), json={"phases": PHASES}, version=1)

    assert answer.status_code == status


async def test_an_old_version_is_refused_and_the_new_one_recorded(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await with_phases(world)

    stale = await world.as_("clara").put(_phases_of(world), json={"phases": PHASES}, version=1)

    assert stale.status_code == 412
    rows = owner.execute(
        "SELECT actor_person_id, facts FROM events WHERE action = 'opportunity.set_phases'"
    ).fetchall()
    assert rows == [(world["clara"], {"phases": 2})]


async def test_a_team_has_a_number_and_is_seen_by_its_own(world: World) -> None:
    await with_phases(world)

    team = await with_team(world)

    assert [team["number"], team["student_ids"]] == [1, [str(world["leo"])]]
    seen = {}
    for who in ("leo", "rosa", "ada", "clara", "ellis", "maya", "omar", "dario", "cora"):
        answer = await world.as_(who).get(f"/v1/project_teams/{team['id']}")
        seen[who] = answer.status_code
    assert seen == {
        **dict.fromkeys(("leo", "rosa", "ada", "clara", "ellis"), 200),
        **dict.fromkeys(("maya", "omar", "dario", "cora"), 404),
    }


async def test_team_mates_are_known_by_first_name_and_families_by_their_own_childs_id(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await with_phases(world)
    team = await with_team(world)
    await _seated(world, "maya")
    both = sorted([str(world["leo"]), str(world["maya"])])
    path = f"/v1/project_teams/{team['id']}"
    changed = await world.as_("clara").patch(path, json={"student_ids": both}, version=1)
    assert changed.status_code == 200, changed.text

    seen, listed = {}, {}
    for who in ("clara", "ellis", "leo", "rosa", "maya", "omar"):
        read = (await world.as_(who).get(path)).json()
        seen[who] = (read["student_ids"], read["given_names"])
        (item,) = (await world.as_(who).get("/v1/project_teams")).json()["items"]
        listed[who] = (item["student_ids"], item["given_names"])

    names = ["Leo", "Maya"]
    assert seen == listed
    assert seen["clara"] == seen["ellis"] == (both, names)
    assert seen["leo"] == seen["rosa"] == ([str(world["leo"])], names)
    assert seen["maya"] == seen["omar"] == ([str(world["maya"])], names)
    owner.execute("DELETE FROM team_members")
    left = (await world.as_("clara").get(path)).json()
    assert (left["student_ids"], left["given_names"]) == ([], [])


async def test_only_students_of_the_school_with_a_seat_are_in_a_team(world: World) -> None:
    await with_phases(world)
    clara = world.as_("clara")
    common = {"opportunity_id": str(world["school_only"]), "school_id": str(world["north"])}

    without = await clara.post("/v1/project_teams", json={**common, "student_ids": [str(world["maya"])]})
    elsewhere = await clara.post("/v1/project_teams", json={**common, "student_ids": [str(world["ines"])]})
    nobody = await clara.post("/v1/project_teams", json={**common, "student_ids": []})

    assert [without.status_code, elsewhere.status_code, nobody.status_code] == [422] * 3
    assert without.json()["errors"][0]["code"] == "no_seat"


async def test_a_project_without_phases_has_no_teams(world: World) -> None:
    answer = await world.as_("clara").post(
        "/v1/project_teams",
        json={
            "opportunity_id": str(world["school_only"]),
            "school_id": str(world["north"]),
            "student_ids": [str(world["leo"])],
        },
    )

    assert [answer.status_code, answer.json()["errors"][0]["code"]] == [422, "no_phases"]


async def test_a_student_is_in_one_team_at_a_time_and_can_change(world: World) -> None:
    await with_phases(world)
    first = await with_team(world)
    await _seated(world, "maya")
    clara = world.as_("clara")
    common = {"opportunity_id": str(world["school_only"]), "school_id": str(world["north"])}

    twice = await clara.post("/v1/project_teams", json={**common, "student_ids": [str(world["leo"])]})
    second = await clara.post("/v1/project_teams", json={**common, "student_ids": [str(world["maya"])]})
    left = await clara.patch(
        f"/v1/project_teams/{first['id']}", json={"student_ids": [str(world["maya"])]}, version=1
    )
    joined = await clara.patch(
        f"/v1/project_teams/{second.json()['id']}",
        json={"student_ids": [str(world["maya"])]},
        version=second.json()["version"],
    )

    assert [twice.status_code, twice.json()["code"]] == [409, "in_another_team"]
    assert second.json()["number"] == 2
    assert left.status_code == 409
    assert joined.status_code == 200


async def test_a_past_phase_may_be_kept(world: World) -> None:
    today = clock.now().date()
    past = [
        {
            **PHASES[0],
            "starts_on": (today - timedelta(days=30)).isoformat(),
            "ends_on": (today - timedelta(days=9)).isoformat(),
        }
    ]

    assert len(await with_phases(world, past)) == 1


async def test_other_dates_of_a_project_leave_no_phase_outside(world: World) -> None:
    await with_phases(world)
    clara, path = world.as_("clara"), f"/v1/opportunities/{world['school_only']}"
    version = (await clara.get(path)).json()["version"]

    late = await clara.patch(path, json={"starts_on": "2031-01-07"}, version=version)
    short = await clara.patch(path, json={"ends_on": "2031-03-14"}, version=version)
    fits = await clara.patch(path, json={"starts_on": "2031-01-06", "ends_on": "2031-03-15"}, version=version)

    assert [late.status_code, late.json()["errors"][0]["pointer"]] == [422, "/starts_on"]
    assert [short.status_code, short.json()["errors"][0]["pointer"]] == [422, "/ends_on"]
    assert fits.status_code == 200, fits.text


async def test_only_who_may_set_phases_here_is_told_so(world: World) -> None:
    path = _phases_of(world, "internship")

    told = {who: (await world.as_(who).get(path)).json()["allowed_actions"] for who in ("clara", "dario")}

    assert told == {"clara": ["set_phases"], "dario": []}


@pytest.mark.parametrize("field", ["title", "deliverable"])
@pytest.mark.parametrize("text", ["<b>Plan</b>", "Write to vera@clinic.example", "x" * 100_000, "a\u202eb"])
async def test_a_phase_is_plain_words_by_which_nobody_is_reached(world: World, field: str, text: str) -> None:
    answer = await world.as_("clara").put(
        _phases_of(world), json={"phases": [{**PHASES[0], field: text}]}, version=1
    )

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == f"/phases/0/{field}"


async def test_of_two_teams_that_want_one_student_one_gets_them(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await with_phases(world)
    await _seated(world, "maya")
    clara = world.as_("clara")
    common = {"opportunity_id": str(world["school_only"]), "school_id": str(world["north"])}
    teams = [
        (await clara.post("/v1/project_teams", json={**common, "student_ids": [str(world[who])]})).json()
        for who in ("leo", "maya")
    ]
    owner.execute("DELETE FROM team_members")
    both = {"student_ids": [str(world["leo"]), str(world["maya"])]}

    answers = await asyncio.gather(
        *(clara.patch(f"/v1/project_teams/{team['id']}", json=both, version=1) for team in teams),
        clara.post("/v1/project_teams", json={**common, **both}),
    )

    assert sorted(answer.status_code for answer in answers)[1:] == [409, 409]
    assert owner.execute("SELECT count(*), count(DISTINCT team_id) FROM team_members").fetchone() == (2, 1)
