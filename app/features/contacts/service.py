"""The person at the end of connections: suggested, invited once, and erased unless they say yes."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import get, was_merged
from app.core import clock
from app.core.db import Unit
from app.core.events import LINK, SYSTEM, Author, record
from app.core.ids import new_id
from app.core.jobs import ask_for
from app.core.problems import FieldError, NotFound, Unprocessable
from app.domain import contact as rules
from app.domain.budget import AskKind
from app.domain.connection import Offer
from app.domain.contact import (
    CHOICES_LIFE,
    INVITATION_LIFE,
    REMINDER_AFTER,
    TRANSITIONS,
    Availability,
    ContactAction,
    ContactStanding,
    ContactStatus,
    check_graduation,
    normal_address,
    standing,
)
from app.domain.errors import Refused
from app.domain.fields import field_name
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.features.budgets import service as budgets
from app.features.contacts import queries, wording
from app.features.contacts.schemas import GraduationIn
from app.features.erasures import service as erasures
from app.features.hops import service as hops
from app.features.links import service as links
from app.features.mails import wording as letters
from app.features.match_keys import service as match_keys
from app.features.readiness import service as readiness
from app.features.schools.service import check_school, zone_of_tenant
from app.features.suppressions import service as suppressions
from app.models import Contact, Mail

_ANSWERED = (ContactStatus.CONSENTED, ContactStatus.PAUSED)
# Letters to somebody who said yes, with the link by which they take a break or leave.
_OF_CHOICES = frozenset({"consent_confirmed", "consent_changed"})


async def view(session: AsyncSession, actor: Actor, contact_id: UUID) -> dict[str, Any]:
    """Return one contact as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, contact_id)
    if found is None:
        standing_for = await queries.standing_for(session, actor, contact_id)
        if standing_for is not None:
            raise was_merged(standing_for)
        raise NotFound(
            "there is no contact here with this id that you may see",
            spanish="no existe aquí ningún contacto con ese id que usted pueda ver",
        )
    return found


async def locked(session: AsyncSession, tenant_id: UUID, contact_id: UUID) -> Contact | None:
    """Return a contact as it is now, locked: whoever answers or keeps a person's data waits for whoever erases it."""
    return await queries.locked(session, tenant_id, contact_id)


async def suggest(
    session: AsyncSession,
    actor: Actor,
    *,
    school_id: UUID,
    role: str,
    person: dict[str, Any],
    employer_id: UUID | None,
) -> Contact:
    """Return the contact of this address, or a new one, locked either way; nothing tells which it was.

    `person` has given_name, family_name, email, phone, job_title and locale. What is known of a contact stays as
    the first contributor gave it.
    """
    known = await queries.of_address(
        session,
        {
            **person,
            "tenant_id": actor.tenant_id,
            "email": normal_address(person["email"]),
            "school_id": school_id,
            "suggested_by_role": role,
            "employer_id": employer_id,
        },
    )
    # Looked up whether or not it was merged: nobody can tell by the time it takes.
    contact = await queries.became(session, known)
    await record(session, "contact.propose", actor=actor, subject=contact, school_id=school_id)
    match_keys.contact_changed(session, contact)
    return contact


async def note_graduation(session: AsyncSession, actor: Actor, contact_id: UUID, body: GraduationIn) -> None:
    """Note where a contact graduated; raises Refused for one of whom nothing may be held any more."""
    contact = await get(session, actor, "contact.note_graduation", Contact, contact_id, lock=True)
    if contact.erased_at is not None or standing(contact.status) is ContactStanding.CLOSED:
        raise Refused(
            "closed",
            "this contact is closed; nothing is held about them any more",
            "este contacto está cerrado; ya no se guarda nada de él",
        )
    today = local_day(clock.now(), await zone_of_tenant(session, actor.tenant_id))
    check_graduation(body.alumnus_of, body.graduated_in, today)
    if body.alumnus_of is not None:
        await check_school(session, actor, body.alumnus_of, pointer="/alumnus_of")
    contact.alumnus_of, contact.graduated_in = body.alumnus_of, body.graduated_in
    await record(session, "contact.note_graduation", actor=actor, subject=contact)


async def invite(session: AsyncSession, contact: Contact) -> None:
    """Ask a proposed contact for consent, once; a contact that was asked before is left in peace.

    Where they work has been asked enough this month: they stay proposed, and the sweep invites them next month.
    """
    if contact.status is not ContactStatus.PROPOSED:
        return
    now = clock.now()
    if not await _has_turn(session, contact, now):
        return
    contact.status = next_status(TRANSITIONS, contact.status, ContactAction.INVITE)
    contact.invite_at = None
    contact.invited_at = now
    contact.remind_at = now + REMINDER_AFTER
    contact.answer_due_at = now + INVITATION_LIFE
    event_id = await record(session, "contact.invite", actor=SYSTEM, subject=contact)
    write_to(session, contact, "consent_invitation", event_id=event_id)


