"""What every change must carry: a role with the action, an Idempotency-Key, the version it was made from."""

from typing import Annotated, Any

from fastapi import Depends, Header, Request

from app.access.caller import current_actor
from app.access.owners import MODELS
from app.access.rows import require_ever, require_readable
from app.core import idempotency
from app.core.db import Unit
from app.core.problems import PreconditionFailed, PreconditionRequired


def needs(action: str) -> Any:
    """Declare the action of an operation: a caller none of whose roles ever has it gets 403."""

    async def check_role(request: Request) -> None:
        require_ever(await current_actor(request), action)

    check_role.kithwork_action = action  # type: ignore[attr-defined] # read by the tests of the policy
    return Depends(check_role)


def once(action: str) -> Any:
    """Declare the action of an operation that has one effect per Idempotency-Key (see core/idempotency.py).

    A repeated request gets the stored answer, after authorisation: the caller must still hold a role with the
    action and still be allowed to read the thing that the answer shows.
    """

    async def reserve(
        request: Request,
        _idempotency_key: Annotated[
            str | None,
            Header(
                alias=idempotency.HEADER,
                description="A fresh UUID for each intention; the same one when the request is repeated.",
                examples=["0192f3a4-7c1e-7b2a-9d53-3f0c2a6b8e11"],
            ),
        ] = None,
    ) -> None:
        actor = await current_actor(request)
        unit: Unit = request.state.unit
        require_ever(actor, action)
        reservation = idempotency.Reservation(
            tenant_id=actor.tenant_id,
            account_id=actor.account_id,
            key=idempotency.read_key(request),
            action=action,
            fingerprint=await idempotency.fingerprint(request, request.app.state.hash_key),
        )
        stored = await idempotency.reserve(unit, reservation)
        if stored is None:
            request.state.reservation = reservation
            return
        noun = action.split(".", 1)[0]
        if noun in MODELS and stored.subject_ids:
            await require_readable(unit, actor, noun, stored.subject_ids[0])
        raise idempotency.Replay(stored.response())

    reserve.kithwork_action = action  # type: ignore[attr-defined] # read by the tests of the policy
    return Depends(reserve)


async def if_match(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            description='The ETag of the version you read, e.g. `"3"`.',
            examples=['"3"'],
        ),
    ] = None,
) -> int:
    """Return the version that the caller's change was made from; `check_version` compares it."""
    if if_match is None:
        raise PreconditionRequired(
            "send the ETag of the version you read in an If-Match header",
            spanish="envíe en el encabezado If-Match el ETag de la versión que leyó",
        )
    text = if_match.strip()
    digits = text[1:-1]
    if len(text) < 3 or text[0] != '"' or text[-1] != '"' or not digits.isascii() or not digits.isdigit():  # noqa: PLR2004 - two quotes and a digit
        raise _stale()
    return int(digits[:10])


IfMatch = Annotated[int, Depends(if_match)]


def check_version(row: Any, version: int) -> None:
    """Refuse a change made from an older version than the one in the database."""
    if row.version != version:
        raise _stale()


def _stale() -> PreconditionFailed:
    return PreconditionFailed(
        "somebody changed this since you read it; read it again, and send the new ETag with your change",
        spanish="alguien lo modificó después de su lectura; vuelva a leerlo y envíe el nuevo ETag con su cambio",
    )
