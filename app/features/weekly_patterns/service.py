"""What people do with weekly patterns; and how sessions are made of them."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import check_version, get
from app.core import clock
from app.core.events import Author, record
from app.core.ids import new_id
from app.core.problems import NotFound
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.domain.recurrence import check_comes_round, check_span, days, occurrence, read_rule
from app.domain.session import (
    PATTERN_CHANGED,
    PATTERN_TRANSITIONS,
    Host,
    PatternAction,
    SessionAction,
    check_seats,
    check_video,
    decides_at,
)
from app.features.seats import service as seats
from app.features.session_hosts import service as hosts
from app.features.sessions import service as sessions
from app.features.tenant_settings import service as tenant_settings
from app.features.weekly_patterns import queries
from app.features.weekly_patterns.schemas import (
    PatternEnd,
    WeeklyPatternFilters,
    WeeklyPatternIn,
    WeeklyPatternPatch,
)
from app.models import OpportunitySession, WeeklyPattern

# So far ahead sessions exist and students can enrol; the clock makes more as time goes on.
AHEAD = timedelta(days=56)
_COPIED = (
    "seats",
    "minimum_enrollment",
    "host_contact_id",
    "host_person_id",
    "virtual",
    "join_url",
    "recording",
    "place_note",
)


async def page(
    session: AsyncSession, actor: Actor, filters: WeeklyPatternFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 patterns as the caller may see them."""
    return await queries.page(session, actor, filters, after, clock.now(), _made(session, actor.tenant_id))


async def view(session: AsyncSession, actor: Actor, pattern_id: UUID) -> dict[str, Any]:
    """Return one pattern as the caller may see it; raises NotFound."""
    found = await queries.view(session, actor, pattern_id, clock.now(), _made(session, actor.tenant_id))
    if found is None:
        raise NotFound(
            "there is no weekly pattern here with this id that you may see",
            spanish="no existe aquí ningún patrón semanal con ese id que usted pueda ver",
        )
    return found


def _made(session: AsyncSession, tenant_id: UUID) -> queries.Made:
    return partial(sessions.starts_of_patterns, session, tenant_id)


async def create(session: AsyncSession, actor: Actor, body: WeeklyPatternIn) -> UUID:
    """Let sessions come round; those of the next weeks are made at once. Raises Refused for what cannot be."""
    opportunity = await sessions.listing_for(session, actor, "weekly_pattern.create", body.opportunity_id)
    rule, now, zone = read_rule(body.rule), clock.now(), await sessions.zone_of(session, opportunity)
    check_span(body.starts_on, body.until, local_day(now, zone))
    check_seats(body.seats, body.minimum_enrollment)
    check_video(virtual=body.virtual, join_url=body.join_url, recording=body.recording)
    await hosts.check(
        session, actor, Host(body.host_contact_id, body.host_person_id), opportunity.employer_id
    )
    pattern = WeeklyPattern(
        tenant_id=actor.tenant_id,
        id=new_id(),
        employer_id=opportunity.employer_id,
        school_id=opportunity.school_id,
        zone=zone,
        **body.model_dump(exclude={"rule", "exceptions"}),
        rule=rule.text,
        exceptions=sorted(set(body.exceptions)),
    )
    _check_to_come(pattern, now)
    pattern.made_until = _last_made(pattern, now)
    session.add(pattern)
    await record(
        session,
        "weekly_pattern.create",
        actor=actor,
        subject=pattern,
        facts={"rule": rule.text, "starts_on": body.starts_on.isoformat(), "until": body.until.isoformat()},
    )
    _, busy = await make(session, actor, pattern, now)
    _check_host_free(busy)
    return pattern.id


def _check_host_free(busy: Sequence[date]) -> None:
    if busy:
        listed = ", ".join(day.isoformat() for day in busy[:5])
        raise Refused(
            "host_busy",
            f"this host has another session on {listed}; make these days exceptions, or choose another time or host",
            f"esa persona tiene otra sesión el {listed}; exceptúe esos días o elija otra hora u otra persona",
            pointer="/exceptions",
        )


def _check_to_come(pattern: WeeklyPattern, now: datetime) -> None:
    found = _days(pattern)
    check_comes_round(found)
    if all(_begins(pattern, day) <= now for day in found):
        raise Refused(
            "in_the_past",
            "every day of this pattern is over already; choose days that are still to come",
            "todos los días de este patrón ya pasaron; elija días que estén por llegar",
            pointer="/until",
        )


def _days(pattern: WeeklyPattern) -> list[date]:
    return days(read_rule(pattern.rule), pattern.starts_on, pattern.until, set(pattern.exceptions))


def _last_made(pattern: WeeklyPattern, now: datetime) -> date:
    return min(local_day(now, pattern.zone) + AHEAD, pattern.until)


def _begins(pattern: WeeklyPattern, day: date) -> datetime:
    return occurrence(day, pattern.starts_time, pattern.minutes, pattern.zone)[0]


