"""Asks the adults on a path, one after the other, and brings two people together once everyone has agreed.

A no, a withdrawal and silence all leave the introduction as it was. A contributor's yes asks the contact at once;
the contact's yes is the last one, and in its transaction the meeting comes into being and the names are told.

Rows are locked in the order contact, introduction, hops, the employer's budget; the caps' locks never wait.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.db import Unit
from app.core.events import LINK, SYSTEM, Author, record
from app.core.ids import new_id
from app.core.languages import Language
from app.core.problems import Gone, NotFound
from app.domain.budget import AskKind
from app.domain.introduction import (
    SEARCHING,
    TRANSITIONS,
    IntroductionAction,
    IntroductionStatus,
    contributor_answers_by,
)
from app.domain.introduction_hop import ACTION_OF, HopAction, HopAnswer, HopKind, HopStatus
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.features.budgets import service as budgets
from app.features.contacts import service as contacts
from app.features.hops import service as hops
from app.features.introduction_asks import queries, wording
from app.features.introduction_asks.queries import Asked, Met
from app.features.links import service as links
from app.features.paths import service as paths
from app.features.paths.service import OFFERS, Path, Wish
from app.features.schools.service import zone_of_tenant
from app.models import Contact, Hop, Introduction, LinkToken, Meeting

_REQUEST = "introduction_request"
_MEETING = "introduction_meeting"
_IN_LETTERS = ("tenant_name", "school_name", "who", "field_name", "wording", "through")


def wish_of(introduction: Introduction) -> Wish:
    """Return what an introduction asks of the paths."""
    return Wish(
        introduction.tenant_id,
        introduction.id,
        introduction.student_id,
        introduction.school_id,
        introduction.field,
    )


async def ask_contributor(
    session: AsyncSession, introduction: Introduction, path: Path, now: datetime
) -> None:
    """Ask the contributor of a path, and keep the contact's turn free; the introduction is locked, the caps are held."""
    if introduction.slot_ends_at is None:
        raise ValueError("only an introduction that was approved asks anybody")
    answer_by = contributor_answers_by(introduction.slot_ends_at)
    common = {
        "tenant_id": introduction.tenant_id,
        "introduction_id": introduction.id,
        "school_id": introduction.school_id,
        "slot": introduction.slot,
        "connection_id": path.connection_id,
        "contributor_id": path.contributor_id,
        "household_id": path.household_id,
        "contact_id": path.contact_id,
        "employer_id": path.employer_id,
        "status": HopStatus.RESERVED,
    }
    contributor = Hop(
        id=new_id(),
        kind=HopKind.CONTRIBUTOR,
        person_id=path.contributor_id,
        asked_at=now,
        answer_by=answer_by,
        **common,
    )
    session.add_all([contributor, Hop(id=new_id(), kind=HopKind.CONTACT, **common)])
    await hops.take_step(session, contributor, HopAction.ASK, actor=SYSTEM)
    await queries.move_quietly(session, introduction, look_at=answer_by)


async def may_be_asked(session: AsyncSession, wish: Wish, contact_id: UUID, now: datetime) -> bool:
    """Lock a contact, and say whether they may be asked to meet a student of this school."""
    contact = await contacts.locked(session, wish.tenant_id, contact_id)
    return contact is not None and await _is_willing(session, contact, wish.school_id, now)


async def look(session: AsyncSession, secret: str, speaks: Language) -> tuple[dict[str, Any], Language]:
    """Return what is asked of the holder of a link, and the language to say it in; changes nothing.

    Raises NotFound for a link that is not ours, Gone for one that was answered or is over.
    """
    link = await links.look(session, secret, hops.PURPOSE)
    hop = await _hop_of(session, link)
    asked = await queries.asked(session, hop.tenant_id, hop.id)
    if asked is None or not _is_open(hop.status, hop.answer_by):
        raise _over()
    language = await _language(session, hop, speaks)
    return {
        **_told(asked, language),
        "kind": asked.kind,
        "answers": list(HopAnswer),
        "zone": asked.zone,
    }, language


