"""Connections over HTTP: offered in a minute, screened, and never telling on anyone."""

import asyncio
from typing import Any

import psycopg
import pytest

from tests.world import World

NURSE: dict[str, Any] = {"given_name": "Nora", "family_name": "Nightly", "email": "Nora@Hospital.example"}
OFFER: dict[str, Any] = {"domain": "friends", "closeness": 2, "frequency": 3, "offers": ["host", "talk"]}


async def test_a_guardian_offers_her_friend_at_an_unknown_workplace(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    body = {
        **OFFER,
        "person": {**NURSE, "phone": "+1 312 555 0100", "job_title": "Nurse"},
        "employer": {"name": "Lake Hospital", "city": "Lakeside"},
        "note": "we sing in the same choir since 2015-2016",
    }

    answer = await world.as_("rosa").post("/v1/connections", json=body)

    assert answer.status_code == 201, answer.text
    made = answer.json()
    assert made["status"] == "proposed"
    assert made["school_id"] == str(world["north"])
    assert made["employer_name"] == "Lake Hospital"
    assert made["has_person"] is True
    assert made["contact_id"] is None
    assert made["contact_name"] is None
    assert made["allowed_actions"] == ["update", "withdraw"]
    contact = owner.execute(
        "SELECT status, email, suggested_by_role, invited_at FROM contacts WHERE given_name = 'Nora'"
    ).fetchone()
    assert contact == ("proposed", "nora@hospital.example", "guardian", None)
    place = owner.execute(
        "SELECT e.status, w.city FROM employers e JOIN worksites w ON w.employer_id = e.id WHERE e.name = %s",
        ("Lake Hospital",),
    ).fetchone()
    assert place == ("prospect", "Lakeside")
    actions = owner.execute("SELECT action, actor_kind FROM events ORDER BY id").fetchall()
    assert actions == [
        ("employer.create", "account"),
        ("worksite.create", "account"),
        ("contact.propose", "account"),
        ("connection.create", "account"),
    ]


async def test_the_same_key_offers_once(world: World, owner: psycopg.Connection[Any]) -> None:
    rosa, body = world.as_("rosa"), {**OFFER, "person": NURSE}

    first = await rosa.post("/v1/connections", json=body, headers={"Idempotency-Key": "one"})
    again = await rosa.post("/v1/connections", json=body, headers={"Idempotency-Key": "one"})

    assert again.content == first.content
    assert again.headers["Idempotent-Replayed"] == "true"
    assert owner.execute("SELECT count(*) FROM contacts WHERE given_name = 'Nora'").fetchone() == (1,)


async def test_two_contributors_know_one_person_and_neither_hears_of_the_other(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    new = await world.as_("rosa").post("/v1/connections", json={**OFFER, "person": NURSE})
    known = await world.as_("petra").post(
        "/v1/connections", json={**OFFER, "person": {**NURSE, "given_name": "Eleanora"}}
    )

    assert known.status_code == 201, known.text
    differing = {key for key, value in known.json().items() if new.json()[key] != value}
    assert differing == {"id", "contributor_id", "contributor_name", "school_id", "created_at"}
    contacts = owner.execute("SELECT given_name FROM contacts WHERE email = 'nora@hospital.example'")
    assert contacts.fetchall() == [("Nora",)]


async def test_ten_contributors_at_once_make_one_contact_and_one_prospect(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    body = {**OFFER, "person": NURSE, "employer": {"name": "Lake Hospital"}}
    spelled = {**body, "employer": {"name": "LAKE  hospital"}}

    answers = await asyncio.gather(
        *(
            world.as_(who).post("/v1/connections", json=sent)
            for who in ("rosa", "omar", "petra", "ada", "ben")
            for sent in (body, spelled)
        )
    )

    assert {answer.status_code for answer in answers} == {201}, [a.text for a in answers]
    assert owner.execute("SELECT count(*) FROM contacts WHERE given_name = 'Nora'").fetchone() == (1,)
    assert owner.execute("SELECT count(*) FROM employers WHERE name ILIKE 'lake%hospital'").fetchone() == (1,)


async def test_a_known_workplace_is_named_by_its_id(world: World) -> None:
    rosa = world.as_("rosa")

    seen = await rosa.post("/v1/connections", json={**OFFER, "employer": {"id": str(world["clinic"])}})
    unseen = await rosa.post("/v1/connections", json={**OFFER, "employer": {"id": str(world["garage"])}})

    assert seen.status_code == 201, seen.text
    assert seen.json()["has_person"] is False
    assert unseen.status_code == 404


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"person": None}, ""),
        ({"closeness": 4}, "/closeness"),
        ({"frequency": 0}, "/frequency"),
        ({"domain": "cousin"}, "/domain"),
        ({"offers": ["money"]}, "/offers/0"),
        ({"credit_wanted": "yes"}, "/credit_wanted"),
        ({"note": "write to her: nora (at) hospital.example"}, "/note"),
        ({"note": "call 312-555-0100 after six"}, "/note"),
        ({"employer": {"name": "Clinic", "street": "ring 312 555 0100"}}, "/employer/street"),
        ({"employer": {"name": "Clinic", "city": "nora@hospital.example"}}, "/employer/city"),
        ({"person": {**NURSE, "job_title": "nurse 312 555 0100"}}, "/person/job_title"),
        ({"person": {**NURSE, "email": "not an address"}}, "/person/email"),
        ({"employer": {"id": "0192f3a4-7c1e-7b2a-9d53-3f0c2a6b8e11", "name": "Both"}}, "/employer"),
        ({"employer": {}}, "/employer"),
        ({"guardian_email": "x@example.org"}, "/guardian_email"),
    ],
)
async def test_a_connection_of_wrong_values_is_refused(
    world: World, change: dict[str, Any], pointer: str
) -> None:
    answer = await world.as_("rosa").post("/v1/connections", json={**OFFER, "person": NURSE, **change})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0].get("pointer") == pointer
    assert "nora" not in answer.text.lower()


