"""Making a new draft of what is offered already: next term's dates, another school's seats."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.access import get, require_at_school
from app.core import clock
from app.core.events import record
from app.core.ids import new_id
from app.core.problems import FieldError, Unprocessable
from app.domain.policy import Actor, Scope, scopes
from app.domain.recurrence import read_rule
from app.domain.session import Host
from app.features.listing_copies import queries
from app.features.listing_copies.schemas import CloneIn
from app.features.offers import service as offers
from app.features.schools import service as schools
from app.features.session_hosts import service as hosts
from app.features.weekly_patterns import service as weekly_patterns
from app.features.weekly_patterns.schemas import WeeklyPatternIn
from app.models import Opportunity, ProjectPhase

# What a copy says as the original does. Not its dates, its seats taken, its life, who confirmed it, or the name under
# which an import knows it.
COPIED = (
    "title",
    "description",
    "type",
    "clusters",
    "categories",
    "employer_id",
    "worksite_id",
    "scope",
    "seats",
    "schedule",
    "minimum_age",
    "maximum_age",
    "remote",
    "pay",
    "pay_cents_per_hour",
    "pay_cents_total",
    "credit",
    "skills",
    "tags",
    "languages",
    "clearances",
    "fields",
    "dress_code",
    "total_hours",
    "deliverable",
    "hours_a_month",
    "meets",
)

# Of a weekly pattern; its exceptions are holidays of another year.
_OF_PATTERN = (
    "minutes",
    "seats",
    "minimum_enrollment",
    "host_contact_id",
    "host_person_id",
    "virtual",
    "join_url",
    "recording",
    "place_note",
)
# Who holds them, and the link to join them by, are no other school's to know, and would not be there twice.
_OF_ITS_SCHOOL = ("host_contact_id", "host_person_id", "join_url")


async def clone(session: AsyncSession, actor: Actor, opportunity_id: UUID, body: CloneIn) -> UUID:
    """Draft a copy and return its id; the caller answers for it."""
    original = await get(session, actor, "opportunity.clone", Opportunity, opportunity_id)
    school_id = body.school_id or original.school_id or _own_school(actor)
    if school_id is not None:
        require_at_school(actor, "opportunity.create", school_id)
        await schools.check_school(session, actor, school_id)
    moved = _moved(original, body)
    own = {
        name: getattr(body, name) for name in ("title", "type", "seats") if getattr(body, name) is not None
    }
    copy = Opportunity(
        tenant_id=actor.tenant_id,
        id=new_id(),
        owner_id=actor.person_id,
        school_id=school_id,
        connection_id=await _connection(session, actor, original, school_id),
        next_available_on=_ahead(original.next_available_on),
        **{name: getattr(original, name) for name in COPIED} | own | _dates(original, body, moved),
    )
    await offers.write(session, copy, new_kind=True, new_age=False)
    session.add(copy)
    await record(
        session,
        "opportunity.clone",
        actor=actor,
        subject=copy,
        facts={"cloned_from_id": str(original.id)},
    )
    if moved is not None:
        await _copy_phases(session, original, copy, moved)
    if body.with_patterns:
        await _copy_patterns(session, actor, original, copy, body.starts_on)
    return copy.id


def _own_school(actor: Actor) -> UUID | None:
    """Return the school of a copy of what belongs to none: the caller's, or none for who keeps the whole tenant's."""
    found = scopes(actor, "opportunity.create")
    if Scope.TENANT in found:
        return None
    mine = actor.schools(found.get(Scope.SCHOOL, ()))
    if len(mine) != 1:
        raise Unprocessable(
            "name in school_id the school that looks after the copy; the original belongs to none",
            spanish="indique en school_id la escuela que atiende la copia; el original no es de ninguna",
            errors=[FieldError("name the school", "missing", pointer="/school_id")],
        )
    return mine[0]


def _moved(original: Opportunity, body: CloneIn) -> timedelta | None:
    """Return by how much the copy is later than the original, where both have a first day."""
    if body.starts_on is None or original.starts_on is None:
        return None
    return body.starts_on - original.starts_on


def _dates(original: Opportunity, body: CloneIn, moved: timedelta | None) -> dict[str, Any]:
    def follows(name: str) -> date | None:
        given, was = getattr(body, name), getattr(original, name)
        if name in body.model_fields_set or moved is None or was is None:
            return given  # type: ignore[no-any-return]  # the schema says a date or none
        return later(was, moved, f"/{name}")

    return {"starts_on": body.starts_on, "ends_on": follows("ends_on"), "apply_by": follows("apply_by")}


def later(day: date, moved: timedelta, pointer: str = "/starts_on") -> date:
    """Return a day moved; raises Unprocessable where the calendar ends before."""
    try:
        return day + moved
    except OverflowError:
        raise Unprocessable(
            "choose a first day in this century; the other dates would leave the calendar",
            spanish="elija un primer día de este siglo; las demás fechas saldrían del calendario",
            errors=[FieldError("leaves the calendar", "date_out_of_range", pointer=pointer)],
        ) from None


def _ahead(day: date | None) -> date | None:
    return day if day is not None and day > clock.now().date() else None


async def _connection(
    session: AsyncSession, actor: Actor, original: Opportunity, school_id: UUID | None
) -> UUID | None:
    """Return the connection of the original, unless the copy is another school's that does not know it."""
    if original.connection_id is None or school_id == original.school_id:
        return original.connection_id
    knows = await queries.knows_connection(session, actor, original.connection_id)
    return original.connection_id if knows else None


async def _copy_phases(
    session: AsyncSession, original: Opportunity, copy: Opportunity, moved: timedelta
) -> None:
    for phase in await queries.phases(session, original):
        session.add(
            ProjectPhase(
                tenant_id=copy.tenant_id,
                id=new_id(),
                opportunity_id=copy.id,
                position=phase.position,
                title=phase.title,
                deliverable=phase.deliverable,
                starts_on=later(phase.starts_on, moved),
                ends_on=later(phase.ends_on, moved),
            )
        )


async def _copy_patterns(
    session: AsyncSession, actor: Actor, original: Opportunity, copy: Opportunity, starts_on: date | None
) -> None:
    """Let sessions of the copy come round as the original's do: on the same weekdays, so many days later."""
    if starts_on is None:
        raise Unprocessable(
            "give the first day of the copy in starts_on; its weekly patterns move with it",
            spanish="indique en starts_on el primer día de la copia; sus patrones semanales se mueven con él",
            errors=[FieldError("needed for the patterns", "missing", pointer="/starts_on")],
        )
    patterns = await queries.patterns(session, original)
    first = original.starts_on or min((pattern.starts_on for pattern in patterns), default=starts_on)
    moved = starts_on - first
    stays = copy.school_id == original.school_id
    names = [name for name in _OF_PATTERN if stays or name not in _OF_ITS_SCHOOL]
    for pattern in patterns:
        rule = read_rule(pattern.rule)
        until = None if rule.until is None else later(rule.until, moved)
        said = {name: getattr(pattern, name) for name in names}
        host = Host(pattern.host_contact_id, pattern.host_person_id)
        if await hosts.has_left(session, actor.tenant_id, host, copy.employer_id):
            said = {name: value for name, value in said.items() if not name.startswith("host_")}
        await weekly_patterns.create(
            session,
            actor,
            WeeklyPatternIn(
                opportunity_id=copy.id,
                rule=replace(rule, until=until).text,
                starts_time=f"{pattern.starts_time:%H:%M}",
                starts_on=later(pattern.starts_on, moved).isoformat(),
                until=later(pattern.until, moved).isoformat(),
                **said,
            ),
        )