async def answer(
    session: AsyncSession, secret: str, given: HopAnswer, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Take the one answer of whoever holds a link. Raises Gone when it was given before, or is over."""
    link = await links.look(session, secret, hops.PURPOSE)
    hop = await _hop_of(session, link)
    language = await _language(session, hop, speaks)
    met = await _take_answer(session, hop, given, actor=LINK, link=link)
    return _answered(hop.kind, given, met, language), language


async def answer_signed_in(
    session: AsyncSession, actor: Actor, hop_id: UUID, version: int, given: HopAnswer
) -> None:
    """Take the one answer of a contributor who is signed in."""
    hop = await get(session, actor, "introduction_hop.answer", Hop, hop_id)
    await _take_answer(session, hop, given, actor=actor, version=version)


async def view(session: AsyncSession, actor: Actor, hop_id: UUID, language: str) -> dict[str, Any]:
    """Return one ask of the caller; raises NotFound."""
    found = await queries.view(session, actor, hop_id)
    if found is None:
        raise NotFound(
            "there is no ask here with this id that you may see",
            spanish="no existe aquí ninguna pregunta con ese id que usted pueda ver",
        )
    return shown(found, language)


def shown(asked: Asked, language: str) -> dict[str, Any]:
    """Put an ask of a contributor into words."""
    return {
        **_told(asked, "es" if language == "es" else "en"),
        "id": asked.hop_id,
        "answered_at": asked.answered_at,
        "created_at": asked.created_at,
        "version": asked.version,
        "allowed_actions": ["agree", "decline"] if _is_open(asked.status, asked.answer_by) else [],
    }


async def link_for(session: AsyncSession, tenant_id: UUID, hop_id: UUID) -> str | None:
    """Make the link of an ask and return its path; None when nobody is asked any more."""
    until = await hops.answer_by(session, tenant_id, hop_id)
    if until is None or until <= clock.now():
        return None
    secret = await links.issue(
        session, purpose=hops.PURPOSE, tenant_id=tenant_id, subject_id=hop_id, expires_at=until
    )
    return f"/introduction/{secret}"


async def letter(
    session: AsyncSession, template: str, tenant_id: UUID, subject_id: UUID, language: Language
) -> dict[str, Any] | None:
    """Return the values of a letter of this way, all but its links; None when there is nothing to say any more."""
    if template == _MEETING:
        introduction = await session.get_one(Introduction, (tenant_id, subject_id), populate_existing=True)
        if introduction.status is not IntroductionStatus.AGREED:
            return None
        met = await queries.met(session, introduction)
        return {
            "student_name": f"{met.given_name} {met.family_name[:1]}.",
            "school_name": met.school_name,
            "school_contact": _whom_to_ask(met),
        }
    asked = await queries.asked(session, tenant_id, subject_id)
    if asked is None or not _is_open(asked.status, asked.answer_by):
        return None
    told = _told(asked, language)
    answer_by: datetime = told["answer_by"]
    return {
        **{name: told[name] for name in _IN_LETTERS},
        "answer_by": local_day(answer_by, asked.zone),
    }


def _told(asked: Asked, language: Language) -> dict[str, Any]:
    return {
        "tenant_name": asked.tenant_name,
        "school_name": asked.school_name,
        "who": wording.who(asked.school_name, language),
        "field": asked.field,
        "field_name": wording.named(asked.field, language),
        "wording": asked.wording or "",
        "through": wording.through(
            asked.kind, asked.field, asked.domain, asked.suggested_at.date(), language
        ),
        "answer_by": asked.answer_by,
    }


def _is_open(status: HopStatus, answer_by: datetime | None) -> bool:
    return status is HopStatus.ASKED and answer_by is not None and answer_by > clock.now()


def _over() -> Gone:
    return Gone(
        "this request is over; there is nothing more to do, and thank you",
        spanish="esta solicitud ya terminó; no hay nada más que hacer, y gracias",
        code="over",
    )


async def _hop_of(session: AsyncSession, link: LinkToken) -> Hop:
    hop = await session.get(Hop, (await links.enter(session, link), link.subject_id))
    if hop is None:
        raise _over()
    return hop


async def _language(session: AsyncSession, hop: Hop, speaks: Language) -> Language:
    # Spanish, if either what is known of the reader or their browser says so.
    if hop.person_id is not None:
        known = await queries.spoken_to(session, hop.tenant_id, hop.person_id)
    else:
        known = (await session.get_one(Contact, (hop.tenant_id, hop.contact_id))).locale
    return "es" if "es" in {known, speaks} else "en"


async def _take_answer(
    session: AsyncSession,
    asked: Hop,
    given: HopAnswer,
    *,
    actor: Author | str,
    link: LinkToken | None = None,
    version: int | None = None,
) -> Met | None:
    """Take an answer under every lock it needs; returns who meets whom when it was the last yes."""
    contact = await contacts.locked(session, asked.tenant_id, asked.contact_id)
    introduction = await queries.locked(session, asked.tenant_id, asked.introduction_id)
    path = await queries.path_of(session, asked)
    hop = path[asked.kind]
    if version is not None:
        check_version(hop, version)
    is_current = introduction.status in SEARCHING and introduction.slot == hop.slot
    if contact is None or not is_current or not _is_open(hop.status, hop.answer_by):
        raise _over()
    if link is not None:
        await links.consume(session, link)
    now = hop.answered_at = clock.now()
    await hops.take_step(session, hop, ACTION_OF[given], actor=actor)
    await links.revoke(session, subject_id=hop.id, purposes=(hops.PURPOSE,))
    if hop.kind is HopKind.CONTRIBUTOR:
        await _go_on(session, introduction, path[HopKind.CONTACT], contact, given, now)
        return None
    if given is HopAnswer.NO:
        return None
    return await _bring_together(session, introduction, path, now)


async def _go_on(
    session: AsyncSession,
    introduction: Introduction,
    ask: Hop,
    contact: Contact,
    given: HopAnswer,
    now: datetime,
) -> None:
    """Ask the contact after the contributor's yes; otherwise their turn is free again, and nothing shows."""
    may_ask = (
        given is HopAnswer.YES
        and await queries.is_active(session, ask)
        and await _is_willing(session, contact, introduction.school_id, now)
        and await _has_turn(session, introduction, contact, now)
        and (ask.employer_id is None or await _take_from_budget(session, ask, ask.employer_id, now))
    )
    if not may_ask:
        await hops.close(session, [ask])
        await queries.move_quietly(session, introduction, look_at=introduction.slot_ends_at)
        return
    ask.asked_at, ask.answer_by = now, introduction.slot_ends_at
    event_id = await hops.take_step(session, ask, HopAction.ASK, actor=SYSTEM)
    await queries.move_quietly(
        session,
        introduction,
        status=next_status(TRANSITIONS, introduction.status, IntroductionAction.FORWARD),
        look_at=introduction.slot_ends_at,
    )
    contacts.write_to(session, contact, _REQUEST, event_id=event_id, subject_id=ask.id)


async def _bring_together(
    session: AsyncSession, introduction: Introduction, path: dict[HopKind, Hop], now: datetime
) -> Met:
    """Make the meeting that everyone agreed to, and tell all of them at once."""
    hop = path[HopKind.CONTACT]
    if path[HopKind.CONTRIBUTOR].status is not HopStatus.AGREED or not await queries.is_active(session, hop):
        raise _over()
    introduction.status = next_status(TRANSITIONS, introduction.status, IntroductionAction.AGREE)
    introduction.agreed_at, introduction.look_at = now, None
    session.add(
        Meeting(
            tenant_id=introduction.tenant_id,
            id=new_id(),
            introduction_id=introduction.id,
            student_id=introduction.student_id,
            school_id=introduction.school_id,
            contact_id=hop.contact_id,
            contributor_id=hop.contributor_id,
            connection_id=hop.connection_id,
            employer_id=hop.employer_id,
        )
    )
    event_id = await record(
        session, "introduction.agree", actor=LINK, subject=introduction, person_id=introduction.student_id
    )
    contact = await session.get_one(Contact, (hop.tenant_id, hop.contact_id))
    contacts.write_to(session, contact, _MEETING, event_id=event_id, subject_id=introduction.id)
    await hops.learn(session, hop.tenant_id, hop.household_id, hop.contact_id)
    return await queries.met(session, introduction)


async def _has_turn(
    session: AsyncSession, introduction: Introduction, contact: Contact, now: datetime
) -> bool:
    unit: Unit = session.info["unit"]
    binds = await paths.prepare(unit, wish_of(introduction), now)
    return await paths.may_take_turn(unit, binds, contact.id, contact.monthly_cap)


async def _is_willing(session: AsyncSession, contact: Contact, school_id: UUID, now: datetime) -> bool:
    today = local_day(now, await zone_of_tenant(session, contact.tenant_id))
    for offer in OFFERS:
        if await contacts.may_be_asked(session, contact, school_id=school_id, offer=offer, today=today):
            return True
    return False


async def _take_from_budget(session: AsyncSession, ask: Hop, employer_id: UUID, now: datetime) -> bool:
    return await budgets.take(
        session,
        tenant_id=ask.tenant_id,
        employer_id=employer_id,
        kind=AskKind.INTRODUCTION,
        school_id=ask.school_id,
        subject_id=ask.id,
        now=now,
    )


def _answered(kind: HopKind, given: HopAnswer, met: Met | None, language: Language) -> dict[str, Any]:
    message = wording.NO
    if given is HopAnswer.YES:
        message = wording.CONTACT_YES if kind is HopKind.CONTACT else wording.CONTRIBUTOR_YES
    meeting = None
    if met is not None:
        meeting = {
            "student_name": f"{met.given_name} {met.family_name}",
            "school_name": met.school_name,
            "school_contact": _whom_to_ask(met),
        }
    return {"answer": given, "message": message.in_language(language), "meeting": meeting}


def _whom_to_ask(met: Met) -> str:
    return ", ".join(part for part in (met.coordinator, met.school_name, met.address) if part)
