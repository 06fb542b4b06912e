"""Duplicates over HTTP: found as they arrive and on demand, seen by those who may see both, and decided for good."""

from typing import Any
from uuid import UUID

import psycopg

from app.core import clock
from app.core.jobs import Workshop
from app.features.match_keys import jobs as match_keys
from tests.draining import Drain
from tests.network import ask, holding, secret
from tests.world import World

NURSE: dict[str, Any] = {
    "given_name": "Elizabeth",
    "family_name": "Ortega Ruiz",
    "email": "eortega@hospital.example",
    "phone": "+1 312 555 0144",
}
OFFER: dict[str, Any] = {"domain": "friends", "closeness": 2, "frequency": 3, "offers": ["host"]}
HOSPITAL = {"name": "Saint Luke's Hospital, Inc.", "street": "1420 N Ashland Ave", "city": "Lakeside"}


async def offer(world: World, who: str, **changes: Any) -> dict[str, Any]:
    made = await world.as_(who).post("/v1/connections", json={**OFFER, **changes})
    assert made.status_code == 201, made.text
    body: dict[str, Any] = made.json()
    return body


async def listed(world: World, who: str, **params: Any) -> list[dict[str, Any]]:
    answer = await world.as_(who).get("/v1/duplicates", params=params)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_a_workplace_that_is_named_twice_is_suggested_as_one_with_reasons(
    world: World, drain: Drain
) -> None:
    await offer(world, "rosa", employer=HOSPITAL)
    await offer(
        world,
        "petra",
        employer={"name": "St Lukes Hosp Ctr", "street": "1420 North Ashland", "city": "Lakeside"},
    )

    await drain()

    (found,) = await listed(world, "clara")
    assert found["kind"] == "employer"
    assert found["reasons"] == ["similar_name", "same_address"]
    assert found["score"] > 0.8
    assert {found["left"]["name"], found["right"]["name"]} == {HOSPITAL["name"], "St Lukes Hosp Ctr"}
    assert found["left"]["places"][0]["city"] == "Lakeside"
    assert found["allowed_actions"] == ["mark_different", "merge"]


