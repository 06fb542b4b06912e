"""Employers and worksites over HTTP."""

from typing import Any

import httpx
import psycopg
import pytest

from app.core.jobs import working
from app.domain.connection import ConnectionStatus
from app.models import Connection
from tests.world import World


async def test_a_coordinator_notes_and_vets_an_employer(world: World) -> None:
    clara = world.as_("clara")
    body = {"name": "  Lake   Street Bakery ", "naics": "311811", "website": "https://bakery.example"}

    made = await clara.post("/v1/employers", json=body)
    path = made.headers["Location"]
    vetted = await clara.post(f"{path}/vet", version=1, json={"reason": "visited, clean and friendly"})

    assert made.status_code == 201, made.text
    assert made.json()["name"] == "Lake Street Bakery"
    assert made.json()["status"] == "prospect"
    assert vetted.status_code == 200, vetted.text
    assert vetted.json()["status"] == "vetted"
    assert vetted.json()["vetting_note"] == "visited, clean and friendly"
    assert vetted.json()["allowed_actions"] == [
        "add_image", "archive", "ask", "assign", "remove_image", "suspend", "update",
    ]  # fmt: skip
    assert vetted.headers["ETag"] == '"2"'


async def test_a_vetting_needs_no_remark(world: World) -> None:
    answer = await world.as_("clara").post(f"/v1/employers/{world['garage']}/vet", version=1)

    assert answer.status_code == 200, answer.text
    assert answer.json()["vetting_note"] is None


async def test_vetting_starts_the_connections_that_waited_for_it(world: World) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        connection = await unit.session.get_one(Connection, (world["lakeside"], world["cousin_connection"]))
        connection.employer_id = world["garage"]
        connection.status = ConnectionStatus.SCREENED

    await world.as_("clara").post(f"/v1/employers/{world['garage']}/vet", version=1)

    seen = await world.as_("rosa").get(f"/v1/connections/{world['cousin_connection']}")
    assert seen.json()["status"] == "active"


