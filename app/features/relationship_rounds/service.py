"""What people do with relationship mapping rounds: start, open, answer, close, and look at what was found.

Answers are written down nowhere but in their own tables: no event, no stored answer and no log holds who marked or
named whom, or that somebody answered at all.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get, require_at_school
from app.core import clock
from app.core.events import SYSTEM, record
from app.core.ids import new_id
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.lifecycle import next_status
from app.domain.policy import Actor
from app.domain.relationship_round import (
    ANSWERS_KEPT,
    TRANSITIONS,
    RoundAction,
    RoundStatus,
    mismatches_may_be_told,
)
from app.features.relationship_rounds import queries
from app.features.relationship_rounds.schemas import RelationshipRoundIn
from app.features.schools.service import school_is_open
from app.models import RelationshipRound

_A, _S = RoundAction, RoundStatus


async def view(session: AsyncSession, actor: Actor, round_id: UUID) -> dict[str, Any]:
    """Return one round as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, round_id)
    if found is None:
        raise NotFound(
            "there is no relationship round here with this id that you may see",
            spanish="no existe aquí ninguna ronda de relaciones con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: RelationshipRoundIn) -> UUID:
    """Draft a round; nobody hears of it before it opens."""
    require_at_school(actor, "relationship_round.create", body.school_id)
    if not await school_is_open(session, actor.tenant_id, body.school_id):
        raise NotFound(
            "there is no school here with this id", spanish="no existe aquí ninguna escuela con ese id"
        )
    advisor_ids = list(dict.fromkeys(body.advisor_ids))
    known = await queries.adults_among(session, actor.tenant_id, body.school_id, advisor_ids)
    if set(advisor_ids) - known:
        raise Unprocessable(
            "name advisors of this school only",
            spanish="nombre solo a asesores de esta escuela",
            errors=[FieldError("not an advisor of this school", "wrong_role", pointer="/advisor_ids")],
        )
    made = RelationshipRound(
        tenant_id=actor.tenant_id,
        id=new_id(),
        created_by_id=actor.person_id,
        advisor_ids=advisor_ids,
        **body.model_dump(exclude={"advisor_ids"}),
    )
    session.add(made)
    await record(
        session, "relationship_round.create", actor=actor, subject=made, facts={"scope": made.scope.value}
    )
    return made.id


async def open_round(session: AsyncSession, actor: Actor, round_id: UUID, version: int) -> None:
    """Open a round: whom it is about is written down now, and stays so whoever joins or leaves the school."""
    found = await _take(session, actor, "relationship_round.open", round_id, version)
    found.status = next_status(TRANSITIONS, found.status, _A.OPEN)
    found.opened_at = clock.now()
    students = await queries.enter_students(session, found)
    if students == 0:
        raise Conflict(
            "this round would be about nobody; choose another grade or team, or load the roster first",
            spanish="esta ronda no incluiría a nadie; elija otro grado o equipo, o cargue antes la lista",
            code="no_students",
        )
    await record(session, "relationship_round.open", actor=actor, subject=found, facts={"students": students})


async def close_round(session: AsyncSession, actor: Actor, round_id: UUID, version: int) -> None:
    """Close a round and find out, once, what is missing."""
    found = await _take(session, actor, "relationship_round.close", round_id, version)
    found.status = next_status(TRANSITIONS, found.status, _A.CLOSE)
    found.closed_at = clock.now()
    found.adults = await queries.count_adults(session, found)
    await queries.find_out(session, found, mismatches=mismatches_may_be_told(found.adults))
    await record(session, "relationship_round.close", actor=actor, subject=found)


async def mark(
    session: AsyncSession, actor: Actor, round_id: UUID, version: int, student_ids: list[UUID]
) -> list[UUID]:
    """Let the caller's marks be these students; returns them as they stand."""
    found = await _answering(session, actor, "relationship_round.mark", round_id, version)
    wanted = list(dict.fromkeys(student_ids))
    known = await queries.students_among(session, found, wanted)
    if set(wanted) - known:
        raise Unprocessable(
            "mark students of this round only; read them with GET /v1/round_students",
            spanish="marque solo a estudiantes de esta ronda; léalos con GET /v1/round_students",
            errors=[FieldError("not in this round", "not_in_round", pointer="/student_ids")],
        )
    assert actor.person_id is not None  # noqa: S101 - the action belongs to roles of people
    await queries.set_marks(session, found, actor.person_id, wanted)
    return await queries.own_marks(session, found, actor.person_id)


async def nominate(
    session: AsyncSession, actor: Actor, round_id: UUID, version: int, adult_ids: list[UUID]
) -> list[dict[str, Any]]:
    """Let the caller's nominations be these adults; returns everyone who could be named."""
    found = await _answering(session, actor, "relationship_round.nominate", round_id, version)
    wanted = list(dict.fromkeys(adult_ids))
    known = await queries.adults_among(session, actor.tenant_id, found.school_id, wanted)
    if set(wanted) - known:
        raise Unprocessable(
            "name adults of your school only; read them with GET on this address",
            spanish="nombra solo a adultos de tu escuela; léelos con GET en esta dirección",
            errors=[FieldError("not an adult of this school", "wrong_role", pointer="/adult_ids")],
        )
    assert actor.person_id is not None  # noqa: S101 - the action belongs to roles of people
    await queries.set_nominations(session, found, actor.person_id, wanted)
    return await queries.adults_for(session, found, actor.person_id)


async def nominations(session: AsyncSession, actor: Actor, round_id: UUID) -> list[dict[str, Any]]:
    """Return whom the caller may name, and whom they did."""
    found = await get(session, actor, "relationship_round.nominate", RelationshipRound, round_id)
    assert actor.person_id is not None  # noqa: S101 - the action belongs to roles of people
    return await queries.adults_for(session, found, actor.person_id)


async def results(session: AsyncSession, actor: Actor, round_id: UUID) -> dict[str, Any]:
    """Return what a closed round found: of each student only what is missing or does not match."""
    found = await get(session, actor, "relationship_round.read_results", RelationshipRound, round_id)
    if found.status is not _S.CLOSED:
        raise Conflict(
            "close the round first; while it is open, what is missing would tell who has answered",
            spanish="cierre antes la ronda; mientras está abierta, lo que falta revelaría quién respondió",
            code="round_not_closed",
        )
    rows = await queries.findings(session, found)
    told = mismatches_may_be_told(found.adults or 0)
    return {
        "students": len(rows),
        "overlooked": [row for row in rows if row["without_mark"] or row["without_nomination"]],
        "mismatches": [row for row in rows if row["marked_not_named"] or row["named_not_marked"]]
        if told
        else None,
    }


async def erase_old_answers(session: AsyncSession, tenant_id: UUID, round_id: UUID, now: datetime) -> bool:
    """Erase who marked and named whom in a round that closed long ago; what it found of each student stays."""
    if not await queries.claim_erasure(session, tenant_id, round_id, now - ANSWERS_KEPT, now):
        return False
    await queries.erase_answers(session, tenant_id, round_id)
    erased = await session.get_one(RelationshipRound, (tenant_id, round_id))
    await record(session, "relationship_round.erase_answers", actor=SYSTEM, subject=erased)
    return True


async def _take(
    session: AsyncSession, actor: Actor, action: str, round_id: UUID, version: int
) -> RelationshipRound:
    found = await get(session, actor, action, RelationshipRound, round_id, lock=True)
    check_version(found, version)
    return found


async def _answering(
    session: AsyncSession, actor: Actor, action: str, round_id: UUID, version: int
) -> RelationshipRound:
    # Locked: an answer that was taken is in what the close finds out.
    found = await _take(session, actor, action, round_id, version)
    if found.status is not _S.OPEN:
        raise Conflict(
            "this round is not open, so nothing can be answered",
            spanish="esta ronda no está abierta, así que no se puede responder",
            code="round_not_open",
        )
    return found
