"""What students and schools do with introductions: load, decide, change, record."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.problems import Conflict, FieldError, Forbidden, NotFound, Unprocessable
from app.domain.introduction import (
    TRANSITIONS,
    IntroductionAction,
    check_arranged,
    check_names_nobody,
    check_room,
    ends_at,
    slot_end,
)
from app.domain.lifecycle import next_status
from app.domain.policy import Actor, Role
from app.features.hops import service as hops
from app.features.introductions import queries
from app.features.introductions.schemas import IntroductionIn
from app.models import Introduction

# The job that goes on with an introduction; the clock asks for it too (features/introduction_asks).
ADVANCE = "advance_introduction"

_A = IntroductionAction


async def view(session: AsyncSession, actor: Actor, introduction_id: UUID) -> dict[str, Any]:
    """Return one introduction as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, introduction_id)
    if found is None:
        raise NotFound(
            "there is no introduction here with this id that you may see",
            spanish="no existe aquí ninguna presentación con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: IntroductionIn) -> UUID:
    """Ask to be introduced to somebody of a field; the school words it before anybody is asked."""
    assert actor.person_id is not None  # noqa: S101 - only students may, and they are persons
    school_id = _school(actor, body.school_id)
    check_names_nobody(body.goal, await queries.names_of(session, actor.tenant_id, actor.person_id), "goal")
    open_fields = await queries.open_fields(session, actor.tenant_id, actor.person_id)
    if body.field in open_fields:
        raise Conflict(
            "you have an open request for this field; wait for it, or withdraw it first",
            spanish="ya tienes una solicitud abierta para este campo; espérala o retírala primero",
            code="open_already",
        )
    check_room(len(open_fields))
    introduction = Introduction(
        tenant_id=actor.tenant_id,
        id=new_id(),
        student_id=actor.person_id,
        school_id=school_id,
        field=body.field,
        goal=body.goal,
    )
    session.add(introduction)
    await record(
        session,
        "introduction.create",
        actor=actor,
        subject=introduction,
        facts={"field": body.field},
        person_id=actor.person_id,
    )
    return introduction.id


async def approve(
    session: AsyncSession, actor: Actor, introduction_id: UUID, version: int, wording: str
) -> None:
    """Let the service ask, in these words; the first adult is asked as soon as this is committed."""
    introduction = await _load(session, actor, _A.APPROVE, introduction_id, version)
    names = await queries.names_of(session, actor.tenant_id, introduction.student_id)
    check_names_nobody(wording, names, "wording")
    now = clock.now()
    introduction.status = next_status(TRANSITIONS, introduction.status, _A.APPROVE)
    introduction.wording = wording
    introduction.decided_by_id, introduction.decided_at = actor.person_id, now
    introduction.slot, introduction.slot_ends_at = 1, slot_end(now, 1)
    introduction.look_at, introduction.ends_at = now, ends_at(now)
    await record(
        session,
        "introduction.approve",
        actor=actor,
        subject=introduction,
        facts={"ends_at": ends_at(now).isoformat()},
        person_id=introduction.student_id,
    )
    ask_for(session.info["unit"], ADVANCE, tenant_id=introduction.tenant_id, introduction_id=introduction.id)


async def end(
    session: AsyncSession,
    actor: Actor,
    action: IntroductionAction,
    introduction_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Decline, withdraw or close an introduction; whoever was being asked is asked nothing more."""
    introduction = await _load(session, actor, action, introduction_id, version)
    if reason is not None:
        names = await queries.names_of(session, actor.tenant_id, introduction.student_id)
        check_names_nobody(reason, names, "reason")
    introduction.status = next_status(TRANSITIONS, introduction.status, action)
    now = clock.now()
    introduction.closed_at, introduction.look_at = now, None
    if reason is not None:
        introduction.decided_by_id, introduction.decided_at = actor.person_id, now
        introduction.decision_reason = reason
    await record(
        session,
        f"introduction.{action.value}",
        actor=actor,
        subject=introduction,
        reason=reason,
        person_id=introduction.student_id,
    )
    await hops.end_for_introduction(session, actor.tenant_id, introduction.id)


async def record_met(session: AsyncSession, actor: Actor, introduction_id: UUID, version: int) -> None:
    """Note that the meeting took place."""
    introduction = await _load(session, actor, _A.RECORD_MET, introduction_id, version)
    check_arranged(introduction.status)
    introduction.status = next_status(TRANSITIONS, introduction.status, _A.RECORD_MET)
    introduction.met_at = clock.now()
    await record(
        session,
        "introduction.record_met",
        actor=actor,
        subject=introduction,
        person_id=introduction.student_id,
    )


async def _load(
    session: AsyncSession, actor: Actor, action: IntroductionAction, introduction_id: UUID, version: int
) -> Introduction:
    name = f"introduction.{action.value}"
    introduction = await get(session, actor, name, Introduction, introduction_id)
    await queries.lock(session, introduction)
    check_version(introduction, version)
    return introduction


def _school(actor: Actor, wanted: UUID | None) -> UUID:
    mine = actor.schools({Role.STUDENT})
    if wanted is None and len(mine) == 1:
        return mine[0]
    if wanted is None:
        raise Unprocessable(
            "you belong to several schools, or to none; name in school_id the one that should ask for you",
            spanish="perteneces a varias escuelas o a ninguna; indica en school_id la que debe preguntar por ti",
            errors=[FieldError("name the school", "missing", pointer="/school_id")],
        )
    if wanted not in mine:
        raise Forbidden(
            "ask through a school that you belong to",
            spanish="pide por medio de una escuela a la que pertenezcas",
            code="other_school",
        )
    return wanted
