"""Changing what was said about somebody one knows, and whom a private address may reach."""

import asyncio
from typing import Any

import httpx
import psycopg
import pytest

from tests.network import PERSON, TRACES, ask, holding, secret
from tests.world import World

OFFER: dict[str, Any] = {"domain": "club", "closeness": 2, "frequency": 4, "offers": ["talk"]}


async def offered(world: World, who: str = "rosa", **changes: Any) -> str:
    """Let somebody offer Zenobia, and return where the connection is."""
    made = await world.as_(who).post("/v1/connections", json={**OFFER, "person": PERSON, **changes})
    assert made.status_code == 201, made.text
    return made.headers["Location"]


async def test_a_guardian_changes_everything_she_said(world: World, owner: psycopg.Connection[Any]) -> None:
    path = await offered(world)
    body = {
        "domain": "work",
        "closeness": 3,
        "frequency": 1,
        "years_known": 12,
        "offers": ["host", "talk", "host"],
        "fields": ["veterinarian", "agriculture", "veterinarian"],
        "share_scope": "advisory",
        "credit_wanted": False,
        "note": "we sing together",
    }

    answer = await world.as_("rosa").patch(path, json=body, version=1)

    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert {name: told[name] for name in body} == body | {
        "offers": ["host", "talk"],
        "fields": ["veterinarian", "agriculture"],
    }
    assert (answer.headers["ETag"], told["status"]) == ('"2"', "proposed")
    changed, facts, actor = owner.execute(
        "SELECT changed, facts, actor_person_id FROM events WHERE action = 'connection.update'"
    ).fetchone() or ((), {}, None)
    assert set(changed) == body.keys()
    assert facts == {"share_scope": {"from": "tenant", "to": "advisory"}}
    assert actor == world.residents["rosa"].person_id


async def test_what_is_left_out_stays_and_what_may_be_unknown_is_cleared(world: World) -> None:
    path = await offered(world, years_known=7, note="sings alto")
    rosa = world.as_("rosa")

    kept = await rosa.patch(path, json={"closeness": 1}, version=1)
    cleared = await rosa.patch(path, json={"years_known": None, "note": None}, version=2)

    assert (kept.json()["years_known"], kept.json()["note"], kept.json()["offers"]) == (
        7,
        "sings alto",
        ["talk"],
    )
    assert (cleared.json()["years_known"], cleared.json()["note"]) == (None, None)


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"domain": None}, "/domain"),
        ({"closeness": 4}, "/closeness"),
        ({"frequency": 0}, "/frequency"),
        ({"offers": ["money"]}, "/offers/0"),
        ({"fields": ["wizard"]}, "/fields/0"),
        ({"fields": ["nurse"] * 6}, "/fields"),
        ({"share_scope": "street"}, "/share_scope"),
        ({"credit_wanted": "yes"}, "/credit_wanted"),
        ({"note": "call 312-555-0100"}, "/note"),
        ({"note": "Leo's godmother"}, "/note"),
        ({"person": PERSON}, "/person"),
        ({"status": "active"}, "/status"),
    ],
)
async def test_a_change_to_wrong_values_is_refused(
    world: World, change: dict[str, Any], pointer: str
) -> None:
    path = await offered(world)

    answer = await world.as_("rosa").patch(path, json=change, version=1)

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0].get("pointer") == pointer


async def test_nobody_writes_the_name_of_the_contributors_child_for_the_person_to_read(world: World) -> None:
    path = await offered(world)

    by_clara = await world.as_("clara").patch(path, json={"note": "Leo's godmother"}, version=1)
    in_the_title = await world.as_("rosa").post(
        "/v1/connections", json={**OFFER, "person": {**PERSON, "job_title": "Godmother of Leo"}}
    )
    of_the_school = await world.as_("omar").post(
        "/v1/connections", json={**OFFER, "person": {**PERSON, "job_title": "teaches LEO Leoson"}}
    )

    faults = [answer.json()["errors"] for answer in (by_clara, in_the_title, of_the_school)]
    assert [(fault["code"], fault["pointer"]) for (fault,) in faults] == [
        ("student_named", "/note"),
        ("student_named", "/person/job_title"),
        ("student_named", "/person/job_title"),
    ]


