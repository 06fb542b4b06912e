"""Machine clients over HTTP."""

from typing import Any

import httpx
import psycopg
import pytest

from app.domain.policy import INTEGRATION_SCOPES
from app.features.machine_clients.schemas import GrantableScope
from tests.world import World

BODY = {"name": "SIS", "scopes": ["roster.read", "catalogue.read"]}


async def _tokens(client: httpx.AsyncClient, client_id: str, secret: str) -> httpx.Response:
    return await client.post(
        "/oauth/token", data={"grant_type": "client_credentials"}, auth=(client_id, secret)
    )


async def test_a_machine_client_is_made_with_a_secret_that_works(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    made = await world.as_("ellis").post("/v1/machine_clients", json=BODY)

    shown = made.json()
    assert made.status_code == 201, made.text
    assert shown["scopes"] == ["catalogue.read", "roster.read"]
    assert shown["allowed_actions"] == ["revoke", "rotate"]
    assert (await _tokens(client, shown["client_id"], shown["client_secret"])).status_code == 200
    read = await world.as_("ellis").get(made.headers["Location"])
    assert read.json() == {key: value for key, value in shown.items() if key != "client_secret"}
    assert owner.execute(
        "SELECT actor_person_id, facts FROM events WHERE action = 'machine_client.create'"
    ).fetchall() == [(world["ellis"], {"scopes": ["catalogue.read", "roster.read"]})]


async def test_a_secret_is_in_the_first_answer_only_and_nowhere_in_the_database(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    headers = {"Idempotency-Key": "one"}

    first = await world.as_("ellis").post("/v1/machine_clients", json=BODY, headers=headers)
    again = await world.as_("ellis").post("/v1/machine_clients", json=BODY, headers=headers)

    assert again.json() == {**first.json(), "client_secret": None}
    assert again.headers["Idempotent-Replayed"] == "true"
    stored = owner.execute("SELECT body FROM stored_answers").fetchall()
    hashes = owner.execute("SELECT secret_hash FROM accounts WHERE secret_hash IS NOT NULL").fetchall()
    assert first.json()["client_secret"] not in repr([stored, hashes])


async def test_rotating_ends_the_old_secret_and_its_tokens(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    made = (await world.as_("ellis").post("/v1/machine_clients", json=BODY)).json()
    token = (await _tokens(client, made["client_id"], made["client_secret"])).json()["access_token"]

    rotated = await world.as_("ellis").post(f"/v1/machine_clients/{made['id']}/rotate", version=1)

    assert rotated.json()["version"] == 2, rotated.text
    assert rotated.headers["ETag"] == '"2"'
    assert (await _tokens(client, made["client_id"], made["client_secret"])).status_code == 401
    assert (await _tokens(client, made["client_id"], rotated.json()["client_secret"])).status_code == 200
    seen = await client.get("/v1/opportunities", headers={"Authorization": f"Bearer {token}"})
    assert seen.status_code == 401
    assert owner.execute("SELECT count(*) FROM events WHERE action = 'machine_client.rotate'").fetchone() == (
        1,
    )


async def test_revoking_ends_its_tokens_at_once(world: World, client: httpx.AsyncClient) -> None:
    machine = world.as_("lakeside_sis")
    path = f"/v1/machine_clients/{world['lakeside_sis']}"

    revoked = await world.as_("ellis").post(f"{path}/revoke", version=1)
    again = await world.as_("ellis").post(f"{path}/rotate", version=2)

    assert revoked.json()["allowed_actions"] == [], revoked.text
    assert revoked.json()["revoked_at"] is not None
    assert (await machine.get("/v1/opportunities")).status_code == 401
    assert (again.status_code, again.json()["code"]) == (409, "wrong_state")
    assert (await _tokens(client, "lakeside_sis", "x")).status_code == 401


async def test_the_list_shows_the_tenants_own(world: World) -> None:
    await world.as_("ellis").post("/v1/machine_clients", json=BODY)

    first = await world.as_("ellis").get("/v1/machine_clients", params={"limit": 1})
    second = await world.as_("ellis").get(
        "/v1/machine_clients", params={"limit": 1, "cursor": first.json()["next_cursor"]}
    )

    assert [item["name"] for item in first.json()["items"]] == ["SIS"], first.text
    assert [item["name"] for item in second.json()["items"]] == ["lakeside_sis"]
    assert second.json()["next_cursor"] is None


@pytest.mark.parametrize("who", ["maya", "rosa", "ada", "clara", "sam", "olga", "lakeside_sis"])
async def test_nobody_but_the_district_sees_or_makes_them(world: World, who: str) -> None:
    person = world.as_(who)
    path = f"/v1/machine_clients/{world['lakeside_sis']}"

    answers = [
        await person.get("/v1/machine_clients"),
        await person.get(path),
        await person.post("/v1/machine_clients", json=BODY),
        await person.post(f"{path}/revoke", version=1),
    ]

    assert {answer.status_code for answer in answers} == {403}


async def test_another_tenants_district_finds_nothing(world: World) -> None:
    path = f"/v1/machine_clients/{world['lakeside_sis']}"

    answers = [
        await world.as_("dora").get(path),
        await world.as_("dora").post(f"{path}/rotate", version=1),
        await world.as_("dora").post(f"{path}/revoke", version=1),
    ]

    assert {answer.status_code for answer in answers} == {404}


async def test_a_stale_or_missing_version_changes_nothing(world: World) -> None:
    path = f"/v1/machine_clients/{world['lakeside_sis']}/rotate"

    stale = await world.as_("ellis").post(path, version=7)
    missing = await world.as_("ellis").post(path)

    assert (stale.status_code, missing.status_code) == (412, 428)


@pytest.mark.parametrize(
    "body", [{**BODY, "scopes": []}, {**BODY, "scopes": ["everything"]}, {"name": "SIS"}]
)
async def test_scopes_are_those_of_the_policy(world: World, body: dict[str, Any]) -> None:
    answer = await world.as_("ellis").post("/v1/machine_clients", json=body)

    assert answer.status_code == 422
    assert {scope.value for scope in GrantableScope} == INTEGRATION_SCOPES.keys()
