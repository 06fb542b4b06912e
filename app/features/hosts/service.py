"""Who speaks for an employer, and questions to them by a letter with a link: a contact who agreed, or a supervisor.

Low level, without routes, for every feature that asks an employer something by a link.
"""

from collections.abc import Callable
from datetime import date, datetime
from typing import NamedTuple, TypeVar
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit, locked
from app.core.events import LINK, Author, ByAccount
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.languages import Language
from app.core.problems import Gone
from app.domain.contact import Availability
from app.domain.local_time import local_day
from app.features.hosts import queries
from app.features.hosts.queries import ASKED, Setting
from app.features.links import service as links
from app.features.schools.service import zone_of_tenant
from app.models import Contact, HostAsk, LinkToken, Mail, PhaseFeedback, Reconfirmation

Question = TypeVar("Question", HostAsk, PhaseFeedback, Reconfirmation)


class Host(NamedTuple):
    """Whom to ask: a contact or a person, of whom one is known at the most."""

    contact_id: UUID | None
    person_id: UUID | None


async def whom_to_ask(
    session: AsyncSession,
    tenant_id: UUID,
    employer_id: UUID,
    school_id: UUID | None,
    connection_id: UUID | None = None,
) -> Host | None:
    """Return who speaks for an employer: the person it came through, who supervises there, who works there.

    What came through one person is not shown to a colleague. A contact who is not to be asked now, by their own choice
    of dates, is passed over. None: there is nobody.
    """
    today = local_day(clock.now(), await zone_of_tenant(session, tenant_id))
    if connection_id is not None:
        contact = await queries.contact_of(session, tenant_id, connection_id, school_id)
        if contact is not None and _has_time(contact, today):
            return Host(contact.id, None)
    if supervisors := await queries.supervisors_at(session, tenant_id, employer_id, today):
        return Host(None, supervisors[0])
    if connection_id is not None:
        return None
    contacts = await queries.contacts_at(session, tenant_id, employer_id, school_id)
    return next((Host(contact.id, None) for contact in contacts if _has_time(contact, today)), None)


async def check_speaks_for(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, school_id: UUID | None, host: Host
) -> None:
    """Refuse the answer of somebody who was asked, and no longer speaks for the employer."""
    if not await speaks_for(session, tenant_id, employer_id, school_id, host):
        raise not_yours_now()


async def speaks_for(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, school_id: UUID | None, host: Host
) -> bool:
    """Say whether somebody who was asked still speaks for an employer: a contact who agrees, a supervisor there."""
    if host.contact_id is not None:
        return await queries.agrees(session, tenant_id, host.contact_id, school_id)
    today = local_day(clock.now(), await zone_of_tenant(session, tenant_id))
    return host.person_id is not None and bool(
        await queries.supervisors_at(session, tenant_id, employer_id, today, host.person_id)
    )


def not_yours_now() -> Gone:
    """Return the refusal of somebody who was asked, and is no longer who answers this."""
    return Gone(
        "this is no longer yours to answer; please speak with the school",
        spanish="ya no le corresponde responder a esto; hable con la escuela",
        code="not_yours_now",
    )


def _has_time(contact: Contact, today: date) -> bool:
    return Availability.from_json(contact.availability).includes(today)


def write(session: AsyncSession, tenant_id: UUID, template: str, host: Host, subject_id: UUID) -> None:
    """Let a letter leave when this transaction commits; to a contact goes `<template>_to_contact`."""
    mail = Mail(
        tenant_id=tenant_id,
        id=new_id(),
        template=template if host.contact_id is None else f"{template}_to_contact",
        contact_id=host.contact_id,
        person_id=host.person_id,
        subject_id=subject_id,
        due_at=clock.now(),
    )
    session.add(mail)
    unit: Unit = session.info["unit"]
    ask_for(unit, "send_mail", tenant_id=tenant_id, mail_id=mail.id)


def author(host: Host, subject_id: UUID) -> Author | str:
    """Return who acts when a host answers by link."""
    return LINK if host.person_id is None else ByAccount(subject_id, host.person_id, by_link=True)


async def of_letter(session: AsyncSession, mail: Mail, model: type[Question]) -> Question | None:
    """Return the question of a letter while it may be answered; None: there is nothing to ask any more."""
    if mail.subject_id is None:
        raise ValueError("a letter to a host names its question")
    found = await session.get(model, (mail.tenant_id, mail.subject_id), populate_existing=True)
    return found if found is not None and is_open(found) else None


async def of_link(
    session: AsyncSession,
    link: LinkToken,
    model: type[Question],
    host_of: Callable[[Question], Host],
    *,
    lock: bool,
) -> Question:
    """Return the question of a link, and work in its tenant from now on; raises Gone when whoever was asked is gone.

    `lock`: the question as it is now, locked. Whoever erases its host meanwhile waits, and then finds what they wrote.
    """
    tenant_id = await links.enter(session, link)
    found = await session.get(model, (tenant_id, link.subject_id))
    if found is None:
        raise answered()
    host = host_of(found)
    if not await queries.is_there(session, tenant_id, host.contact_id, host.person_id, hold=lock):
        raise not_yours_now()
    if lock:
        found = await locked(session, model, tenant_id, link.subject_id)
    if found is None:
        raise answered()
    return found


def is_open(question: HostAsk | PhaseFeedback | Reconfirmation) -> bool:
    """Say whether an answer is waited for."""
    return question.status == ASKED and question.answer_by is not None and question.answer_by > clock.now()


def answered() -> Gone:
    """Return the refusal of a second answer, and of one to what is over."""
    return Gone(
        "this was answered already, or is over; there is nothing more to do",
        spanish="esto ya se respondió o ya terminó; no hay nada más que hacer",
        code="answered",
    )


async def unanswered(
    session: AsyncSession, model: type[Question], tenant_id: UUID, now: datetime, most: int
) -> list[UUID]:
    """Return the questions of this kind whose time to answer is over, and that nobody answered."""
    return await queries.unanswered(session, model, tenant_id, now, most)


async def setting(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, school_id: UUID | None
) -> Setting:
    """Return in whose name an employer is written to."""
    return await queries.setting(session, tenant_id, employer_id, school_id)


async def language(session: AsyncSession, tenant_id: UUID, host: Host, speaks: Language) -> Language:
    """Return the language of a page for a host: Spanish if either they or their browser reads it."""
    locale = await queries.locale(session, tenant_id, host.contact_id, host.person_id)
    return "es" if "es" in {locale, speaks} else "en"
