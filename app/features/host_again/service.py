"""The yearly question to hosts: asked by a letter with one link, answered in half a minute, seen by staff."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import locked
from app.core.events import SYSTEM, Author, record
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.core.languages import Language
from app.core.problems import NotFound
from app.domain.budget import AskKind
from app.domain.codes import Names
from app.domain.host_again import (
    ANSWER_IN,
    TRANSITIONS,
    HostAnswer,
    HostAskAction,
    HostAskStatus,
    HostReason,
    check_answer,
)
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.names import NAMES
from app.domain.policy import Actor
from app.features.budgets import service as budgets
from app.features.host_again import queries
from app.features.host_again.queries import Due
from app.features.host_again.schemas import HostAnswerForm, HostAnswerIn
from app.features.hosts import service as hosts
from app.features.hosts.service import Host
from app.features.links import service as links
from app.features.opportunities import service as opportunities
from app.features.schools.service import zone_of_tenant
from app.features.search_index import service as search_index
from app.models import HostAsk, LinkToken, Mail

PURPOSE = "host_again"
_LETTER = "host_again"
_NOT_NOW = "the host says that they take nobody now"
_NOBODY = "nobody there can be written to"
_SILENCE = "nobody answered"
_THANKS = {
    HostAnswer.YES: Names(
        "Thank you! The school is glad, and so will a student be.",
        "¡Muchas gracias! La escuela se alegra, y también se alegrará un estudiante.",
    ),
    HostAnswer.NOT_NOW: Names(
        "Thank you for telling us. Students see from when you could host again, if you named a day.",
        "Gracias por decírnoslo. Los estudiantes verán desde cuándo podría recibir de nuevo, si indicó un día.",
    ),
    HostAnswer.NO: Names(
        "Thank you for your honest answer. What you offered is no longer shown, and the school reads your reasons.",
        "Gracias por su respuesta sincera. Lo que ofrecía ya no se muestra, y la escuela lee sus motivos.",
    ),
}


async def ask(session: AsyncSession, tenant_id: UUID, due: Due, before: datetime, now: datetime) -> bool:
    """Ask one employer whether it hosts again; False when it was asked since `before`, or not enough asks are left."""
    if not await queries.hold(session, tenant_id, due.employer_id, before):
        return False
    # Whoever works there may say whether it hosts again, also where its listings came through somebody else.
    host = await hosts.whom_to_ask(
        session, tenant_id, due.employer_id, due.school_id, due.connection_id
    ) or await hosts.whom_to_ask(session, tenant_id, due.employer_id, due.school_id)
    found = HostAsk(
        tenant_id=tenant_id,
        id=new_id(),
        employer_id=due.employer_id,
        school_id=due.school_id,
        contact_id=None if host is None else host.contact_id,
        person_id=None if host is None else host.person_id,
        asked_at=now,
        answer_by=now + ANSWER_IN,
        reasons=[],
    )
    if host is not None and not await budgets.take(
        session,
        tenant_id=tenant_id,
        employer_id=due.employer_id,
        kind=AskKind.HOST_AGAIN,
        school_id=due.school_id,
        subject_id=found.id,
        now=now,
    ):
        return False
    session.add(found)
    await record(session, "host_ask.create", actor=SYSTEM, subject=found)
    if host is None:
        await _lapse(session, found, _NOBODY)
    else:
        hosts.write(session, tenant_id, _LETTER, host, found.id)
    return True


async def lapse(session: AsyncSession, tenant_id: UUID, ask_id: UUID, now: datetime) -> bool:
    """End a question that nobody answered in time."""
    found = await locked(session, HostAsk, tenant_id, ask_id)
    if found is None or found.status is not HostAskStatus.ASKED or found.answer_by > now:
        return False
    await _lapse(session, found, _SILENCE)
    return True


async def view(session: AsyncSession, actor: Actor, ask_id: UUID) -> dict[str, Any]:
    """Return one question as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, ask_id)
    if found is None:
        raise NotFound(
            "there is no question to a host here with this id that you may see",
            spanish="no existe aquí ninguna pregunta a un anfitrión con ese id que usted pueda ver",
        )
    return found


async def note_answer(
    session: AsyncSession, actor: Actor, ask_id: UUID, body: HostAnswerIn, version: int
) -> None:
    """Write down what a host said on the telephone."""
    found = await get(session, actor, "host_ask.note_answer", HostAsk, ask_id, lock=True)
    check_version(found, version)
    await _take(session, found, body, actor=actor, action="host_ask.note_answer")