async def _has_turn(session: AsyncSession, contact: Contact, now: datetime) -> bool:
    """Take an ask from the employer's budget; where there is none left the invitation waits for the next month."""
    employer_id = contact.employer_id or await queries.workplace(session, contact)
    if employer_id is None:
        return True
    taken = await budgets.take(
        session,
        tenant_id=contact.tenant_id,
        employer_id=employer_id,
        kind=AskKind.INVITATION,
        school_id=contact.school_id,
        subject_id=contact.id,
        now=now,
    )
    if not taken:
        contact.invite_at = await budgets.next_month_at(session, tenant_id=contact.tenant_id, now=now)
    return taken


async def remind(session: AsyncSession, contact: Contact) -> None:
    """Remind an invited contact, once; the caller has claimed the due date."""
    contact.status = next_status(TRANSITIONS, contact.status, ContactAction.REMIND)
    event_id = await record(session, "contact.remind", actor=SYSTEM, subject=contact)
    write_to(session, contact, "consent_reminder", event_id=event_id)


async def accept(session: AsyncSession, contact: Contact) -> None:
    """Note the contact's yes; connections that waited for it may become active."""
    contact.status = next_status(TRANSITIONS, contact.status, ContactAction.ACCEPT)
    contact.answered_at = clock.now()
    contact.remind_at = contact.answer_due_at = None
    event_id = await record(session, "contact.accept", actor=LINK, subject=contact)
    await links.revoke(session, subject_id=contact.id, purposes=("consent",))
    write_to(session, contact, "consent_confirmed", event_id=event_id)
    await readiness.settle(session, contact.tenant_id, contact_id=contact.id)


async def take_or_end_break(session: AsyncSession, contact: Contact, action: ContactAction) -> None:
    """Pause, or resume: the contact's connections rest with it."""
    contact.status = next_status(TRANSITIONS, contact.status, action)
    event_id = await record(session, f"contact.{action.value}", actor=LINK, subject=contact)
    if action is ContactAction.PAUSE:
        await hops.end_for_contact(session, contact.tenant_id, contact.id)
    # The link in hand is used up: without the next one in a mail, whoever closes the page could never leave.
    write_to(session, contact, "consent_changed", event_id=event_id)
    await readiness.settle(session, contact.tenant_id, contact_id=contact.id)


async def choose(
    session: AsyncSession,
    contact: Contact,
    *,
    offers: list[Offer],
    monthly_cap: int,
    availability: Availability,
    visible_school_ids: list[UUID] | None,
) -> None:
    """Keep what a contact who said yes offers, how often and when they may be asked, and by which schools.

    `visible_school_ids` None is every school. Raises Unprocessable for a school that is not one of the community's.
    """
    if visible_school_ids is not None:
        known = {school_id for school_id, _ in await queries.schools(session, contact.tenant_id)}
        if not known.issuperset(visible_school_ids):
            raise Unprocessable(
                "choose among the schools of this community, or leave the list out for all of them",
                spanish="elija entre las escuelas de esta comunidad u omita la lista para incluirlas todas",
                errors=[FieldError("not a school here", "unknown_school", pointer="/visible_school_ids")],
            )
    contact.status = next_status(TRANSITIONS, contact.status, ContactAction.CHOOSE)
    contact.offers = [offer.value for offer in Offer if offer in offers]
    contact.monthly_cap = monthly_cap
    contact.availability = availability.to_json()
    contact.visible_school_ids = None
    if visible_school_ids is not None:
        contact.visible_school_ids = sorted(set(visible_school_ids))
        await hops.end_for_contact_outside(session, contact.tenant_id, contact.id, visible_school_ids)
    event_id = await record(session, "contact.choose", actor=LINK, subject=contact)
    # The link in hand is used up: without the next one in a mail, whoever closes the page could never leave.
    write_to(session, contact, "consent_changed", event_id=event_id)


async def schools(session: AsyncSession, contact: Contact) -> list[tuple[UUID, str]]:
    """Return the schools among which a contact may choose, each id with its name."""
    return await queries.schools(session, contact.tenant_id)


async def may_be_asked(
    _session: AsyncSession, contact: Contact, *, school_id: UUID, offer: Offer, today: date
) -> bool:
    """Say whether a contact agreed to be asked for `offer` by a school today; the month's asks are not counted here.

    Nobody is asked as a contact who was merged meanwhile: how often the one who stands for them may be asked is that one's.
    """
    return contact.merged_into_id is None and rules.may_be_asked(
        contact.status,
        offers=contact.offers,
        availability=Availability.from_json(contact.availability),
        visible_school_ids=contact.visible_school_ids,
        school_id=school_id,
        offer=offer,
        today=today,
    )


async def close(
    session: AsyncSession,
    contact: Contact,
    action: ContactAction,
    *,
    hash_key: bytes | None,
    actor: Author | str,
) -> None:
    """End a contact's life and erase the person: declined, not them, never again, no answer, or asked to be erased.

    The event is the same for all of them. `hash_key` is needed for `never` alone.
    """
    contact.status = next_status(TRANSITIONS, contact.status, action)
    if action is ContactAction.NEVER:
        if hash_key is None:
            raise ValueError("hand over the hash key: never again needs the suppression list")
        for address in await erasures.addresses(session, contact):
            await suppressions.suppress(session, hash_key, address)
    await erasures.erase(session, contact, actor=actor)
    await readiness.settle(session, contact.tenant_id, contact_id=contact.id)


