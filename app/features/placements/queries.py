"""Every SQL statement of placements."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, Text, Uuid, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access import RowActions, allowed, binds, verbs
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.paging import Keyset
from app.domain.placement import TRANSITIONS, grade_band
from app.domain.policy import Actor, Role
from app.features.placements.schemas import PlacementFilters
from app.models import Connection, Contact, Employer, Opportunity, Person, Placement, School

VERBS = verbs("placement", TRANSITIONS, "read_provenance")
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

NEWEST = Keyset("placements by creation", Placement.created_at, Placement.id, descending=True)

_Advisor, _Contributor = aliased(Person), aliased(Person)


def _name(person: Any) -> Any:
    return person.given_name + " " + person.family_name


_COLUMNS = (
    Placement.id,
    Placement.status,
    Placement.student_id,
    Person.given_name.label("student_given_name"),
    Person.family_name.label("student_family_name"),
    Person.grades.label("student_grades"),
    Placement.opportunity_id,
    Opportunity.title.label("opportunity_title"),
    Placement.employer_id,
    Employer.name.label("employer_name"),
    Placement.school_id,
    School.name.label("school_name"),
    Placement.advisor_id,
    _name(_Advisor).label("advisor_name"),
    Placement.pursuit_id,
    Placement.goals,
    Placement.schedule,
    Placement.starts_on,
    Placement.ends_on,
    Placement.cleared_at,
    Placement.ended_at,
    Placement.end_reason,
    _name(_Contributor).label("through"),
    Placement.created_at,
    Placement.version,
)

_FILTERS: dict[str, Any] = {
    "status": Placement.status == bindparam("f_status", type_=Text),
    "student_id": Placement.student_id == bindparam("f_student_id", type_=Uuid),
    "opportunity_id": Placement.opportunity_id == bindparam("f_opportunity_id", type_=Uuid),
    "employer_id": Placement.employer_id == bindparam("f_employer_id", type_=Uuid),
    "school_id": Placement.school_id == bindparam("f_school_id", type_=Uuid),
}

_select = HotSelect()


def _at(model: Any, column: Any) -> Any:
    return (model.tenant_id == Placement.tenant_id) & (model.id == column)


def _joined(columns: tuple[Any, ...]) -> Select[Any]:
    return (
        select(*columns)
        .select_from(Placement)
        .join(Person, _at(Person, Placement.student_id))
        .join(Opportunity, _at(Opportunity, Placement.opportunity_id))
        .join(Employer, _at(Employer, Placement.employer_id))
        .join(School, _at(School, Placement.school_id))
        .outerjoin(_Advisor, _at(_Advisor, Placement.advisor_id))
        .outerjoin(Connection, _at(Connection, Placement.connection_id) & Connection.credit_wanted)
        .outerjoin(
            _Contributor,
            _at(_Contributor, Placement.contributor_id) & (Connection.contributor_id == _Contributor.id),
        )
    )


def _beside_hosting(actor: Actor) -> Actor:
    """Return the caller without what they are at employers: what is then still open is not the employer's view."""
    return replace(actor, standings=tuple(s for s in actor.standings if s.role is not Role.SUPERVISOR))


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    whole = row.pop("whole")
    family_name = row.pop("student_family_name")
    row["student"] = {
        "id": row.pop("student_id"),
        "given_name": row.pop("student_given_name"),
        "family_name": family_name if whole else None,
        "last_initial": family_name[:1],
        "grade_band": grade_band(row.pop("student_grades")),
    }
    row["opportunity"] = {
        "id": row.pop("opportunity_id"),
        "title": row.pop("opportunity_title"),
        "employer_id": row.pop("employer_id"),
        "employer_name": row.pop("employer_name"),
    }
    if not whole:
        row |= {"pursuit_id": None, "end_reason": None, "through": None}
    return row


