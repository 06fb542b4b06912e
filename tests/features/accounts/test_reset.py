"""A forgotten password, from the request to the new one."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.features.accounts import jobs
from app.features.links import service as links
from tests.features.oauth.people import sign_in
from tests.world import World

NEW = "a quite different sentence"


async def _link(world: World, name: str = "maya", purpose: str = "password_reset") -> str:
    async with working(world.database, None) as unit:
        return await links.issue(
            unit.session,
            purpose=purpose,
            tenant_id=None,
            subject_id=world.residents[name].account_id,
            expires_at=clock.now() + timedelta(hours=1),
        )


async def test_the_job_writes_one_mail_to_an_account_that_exists(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    account_id: UUID = world.residents["maya"].account_id

    first = await jobs.request_password_reset(workshop, account_id)
    soon = await jobs.request_password_reset(workshop, account_id)
    unknown = await jobs.request_password_reset(workshop, new_id())

    assert (first, soon, unknown) == (True, False, False)
    assert owner.execute("SELECT tenant_id, template, account_id FROM mails").fetchall() == [
        (world["lakeside"], "password_reset", account_id)
    ]


async def test_somebody_with_a_username_gets_no_mail(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    account_id = world.residents["maya"].account_id
    owner.execute("UPDATE accounts SET login = 'maya.m@lakeside' WHERE id = %s", (account_id,))

    assert not await jobs.request_password_reset(workshop, account_id)


async def test_a_link_sets_a_new_password_once_and_ends_every_login(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    token = await _link(world)

    answer = await client.post("/v1/passwords/reset", json={"token": token, "password": NEW})
    again = await client.post("/v1/passwords/reset", json={"token": token, "password": NEW})

    assert answer.json() == {"login": "maya@example.org"}, answer.text
    assert (again.status_code, again.json()["code"]) == (410, "link_used")
    assert (await world.as_("maya").get("/v1/sessions")).status_code == 401
    assert (await sign_in(client, "maya@example.org", NEW)).status_code == 200
    assert owner.execute(
        "SELECT actor_kind, subject_id FROM events WHERE action = 'password.reset'"
    ).fetchall() == [("link", world["maya"])]


async def test_of_ten_resets_at_once_one_counts(world: World, client: httpx.AsyncClient) -> None:
    token = await _link(world)

    answers = await asyncio.gather(
        *(
            client.post("/v1/passwords/reset", json={"token": token, "password": f"{NEW} {number}"})
            for number in range(10)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 9


async def test_a_weak_password_does_not_use_the_link_up(world: World, client: httpx.AsyncClient) -> None:
    token = await _link(world)

    weak = await client.post("/v1/passwords/reset", json={"token": token, "password": "short"})
    strong = await client.post("/v1/passwords/reset", json={"token": token, "password": NEW})

    assert (weak.status_code, strong.status_code) == (422, 200)


async def test_an_expired_unknown_or_other_link_resets_nothing(
    world: World, client: httpx.AsyncClient
) -> None:
    late, other = await _link(world), await _link(world, purpose="consent")

    unknown = await client.post("/v1/passwords/reset", json={"token": "x", "password": NEW})
    wrong = await client.post("/v1/passwords/reset", json={"token": other, "password": NEW})
    with clock.shifted(timedelta(hours=2)):
        expired = await client.post("/v1/passwords/reset", json={"token": late, "password": NEW})

    assert (unknown.status_code, wrong.status_code, expired.status_code) == (404, 404, 410)


async def test_the_page_resets_without_script_and_looking_uses_nothing_up(
    world: World, client: httpx.AsyncClient
) -> None:
    token = await _link(world)

    shown = [await client.get(f"/reset/{token}") for _ in range(2)]
    differing = await client.post(f"/reset/{token}", data={"password": NEW, "again": "other"})
    done = await client.post(
        f"/reset/{token}", data={"password": NEW, "again": NEW}, headers={"Accept-Language": "es"}
    )
    after = await client.get(f"/reset/{token}")

    assert {page.status_code for page in shown} == {200}
    assert "maya@example.org" in shown[0].text
    assert "default-src 'none'" in shown[0].headers["Content-Security-Policy"]
    assert differing.status_code == 422
    assert "the two passwords differ" in differing.text.lower()
    assert done.status_code == 200
    assert "Su contraseña nueva está guardada" in done.text
    assert after.status_code == 410


async def test_the_sweep_deletes_what_ended_long_ago(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await _link(world)
    owner.execute("UPDATE login_sessions SET revoked_at = now() WHERE person_id = %s", (world["leo"],))

    early = await jobs.sweep_global(workshop, clock.now())
    late = await jobs.sweep_global(workshop, clock.now() + timedelta(days=31))

    assert (early, late) == (0, 2)
