"""Feedback on a team's phase: by staff, or by the project's expert through a link; shared with the team by staff."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import locked
from app.core.events import SYSTEM, record
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.core.languages import Language
from app.core.problems import Conflict, FieldError, NotFound, Unprocessable
from app.domain.budget import AskKind
from app.domain.codes import Names
from app.domain.errors import Refused
from app.domain.free_text import check_reason, names_any
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.domain.project_phase import ANSWER_IN, TRANSITIONS, FeedbackAction, FeedbackStatus, check_words
from app.features.budgets import service as budgets
from app.features.hosts import service as hosts
from app.features.hosts.service import Host
from app.features.links import service as links
from app.features.phase_feedback import queries
from app.features.phase_feedback.queries import Asked
from app.features.phase_feedback.schemas import FeedbackAskIn, FeedbackIn, GivenForm, GivenIn
from app.models import LinkToken, Mail, Opportunity, PhaseFeedback, ProjectTeam

PURPOSE = "phase_feedback"
_LETTER = "phase_feedback"
_THANKS = Names(
    "Thank you. Somebody at the school reads it first; then the team does.",
    "Muchas gracias. Primero lo lee alguien de la escuela; después, el equipo.",
)


async def view(session: AsyncSession, actor: Actor, feedback_id: UUID) -> dict[str, Any]:
    """Return one piece of feedback as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, feedback_id)
    if found is None:
        raise NotFound(
            "there is no feedback here with this id that you may see",
            spanish="no existe aquí ninguna opinión con ese id que usted pueda ver",
        )
    return found


async def create(session: AsyncSession, actor: Actor, body: FeedbackIn) -> UUID:
    """Write feedback as a member of staff; the team sees it at once."""
    team = await get(session, actor, "project_team.read", ProjectTeam, body.project_team_id)
    await _check_staff(session, actor, "phase_feedback.create", team)
    await _check_phase(session, team, body.phase_id)
    feedback = PhaseFeedback(
        tenant_id=actor.tenant_id,
        id=new_id(),
        phase_id=body.phase_id,
        team_id=team.id,
        school_id=team.school_id,
        status=FeedbackStatus.SHARED,
        author_id=actor.person_id,
        answered_at=clock.now(),
        **_said(body),
    )
    session.add(feedback)
    await record(session, "phase_feedback.create", actor=actor, subject=feedback)
    return feedback.id


async def create_ask(session: AsyncSession, actor: Actor, body: FeedbackAskIn) -> UUID:
    """Ask the project's expert by a letter with a link; within the employer's monthly cap."""
    team = await get(session, actor, "project_team.read", ProjectTeam, body.project_team_id, lock=True)
    await _check_staff(session, actor, "phase_feedback.create_ask", team)
    await _check_phase(session, team, body.phase_id)
    check_words([("shown", body.shown)])
    if names_any(body.shown, await queries.names_in(session, team)):
        raise Refused(
            "student_named",
            "leave the students' names out; the expert hears of the team by its number",
            "omita los nombres de los estudiantes; la persona experta conoce al equipo por su número",
            pointer="/shown",
        )
    if await queries.is_asked(session, team, body.phase_id):
        raise Refused(
            "asked_already",
            "the expert is being asked about this phase of the team; wait for the answer",
            "ya se preguntó por esta fase del equipo; espere la respuesta",
        )
    opportunity = await session.get_one(Opportunity, (actor.tenant_id, team.opportunity_id))
    host = await hosts.whom_to_ask(
        session, actor.tenant_id, opportunity.employer_id, team.school_id, opportunity.connection_id
    )
    if host is None:
        raise Refused(
            "no_expert",
            "nobody at this employer can be asked now; write the feedback yourself",
            "ahora no hay a quién preguntar en este empleador; escriba usted la opinión",
        )
    now = clock.now()
    feedback = PhaseFeedback(
        tenant_id=actor.tenant_id,
        id=new_id(),
        phase_id=body.phase_id,
        team_id=team.id,
        school_id=team.school_id,
        shown=body.shown,
        asked_by_id=actor.person_id,
        contact_id=host.contact_id,
        expert_id=host.person_id,
        answer_by=now + ANSWER_IN,
    )
    session.add(feedback)
    await record(session, "phase_feedback.create_ask", actor=actor, subject=feedback)
    taken = await budgets.take(
        session,
        tenant_id=actor.tenant_id,
        employer_id=opportunity.employer_id,
        kind=AskKind.FEEDBACK,
        school_id=team.school_id,
        subject_id=feedback.id,
        now=now,
        asked_by_id=actor.person_id,
    )
    if not taken:
        raise Conflict(
            "this employer has been asked as often as it allows this month; write the feedback yourself, or ask later",
            spanish="a este empleador ya se le preguntó este mes lo que permite; escriba usted la opinión o pregunte después",
            code="asked_enough",
        )
    hosts.write(session, actor.tenant_id, _LETTER, host, feedback.id)
    return feedback.id


async def act(
    session: AsyncSession,
    actor: Actor,
    action: FeedbackAction,
    feedback_id: UUID,
    version: int,
    reason: str | None = None,
) -> None:
    """Share an expert's feedback with the team, or keep it back."""
    name = f"phase_feedback.{action.value}"
    feedback = await get(session, actor, name, PhaseFeedback, feedback_id, lock=True)
    check_version(feedback, version)
    if reason is not None:
        team = await session.get_one(ProjectTeam, (actor.tenant_id, feedback.team_id))
        check_reason(reason, await queries.names_in(session, team))
    feedback.status = next_status(TRANSITIONS, feedback.status, action)
    await record(session, name, actor=actor, subject=feedback, reason=reason)


