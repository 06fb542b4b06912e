"""Whoever has a username has no mailbox that could reset a password: staff of the school print a code instead."""

from typing import Any

import httpx
import psycopg

from app.domain.policy import Role
from tests.features.invitations.test_invitations import PASSWORD, invite, newcomer
from tests.world import World

NEW = "quite-another-long-password"


async def settled(world: World, client: httpx.AsyncClient, role: Role = Role.STUDENT) -> tuple[Any, str]:
    """Somebody who has an account with a username: their id and login."""
    person_id = await newcomer(world, email=None, role=role)
    item = (await invite(world, "ellis", "code", person_id)).json()["items"][0]
    done = await client.post(f"/v1/invitations/{item['code']}/accept", json={"password": PASSWORD})
    assert done.status_code == 200, done.text
    return person_id, item["login"]


async def signs_in(client: httpx.AsyncClient, login: str, password: str) -> int:
    form = {"grant_type": "password", "username": login, "password": password}
    return (await client.post("/oauth/token", data=form)).status_code


async def test_a_printed_code_sets_a_new_password(world: World, client: httpx.AsyncClient) -> None:
    person_id, login = await settled(world, client)

    item = (await invite(world, "clara", "code", person_id)).json()["items"][0]
    done = await client.post("/v1/passwords/reset", json={"token": item["code"], "password": NEW})
    again = await client.post("/v1/passwords/reset", json={"token": item["code"], "password": NEW})

    assert (item["outcome"], item["login"]) == ("new_password", login)
    assert (done.status_code, again.status_code) == (200, 410), done.text
    assert await signs_in(client, login, NEW) == 200
    assert await signs_in(client, login, PASSWORD) == 400


async def test_the_code_opens_the_page_too(world: World, client: httpx.AsyncClient) -> None:
    person_id, _ = await settled(world, client)
    code = (await invite(world, "clara", "code", person_id)).json()["items"][0]["code"]

    page = await client.get(f"/reset/{code}")

    assert page.status_code == 200
    assert 'name="password"' in page.text


async def test_another_schools_coordinator_gets_no_code(world: World, client: httpx.AsyncClient) -> None:
    person_id, _ = await settled(world, client)

    item = (await invite(world, "dario", "code", person_id)).json()["items"][0]

    assert (item["outcome"], item["code"]) == ("not_found", None)


async def test_a_coordinator_gets_no_code_for_the_account_of_staff(
    world: World, client: httpx.AsyncClient
) -> None:
    person_id, _ = await settled(world, client, Role.ADVISOR)

    refused = (await invite(world, "clara", "code", person_id)).json()["items"][0]
    given = (await invite(world, "ellis", "code", person_id)).json()["items"][0]

    assert (refused["outcome"], refused["code"]) == ("has_account", None)
    assert given["outcome"] == "new_password"


async def test_an_account_that_mail_can_reset_gets_no_code(world: World) -> None:
    item = (await invite(world, "clara", "code", world["leo"])).json()["items"][0]

    assert (item["outcome"], item["code"]) == ("has_account", None)


async def test_an_account_of_two_tenants_gets_no_code_from_one_of_them(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    person_id, login = await settled(world, client)
    owner.execute(
        "INSERT INTO account_tenants (account_id, tenant_id, person_id)"
        " SELECT id, %s, NULL FROM accounts WHERE login = %s",
        (world["riverton"], login),
    )

    item = (await invite(world, "clara", "code", person_id)).json()["items"][0]

    assert (item["outcome"], item["code"]) == ("has_account", None)
