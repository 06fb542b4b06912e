"""Every SQL statement of connections."""

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    false,
    func,
    null,
    or_,
    select,
    union,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.access import RowActions, allowed, verbs
from app.core import clock
from app.core.paging import Keyset
from app.domain.connection import LIVE, TRANSITIONS, ConnectionStatus
from app.domain.contact import standing
from app.domain.contact_basis import ContactBasis
from app.domain.policy import Actor, Role, may_ever
from app.domain.small_counts import shown
from app.features.connections.schemas import ConnectionFilters
from app.features.thanks import service as thanks
from app.models import AdvisorLink, Connection, Contact, Employer, GuardianLink, Membership, Person

VERBS = verbs("connection", TRANSITIONS)
for _status in LIVE:
    VERBS[_status.value].append("connection.update")
_ACTIONS = tuple(dict.fromkeys(action for actions in VERBS.values() for action in actions))

NEWEST = Keyset("connections by creation", Connection.created_at, Connection.id, descending=True)

_ITEM: tuple[Any, ...] = (
    Connection.id,
    Connection.status,
    Connection.contributor_id,
    func.concat(Person.given_name, " ", Person.family_name).label("contributor_name"),
    Connection.school_id,
    Connection.employer_id,
    Employer.name.label("employer_name"),
    Connection.contact_id,
    Contact.given_name,
    Contact.family_name,
    Contact.status.label("contact_status"),
    Connection.domain,
    Connection.closeness,
    Connection.frequency,
    Connection.years_known,
    Connection.offers,
    Connection.fields,
    Connection.personal_relation,
    Connection.share_scope,
    Connection.credit_wanted,
    Connection.note,
    Connection.created_at,
    Connection.version,
)


_HELPED = thanks.students_helped(Connection.tenant_id, Connection.id).label("students_helped")


class Named(NamedTuple):
    """A person's name and address, to be compared with what was typed."""

    id: UUID
    given_name: str
    family_name: str
    email: str | None


def _selected(actor: Actor, actions: RowActions) -> Select[Any]:
    sees_contact: ColumnElement[bool] = false()
    if may_ever(actor, "contact.read"):
        # Whoever looks after the connection sees its contact, unless the contact chose schools. Asked first, because
        # the whole question looks through the school's connections.
        plainly = Contact.visible_school_ids.is_(None) & allowed(actor, "contact.read", Connection)
        sees_contact = or_(plainly, allowed(actor, "contact.read", Contact))
    basis = Connection.basis if may_ever(actor, "connection.screen") else null()
    return (
        select(*_ITEM, _HELPED, basis.label("basis"), sees_contact.label("sees_contact"), *actions.columns)
        .join(Person, (Person.tenant_id == Connection.tenant_id) & (Person.id == Connection.contributor_id))
        .outerjoin(
            Employer, (Employer.tenant_id == Connection.tenant_id) & (Employer.id == Connection.employer_id)
        )
        .outerjoin(
            Contact, (Contact.tenant_id == Connection.tenant_id) & (Contact.id == Connection.contact_id)
        )
        .where(allowed(actor, "connection.read", Connection))
    )


def _finish(row: dict[str, Any], actions: RowActions) -> dict[str, Any]:
    given, family = row.pop("given_name"), row.pop("family_name")
    row["has_person"] = row["contact_id"] is not None
    if row.pop("sees_contact") and row["has_person"]:
        row["contact_name"] = " ".join(part for part in (given, family) if part) or None
        row["contact_status"] = standing(row["contact_status"]).value
    else:
        row["contact_id"] = row["contact_name"] = row["contact_status"] = None
    row["status"] = ConnectionStatus(row["status"]).value
    row["students_helped"] = shown(row["students_helped"])
    row["basis"] = row["basis"] and ContactBasis(row["basis"]).value
    row["domain"], row["share_scope"] = row["domain"].value, row["share_scope"].value
    row["allowed_actions"] = actions.take(row, VERBS[row["status"]])
    return row


async def page(
    session: AsyncSession, actor: Actor, filters: ConnectionFilters, after: list[Any] | None
) -> list[dict[str, Any]]:
    """Return up to limit + 1 connections the caller may read, newest first, behind `after`."""
    actions = RowActions(actor, Connection, _ACTIONS)
    statement = _selected(actor, actions)
    if filters.status is not None:
        statement = statement.where(Connection.status == filters.status)
    if filters.school_id is not None:
        statement = statement.where(Connection.school_id == filters.school_id)
    if after is not None:
        statement = statement.where(NEWEST.after())
    found = await session.execute(NEWEST.order(statement).limit(filters.limit + 1), NEWEST.binds(after or []))
    return [_finish(dict(row), actions) for row in found.mappings()]