@pytest.mark.parametrize(
    ("who", "note"),
    [("rosa", "Leo's godmother"), ("ada", "she would suit MAYA well"), ("clara", "met Leo Leoson once")],
)
async def test_a_note_that_names_a_student_is_refused(world: World, who: str, note: str) -> None:
    answer = await world.as_(who).post("/v1/connections", json={**OFFER, "person": NURSE, "note": note})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["code"] == "student_named"


@pytest.mark.parametrize(
    "person",
    [
        {"given_name": "Leo", "family_name": "LEOSON", "email": "other@example.org"},
        {"given_name": "Anna", "family_name": "Other", "email": "leo@example.org"},
        {"given_name": "Rosa", "family_name": "Rosason", "email": "new@example.org"},
        {"given_name": "Mum", "family_name": "Other", "email": "ROSA@example.org"},
    ],
)
async def test_a_student_suggests_neither_themselves_nor_a_guardian(
    world: World, person: dict[str, str], owner: psycopg.Connection[Any]
) -> None:
    answer = await world.as_("leo").post("/v1/connections", json={**OFFER, "person": person})

    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["code"] == "own_family"
    assert owner.execute("SELECT email FROM people WHERE given_name = 'Rosa'").fetchone() == (
        "rosa@example.org",
    )


async def test_whoever_belongs_to_no_single_school_names_one(world: World) -> None:
    body = {**OFFER, "person": NURSE}

    nameless = await world.as_("ellis").post("/v1/connections", json=body)
    named = await world.as_("ellis").post("/v1/connections", json={**body, "school_id": str(world["south"])})
    foreign = await world.as_("rosa").post("/v1/connections", json={**body, "school_id": str(world["south"])})
    unknown = await world.as_("ellis").post(
        "/v1/connections", json={**body, "school_id": str(world["river"])}
    )

    assert nameless.status_code == 422
    assert nameless.json()["errors"][0]["pointer"] == "/school_id"
    assert named.status_code == 201, named.text
    assert foreign.status_code == 403
    assert unknown.status_code == 404


