"""Things that happen at the same moment to the two ends of a connection."""

import asyncio
from typing import Any

import httpx
import psycopg

from tests.network import NOTE, PERSON, TRACES, ask, holding, secret
from tests.world import World

OFFER: dict[str, Any] = {"domain": "club", "closeness": 2, "frequency": 4, "person": PERSON, "note": NOTE}


async def test_a_yes_and_a_vetting_at_once_start_the_connection(
    world: World, client: httpx.AsyncClient
) -> None:
    rosa, clara = world.as_("rosa"), world.as_("clara")
    for number in range(6):
        person = {**PERSON, "email": f"z{number}@hospital.example"}
        made = await rosa.post(
            "/v1/connections", json={**OFFER, "person": person, "employer": {"name": f"Hospital {number}"}}
        )
        screened = await clara.post(f"{made.headers['Location']}/screen", version=1)
        token = await secret(world, screened.json()["contact_id"])

        answers = await asyncio.gather(
            client.post(f"/v1/consents/{token}/accept"),
            clara.post(f"/v1/employers/{screened.json()['employer_id']}/vet", version=1),
        )

        assert [answer.status_code for answer in answers] == [200, 200]
        seen = await rosa.get(made.headers["Location"])
        assert seen.json()["status"] == "active", number


async def test_an_offer_and_an_erasure_at_once_leave_no_trace_on_the_erased(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    for who in ("omar", "ada", "petra"):
        asked = await ask(world)
        token = await secret(world, asked.id)

        erased, offered = await asyncio.gather(
            client.post(f"/v1/consents/{token}/decline"),
            world.as_(who).post("/v1/connections", json=OFFER),
        )

        assert [erased.status_code, offered.status_code] == [200, 201]
        noted = owner.execute(
            "SELECT count(*) FROM connections c JOIN contacts p ON p.id = c.contact_id"
            " WHERE p.erased_at IS NOT NULL AND c.note IS NOT NULL"
        ).fetchone()
        assert noted == (0,)
        await world.as_(who).post(f"{offered.headers['Location']}/withdraw", version=_version(owner, offered))
        assert holding(owner, *TRACES) == {}


async def test_a_screening_and_an_answer_at_once_both_end(world: World, client: httpx.AsyncClient) -> None:
    for number in range(5):
        email = f"z{number}@hospital.example"
        asked = await ask(world, email=email)
        second = await world.as_("petra").post(
            "/v1/connections", json={**OFFER, "person": {**PERSON, "email": email}}
        )
        token = await secret(world, asked.id)

        answers = await asyncio.gather(
            client.post(f"/v1/consents/{token}/decline"),
            world.as_("dario").post(f"{second.headers['Location']}/screen", version=1),
        )

        assert answers[0].status_code == 200, answers[0].text
        # The erasure of the note may come first: then the version that was read is an old one.
        assert answers[1].status_code in {200, 412}, answers[1].text


def _version(owner: psycopg.Connection[Any], offered: httpx.Response) -> int:
    found = owner.execute("SELECT version FROM connections WHERE id = %s", (offered.json()["id"],)).fetchone()
    assert found is not None
    return int(found[0])
