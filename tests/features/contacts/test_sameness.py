"""Nobody can tell whether an address is known already, or belongs to somebody who said "never contact me"."""

from datetime import timedelta
from typing import Any

import httpx
import psycopg
import pytest

from app.core import clock
from app.features.contacts.jobs import sweep
from app.features.mails import jobs as mails
from tests.network import PERSON, ask, secret, tables, workshop
from tests.world import World

OFFER: dict[str, Any] = {
    "domain": "work",
    "closeness": 1,
    "frequency": 2,
    "offers": ["talk"],
    "note": "knows a lot",
}
KNOWN, SUPPRESSED, UNKNOWN = "known@hospital.example", "never@hospital.example", "unknown@hospital.example"
# Of a contact who turned out to be the known one.
MERGED = "merged@hospital.example"
# The same mailbox as the suppressed one, for all it matters.
ALSO_SUPPRESSED = "never+again@hospital.example"
_OWN = {"id", "created_at", "version"}


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every SQL statement that leaves for the database from now on."""
    sent: list[str] = []
    execute, executemany = psycopg.AsyncCursor.execute, psycopg.AsyncCursor.executemany

    async def noting(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        sent.append(str(query))
        return await execute(self, query, *args, **options)

    async def noting_many(self: Any, query: Any, *args: Any, **options: Any) -> Any:
        sent.append(str(query))
        return await executemany(self, query, *args, **options)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", noting)
    monkeypatch.setattr(psycopg.AsyncCursor, "executemany", noting_many)
    return sent


async def prepared(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any] | None = None
) -> None:
    """Let one address be known, and one be suppressed; with `owner` another one be of somebody merged."""
    await ask(world, email=KNOWN, job_title="Surgeon")
    if owner is not None:
        await ask(world, email=MERGED)
        owner.execute(
            "UPDATE contacts SET merged_into_id = (SELECT id FROM contacts WHERE email = %s) WHERE email = %s",
            (KNOWN, MERGED),
        )
    gone = await ask(world, email=SUPPRESSED)
    await client.post(f"/v1/consents/{await secret(world, gone.id)}/never")


def _but(left_out: set[str], answer: httpx.Response) -> dict[str, Any]:
    return {name: value for name, value in answer.json().items() if name not in left_out}


def counted(owner: psycopg.Connection[Any]) -> dict[str, int]:
    found = {}
    for name in tables(owner):
        ((number,),) = owner.execute(f'SELECT count(*) FROM "{name}"'.encode()).fetchall()
        found[name] = number
    return found


@pytest.mark.parametrize("who", ["petra", "ines", "ben", "dario"])
async def test_an_offer_is_answered_alike_with_the_same_statements(
    world: World,
    client: httpx.AsyncClient,
    owner: psycopg.Connection[Any],
    statements: list[str],
    who: str,
) -> None:
    await prepared(world, client, owner)
    # Whoever screens sees whom it leads to; families and teachers never do.
    own = _OWN | ({"contact_id", "contact_name", "contact_status"} if who == "dario" else set())
    told: list[list[Any]] = []
    sent: list[list[str]] = []
    written: list[dict[str, int]] = []
    for email in (KNOWN, SUPPRESSED, ALSO_SUPPRESSED, MERGED, UNKNOWN):
        before = counted(owner)
        statements.clear()
        answer = await world.as_(who).post(
            "/v1/connections", json={**OFFER, "person": {**PERSON, "email": email}}
        )
        sent.append(list(statements))
        after = counted(owner)
        # One row of contacts is written for each of them, whether it is new or not.
        written.append({name: after[name] - before[name] for name in after if name != "contacts"})
        read = await world.as_(who).get(answer.headers["Location"])
        told.append([answer.status_code, list(answer.json()), _but(own, answer), _but(own, read)])

    assert told[0][0] == 201
    assert told.count(told[0]) == len(told), told
    assert sent.count(sent[0]) == len(sent), [len(one) for one in sent]
    assert written.count(written[0]) == len(written), written


async def test_the_events_of_an_offer_do_not_tell_whether_the_address_was_known(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await prepared(world, client)
    told = []
    for email in (KNOWN, SUPPRESSED, UNKNOWN):
        made = await world.as_("petra").post(
            "/v1/connections", json={**OFFER, "person": {**PERSON, "email": email}}
        )
        told.append(
            owner.execute(
                "SELECT e.action, e.actor_kind, e.changed, e.facts::text, e.reason FROM events e"
                " JOIN events c ON c.request_id = e.request_id WHERE c.subject_id = %s ORDER BY e.id",
                (made.json()["id"],),
            ).fetchall()
        )

    assert told.count(told[0]) == len(told), told


async def test_a_suppressed_address_lives_and_ends_like_one_that_does_not_answer(
    world: World, client: httpx.AsyncClient, owner: psycopg.Connection[Any]
) -> None:
    await prepared(world, client)
    owner.execute("DELETE FROM mails")
    work, start = workshop(world), clock.now()
    clara = world.as_("clara")
    told: list[list[Any]] = []
    for email in (ALSO_SUPPRESSED, UNKNOWN):
        life: list[Any] = []
        asked = await ask(world, email=email)

        async def look(life: list[Any] = life, asked: Any = asked) -> None:
            seen = (await clara.get(f"/v1/contacts/{asked.id}")).json()
            mine = (await world.as_("rosa").get(asked.connection)).json()
            life.append((seen["status"], seen["allowed_actions"], mine["status"], mine["allowed_actions"]))
            rows = "SELECT template, state, fault, attempts FROM mails WHERE contact_id = %s ORDER BY id"
            life.append(owner.execute(rows, (asked.id,)).fetchall())

        async def send(asked: Any = asked) -> None:
            rows = "SELECT id FROM mails WHERE contact_id = %s AND state = 'waiting'"
            for (mail_id,) in owner.execute(rows, (asked.id,)).fetchall():
                await mails.send_mail(work, world["lakeside"], mail_id)

        await look()
        await send()
        await look()
        for days in (6, 8, 29, 31):
            await sweep(work, world["lakeside"], start + timedelta(days=days))
            await send()
            await look()
        events = owner.execute(
            "SELECT action, actor_kind, changed, facts::text FROM events WHERE subject_id = %s"
            " ORDER BY subject_seq",
            (asked.id,),
        )
        told.append([*life, events.fetchall()])

    assert told[0] == told[1]
    assert told[0][-1][-1][0] == "contact.close"
    assert {len(step) for step in told} == {13}


async def test_one_invitation_and_one_reminder_reach_a_mailbox_whichever_community_asks(
    world: World, owner: psycopg.Connection[Any]
) -> None:
    work = workshop(world)

    async def asked(contributor: str, coordinator: str, email: str) -> None:
        made = await world.as_(contributor).post(
            "/v1/connections", json={**OFFER, "note": None, "person": {**PERSON, "email": email}}
        )
        assert made.status_code == 201, made.text
        screened = await world.as_(coordinator).post(f"{made.headers['Location']}/screen", version=1)
        assert screened.status_code == 200, screened.text

    await asked("rosa", "clara", "both@hospital.example")
    await asked("gus", "cora", "both+river@hospital.example")
    for days in (0, 8):
        for tenant in ("lakeside", "riverton"):
            await sweep(work, world[tenant], clock.now() + timedelta(days=days))
            waiting = "SELECT id FROM mails WHERE state = 'waiting' AND tenant_id = %s"
            for (mail_id,) in owner.execute(waiting, (world[tenant],)).fetchall():
                await mails.send_mail(work, world[tenant], mail_id)

    states = owner.execute("SELECT template, state, fault FROM mails ORDER BY template").fetchall()
    assert states == [("consent_invitation", "done", None)] * 2 + [("consent_reminder", "done", None)] * 2
    attempts = owner.execute("SELECT kind, count(*) FROM contact_attempts GROUP BY kind ORDER BY kind")
    assert attempts.fetchall() == [("invitation", 1), ("reminder", 1)]
