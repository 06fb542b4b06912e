"""What people do with sessions: set a date, change it, cancel it, record who came."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import SYSTEM, Author, record
from app.core.ids import new_id
from app.core.languages import Language
from app.core.problems import FieldError, Forbidden, NotFound, Unprocessable
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Actor
from app.domain.session import (
    ENROLLMENT_TRANSITIONS,
    TRANSITIONS,
    EnrollmentAction,
    EnrollmentStatus,
    Host,
    SessionAction,
    audio_only,
    check_begun,
    check_minimum_in_time,
    check_not_begun,
    check_recording_change,
    check_seats,
    check_times,
    check_video,
)
from app.features.seats import service as seats
from app.features.session_hosts import service as hosts
from app.features.session_letters import service as session_letters
from app.features.sessions import queries
from app.features.sessions.schemas import AttendanceIn, SessionIn, SessionListFilters, SessionPatch
from app.features.speed_rounds import service as speed_rounds
from app.features.tenant_settings import service as tenant_settings
from app.models import Opportunity, OpportunitySession, SessionEnrollment, WeeklyPattern

_A, _E = SessionAction, EnrollmentAction

_NEVER_NULL = ("starts_at", "ends_at", "seats", "minimum_enrollment", "virtual", "recording")
_OVER = frozenset({OpportunityStatus.ARCHIVED, OpportunityStatus.REJECTED})


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: SessionListFilters,
    after: Sequence[Any] | None,
    language: Language,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 sessions as the caller may see them."""
    settings = await tenant_settings.of(session, actor.tenant_id)
    return await queries.page(
        session, actor, filters, after, clock.now(), settings.session_cancel_hours, language
    )


async def view(session: AsyncSession, actor: Actor, session_id: UUID, language: Language) -> dict[str, Any]:
    """Return one session as the caller may see it; raises NotFound."""
    settings = await tenant_settings.of(session, actor.tenant_id)
    found = await queries.view(
        session, actor, session_id, clock.now(), settings.session_cancel_hours, language
    )
    if found is None:
        raise nothing_here()
    return found


def nothing_here() -> NotFound:
    """Build the refusal of a session that the caller may not know of."""
    return NotFound(
        "there is no session here with this id that you may see",
        spanish="no existe aquí ninguna sesión con ese id que usted pueda ver",
    )


async def create(session: AsyncSession, actor: Actor, body: SessionIn) -> UUID:
    """Set a date for an opportunity."""
    opportunity = await listing_for(session, actor, "opportunity_session.create", body.opportunity_id)
    now = clock.now()
    check_times(body.starts_at, body.ends_at, now)
    check_seats(body.seats, body.minimum_enrollment)
    settings = await tenant_settings.of(session, actor.tenant_id)
    check_minimum_in_time(body.minimum_enrollment, body.starts_at, now, settings.session_cancel_hours)
    check_video(virtual=body.virtual, join_url=body.join_url, recording=body.recording)
    host = Host(body.host_contact_id, body.host_person_id)
    await hosts.check(session, actor, host, opportunity.employer_id)
    await hosts.take_time(session, actor.tenant_id, host, body.starts_at, body.ends_at)
    made = OpportunitySession(
        tenant_id=actor.tenant_id,
        id=new_id(),
        employer_id=opportunity.employer_id,
        school_id=opportunity.school_id,
        zone=await queries.zone_of(session, opportunity),
        **body.model_dump(),
    )
    await add(session, actor, made)
    return made.id


async def add(session: AsyncSession, actor: Author | str, made: OpportunitySession) -> None:
    """Write a new session down."""
    session.add(made)
    facts = {"starts_at": made.starts_at.isoformat(), "seats": made.seats}
    await record(session, "opportunity_session.create", actor=actor, subject=made, facts=facts)


async def listing_for(session: AsyncSession, actor: Actor, action: str, opportunity_id: UUID) -> Opportunity:
    """Return the opportunity that gets a date; NotFound if the caller may not read it, Forbidden if not do this."""
    found = await queries.parent(session, actor, action, opportunity_id)
    if found is None:
        raise NotFound(
            "there is no opportunity here with this id that you may see",
            spanish="no existe aquí ninguna oportunidad con ese id que usted pueda ver",
        )
    opportunity, may = found
    if not may:
        raise Forbidden(
            "you may see this opportunity, but its dates are for those who look after it",
            spanish="puede ver esta oportunidad, pero sus fechas corresponden a quienes la atienden",
        )
    if opportunity.status in _OVER:
        raise Refused(
            "listing_over",
            f"this opportunity is {opportunity.status.value} and gets no new dates",
            "esta oportunidad está archivada o rechazada y ya no admite fechas",
        )
    return opportunity


async def zone_of(session: AsyncSession, opportunity: Opportunity) -> str:
    """Return the time zone an opportunity lives in: its worksite's, else its school's, else the tenant's."""
    return await queries.zone_of(session, opportunity)