async def test_the_same_name_however_it_is_written_is_one_prospect(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    first = await offer(world, "rosa", employer=HOSPITAL)
    again = await offer(world, "petra", employer={"name": "the st. lukes HOSPITAL"})

    assert again["employer_id"] == first["employer_id"]
    assert owner.execute("SELECT count(*) FROM employers WHERE name ILIKE '%luke%'").fetchone() == (1,)


async def test_one_person_at_two_addresses_is_suggested_to_whoever_may_read_both(
    world: World, drain: Drain
) -> None:
    await offer(world, "rosa", person=NURSE, employer=HOSPITAL)
    await offer(
        world,
        "ada",
        person={**NURSE, "given_name": "Liz", "family_name": "Ortega", "email": "liz.o@clinic.example"},
        employer=HOSPITAL,
    )

    await drain()

    (found,) = await listed(world, "clara")
    assert found["kind"] == "contact"
    assert found["reasons"] == ["nickname", "same_employer", "same_phone"]
    assert {found["left"]["email"], found["right"]["email"]} == {
        "eortega@hospital.example",
        "liz.o@clinic.example",
    }
    assert await listed(world, "dario") == []
    (seen,) = await listed(world, "ellis")
    assert seen["left"]["email"] is None
    for who in ("ada", "rosa", "maya", "sam"):
        assert (await world.as_(who).get("/v1/duplicates")).status_code == 403
    assert (await world.as_("dario").get(f"/v1/duplicates/{found['id']}")).status_code == 404


async def test_a_family_is_not_one_person(world: World, drain: Drain) -> None:
    await offer(world, "rosa", person=NURSE, employer=HOSPITAL)
    await offer(
        world,
        "ada",
        person={**NURSE, "given_name": "Marcos", "email": "mortega@hospital.example"},
        employer=HOSPITAL,
    )

    await drain()

    assert await listed(world, "clara") == []


async def test_what_is_marked_as_different_is_never_suggested_again(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await offer(world, "rosa", employer=HOSPITAL)
    await offer(world, "petra", employer={**HOSPITAL, "name": "Saint Luke's Hospital Gift Shop"})
    await drain()
    (found,) = await listed(world, "clara")

    marked = await world.as_("clara").post(
        f"/v1/duplicates/{found['id']}/mark_different", json={"reason": "the shop is on its own"}, version=1
    )

    assert marked.status_code == 200, marked.text
    assert (marked.json()["status"], marked.json()["allowed_actions"]) == ("different", [])
    asked = await world.as_("clara").post("/v1/duplicates/scan")
    await drain()
    assert await listed(world, "clara") == []
    assert [item["id"] for item in await listed(world, "clara", status="different")] == [found["id"]]
    scan = await world.as_("ellis").get(asked.headers["Location"])
    assert scan.json()["suggested"] == 0
    said = "SELECT reason, actor_person_id FROM events WHERE action = 'duplicate.mark_different'"
    assert owner.execute(said).fetchall() == [("the shop is on its own", world["clara"])]
    version = marked.json()["version"]
    for action, body in (("merge", {"keep": "left"}), ("mark_different", {"reason": "again"})):
        refused = await world.as_("clara").post(
            f"/v1/duplicates/{found['id']}/{action}", json=body, version=version
        )
        assert (refused.status_code, refused.json()["code"]) == (409, "wrong_state")


async def test_a_reason_holds_no_telephone_number(world: World, drain: Drain) -> None:
    await offer(world, "rosa", employer=HOSPITAL)
    await offer(world, "petra", employer={**HOSPITAL, "name": "Saint Luke's Hospital Gift Shop"})
    await drain()
    (found,) = await listed(world, "clara")

    refused = await world.as_("clara").post(
        f"/v1/duplicates/{found['id']}/mark_different", json={"reason": "call 312 555 0144"}, version=1
    )

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/reason"


async def test_a_search_finds_what_was_there_before_there_were_keys(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "INSERT INTO employers (tenant_id, id, name, status, monthly_contact_cap, version, created_at, updated_at)"
        " SELECT %s, gen_random_uuid(), name, 'prospect', 4, 1, now(), now()"
        " FROM unnest(ARRAY['Lakeside Vet Clinic LLC', '3rd St. Garage, LLC', 'Nobody Else']) AS name",
        (world["lakeside"],),
    )

    asked = await world.as_("clara").post("/v1/duplicates/scan")
    again = await world.as_("dario").post("/v1/duplicates/scan")

    assert asked.status_code == 202, asked.text
    assert asked.json()["status"] == "waiting"
    assert again.json()["id"] == asked.json()["id"]
    await drain()
    done = await world.as_("clara").get(asked.headers["Location"])
    assert (done.json()["status"], done.json()["employers"], done.json()["suggested"]) == ("done", 5, 2)
    names = {
        frozenset((each["left"]["name"], each["right"]["name"])) for each in await listed(world, "clara")
    }
    assert names == {
        frozenset(("Lakeside Veterinary Clinic", "Lakeside Vet Clinic LLC")),
        frozenset(("Third Street Garage", "3rd St. Garage, LLC")),
    }
    recorded = owner.execute("SELECT facts FROM events WHERE action = 'duplicate_scan.finish'").fetchall()
    assert recorded == [({"employers": 5, "contacts": 1, "suggested": 2},)]


async def test_the_sweep_keys_what_lacks_its_keys_and_looks_at_it(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    owner.execute(
        "INSERT INTO employers (tenant_id, id, name, status, monthly_contact_cap, version, created_at, updated_at)"
        " VALUES (%s, gen_random_uuid(), 'Lakeside Vet Clinic LLC', 'prospect', 4, 1, now(), now())",
        (world["lakeside"],),
    )

    done = await match_keys.sweep(workshop, world["lakeside"], clock.now())
    again = await match_keys.sweep(workshop, world["lakeside"], clock.now())

    assert (done, again) == (4, 0)  # three employers and a contact
    assert owner.execute(
        "SELECT count(*) FROM employers WHERE tenant_id = %s AND name_key IS NULL", (world["lakeside"],)
    ).fetchone() == (0,)
    assert len(await listed(world, "clara")) == 1
    assert owner.execute("SELECT count(*) FROM duplicate_pairs").fetchone() == (1,)
    assert (await offer(world, "rosa", employer={"name": "Lakeside Veterinary Clinic Inc"}))[
        "employer_id"
    ] == str(world["clinic"])


async def test_an_erased_contact_leaves_no_key_and_no_pair_behind(
    world: World, client: Any, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    person = await ask(world)
    await offer(
        world,
        "ada",
        person={
            "given_name": "Zenobia",
            "family_name": "Quillfeather",
            "email": "zq@elsewhere.example",
            "phone": "+1 312 555 0177",
        },
    )
    await drain()
    assert len(await listed(world, "clara")) == 1
    assert "match_keys" in holding(owner, "quillfeather", "zenobiaquillfeather", "3125550177")

    gone = await client.post(f"/v1/consents/{await secret(world, person.id)}/decline")

    assert gone.status_code == 200, gone.text
    await drain()
    assert await listed(world, "clara") == []
    keys = "SELECT count(*) FROM match_keys WHERE subject_id = %s"
    assert owner.execute(keys, (person.id,)).fetchone() == (0,)
    pairs = "SELECT count(*) FROM duplicate_pairs WHERE %(id)s IN (left_id, right_id)"
    assert owner.execute(pairs, {"id": person.id}).fetchone() == (0,)


async def test_the_stored_answer_about_a_pair_goes_with_either_of_the_two(
    world: World, client: Any, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    person = await ask(world)
    await offer(
        world,
        "ada",
        person={
            "given_name": "Zenobia",
            "family_name": "Quillfeather",
            "email": "zq@elsewhere.example",
            "phone": "+1 312 555 0177",
        },
    )
    await drain()
    (found,) = await listed(world, "clara")
    clara = world.as_("clara", **{"Idempotency-Key": "a pair that is none"})
    path, body = f"/v1/duplicates/{found['id']}/mark_different", {"reason": "mother and daughter"}
    marked = await clara.post(path, json=body, version=1)
    assert "Quillfeather" in marked.text
    kept = "SELECT body IS NULL FROM stored_answers WHERE action = 'duplicate.mark_different'"
    assert owner.execute(kept).fetchall() == [(False,)]

    gone = await client.post(f"/v1/consents/{await secret(world, person.id)}/decline")

    assert gone.status_code == 200, gone.text
    assert owner.execute(kept).fetchall() == [(True,)]
    repeated = await clara.post(path, json=body, version=1)
    assert repeated.status_code == 404, repeated.text


async def test_another_community_is_never_compared_with(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    await world.as_("clara").post("/v1/duplicates/scan")
    await world.as_("cora").post("/v1/duplicates/scan")

    await drain()

    # Lakeside and Riverton have an employer and a contact of the very same name each.
    assert owner.execute("SELECT count(*) FROM duplicate_pairs").fetchone() == (0,)


async def test_a_search_that_is_given_up_says_so(
    world: World, drain: Drain, owner: psycopg.Connection[Any]
) -> None:
    asked = await world.as_("clara").post("/v1/duplicates/scan")
    owner.execute("UPDATE duplicate_scans SET attempts = 3, status = 'running'")

    await drain()

    scan = await world.as_("clara").get(asked.headers["Location"])
    assert scan.json()["status"] == "failed"
    assert UUID((await world.as_("clara").post("/v1/duplicates/scan")).json()["id"]) != UUID(
        scan.json()["id"]
    )
