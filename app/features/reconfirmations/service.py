"""Asks whoever offers listings whether they still hold: one letter about all of theirs, and one tap to answer it.

Looking at the link changes nothing. Rows are locked in the order letter, listings by id, the employer's budget.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import locked
from app.core.events import SYSTEM, record
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.core.languages import Language
from app.core.problems import FieldError, Unprocessable
from app.domain.budget import AskKind
from app.domain.codes import Names
from app.domain.freshness import (
    MOST_NAMED,
    TRANSITIONS,
    ListingAnswer,
    ReconfirmationAction,
    ReconfirmationStatus,
    remind_after,
)
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.opportunity import ConfirmedBy, OpportunityAction, OpportunityStatus
from app.features.budgets import service as budgets
from app.features.hosts import service as hosts
from app.features.hosts.service import Host
from app.features.links import service as links
from app.features.reconfirmations import queries
from app.features.reconfirmations.queries import Due
from app.features.standings import service as standings
from app.models import LinkToken, Mail, Opportunity, Reconfirmation, ReconfirmationListing

PURPOSE = "reconfirmation"
# An answer after the pause brings the listings back; later than this they are the school's to look at.
LATE_ANSWERS = timedelta(days=30)

_NOBODY = Host(None, None)
_SILENCE = "nobody said that it still holds"
_TOO_OLD = "nobody has confirmed it for a long time"
_THANKS = Names(
    "Thank you. Students see what you told us from now on.",
    "Muchas gracias. Los estudiantes ya ven lo que nos indicó.",
)
_A, _S = OpportunityAction, OpportunityStatus
_STEPS: Mapping[tuple[OpportunityStatus, ListingAnswer], OpportunityAction] = {
    (_S.PUBLISHED, ListingAnswer.CONFIRM): _A.CONFIRM,
    (_S.STALE, ListingAnswer.CONFIRM): _A.CONFIRM,
    (_S.PAUSED, ListingAnswer.CONFIRM): _A.RESUME,
    (_S.PUBLISHED, ListingAnswer.PAUSE): _A.PAUSE,
    (_S.STALE, ListingAnswer.PAUSE): _A.PAUSE,
    (_S.PUBLISHED, ListingAnswer.ARCHIVE): _A.ARCHIVE,
    (_S.STALE, ListingAnswer.ARCHIVE): _A.ARCHIVE,
    (_S.PAUSED, ListingAnswer.ARCHIVE): _A.ARCHIVE,
}


class Spans(NamedTuple):
    """How long a word counts, and how long an answer is waited for, in days; from the tenant's settings."""

    stale_after: int
    silence: int


async def whom_to_ask(
    session: AsyncSession, tenant_id: UUID, listings: Sequence[Due]
) -> dict[UUID, Host | None]:
    """Return who speaks for each of these listings now, by its id; None: only the school does."""
    known: dict[tuple[UUID, UUID | None, UUID | None], Host | None] = {}
    for due in listings:
        key = (due.employer_id, due.school_id, due.connection_id)
        if key not in known:
            known[key] = await hosts.whom_to_ask(session, tenant_id, *key)
    return {due.id: known[due.employer_id, due.school_id, due.connection_id] for due in listings}


async def ask(
    session: AsyncSession,
    tenant_id: UUID,
    host: Host | None,
    stale: Sequence[Due],
    along: Sequence[Due],
    spans: Spans,
    now: datetime,
) -> int:
    """Mark these listings of one host as stale, and ask about them and about `along`; return how many grew stale.

    Where there is no host, or the employer was asked often enough this month, whoever made the first of them is asked.
    """
    listings = await _still_old(session, tenant_id, stale, now - timedelta(days=spans.stale_after))
    if not listings:
        return 0
    first = stale[0]
    if host is not None and not await budgets.take(
        session,
        tenant_id=tenant_id,
        employer_id=first.employer_id,
        kind=AskKind.RECONFIRMATION,
        school_id=first.school_id,
        subject_id=None,
        now=now,
    ):
        host = None
    whom = host or Host(None, first.owner_id)
    asked = Reconfirmation(
        tenant_id=tenant_id,
        id=new_id(),
        employer_id=first.employer_id,
        school_id=first.school_id,
        contact_id=whom.contact_id,
        person_id=whom.person_id,
        is_staff=host is None and whom.person_id is not None,
        answer_by=now + timedelta(days=spans.silence),
        remind_at=None if whom == _NOBODY else now + remind_after(spans.silence),
    )
    session.add(asked)
    await session.flush()  # what points to the letter comes after it
    for opportunity in listings:
        if opportunity.status is OpportunityStatus.PUBLISHED:
            facts = {"asked_of": _asked_of(asked), "answer_by": asked.answer_by.isoformat()}
            await standings.move(
                session, opportunity, _A.MARK_STALE, actor=SYSTEM, reason=_TOO_OLD, facts=facts
            )
    for listing_id in dict.fromkeys((*(each.id for each in listings), *(due.id for due in along))):
        session.add(
            ReconfirmationListing(
                tenant_id=tenant_id, reconfirmation_id=asked.id, opportunity_id=listing_id, answer=None
            )
        )
    _write(session, asked)
    return len(listings)