async def of_pattern(session: AsyncSession, pattern: WeeklyPattern) -> list[tuple[UUID, datetime]]:
    """Return (id, starts_at) of a pattern's sessions that are still to come."""
    return await queries.of_pattern(session, pattern.tenant_id, pattern.id, clock.now())


async def starts_of_patterns(
    session: AsyncSession, tenant_id: UUID, pattern_ids: Collection[UUID]
) -> dict[UUID, dict[datetime, bool]]:
    """Return the starts of every session each of these patterns has ever made, and whether one stands there now."""
    starts: dict[UUID, dict[datetime, bool]] = {pattern_id: {} for pattern_id in pattern_ids}
    for pattern_id, starts_at, stands in await queries.starts_of_patterns(session, tenant_id, pattern_ids):
        starts[pattern_id][starts_at] = stands or starts[pattern_id].get(starts_at, False)
    return starts


async def change(
    session: AsyncSession, actor: Actor, session_id: UUID, body: SessionPatch, version: int
) -> None:
    """Change a session that has not begun; the enrolled are told when time or place change."""
    found = await _locked(session, actor, "update", session_id, version)
    found.status = next_status(TRANSITIONS, found.status, _A.UPDATE)
    now = clock.now()
    check_not_begun(found.starts_at, now)
    changes = body.model_dump(exclude_unset=True)
    check_not_null(changes, _NEVER_NULL)
    after = {name: changes.get(name, getattr(found, name)) for name in SessionPatch.model_fields}
    moved = (after["starts_at"], after["ends_at"]) != (found.starts_at, found.ends_at)
    if moved:
        check_times(after["starts_at"], after["ends_at"], now)
    await _check_seats_and_minimum(session, found, after, now)
    enrolled = await queries.enrolled(session, actor.tenant_id, found.id)
    check_video(virtual=after["virtual"], join_url=after["join_url"], recording=after["recording"])
    check_recording_change(found.recording, after["recording"], len(enrolled))
    host = Host(after["host_contact_id"], after["host_person_id"])
    # Whoever left may have come back: who names them again has them again.
    again = found.host_left_at is not None and bool({"host_contact_id", "host_person_id"} & changes.keys())
    if again or host != Host(found.host_contact_id, found.host_person_id):
        await hosts.check(session, actor, host, found.employer_id)
        changes["host_left_at"] = None
    if moved or host != Host(found.host_contact_id, found.host_person_id):
        await hosts.take_time(
            session, actor.tenant_id, host, after["starts_at"], after["ends_at"], besides=found.id
        )
    if after["virtual"] != found.virtual:
        consented = await queries.consented(
            session, actor.tenant_id, [place.student_id for place in enrolled]
        )
        for place in enrolled:
            place.audio_only = audio_only(virtual=after["virtual"], consented=place.student_id in consented)
    told = moved or any(after[name] != getattr(found, name) for name in ("virtual", "place_note"))
    # Who has noted the former link would wait in the wrong room.
    told = told or found.join_url not in {None, after["join_url"]}
    await speed_rounds.move(session, actor.tenant_id, found.id, after["starts_at"] - found.starts_at)
    for name, value in changes.items():
        setattr(found, name, value)
    facts: dict[str, Any] = {"tell": len(enrolled) if told else 0}
    if moved:
        facts |= {"starts_at": found.starts_at.isoformat(), "ends_at": found.ends_at.isoformat()}
    event_id = await record(session, "opportunity_session.update", actor=actor, subject=found, facts=facts)
    if moved:
        await session_letters.tell_host(session, found, "session_moved", event_id=event_id)
    await seats.offer_next(session, found)


async def host_instead(
    session: AsyncSession, actor: Actor, found: OpportunitySession, host: Host, reason: str | None
) -> None:
    """Let somebody else host a session whose host has left, if they have time; `found` is locked."""
    times = (found.starts_at, found.ends_at)
    if found.host_left_at is None or not await hosts.is_free(session, found.tenant_id, host, *times):
        return
    found.host_contact_id, found.host_person_id, found.host_left_at = host.contact_id, host.person_id, None
    await record(
        session,
        "opportunity_session.update",
        actor=actor,
        subject=found,
        reason=reason,
        facts={"tell": 0},
    )


async def _check_seats_and_minimum(
    session: AsyncSession, found: OpportunitySession, after: dict[str, Any], now: datetime
) -> None:
    check_seats(after["seats"], after["minimum_enrollment"], kept=found.seats_taken)
    await seats.check_kept(session, found, after["seats"])
    if found.settled_at is not None and after["minimum_enrollment"] <= found.minimum_enrollment:
        return
    if after["minimum_enrollment"] > found.minimum_enrollment or after["starts_at"] != found.starts_at:
        settings = await tenant_settings.of(session, found.tenant_id)
        check_minimum_in_time(
            after["minimum_enrollment"], after["starts_at"], now, settings.session_cancel_hours
        )


