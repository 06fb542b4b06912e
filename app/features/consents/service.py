"""Consent without an account: looking changes nothing, one answer counts, and a yes can be taken back."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.events import LINK
from app.core.languages import Language
from app.core.problems import Gone
from app.domain.codes import Names
from app.domain.contact import TRANSITIONS, Availability, ContactAction, ContactStatus
from app.features.consents.schemas import Choice, ConsentAnswer, ConsentState
from app.features.contacts import service as contacts
from app.features.links import service as links
from app.models import Contact, LinkToken

_MESSAGES = {
    ConsentState.CONSENTED: Names(
        "Thank you. You are in; you can take a break or leave at any time, by the link in the mail we send you.",
        "Muchas gracias. Ya forma parte; puede hacer una pausa o salir cuando quiera, con el enlace del correo que le enviamos.",
    ),
    ConsentState.PAUSED: Names(
        "You are taking a break; nobody asks you for anything until you end it.",
        "Está en pausa; nadie le pedirá nada hasta que usted la termine.",
    ),
    ConsentState.ERASED: Names(
        "Thank you for telling us. What we held about you has been erased.",
        "Gracias por decírnoslo. Hemos borrado los datos suyos que teníamos.",
    ),
}
_KEPT = Names(
    "Thank you. We keep to what you chose, and you can change it whenever you like.",
    "Muchas gracias. Respetaremos lo que eligió, y puede cambiarlo cuando quiera.",
)
_STATES = {
    ContactStatus.INVITED: ConsentState.INVITED,
    ContactStatus.CONSENTED: ConsentState.CONSENTED,
    ContactStatus.PAUSED: ConsentState.PAUSED,
}


async def look(session: AsyncSession, secret: str, speaks: Language) -> tuple[dict[str, Any], Language]:
    """Return what is asked of the holder of a consent link, and the language to say it in; changes nothing.

    Raises NotFound for a link that is not ours, Gone for one that was answered or has expired.
    """
    link = await links.look(session, secret, "consent")
    contact = await _subject(session, link, ContactStatus.INVITED)
    language = _language(contact, speaks)
    place = await contacts.setting(session, contact)
    return {
        "status": ConsentState.INVITED,
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "suggested_by": contacts.suggested_by(contact, language),
        "why": await contacts.reason(session, contact, language),
        "held": await contacts.held(session, contact, language),
        "answers": list(ConsentAnswer),
        "answer_by": contact.answer_due_at,
        "zone": place.zone,
    }, language


async def answer(
    session: AsyncSession, hash_key: bytes, secret: str, given: ConsentAnswer, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Take the one answer of a suggested person. Raises Gone when it was given before."""
    link = await links.look(session, secret, "consent")
    contact = await _subject(session, link, ContactStatus.INVITED, lock=True)
    language = _language(contact, speaks)
    await links.consume(session, link)
    if given is ConsentAnswer.ACCEPT:
        await contacts.accept(session, contact)
    else:
        action = ContactAction(given.value)
        await contacts.close(session, contact, action, hash_key=hash_key, actor=LINK)
    return _answered(contact, language, None), language


async def look_at_choices(
    session: AsyncSession, secret: str, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Return where a person who said yes stands, and what they may do; changes nothing."""
    link = await links.look(session, secret, "contact_choices")
    contact = await _subject(session, link, ContactStatus.CONSENTED, ContactStatus.PAUSED)
    language = _language(contact, speaks)
    place = await contacts.setting(session, contact)
    return {
        "status": _STATES[contact.status],
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "held": await contacts.held(session, contact, language),
        "offers": contact.offers,
        "monthly_cap": contact.monthly_cap,
        "availability": Availability.from_json(contact.availability).to_json(),
        "visible_school_ids": contact.visible_school_ids,
        "schools": [
            {"id": school_id, "name": name} for school_id, name in await contacts.schools(session, contact)
        ],
        "answers": [
            choice for choice in Choice if (contact.status, ContactAction(choice.value)) in TRANSITIONS
        ],
    }, language


async def choose(
    session: AsyncSession, hash_key: bytes, secret: str, choice: Choice, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Let a person who said yes pause, resume or leave; `next_secret` is the link of the next choice.

    Raises Gone for a link that was used, Refused for a choice that leads nowhere from here.
    """
    link = await links.look(session, secret, "contact_choices")
    contact = await _subject(session, link, ContactStatus.CONSENTED, ContactStatus.PAUSED, lock=True)
    language = _language(contact, speaks)
    await links.consume(session, link)
    action = ContactAction(choice.value)
    if choice in {Choice.PAUSE, Choice.RESUME}:
        await contacts.take_or_end_break(session, contact, action)
        return _answered(contact, language, await contacts.choices_secret(session, contact)), language
    await contacts.close(session, contact, action, hash_key=hash_key, actor=LINK)
    return _answered(contact, language, None), language


async def set_choices(
    session: AsyncSession, secret: str, chosen: dict[str, Any], speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Keep what a person who said yes offers, how often, when and to which schools; `next_secret` as in `choose`.

    `chosen` is what `contacts.service.choose` takes.

    Raises Gone for a link that was used, Refused or Unprocessable for choices that cannot be.
    """
    link = await links.look(session, secret, "contact_choices")
    contact = await _subject(session, link, ContactStatus.CONSENTED, ContactStatus.PAUSED, lock=True)
    language = _language(contact, speaks)
    await links.consume(session, link)
    await contacts.choose(session, contact, **chosen)
    found = _answered(contact, language, await contacts.choices_secret(session, contact))
    return {**found, "message": _KEPT.in_language(language)}, language


def _language(contact: Contact, speaks: Language) -> Language:
    # Spanish, if either the contributor or the person's browser says so: nobody is guessed to read it.
    return "es" if "es" in {contact.locale, speaks} else "en"


async def _subject(
    session: AsyncSession, link: LinkToken, *statuses: ContactStatus, lock: bool = False
) -> Contact:
    tenant_id = await links.enter(session, link)
    contact = await _load(session, tenant_id, link.subject_id, lock=lock)
    if contact is not None and contact.merged_into_id is not None:
        # Two suggestions turned out to be one person: what they answer to either holds for both.
        contact = await _load(session, tenant_id, contact.merged_into_id, lock=lock)
    if contact is None or contact.status not in statuses:
        raise Gone(
            "this was answered already; there is nothing more to do",
            spanish="esto ya se respondió; no hay nada más que hacer",
            code="answered",
        )
    return contact


async def _load(session: AsyncSession, tenant_id: UUID, contact_id: UUID, *, lock: bool) -> Contact | None:
    if lock:
        return await contacts.locked(session, tenant_id, contact_id)
    return await session.get(Contact, (tenant_id, contact_id))


def _answered(contact: Contact, language: Language, next_secret: str | None) -> dict[str, Any]:
    state = _STATES.get(contact.status, ConsentState.ERASED)
    return {
        "status": state,
        "message": _MESSAGES[state].in_language(language),
        "next_secret": next_secret,
    }