async def forget_if_unwanted(session: AsyncSession, contact: Contact) -> None:
    """Erase a contact who has not said yes and to whom no connection leads any more."""
    if contact.erased_at is not None or contact.status in _ANSWERED:
        return
    if not await queries.live_connections(session, contact):
        await close(session, contact, ContactAction.ERASE, hash_key=None, actor=SYSTEM)


async def held(session: AsyncSession, contact: Contact, language: str) -> list[dict[str, str]]:
    """Return exactly what is held about a contact: each with its `field`, its `label` and its `value`."""
    found: list[tuple[str, str | None]] = []
    for each in (contact, *await queries.merged_into(session, contact)):
        found += [
            ("name", " ".join(part for part in (each.given_name, each.family_name) if part)),
            ("email", each.email),
            ("phone", each.phone),
            ("employer", (await queries.setting(session, each)).employer_name),
            ("job_title", each.job_title),
            ("graduation", await _graduation(session, each)),
        ]
    for connection in await queries.live_connections(session, contact):
        said = wording.relationship(
            connection.domain, connection.closeness, connection.frequency, connection.years_known, language
        )
        found += [
            ("relationship", said),
            (
                "personal_relation",
                wording.PRIVATELY.in_language(language) if connection.personal_relation else None,
            ),
            ("fields", ", ".join(field_name(code).in_language(language) for code in connection.fields)),
            ("note", connection.note),
        ]
    return [
        {"field": field, "label": wording.FIELDS[field].in_language(language), "value": value}
        for field, value in dict.fromkeys(found)
        if value
    ]


async def _graduation(session: AsyncSession, contact: Contact) -> str | None:
    if contact.alumnus_of is None:
        return None
    name = await queries.school_name(session, contact.tenant_id, contact.alumnus_of)
    return name if contact.graduated_in is None else f"{name}, {contact.graduated_in}"


def offer_in_words(offer: Offer, language: str) -> str:
    """Say what an offer is, as something the contact would do."""
    return wording.offer(offer, language)


async def setting(session: AsyncSession, contact: Contact) -> queries.Setting:
    """Return in whose name a contact is written to."""
    return await queries.setting(session, contact)


def suggested_by(contact: Contact, language: str) -> str:
    """Say who suggested a contact: by role, never by name."""
    return letters.suggested_by(contact.suggested_by_role, language)


async def letter(session: AsyncSession, contact: Contact, template: str) -> dict[str, Any]:
    """Return the values of a letter to a contact, all but its link (see `link_for`)."""
    place = await queries.setting(session, contact)
    values: dict[str, Any] = {"tenant_name": place.tenant_name, "school_name": place.school_name}
    if template in _OF_CHOICES:
        return values
    if contact.answer_due_at is None:
        raise ValueError("a contact that is not asked anything gets no such letter")
    fields = dict.fromkeys(thing["field"] for thing in await held(session, contact, contact.locale))
    return values | {
        "suggested_by_role": suggested_by(contact, contact.locale),
        "held": letters.held(list(fields), contact.locale),
        "why": await reason(session, contact, contact.locale),
        "answer_by": local_day(contact.answer_due_at, place.zone),
    }


async def reason(session: AsyncSession, contact: Contact, language: str) -> str:
    """Say in a sentence what a contact was thought of for."""
    found = await queries.live_connections(session, contact)
    return wording.why([offer for connection in found for offer in connection.offers], language)


async def link_for(session: AsyncSession, contact: Contact, template: str) -> str:
    """Make the link of a letter and return its path: `/consent/...` until the answer is due, or `/choices/...`."""
    if template in _OF_CHOICES:
        return f"/choices/{await choices_secret(session, contact)}"
    if contact.answer_due_at is None:
        raise ValueError("a contact that is not asked anything gets no such letter")
    secret = await links.issue(
        session,
        purpose="consent",
        tenant_id=contact.tenant_id,
        subject_id=contact.id,
        expires_at=contact.answer_due_at,
    )
    return f"/consent/{secret}"


async def choices_secret(session: AsyncSession, contact: Contact) -> str:
    """Make the link by which a contact who said yes takes a break or leaves."""
    return await links.issue(
        session,
        purpose="contact_choices",
        tenant_id=contact.tenant_id,
        subject_id=contact.id,
        expires_at=clock.now() + CHOICES_LIFE,
    )


def write_to(
    session: AsyncSession, contact: Contact, template: str, *, event_id: UUID, subject_id: UUID | None = None
) -> None:
    """Let a letter to a contact leave when this transaction commits; it is about the contact, or what is named."""
    mail = Mail(
        tenant_id=contact.tenant_id,
        id=new_id(),
        template=template,
        contact_id=contact.id,
        event_id=event_id,
        subject_id=subject_id or contact.id,
        due_at=clock.now(),
    )
    session.add(mail)
    unit: Unit = session.info["unit"]
    ask_for(unit, "send_mail", tenant_id=contact.tenant_id, mail_id=mail.id)
