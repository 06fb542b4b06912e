"""Signing in at the token endpoint."""

import asyncio
from datetime import timedelta
from statistics import median
from time import perf_counter
from typing import Any

import httpx
import psycopg
from fastapi import FastAPI

from app.core import clock
from tests.features.oauth.people import PASSWORD, give_password, sign_in
from tests.world import World


async def test_a_login_and_a_password_give_tokens_that_work(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")

    answer = await sign_in(client, "Maya@Example.org ")

    tokens = answer.json()
    assert answer.status_code == 200, answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert (tokens["token_type"], tokens["expires_in"], tokens["tenant"]) == ("Bearer", 600, "lakeside")
    seen = await client.get(
        "/v1/opportunities", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    assert seen.status_code == 200, seen.text


async def test_a_wrong_password_an_unknown_login_and_a_machine_get_the_same_answer(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")

    answers = [
        await sign_in(client, "maya@example.org", "not this one"),
        await sign_in(client, "nobody@example.org", "not this one"),
        await sign_in(client, "ada@example.org", "has none at all"),
        await sign_in(client, "lakeside_sis", "is a machine"),
    ]

    assert [answer.status_code for answer in answers] == [400] * 4
    assert {answer.text for answer in answers} == {
        '{"error":"invalid_grant","error_description":"the login or the password is wrong"}'
    }


async def test_an_unknown_login_takes_as_long_as_a_known_one(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], app: FastAPI
) -> None:
    await give_password(world, owner, "maya")
    times: dict[str, list[float]] = {"maya@example.org": [], "nobody@example.org": []}

    for _ in range(9):
        for login, spans in times.items():
            app.state.backoff.__init__(key=app.state.hash_key)
            began = perf_counter()
            await sign_in(client, login, "not this one")
            spans.append(perf_counter() - began)

    known, unknown = (median(spans) for spans in times.values())
    assert 0.5 < known / unknown < 2.0


async def test_guessing_is_slowed_down_for_one_account_from_one_address_only(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya", "leo")
    for _ in range(6):
        await sign_in(client, "maya@example.org", "not this one")

    slowed = await sign_in(client, "maya@example.org")
    other = await sign_in(client, "leo@example.org")
    with clock.shifted(timedelta(seconds=3)):
        later = await sign_in(client, "maya@example.org")

    assert slowed.status_code == 429
    assert slowed.json()["error"] == "temporarily_unavailable"
    assert 1 <= int(slowed.headers["Retry-After"]) <= 2
    assert other.status_code == 200
    assert later.status_code == 200


async def test_an_account_of_two_tenants_names_one(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "rosa")
    owner.execute("DELETE FROM account_tenants WHERE person_id = %s", (world["gus"],))
    owner.execute(
        "INSERT INTO account_tenants (account_id, tenant_id, person_id) VALUES (%s, %s, %s)",
        (world.residents["rosa"].account_id, world["riverton"], world["gus"]),
    )

    unnamed = await sign_in(client, "rosa@example.org")
    by_slug = await sign_in(client, "rosa@example.org", tenant="riverton")
    by_id = await sign_in(client, "rosa@example.org", tenant=str(world["lakeside"]))
    elsewhere = await sign_in(client, "rosa@example.org", tenant="atlantis")

    assert unnamed.json()["error"] == "invalid_request"
    assert "lakeside, riverton" in unnamed.json()["error_description"]
    assert by_slug.json()["tenant"] == "riverton"
    assert by_id.json()["tenant"] == "lakeside"
    assert elsewhere.json()["error"] == "invalid_request"


async def test_a_disabled_account_and_a_person_who_left_cannot_sign_in(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya", "leo")
    owner.execute("UPDATE accounts SET disabled_at = now() WHERE login = 'maya@example.org'")
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", (world["leo"],))

    disabled = await sign_in(client, "maya@example.org")
    gone = await sign_in(client, "leo@example.org")

    assert disabled.json()["error"] == "invalid_grant"
    assert gone.json()["error"] == "invalid_grant"
    assert "member" in gone.json()["error_description"]


async def test_disabling_an_account_ends_what_it_does_at_once(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()

    owner.execute("UPDATE accounts SET disabled_at = now() WHERE login = 'maya@example.org'")
    seen = await client.get(
        "/v1/opportunities", headers={"Authorization": f"Bearer {tokens['access_token']}"}
    )
    refreshed = await client.post(
        "/oauth/token", data={"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    )

    assert seen.status_code == 401
    assert refreshed.json()["error"] == "invalid_grant"


async def test_a_removed_role_acts_on_the_next_request(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "clara")
    tokens = (await sign_in(client, "clara@example.org")).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}", "If-Match": '"1"'}
    path = f"/v1/opportunities/{world['draft']}/submit"

    owner.execute("UPDATE memberships SET ended_at = now() WHERE person_id = %s", (world["clara"],))
    answer = await client.post(path, headers={**headers, "Idempotency-Key": "after"})

    assert answer.status_code == 403


async def test_more_people_than_fit_are_asked_to_come_back_in_the_words_of_the_rfc(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")

    answers = await asyncio.gather(*(sign_in(client, f"nobody{n}@example.org", "wrong") for n in range(60)))

    busy = [answer for answer in answers if answer.status_code == 503]
    assert busy
    assert {answer.status_code for answer in answers} == {400, 503}
    assert busy[0].json()["error"] == "temporarily_unavailable"
    assert busy[0].headers["Retry-After"] == "1"


async def test_secrets_are_nowhere_in_the_database(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()

    found = [
        table
        for (table,) in owner.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
        ).fetchall()
        for (row,) in owner.execute(f'SELECT t::text FROM "{table}" t').fetchall()
        if any(secret in row for secret in (tokens["access_token"], tokens["refresh_token"], PASSWORD))
    ]

    assert found == []
