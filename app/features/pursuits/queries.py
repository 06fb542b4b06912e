"""Every SQL statement of pursuits."""

from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Row, Select, Text, Uuid, bindparam, case, false, func, not_, or_, select, text, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed, binds, verbs
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.ids import new_id
from app.core.paging import Keyset
from app.domain.opportunity_kind import FIRST
from app.domain.policy import Actor, may_ever
from app.domain.pursuit import TRANSITIONS, PursuitAction, PursuitStatus
from app.domain.session import SessionStatus
from app.domain.waitlist import WaitingStatus
from app.features.pursuits.schemas import PursuitFilters
from app.models import (
    Employer,
    Opportunity,
    OpportunitySession,
    OpportunityTypeVersion,
    Person,
    Placement,
    Pursuit,
    School,
    WaitingEntry,
)

VERBS = verbs("pursuit", TRANSITIONS)
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

NEWEST = Keyset("pursuits by creation", Pursuit.created_at, Pursuit.id, descending=True)

# Whose turn it is: in this status, the next step belongs to whoever may do this.
_TURNS = (
    (PursuitStatus.REQUESTED, "pursuit.approve"),
    (PursuitStatus.APPROVED, "pursuit.request_start"),
    (PursuitStatus.LANDED, "pursuit.request_start"),
    (PursuitStatus.START_REQUESTED, "pursuit.approve_start"),
)

_Ahead = aliased(WaitingEntry)


def _place_in_line() -> Any:
    ahead = (
        select(func.count())
        .where(
            _Ahead.tenant_id == WaitingEntry.tenant_id,
            _Ahead.opportunity_id == WaitingEntry.opportunity_id,
            _Ahead.status == WaitingStatus.WAITING.value,
            tuple_(_Ahead.joined_at, _Ahead.id) <= tuple_(WaitingEntry.joined_at, WaitingEntry.id),
        )
        .scalar_subquery()
    )
    return case((WaitingEntry.status == WaitingStatus.WAITING.value, ahead))


_COLUMNS = (
    Pursuit.id,
    Pursuit.status,
    Pursuit.student_id,
    Person.given_name.label("student_given_name"),
    Person.family_name.label("student_family_name"),
    Pursuit.opportunity_id,
    Opportunity.title.label("opportunity_title"),
    Opportunity.employer_id,
    Employer.name.label("employer_name"),
    Pursuit.school_id,
    Pursuit.message,
    Pursuit.checks,
    Pursuit.requested_at,
    _place_in_line().label("place_in_line"),
    case((WaitingEntry.status == WaitingStatus.OFFERED.value, WaitingEntry.offer_until)).label(
        "seat_held_until"
    ),
    WaitingEntry.id.label("waiting_entry_id"),
    WaitingEntry.status.label("waiting_status"),
    Pursuit.expires_on,
    Pursuit.expires_at,
    Pursuit.extended_at,
    Pursuit.decided_by_id,
    Pursuit.decided_at,
    Pursuit.decision_reason,
    Pursuit.start_goals,
    Pursuit.start_schedule,
    Pursuit.start_on,
    Pursuit.end_on,
    Placement.id.label("placement_id"),
    Pursuit.created_at,
    Pursuit.version,
)

_FILTERS: dict[str, Any] = {
    "id": Pursuit.id == bindparam("f_id", type_=Uuid),
    "status": Pursuit.status == bindparam("f_status", type_=Text),
    "student_id": Pursuit.student_id == bindparam("f_student_id", type_=Uuid),
    "opportunity_id": Pursuit.opportunity_id == bindparam("f_opportunity_id", type_=Uuid),
    "school_id": Pursuit.school_id == bindparam("f_school_id", type_=Uuid),
}

_select = HotSelect()
_target = HotSelect()


def _joined(columns: tuple[Any, ...]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Pursuit)
        .join(Person, (Person.tenant_id == Pursuit.tenant_id) & (Person.id == Pursuit.student_id))
        .join(
            Opportunity,
            (Opportunity.tenant_id == Pursuit.tenant_id) & (Opportunity.id == Pursuit.opportunity_id),
        )
        .join(
            Employer, (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id)
        )
        .outerjoin(
            Placement, (Placement.tenant_id == Pursuit.tenant_id) & (Placement.pursuit_id == Pursuit.id)
        )
        .outerjoin(
            WaitingEntry,
            (WaitingEntry.tenant_id == Pursuit.tenant_id)
            & (WaitingEntry.opportunity_id == Pursuit.opportunity_id)
            & (WaitingEntry.student_id == Pursuit.student_id)
            & (Pursuit.status == PursuitStatus.REQUESTED.value)
            # As the index that finds it has it.
            & text("waiting_entries.status IN ('waiting', 'offered', 'accepted')"),
        )
    )


def _is_the_callers_turn(actor: Actor) -> Any:
    turns = [
        (Pursuit.status == status.value) & allowed(actor, action, Pursuit)
        for status, action in _TURNS
        if may_ever(actor, action)
    ]
    return or_(*turns) if turns else false()