async def test_only_who_offered_it_and_who_looks_after_it_change_it(world: World) -> None:
    path, body = await offered(world), {"credit_wanted": False}

    statuses = {
        who: (await world.as_(who).patch(path, json=body, version=99)).status_code
        for who in ("rosa", "clara", "ellis", "omar", "ada", "dario", "cora", "sam", "lakeside_sis")
    }

    assert statuses == {
        "rosa": 412,
        "clara": 412,
        "ellis": 412,
        "omar": 404,
        "ada": 404,
        "dario": 404,
        "cora": 404,
        "sam": 403,
        "lakeside_sis": 403,
    }
    assert (await world.as_("rosa").patch(path, json=body)).status_code == 428


async def test_what_has_ended_is_not_changed(world: World) -> None:
    path = await offered(world)
    gone = await world.as_("rosa").post(f"{path}/withdraw", version=1)

    answer = await world.as_("rosa").patch(path, json={"closeness": 1}, version=gone.json()["version"])

    assert answer.status_code == 409, answer.text
    assert answer.json()["code"] == "connection_ended"
    assert gone.json()["allowed_actions"] == []


async def test_a_note_for_somebody_who_is_gone_is_not_kept(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)
    await client.post(f"/v1/consents/{await secret(world, asked.id)}/decline")
    rosa = world.as_("rosa")
    version = (await rosa.get(asked.connection)).json()["version"]

    noted = await rosa.patch(asked.connection, json={"note": "sings alto"}, version=version)
    placed = await rosa.patch(asked.connection, json={"fields": ["nurse"]}, version=version)
    narrowed = await rosa.patch(
        asked.connection, json={"share_scope": "school", "fields": [], "note": None}, version=version
    )

    assert (noted.status_code, noted.json()["code"]) == (409, "nobody_to_read_it")
    assert (placed.status_code, placed.json()["code"]) == (409, "nobody_to_read_it")
    assert owner.execute("SELECT count(*) FROM connection_fields WHERE field = 'nurse'").fetchone() == (0,)
    assert narrowed.status_code == 200, narrowed.text
    assert holding(owner, *TRACES) == {}


async def test_a_change_and_an_erasure_at_once_leave_no_trace(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    for number in range(5):
        asked = await ask(world, email=f"z{number}@hospital.example")
        token = await secret(world, asked.id)

        erased, changed = await asyncio.gather(
            client.post(f"/v1/consents/{token}/decline"),
            world.as_("rosa").patch(
                asked.connection, json={"note": "sings alto", "fields": ["nurse"]}, version=asked.version
            ),
        )

        assert erased.status_code == 200, erased.text
        # First: it was erased after. Second: refused by the version, or for want of a reader.
        assert changed.status_code in {200, 409, 412}, changed.text
        assert holding(owner, *TRACES) == {}


async def test_two_changes_at_once_have_one_winner(world: World) -> None:
    path = await offered(world)

    answers = await asyncio.gather(
        *(world.as_(who).patch(path, json={"closeness": 1}, version=1) for who in ("rosa", "clara", "ellis"))
    )

    assert sorted(answer.status_code for answer in answers) == [200, 412, 412]


async def test_a_private_address_is_taken_from_somebody_who_knows_them_privately_only(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    rosa = world.as_("rosa", **{"Accept-Language": "es"})
    private = {**PERSON, "email": "Zenobia@gmail.com"}

    refused = await rosa.post("/v1/connections", json={**OFFER, "person": private})
    unstated = await rosa.post(
        "/v1/connections", json={**OFFER, "person": {**private, "personal_relation": False}}
    )
    stated = await rosa.post(
        "/v1/connections", json={**OFFER, "person": {**private, "personal_relation": True}}
    )

    assert [refused.status_code, unstated.status_code, stated.status_code] == [422, 422, 201]
    (fault,) = refused.json()["errors"]
    assert (fault["code"], fault["pointer"]) == ("private_address", "/person/email")
    assert "correo del trabajo" in refused.json()["detail"]
    assert "zenobia" not in refused.text.lower()
    assert stated.json()["personal_relation"] is True
    kept = owner.execute("SELECT personal_relation FROM connections ORDER BY id DESC LIMIT 1").fetchone()
    assert kept == (True,)


async def test_the_person_is_told_that_the_address_is_held_as_private_and_what_field_they_work_in(
    world: World, client: httpx.AsyncClient
) -> None:
    person = {**PERSON, "email": "zenobia@gmail.com", "personal_relation": True}
    path = await offered(world, person=person, fields=["nurse"])
    screened = await world.as_("clara").post(f"{path}/screen", version=1)

    told = await client.get(f"/v1/consents/{await secret(world, screened.json()['contact_id'])}")

    held = {thing["field"]: thing["value"] for thing in told.json()["held"]}
    assert "private one" in held["personal_relation"]
    assert "nurse" in held["fields"].lower()
