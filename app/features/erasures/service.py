"""Erasing a contact everywhere: rows, notes, keys, stored answers, mails and their files, uploads, links, open asks.

Low level, without routes: whoever ends a contact's life calls it in the same unit of work. Events hold no values.
"""

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.events import Author, record
from app.core.idempotency import blank_answers_about
from app.core.jobs import ask_for
from app.domain.contact import USUAL_CAP
from app.features.erasures import queries
from app.features.hops import service as hops
from app.features.links import service as links
from app.features.pool import service as pool
from app.features.uploads import service as uploads
from app.models import Contact


async def erase(session: AsyncSession, contact: Contact, *, actor: Author | str) -> None:
    """Blank everything personal that is held about a contact who is locked, and about those merged into them.

    Mail files go by a job of their own, because files do not roll back.
    """
    address = contact.email
    blank(contact)
    await record(session, "contact.close", actor=actor, subject=contact)
    await _forget(session, contact, address)
    for merged in await queries.merged_into(session, contact):
        address = merged.email
        blank(merged)
        await _forget(session, merged, address)


async def addresses(session: AsyncSession, contact: Contact) -> list[str]:
    """Return every address of a contact: their own, and those of the contacts for which they stand."""
    found = [contact, *await queries.merged_into(session, contact)]
    return [each.email for each in found if each.email is not None]


def blank(contact: Contact) -> None:
    """Blank the personal columns of a contact, and what they chose."""
    contact.given_name = contact.family_name = contact.email = contact.phone = contact.job_title = None
    contact.remind_at = contact.answer_due_at = contact.invite_at = None
    contact.offers, contact.availability, contact.visible_school_ids = [], {}, None
    contact.monthly_cap = USUAL_CAP
    contact.alumnus_of = contact.graduated_in = None
    contact.erased_at = clock.now()


async def _forget(session: AsyncSession, contact: Contact, address: str | None) -> None:
    await hops.end_for_contact(session, contact.tenant_id, contact.id)
    subject_ids = [contact.id, *await hops.introductions_with(session, contact.tenant_id, contact.id)]
    connections = await queries.connections(session, contact)
    for connection in connections:
        subject_ids.append(connection.id)
        # What somebody works in is said of them, not of the workplace.
        if connection.note is not None or connection.fields or connection.personal_relation:
            connection.note, connection.fields, connection.personal_relation = None, [], False
    await pool.index_all(session, contact.tenant_id, [connection.id for connection in connections])
    await uploads.forget_contact(session, contact.tenant_id, contact.id, address=address)
    # Whoever marked a pair as different was answered with both people.
    subject_ids += await queries.delete_likenesses(session, contact)
    await blank_answers_about(session, contact.tenant_id, subject_ids)
    await queries.stop_mails(session, contact, clock.now())
    await queries.forget_answers(session, contact)
    await links.revoke(session, subject_id=contact.id, purposes=("consent", "contact_choices"))
    unit: Unit = session.info["unit"]
    ask_for(unit, "erase_mail_files", tenant_id=contact.tenant_id, contact_id=contact.id)