async def look(session: AsyncSession, secret: str, speaks: Language) -> tuple[dict[str, Any], Language]:
    """Return what is asked of the holder of a link, and the language to say it in; changes nothing."""
    link = await links.look(session, secret, PURPOSE)
    feedback, asked = await _of_link(session, link)
    place = await hosts.setting(session, feedback.tenant_id, asked.employer_id, feedback.school_id)
    told = {
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "opportunity_title": asked.opportunity_title,
        "team_number": asked.team_number,
        "phase_title": asked.phase_title,
        "deliverable": asked.deliverable,
        "ends_on": asked.ends_on,
        "shown": feedback.shown or "",
        "answer_by": feedback.answer_by,
        "zone": place.zone,
    }
    return told, await hosts.language(session, feedback.tenant_id, _host(feedback), speaks)


async def give(
    session: AsyncSession, secret: str, body: GivenIn | GivenForm, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Take the expert's one answer. Raises Gone when it was given before, or is over."""
    link = await links.look(session, secret, PURPOSE)
    feedback, _ = await _of_link(session, link, lock=True)
    language = await hosts.language(session, feedback.tenant_id, _host(feedback), speaks)
    said = _said(body)
    await links.consume(session, link)
    feedback.status = next_status(TRANSITIONS, feedback.status, FeedbackAction.GIVE)
    feedback.answered_at = clock.now()
    for name, value in said.items():
        setattr(feedback, name, value)
    await links.revoke(session, subject_id=feedback.id, purposes=(PURPOSE,))
    author = hosts.author(_host(feedback), feedback.id)
    await record(session, "phase_feedback.give", actor=author, subject=feedback)
    return {"message": _THANKS.in_language(language)}, language


async def lapse(session: AsyncSession, tenant_id: UUID, feedback_id: UUID, now: datetime) -> bool:
    """End a question that nobody answered in time."""
    feedback = await locked(session, PhaseFeedback, tenant_id, feedback_id)
    if (
        feedback is None
        or feedback.status is not FeedbackStatus.ASKED
        or feedback.answer_by is None
        or feedback.answer_by > now
    ):
        return False
    feedback.status = next_status(TRANSITIONS, feedback.status, FeedbackAction.LAPSE)
    await record(session, "phase_feedback.lapse", actor=SYSTEM, subject=feedback)
    return True


async def link_for(session: AsyncSession, mail: Mail) -> str | None:
    """Make the link of a letter and return its path; None when there is nothing to answer any more."""
    feedback = await hosts.of_letter(session, mail, PhaseFeedback)
    if feedback is None or feedback.answer_by is None:
        return None
    secret = await links.issue(
        session,
        purpose=PURPOSE,
        tenant_id=feedback.tenant_id,
        subject_id=feedback.id,
        expires_at=feedback.answer_by,
    )
    return f"/feedback/{secret}"


async def letter(
    _work: Workshop, session: AsyncSession, mail: Mail, _language: Language
) -> dict[str, Any] | None:
    """Return the values of a letter, all but its link; None when there is nothing to ask any more."""
    feedback = await hosts.of_letter(session, mail, PhaseFeedback)
    if feedback is None or feedback.answer_by is None:
        return None
    asked = await queries.asked(session, feedback)
    place = await hosts.setting(session, feedback.tenant_id, asked.employer_id, feedback.school_id)
    return {
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "opportunity_title": asked.opportunity_title,
        "phase_title": asked.phase_title,
        "answer_by": local_day(feedback.answer_by, place.zone),
    }


def _said(body: GivenIn | GivenForm) -> Mapping[str, Any]:
    check_words([("strong", body.strong), ("next_step", body.next_step)])
    return body.model_dump(include={"strong", "next_step", "quality", "thinking", "presentation"})


def _host(feedback: PhaseFeedback) -> Host:
    return Host(feedback.contact_id, feedback.expert_id)


async def _check_staff(session: AsyncSession, actor: Actor, action: str, team: ProjectTeam) -> None:
    """Refuse feedback on a team of which the caller only reads: creating is checked on the team."""
    await get(session, actor, action, ProjectTeam, team.id)


async def _check_phase(session: AsyncSession, team: ProjectTeam, phase_id: UUID) -> None:
    if await queries.phase_of(session, team, phase_id) is None:
        raise Unprocessable(
            "choose a phase of the team's project",
            spanish="elija una fase del proyecto del equipo",
            errors=[FieldError("not a phase of the project", "unknown_phase", pointer="/phase_id")],
        )


async def _of_link(
    session: AsyncSession, link: LinkToken, *, lock: bool = False
) -> tuple[PhaseFeedback, Asked]:
    feedback = await hosts.of_link(session, link, PhaseFeedback, _host, lock=lock)
    if not hosts.is_open(feedback):
        raise hosts.answered()
    asked = await queries.asked(session, feedback)
    await hosts.check_speaks_for(
        session, feedback.tenant_id, asked.employer_id, feedback.school_id, _host(feedback)
    )
    return feedback, asked
