"""Opens their listings to employers without an account, by a code that is mailed to an address the school knows.

The same statements run for an address nobody has as for one that somebody has; who it is, is found out by a job, so
neither the answer nor its time tells, nor what later guesses hear. A code works once, for half an hour, and is guessed
at five times at the most from one network: see `domain/listing_code.py` for why that is enough and locks nobody out.
"""

import secrets
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Database, Unit
from app.core.ids import new_id
from app.core.jobs import Workshop, ask_for
from app.core.languages import Language
from app.core.limits import Backoff
from app.core.problems import Forbidden, Gone, TooManyRequests
from app.core.tokens import keyed_hash
from app.domain.contact import mailbox, normal_address
from app.domain.listing_code import (
    CODE_LIFE,
    MOST_LETTERS,
    MOST_TRIES,
    MOST_TRIES_IN_ALL,
    OPEN_FOR,
    code_of,
    is_code,
)
from app.features.hosts import service as hosts
from app.features.hosts.service import Host
from app.features.links import service as links
from app.features.listing_codes import queries
from app.models import ListingDoor, Mail

PURPOSE = "host_listings"
LOOK_UP = "look_up_listing_code"
_SALT_BYTES = 16


class Gate(NamedTuple):
    """What an attempt is counted by: the memory of those before it, and the network it comes from."""

    backoff: Backoff
    hash_key: bytes
    network: str

    def network_hash(self) -> bytes:
        """Return what stands for the network where something is kept."""
        return keyed_hash(self.hash_key, self.network)


class Opened(NamedTuple):
    """What a code opened."""

    open_until: datetime
    communities: list[tuple[str, str]]


class OpenedBy(NamedTuple):
    """What a token opens: one community, for whom, and until when."""

    tenant_id: UUID
    keys: list[dict[str, Any]]
    open_until: datetime


async def request(unit: Unit, gate: Gate, email: str, speaks: Language) -> UUID:
    """Ask for a code, whoever has the address; return the id under which the code is sent back."""
    address = normal_address(email)
    key = f"listing code of {mailbox(address)} from {gate.network}"
    if wait := await gate.backoff.check(key):
        raise TooManyRequests(
            "a code was asked for many times; look for the mail, or wait for the seconds in Retry-After",
            spanish="se pidió muchas veces un código; busque el correo o espere los segundos de Retry-After",
            headers={"Retry-After": str(wait)},
        )
    await gate.backoff.failed(key)
    now = clock.now()
    door = ListingDoor(
        id=new_id(),
        address=address,
        address_hash=keyed_hash(gate.hash_key, mailbox(address)),
        keys=[],
        salt=secrets.token_bytes(_SALT_BYTES),
        asked_from=gate.network_hash(),
        locale=speaks,
        expires_at=now + CODE_LIFE,
        created_at=now,
    )
    unit.session.add(door)
    ask_for(unit, LOOK_UP, door_id=door.id)
    return door.id


async def open_listings(
    session: AsyncSession, database: Database, gate: Gate, door_id: UUID, typed: str
) -> Opened:
    """Open the listings to whoever has the code.

    Raises Forbidden for a wrong one; Gone for one that was used, is too old or was guessed at too often.
    """
    now = clock.now()
    network = gate.network_hash().hex()
    counted = await database.alone(
        queries.TRY,
        {
            "id": door_id,
            "network": network,
            "most": MOST_TRIES,
            "most_in_all": MOST_TRIES_IN_ALL,
            "now": now,
        },
    )
    door = await queries.door(session, door_id)
    if counted is None or door is None:
        raise _over()
    code = "".join(typed.split())
    if not is_code(gate.hash_key, door_id.bytes, door.salt, code) or not door.keys:
        raise Forbidden(
            f"this is not the code; type the digits of the latest mail ({MOST_TRIES - counted[0]} tries are left)",
            spanish=f"este no es el código; escriba las cifras del último correo (quedan {MOST_TRIES - counted[0]} "
            "intentos)",
            code="wrong_code",
        )
    if not await queries.open_door(session, door_id, network, now):
        raise _over()
    until = now + OPEN_FOR
    tenant_ids = list(dict.fromkeys(UUID(key["tenant_id"]) for key in door.keys))
    names = await queries.tenant_names(session, tenant_ids)
    return Opened(
        until,
        [
            (
                names[tenant_id],
                await links.issue(
                    session, purpose=PURPOSE, tenant_id=tenant_id, subject_id=door_id, expires_at=until
                ),
            )
            for tenant_id in tenant_ids
        ],
    )


