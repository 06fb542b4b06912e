"""Ties: what events and the clock write into the ledger, and what people read of it."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.problems import NotFound
from app.core.tables import Event
from app.domain.policy import Actor
from app.domain.tie import End, TieEnd, TieEntryKind, TieEvidence, TieOrigin, described
from app.features.intakes import service as intakes
from app.features.tie_ledger import service as ledger
from app.features.tie_ledger.service import Beginning, Shown
from app.features.ties import queries
from app.features.ties.queries import Stay
from app.features.ties.schemas import TieFilters

_K, _E, _O = TieEntryKind, TieEvidence, TieOrigin

# Named apart from a person: a tie to a workplace comes through the employer, not through somebody met there.
_ORIGIN_OF_PLACEMENT = {
    TieEnd.PERSON: _O.PLACEMENT,
    TieEnd.CONTACT: _O.PLACEMENT,
    TieEnd.EMPLOYER: _O.EMPLOYER,
}

# A workplace somebody came to know, unless a graduate mentors them.
_ORIGIN_OF_VISIT = {False: _O.EMPLOYER, True: _O.NEAR_PEER}

Shows = Callable[[AsyncSession, Event], Awaitable[None]]


async def consume(session: AsyncSession, event: Event) -> None:
    """Write down what an event says of ties; delivered again, it changes nothing."""
    shows = _SHOWS.get(event.action)
    if shows is not None:
        await shows(session, event)


async def freeze_inherited(
    session: AsyncSession, tenant_id: UUID, student_ids: Sequence[UUID], now: datetime
) -> int:
    """Freeze what students inherit, then write down what the school itself has brought them; returns how many.

    The second part is for those who were here before there was a ledger; for a new student it finds next to nothing.
    """
    fresh = await intakes.freeze(session, tenant_id, list(student_ids), now)
    await form_with_advisors(session, tenant_id, now, limit=1000, student_ids=fresh)
    for stay in await queries.stays_of(session, tenant_id, fresh):
        await _meet_at(session, tenant_id, stay, Shown(stay.begun_at, _E.PLACEMENT, stay.id))
        if stay.completed_at is not None:
            shown = Shown(stay.completed_at, _E.PLACEMENT, stay.id)
            await _strengthen(session, tenant_id, stay, shown)
    return len(fresh)


async def form_with_advisors(
    session: AsyncSession,
    tenant_id: UUID,
    now: datetime,
    *,
    limit: int,
    student_ids: Sequence[UUID] | None = None,
    since: datetime | None = None,
) -> int:
    """Note the ties to advisors that no event told of, because a roster brought them; returns how many."""
    links = await queries.advised_without_tie(session, tenant_id, limit, student_ids, since)
    await ledger.form_all(
        session,
        tenant_id,
        [
            Beginning(
                link.student_id,
                End(TieEnd.PERSON, link.advisor_id),
                _O.STAFF,
                Shown(min(link.created_at, now), _E.ADVISOR_LINK, link.id),
            )
            for link in links
        ],
    )
    return len(links)


async def page(
    session: AsyncSession, actor: Actor, filters: TieFilters, after: Sequence[Any] | None, language: str
) -> list[dict[str, Any]]:
    """Return up to limit + 1 ties as the caller may see them."""
    rows = await queries.page(session, actor, filters, after)
    return [_told(row, actor, language) for row in rows]


async def view(session: AsyncSession, actor: Actor, tie_id: UUID, language: str) -> dict[str, Any]:
    """Return one tie with its entries, as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, tie_id)
    if found is None:
        raise NotFound(
            "there is no tie here with this id that you may see",
            spanish="no existe aquí ningún vínculo con ese id que usted pueda ver",
        )
    return _told(found, actor, language)


def _told(row: dict[str, Any], actor: Actor, language: str) -> dict[str, Any]:
    mine = row["student_id"] == actor.person_id
    row["described"] = described(row["origin"], language, to_student=mine)
    return row


def _shown(event: Event, evidence: TieEvidence) -> Shown:
    return Shown(event.created_at, evidence, event.subject_id, event.id)


async def _begun(session: AsyncSession, event: Event) -> None:
    stay = await queries.stay(session, event.tenant_id, event.subject_id)
    if stay is not None:
        await _meet_at(session, event.tenant_id, stay, _shown(event, _E.PLACEMENT))


async def _completed(session: AsyncSession, event: Event) -> None:
    stay = await queries.stay(session, event.tenant_id, event.subject_id)
    if stay is not None:
        await _strengthen(session, event.tenant_id, stay, _shown(event, _E.PLACEMENT))