def _finish(row: dict[str, Any], actor: Actor, actions: RowActions) -> dict[str, Any]:
    can = actions.take(row, VERBS[row["status"]])
    if row["extended_at"] is not None:
        can = [verb for verb in can if verb != PursuitAction.EXTEND]
    row["allowed_actions"] = can
    family_name = row.pop("student_family_name")
    row["student"] = {
        "id": row.pop("student_id"),
        "given_name": row.pop("student_given_name"),
        "family_name": family_name if may_ever(actor, "person.read") else None,
    }
    row["opportunity"] = {
        "id": row.pop("opportunity_id"),
        "title": row.pop("opportunity_title"),
        "employer_id": row.pop("employer_id"),
        "employer_name": row.pop("employer_name"),
    }
    return row


async def _rows(
    unit: Unit, actor: Actor, given: dict[str, Any], after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    actions = RowActions(actor, Pursuit, _ACTIONS)
    needs_me = given.pop("needs_me", None)

    def build() -> Select[Any]:
        statement = _joined((*_COLUMNS, *actions.columns)).where(allowed(actor, "pursuit.read", Pursuit))
        statement = statement.where(*(_FILTERS[name] for name in given))
        if needs_me is not None:
            turn = _is_the_callers_turn(actor)
            statement = statement.where(turn if needs_me else not_(turn))
        if after is not None:
            statement = statement.where(NEWEST.after())
        return NEWEST.order(statement).limit(bindparam("f_limit"))

    values = {f"f_{name}": value for name, value in given.items()} | {"f_limit": limit}
    if after is not None:
        values |= NEWEST.binds(after)
    values |= binds(actor, "pursuit.read", *_ACTIONS)
    shape = (actor.roles, actor.oauth_scopes, tuple(given), needs_me, after is not None)
    return [_finish(row, actor, actions) for row in await _select.rows(unit, shape, build, values)]


async def page(
    unit: Unit, actor: Actor, filters: PursuitFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 pursuits the caller may read, newest first, behind `after`."""
    given = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
    return await _rows(unit, actor, given, after, filters.limit + 1)


async def view(unit: Unit, actor: Actor, pursuit_id: UUID) -> dict[str, Any] | None:
    """Return one pursuit as the caller may see it, or None."""
    rows = await _rows(unit, actor, {"id": pursuit_id}, None, 1)
    return rows[0] if rows else None


class Target(NamedTuple):
    """What a student wants to pursue, and what is known of the student's age."""

    status: str
    employer_status: str
    school_id: UUID | None
    minimum_age: int | None
    maximum_age: int | None
    starts_on: date | None
    apply_by: date | None
    type: str
    workflow: str | None
    has_sessions: bool
    born_on: date | None


_TARGET: tuple[Any, ...] = (
    Opportunity.status,
    Employer.status.label("employer_status"),
    Opportunity.school_id,
    Opportunity.minimum_age,
    Opportunity.maximum_age,
    Opportunity.starts_on,
    Opportunity.apply_by,
    Opportunity.type,
    select(OpportunityTypeVersion.workflow)
    .where(
        OpportunityTypeVersion.tenant_id == Opportunity.tenant_id,
        OpportunityTypeVersion.code == Opportunity.type,
        OpportunityTypeVersion.number == func.coalesce(Opportunity.type_number, FIRST),
    )
    .correlate(Opportunity)
    .scalar_subquery()
    .label("workflow"),
    select(OpportunitySession.id)
    .where(
        OpportunitySession.tenant_id == Opportunity.tenant_id,
        OpportunitySession.opportunity_id == Opportunity.id,
        OpportunitySession.status == SessionStatus.SCHEDULED.value,
        OpportunitySession.starts_at > func.now(),
    )
    .correlate(Opportunity)
    .exists()
    .label("has_sessions"),
    Person.born_on,
)


async def target(unit: Unit, actor: Actor, opportunity_id: UUID) -> Target | None:
    """Return what is needed to decide on a request, or None when the caller may not read the opportunity."""

    def build() -> Select[Any]:
        return (
            select(*_TARGET)
            .join(
                Employer,
                (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id),
            )
            .join(
                Person,
                (Person.tenant_id == Opportunity.tenant_id)
                & (Person.id == bindparam("me", type_=Uuid, unique=False)),
            )
            .where(
                Opportunity.id == bindparam("f_id", type_=Uuid),
                allowed(actor, "opportunity.read", Opportunity),
            )
        )

    shape = (actor.roles, actor.oauth_scopes)
    values = binds(actor, "opportunity.read") | {"f_id": opportunity_id}
    rows = await _target.rows(unit, shape, build, values)
    return Target(**rows[0]) if rows else None


# A second request at the same moment must become a sentence, not an error in the middle of a transaction. Where no seat
# is free for this student the request stands in line at once; see domain/reserve.py for what is free for whom.
_INSERT = """
WITH made AS (
  INSERT INTO pursuits (tenant_id, id, created_at, updated_at, version, status, student_id, opportunity_id, school_id,
                        message, checks, requested_at, remind_at)
  VALUES (%(tenant)s, %(id)s, %(now)s, %(now)s, 1, 'requested', %(student)s, %(opportunity)s, %(school)s,
          %(message)s, %(checks)s, %(now)s, %(remind)s)
  ON CONFLICT (tenant_id, student_id, opportunity_id)
    WHERE status IN ('requested', 'approved', 'landed', 'start_requested') DO NOTHING
  RETURNING id
), kept AS (
  SELECT r.seats - r.seats_taken AS seats,
         coalesce(r.school_id = %(school)s, false) OR EXISTS (
           SELECT FROM group_members m
           WHERE m.tenant_id = r.tenant_id AND m.group_id = r.group_id AND m.student_id = %(student)s) AS mine
  FROM seat_reserves r
  JOIN tenants t ON t.id = r.tenant_id
  WHERE r.tenant_id = %(tenant)s AND r.opportunity_id = %(opportunity)s AND r.released_at IS NULL
    AND r.seats > r.seats_taken AND r.released_on > (%(now)s AT TIME ZONE t.zone)::date
), line AS (
  INSERT INTO waiting_entries (tenant_id, id, created_at, updated_at, version, status, opportunity_id, student_id,
                               school_id, joined_at)
  SELECT %(tenant)s, %(entry)s, %(now)s, %(now)s, 1, 'waiting', %(opportunity)s, %(student)s, %(school)s, %(now)s
  FROM made, opportunities o
  WHERE o.tenant_id = %(tenant)s AND o.id = %(opportunity)s AND (
    o.seats <= o.seats_taken
    OR (o.seats - o.seats_taken <= (SELECT coalesce(sum(kept.seats), 0) FROM kept)
        AND NOT EXISTS (SELECT FROM kept WHERE kept.mine)))
  ON CONFLICT DO NOTHING
  RETURNING id
)
SELECT made.id, line.id FROM made LEFT JOIN line ON true
"""


async def insert(unit: Unit, pursuit: Pursuit) -> tuple[bool, UUID | None]:
    """Write a new pursuit; returns (whether it is new, its place in line where no seat is free).

    It is not new when this student has a live one for this opportunity already.
    """
    rows = await unit.rows(
        _INSERT,
        {
            "tenant": pursuit.tenant_id,
            "id": pursuit.id,
            "entry": new_id(),
            "now": pursuit.requested_at,
            "student": pursuit.student_id,
            "opportunity": pursuit.opportunity_id,
            "school": pursuit.school_id,
            "message": pursuit.message,
            "checks": pursuit.checks,
            "remind": pursuit.remind_at,
        },
    )
    return (True, rows[0][1]) if rows else (False, None)


async def lock(session: AsyncSession, pursuit: Pursuit) -> None:
    """Read a pursuit again under its row lock, once its opportunity's seats are held."""
    await session.refresh(pursuit, with_for_update=True)


async def bearings(session: AsyncSession, pursuit: Pursuit) -> Row[*tuple[Any, ...]]:
    """Return (employer_status, zone, born_on): what an approval looks at beside the opportunity."""
    return (
        await session.execute(
            select(
                Employer.status.label("employer_status"),
                School.zone,
                Person.born_on,
            )
            .select_from(Pursuit)
            .join(
                Opportunity,
                (Opportunity.tenant_id == Pursuit.tenant_id) & (Opportunity.id == Pursuit.opportunity_id),
            )
            .join(
                Employer,
                (Employer.tenant_id == Opportunity.tenant_id) & (Employer.id == Opportunity.employer_id),
            )
            .join(School, (School.tenant_id == Pursuit.tenant_id) & (School.id == Pursuit.school_id))
            .join(Person, (Person.tenant_id == Pursuit.tenant_id) & (Person.id == Pursuit.student_id))
            .where(Pursuit.tenant_id == pursuit.tenant_id, Pursuit.id == pursuit.id)
        )
    ).one()


_DUE = {
    "expire": (Pursuit.expires_at, Pursuit.status == PursuitStatus.APPROVED),
    "remind": (Pursuit.remind_at, Pursuit.status == PursuitStatus.APPROVED),
}


async def due(
    session: AsyncSession, tenant_id: UUID, step: str, now: datetime, limit: int
) -> list[tuple[UUID, UUID]]:
    """Return (id, opportunity_id) of the pursuits whose time for this step has come, the longest overdue first."""
    at, while_ = _DUE[step]
    found = await session.execute(
        select(Pursuit.id, Pursuit.opportunity_id)
        .where(Pursuit.tenant_id == tenant_id, while_, at <= now)
        .order_by(at, Pursuit.id)
        .limit(limit)
    )
    return [(pursuit_id, opportunity_id) for pursuit_id, opportunity_id in found]


async def claim(
    session: AsyncSession, tenant_id: UUID, step: str, pursuit_id: UUID, now: datetime
) -> Pursuit | None:
    """Return the pursuit locked, if its step is still due: another worker may have been here first."""
    at, while_ = _DUE[step]
    return (
        await session.scalars(
            select(Pursuit)
            .where(Pursuit.tenant_id == tenant_id, Pursuit.id == pursuit_id, while_, at <= now)
            .with_for_update()
        )
    ).one_or_none()
