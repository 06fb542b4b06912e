"""My logins and my password."""

from typing import Any

import httpx
import psycopg
import pytest
from fastapi import FastAPI

from app.core import passwords as rules
from app.core.passwords import check_password_rules, spanish
from tests.features.oauth.people import PASSWORD, give_password, refresh, sign_in
from tests.world import World

NEW = "a quite different sentence"


def _bearer(tokens: dict[str, Any], key: str = "one") -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}", "Idempotency-Key": key}


async def test_my_logins_are_listed_with_the_one_that_asks(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()

    first = await client.get("/v1/sessions", headers=_bearer(tokens), params={"limit": 1})
    second = await client.get(
        "/v1/sessions",
        headers=_bearer(tokens),
        params={"limit": 1, "cursor": first.json()["next_cursor"]},
    )

    assert [item["current"] for item in first.json()["items"]] == [True], first.text
    assert [item["id"] for item in second.json()["items"]] == [str(world.residents["maya"].session_id)]
    assert second.json()["items"][0]["tenant"] == "lakeside"


async def test_logging_out_ends_this_login_only(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()

    answer = await client.post("/v1/sessions/logout", headers=_bearer(tokens))

    assert answer.json() == {"sessions_ended": 1}, answer.text
    assert (await client.get("/v1/sessions", headers=_bearer(tokens))).status_code == 401
    assert (await refresh(client, tokens["refresh_token"])).status_code == 400
    assert (await world.as_("maya").get("/v1/sessions")).status_code == 200


async def test_logging_out_everywhere_ends_every_login_and_is_written_down(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()

    answer = await client.post("/v1/sessions/logout_everywhere", headers=_bearer(tokens))

    assert answer.json() == {"sessions_ended": 2}, answer.text
    assert (await world.as_("maya").get("/v1/sessions")).status_code == 401
    assert (await world.as_("leo").get("/v1/sessions")).status_code == 200
    assert owner.execute(
        "SELECT subject_id, actor_person_id, facts FROM events WHERE action = 'session.logout_everywhere'"
    ).fetchall() == [(world["maya"], world["maya"], {"sessions_ended": 2})]


async def test_a_machine_client_can_log_out_but_has_no_password(world: World) -> None:
    machine = world.as_("lakeside_sis")

    changed = await machine.post("/v1/passwords/change", json={"old_password": "a", "new_password": NEW})
    left = await machine.post("/v1/sessions/logout")

    assert changed.status_code == 403
    assert left.json() == {"sessions_ended": 1}


async def test_a_changed_password_ends_the_other_logins_and_is_told_by_mail(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")
    tokens = (await sign_in(client, "maya@example.org")).json()

    answer = await client.post(
        "/v1/passwords/change",
        headers=_bearer(tokens),
        json={"old_password": PASSWORD, "new_password": NEW},
    )

    assert answer.json() == {"sessions_ended": 1}, answer.text
    assert (await client.get("/v1/sessions", headers=_bearer(tokens))).status_code == 200
    assert (await world.as_("maya").get("/v1/sessions")).status_code == 401
    assert (await sign_in(client, "maya@example.org")).status_code == 400
    assert (await sign_in(client, "maya@example.org", NEW)).status_code == 200
    assert owner.execute(
        "SELECT template, account_id FROM mails WHERE template = 'password_changed'"
    ).fetchall() == [("password_changed", world.residents["maya"].account_id)]
    assert owner.execute("SELECT facts FROM events WHERE action = 'password.change'").fetchall() == [
        ({"sessions_ended": 1},)
    ]


@pytest.mark.parametrize(
    ("old", "new", "status", "code"),
    [
        ("not the old one", NEW, 403, "wrong_password"),
        (PASSWORD, "short", 422, "weak_password"),
        (PASSWORD, "maya@example.org", 422, "weak_password"),
        (PASSWORD, "x" * 1001, 422, "invalid"),
    ],
)
async def test_a_password_is_not_changed_without_the_old_one_or_to_a_weak_one(
    world: World, owner: psycopg.Connection[Any], old: str, new: str, status: int, code: str
) -> None:
    await give_password(world, owner, "maya")

    answer = await world.as_("maya").post(
        "/v1/passwords/change", json={"old_password": old, "new_password": new}
    )

    assert (answer.status_code, answer.json()["code"]) == (status, code)


async def test_guessing_the_old_password_is_slowed_down(world: World, owner: psycopg.Connection[Any]) -> None:
    await give_password(world, owner, "maya")
    body = {"old_password": "wrong", "new_password": NEW}
    for _ in range(6):
        await world.as_("maya").post("/v1/passwords/change", json=body)

    answer = await world.as_("maya").post("/v1/passwords/change", json=body)

    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) >= 1


async def test_a_weak_password_is_refused_in_spanish_too(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    await give_password(world, owner, "maya")

    answer = await world.as_("maya", **{"Accept-Language": "es"}).post(
        "/v1/passwords/change", json={"old_password": PASSWORD, "new_password": "corta"}
    )

    assert answer.json()["detail"].startswith("la contraseña es demasiado corta")


def test_every_sentence_about_passwords_has_its_spanish() -> None:
    weak = (
        "short",
        "x" * 129,
        "nul\x00 in the middle",
        "abcabcabcabc",
        "qwertyuiopasdfgh",
        "maya@example.org",
        "passwordpassword",
    )

    sentences = {check_password_rules(password, login="maya@example.org") for password in weak}

    assert sentences == set(rules._SPANISH)
    assert all(spanish(sentence) for sentence in sentences if sentence)


async def test_an_unknown_address_gets_the_same_answer_and_the_same_work(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    known = await client.post("/v1/passwords/request_reset", json={"login": "Maya@example.org"})
    unknown = await client.post("/v1/passwords/request_reset", json={"login": "nobody@example.org"})

    jobs = owner.execute(
        "SELECT args ->> 'account_id' FROM procrastinate_jobs WHERE task_name = 'request_password_reset' ORDER BY id"
    ).fetchall()
    assert (known.status_code, known.json()) == (202, {"accepted": True})
    assert (unknown.status_code, unknown.content) == (202, known.content)
    assert len(jobs) == 2
    assert jobs[0][0] == str(world.residents["maya"].account_id)
    assert not owner.execute("SELECT 1 FROM accounts WHERE id = %s", jobs[1]).fetchall()


async def test_asking_for_many_resets_is_slowed_down_for_known_and_unknown_alike(
    world: World, client: httpx.AsyncClient
) -> None:
    assert world["maya"]
    answers = {}
    for login in ("maya@example.org", "nobody@example.org"):
        for _ in range(7):
            answers[login] = await client.post("/v1/passwords/request_reset", json={"login": login})

    assert [answer.status_code for answer in answers.values()] == [429, 429]


async def test_contract_names_the_public_operations(app: FastAPI) -> None:
    document = app.openapi()

    public = {
        "/oauth/token",
        "/v1/passwords/request_reset",
        "/v1/passwords/reset",
        "/v1/invitations/{token}/accept",
    }
    assert all(document["paths"][path]["post"]["security"] == [] for path in public)
    assert document["paths"]["/v1/passwords/change"]["post"]["security"] != []