async def _rows(
    unit: Unit, actor: Actor, given: dict[str, Any], after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    actions = RowActions(actor, Placement, _ACTIONS)
    mostly = _beside_hosting(actor)

    def build() -> Select[Any]:
        whole = allowed(mostly, "placement.read", Placement).label("whole")
        statement = _joined((*_COLUMNS, whole, *actions.columns))
        statement = statement.where(allowed(actor, "placement.read", Placement))
        statement = statement.where(*(_FILTERS[name] for name in given if name != "id"))
        if "id" in given:
            statement = statement.where(Placement.id == bindparam("f_id", type_=Uuid))
        if after is not None:
            statement = statement.where(NEWEST.after())
        return NEWEST.order(statement).limit(bindparam("f_limit"))

    values = {f"f_{name}": value for name, value in given.items()} | {"f_limit": limit}
    if after is not None:
        values |= NEWEST.binds(after)
    values |= binds(mostly, "placement.read") | binds(actor, "placement.read", *_ACTIONS)
    shape = (actor.roles, actor.oauth_scopes, tuple(given), after is not None)
    return [_finish(row, actions) for row in await _select.rows(unit, shape, build, values)]


async def page(
    unit: Unit, actor: Actor, filters: PlacementFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 placements the caller may read, newest first, behind `after`."""
    given = filters.model_dump(exclude={"limit", "cursor"}, exclude_none=True)
    return await _rows(unit, actor, given, after, filters.limit + 1)


async def view(unit: Unit, actor: Actor, placement_id: UUID) -> dict[str, Any] | None:
    """Return one placement as the caller may see it, or None."""
    rows = await _rows(unit, actor, {"id": placement_id}, None, 1)
    return rows[0] if rows else None


async def origin(
    session: AsyncSession, tenant_id: UUID, opportunity_id: UUID
) -> Row[UUID, UUID | None, UUID]:
    """Return (employer_id, connection_id, contributor_id) of an opportunity: where it is and whose it was."""
    return (
        await session.execute(
            select(Opportunity.employer_id, Opportunity.connection_id, Connection.contributor_id)
            .outerjoin(
                Connection,
                (Connection.tenant_id == Opportunity.tenant_id)
                & (Connection.id == Opportunity.connection_id),
            )
            .where(Opportunity.tenant_id == tenant_id, Opportunity.id == opportunity_id)
        )
    ).one()


async def provenance(session: AsyncSession, placement: Placement) -> dict[str, Any]:
    """Return the way from a placement back to the people and the employer it came through."""
    contact_name = func.nullif(func.concat_ws(" ", Contact.given_name, Contact.family_name), "")
    row = (
        await session.execute(
            select(
                Connection.id,
                Connection.domain,
                Connection.credit_wanted,
                Person.id.label("contributor_id"),
                _name(Person).label("contributor_name"),
                Contact.id.label("contact_id"),
                contact_name.label("contact_name"),
                Employer.id.label("employer_id"),
                Employer.name.label("employer_name"),
            )
            .select_from(Placement)
            .join(Employer, _at(Employer, Placement.employer_id))
            .outerjoin(Connection, _at(Connection, Placement.connection_id))
            .outerjoin(Person, _at(Person, Placement.contributor_id))
            .outerjoin(Contact, _at(Contact, Connection.contact_id))
            .where(Placement.tenant_id == placement.tenant_id, Placement.id == placement.id)
        )
    ).one()
    connection = {"id": row.id, "domain": row.domain, "credit_wanted": row.credit_wanted}
    return {
        "placement_id": placement.id,
        "student_id": placement.student_id,
        "connection": connection if row.id else None,
        "contributor": _person(row.contributor_id, row.contributor_name),
        "contact": _person(row.contact_id, row.contact_name),
        "employer": {"id": row.employer_id, "name": row.employer_name},
    }


def _person(person_id: UUID | None, name: str | None) -> dict[str, Any] | None:
    return None if person_id is None else {"id": person_id, "name": name}
