"""Consent by link, as JSON."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from app.core.jobs import working
from app.core.tokens import keyed_hash
from app.domain.contact import mailbox
from app.features.contacts import service as contacts
from app.features.links import service as links
from app.features.suppressions import service as suppressions
from tests.network import NOTE, PERSON, TRACES, ask, content, holding, secret
from tests.world import World


async def test_the_person_sees_exactly_what_is_held_and_nobodys_name(
    world: World, client: httpx.AsyncClient
) -> None:
    asked = await ask(world)

    answer = await client.get(f"/v1/consents/{await secret(world, asked.id)}")

    assert answer.status_code == 200, answer.text
    told = answer.json()
    held = {(thing["field"], thing["value"]) for thing in told["held"]}
    assert held == {
        ("name", "Zenobia Quillfeather"),
        ("email", PERSON["email"].lower()),
        ("phone", PERSON["phone"]),
        ("job_title", "Night nurse"),
        ("relationship", "from a club or a team; closeness 2 of 3; in touch 4 of 5; years known: 3"),
        ("note", NOTE),
    }
    assert told["school_name"] == "North School"
    assert told["tenant_name"] == "Lakeside"
    assert told["suggested_by"] == "a parent or guardian"
    assert told["why"] == (
        "someone who knows you thought that you might be willing to welcome a student at your workplace"
        " or tell students about your work."
    )
    assert told["answers"] == ["accept", "decline", "not_me", "never", "erase"]
    assert not any(name in answer.text for name in ("Leo", "Rosa", "Maya"))


async def test_the_letter_says_it_in_her_language_and_names_no_minor(world: World) -> None:
    asked = await ask(world, locale="es")

    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], asked.id)
        assert contact is not None
        values = await contacts.letter(unit.session, contact, "consent_invitation")

    assert values["suggested_by_role"] == "una madre, un padre o un tutor"
    assert values["held"][0] == "su nombre"
    assert values["why"].startswith("alguien que le conoce pensó")
    assert timedelta(days=29) <= values["answer_by"] - clock.now().date() <= timedelta(days=30)
    assert not any(name in str(values) for name in ("Leo", "Rosa", "Maya", "Zenobia"))


async def test_looking_changes_nothing(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)
    token = await secret(world, asked.id)
    before = content(owner)

    for path in (f"/v1/consents/{token}", f"/consent/{token}"):
        for _ in range(2):
            assert (await client.get(path)).status_code == 200
            await client.head(path)

    assert content(owner) == before


async def test_a_yes_counts_once_and_starts_the_connection(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)
    token, other = await secret(world, asked.id), await secret(world, asked.id)

    answer = await client.post(f"/v1/consents/{token}/accept")
    again = await client.post(f"/v1/consents/{token}/decline")
    by_the_reminder = await client.post(f"/v1/consents/{other}/decline")
    looked = await client.get(f"/v1/consents/{token}")

    assert answer.status_code == 200, answer.text
    assert answer.json()["status"] == "consented"
    assert [again.status_code, by_the_reminder.status_code, looked.status_code] == [410, 410, 410]
    seen = await world.as_("rosa").get(asked.connection)
    assert seen.json()["status"] == "active"
    mails = owner.execute("SELECT template FROM mails ORDER BY id").fetchall()
    assert mails == [("consent_invitation",), ("consent_confirmed",)]
    events = owner.execute(
        "SELECT action, actor_kind FROM events WHERE subject_id = %s ORDER BY id", (asked.id,)
    )
    assert events.fetchall() == [
        ("contact.propose", "account"),
        ("contact.invite", "system"),
        ("contact.accept", "link"),
    ]


@pytest.mark.parametrize("answer", ["decline", "not_me", "never", "erase"])
async def test_any_other_answer_erases_her_everywhere(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any], answer: str
) -> None:
    asked = await ask(world)
    token = await secret(world, asked.id)
    assert holding(owner, *TRACES).keys() == {"contacts", "connections", "stored_answers"}

    given = await client.post(f"/v1/consents/{token}/{answer}")

    assert given.status_code == 200, given.text
    assert given.json() == {
        "status": "erased",
        "message": "Thank you for telling us. What we held about you has been erased.",
        "next_link": None,
    }
    assert holding(owner, *TRACES) == {}
    for path in world.app.state.settings.kithwork_home.rglob("*"):
        if path.is_file():
            assert not any(trace in path.read_text(errors="replace").lower() for trace in TRACES), path
    jobs = owner.execute(
        "SELECT args->>'contact_id' FROM procrastinate_jobs WHERE task_name = 'erase_mail_files'"
    )
    assert jobs.fetchall() == [(str(asked.id),)]
    assert owner.execute("SELECT state, fault FROM mails").fetchone() == ("failed", "erased")


@pytest.mark.parametrize("answer", ["decline", "not_me", "never", "erase", None])
async def test_staff_cannot_tell_why_a_contact_is_closed(
    world: World, client: httpx.AsyncClient, answer: str | None
) -> None:
    asked = await ask(world)
    if answer is None:
        await world.as_("rosa").post(f"{asked.connection}/withdraw", version=asked.version)
    else:
        await client.post(f"/v1/consents/{await secret(world, asked.id)}/{answer}")

    seen = await world.as_("clara").get(f"/v1/contacts/{asked.id}")
    listed = await world.as_("clara").get("/v1/contacts", params={"status": "closed"})

    told = seen.json()
    assert {key for key, value in told.items() if value not in (None, [])} == {
        "id",
        "status",
        "locale",
        "school_id",
        "suggested_by_role",
        "created_at",
    }
    assert told["status"] == "closed"
    assert [row["id"] for row in listed.json()["items"]] == [str(asked.id)]


async def test_the_events_of_every_no_are_the_same(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    told = set()
    for answer in ("decline", "not_me", "never", "erase"):
        asked = await ask(world)
        await client.post(f"/v1/consents/{await secret(world, asked.id)}/{answer}")
        rows = owner.execute(
            "SELECT action, actor_kind, reason, changed, facts::text FROM events WHERE subject_id = %s ORDER BY id",
            (asked.id,),
        ).fetchall()
        told.add(str(rows))

    assert len(told) == 1, told


async def test_never_is_remembered_by_a_keyed_hash_of_the_mailbox_alone(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)

    await client.post(f"/v1/consents/{await secret(world, asked.id)}/never")

    key = world.app.state.hash_key
    kept = owner.execute("SELECT address_hash FROM suppressions").fetchall()
    assert kept == [(keyed_hash(key, mailbox("zenobia.quillfeather+work@HOSPITAL.example")),)]


async def test_a_suppressed_address_goes_through_the_same_states_and_is_never_written_to(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    first = await ask(world)
    await client.post(f"/v1/consents/{await secret(world, first.id)}/never")

    again = await ask(world, email="Zenobia.Quillfeather+2@hospital.example")

    seen = await world.as_("clara").get(f"/v1/contacts/{again.id}")
    assert seen.json()["status"] == "invited"
    assert owner.execute("SELECT count(*) FROM mails WHERE state = 'waiting'").fetchone() == (1,)
    key = world.app.state.hash_key
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], again.id)
        assert contact is not None
        assert not await suppressions.may_write(unit.session, key, contact, "invitation")


async def test_accept_and_decline_at_once_have_one_winner(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)
    first, second = await secret(world, asked.id), await secret(world, asked.id)

    answers = await asyncio.gather(
        *(
            client.post(f"/v1/consents/{token}/{answer}")
            for answer in ("accept", "decline")
            for token in (first, second)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200, 410, 410, 410]
    (won,) = (answer.json()["status"] for answer in answers if answer.status_code == 200)
    (status, erased) = owner.execute(
        "SELECT status, erased_at IS NOT NULL FROM contacts WHERE id = %s", (asked.id,)
    ).fetchone() or ("", None)
    assert (won, status, erased) in {("consented", "consented", False), ("erased", "declined", True)}


async def test_a_yes_can_be_paused_resumed_and_taken_back(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    asked = await ask(world)
    await client.post(f"/v1/consents/{await secret(world, asked.id)}/accept")
    token = await secret(world, asked.id, "consent_confirmed")

    shown = await client.get(f"/v1/contact_choices/{token}")
    refused = await client.post(f"/v1/contact_choices/{token}/resume")
    paused = await client.post(f"/v1/contact_choices/{token}/pause")
    used = await client.post(f"/v1/contact_choices/{token}/erase")
    resting = await world.as_("rosa").get(asked.connection)
    token = paused.json()["next_link"].rsplit("/", 1)[1]
    resumed = await client.post(f"/v1/contact_choices/{token}/resume")
    active = await world.as_("rosa").get(asked.connection)
    token = resumed.json()["next_link"].rsplit("/", 1)[1]
    left = await client.post(f"/v1/contact_choices/{token}/erase")

    assert shown.json()["answers"] == ["pause", "never", "erase"]
    assert refused.status_code == 409
    assert [paused.json()["status"], used.status_code] == ["paused", 410]
    assert [resting.json()["status"], active.json()["status"]] == ["dormant", "active"]
    assert left.json() == {**left.json(), "status": "erased", "next_link": None}
    assert holding(owner, *TRACES) == {}


async def test_a_link_of_another_purpose_or_nobodys_or_too_old_opens_nothing(
    world: World, client: httpx.AsyncClient
) -> None:
    asked = await ask(world)
    token = await secret(world, asked.id)

    wrong = await client.get(f"/v1/contact_choices/{token}")
    unknown = await client.post("/v1/consents/no-such-link/accept")
    nonsense = await client.post(f"/v1/consents/{token}/maybe")
    with clock.shifted(timedelta(days=31)):
        late = await client.post(f"/v1/consents/{token}/accept")

    assert [wrong.status_code, unknown.status_code, nonsense.status_code, late.status_code] == [
        404,
        404,
        422,
        410,
    ]


async def test_a_repeated_offer_after_erasure_is_not_done_twice(world: World) -> None:
    rosa = world.as_("rosa")
    body = {"domain": "club", "closeness": 2, "frequency": 4, "person": PERSON}
    made = await rosa.post("/v1/connections", json=body, headers={"Idempotency-Key": "k"})
    await rosa.post(f"{made.headers['Location']}/withdraw", version=1)

    again = await rosa.post("/v1/connections", json=body, headers={"Idempotency-Key": "k"})

    assert again.status_code == 410
    assert again.json()["code"] == "answer_erased"


async def test_one_invitation_and_one_reminder_reach_a_mailbox_in_180_days(world: World) -> None:
    asked = await ask(world)
    key = world.app.state.hash_key

    async def may(kind: str) -> bool:
        async with working(world.database, world["lakeside"]) as unit:
            contact = await contacts.locked(unit.session, world["lakeside"], asked.id)
            assert contact is not None
            allowed = await suppressions.may_write(unit.session, key, contact, kind)
            if allowed:
                await suppressions.note_attempt(unit.session, key, contact, kind)
            return allowed

    said = [await may(kind) for kind in ("invitation", "invitation", "reminder", "reminder")]
    with clock.shifted(timedelta(days=181)):
        later = await may("invitation")

    assert said == [True, False, True, False]
    assert later


async def test_whoever_holds_an_invitation_to_an_account_cannot_answer_for_a_contact(
    world: World, client: httpx.AsyncClient
) -> None:
    asked = await ask(world)
    async with working(world.database, world["lakeside"]) as unit:
        token = await links.issue(
            unit.session,
            purpose="invitation",
            tenant_id=world["lakeside"],
            subject_id=asked.id,
            expires_at=clock.now() + timedelta(days=1),
        )

    answer = await client.post(f"/v1/consents/{token}/accept")

    assert answer.status_code == 404
