"""Somebody who was suggested and asked, for tests of what happens then."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from app.core.jobs import Workshop, working
from app.core.mail import FileMailer
from app.features.contacts import service as contacts
from tests.world import World

PERSON: dict[str, Any] = {
    "given_name": "Zenobia",
    "family_name": "Quillfeather",
    "email": "Zenobia.Quillfeather@hospital.example",
    "phone": "+1 312 555 0177",
    "job_title": "Night nurse",
}
NOTE = "sings alto in our choir"
# Everything by which she could be found again.
TRACES = ("zenobia", "quillfeather", "555 0177", "night nurse", "sings alto")


@dataclass
class Asked:
    """A contact that was invited, and the connection that led there."""

    id: UUID
    connection: str
    version: int


async def ask(world: World, **changes: Any) -> Asked:
    """Let Rosa suggest Zenobia, and Clara screen it."""
    person = {**PERSON, **changes}
    body = {"domain": "club", "closeness": 2, "frequency": 4, "offers": ["talk", "host"], "years_known": 3}
    made = await world.as_("rosa").post("/v1/connections", json={**body, "person": person, "note": NOTE})
    assert made.status_code == 201, made.text
    path = made.headers["Location"]
    screened = await world.as_("clara").post(f"{path}/screen", version=1)
    assert screened.status_code == 200, screened.text
    return Asked(UUID(screened.json()["contact_id"]), path, screened.json()["version"])


async def secret(world: World, contact_id: UUID, template: str = "consent_invitation") -> str:
    """Make the link of a letter, as the mail job does, and return its secret."""
    async with working(world.database, world["lakeside"]) as unit:
        contact = await contacts.locked(unit.session, world["lakeside"], contact_id)
        assert contact is not None
        return (await contacts.link_for(unit.session, contact, template)).rsplit("/", 1)[1]


def workshop(world: World) -> Workshop:
    """Return what background work is done with; mails are files."""
    state = world.app.state
    mailer = FileMailer(state.settings.kithwork_home / "mail", state.settings.mail_from)
    return Workshop(state.database, state.settings, state.hash_key, mailer)


def tables(owner: psycopg.Connection[Any]) -> list[str]:
    """Return every table of the service and of its queue."""
    found = owner.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
    return [name for (name,) in found]


def content(owner: psycopg.Connection[Any]) -> dict[str, Any]:
    """Return a digest of every table, to see whether anything changed."""
    statement = "SELECT count(*), md5(string_agg(md5(t::text), '' ORDER BY md5(t::text))) FROM {} t"
    return {
        name: owner.execute(sql.SQL(statement).format(sql.Identifier(name))).fetchone()
        for name in tables(owner)
    }


def holding(owner: psycopg.Connection[Any], *traces: str) -> dict[str, list[str]]:
    """Return the tables of which some row holds one of the traces: as text, in JSON, or in bytes."""
    found: dict[str, list[str]] = {}
    for name in tables(owner):
        # A row as text shows bytes in hexadecimal; a letter of either case is then one of two pairs of digits.
        rows = owner.execute(sql.SQL("SELECT t::text FROM {} t").format(sql.Identifier(name))).fetchall()
        for (row,) in rows:
            plain = row.lower()
            for trace in traces:
                if trace in plain or any(trace in text for text in _bytes_of(plain)):
                    found.setdefault(name, []).append(trace)
    return found


def _bytes_of(row: str) -> list[str]:
    texts = []
    for part in row.split("\\x")[1:]:
        digits = part[: len(part) - len(part.lstrip("0123456789abcdef"))]
        digits = digits[: len(digits) // 2 * 2]
        texts.append(bytes.fromhex(digits).decode("utf-8", "replace").lower())
    return texts
