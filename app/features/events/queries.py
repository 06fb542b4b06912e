"""Every SQL statement of the audit trail."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import case, literal, null, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import allowed
from app.core.paging import Keyset
from app.domain.policy import Actor, Role
from app.features.events.schemas import EventFilters, EventSort
from app.models import Event, Membership, Person

KEYSETS = {
    EventSort.NEWEST: Keyset("events, newest first", Event.created_at, Event.id, descending=True),
    EventSort.OLDEST: Keyset("events, oldest first", Event.created_at, Event.id),
}
_STAFF = (Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)


async def page(
    session: AsyncSession, actor: Actor, filters: EventFilters, after: Sequence[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 events that the caller may read."""
    # Staff act in public; anybody else is shown to those only who may read the person.
    is_staff = (
        select(literal(1))
        .where(
            Membership.tenant_id == Event.tenant_id,
            Membership.person_id == Event.actor_person_id,
            Membership.role.in_(_STAFF),
        )
        .correlate(Event)
        .exists()
    )
    known = or_(is_staff, allowed(actor, "person.read", Person))
    words = allowed(actor, "event.read_reason", Event)
    statement = (
        select(
            Event.id,
            Event.created_at,
            Event.action,
            Event.subject_type,
            Event.subject_id,
            Event.subject_seq,
            Event.actor_kind,
            case((known, Person.id), else_=null()).label("actor_person_id"),
            case((known, Person.given_name + " " + Person.family_name), else_=null()).label("actor_name"),
            case((words, Event.reason), else_=null()).label("reason"),
            Event.changed,
            Event.facts,
            Event.request_id,
        )
        .outerjoin(Person, (Person.tenant_id == Event.tenant_id) & (Person.id == Event.actor_person_id))
        .where(allowed(actor, "event.read", Event))
    )
    for name in ("subject_type", "subject_id", "action"):
        if (value := getattr(filters, name)) is not None:
            statement = statement.where(getattr(Event, name) == value)
    if filters.since is not None:
        statement = statement.where(Event.created_at >= filters.since)
    rows = await session.execute(KEYSETS[filters.sort].cut(statement, after, filters.limit))
    return [dict(row) for row in rows.mappings()]