async def test_suspending_pauses_what_is_published_and_rests_its_connections(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    clara = world.as_("clara")

    answer = await clara.post(
        f"/v1/employers/{world['clinic']}/suspend", version=1, json={"reason": "a complaint is looked into"}
    )

    assert answer.status_code == 200, answer.text
    shown = await clara.get(f"/v1/opportunities/{world['internship']}")
    assert shown.json()["status"] == "paused"
    connection = await clara.get(f"/v1/connections/{world['cousin_connection']}")
    assert connection.json()["status"] == "dormant"
    recorded = owner.execute(
        "SELECT action, actor_kind FROM events WHERE subject_id = ANY(%s) ORDER BY created_at, id",
        ([world["clinic"], world["internship"], world["cousin_connection"]],),
    ).fetchall()
    assert recorded == [
        ("employer.suspend", "account"),
        ("opportunity.pause", "account"),
        ("connection.rest", "system"),
    ]


async def test_a_suspension_needs_a_reason_without_contact_data(world: World) -> None:
    clara, path = world.as_("clara"), f"/v1/employers/{world['clinic']}/suspend"

    without = await clara.post(path, version=1, json={})
    telling = await clara.post(path, version=1, json={"reason": "call vera@clinic.example"})

    assert without.status_code == 422
    assert telling.status_code == 422
    assert telling.json()["errors"][0]["pointer"] == "/reason"


async def test_an_archived_employer_comes_back_by_no_action(world: World) -> None:
    clara, path = world.as_("clara"), f"/v1/employers/{world['garage']}"

    archived = await clara.post(f"{path}/archive", version=1)
    again = await clara.post(f"{path}/vet", version=2)

    assert archived.status_code == 200, archived.text
    assert again.status_code == 409
    assert again.json()["code"] == "wrong_state"


async def test_the_list_is_searched_filtered_and_paged(world: World) -> None:
    clara = world.as_("clara")

    found = await clara.get("/v1/employers", params={"q": "VETERINARY"})
    prospects = await clara.get("/v1/employers", params={"status": "prospect"})
    first = await clara.get("/v1/employers", params={"limit": 1})
    second = await clara.get("/v1/employers", params={"limit": 1, "cursor": first.json()["next_cursor"]})
    percent = await clara.get("/v1/employers", params={"q": "%"})

    assert [row["name"] for row in found.json()["items"]] == ["Lakeside Veterinary Clinic"]
    assert [row["name"] for row in prospects.json()["items"]] == ["Third Street Garage"]
    assert [row["name"] for row in second.json()["items"]] == ["Third Street Garage"]
    assert percent.json()["items"] == []


async def test_a_student_sees_the_employers_of_the_catalogue_without_their_vetting(world: World) -> None:
    maya = world.as_("maya")

    listed = await maya.get("/v1/employers")
    garage = await maya.get(f"/v1/employers/{world['garage']}")

    (clinic,) = listed.json()["items"]
    assert clinic["name"] == "Lakeside Veterinary Clinic"
    assert clinic["vetting_note"] is None
    assert clinic["monthly_contact_cap"] is None
    assert clinic["allowed_actions"] == []
    assert garage.status_code == 404


@pytest.mark.parametrize("who", ["maya", "rosa", "ada", "sam"])
async def test_who_is_no_coordinator_makes_and_vets_no_employer(world: World, who: str) -> None:
    caller = world.as_(who)

    made = await caller.post("/v1/employers", json={"name": "Mine"})
    vetted = await caller.post(f"/v1/employers/{world['garage']}/vet", version=1)
    changed = await caller.patch(f"/v1/employers/{world['clinic']}", version=1, json={"name": "Mine"})

    assert [made.status_code, vetted.status_code, changed.status_code] == [403, 403, 403]


async def test_in_another_tenant_the_employer_does_not_exist(world: World) -> None:
    cora = world.as_("cora")

    read = await cora.get(f"/v1/employers/{world['clinic']}")
    vetted = await cora.post(f"/v1/employers/{world['garage']}/vet", version=1)
    site = await cora.get(f"/v1/worksites/{world['clinic_site']}")
    sites = await cora.get(f"/v1/employers/{world['clinic']}/worksites")

    assert [r.status_code for r in (read, vetted, site, sites)] == [404, 404, 404, 404]


async def test_a_change_wants_the_version_it_was_made_from(world: World) -> None:
    clara, path = world.as_("clara"), f"/v1/employers/{world['clinic']}"

    without = await clara.patch(path, json={"naics": "541941"})
    changed = await clara.patch(path, version=1, json={"naics": "541941"})
    stale = await clara.patch(path, version=1, json={"name": "Other"})
    nameless = await clara.patch(path, version=2, json={"name": None})

    assert without.status_code == 428
    assert changed.json()["naics"] == "541941"
    assert stale.status_code == 412
    assert nameless.status_code == 422


@pytest.mark.parametrize(
    "body",
    [
        {"name": "X", "naics": "54A"},
        {"name": "X", "naics": "1234567"},
        {"name": "X", "naics": "٥٤١٩"},
        {"name": "   "},
        {"name": "X", "website": "javascript:alert(1)"},
        {"name": "X", "monthly_contact_cap": "4"},
        {"name": "X", "status": "vetted"},
        {"name": "X\x00"},
    ],
)
async def test_an_employer_of_wrong_values_is_refused(world: World, body: dict[str, Any]) -> None:
    answer = await world.as_("clara").post("/v1/employers", json=body)

    assert answer.status_code == 422, answer.text


async def test_a_worksite_is_added_and_listed(world: World) -> None:
    clara = world.as_("clara")
    body = {"name": "North branch", "city": "Lakeside", "latitude": 41.9, "longitude": -87.7}

    made = await clara.post(f"/v1/employers/{world['clinic']}/worksites", json=body)
    listed = await clara.get(f"/v1/employers/{world['clinic']}/worksites")
    read = await world.as_("maya").get(made.headers["Location"])

    assert made.status_code == 201, made.text
    assert made.json()["zone"] == "America/New_York"
    assert [site["name"] for site in listed.json()["items"]] == ["Main clinic", "North branch"]
    assert read.json()["id"] == made.json()["id"]


@pytest.mark.parametrize(
    "body",
    [
        {"name": "X", "latitude": 91},
        {"name": "X", "longitude": -180.5},
        {"name": "X", "zone": "America/Springfield"},
        {"name": "X", "zone": "../../etc/passwd"},
        {"name": ""},
    ],
)
async def test_a_worksite_off_the_earth_is_refused(world: World, body: dict[str, Any]) -> None:
    answer = await world.as_("clara").post(f"/v1/employers/{world['clinic']}/worksites", json=body)

    assert answer.status_code == 422, answer.text


async def test_an_advisor_adds_no_worksite_and_an_unknown_employer_has_none(world: World) -> None:
    advisor = await world.as_("ada").post(f"/v1/employers/{world['clinic']}/worksites", json={"name": "Mine"})
    nowhere = await world.as_("clara").post(
        f"/v1/employers/{world['river_clinic']}/worksites", json={"name": "Mine"}
    )

    assert advisor.status_code == 403
    assert nowhere.status_code == 404


async def test_nobody_reads_employers_without_signing_in(client: httpx.AsyncClient, world: World) -> None:
    answer = await client.get(f"/v1/employers/{world['clinic']}")

    assert answer.status_code == 401
