"""Speed networking over HTTP: the rota of a session, drawn and read."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.contact import ContactStatus
from app.domain.duplicates.lives import DuplicateKind
from app.domain.policy import Role
from app.models import Contact, DuplicatePair
from tests.sessioning import LINK, at, enroll, make_session
from tests.world import World, settle

STUDENTS = ("maya", "leo", "s0", "s1", "s2", "s3", "s4")
CONTACTS = ("vera", "vito", "vina")


@pytest.fixture
async def fair(world: World) -> dict[str, Any]:
    """A session with seven students enrolled, and three contacts who said yes."""
    async with working(world.database, world["lakeside"]) as unit:
        for name in STUDENTS[2:]:
            await settle(world, unit.session, world["lakeside"], name, Role.STUDENT, school_id=world["north"])
        for name in CONTACTS:
            world.ids[name] = new_id()
            unit.session.add(
                Contact(
                    tenant_id=world["lakeside"],
                    id=world[name],
                    status=ContactStatus.CONSENTED,
                    given_name=name.title(),
                    family_name="Vale",
                    email=f"{name}@vale.example",
                    job_title="Vet",
                    employer_id=world["garage"],
                    school_id=world["north"],
                    suggested_by_role="guardian",
                )
            )
    made = await make_session(world, seats=20)
    for name in STUDENTS:
        await enroll(world, name, made["id"])
    return made


def draw_body(world: World, **changes: Any) -> dict[str, Any]:
    """Return the body of a draw of three rounds with three professionals."""
    return {
        "professionals": [{"contact_id": str(world[name])} for name in CONTACTS],
        "rounds": 3,
        "minutes": 10,
        **changes,
    }


async def draw(world: World, made: dict[str, Any], who: str = "clara", **changes: Any) -> Any:
    """Draw the rota, as somebody."""
    version = changes.pop("version", 1)
    return await world.as_(who).post(
        f"/v1/opportunity_sessions/{made['id']}/draw_speed_rounds",
        json=draw_body(world, **changes),
        version=version,
    )


async def test_everyone_meets_everyone_else_once_and_nobody_is_alone(
    world: World, fair: dict[str, Any], owner: psycopg.Connection[Any]
) -> None:
    answer = await draw(world, fair, starts_after_minutes=15)

    assert answer.status_code == 200, answer.text
    rota = answer.json()
    assert not rota["out_of_date"]
    met: Counter[tuple[str, str]] = Counter()
    for turn in rota["rounds"]:
        assert sorted(len(table["students"]) for table in turn["tables"]) == [2, 2, 3]
        met.update(
            (student["name"], who["name"])
            for table in turn["tables"]
            for student in table["students"]
            for who in table["professionals"]
        )
    assert len(met) == 7 * 3
    assert set(met.values()) == {1}
    first, second = rota["rounds"][:2]
    begins = datetime.fromisoformat(fair["starts_at"]) + timedelta(minutes=15)
    assert datetime.fromisoformat(first["starts_at"]) == begins
    assert datetime.fromisoformat(second["starts_at"]) == begins + timedelta(minutes=12)
    assert first["tables"][0]["professionals"] == [
        {"name": "Vera V.", "job_title": "Vet", "employer_name": "Third Street Garage"}
    ]
    assert "@" not in answer.text
    row = owner.execute(
        "SELECT facts FROM events WHERE action = 'opportunity_session.draw_speed_rounds'"
    ).fetchone()
    assert row == ({"rounds": 3, "tables": 3, "students": 7, "professionals": 3, "alone": 0},)
    assert not any(table["lacks"] for turn in rota["rounds"] for table in turn["tables"])


async def test_a_student_reads_their_own_tables_and_a_family_their_childs(
    world: World, fair: dict[str, Any]
) -> None:
    await draw(world, fair)
    path = f"/v1/opportunity_sessions/{fair['id']}/speed_rounds"

    for who, name in (("maya", "Maya M."), ("leo", "Leo L.")):
        rota = (await world.as_(who).get(path)).json()
        for turn in rota["rounds"]:
            (table,) = turn["tables"]
            ids = {student["name"]: student["id"] for student in table["students"]}
            assert ids.pop(name) == str(world[who])
            # Whom one sits with has a name, and no id that leads anywhere.
            assert set(ids.values()) == {None}
    theirs = {"omar": {"maya"}, "ada": {"maya", "leo"}}
    for who, names in theirs.items():
        rota = (await world.as_(who).get(path)).json()
        for turn in rota["rounds"]:
            students = [student for table in turn["tables"] for student in table["students"]]
            assert sorted(student["id"] for student in students) == sorted(str(world[name]) for name in names)
            assert all(len(table["professionals"]) == 1 for table in turn["tables"])
    for who in ("clara", "ellis", "sam"):
        assert [len(turn["tables"]) for turn in (await world.as_(who).get(path)).json()["rounds"]] == [
            3,
            3,
            3,
        ]
    refused = {
        who: (await world.as_(who).get(path)).status_code for who in ("ines", "petra", "dario", "cora")
    }
    assert refused == {"ines": 403, "petra": 403, "dario": 403, "cora": 404}


async def test_what_cannot_be_is_refused_with_what_would_make_it_possible(
    world: World, fair: dict[str, Any]
) -> None:
    answers = {
        "rounds_would_repeat": await draw(world, fair, rounds=4, minutes=5),
        "does_not_fit": await draw(world, fair, minutes=60),
        "too_few_students": await draw(world, fair, smallest_table=8, rounds=1),
    }

    for code, answer in answers.items():
        assert answer.json()["code"] == code
    assert answers["rounds_would_repeat"].json()["errors"][0]["pointer"] == "/rounds"
    assert answers["does_not_fit"].json()["errors"][0]["pointer"] == "/minutes"


@pytest.mark.parametrize("who", ["maya", "stranger", "twice", "both", "on_a_break"])
async def test_professionals_are_people_at_employers_who_agreed(
    world: World, fair: dict[str, Any], owner: psycopg.Connection[Any], who: str
) -> None:
    owner.execute("UPDATE contacts SET status = 'paused' WHERE id = %s", [world["vito"]])
    vera = {"contact_id": str(world["vera"])}
    named = {
        "maya": {"person_id": str(world["maya"])},
        "stranger": {"contact_id": str(new_id())},
        "twice": vera,
        "both": {**vera, "person_id": str(world["sam"])},
        "on_a_break": {"contact_id": str(world["vito"])},
    }[who]

    answer = await draw(world, fair, rounds=1, professionals=[vera, named])

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith("/professionals/1")


async def test_a_supervisor_with_an_account_is_named_with_the_employer(
    world: World, fair: dict[str, Any]
) -> None:
    answer = await draw(world, fair, rounds=1, professionals=[{"person_id": str(world["sam"])}])

    (table,) = answer.json()["rounds"][0]["tables"]
    assert table["professionals"] == [
        {"name": "Sam S.", "job_title": None, "employer_name": "Lakeside Veterinary Clinic"}
    ]


async def test_a_rota_says_that_it_is_out_of_date_and_is_drawn_again(
    world: World, fair: dict[str, Any]
) -> None:
    await draw(world, fair)
    place = (
        await world.as_("maya").get("/v1/session_enrollments", params={"session_id": fair["id"]})
    ).json()["items"][0]
    await world.as_("maya").post(f"/v1/session_enrollments/{place['id']}/withdraw", json={}, version=1)
    path = f"/v1/opportunity_sessions/{fair['id']}/speed_rounds"

    before = (await world.as_("clara").get(path)).json()
    again = (await draw(world, fair)).json()

    assert before["out_of_date"]
    assert "Maya M." not in str(before)
    assert not again["out_of_date"]
    assert len(again["rounds"]) == 3


async def test_only_those_who_run_a_session_draw_and_only_before_it_is_over(
    world: World, fair: dict[str, Any]
) -> None:
    answers = {
        who: (await draw(world, fair, who)).status_code
        for who in ("maya", "omar", "sam", "ada", "dario", "cora", "ellis")
    }
    stale = await draw(world, fair, version=5)
    with clock.shifted(timedelta(days=3, hours=1)):
        during = await draw(world, fair, rounds=1)
    with clock.shifted(timedelta(days=3, hours=3)):
        after = await draw(world, fair)

    assert answers == {
        "maya": 403,
        "omar": 403,
        "sam": 403,
        "ada": 403,
        "dario": 403,
        "cora": 404,
        "ellis": 200,
    }
    assert (stale.status_code, during.status_code) == (412, 200)
    assert after.json()["code"] == "not_open"


async def test_on_video_no_student_is_alone_with_an_adult(world: World, fair: dict[str, Any]) -> None:
    online = await make_session(world, virtual=True, join_url=LINK, starts_at=at(6))
    await enroll(world, "maya", online["id"])
    await enroll(world, "leo", online["id"])

    alone = await draw(world, online, rounds=1, smallest_table=1)
    in_one_room = await draw(world, fair, smallest_table=1)

    assert alone.json()["code"] == "alone_on_video"
    assert in_one_room.status_code == 200


async def test_a_session_without_a_rota_has_no_rounds(world: World, fair: dict[str, Any]) -> None:
    answer = await world.as_("maya").get(f"/v1/opportunity_sessions/{fair['id']}/speed_rounds")

    assert answer.json() == {"session_id": fair["id"], "version": 1, "out_of_date": False, "rounds": []}


async def test_a_rota_whose_professional_left_or_became_another_is_out_of_date(
    world: World, fair: dict[str, Any], owner: psycopg.Connection[Any]
) -> None:
    await draw(world, fair)
    path = f"/v1/opportunity_sessions/{fair['id']}/speed_rounds"

    async def is_out_of_date() -> bool:
        return bool((await world.as_("maya").get(path)).json()["out_of_date"])

    assert not await is_out_of_date()
    owner.execute("UPDATE contacts SET status = 'paused' WHERE id = %s", [world["vito"]])
    assert await is_out_of_date()
    owner.execute("UPDATE contacts SET status = 'consented' WHERE id = %s", [world["vito"]])
    assert not await is_out_of_date()
    # Two contacts turn out to be one: one of their two tables has nobody then.
    pair_id, (left, right) = new_id(), sorted((world["vera"], world["vina"]))
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            DuplicatePair(
                tenant_id=world["lakeside"],
                id=pair_id,
                kind=DuplicateKind.CONTACT,
                left_id=left,
                right_id=right,
                score=0.9,
                reasons=["same_name"],
            )
        )
    merged = await world.as_("clara").post(
        f"/v1/duplicates/{pair_id}/merge", json={"keep": "left", "fields": {}}, version=1
    )
    assert merged.status_code == 200, merged.text
    assert await is_out_of_date()
    undone = await world.as_("clara").post(
        f"/v1/merges/{merged.json()['id']}/undo", json={}, version=merged.json()["version"]
    )
    assert undone.status_code == 200, undone.text
    assert not await is_out_of_date()


async def test_students_who_would_meet_a_merged_contact_again_make_a_rota_out_of_date(
    world: World, fair: dict[str, Any], owner: psycopg.Connection[Any]
) -> None:
    await draw(world, fair, rounds=2)
    turned = "(SELECT id FROM speed_rounds WHERE number = 2)"
    owner.execute(
        "UPDATE speed_seats SET contact_id = NULL, person_id = %s"  # somebody stands in for Vito, then for Vera
        f" WHERE contact_id = %s AND round_id = {turned}",
        [world["sam"], world["vito"]],
    )
    path = f"/v1/opportunity_sessions/{fair['id']}/speed_rounds"
    before = (await world.as_("clara").get(path)).json()["out_of_date"]

    owner.execute(
        "UPDATE speed_seats SET contact_id = NULL, person_id = %s"
        " WHERE contact_id = %s AND round_id = (SELECT id FROM speed_rounds WHERE number = 1)",
        [world["sam"], world["vera"]],
    )

    assert (before, (await world.as_("clara").get(path)).json()["out_of_date"]) == (False, True)


async def rota_of(world: World, made: dict[str, Any], who: str = "clara") -> dict[str, Any]:
    """Read the rota of a session, as somebody."""
    answer = await world.as_(who).get(f"/v1/opportunity_sessions/{made['id']}/speed_rounds")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def lacking(rota: dict[str, Any]) -> Counter[str]:
    """Count what the tables of a rota lack, by code."""
    return Counter(
        lack["code"] for turn in rota["rounds"] for table in turn["tables"] for lack in table["lacks"]
    )


@pytest.mark.usefixtures("fair")
async def test_a_table_of_one_student_says_so_and_on_video_it_does_not_hold(world: World) -> None:
    made = await make_session(world, starts_at=at(6), seats=3)
    for who in ("maya", "leo", "s0"):
        await enroll(world, who, made["id"])

    drawn = await draw(world, made, rounds=1, smallest_table=1)

    assert drawn.status_code == 200, drawn.text
    assert lacking(drawn.json()) == {"student_alone": 3}
    (lack,) = (await rota_of(world, made, "maya"))["rounds"][0]["tables"][0]["lacks"]
    assert (lack["en"], lack["es"]) == (
        "One student sits here without another",
        "Hay un solo estudiante en esta mesa",
    )
    assert not drawn.json()["out_of_date"]
    online = await world.as_("clara").patch(
        f"/v1/opportunity_sessions/{made['id']}", json={"virtual": True}, version=drawn.json()["version"]
    )
    assert online.status_code == 200, online.text
    assert (await rota_of(world, made))["out_of_date"]


@pytest.mark.parametrize("how", ["contact", "person ended", "works there no more"])
async def test_a_table_whose_professional_left_says_so(
    world: World, fair: dict[str, Any], owner: psycopg.Connection[Any], how: str
) -> None:
    named = {"contact_id": str(world["vito"])} if how == "contact" else {"person_id": str(world["sam"])}
    await draw(world, fair, rounds=1, professionals=[{"contact_id": str(world["vera"])}, named])
    assert lacking(await rota_of(world, fair)) == {}

    change = {
        "contact": ("UPDATE contacts SET status = 'never' WHERE id = %s", world["vito"]),
        "person ended": ("UPDATE people SET ended_at = now() WHERE id = %s", world["sam"]),
        "works there no more": ("UPDATE memberships SET ended_at = now() WHERE person_id = %s", world["sam"]),
    }[how]
    owner.execute(change[0], [change[1]])

    rota = await rota_of(world, fair)
    assert (lacking(rota), rota["out_of_date"]) == ({"no_professional": 1}, True)
    again = await draw(world, fair, rounds=1, professionals=[named], version=rota["version"])
    assert again.json()["errors"][0]["code"] == "unknown_professional"


async def test_who_sits_alone_because_others_left_reads_it(
    world: World, fair: dict[str, Any], owner: psycopg.Connection[Any]
) -> None:
    await draw(world, fair, rounds=1)
    tables = (await rota_of(world, fair))["rounds"][0]["tables"]
    pair = next(table for table in tables if len(table["students"]) == 2)
    left = pair["students"][0]["id"]
    owner.execute("UPDATE session_enrollments SET status = 'withdrawn' WHERE student_id = %s", [left])

    rota = await rota_of(world, fair)
    owner.execute(
        "UPDATE session_enrollments SET status = 'withdrawn' WHERE student_id = %s",
        [pair["students"][1]["id"]],
    )
    nobody = await rota_of(world, fair)

    assert (lacking(rota), rota["out_of_date"]) == ({"student_alone": 1}, True)
    assert (lacking(nobody), nobody["out_of_date"]) == ({"no_student": 1}, True)


async def test_whoever_did_not_come_sits_at_no_table(world: World, fair: dict[str, Any]) -> None:
    await draw(world, fair)
    found = await world.as_("clara").get(
        "/v1/session_enrollments", params={"session_id": fair["id"], "limit": 100}
    )
    places = {item["student"]["given_name"]: item["id"] for item in found.json()["items"]}
    with clock.shifted(timedelta(days=3, minutes=5)):
        version = (await rota_of(world, fair))["version"]
        answer = await world.as_("clara").post(
            f"/v1/opportunity_sessions/{fair['id']}/record_attendance",
            json={"attended": [places["Leo"]], "no_show": [places["Maya"]]},
            version=version,
        )
        rota = await rota_of(world, fair)

    assert answer.status_code == 200, answer.text
    assert rota["out_of_date"]
    assert "Maya M." not in str(rota)
    assert "Leo L." in str(rota)


async def test_the_rounds_move_with_their_session_and_do_not_outlast_it(
    world: World, fair: dict[str, Any]
) -> None:
    drawn = (await draw(world, fair, starts_after_minutes=15)).json()
    path = f"/v1/opportunity_sessions/{fair['id']}"

    moved = await world.as_("clara").patch(
        path,
        json={"starts_at": at(4, 1).isoformat(), "ends_at": at(4, 3).isoformat()},
        version=drawn["version"],
    )
    there = await rota_of(world, fair)
    await world.as_("clara").patch(
        path,
        json={"ends_at": (at(4, 1) + timedelta(minutes=45)).isoformat()},
        version=moved.json()["version"],
    )
    shorter = await rota_of(world, fair)

    assert moved.status_code == 200, moved.text
    begins = [datetime.fromisoformat(turn["starts_at"]) for turn in there["rounds"]]
    assert begins == [at(4, 1) + timedelta(minutes=minutes) for minutes in (15, 27, 39)]
    assert datetime.fromisoformat(there["rounds"][0]["ends_at"]) == at(4, 1) + timedelta(minutes=25)
    assert (there["out_of_date"], shorter["out_of_date"]) == (False, True)