async def _meet_at(session: AsyncSession, tenant_id: UUID, stay: Stay, shown: Shown) -> None:
    for end in await queries.people_at(session, tenant_id, stay, clock.now().date()):
        origin = _ORIGIN_OF_PLACEMENT[end.kind]
        if stay.near_peer and end.kind is TieEnd.CONTACT:
            origin = _O.NEAR_PEER
        await ledger.form(session, tenant_id, stay.student_id, end, origin, shown)


async def _strengthen(session: AsyncSession, tenant_id: UUID, stay: Stay, shown: Shown) -> None:
    # Supervisors who came after the beginning were met as well.
    await _meet_at(session, tenant_id, stay, shown)
    ties = await ledger.tied_to(session, tenant_id, student_id=stay.student_id, shown_by=stay.id)
    await ledger.note_all(session, tenant_id, ties, _K.STRENGTHENED, shown)


async def _did_not_come(session: AsyncSession, event: Event) -> None:
    ties = await ledger.shown_only_by(session, event.tenant_id, event.subject_id)
    await ledger.note_all(session, event.tenant_id, ties, _K.ENDED, _shown(event, _E.PLACEMENT))


async def _landed(session: AsyncSession, event: Event) -> None:
    led = await queries.led_by(session, event.tenant_id, event.subject_id)
    if led is None:
        return
    student_id, ends = led
    ties = await ledger.tied_to(session, event.tenant_id, student_id=student_id, ends=ends)
    await ledger.note_all(session, event.tenant_id, ties, _K.USED, _shown(event, _E.PURSUIT))


async def _met(session: AsyncSession, event: Event) -> None:
    meeting = await queries.met(session, event.tenant_id, event.subject_id)
    if meeting is None:
        return
    shown = _shown(event, _E.INTRODUCTION)
    if await queries.is_with_us(session, event.tenant_id, meeting.contact_id):
        contact = End(TieEnd.CONTACT, meeting.contact_id)
        await ledger.form(session, event.tenant_id, meeting.student_id, contact, _O.INTRODUCTION, shown)
    # Whoever made the introduction was of use, where the student has a tie to them.
    contributor = End(TieEnd.PERSON, meeting.contributor_id)
    ties = await ledger.tied_to(session, event.tenant_id, student_id=meeting.student_id, ends=[contributor])
    await ledger.note_all(session, event.tenant_id, ties, _K.USED, shown)


async def _came(session: AsyncSession, event: Event) -> None:
    visit = await queries.visit(session, event.tenant_id, event.subject_id)
    if visit is not None:
        shown = _shown(event, _E.SESSION)
        await ledger.form(
            session, event.tenant_id, visit.student_id, visit.end, _ORIGIN_OF_VISIT[visit.near_peer], shown
        )


async def _did_not_come_to_session(session: AsyncSession, event: Event) -> None:
    # What was recorded before was put right: whom they met nowhere else, they did not meet.
    ties = await ledger.shown_only_by(session, event.tenant_id, event.subject_id)
    await ledger.note_all(session, event.tenant_id, ties, _K.ENDED, _shown(event, _E.SESSION))


async def _advised(session: AsyncSession, event: Event) -> None:
    link = await queries.advised(session, event.tenant_id, event.subject_id)
    if link is not None:
        advisor = End(TieEnd.PERSON, link.advisor_id)
        shown = _shown(event, _E.ADVISOR_LINK)
        await ledger.form(session, event.tenant_id, link.student_id, advisor, _O.STAFF, shown)


async def _offered(session: AsyncSession, event: Event) -> None:
    await intakes.extend(session, event.tenant_id, event.subject_id, _shown(event, _E.CONNECTION))


async def _taken_back(session: AsyncSession, event: Event) -> None:
    await intakes.withdraw(session, event.tenant_id, event.subject_id, _shown(event, _E.CONNECTION))


async def _left(session: AsyncSession, event: Event) -> None:
    await intakes.let_go(session, event.tenant_id, event.subject_id, _shown(event, _E.CONTACT))


_SHOWS: Mapping[str, Shows] = {
    "advisor_link.create": _advised,
    "connection.create": _offered,
    "connection.reject": _taken_back,
    "connection.withdraw": _taken_back,
    "contact.close": _left,
    "introduction.record_met": _met,
    "placement.activate": _begun,
    "placement.complete": _completed,
    "placement.record_no_show": _did_not_come,
    "pursuit.land": _landed,
    "session_enrollment.attend": _came,
    "session_enrollment.miss": _did_not_come_to_session,
}
