"""People over HTTP: who sees whom, and what of them."""

from typing import Any

import psycopg
import pytest

from tests.world import World


def _names(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [item["given_name"] for item in answer.json()["items"]]


async def test_who_is_in_whose_list(world: World) -> None:
    seen = {
        name: _names(await world.as_(name).get("/v1/people"))
        for name in ("maya", "omar", "ada", "sam", "clara")
    }

    assert seen["maya"] == ["Maya"]
    assert seen["omar"] == ["Maya", "Omar"]
    assert seen["ada"] == ["Ada", "Leo", "Maya"]
    assert seen["sam"] == ["Sam"]
    assert seen["clara"] == ["Ada", "Clara", "Leo", "Maya", "Omar", "Rosa", "Sam"]


async def test_an_operator_has_no_student_data(world: World) -> None:
    answer = await world.as_("olga").get("/v1/people")

    assert answer.status_code == 403


async def test_the_list_can_be_narrowed_and_paged(world: World) -> None:
    clara = world.as_("clara")

    students = await clara.get("/v1/people", params={"role": "student", "school_id": str(world["north"])})
    elsewhere = await clara.get("/v1/people", params={"role": "student", "school_id": str(world["south"])})
    found = await clara.get("/v1/people", params={"q": "maya may", "status": "active"})
    ended = await clara.get("/v1/people", params={"status": "ended"})
    first = await clara.get("/v1/people", params={"limit": 2})
    second = await clara.get("/v1/people", params={"limit": 2, "cursor": first.json()["next_cursor"]})

    assert _names(students) == ["Leo", "Maya"]
    assert _names(elsewhere) == []
    assert _names(found) == ["Maya"]
    assert _names(ended) == []
    assert _names(second) == ["Leo", "Maya"]


@pytest.mark.parametrize(
    ("name", "sees_birth", "sees_address", "sees_sourced"),
    [
        ("maya", True, True, False),
        ("omar", True, True, False),
        ("ada", False, False, False),
        ("clara", True, True, True),
        ("ellis", True, True, True),
        ("lakeside_sis", False, True, True),
    ],
)
async def test_what_is_shown_of_a_student_depends_on_who_asks(
    world: World, name: str, sees_birth: bool, sees_address: bool, sees_sourced: bool
) -> None:
    answer = await world.as_(name).get(f"/v1/people/{world['maya']}")

    shown = answer.json()
    assert answer.status_code == 200, answer.text
    assert (shown["given_name"], shown["grades"], shown["roles"]) == ("Maya", ["11"], ["student"])
    assert shown["school_ids"] == [str(world["north"])]
    assert (shown["born_on"] is not None) is sees_birth
    assert (shown["email"] is not None) is sees_address
    assert (shown["sourced_id"] is not None) is sees_sourced
    assert shown["allowed_actions"] == (["update"] if name in {"clara", "ellis"} else [])


@pytest.mark.parametrize("name", ["leo", "rosa", "ben", "dario", "sam", "cora", "riverton_sis"])
async def test_others_do_not_find_a_student(world: World, name: str) -> None:
    answer = await world.as_(name).get(f"/v1/people/{world['maya']}")

    assert answer.status_code == 404


def _person(role: str, **more: Any) -> dict[str, Any]:
    return {"given_name": "Nia", "family_name": "Newman", "role": role, **more}


@pytest.mark.parametrize("role", ["student", "guardian", "advisor"])
async def test_a_coordinator_adds_people_at_an_own_school(
    world: World, owner: psycopg.Connection[Any], role: str
) -> None:
    body = _person(role, school_id=str(world["north"]), email="nia@example.org", born_on="2010-05-01")

    answer = await world.as_("clara").post("/v1/people", json=body)

    assert answer.status_code == 201, answer.text
    assert answer.json()["roles"] == [role]
    assert answer.json()["born_on"] == "2010-05-01"
    rows = owner.execute("SELECT action, person_id::text, school_id FROM events ORDER BY id").fetchall()
    assert rows == [
        (f"{noun}.create", answer.json()["id"], world["north"]) for noun in ("person", "membership")
    ]


async def test_a_coordinator_adds_a_supervisor_at_an_employer(world: World) -> None:
    clara = world.as_("clara")

    answer = await clara.post("/v1/people", json=_person("supervisor", employer_id=str(world["clinic"])))
    again = await clara.get(f"/v1/people/{answer.json()['id']}")

    assert answer.status_code == 201, answer.text
    assert again.json()["allowed_actions"] == ["update"]


async def test_a_coordinator_adds_nobody_at_another_school(world: World) -> None:
    answer = await world.as_("clara").post(
        "/v1/people", json=_person("student", school_id=str(world["south"]))
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "other_school"


@pytest.mark.parametrize("role", ["coordinator", "district_admin", "operator", "integration"])
async def test_a_coordinator_makes_nobody_that_stands_above(world: World, role: str) -> None:
    school = {"school_id": str(world["north"])} if role == "coordinator" else {}

    answer = await world.as_("clara").post("/v1/people", json=_person(role, **school))

    assert answer.status_code == 403
    assert answer.json()["code"] == "higher_role"


async def test_a_district_admin_makes_coordinators_anywhere(world: World) -> None:
    ellis = world.as_("ellis")

    coordinator = await ellis.post("/v1/people", json=_person("coordinator", school_id=str(world["south"])))
    admin = await ellis.post("/v1/people", json=_person("district_admin"))
    operator = await ellis.post("/v1/people", json=_person("operator"))

    assert coordinator.status_code == 201, coordinator.text
    assert admin.status_code == 201
    assert operator.status_code == 403


async def test_a_role_belongs_to_the_right_kind_of_organisation(world: World) -> None:
    ellis = world.as_("ellis")

    nowhere = await ellis.post("/v1/people", json=_person("student"))
    at_school = await ellis.post("/v1/people", json=_person("supervisor", school_id=str(world["north"])))
    elsewhere = await ellis.post("/v1/people", json=_person("student", school_id=str(world["river"])))

    assert nowhere.status_code == 422
    assert nowhere.json()["errors"][0]["pointer"] == "/school_id"
    assert at_school.status_code == 422
    assert elsewhere.json()["errors"][0]["code"] == "unknown_school"


@pytest.mark.parametrize("name", ["maya", "omar", "ada", "sam", "lakeside_sis"])
async def test_nobody_else_adds_or_changes_people(world: World, name: str) -> None:
    caller = world.as_(name)

    added = await caller.post("/v1/people", json=_person("guardian", school_id=str(world["north"])))
    changed = await caller.patch(f"/v1/people/{world['omar']}", json={"email": "me@example.org"}, version=1)

    assert added.status_code == 403
    assert changed.status_code == 403


async def test_a_change_names_fields_and_never_values(world: World, owner: psycopg.Connection[Any]) -> None:
    body = {"given_name": "May", "born_on": None, "reason": "The family asked for it."}

    answer = await world.as_("clara").patch(f"/v1/people/{world['maya']}", json=body, version=1)

    assert answer.status_code == 200, answer.text
    assert (answer.json()["given_name"], answer.json()["born_on"]) == ("May", None)
    assert answer.headers["ETag"] == '"2"'
    row = owner.execute("SELECT action, changed, reason, facts, school_id FROM events").fetchone()
    assert row == (
        "person.update", ["born_on", "given_name"], "The family asked for it.", {}, world["north"]
    )  # fmt: skip


async def test_a_change_needs_the_present_version(world: World) -> None:
    clara = world.as_("clara")
    path = f"/v1/people/{world['maya']}"

    missing = await clara.patch(path, json={"locale": "es"})
    stale = await clara.patch(path, json={"locale": "es"}, version=7)

    assert missing.status_code == 428
    assert stale.status_code == 412


async def test_a_name_is_never_taken_away(world: World) -> None:
    answer = await world.as_("clara").patch(
        f"/v1/people/{world['maya']}", json={"given_name": None}, version=1
    )

    assert answer.status_code == 422


async def test_a_coordinator_does_not_change_who_stands_above(world: World) -> None:
    given = await world.as_("ellis").post(
        "/v1/memberships",
        json={"person_id": str(world["ellis"]), "role": "guardian", "school_id": str(world["north"])},
    )

    answer = await world.as_("clara").patch(
        f"/v1/people/{world['ellis']}", json={"email": "clara@example.org"}, version=1
    )

    assert given.status_code == 201, given.text
    assert answer.status_code == 403
    assert answer.json()["code"] == "higher_role"


async def test_a_coordinator_of_another_tenant_finds_nobody(world: World) -> None:
    answer = await world.as_("cora").patch(f"/v1/people/{world['maya']}", json={"locale": "es"}, version=1)

    assert answer.status_code == 404