async def opened_by(session: AsyncSession, secret: str) -> OpenedBy:
    """Return what a token opens, and who its holder is there; the unit of work is in that community after this.

    Raises NotFound for a token that is not ours, Gone for one whose half hour is over.
    """
    link = await links.look(session, secret, PURPOSE)
    door = await queries.door(session, link.subject_id)
    if door is None:
        raise _over()
    tenant_id = await links.enter(session, link)
    keys = [key for key in door.keys if key["tenant_id"] == str(tenant_id)]
    return OpenedBy(tenant_id, keys, link.expires_at)


async def keys_in(session: AsyncSession, tenant_id: UUID, address: str) -> list[dict[str, Any]]:
    """Return whose an address is in one community: a contact who said yes, a supervisor, both, or nobody's."""
    found = []
    if (contact_id := await queries.contact_of(session, tenant_id, address)) is not None:
        found.append({"tenant_id": str(tenant_id), "contact_id": str(contact_id)})
    if (person_id := await queries.supervisor_of(session, tenant_id, address)) is not None:
        found.append({"tenant_id": str(tenant_id), "person_id": str(person_id)})
    return found


def write(session: AsyncSession, door_id: UUID, tenant_id: UUID, key: dict[str, Any]) -> None:
    """Let the letter with the code leave when this transaction commits."""
    contact_id, person_id = (UUID(key[name]) if name in key else None for name in ("contact_id", "person_id"))
    hosts.write(session, tenant_id, "listing_code", Host(contact_id, person_id), door_id)


async def may_write(session: AsyncSession, door: ListingDoor, now: datetime) -> bool:
    """Say whether another code may be mailed to this mailbox, to which an outsider may have several sent."""
    await queries.hold_mailbox(session, door.address_hash)
    for window, most, most_in_all in MOST_LETTERS:
        from_there, in_all = await queries.count_written(
            session, door.address_hash, door.asked_from, now - window
        )
        if from_there >= most or in_all >= most_in_all:
            return False
    return True


async def link_for(session: AsyncSession, mail: Mail) -> str | None:
    """Return the path of the page where the code is typed; None when its time is over."""
    door = None if mail.subject_id is None else await queries.door(session, mail.subject_id)
    if door is None or door.opened_at is not None or door.expires_at <= clock.now():
        return None
    return f"/my_listings/{door.id}"


async def letter(
    work: Workshop, session: AsyncSession, mail: Mail, _language: Language
) -> dict[str, Any] | None:
    """Return the values of the letter with the code, all but its link."""
    door = None if mail.subject_id is None else await queries.door(session, mail.subject_id)
    if door is None:
        return None
    code = code_of(work.hash_key, door.id.bytes, door.salt)
    half = len(code) // 2
    return {
        "code": f"{code[:half]} {code[half:]}",
        "valid_minutes": int(CODE_LIFE.total_seconds()) // 60,
        "tenant_name": (await queries.tenant_names(session, [mail.tenant_id]))[mail.tenant_id],
    }


def _over() -> Gone:
    return Gone(
        "this code has expired, was used already or was tried too often; ask for a new one",
        spanish="este código caducó, ya se usó o se probó demasiadas veces; pida uno nuevo",
        code="code_over",
    )
