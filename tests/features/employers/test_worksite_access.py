"""Who can use a worksite, and where it is, over HTTP."""

from typing import Any

import psycopg
import pytest

from tests.world import World

SITE = {"name": "Back yard", "city": "Chicago", "latitude": 41.9, "longitude": -87.6}


async def test_a_worksite_says_who_can_use_it(world: World) -> None:
    clara = world.as_("clara")
    said = {
        "access_step_free": "partly",
        "access_sensory": "no",
        "access_transit": "yes",
        "access_note": "The side door has a ramp.",
    }

    made = await clara.post(f"/v1/employers/{world['clinic']}/worksites", json={**SITE, **said})
    bare = await clara.post(f"/v1/employers/{world['clinic']}/worksites", json=SITE)

    assert made.status_code == 201, made.text
    assert {name: made.json()[name] for name in said} == said
    assert bare.json()["access_step_free"] == "unknown"
    assert made.json()["allowed_actions"] == ["update"]


async def test_students_see_on_the_listing_who_can_use_the_place(world: World) -> None:
    clara = world.as_("clara")
    site = (await clara.get(f"/v1/employers/{world['clinic']}/worksites")).json()["items"][0]

    changed = await clara.patch(
        f"/v1/worksites/{site['id']}",
        json={"access_step_free": "yes", "access_note": "Ring at the gate."},
        version=site["version"],
    )

    assert changed.status_code == 200, changed.text
    seen = (await world.as_("maya").get(f"/v1/opportunities/{world['internship']}")).json()
    assert [seen["access_step_free"], seen["access_note"]] == ["yes", "Ring at the gate."]
    assert [seen["access_sensory"], seen["access_transit"]] == ["unknown", "unknown"]


async def test_a_worksite_can_move(world: World, owner: psycopg.Connection[Any]) -> None:
    clara = world.as_("clara")
    made = (await clara.post(f"/v1/employers/{world['clinic']}/worksites", json=SITE)).json()
    path = f"/v1/worksites/{made['id']}"

    moved = await clara.patch(path, json={"latitude": 42.0, "zone": "America/Denver"}, version=1)
    stale = await clara.patch(path, json={"latitude": 43.0}, version=1)
    nowhere = await clara.patch(path, json={"latitude": None, "longitude": None}, version=2)

    assert [moved.json()["latitude"], moved.json()["longitude"]] == [42.0, -87.6]
    assert moved.json()["zone"] == "America/Denver"
    assert stale.status_code == 412
    assert nowhere.json()["latitude"] is None
    changed = owner.execute(
        "SELECT changed FROM events WHERE action = 'worksite.update' ORDER BY subject_seq"
    ).fetchall()
    assert changed == [(["latitude", "zone"],), (["latitude", "longitude"],)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"latitude": 90.1},
        {"latitude": -91},
        {"longitude": 180.5},
        {"longitude": -1e308},
        {"longitude": None},
        {"zone": "Mars/Olympus"},
        {"zone": None},
        {"access_step_free": None},
        {"access_sensory": "maybe"},
        {"name": "<b>Yard</b>"},
        {"access_note": "x" * 100_000},
        {"access_note": "javascript:alert(1)"},
        {"access_note": "Call 312-555-0100 at the gate"},
    ],
)
async def test_what_is_off_the_earth_or_no_plain_text_is_refused(world: World, wrong: dict[str, Any]) -> None:
    clara = world.as_("clara")
    made = (await clara.post(f"/v1/employers/{world['clinic']}/worksites", json=SITE)).json()

    answer = await clara.patch(f"/v1/worksites/{made['id']}", json=wrong, version=1)

    assert answer.status_code == 422, answer.text


async def test_half_a_place_is_no_place(world: World) -> None:
    answer = await world.as_("clara").post(
        f"/v1/employers/{world['clinic']}/worksites", json={"name": "Yard", "latitude": 41.9}
    )

    assert answer.status_code == 422


@pytest.mark.parametrize(("who", "status"), [("maya", 403), ("sam", 403), ("ada", 403), ("cora", 404)])
async def test_only_coordinators_here_change_a_worksite(world: World, who: str, status: int) -> None:
    site = (await world.as_("clara").get(f"/v1/employers/{world['clinic']}/worksites")).json()["items"][0]

    answer = await world.as_(who).patch(
        f"/v1/worksites/{site['id']}", json={"access_transit": "yes"}, version=site["version"]
    )

    assert answer.status_code == status