async def remind(session: AsyncSession, tenant_id: UUID, reconfirmation_id: UUID, now: datetime) -> bool:
    """Send the letter once more, at half of the time there is to answer."""
    asked = await locked(session, Reconfirmation, tenant_id, reconfirmation_id)
    if (
        asked is None
        or asked.status is not ReconfirmationStatus.ASKED
        or asked.remind_at is None
        or asked.remind_at > now
    ):
        return False
    asked.remind_at = None
    _write(session, asked)
    return True


async def lapse(session: AsyncSession, tenant_id: UUID, reconfirmation_id: UUID, now: datetime) -> int:
    """Pause what nobody confirmed in time; return how many listings that were, and one for the letter itself."""
    asked = await locked(session, Reconfirmation, tenant_id, reconfirmation_id)
    if asked is None or asked.status is not ReconfirmationStatus.ASKED or asked.answer_by > now:
        return 0
    asked.status = next_status(TRANSITIONS, asked.status, ReconfirmationAction.LAPSE)
    asked.remind_at = None
    await record(session, "reconfirmation.lapse", actor=SYSTEM, subject=asked, reason=_SILENCE)
    done = 1
    for _, listed in await queries.asked_about(session, tenant_id, asked.id):
        opportunity = await standings.locked(session, tenant_id, listed.id)
        if opportunity is not None and opportunity.status is OpportunityStatus.STALE:
            facts = {"asked_at": asked.created_at.isoformat()}
            await standings.move(session, opportunity, _A.PAUSE, actor=SYSTEM, reason=_SILENCE, facts=facts)
            done += 1
    return done


async def look(session: AsyncSession, secret: str, speaks: Language) -> tuple[dict[str, Any], Language]:
    """Return what is asked of the holder of a link, and the language to say it in; changes nothing."""
    link = await links.look(session, secret, PURPOSE)
    asked = await _of_link(session, link)
    place = await hosts.setting(session, asked.tenant_id, asked.employer_id, asked.school_id)
    listings = [
        {
            "opportunity_id": opportunity.id,
            "title": opportunity.title,
            "status": opportunity.status,
            "confirmed_at": opportunity.confirmed_at,
            "open": await _is_open(session, opportunity),
        }
        for _, opportunity in await queries.asked_about(session, asked.tenant_id, asked.id)
    ]
    return {
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "employer_name": place.employer_name,
        "answer_by": asked.answer_by,
        "zone": place.zone,
        "listings": listings,
        "answers": list(ListingAnswer),
    }, await hosts.language(session, asked.tenant_id, _host(asked), speaks)


async def answer(
    session: AsyncSession, secret: str, answers: Mapping[UUID, ListingAnswer] | None, speaks: Language
) -> tuple[dict[str, Any], Language]:
    """Take the one answer to a letter; None: everything still holds. Raises Gone when it was given before."""
    link = await links.look(session, secret, PURPOSE)
    asked = await _of_link(session, link, lock=True)
    language = await hosts.language(session, asked.tenant_id, _host(asked), speaks)
    found = await queries.asked_about(session, asked.tenant_id, asked.id)
    strange = set(answers or ()) - {listed.id for _, listed in found}
    if strange:
        raise Unprocessable(
            "answer about listings of this letter only",
            spanish="responda solo sobre las ofertas de esta carta",
            errors=[FieldError("not a listing of this letter", "unknown_listing", pointer="/answers")],
        )
    await links.consume(session, link)
    asked.status = next_status(TRANSITIONS, asked.status, ReconfirmationAction.ANSWER)
    asked.answered_at, asked.remind_at = clock.now(), None
    await record(
        session,
        "reconfirmation.answer",
        actor=hosts.author(_host(asked), asked.id),
        subject=asked,
        facts=_whom(asked),
    )
    # Of a reminder and its letter only one answer counts.
    await links.revoke(session, subject_id=asked.id, purposes=(PURPOSE,))
    outcome = []
    for listing, listed in found:
        opportunity = await standings.locked(session, asked.tenant_id, listed.id)
        given = ListingAnswer.CONFIRM if answers is None else answers.get(listed.id)
        if opportunity is None:
            continue
        if given is not None and await _is_open(session, opportunity):
            listing.answer = given
            await _take(session, asked, opportunity, given)
        outcome.append(
            {"opportunity_id": opportunity.id, "title": opportunity.title, "status": opportunity.status}
        )
    return {"message": _THANKS.in_language(language), "listings": outcome}, language


