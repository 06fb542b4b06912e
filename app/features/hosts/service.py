"""Who speaks for an employer, and letters to them: a contact who agreed, or a supervisor there.

Low level, without routes, for every feature that asks an employer something by a link.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.events import LINK, Author, ByAccount
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.languages import Language
from app.core.problems import Gone
from app.domain.contact import Availability
from app.domain.local_time import local_day
from app.features.hosts import queries
from app.features.hosts.queries import Setting
from app.features.schools.service import zone_of_tenant
from app.models import Contact, Mail


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


async def may_answer(session: AsyncSession, tenant_id: UUID, host: Host, *, hold: bool = False) -> bool:
    """Say whether whoever was asked is still there: nobody who was erased says anything by an old link.

    `hold`: whoever erases them meanwhile waits, and then finds what they wrote.
    """
    return await queries.may_answer(session, tenant_id, host.contact_id, host.person_id, hold=hold)


async def setting(
    session: AsyncSession, tenant_id: UUID, employer_id: UUID, school_id: UUID | None
) -> Setting:
    """Return in whose name an employer is written to."""
    return await queries.setting(session, tenant_id, employer_id, school_id)


async def language(session: AsyncSession, tenant_id: UUID, host: Host, speaks: Language) -> Language:
    """Return the language of a page for a host: Spanish if either they or their browser reads it."""
    locale = await queries.locale(session, tenant_id, host.contact_id, host.person_id)
    return "es" if "es" in {locale, speaks} else "en"