@pytest.mark.parametrize("who", ["sam", "olga", "lakeside_sis"])
async def test_who_is_not_of_the_school_community_offers_nothing(world: World, who: str) -> None:
    answer = await world.as_(who).post("/v1/connections", json={**OFFER, "person": NURSE})

    assert answer.status_code == 403


async def test_contributors_see_their_own_and_coordinators_their_schools(world: World) -> None:
    await world.as_("petra").post("/v1/connections", json={**OFFER, "person": NURSE})

    async def seen(who: str, **params: str) -> int:
        answer = await world.as_(who).get("/v1/connections", params=params)
        assert answer.status_code == 200, answer.text
        return len(answer.json()["items"])

    assert await seen("rosa") == 1
    assert await seen("omar") == 0
    assert await seen("petra") == 1
    assert await seen("clara") == 1
    assert await seen("dario") == 1
    assert await seen("ellis") == 2
    assert await seen("ellis", status="proposed") == 1
    assert await seen("ellis", school_id=str(world["north"])) == 1
    assert await seen("cora") == 1
    other = await world.as_("omar").get(f"/v1/connections/{world['cousin_connection']}")
    away = await world.as_("dario").get(f"/v1/connections/{world['cousin_connection']}")
    assert [other.status_code, away.status_code] == [404, 404]


