"""Near-peer offers by graduates: hours a month, through a graduate's connection, and the tie that comes of it."""

from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from tests.draining import Drain
from tests.network import ask, secret
from tests.world import World

GRADUATE = {"graduated_in": 2024}


def _offer(world: World, **more: Any) -> dict[str, Any]:
    return {
        "title": "A year ahead of you",
        "type": "near_peer_mentoring",
        "employer_id": str(world["clinic"]),
        "connection_id": str(world["cousin_connection"]),
        "school_id": str(world["north"]),
        "seats": 3,
        "hours_a_month": 4,
        "remote": True,
        **more,
    }


async def _note(world: World, who: str = "clara", **more: Any) -> httpx.Response:
    body = {"alumnus_of": str(world["north"]), **GRADUATE, **more}
    return await world.as_(who).post(f"/v1/contacts/{world['cousin']}/note_graduation", json=body)


async def test_a_near_peer_offer_comes_through_a_graduate_and_says_its_hours(world: World) -> None:
    clara = world.as_("clara")
    made = await clara.post("/v1/opportunities", json=_offer(world))
    bare = await clara.post("/v1/opportunities", json=_offer(world, hours_a_month=None))

    refused = await clara.post(f"{made.headers['Location']}/submit", version=1)
    noted = await _note(world)
    without_hours = await clara.post(f"{bare.headers['Location']}/submit", version=1)
    submitted = await clara.post(f"{made.headers['Location']}/submit", version=1)

    assert [refused.status_code, refused.json()["code"]] == [409, "listing_incomplete"]
    assert "graduate" in refused.json()["detail"]
    assert [noted.status_code, noted.json()["graduated_in"]] == [200, 2024], noted.text
    assert without_hours.status_code == 409
    assert "hours a month" in without_hours.json()["detail"]
    assert submitted.status_code == 200, submitted.text


async def test_who_is_mentored_has_a_near_peer_tie(
    world: World, owner: psycopg.Connection[Any], drain: Drain
) -> None:
    await _note(world)
    owner.execute(
        "UPDATE opportunities SET type = 'near_peer_mentoring' WHERE id = %s", (world["school_only"],)
    )
    owner.execute(
        "UPDATE placements SET connection_id = %s WHERE id = %s",
        (world["cousin_connection"], world["leo_placement"]),
    )
    path = f"/v1/placements/{world['leo_placement']}"
    await world.as_("clara").post(f"{path}/clear", json={}, version=1)

    started = await world.as_("ada").post(f"{path}/activate", version=2)
    await drain()

    assert started.status_code == 200, started.text
    ties = owner.execute(
        "SELECT origin, contact_id FROM ties WHERE student_id = %s AND contact_id IS NOT NULL",
        (world["leo"],),
    ).fetchall()
    assert ties == [("near_peer", world["cousin"])]


@pytest.mark.parametrize(
    ("more", "pointer"),
    [
        ({"graduated_in": clock.now().year + 1}, "/graduated_in"),
        ({"graduated_in": 1900}, "/graduated_in"),
        ({"alumnus_of": None}, "/alumnus_of"),
        ({"alumnus_of": "00000000-0000-7000-8000-000000000001"}, "/alumnus_of"),
    ],
)
async def test_a_graduation_that_cannot_be_is_refused(
    world: World, more: dict[str, Any], pointer: str
) -> None:
    answer = await _note(world, **more)

    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json()["errors"]] == [pointer]


@pytest.mark.parametrize(("who", "status"), [("maya", 403), ("ada", 403), ("dario", 404), ("cora", 404)])
async def test_others_note_no_graduation(world: World, who: str, status: int) -> None:
    assert (await _note(world, who)).status_code == status


async def test_whoever_suggests_somebody_can_say_where_they_graduated(
    world: World, client: httpx.AsyncClient
) -> None:
    asked = await ask(world, alumnus_of=str(world["north"]), graduated_in=2021)

    told = await client.get(f"/v1/consents/{await secret(world, asked.id)}")

    held = {thing["field"]: thing["value"] for thing in told.json()["held"]}
    assert held["graduation"] == "North School, 2021"


async def test_a_school_elsewhere_is_none_of_ours(world: World) -> None:
    person = {
        "given_name": "Zoe",
        "family_name": "Quill",
        "email": "zoe@hospital.example",
        "alumnus_of": str(world["river"]),
    }

    answer = await world.as_("rosa").post(
        "/v1/connections", json={"person": person, "domain": "club", "closeness": 2, "frequency": 2}
    )

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == "/person/alumnus_of"


async def test_what_is_known_of_a_graduate_is_erased_with_them(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world, alumnus_of=str(world["north"]), graduated_in=2021)

    await client.post(f"/v1/consents/{await secret(world, asked.id)}/decline")

    row = owner.execute("SELECT alumnus_of, graduated_in FROM contacts WHERE id = %s", (asked.id,)).fetchone()
    assert row == (None, None)
    closed = await world.as_("clara").post(
        f"/v1/contacts/{asked.id}/note_graduation",
        json={"alumnus_of": str(world["north"]), "graduated_in": 2021},
    )
    assert [closed.status_code, closed.json()["code"]] == [409, "closed"]
