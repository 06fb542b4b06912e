"""Going on with a login: rotation, reuse, and requests at once."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import psycopg

from app.core import clock
from tests.features.oauth.people import give_password, refresh, sign_in
from tests.world import World


async def _signed_in(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> dict[str, Any]:
    await give_password(world, owner, "maya")
    tokens: dict[str, Any] = (await sign_in(client, "maya@example.org", device="Maya's phone")).json()
    return tokens


async def test_a_refresh_token_is_replaced_each_time(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)

    first = await refresh(client, tokens["refresh_token"], device="Maya's phone")
    second = await refresh(client, first.json()["refresh_token"], device="Maya's phone")

    assert (first.status_code, second.status_code) == (200, 200), first.text
    assert len({tokens["refresh_token"], first.json()["refresh_token"], second.json()["refresh_token"]}) == 3


async def test_a_replaced_token_within_ten_seconds_from_the_same_device_gets_the_same_successor(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)
    first = await refresh(client, tokens["refresh_token"], device="Maya's phone")

    again = await refresh(client, tokens["refresh_token"], device="Maya's phone")
    onward = await refresh(client, first.json()["refresh_token"], device="Maya's phone")

    assert again.json()["refresh_token"] == first.json()["refresh_token"]
    assert onward.status_code == 200


async def test_a_replaced_token_from_another_device_ends_the_login(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)
    first = await refresh(client, tokens["refresh_token"], device="Maya's phone")

    stolen = await refresh(client, tokens["refresh_token"], device="somebody else's")
    after = await refresh(client, first.json()["refresh_token"], device="Maya's phone")
    seen = await client.get(
        "/v1/opportunities", headers={"Authorization": f"Bearer {first.json()['access_token']}"}
    )

    assert stolen.json()["error"] == "invalid_grant"
    assert "used before" in stolen.json()["error_description"]
    assert after.json()["error"] == "invalid_grant"
    assert seen.status_code == 401


async def test_a_replaced_token_after_ten_seconds_ends_the_login(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)
    first = await refresh(client, tokens["refresh_token"], device="Maya's phone")

    with clock.shifted(timedelta(seconds=11)):
        late = await refresh(client, tokens["refresh_token"], device="Maya's phone")
        after = await refresh(client, first.json()["refresh_token"], device="Maya's phone")

    assert (late.status_code, after.status_code) == (400, 400)


async def test_an_older_token_of_the_family_ends_the_login_at_once(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)
    first = await refresh(client, tokens["refresh_token"], device="Maya's phone")
    second = await refresh(client, first.json()["refresh_token"], device="Maya's phone")

    old = await refresh(client, tokens["refresh_token"], device="Maya's phone")
    after = await refresh(client, second.json()["refresh_token"], device="Maya's phone")

    assert (old.status_code, after.status_code) == (400, 400)


async def test_a_made_up_token_that_names_the_session_ends_nothing(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)
    text = tokens["refresh_token"]

    forged = await refresh(client, text[:30] + ("A" if text[30] != "A" else "B") + text[31:])
    after = await refresh(client, text, device="Maya's phone")

    assert forged.json()["error"] == "invalid_grant"
    assert after.status_code == 200


async def test_twenty_refreshes_at_once_with_one_token_all_get_the_same_successor(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)

    answers = await asyncio.gather(
        *(refresh(client, tokens["refresh_token"], device="Maya's phone") for _ in range(20))
    )
    onward = await refresh(client, answers[0].json()["refresh_token"], device="Maya's phone")

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["refresh_token"] for answer in answers}) == 1
    assert onward.status_code == 200


async def test_a_login_that_is_used_lives_on_and_one_that_is_not_ends(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)

    with clock.shifted(timedelta(days=29)):
        used = await refresh(client, tokens["refresh_token"])
    with clock.shifted(timedelta(days=58)):
        again = await refresh(client, used.json()["refresh_token"])
    with clock.shifted(timedelta(days=89)):
        unused = await refresh(client, again.json()["refresh_token"])

    assert (used.status_code, again.status_code) == (200, 200)
    assert unused.json()["error"] == "invalid_grant"


async def test_a_person_who_left_the_tenant_gets_no_new_tokens(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)
    owner.execute("UPDATE people SET enabled = false WHERE id = %s", (world["maya"],))

    answer = await refresh(client, tokens["refresh_token"])

    assert answer.json()["error"] == "invalid_grant"


async def test_revoking_a_token_ends_its_login_and_never_says_whether_there_was_one(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    tokens = await _signed_in(world, client, owner)

    known = await client.post("/oauth/revoke", data={"token": tokens["refresh_token"]})
    again = await client.post("/oauth/revoke", data={"token": tokens["refresh_token"]})
    unknown = await client.post(
        "/oauth/revoke", data={"token": "nobody's", "token_type_hint": "refresh_token"}
    )
    missing = await client.post("/oauth/revoke", data={})
    after = await refresh(client, tokens["refresh_token"])

    assert [known.status_code, again.status_code, unknown.status_code] == [200, 200, 200]
    assert known.content == unknown.content == b""
    assert missing.json()["error"] == "invalid_request"
    assert after.json()["error"] == "invalid_grant"