async def view(session: AsyncSession, actor: Actor, connection_id: UUID) -> dict[str, Any] | None:
    """Return one connection as the caller may see it, or None."""
    actions = RowActions(actor, Connection, _ACTIONS)
    statement = _selected(actor, actions).where(Connection.id == connection_id)
    found = (await session.execute(statement)).mappings().one_or_none()
    return None if found is None else _finish(dict(found), actions)


def _ids(name: str, values: Iterable[UUID]) -> ColumnElement[Any]:
    return bindparam(name, sorted(values), type_=ARRAY(Uuid), unique=False)


def _students_of(tenant_id: UUID, whose: Any) -> tuple[Any, Any]:
    today = bindparam("today", clock.now().date(), type_=Date, unique=False)
    children = select(GuardianLink.student_id).where(
        GuardianLink.tenant_id == tenant_id,
        GuardianLink.guardian_id == whose,
        GuardianLink.ended_at.is_(None),
        or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
    )
    advisees = select(AdvisorLink.student_id).where(
        AdvisorLink.tenant_id == tenant_id,
        AdvisorLink.advisor_id == whose,
        AdvisorLink.ended_at.is_(None),
    )
    return children, advisees


async def schools_of_children(session: AsyncSession, actor: Actor) -> list[UUID]:
    """Return the schools that a guardian's children go to."""
    children, _ = _students_of(actor.tenant_id, actor.person_id)
    found = await session.scalars(
        select(Membership.school_id)
        .where(
            Membership.tenant_id == actor.tenant_id,
            Membership.person_id.in_(children),
            Membership.role == Role.STUDENT,
            Membership.school_id.is_not(None),
            Membership.ended_at.is_(None),
        )
        .distinct()
    )
    return [school_id for school_id in found if school_id is not None]


async def self_and_guardians(session: AsyncSession, actor: Actor) -> list[Named]:
    """Return a student and the guardians linked to them: people whose data a student never sets."""
    guardians = select(GuardianLink.guardian_id).where(
        GuardianLink.tenant_id == actor.tenant_id,
        GuardianLink.student_id == actor.person_id,
        GuardianLink.ended_at.is_(None),
    )
    return await _named(session, actor, or_(Person.id == actor.person_id, Person.id.in_(guardians)))


async def students_spoken_of(
    session: AsyncSession, actor: Actor, contributor_id: UUID | None, school_id: UUID, spoken: list[str]
) -> tuple[list[str], list[tuple[str, str]]]:
    """Return whose names a text may not hold, in one statement.

    First the given names of students near to the caller and the contributor: themselves, children, advisees. Second
    the words by which students of the school are called, given and family name, if both are among the `spoken` ones.
    """
    both = _ids("near", {near for near in (contributor_id, actor.person_id) if near is not None})
    said = bindparam("spoken", spoken, type_=ARRAY(Text), unique=True)
    children, advisees = _students_of(actor.tenant_id, both.any_())
    studies = select(Membership.person_id).where(
        Membership.tenant_id == actor.tenant_id,
        Membership.role == Role.STUDENT,
        Membership.ended_at.is_(None),
    )
    near = union(children, advisees, studies.where(Membership.person_id == both.any_()))
    goes_there = studies.where(Membership.person_id == Person.id, Membership.school_id == school_id).exists()
    in_tenant = Person.tenant_id == actor.tenant_id
    found = await session.execute(
        select(func.split_part(Person.given_name, " ", 1), null().label("family"))
        .where(in_tenant, Person.id.in_(near))
        .union_all(
            # By the index on both words; the school's students are many, those who are called like this are few.
            select(Person.given_word, Person.family_word).where(
                in_tenant, Person.family_word == any_(said), Person.given_word == any_(said), goes_there
            )
        )
    )
    rows = [tuple(row) for row in found]
    return [given for given, family in rows if family is None], [row for row in rows if row[1] is not None]


async def _named(session: AsyncSession, actor: Actor, which: ColumnElement[bool]) -> list[Named]:
    found = await session.execute(
        select(Person.id, Person.given_name, Person.family_name, Person.email).where(
            Person.tenant_id == actor.tenant_id, which
        )
    )
    return [Named(*row) for row in found]
