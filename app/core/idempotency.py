"""One Idempotency-Key, at most one effect: the answer is stored in the transaction of the effect."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson
from psycopg.types.json import Jsonb
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.requests import Request
from starlette.responses import Response

from app.core import clock
from app.core.db import Unit
from app.core.events import recorded
from app.core.ids import new_id
from app.core.problems import BadRequest, Conflict, Gone, Unprocessable
from app.core.tables import StoredAnswer

HEADER = "Idempotency-Key"
REPLAYED = "Idempotent-Replayed"
LONGEST_KEY = 200
# How long an answer is given again under its key.
KEPT = timedelta(days=7)
_KEPT_HEADERS = ("content-type", "etag", "location")


class Replay(Exception):
    """Stops the handler: this request was answered before, and here is that answer."""

    def __init__(self, response: Response) -> None:
        super().__init__("answered before")
        self.response = response


class Reservation:
    """The right to have the one effect of a key, held by an advisory lock until the transaction ends."""

    def __init__(
        self, *, tenant_id: UUID, account_id: UUID, key: str, action: str, fingerprint: bytes
    ) -> None:
        self.tenant_id = tenant_id
        self.account_id = account_id
        self.key = key
        self.action = action
        self.fingerprint = fingerprint
        self.told_once: frozenset[str] = frozenset()

    def tell_once(self, *fields: str) -> None:
        """Leave these fields out of what is stored: a secret is in the first answer only, and null in repeats of it."""
        self.told_once = frozenset(fields)

    async def store(self, unit: Unit, response: Response) -> None:
        """Keep a 2xx answer, in the same transaction as its effect."""
        await unit.driver.execute(
            "INSERT INTO stored_answers (tenant_id, id, account_id, key, fingerprint, action, subject_ids, status,"
            " headers, body, created_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            (
                self.tenant_id,
                new_id(),
                self.account_id,
                self.key,
                self.fingerprint,
                self.action,
                list(recorded(unit).subjects),
                response.status_code,
                Jsonb({name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}),
                _without(self.told_once, bytes(response.body)),
                clock.now(),
            ),
        )


def _without(fields: frozenset[str], body: bytes) -> bytes:
    return orjson.dumps(_blanked(fields, orjson.loads(body))) if fields else body


def _blanked(fields: frozenset[str], value: Any) -> Any:
    if isinstance(value, dict):
        return {name: None if name in fields else _blanked(fields, inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [_blanked(fields, inner) for inner in value]
    return value


class Stored:
    """An answer that was given before under this key."""

    def __init__(
        self, subject_ids: list[UUID], status: int, headers: dict[str, Any], body: bytes | None
    ) -> None:
        self.subject_ids = subject_ids
        self._status = status
        self._headers = headers
        self._body = body

    def response(self) -> Response:
        """Return the answer again, marked as such; raises Gone when a person in it was erased."""
        if self._body is None:
            raise Gone(
                "this was done before, and its answer held a person's data that has been erased since; do not repeat it",
                spanish="esto ya se hizo y la respuesta contenía datos personales que se borraron; no lo repita",
                code="answer_erased",
            )
        return Response(self._body, self._status, {**self._headers, REPLAYED: "true"})


def read_key(request: Request) -> str:
    """Return the request's key; raises BadRequest when it is missing or out of bounds."""
    key = request.headers.get(HEADER, "")
    if not 1 <= len(key) <= LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise BadRequest(
            f"send an Idempotency-Key header of 1 to {LONGEST_KEY} printable characters (a fresh UUID for each "
            "intention), and the same one when you repeat the request",
            spanish=f"envíe un encabezado Idempotency-Key de 1 a {LONGEST_KEY} caracteres (un UUID nuevo para cada "
            "intención), y el mismo al repetir la solicitud",
            code="idempotency_key_required",
        )
    return key


async def fingerprint(request: Request, secret: bytes) -> bytes:
    """Return a keyed digest of what is asked: keyed, because a body can be short enough to be guessed."""
    digest = hashlib.blake2b(key=hashlib.sha256(secret).digest(), digest_size=32)
    for part in (request.method.encode(), request.url.path.encode(), request.url.query.encode()):
        digest.update(len(part).to_bytes(4, "big") + part)
    digest.update(await request.body())
    return digest.digest()


async def reserve(unit: Unit, reservation: Reservation) -> Stored | None:
    """Take the key, or return what was stored under it; raises Conflict while it is still running.

    The lock is asked for before the look-up and in a statement of its own: the look-up then sees everything
    that the last holder of the lock committed.
    """
    name = f"{reservation.tenant_id}:{reservation.account_id}:{reservation.key}".encode()
    number = int.from_bytes(hashlib.blake2b(name, digest_size=8).digest(), "big", signed=True)
    ((taken,),) = await unit.rows("SELECT pg_try_advisory_xact_lock(%s)", (number,))
    if not taken:
        raise Conflict(
            "a request with this Idempotency-Key is still running; send the same request again in a moment",
            spanish="una solicitud con esta Idempotency-Key sigue en curso; repítala en un momento",
            code="idempotency_key_in_use",
            headers={"Retry-After": "1"},
        )
    rows = await unit.rows(
        "SELECT fingerprint, subject_ids, status, headers, body FROM stored_answers"
        " WHERE tenant_id = %s AND account_id = %s AND key = %s",
        (reservation.tenant_id, reservation.account_id, reservation.key),
    )
    if not rows:
        return None
    ((before, subject_ids, status, headers, body),) = rows
    if bytes(before) != reservation.fingerprint:
        raise Unprocessable(
            "this Idempotency-Key was used for another request; make a fresh key for each intention",
            spanish="esta Idempotency-Key ya se usó en otra solicitud; cree una nueva para cada intención",
            code="idempotency_key_reused",
        )
    kept = headers if isinstance(headers, dict) else orjson.loads(headers)
    return Stored(subject_ids, status, kept, None if body is None else bytes(body))


async def blank_answers_about(session: AsyncSession, tenant_id: UUID, subject_ids: list[UUID]) -> None:
    """Erase the bodies of the stored answers about these subjects; the rows stay, so that no key works twice."""
    await session.execute(
        update(StoredAnswer)
        .where(
            StoredAnswer.tenant_id == tenant_id,
            StoredAnswer.subject_ids.overlap(subject_ids),
            StoredAnswer.body.is_not(None),
        )
        .values(body=None)
        .execution_options(synchronize_session=False)
    )


async def forget_old_answers(unit: Unit, tenant_id: UUID, now: datetime) -> int:
    """Delete a tenant's answers that are older than they are kept, and return how many those were."""
    cursor = await unit.driver.execute(
        "DELETE FROM stored_answers WHERE tenant_id = %s AND created_at < %s", (tenant_id, now - KEPT)
    )
    return cursor.rowcount