async def cancel(session: AsyncSession, actor: Actor, session_id: UUID, version: int, reason: str) -> None:
    """Cancel a session that has not begun; everybody who enrolled or waits is told why."""
    found = await _locked(session, actor, "cancel", session_id, version)
    await call_off(session, actor, found, _A.CANCEL, reason)


async def call_off(
    session: AsyncSession, actor: Author | str, found: OpportunitySession, action: SessionAction, reason: str
) -> None:
    """End a session that will not take place; `found` came from `seats.lock_session`.

    The places in it are cancelled, each with an event of its own, and the line is closed.
    """
    check_not_begun(found.starts_at, clock.now())
    found.status = next_status(TRANSITIONS, found.status, action)
    found.decided_at, found.decision_reason = clock.now(), reason
    found.decided_by_id = None if isinstance(actor, str) else actor.person_id
    enrolled = await queries.enrolled(session, found.tenant_id, found.id)
    event_id = await record(
        session,
        f"opportunity_session.{action.value}",
        actor=actor,
        subject=found,
        reason=reason,
        facts={"enrolled": len(enrolled), "minimum": found.minimum_enrollment},
    )
    await session_letters.tell_host(session, found, "session_called_off", event_id=event_id)
    ends = _E.CANCEL if action is _A.CANCEL else _E.LAPSE
    for place in enrolled:
        await end_place(session, actor if action is _A.CANCEL else SYSTEM, place, ends, reason)
    # The places of those in line first: a seat that comes free now is offered to nobody.
    await seats.close_line(session, found, reason)
    for place in enrolled:
        await seats.give_back(session, found, place.student_id)


async def end_place(
    session: AsyncSession,
    actor: Author | str,
    place: SessionEnrollment,
    action: EnrollmentAction,
    reason: str | None,
) -> None:
    """Move a student's place along its life; its seat is for the caller to give back."""
    before = place.status
    place.status = next_status(ENROLLMENT_TRANSITIONS, before, action)
    place.decided_at, place.decision_reason = clock.now(), reason
    place.decided_by_id = None if isinstance(actor, str) else actor.person_id
    await record(
        session,
        f"session_enrollment.{action.value}",
        actor=actor,
        subject=place,
        reason=reason,
        facts={"from": before.value, "to": place.status.value, "session_id": str(place.session_id)},
        person_id=place.student_id,
    )


async def record_attendance(
    session: AsyncSession, actor: Actor, session_id: UUID, version: int, body: AttendanceIn
) -> None:
    """Record who came to a session that has begun; what was recorded before can be put right."""
    found = await _locked(session, actor, "record_attendance", session_id, version)
    check_begun(found.starts_at, clock.now())
    found.status = next_status(TRANSITIONS, found.status, _A.RECORD_ATTENDANCE)
    twice = set(body.attended) & set(body.no_show)
    if twice:
        raise Unprocessable(
            "somebody came or did not come; name each place once",
            spanish="alguien asistió o no asistió; nombre cada plaza una sola vez",
            errors=[FieldError("named as attended too", "named_twice", pointer="/no_show")],
        )
    places = await queries.places(session, actor.tenant_id, found.id, {*body.attended, *body.no_show})
    for pointer, ids in (("/attended", body.attended), ("/no_show", body.no_show)):
        if not places.keys() >= set(ids):
            raise Unprocessable(
                "name places in this session only, by their ids",
                spanish="nombre solo plazas de esta sesión, por su id",
                errors=[FieldError("not a place in this session", "unknown_place", pointer=pointer)],
            )
    wanted = {**dict.fromkeys(body.attended, _E.ATTEND), **dict.fromkeys(body.no_show, _E.MISS)}
    reached = {_E.ATTEND: EnrollmentStatus.ATTENDED, _E.MISS: EnrollmentStatus.NO_SHOW}
    changed = {
        place_id: action
        for place_id, action in wanted.items()
        if places[place_id].status is not reached[action]
    }
    await record(
        session,
        "opportunity_session.record_attendance",
        actor=actor,
        subject=found,
        facts={"attended": len(body.attended), "no_show": len(body.no_show), "changed": len(changed)},
    )
    for place_id in sorted(changed):
        await end_place(session, actor, places[place_id], changed[place_id], None)


async def _locked(
    session: AsyncSession, actor: Actor, verb: str, session_id: UUID, version: int
) -> OpportunitySession:
    """Load a session for a step: who may, then the lock of its seats, then the version."""
    await get(session, actor, f"opportunity_session.{verb}", OpportunitySession, session_id)
    found = await seats.lock_session(session, actor.tenant_id, session_id)
    check_version(found, version)
    return found


def check_not_null(changes: dict[str, Any], names: Sequence[str]) -> None:
    """Refuse a null for a field that always has a value."""
    for name in names:
        if changes.get(name, ...) is None:
            raise Unprocessable(
                f"give {name} a value, or leave it out to keep the present one",
                spanish=f"dé un valor a {name} u omítalo para conservar el actual",
                errors=[FieldError("may not be null", "null", pointer=f"/{name}")],
            )
