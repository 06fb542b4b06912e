"""Contributing by link, as JSON: without an account, once a link, and by nobody who may not."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from tests.features.contributions.links import NURSE, OFFER, link_of
from tests.network import content
from tests.world import World

Owner = psycopg.Connection[Any]


async def test_looking_tells_what_is_asked_and_changes_nothing(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    before = content(owner)

    seen = [await client.get(f"/v1/contributions/{secret}") for _ in range(3)]

    assert [answer.status_code for answer in seen] == [200] * 3
    shown = seen[0].json()
    assert shown["school_name"] == "North School"
    assert shown["schools"] == [{"id": str(world["north"]), "name": "North School"}]
    assert shown["questions"] == []
    assert shown["message"] is None
    assert "Leo" not in seen[0].text
    assert content(owner) == before


async def test_a_guardian_without_an_account_offers_somebody_by_link(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    owner.execute("DELETE FROM account_tenants WHERE person_id = %s", (world["rosa"],))
    secret = await link_of(world, "rosa")

    answer = await client.post(f"/v1/contributions/{secret}", json={**OFFER, "person": NURSE})

    assert answer.status_code == 200, answer.text
    assert "asked" in answer.json()["message"]
    made = owner.execute(
        "SELECT status, contributor_id, school_id FROM connections WHERE domain = 'friends'"
    ).fetchall()
    assert made == [("proposed", world["rosa"], world["north"])]
    events = owner.execute(
        "SELECT action, actor_kind, actor_account_id, actor_person_id FROM events ORDER BY id"
    ).fetchall()
    assert events == [
        ("contact.propose", "link", None, world["rosa"]),
        ("connection.create", "link", None, world["rosa"]),
    ]


async def test_a_link_works_once_and_the_answer_opens_another(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    body = {**OFFER, "employer": {"name": "Corner Bakery"}}

    first = await client.post(f"/v1/contributions/{secret}", json=body)
    again = await client.post(f"/v1/contributions/{secret}", json=body)
    following = first.json()["next_link"].rsplit("/", 1)[1]
    second = await client.post(f"/v1/contributions/{following}", json={**OFFER, "person": NURSE})

    assert [first.status_code, again.status_code, second.status_code] == [200, 410, 200]
    assert again.json()["code"] == "link_used"
    assert (await client.get(f"/v1/contributions/{secret}")).status_code == 410
    count = owner.execute("SELECT count(*) FROM connections WHERE domain = 'friends'").fetchone()
    assert count == (2,)
    ends = owner.execute("SELECT count(DISTINCT expires_at), count(*) FROM link_tokens").fetchone()
    assert ends == (1, 3)


async def test_of_ten_at_once_on_one_link_one_makes_a_connection(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    body = {**OFFER, "person": NURSE}

    answers = await asyncio.gather(
        *(client.post(f"/v1/contributions/{secret}", json=body) for _ in range(10))
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [410] * 9
    count = owner.execute("SELECT count(*) FROM connections WHERE domain = 'friends'").fetchone()
    assert count == (1,)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("UPDATE guardian_links SET ended_at = now() WHERE guardian_id = %(who)s", "link_closed"),
        ("UPDATE guardian_links SET until_on = current_date - 2 WHERE guardian_id = %(who)s", "link_closed"),
        ("UPDATE guardian_links SET no_contact = true WHERE guardian_id = %(who)s", "link_closed"),
        ("UPDATE people SET enabled = false WHERE id = %(who)s", "link_closed"),
        ("UPDATE people SET ended_at = now() WHERE id = %(who)s", "link_closed"),
        ("UPDATE link_tokens SET expires_at = now() - interval '1 second'", "link_expired"),
        ("UPDATE link_tokens SET used_at = now()", "link_used"),
    ],
)
async def test_a_link_is_as_good_as_its_holder_is_at_this_moment(
    change: str, code: str, world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    owner.execute(change.encode(), {"who": world["rosa"]})

    looked = await client.get(f"/v1/contributions/{secret}")
    offered = await client.post(f"/v1/contributions/{secret}", json={**OFFER, "person": NURSE})

    assert [looked.status_code, offered.status_code] == [410, 410]
    assert {looked.json()["code"], offered.json()["code"]} == {code}
    assert owner.execute("SELECT count(*) FROM connections WHERE domain = 'friends'").fetchone() == (0,)


@pytest.mark.parametrize("name", ["leo", "sam", "olga"])
async def test_whoever_is_neither_guardian_nor_staff_has_no_use_of_a_link(
    name: str, world: World, client: httpx.AsyncClient
) -> None:
    secret = await link_of(world, name)

    answer = await client.get(f"/v1/contributions/{secret}")

    assert answer.status_code == 410


async def test_a_link_of_another_purpose_and_an_unknown_one_are_the_same(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    secret = await link_of(world, "rosa")
    owner.execute("UPDATE link_tokens SET purpose = 'invitation'")

    answers = [
        await client.post(f"/v1/contributions/{each}", json={**OFFER, "person": NURSE})
        for each in (secret, "x" * 43)
    ]

    assert [(answer.status_code, answer.json()["code"]) for answer in answers] == [(404, "unknown_link")] * 2


async def test_a_printed_code_is_a_link_too(world: World, client: httpx.AsyncClient) -> None:
    code = await link_of(world, "rosa", code=True)

    answer = await client.get(f"/v1/contributions/{code.lower().replace('-', ' ')}")

    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("changes", "status", "pointer"),
    [
        ({"note": "call her at 312 555 0177"}, 422, "/note"),
        ({"note": "Leo would love it there"}, 422, "/note"),
        ({"person": {**NURSE, "email": "nora.nightly@gmail.com"}}, 422, "/person/email"),
        ({"person": {**NURSE, "job_title": "ask nora@hospital.example"}}, 422, "/person/job_title"),
        ({"closeness": 4}, 422, "/closeness"),
        ({"person": None}, 422, None),
    ],
)
async def test_the_rules_are_those_of_every_connection_and_the_link_stays_good(
    changes: dict[str, Any],
    status: int,
    pointer: str | None,
    world: World,
    client: httpx.AsyncClient,
) -> None:
    secret = await link_of(world, "rosa")

    refused = await client.post(f"/v1/contributions/{secret}", json={**OFFER, "person": NURSE, **changes})
    taken = await client.post(f"/v1/contributions/{secret}", json={**OFFER, "person": NURSE})

    assert refused.status_code == status, refused.text
    if pointer is not None:
        assert pointer in [fault.get("pointer") for fault in refused.json()["errors"]]
    assert taken.status_code == 200, taken.text


async def test_a_link_offers_to_no_other_school(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa")

    answer = await client.post(
        f"/v1/contributions/{secret}", json={**OFFER, "person": NURSE, "school_id": str(world["south"])}
    )

    assert answer.status_code == 403
    assert answer.json()["code"] == "other_school"


async def test_a_link_acts_in_its_own_community_only(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    owner.execute(
        "INSERT INTO guardian_links (tenant_id, id, created_at, updated_at, version, student_id, guardian_id,"
        " relationship_kind, may_see, may_sign, no_contact, source, ended_by_roster)"
        " VALUES (%s, gen_random_uuid(), now(), now(), 1, %s, %s, 'parent', true, true, false, 'staff', false)",
        (world["riverton"], world["ria"], world["gus"]),
    )
    ours = await link_of(world, "gus", tenant="riverton")
    crossed = await link_of(world, "gus", tenant="lakeside")
    employer = {"employer": {"id": str(world["clinic"])}}

    theirs = await client.post(f"/v1/contributions/{ours}", json={**OFFER, **employer})
    elsewhere = await client.get(f"/v1/contributions/{crossed}")
    fine = await client.post(f"/v1/contributions/{ours}", json={**OFFER, "person": NURSE})

    assert theirs.status_code == 404
    assert elsewhere.status_code == 410
    assert fine.status_code == 200
    made = owner.execute("SELECT tenant_id FROM connections WHERE domain = 'friends'").fetchall()
    assert made == [(world["riverton"],)]


async def test_somebody_on_the_staff_of_two_schools_says_which(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    owner.execute(
        "UPDATE guardian_links SET student_id = %s WHERE guardian_id = %s", (world["maya"], world["petra"])
    )
    owner.execute(
        "INSERT INTO guardian_links (tenant_id, id, created_at, updated_at, version, student_id, guardian_id,"
        " relationship_kind, may_see, may_sign, no_contact, source, ended_by_roster)"
        " VALUES (%s, gen_random_uuid(), now(), now(), 1, %s, %s, 'parent', true, true, false, 'staff', false)",
        (world["lakeside"], world["ines"], world["petra"]),
    )
    secret = await link_of(world, "petra")
    body = {**OFFER, "person": NURSE}

    shown = await client.get(f"/v1/contributions/{secret}")
    unsaid = await client.post(f"/v1/contributions/{secret}", json=body)
    said = await client.post(f"/v1/contributions/{secret}", json={**body, "school_id": str(world["south"])})

    assert [school["name"] for school in shown.json()["schools"]] == ["North School", "South School"]
    assert unsaid.status_code == 422
    assert [fault["pointer"] for fault in unsaid.json()["errors"]] == ["/school_id"]
    assert said.status_code == 200


async def test_spanish_is_spoken_to_those_who_read_it(
    world: World, client: httpx.AsyncClient, owner: Owner
) -> None:
    owner.execute("UPDATE people SET locale = 'es' WHERE id = %s", (world["rosa"],))
    secret = await link_of(world, "rosa")

    answer = await client.post(f"/v1/contributions/{secret}", json={**OFFER, "person": NURSE})

    assert answer.json()["message"].startswith("Muchas gracias.")


async def test_nothing_asked_is_nothing_to_answer_and_the_link_stays_good(
    world: World, client: httpx.AsyncClient
) -> None:
    secret = await link_of(world, "rosa")
    body = {"answers": [{"cluster": "education", "answer": "know"}]}

    answer = await client.post(f"/v1/contributions/{secret}/answers", json=body)

    assert answer.status_code == 409
    assert answer.json()["code"] == "nothing_asked"
    assert (await client.get(f"/v1/contributions/{secret}")).status_code == 200


async def test_an_expired_link_says_so_kindly(world: World, client: httpx.AsyncClient) -> None:
    secret = await link_of(world, "rosa", expires_at=clock.now() - timedelta(seconds=1))

    answer = await client.get(f"/v1/contributions/{secret}", headers={"Accept-Language": "es"})

    assert answer.status_code == 410
    assert answer.json()["detail"] == "este enlace ha caducado; pida uno nuevo"
