"""Who speaks with an employer, and how often it may be asked, over HTTP."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx
import psycopg
import pytest

from app.core.jobs import Workshop, working
from app.models import Employer
from tests.draining import drain
from tests.introducing import answer, approved
from tests.world import World

Owner = psycopg.Connection[Any]


async def _cap(world: World, cap: int, employer: str = "garage") -> None:
    async with working(world.database, world["lakeside"]) as unit:
        found = await unit.session.get_one(Employer, (world["lakeside"], world[employer]))
        found.monthly_contact_cap = cap


async def _assign(world: World, person: str | None, *, by: str = "clara", version: int = 1) -> Any:
    body = {"person_id": None if person is None else str(world[person])}
    path = f"/v1/employers/{world['garage']}/owner"
    return await world.as_(by).request("PUT", path, json=body, version=version)


async def _ask(world: World, by: str, **body: Any) -> Any:
    return await world.as_(by).post(f"/v1/employers/{world['garage']}/asks", json=body)


async def test_an_ask_is_booked_before_the_call(world: World, owner: Owner) -> None:
    answer = await _ask(world, "clara")

    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert (told["cap"], told["used"], told["left"], told["reopens_on"]) == (4, 1, 3, None)
    assert [(each["kind"], each["school_id"], each["asked_by_id"]) for each in told["asks"]] == [
        ("outreach_by_staff", str(world["north"]), str(world["clara"]))
    ]
    recorded = owner.execute(
        "SELECT action, actor_person_id, school_id, facts FROM events WHERE subject_id = %s",
        (world["garage"],),
    ).fetchall()
    assert recorded == [("employer.ask", world["clara"], world["north"], {"kind": "outreach_by_staff"})]


async def test_nobody_learns_from_a_budget_where_an_introduction_went(
    world: World, workshop: Workshop, client: httpx.AsyncClient, owner: Owner
) -> None:
    way = await approved(world, workshop)
    await answer(world, way, client, "contributor", "yes")
    asked = owner.execute("SELECT kind, employer_id FROM employer_asks").fetchall()
    assert asked == [("introduction", world["clinic"])]
    await world.as_("clara").post(f"/v1/employers/{world['clinic']}/asks", json={})

    for who in ("clara", "dario", "ada", "ellis"):
        told = await world.as_(who).get(f"/v1/employers/{world['clinic']}/budget")

        assert (told.json()["used"], told.json()["left"]) == (2, 2), told.text
        assert [each["kind"] for each in told.json()["asks"]] == ["outreach_by_staff"]
        assert "introduction" not in told.text
        assert str(world["maya"]) not in told.text


async def test_the_budget_is_one_for_all_schools(world: World, owner: Owner) -> None:
    await _cap(world, 2)
    await _ask(world, "clara")
    await _ask(world, "dario")

    refused = await _ask(world, "clara")
    seen = await world.as_("ada").get(f"/v1/employers/{world['garage']}/budget")

    assert refused.status_code == 409
    assert refused.json()["code"] == "asked_enough"
    assert seen.json()["reopens_on"] in refused.json()["detail"]
    assert (seen.json()["used"], seen.json()["left"]) == (2, 0)
    assert owner.execute("SELECT count(*) FROM employer_asks").fetchone() == (2,)


async def test_twenty_asks_at_once_take_what_is_left_and_no_more(world: World, owner: Owner) -> None:
    await _cap(world, 3)

    answers = await asyncio.gather(*(_ask(world, ("clara", "dario")[number % 2]) for number in range(20)))

    assert sorted(answer.status_code for answer in answers) == [201] * 3 + [409] * 17
    assert owner.execute("SELECT asks FROM employer_months").fetchall() == [(3,)]


async def test_the_same_key_asks_once(world: World) -> None:
    clara = world.as_("clara", **{"Idempotency-Key": str(uuid4())})
    path = f"/v1/employers/{world['garage']}/asks"

    first = await clara.post(path, json={})
    again = await clara.post(path, json={})

    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == first.json()


async def test_an_employer_that_wants_no_calls_gets_none(world: World) -> None:
    await _cap(world, 0)

    answer = await _ask(world, "clara")

    assert answer.status_code == 409
    assert answer.json()["detail"] == "this employer does not want to be asked"


async def test_only_the_owner_asks_and_the_others_are_told_whom_to_ask(world: World) -> None:
    assigned = await _assign(world, "dario")

    refused = await _ask(world, "clara")
    in_spanish = await world.as_("clara", **{"Accept-Language": "es"}).post(
        f"/v1/employers/{world['garage']}/asks", json={}
    )
    owners = await _ask(world, "dario")
    districts = await _ask(world, "ellis", school_id=str(world["south"]))

    assert assigned.status_code == 200, assigned.text
    assert (assigned.json()["owner_id"], assigned.json()["owner_name"]) == (
        str(world["dario"]),
        "Dario Darioson",
    )
    assert (refused.status_code, refused.json()["code"]) == (403, "not_the_owner")
    assert "Dario Darioson speaks with this employer" in refused.json()["detail"]
    assert "Dario Darioson habla con este empleador" in in_spanish.json()["detail"]
    assert (owners.status_code, districts.status_code) == (201, 201)


async def test_the_refusal_of_a_full_month_names_the_owner(world: World) -> None:
    await _cap(world, 0)
    await _assign(world, "clara", version=2)

    answer = await _ask(world, "clara")

    assert answer.json()["detail"].endswith("; Clara Clarason speaks with it")


async def test_an_owner_is_handed_over_and_let_go(world: World, owner: Owner) -> None:
    first = await _assign(world, "dario")
    stale = await _assign(world, "clara")
    second = await _assign(world, "clara", by="dario", version=2)
    nobody = await _assign(world, None, version=3)

    assert first.headers["ETag"] == '"2"'
    assert stale.status_code == 412
    assert second.json()["owner_name"] == "Clara Clarason"
    assert (nobody.json()["owner_id"], nobody.json()["owner_name"]) == (None, None)
    facts = owner.execute(
        "SELECT facts ->> 'owner_id' FROM events WHERE action = 'employer.assign' ORDER BY subject_seq"
    ).fetchall()
    assert facts == [(str(world["dario"]),), (str(world["clara"]),), (None,)]


@pytest.mark.parametrize("person", ["rosa", "maya", "sam", "olga", "cora"])
async def test_only_staff_of_the_community_can_own_an_employer(world: World, person: str) -> None:
    answer = await _assign(world, person)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/person_id"


async def test_an_owner_who_left_holds_nobody_up(world: World, owner: Owner) -> None:
    await _assign(world, "dario")
    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["dario"],))

    answer = await _ask(world, "clara")

    assert answer.status_code == 201
    assert answer.json()["owner_id"] is None


async def test_changing_the_owner_needs_the_version(world: World) -> None:
    path = f"/v1/employers/{world['garage']}/owner"

    answer = await world.as_("clara").request("PUT", path, json={"person_id": None})

    assert answer.status_code == 428


@pytest.mark.parametrize(
    ("by", "school", "status"),
    [("clara", "south", 403), ("clara", "river", 403), ("ellis", "south", 201), ("ellis", "river", 422)],
)
async def test_an_ask_is_for_a_school_of_ones_own(world: World, by: str, school: str, status: int) -> None:
    answer = await _ask(world, by, school_id=str(world[school]))

    assert answer.status_code == status, answer.text


@pytest.mark.parametrize(
    ("by", "ask", "assign", "read"),
    [
        ("maya", 403, 403, 403),
        ("rosa", 403, 403, 403),
        ("sam", 403, 403, 403),
        ("ada", 403, 403, 200),
        ("lakeside_sis", 403, 403, 403),
        ("cora", 404, 404, 404),
    ],
)
async def test_families_students_and_strangers_have_no_part_in_it(
    world: World, by: str, ask: int, assign: int, read: int
) -> None:
    seen = await world.as_(by).get(f"/v1/employers/{world['garage']}/budget")

    assert (await _ask(world, by)).status_code == ask
    assert (await _assign(world, None, by=by)).status_code == assign
    assert seen.status_code == read


async def test_who_speaks_with_an_employer_is_told_to_staff_only(world: World) -> None:
    body = {"person_id": str(world["clara"])}
    path = f"/v1/employers/{world['clinic']}"
    await world.as_("clara").request("PUT", f"{path}/owner", json=body, version=1)

    staff = await world.as_("ada").get(path)
    student = await world.as_("maya").get(path)

    assert staff.json()["owner_name"] == "Clara Clarason"
    assert (student.json()["owner_id"], student.json()["owner_name"]) == (None, None)


async def test_the_new_owner_is_told_by_the_employers_name(world: World, workshop: Workshop) -> None:
    await _assign(world, "dario")
    await drain(workshop)

    told = await world.as_("dario").get("/v1/notifications")

    (notification,) = [each for each in told.json()["items"] if each["kind"] == "employer_assigned"]
    assert (
        notification["text"]
        == "It is you who speaks with “Third Street Garage” from now on, for all schools."
    )