async def make(
    session: AsyncSession,
    actor: Author | str,
    pattern: WeeklyPattern,
    now: datetime,
    anew: Collection[date] = (),
) -> tuple[int, list[date]]:
    """Make the sessions of the weeks ahead that do not exist yet; returns how many, and days whose host was busy.

    Of a host who takes part no more none is made. What nobody could enrol in any more, because it is decided on already, is not made. One that was cancelled stays so,
    but on days that the pattern comes back to, `anew`. `pattern` is locked, or new.
    """
    host = Host(pattern.host_contact_id, pattern.host_person_id)
    if await hosts.has_left(session, pattern.tenant_id, host, pattern.employer_id):
        return 0, []
    settings = await tenant_settings.of(session, pattern.tenant_id)
    last = _last_made(pattern, now)
    # Before anything is written: the pattern has one new version, however much is made of it.
    pattern.made_until = last
    there = (await sessions.starts_of_patterns(session, pattern.tenant_id, [pattern.id]))[pattern.id]
    made, busy = 0, []
    for day in _days(pattern):
        if day > last:
            break
        starts_at, ends_at = occurrence(day, pattern.starts_time, pattern.minutes, pattern.zone)
        decided = (
            decides_at(starts_at, settings.session_cancel_hours) <= now
            if pattern.minimum_enrollment
            else starts_at <= now
        )
        if decided or there.get(starts_at, False) or (starts_at in there and day not in anew):
            continue
        if not await hosts.is_free(session, pattern.tenant_id, host, starts_at, ends_at):
            busy.append(day)
            continue
        await sessions.add(
            session,
            actor,
            OpportunitySession(
                tenant_id=pattern.tenant_id,
                id=new_id(),
                opportunity_id=pattern.opportunity_id,
                employer_id=pattern.employer_id,
                school_id=pattern.school_id,
                pattern_id=pattern.id,
                starts_at=starts_at,
                ends_at=ends_at,
                zone=pattern.zone,
                **{name: getattr(pattern, name) for name in _COPIED},
            ),
        )
        made += 1
    return made, busy


async def change(
    session: AsyncSession, actor: Actor, pattern_id: UUID, body: WeeklyPatternPatch, version: int
) -> None:
    """Change a pattern; sessions on days that it does not fall on any more are cancelled."""
    pattern = await _locked(session, actor, "update", pattern_id, version)
    _check_active(pattern)
    changes = body.model_dump(exclude_unset=True)
    sessions.check_not_null(changes, ("until", "exceptions", "seats", "minimum_enrollment"))
    reason = changes.pop("reason", None)
    before, made_until = set(_days(pattern)), pattern.made_until
    names_host = bool({"host_contact_id", "host_person_id"} & changes.keys())
    takes_over = names_host and pattern.host_left_at is not None
    if takes_over:
        pattern.host_left_at = None
    for name, value in changes.items():
        setattr(pattern, name, sorted(set(value)) if name == "exceptions" else value)
    now = clock.now()
    check_span(pattern.starts_on, pattern.until, local_day(now, pattern.zone))
    check_seats(pattern.seats, pattern.minimum_enrollment)
    check_video(virtual=pattern.virtual, join_url=pattern.join_url, recording=pattern.recording)
    host = Host(pattern.host_contact_id, pattern.host_person_id)
    if names_host:
        await hosts.check(session, actor, host, pattern.employer_id)
    kept = set(_days(pattern))
    check_comes_round(kept)
    pattern.made_until = _last_made(pattern, now)
    await record(session, "weekly_pattern.update", actor=actor, subject=pattern, reason=reason)
    why = reason or PATTERN_CHANGED.en
    for session_id, starts_at in await sessions.of_pattern(session, pattern):
        if local_day(starts_at, pattern.zone) not in kept:
            await _call_off(session, actor, pattern, session_id, why)
        elif takes_over:
            found = await seats.lock_session(session, pattern.tenant_id, session_id)
            await sessions.host_instead(session, actor, found, host, reason)
    _, busy = await make(session, actor, pattern, now, anew=kept - before)
    # What the clock passed over long ago is no reason to refuse a change of something else.
    _check_host_free([day for day in busy if day not in before or made_until is None or day > made_until])


async def end(session: AsyncSession, actor: Actor, pattern_id: UUID, version: int, body: PatternEnd) -> None:
    """Let a pattern make no more sessions; those to come stay, or are cancelled with it."""
    pattern = await _locked(session, actor, "end", pattern_id, version)
    pattern.status = next_status(PATTERN_TRANSITIONS, pattern.status, PatternAction.END)
    coming = await sessions.of_pattern(session, pattern) if body.cancel_sessions else []
    await record(
        session,
        "weekly_pattern.end",
        actor=actor,
        subject=pattern,
        reason=body.reason,
        facts={"cancelled": len(coming)},
    )
    for session_id, _ in coming:
        await _call_off(session, actor, pattern, session_id, body.reason)


async def _call_off(
    session: AsyncSession, actor: Actor, pattern: WeeklyPattern, session_id: UUID, reason: str
) -> None:
    found = await seats.lock_session(session, pattern.tenant_id, session_id)
    await sessions.call_off(session, actor, found, SessionAction.CANCEL, reason)


async def _locked(
    session: AsyncSession, actor: Actor, verb: str, pattern_id: UUID, version: int
) -> WeeklyPattern:
    pattern = await get(session, actor, f"weekly_pattern.{verb}", WeeklyPattern, pattern_id, lock=True)
    check_version(pattern, version)
    return pattern


def _check_active(pattern: WeeklyPattern) -> None:
    next_status(PATTERN_TRANSITIONS, pattern.status, PatternAction.END)
