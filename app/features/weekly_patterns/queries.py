"""Every SQL statement of weekly patterns."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core.paging import Keyset
from app.domain.local_time import local_day
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Actor
from app.domain.recurrence import days, occurrence, read_rule
from app.domain.session import PATTERN_TRANSITIONS, PatternStatus
from app.features.weekly_patterns.schemas import WeeklyPatternFilters
from app.models import Opportunity, WeeklyPattern

_P = WeeklyPattern

VERBS = verbs("weekly_pattern", PATTERN_TRANSITIONS)
VERBS[PatternStatus.ACTIVE.value].append("weekly_pattern.update")
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))
_DAYS_SHOWN = 60

# Which sessions were made of patterns: of each, when they begin.
Made = Callable[[Collection[UUID]], Awaitable[Mapping[UUID, Collection[datetime]]]]

NEWEST = Keyset("weekly patterns by creation", _P.created_at, _P.id, descending=True)

_ITEM: tuple[Any, ...] = (
    _P.id,
    _P.status,
    _P.opportunity_id,
    Opportunity.title.label("opportunity_title"),
    _P.school_id,
    _P.rule,
    _P.starts_time,
    _P.minutes,
    _P.zone,
    _P.starts_on,
    _P.until,
    _P.exceptions,
    _P.seats,
    _P.minimum_enrollment,
    _P.host_contact_id,
    _P.host_person_id,
    _P.host_left_at.is_not(None).label("needs_host"),
    _P.virtual,
    _P.join_url,
    _P.recording,
    _P.place_note,
    _P.made_until,
    _P.created_at,
    _P.version,
)


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    return (
        select(*_ITEM, allowed(actor, "weekly_pattern.update", _P).label("runs_it"), *actions.columns)
        .join(Opportunity, (Opportunity.tenant_id == _P.tenant_id) & (Opportunity.id == _P.opportunity_id))
        .where(allowed(actor, "weekly_pattern.read", _P))
    )


def _finish(
    row: dict[str, Any], actions: RowActions, now: datetime, made: Mapping[UUID, Collection[datetime]]
) -> dict[str, Any]:
    today, made_until = local_day(now, row["zone"]), row["made_until"]
    found = days(read_rule(row["rule"]), row["starts_on"], row["until"], set(row["exceptions"]))
    coming = [] if row["status"] is PatternStatus.ENDED else [day for day in found if day >= today]
    row["needs_host"] = row["needs_host"] and row["status"] is PatternStatus.ACTIVE
    row["days"] = coming[:_DAYS_SHOWN]
    starts = {
        day: occurrence(day, row["starts_time"], row["minutes"], row["zone"])[0]
        for day in coming
        if made_until is not None and day <= made_until
    }
    row["days_without_session"] = [
        day for day, starts_at in starts.items() if starts_at > now and starts_at not in made[row["id"]]
    ]
    if not row.pop("runs_it"):
        row["join_url"] = None
    row["starts_time"] = f"{row['starts_time']:%H:%M}"
    row["allowed_actions"] = actions.take(row, VERBS[row["status"].value])
    return row


async def page(
    session: AsyncSession,
    actor: Actor,
    filters: WeeklyPatternFilters,
    after: Sequence[Any] | None,
    now: datetime,
    made: Made,
) -> list[dict[str, Any]]:
    """Return up to limit + 1 patterns the caller may read, the latest first, behind `after`."""
    actions = RowActions(actor, _P, _ACTIONS)
    statement = _selected(actor, actions)
    for name in ("opportunity_id", "school_id", "status"):
        value = getattr(filters, name)
        if value is not None:
            statement = statement.where(getattr(_P, name) == value)
    if filters.needs_host is not None:
        needs = _P.host_left_at.is_not(None) & (_P.status == PatternStatus.ACTIVE)
        statement = statement.where(needs if filters.needs_host else ~needs)
    found = await session.execute(NEWEST.cut(statement, after, filters.limit))
    rows = [dict(row) for row in found.mappings()]
    starts = await made([row["id"] for row in rows])
    return [_finish(row, actions, now, starts) for row in rows]


async def view(
    session: AsyncSession, actor: Actor, pattern_id: UUID, now: datetime, made: Made
) -> dict[str, Any] | None:
    """Return one pattern as the caller may see it, or None."""
    actions = RowActions(actor, _P, _ACTIONS)
    found = await session.execute(_selected(actor, actions).where(_P.id == pattern_id))
    row = found.mappings().one_or_none()
    return None if row is None else _finish(dict(row), actions, now, await made([pattern_id]))


async def due(session: AsyncSession, tenant_id: UUID, before: date, limit: int) -> list[UUID]:
    """Return the patterns with days up to `before` for which no session was made yet."""
    found = await session.scalars(
        select(_P.id)
        .join(Opportunity, (Opportunity.tenant_id == _P.tenant_id) & (Opportunity.id == _P.opportunity_id))
        .where(
            _P.tenant_id == tenant_id,
            _P.status == PatternStatus.ACTIVE,
            _P.host_left_at.is_(None),
            or_(_P.made_until.is_(None), (_P.made_until < before) & (_P.made_until < _P.until)),
            Opportunity.status.not_in([OpportunityStatus.ARCHIVED, OpportunityStatus.REJECTED]),
        )
        .order_by(_P.made_until, _P.id)
        .limit(limit)
    )
    return list(found)


async def locked(session: AsyncSession, tenant_id: UUID, pattern_id: UUID) -> WeeklyPattern:
    """Return a pattern under its row lock: whoever makes its sessions waits here."""
    return (
        await session.scalars(
            select(_P)
            .where(_P.tenant_id == tenant_id, _P.id == pattern_id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    ).one()
