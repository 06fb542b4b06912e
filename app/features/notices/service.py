"""Telling the right people what happened: notifications in the service, and mails to those who have a mailbox."""

from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.tables import Event
from app.domain.notices import DEAD_LETTER, NOTICES, Audience, Notice
from app.domain.policy import Role
from app.features.mails import service as mails
from app.features.notices import queries
from app.features.notices.queries import Concern, Recipient


async def consume(session: AsyncSession, event: Event) -> None:
    """Tell everyone an event concerns, except whoever caused it."""
    notices = NOTICES.get(event.action)
    # A file of a thousand rows is one thing to hear of, and that is the end of its import.
    if not notices or "import_id" in event.facts or "published_by_rule" in event.facts:
        return
    # Of a session's change only what the enrolled must know is told.
    if event.facts.get("tell") == 0:
        return
    concern = await queries.concern(session, event.tenant_id, event.subject_type, event.subject_id)
    if concern is None:
        return
    facts = {
        "students": event.facts.get("students"),
        "until": None if concern.until is None else concern.until.isoformat(),
        "held_until": None if concern.held_until is None else concern.held_until.isoformat(),
    }
    told = [
        (notice, await _audience(session, event.tenant_id, notice.audience, concern)) for notice in notices
    ]
    await _tell(session, event, told, {name: value for name, value in facts.items() if value is not None})


async def tell_operators(session: AsyncSession, event: Event, attempts: int) -> None:
    """Tell the operators that an event was given up after so many attempts."""
    operators = await queries.members(session, event.tenant_id, Role.OPERATOR, clock.now().date())
    facts = {"attempts": attempts, "failed_at": clock.now().isoformat()}
    await _tell(session, event, [(DEAD_LETTER, operators)], facts)


async def _tell(
    session: AsyncSession, event: Event, told: list[tuple[Notice, list[Recipient]]], facts: dict[str, Any]
) -> None:
    # Somebody may be told the same in two capacities: once is enough, and an action stays asked for.
    notifications: dict[tuple[UUID, str], dict[str, Any]] = {}
    letters: dict[tuple[UUID, str], None] = {}
    for notice, recipients in told:
        for recipient in recipients:
            if recipient.person_id == event.actor_person_id:
                continue
            row = notifications.setdefault(
                (recipient.person_id, notice.kind),
                {
                    "tenant_id": event.tenant_id,
                    "person_id": recipient.person_id,
                    "event_id": event.id,
                    "kind": notice.kind,
                    "subject_type": event.subject_type,
                    "subject_id": event.subject_id,
                    "needs_action": False,
                },
            )
            row["needs_action"] = row["needs_action"] or notice.needs_action
            if notice.letter is not None and recipient.has_mailbox:
                letters[recipient.person_id, notice.letter] = None
    await queries.add_notifications(session, list(notifications.values()))
    for person_id, letter in letters:
        await mails.post(
            session,
            letter,
            tenant_id=event.tenant_id,
            person_id=person_id,
            event_id=event.id,
            subject_id=event.subject_id,
            facts=facts,
        )


async def _audience(
    session: AsyncSession, tenant_id: UUID, audience: Audience, concern: Concern
) -> list[Recipient]:
    today = clock.now().date()
    student_id = concern.student_id
    match audience:
        case Audience.GUARDIANS if student_id is not None:
            return await queries.guardians(session, tenant_id, student_id, today)
        case Audience.ADVISORS if student_id is not None:
            return await queries.advisors(session, tenant_id, student_id)
        case Audience.COORDINATORS:
            return await _coordinators(session, tenant_id, concern.school_id)
        case Audience.SUPERVISORS if concern.employer_id is not None:
            return await queries.members(
                session, tenant_id, Role.SUPERVISOR, today, employer_id=concern.employer_id
            )
        case (
            Audience.STAFF | Audience.ROUND_STUDENTS | Audience.TEAM | Audience.ENROLLED | Audience.OPERATORS
        ):
            return await _group(session, tenant_id, audience, concern)
    named = {
        Audience.STUDENT: student_id,
        Audience.CONTRIBUTOR: concern.contributor_id,
        Audience.OWNER: concern.owner_id,
        Audience.ADULT: concern.adult_id,
        Audience.IMPORTER: concern.importer_id,
    }.get(audience)
    return [] if named is None else await queries.persons(session, tenant_id, [named])


async def _group(
    session: AsyncSession, tenant_id: UUID, audience: Audience, concern: Concern
) -> list[Recipient]:
    if audience is Audience.ROUND_STUDENTS:
        asked = concern.round_id
        return [] if asked is None else await queries.round_students(session, tenant_id, asked)
    if audience is Audience.TEAM:
        return [] if concern.team_id is None else await queries.team(session, tenant_id, concern.team_id)
    if audience is Audience.ENROLLED:
        session_id = concern.session_id
        return [] if session_id is None else await queries.enrolled(session, tenant_id, session_id)
    operators = audience is Audience.OPERATORS
    return [
        recipient
        for role in ((Role.OPERATOR,) if operators else (Role.ADVISOR, Role.COORDINATOR))
        for recipient in await queries.members(
            session,
            tenant_id,
            role,
            clock.now().date(),
            school_id=None if operators else concern.school_id,
        )
    ]


async def _coordinators(session: AsyncSession, tenant_id: UUID, school_id: UUID | None) -> list[Recipient]:
    today = clock.now().date()
    if school_id is not None:
        found = await queries.members(session, tenant_id, Role.COORDINATOR, today, school_id=school_id)
        if found:
            return found
    # Nothing may wait unseen: where no coordinator is responsible, the district is.
    return await queries.members(session, tenant_id, Role.DISTRICT_ADMIN, today)