async def test_screening_invites_the_contact_in_the_same_transaction(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await world.as_("rosa").post("/v1/connections", json={**OFFER, "person": NURSE})
    path = made.headers["Location"]

    answer = await world.as_("clara").post(f"{path}/screen", version=1)

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "screened"
    assert answer.json()["contact_name"] == "Nora Nightly"
    assert answer.json()["contact_status"] == "invited"
    dates = owner.execute(
        "SELECT status, remind_at - invited_at, answer_due_at - invited_at FROM contacts WHERE given_name = 'Nora'"
    ).fetchone()
    assert dates is not None
    assert (dates[0], dates[1].days, dates[2].days) == ("invited", 7, 30)
    mail = owner.execute("SELECT id, template, state FROM mails").fetchone()
    assert mail is not None
    assert mail[1:] == ("consent_invitation", "waiting")
    jobs = owner.execute("SELECT args->>'mail_id' FROM procrastinate_jobs WHERE task_name = 'send_mail'")
    assert jobs.fetchall() == [(str(mail[0]),)]


async def test_a_second_screening_asks_the_same_person_no_second_time(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    for contributor, coordinator in (("rosa", "clara"), ("petra", "dario")):
        made = await world.as_(contributor).post("/v1/connections", json={**OFFER, "person": NURSE})
        screened = await world.as_(coordinator).post(f"{made.headers['Location']}/screen", version=1)
        assert screened.json()["contact_name"] == "Nora Nightly", screened.text

    assert owner.execute("SELECT count(*) FROM mails").fetchone() == (1,)


async def test_a_person_who_said_yes_makes_a_screened_connection_active_at_once(world: World) -> None:
    vera = {"given_name": "Vera", "family_name": "Vetter", "email": "vera@clinic.example"}
    made = await world.as_("omar").post("/v1/connections", json={**OFFER, "person": vera})

    answer = await world.as_("clara").post(f"{made.headers['Location']}/screen", version=1)

    assert answer.json()["status"] == "active", answer.text


async def test_a_workplace_alone_waits_for_its_vetting(world: World) -> None:
    made = await world.as_("rosa").post("/v1/connections", json={**OFFER, "employer": {"name": "Tool Works"}})
    clara = world.as_("clara")

    screened = await clara.post(f"{made.headers['Location']}/screen", version=1)
    await clara.post(f"/v1/employers/{made.json()['employer_id']}/vet", version=1)
    active = await world.as_("rosa").get(made.headers["Location"])

    assert screened.json()["status"] == "screened"
    assert active.json()["status"] == "active"


async def test_rejecting_the_only_connection_erases_the_person(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    made = await world.as_("rosa").post(
        "/v1/connections", json={**OFFER, "person": NURSE, "note": "sings well"}
    )
    path, clara = made.headers["Location"], world.as_("clara")

    telling = await clara.post(f"{path}/reject", version=1, json={"reason": "Nora asked us not to"})
    answer = await clara.post(f"{path}/reject", version=1, json={"reason": "we know that workplace"})

    assert telling.status_code == 422
    assert answer.status_code == 200, answer.text
    assert answer.json()["note"] is None
    assert answer.json()["contact_status"] == "closed"
    row = owner.execute(
        "SELECT given_name, email, erased_at IS NULL FROM contacts ORDER BY id DESC"
    ).fetchone()
    assert row == (None, None, False)


async def test_withdrawing_one_of_two_leaves_the_person_alone(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    mine = await world.as_("rosa").post("/v1/connections", json={**OFFER, "person": NURSE})
    theirs = await world.as_("petra").post("/v1/connections", json={**OFFER, "person": NURSE})

    first = await world.as_("rosa").post(f"{mine.headers['Location']}/withdraw", version=1)
    after_first = owner.execute("SELECT count(*) FROM contacts WHERE given_name = 'Nora'").fetchone()
    second = await world.as_("petra").post(f"{theirs.headers['Location']}/withdraw", version=1)
    after_second = owner.execute("SELECT count(*) FROM contacts WHERE given_name = 'Nora'").fetchone()

    assert [first.status_code, second.status_code] == [200, 200]
    assert after_first == (1,)
    assert after_second == (0,)


async def test_withdrawing_takes_nothing_from_a_person_who_said_yes(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    answer = await world.as_("rosa").post(f"/v1/connections/{world['cousin_connection']}/withdraw", version=1)

    assert answer.json()["status"] == "withdrawn", answer.text
    kept = owner.execute(
        "SELECT status FROM contacts WHERE given_name = 'Vera' AND tenant_id = %s", (world["lakeside"],)
    )
    assert kept.fetchone() == ("consented",)


async def test_a_wrong_person_state_or_version_changes_nothing(world: World) -> None:
    path = f"/v1/connections/{world['cousin_connection']}"

    contributor = await world.as_("rosa").post(f"{path}/screen", version=1)
    elsewhere = await world.as_("dario").post(f"{path}/screen", version=1)
    foreign = await world.as_("cora").post(f"{path}/withdraw", version=1)
    active = await world.as_("clara").post(f"{path}/screen", version=1)
    stale = await world.as_("clara").post(f"{path}/withdraw", version=7)

    assert [contributor.status_code, elsewhere.status_code, foreign.status_code] == [403, 404, 404]
    assert [active.status_code, stale.status_code] == [409, 412]


async def test_no_contributor_ever_reads_an_address(world: World) -> None:
    body = {**OFFER, "person": {**NURSE, "phone": "+1 312 555 0100"}}
    for who in ("leo", "rosa", "ada"):
        made = await world.as_(who).post("/v1/connections", json=body)
        listed = await world.as_(who).get("/v1/connections")
        read = await world.as_(who).get(made.headers["Location"])
        contacts = await world.as_(who).get("/v1/contacts")

        told = made.text + listed.text + read.text
        assert made.status_code == 201, made.text
        assert not any(word in told for word in ("Nora", "Nightly", "hospital.example", "0100", "vera@"))
        assert contacts.status_code == 403


async def test_a_guardian_who_reads_spanish_is_told_in_spanish(world: World) -> None:
    rosa = world.as_("rosa", **{"Accept-Language": "es-MX"})

    answer = await rosa.post(
        "/v1/connections", json={**OFFER, "person": NURSE, "note": "llame al 312-555-0100"}
    )

    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("no escriba correos ni teléfonos")