async def look(session: AsyncSession, secret: str, speaks: Language) -> tuple[dict[str, Any], Language]:
    """Return what is asked of the holder of a link, and the language to say it in; changes nothing."""
    link = await links.look(session, secret, PURPOSE)
    found = await _of_link(session, link)
    place = await hosts.setting(session, found.tenant_id, found.employer_id, found.school_id)
    language = await hosts.language(session, found.tenant_id, _host(found), speaks)
    names = NAMES[HostReason]
    return {
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "employer_name": place.employer_name,
        "students": await queries.students_hosted(session, found.tenant_id, found.employer_id),
        "answer_by": found.answer_by,
        "zone": place.zone,
        "answers": list(HostAnswer),
        "reasons": [{"code": code, "name": names[code].in_language(language)} for code in HostReason],
    }, language


async def answer(
    session: AsyncSession, secret: str, body: HostAnswerIn | HostAnswerForm, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Take the one answer of a host. Raises Gone when it was given before."""
    link = await links.look(session, secret, PURPOSE)
    found = await _of_link(session, link, lock=True)
    language = await hosts.language(session, found.tenant_id, _host(found), speaks)
    await links.consume(session, link)
    author = hosts.author(_host(found), found.id)
    await _take(session, found, body, actor=author, action="host_ask.answer")
    return {"answer": body.answer, "message": _THANKS[body.answer].in_language(language)}, language


async def link_for(session: AsyncSession, mail: Mail) -> str | None:
    """Make the link of a letter and return its path; None when there is nothing to answer any more."""
    found = await hosts.of_letter(session, mail, HostAsk)
    if found is None:
        return None
    secret = await links.issue(
        session,
        purpose=PURPOSE,
        tenant_id=found.tenant_id,
        subject_id=found.id,
        expires_at=found.answer_by,
    )
    return f"/host_again/{secret}"


async def letter(
    _work: Workshop, session: AsyncSession, mail: Mail, _language: Language
) -> dict[str, Any] | None:
    """Return the values of a letter, all but its link; None when there is nothing to ask any more."""
    found = await hosts.of_letter(session, mail, HostAsk)
    if found is None:
        return None
    place = await hosts.setting(session, found.tenant_id, found.employer_id, found.school_id)
    return {
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "employer_name": place.employer_name,
        "answer_by": local_day(found.answer_by, place.zone),
    }


async def _lapse(session: AsyncSession, found: HostAsk, reason: str) -> None:
    found.status = next_status(TRANSITIONS, found.status, HostAskAction.LAPSE)
    await record(session, "host_ask.lapse", actor=SYSTEM, subject=found, reason=reason)


async def _take(
    session: AsyncSession,
    found: HostAsk,
    body: HostAnswerIn | HostAnswerForm,
    *,
    actor: Author | str,
    action: str,
) -> None:
    today = local_day(clock.now(), await zone_of_tenant(session, found.tenant_id))
    check_answer(body.answer, body.reasons, body.next_available_on, today)
    found.status = next_status(TRANSITIONS, found.status, HostAskAction.ANSWER)
    found.answered_at = clock.now()
    found.answer = body.answer
    found.reasons = [reason.value for reason in dict.fromkeys(body.reasons)]
    found.next_available_on = body.next_available_on
    found.note = body.note
    # Of a letter and a telephone call only one answer counts.
    await links.revoke(session, subject_id=found.id, purposes=(PURPOSE,))
    facts = {"answer": body.answer.value, "reasons": found.reasons}
    await record(session, action, actor=actor, subject=found, facts=facts)
    if body.answer is HostAnswer.NO:
        await opportunities.pause_all_of(
            session, actor, found.tenant_id, _NOT_NOW, employer_id=found.employer_id
        )
        return
    for listing in await queries.live_listings(session, found.tenant_id, found.employer_id):
        if listing.next_available_on != body.next_available_on and (
            body.answer is HostAnswer.YES or body.next_available_on is not None
        ):
            listing.next_available_on = body.next_available_on
            await record(session, "opportunity.follow_host", actor=actor, subject=listing)
            await search_index.refresh(session, found.tenant_id, [listing.id])


def _host(found: HostAsk) -> Host:
    return Host(found.contact_id, found.person_id)


async def _of_link(session: AsyncSession, link: LinkToken, *, lock: bool = False) -> HostAsk:
    found = await hosts.of_link(session, link, HostAsk, _host, lock=lock)
    if found.status is HostAskStatus.ANSWERED:
        raise hosts.answered()
    await hosts.check_speaks_for(session, found.tenant_id, found.employer_id, found.school_id, _host(found))
    return found
