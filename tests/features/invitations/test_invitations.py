"""How accounts come about."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.events import SYSTEM
from app.core.ids import new_id
from app.core.jobs import working
from app.core.problems import Conflict, Unprocessable
from app.domain.policy import Role
from app.features.accounts import service as accounts
from app.features.invitations import service as invitations
from app.features.links import service as links
from app.models import Membership, Person
from tests.features.oauth.people import sign_in
from tests.world import World

PASSWORD = "seven tall herons wade"


async def newcomer(
    world: World,
    given: str = "Núria",
    email: str | None = "nuria@example.org",
    role: Role = Role.STUDENT,
    school: str = "north",
) -> UUID:
    """Somebody of Lakeside who has no account yet."""
    person_id = new_id()
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            Person(
                tenant_id=world["lakeside"], id=person_id, given_name=given, family_name="Ibáñez", email=email
            )
        )
        await unit.session.flush()
        unit.session.add(
            Membership(
                tenant_id=world["lakeside"],
                person_id=person_id,
                role=role,
                school_id=None if role is Role.DISTRICT_ADMIN else world[school],
            )
        )
    return person_id


async def mailed(world: World, person_id: UUID, login: str | None = "nuria@example.org") -> str:
    """The secret of a link as the mail job makes it."""
    async with working(world.database, None) as unit:
        return await links.issue(
            unit.session,
            purpose="invitation",
            tenant_id=world["lakeside"],
            subject_id=person_id,
            expires_at=clock.now() + timedelta(days=30),
            login=login,
        )


async def invite(world: World, inviter: str, way: str, *people: UUID, **headers: str) -> httpx.Response:
    """Invite people."""
    body = {"person_ids": [str(person) for person in people], "way": way}
    return await world.as_(inviter).post("/v1/invitations", json=body, headers=headers)


async def test_people_with_an_address_are_invited_by_mail(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    person_id, without = await newcomer(world), await newcomer(world, email=None)

    answer = await invite(
        world, "clara", "mail", person_id, without, world["leo"], world["ines"], world["ria"]
    )

    assert answer.status_code == 201, answer.text
    assert answer.json()["invited"] == 1
    assert [item["outcome"] for item in answer.json()["items"]] == [
        "invited",
        "no_email",
        "has_account",
        "not_found",
        "not_found",
    ]
    ((mail_id, template, event_id),) = owner.execute(
        "SELECT id, template, event_id FROM mails WHERE person_id = %s AND subject_id = %s",
        (person_id, person_id),
    ).fetchall()
    assert template == "invitation"
    assert owner.execute(
        "SELECT id, actor_person_id, school_id, facts FROM events WHERE action = 'invitation.create'"
    ).fetchall() == [(event_id, world["clara"], world["north"], {"way": "mail"})]
    assert owner.execute(
        "SELECT args ->> 'mail_id' FROM procrastinate_jobs WHERE task_name = 'send_mail'"
    ).fetchall() == [(str(mail_id),)]


async def test_a_printed_code_makes_an_account_with_a_username(
    world: World, client: httpx.AsyncClient
) -> None:
    person_id = await newcomer(world, email=None)
    item = (await invite(world, "clara", "code", person_id)).json()["items"][0]
    typed = item["code"].lower().replace("-", " ")

    shown = await client.get(f"/v1/invitations/{typed}")
    accepted = await client.post(f"/v1/invitations/{typed}/accept", json={"password": PASSWORD})
    tokens = await sign_in(client, item["login"], PASSWORD)

    assert item["login"] == "nuria.i@lakeside"
    assert len(item["code"].replace("-", "")) == 16
    assert shown.json() == {
        "tenant": "lakeside",
        "tenant_name": "Lakeside",
        "given_name": "Núria",
        "login": "nuria.i@lakeside",
        "login_taken": False,
        "expires_at": item["expires_at"],
    }
    assert accepted.status_code == 200, accepted.text
    assert tokens.status_code == 200, tokens.text


async def test_two_people_of_one_name_get_two_usernames(world: World) -> None:
    first, second, third = [await newcomer(world, email=None) for _ in range(3)]

    together = (await invite(world, "clara", "code", first, second)).json()["items"]
    later = (await invite(world, "clara", "code", third)).json()["items"]

    assert [item["login"] for item in [*together, *later]] == [
        "nuria.i@lakeside",
        "nuria.i2@lakeside",
        "nuria.i3@lakeside",
    ]


async def test_a_code_is_in_the_first_answer_only_and_nowhere_in_the_database(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    person_id = await newcomer(world, email=None)

    first = await invite(world, "clara", "code", person_id, **{"Idempotency-Key": "one"})
    again = await invite(world, "clara", "code", person_id, **{"Idempotency-Key": "one"})

    code = first.json()["items"][0]["code"]
    expected = {**first.json(), "items": [{**first.json()["items"][0], "code": None}]}
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.json() == expected
    rows = owner.execute("SELECT convert_from(body, 'utf8') FROM stored_answers").fetchall()
    rows += owner.execute("SELECT t::text FROM link_tokens t").fetchall()
    rows += owner.execute("SELECT t::text FROM events t").fetchall()
    assert rows
    assert not [row for (row,) in rows if code in row or code.replace("-", "") in row]


async def test_a_code_for_staff_is_not_shown_to_a_coordinator_who_could_then_become_them(
    world: World,
) -> None:
    advisor = await newcomer(world, role=Role.ADVISOR)
    boss = await newcomer(world, role=Role.DISTRICT_ADMIN)

    by_coordinator = (await invite(world, "clara", "code", advisor)).json()["items"][0]
    by_district = (await invite(world, "ellis", "code", advisor, boss)).json()["items"]

    assert (by_coordinator["outcome"], by_coordinator["code"]) == ("staff_by_mail", None)
    assert [item["outcome"] for item in by_district] == ["invited", "staff_by_mail"]


@pytest.mark.parametrize("who", ["maya", "rosa", "ada", "sam", "olga", "lakeside_sis"])
async def test_only_coordinators_and_the_district_invite(world: World, who: str) -> None:
    answer = await invite(world, who, "mail", await newcomer(world))

    assert answer.status_code == 403


async def test_a_coordinator_of_another_school_or_tenant_finds_nobody(world: World) -> None:
    person_id = await newcomer(world)

    answers = [await invite(world, who, "mail", person_id) for who in ("dario", "cora")]

    assert [answer.json()["items"][0]["outcome"] for answer in answers] == ["not_found", "not_found"]


async def test_somebody_who_left_is_not_invited_and_cannot_accept(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    person_id = await newcomer(world)
    token = await mailed(world, person_id)
    owner.execute("UPDATE people SET ended_at = now() WHERE id = %s", (person_id,))

    invited = await invite(world, "clara", "mail", person_id)
    accepted = await client.post(f"/v1/invitations/{token}/accept", json={"password": PASSWORD})

    assert invited.json()["items"][0]["outcome"] == "ended"
    assert accepted.status_code == 410


async def test_a_mailed_link_makes_an_account_with_that_address(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    person_id = await newcomer(world)
    token = await mailed(world, person_id)
    other = await mailed(world, person_id)

    accepted = await client.post(f"/v1/invitations/{token}/accept", json={"password": PASSWORD})
    tokens = await sign_in(client, "nuria@example.org", PASSWORD)
    again = await client.get(f"/v1/invitations/{other}")

    assert accepted.json() == {
        "login": "nuria@example.org",
        "tenant": "lakeside",
        "person_id": str(person_id),
    }, accepted.text
    assert tokens.status_code == 200
    assert again.status_code == 410
    assert owner.execute(
        "SELECT actor_kind, subject_id, person_id FROM events WHERE action = 'invitation.accept'"
    ).fetchall() == [("link", person_id, person_id)]


async def test_of_ten_acceptances_at_once_one_makes_the_account(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    person_id = await newcomer(world)
    token = await mailed(world, person_id)

    answers = await asyncio.gather(
        *(client.post(f"/v1/invitations/{token}/accept", json={"password": PASSWORD}) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 9
    assert owner.execute(
        "SELECT count(*) FROM account_tenants WHERE person_id = %s", (person_id,)
    ).fetchone() == (1,)


async def test_two_links_to_one_person_at_once_make_one_account(
    world: World, client: httpx.AsyncClient
) -> None:
    person_id = await newcomer(world)
    tokens = [await mailed(world, person_id) for _ in range(4)]

    answers = await asyncio.gather(
        *(client.post(f"/v1/invitations/{token}/accept", json={"password": PASSWORD}) for token in tokens)
    )

    codes = sorted(answer.status_code for answer in answers)
    assert codes[0] == 200
    assert set(codes[1:]) <= {409, 410}


async def test_an_equal_address_never_links_anything(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    person_id = await newcomer(world, email="gus@example.org")
    token = await mailed(world, person_id, "gus@example.org")
    before = owner.execute("SELECT count(*) FROM account_tenants").fetchone()

    shown = await client.get(f"/v1/invitations/{token}")
    taken = await client.post(f"/v1/invitations/{token}/accept", json={"password": PASSWORD})
    between = owner.execute("SELECT count(*) FROM account_tenants").fetchone()
    chosen = await client.post(
        f"/v1/invitations/{token}/accept", json={"password": PASSWORD, "username": "gus.at.lakeside"}
    )

    assert shown.json()["login_taken"] is True
    assert (taken.status_code, taken.json()["code"]) == (409, "login_taken")
    assert between == before
    assert chosen.json()["login"] == "gus.at.lakeside@lakeside"


async def test_signing_in_proves_the_account_that_accepts(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    person_id = await newcomer(world, email="gus@example.org")
    token = await mailed(world, person_id, "gus@example.org")

    accepted = await world.as_("gus").post(f"/v1/invitations/{token}/accept", json={})

    assert accepted.json() == {
        "login": "gus@example.org",
        "tenant": "lakeside",
        "person_id": str(person_id),
    }, accepted.text
    assert owner.execute(
        "SELECT person_id FROM account_tenants WHERE account_id = %s AND tenant_id = %s",
        (world.residents["gus"].account_id, world["lakeside"]),
    ).fetchall() == [(person_id,)]
    assert (await client.get(f"/v1/invitations/{token}")).status_code == 410


async def test_an_account_cannot_be_two_people_of_one_tenant(world: World, client: httpx.AsyncClient) -> None:
    token = await mailed(world, await newcomer(world))

    answer = await world.as_("maya").post(f"/v1/invitations/{token}/accept", json={})
    still_open = await client.get(f"/v1/invitations/{token}")

    assert (answer.status_code, answer.json()["code"]) == (409, "has_account")
    assert still_open.status_code == 200


async def test_an_ended_login_a_machine_and_nonsense_prove_nothing(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    token = await mailed(world, await newcomer(world))
    path = f"/v1/invitations/{token}/accept"
    owner.execute("UPDATE login_sessions SET revoked_at = now() WHERE person_id = %s", (world["gus"],))

    answers = [
        await world.as_("gus").post(path, json={}),
        await world.as_("riverton_sis").post(path, json={}),
        await client.post(path, json={"password": PASSWORD}, headers={"Authorization": "Bearer nonsense"}),
    ]

    assert [answer.status_code for answer in answers] == [401, 401, 401]
    assert all(answer.headers["WWW-Authenticate"] for answer in answers)


async def test_a_link_without_a_login_asks_for_a_username(world: World, client: httpx.AsyncClient) -> None:
    token = await mailed(world, await newcomer(world), None)
    path = f"/v1/invitations/{token}/accept"

    missing = await client.post(path, json={"password": PASSWORD})
    address = await client.post(path, json={"password": PASSWORD, "username": "nuria@example.org"})
    elsewhere = await client.post(path, json={"password": PASSWORD, "username": "nuria@riverton"})
    weak = await client.post(path, json={"password": "short", "username": "nuria"})
    none = await client.post(path, json={"username": "nuria"})
    good = await client.post(path, json={"password": PASSWORD, "username": "Nuria"})

    assert [a.status_code for a in (missing, address, elsewhere, weak, none)] == [422] * 5
    assert missing.json()["errors"][0]["pointer"] == "/username"
    assert weak.json()["code"] == "weak_password"
    assert good.json()["login"] == "nuria@lakeside"


async def test_an_unknown_or_expired_invitation_says_so(world: World, client: httpx.AsyncClient) -> None:
    token = await mailed(world, await newcomer(world))

    unknown = await client.get("/v1/invitations/nothing")
    with clock.shifted(timedelta(days=31)):
        expired = await client.get(f"/v1/invitations/{token}", headers={"Accept-Language": "es"})

    assert (unknown.status_code, unknown.json()["code"]) == (404, "unknown_link")
    assert (expired.status_code, expired.json()["code"]) == (410, "link_expired")
    assert "caducado" in expired.json()["detail"]


async def test_inviting_again_closes_the_earlier_invitation(world: World, client: httpx.AsyncClient) -> None:
    person_id = await newcomer(world, email=None)
    first = (await invite(world, "clara", "code", person_id)).json()["items"][0]["code"]

    second = (await invite(world, "clara", "code", person_id)).json()["items"][0]["code"]

    assert (await client.get(f"/v1/invitations/{first}")).status_code == 410
    assert (await client.get(f"/v1/invitations/{second}")).status_code == 200


async def test_the_page_of_a_mailed_link_needs_no_script(world: World, client: httpx.AsyncClient) -> None:
    token = await mailed(world, await newcomer(world, given="<b>Núria</b>"))

    page = await client.get(f"/invitation/{token}", headers={"Accept-Language": "es"})
    weak = await client.post(f"/invitation/{token}", data={"password": "short", "again": "short"})
    done = await client.post(f"/invitation/{token}", data={"password": PASSWORD, "again": PASSWORD})
    after = await client.get(f"/invitation/{token}")

    assert page.status_code == 200, page.text
    assert "&lt;b&gt;Núria" in page.text
    assert "<script" not in page.text
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (weak.status_code, done.status_code, after.status_code) == (422, 200, 410)
    assert "nuria@example.org" in done.text


async def test_the_page_offers_a_username_where_the_address_is_taken(
    world: World, client: httpx.AsyncClient
) -> None:
    token = await mailed(world, await newcomer(world), "gus@example.org")

    page = await client.get(f"/invitation/{token}")
    done = await client.post(
        f"/invitation/{token}", data={"password": PASSWORD, "again": PASSWORD, "username": "nuria"}
    )

    assert 'name="username"' in page.text
    assert "nuria@lakeside" in done.text


async def test_the_operator_makes_a_tenant_and_a_code_for_its_first_administrator(
    world: World, client: httpx.AsyncClient
) -> None:
    async with working(world.database, None) as unit:
        tenant = await accounts.create_tenant(unit.session, "hillside", "Hillside", "en", "America/Denver")
        await unit.session.flush()
        await unit.open(tenant.id)
        person = Person(tenant_id=tenant.id, id=new_id(), given_name="Ada", family_name="Lo")
        unit.session.add(person)
        await unit.session.flush()
        unit.session.add(Membership(tenant_id=tenant.id, person_id=person.id, role=Role.DISTRICT_ADMIN))
        await unit.session.flush()
        code, login = await invitations.invite_by_code(unit.session, tenant.id, person.id, SYSTEM)

    accepted = await client.post(f"/v1/invitations/{code}/accept", json={"password": PASSWORD})

    assert login == "ada.l@hillside"
    assert accepted.status_code == 200, accepted.text
    assert (await sign_in(client, login, PASSWORD)).json()["tenant"] == "hillside"


async def test_a_tenant_needs_a_short_name_of_its_own(world: World) -> None:
    async with working(world.database, None) as unit:
        with pytest.raises(Conflict):
            await accounts.create_tenant(unit.session, "lakeside", "Another", "en", "America/Denver")
        with pytest.raises(Unprocessable):
            await accounts.create_tenant(unit.session, "lake.side", "Another", "en", "America/Denver")
