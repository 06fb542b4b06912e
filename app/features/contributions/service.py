"""Offering a connection without an account: by a link that works once, for whoever is a guardian or on the staff now."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.events import record
from app.core.languages import Language
from app.core.problems import Gone
from app.domain.codes import Names
from app.domain.outreach import LINK_LIFE, ContributionInvitationOutcome
from app.domain.policy import Actor
from app.features.connections import service as connections
from app.features.connections.schemas import ConnectionIn
from app.features.contributions import queries
from app.features.contributors import service as contributors
from app.features.family_asks import service as family_asks
from app.features.links import service as links
from app.features.mails import service as mails
from app.features.outreach import service as outreach
from app.features.outreach.schemas import OutreachAnswerIn
from app.models import LinkToken

PURPOSE = "contribution"
LETTER = "contribution_invitation"

# What a link lets its holder do: LINK_ACTIONS of the policy, as these two say thank you.
_THANKS = {
    "contribution.offer": Names(
        "Thank you. The school looks at it first; then the person you know is asked, and decides.",
        "Muchas gracias. Primero la revisa la escuela; luego se le pregunta a esa persona, y ella decide.",
    ),
    "contribution.answer": Names(
        "Thank you. Your answers were counted; nothing says that they are yours.",
        "Muchas gracias. Sus respuestas se contaron; nada indica que son suyas.",
    ),
}


async def look(session: AsyncSession, secret: str, speaks: Language) -> tuple[dict[str, Any], Language]:
    """Return what the holder of a link is asked, and the language to ask in; changes nothing.

    Raises NotFound for a link that is not ours, Gone for one that was used, has expired, or whose holder is no longer a
    guardian or on the staff.
    """
    link, actor = await _opened(session, secret)
    language = _language(actor, speaks)
    asked = await family_asks.asked(session, actor.tenant_id, _person(actor))
    tenant = await queries.tenant(session, actor.tenant_id)
    schools = await queries.schools(session, actor.tenant_id, actor.schools())
    name = schools[0].name if len(schools) == 1 else tenant.name
    return {
        "tenant_name": tenant.name,
        "school_name": name if asked is None else asked.school_name,
        "schools": [{"id": school.id, "name": school.name} for school in schools],
        "message": None if asked is None else asked.message,
        "questions": [] if asked is None else outreach.told(asked.clusters, language),
        "valid_until": link.expires_at,
        "zone": tenant.zone,
    }, language


async def offer(
    session: AsyncSession, secret: str, body: ConnectionIn, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Make a connection of what the holder of a link offers; `next_secret` opens another one.

    It is a connection like any other: screened by the same rules, and nothing ties it to a question. Of several at once
    on one link, one is taken and the others get Gone.
    """
    link, actor = await _opened(session, secret)
    await links.consume(session, link)
    if body.school_id is None:
        asked = await family_asks.asked(session, actor.tenant_id, _person(actor))
        if asked is not None:
            body = body.model_copy(update={"school_id": asked.school_id})
    await connections.create(session, actor, body)
    return await _done(session, link, "contribution.offer", _language(actor, speaks))


async def answer(
    session: AsyncSession, secret: str, answers: Sequence[OutreachAnswerIn], speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Count the family's answers to the questions of its school; `next_secret` opens the form for a connection."""
    link, actor = await _opened(session, secret)
    await links.consume(session, link)
    await outreach.answer(session, actor.tenant_id, _person(actor), answers)
    return await _done(session, link, "contribution.answer", _language(actor, speaks))


async def invite(session: AsyncSession, actor: Actor, person_ids: Sequence[UUID]) -> list[dict[str, Any]]:
    """Mail each of these people a link to contribute by, and say of each what became of it.

    A family that was asked this month, by whichever school and way, is not asked again.
    """
    people = await queries.invitees(session, actor, person_ids)
    able = await contributors.able(session, actor.tenant_id, list(people))
    now = clock.now()
    outcomes: dict[UUID, ContributionInvitationOutcome] = {}
    for person_id in dict.fromkeys(person_ids):
        person = people.get(person_id)
        if person is None:
            outcomes[person_id] = ContributionInvitationOutcome.NOT_FOUND
        elif person_id not in able:
            outcomes[person_id] = ContributionInvitationOutcome.MAY_NOT_BE_ASKED
        elif person.email is None:
            outcomes[person_id] = ContributionInvitationOutcome.NO_EMAIL
        elif not await family_asks.take_month_of(session, actor.tenant_id, person_id, now):
            outcomes[person_id] = ContributionInvitationOutcome.ASKED_THIS_MONTH
        else:
            outcomes[person_id] = ContributionInvitationOutcome.INVITED
            event_id = await record(
                session,
                "contribution_invitation.create",
                actor=actor,
                subject=person,
                school_id=next(iter(able[person_id].schools()), None),
                person_id=person_id,
            )
            await mails.post(
                session,
                LETTER,
                tenant_id=actor.tenant_id,
                person_id=person_id,
                event_id=event_id,
                facts={"valid_until": (now + LINK_LIFE).isoformat()},
            )
    return [{"person_id": person_id, "outcome": outcome} for person_id, outcome in outcomes.items()]


async def _opened(session: AsyncSession, secret: str) -> tuple[LinkToken, Actor]:
    link = await links.look(session, secret, PURPOSE)
    actor = await contributors.by_link(session, await links.enter(session, link), link.subject_id)
    if actor is None:
        raise Gone(
            "this link is no longer open to you; ask the school office if you think it should be",
            spanish="este enlace ya no está abierto para usted; si cree que debería estarlo, pregunte en la escuela",
            code="link_closed",
        )
    return link, actor


async def _done(
    session: AsyncSession, link: LinkToken, action: str, language: Language
) -> tuple[dict[str, Any], Language]:
    secret = await links.issue(
        session,
        purpose=PURPOSE,
        tenant_id=link.tenant_id,
        subject_id=link.subject_id,
        expires_at=link.expires_at,
    )
    return {"message": _THANKS[action].in_language(language), "next_secret": secret}, language


def _language(actor: Actor, speaks: Language) -> Language:
    # Spanish, if either the school's record or the person's browser says so: nobody is guessed to read it.
    return "es" if "es" in {actor.locale, speaks} else "en"


def _person(actor: Actor) -> UUID:
    assert actor.person_id is not None  # noqa: S101 - a link to contribute is about a person
    return actor.person_id