async def link_for(session: AsyncSession, mail: Mail) -> str | None:
    """Make the link of a letter and return its path; None when there is nothing to answer any more."""
    asked = await hosts.of_letter(session, mail, Reconfirmation)
    if asked is None:
        return None
    secret = await links.issue(
        session,
        purpose=PURPOSE,
        tenant_id=asked.tenant_id,
        subject_id=asked.id,
        expires_at=asked.answer_by + LATE_ANSWERS,
    )
    return f"/reconfirm/{secret}"


async def letter(
    _work: Workshop, session: AsyncSession, mail: Mail, _language: Language
) -> dict[str, Any] | None:
    """Return the values of a letter, all but its link; None when there is nothing to ask any more."""
    asked = await hosts.of_letter(session, mail, Reconfirmation)
    if asked is None or not await _may_answer(session, asked):
        return None
    titles = [
        opportunity.title
        for _, opportunity in await queries.asked_about(session, asked.tenant_id, asked.id)
        if (opportunity.status, ListingAnswer.CONFIRM) in _STEPS
        and (opportunity.confirmed_at is None or opportunity.confirmed_at < asked.created_at)
    ]
    if not titles:
        return None
    place = await hosts.setting(session, asked.tenant_id, asked.employer_id, asked.school_id)
    return {
        "tenant_name": place.tenant_name,
        "school_name": place.school_name,
        "employer_name": place.employer_name,
        "titles": titles
        if len(titles) <= MOST_NAMED
        else [*titles[:MOST_NAMED], f"+ {len(titles) - MOST_NAMED}"],
        "answer_by": local_day(asked.answer_by, place.zone),
    }


async def _still_old(
    session: AsyncSession, tenant_id: UUID, stale: Sequence[Due], before: datetime
) -> list[Opportunity]:
    """Lock the listings in the order of their ids, and return those that nobody confirmed meanwhile."""
    found = []
    for listing_id in sorted(due.id for due in stale):
        opportunity = await standings.locked(session, tenant_id, listing_id)
        if (
            opportunity is not None
            and opportunity.status in {OpportunityStatus.PUBLISHED, OpportunityStatus.STALE}
            and opportunity.confirmed_at is not None
            and opportunity.confirmed_at < before
            and not await queries.is_asked_about(session, tenant_id, listing_id)
        ):
            found.append(opportunity)
    return found


def _write(session: AsyncSession, asked: Reconfirmation) -> None:
    if (whom := _host(asked)) != _NOBODY:
        hosts.write(session, asked.tenant_id, "reconfirmation", whom, asked.id)


async def _take(
    session: AsyncSession, asked: Reconfirmation, opportunity: Opportunity, given: ListingAnswer
) -> None:
    step = _STEPS.get((opportunity.status, given))
    if step is None:
        return  # it is where the answer would have it
    await standings.move(
        session,
        opportunity,
        step,
        actor=hosts.author(_host(asked), asked.id),
        facts=_whom(asked),
        confirmed_by=ConfirmedBy.STAFF if asked.is_staff else ConfirmedBy.EMPLOYER,
    )


def _host(asked: Reconfirmation) -> Host:
    return Host(asked.contact_id, asked.person_id)


def _asked_of(asked: Reconfirmation) -> str:
    if asked.contact_id is not None:
        return "contact"
    if asked.person_id is None:
        return "nobody"
    return "staff" if asked.is_staff else "supervisor"


def _whom(asked: Reconfirmation) -> dict[str, str]:
    return {} if asked.contact_id is None else {"contact_id": str(asked.contact_id)}


async def _is_open(session: AsyncSession, opportunity: Opportunity) -> bool:
    """Say whether an answer can change anything: not what staff paused, hid or put away, nor a place not vetted now."""
    if opportunity.status is OpportunityStatus.PAUSED:
        return await standings.may_host_resume(session, opportunity) and await standings.may_open(
            session, opportunity
        )
    return (opportunity.status, ListingAnswer.CONFIRM) in _STEPS and await standings.may_open(
        session, opportunity
    )


async def _of_link(session: AsyncSession, link: LinkToken, *, lock: bool = False) -> Reconfirmation:
    asked = await hosts.of_link(session, link, Reconfirmation, _host, lock=lock)
    if asked.status is ReconfirmationStatus.ANSWERED:
        raise hosts.answered()
    if not await _may_answer(session, asked):
        raise hosts.not_yours_now()
    return asked


async def _may_answer(session: AsyncSession, asked: Reconfirmation) -> bool:
    if not asked.is_staff:
        return await hosts.speaks_for(
            session, asked.tenant_id, asked.employer_id, asked.school_id, _host(asked)
        )
    return asked.person_id is not None and await queries.is_staff_still(
        session, asked.tenant_id, asked.person_id
    )
