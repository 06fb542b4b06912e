"""Which rows of a table an actor may act on: the policy's scopes as WHERE clauses."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Select, Uuid, and_, bindparam, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from app.access.owners import EMPLOYER, MODELS, PERSON, SCHOOL
from app.core import clock
from app.core.db import Unit
from app.core.hotread import HotSelect
from app.core.problems import Forbidden, NotFound
from app.core.tables import Event, TenantRow
from app.domain.duplicates.lives import DuplicateKind
from app.domain.policy import POLICY, PRIVATE_NOUNS, Actor, Role, Scope, may_ever, scopes
from app.models import (
    AdvisorLink,
    Connection,
    Contact,
    DuplicatePair,
    Employer,
    GuardianLink,
    Household,
    HouseholdMember,
    MapShare,
    Membership,
    Merge,
    Opportunity,
    Person,
    RelationshipRound,
    RoundStudent,
    Tie,
)

Row = TypeVar("Row", bound=TenantRow)
Clause = ColumnElement[bool]
_COORDINATOR = frozenset({Role.COORDINATOR})


def require_ever(actor: Actor, action: str) -> None:
    """Refuse a caller none of whose roles ever has this action."""
    if not may_ever(actor, action):
        raise Forbidden(
            f"none of your roles may {action.replace('.', ': ')}; ask a coordinator of your school",
            spanish="ninguno de sus roles permite esta acción; consulte a un coordinador de su escuela",
        )


def require_at_school(actor: Actor, action: str, school_id: UUID) -> None:
    """Check a creation on its school: within one's schools, or anywhere for the whole tenant's roles."""
    found = scopes(actor, action)
    in_school = school_id in actor.schools(found.get(Scope.SCHOOL, ()))
    if not in_school and Scope.TENANT not in found:
        raise Forbidden(
            "you may do this only for a school where you hold the role",
            spanish="solo puede hacerlo en una escuela donde tenga ese rol",
            code="other_school",
        )


def _ids(name: str, values: Iterable[UUID]) -> ColumnElement[Any]:
    return bindparam(name, list(values), type_=ARRAY(Uuid), unique=False)


def _me(actor: Actor) -> ColumnElement[Any]:
    return bindparam("me", actor.person_id, type_=Uuid, unique=False)


def _tenant(actor: Actor) -> ColumnElement[Any]:
    return bindparam("tenant", actor.tenant_id, type_=Uuid, unique=False)


def _schools(actor: Actor, roles: frozenset[Role]) -> ColumnElement[Any]:
    return _ids("schools_" + "_".join(sorted(roles)), actor.schools(roles))


def binds(actor: Actor, *actions: str) -> dict[str, Any]:
    """Return the values of every named parameter that `allowed` may have used, for a statement compiled once."""
    values: dict[str, Any] = {
        "me": actor.person_id,
        "tenant": actor.tenant_id,
        "today": clock.now().date(),
        "employers": actor.employers(),
        "schools_coordinator": actor.schools(_COORDINATOR),
    }
    for action in actions:
        for roles in scopes(actor, action).values():
            values["schools_" + "_".join(sorted(roles))] = actor.schools(roles)
    return values


def _children(actor: Actor) -> Any:
    today = bindparam("today", clock.now().date(), type_=Date, unique=False)
    return select(GuardianLink.student_id).where(
        GuardianLink.tenant_id == _tenant(actor),
        GuardianLink.guardian_id == _me(actor),
        GuardianLink.may_see,
        ~GuardianLink.no_contact,
        GuardianLink.ended_at.is_(None),
        or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
    )


def _advisees(actor: Actor) -> Any:
    return select(AdvisorLink.student_id).where(
        AdvisorLink.tenant_id == _tenant(actor),
        AdvisorLink.advisor_id == _me(actor),
        AdvisorLink.ended_at.is_(None),
    )


def _people_of_schools(actor: Actor, roles: frozenset[Role]) -> Any:
    members = select(Membership.person_id).where(
        Membership.tenant_id == _tenant(actor),
        Membership.school_id == _schools(actor, roles).any_(),
        Membership.ended_at.is_(None),
    )
    guardians = select(GuardianLink.guardian_id).where(
        GuardianLink.tenant_id == _tenant(actor),
        GuardianLink.student_id.in_(members),
        GuardianLink.ended_at.is_(None),
    )
    return members.union_all(guardians)


def _shared_maps(actor: Actor, share: Any, roles: frozenset[Role]) -> Clause:
    """Say which shares open a map to the caller: live, to them, and to what they still are to the student.

    A student who could not take the share back any more (left, or disabled) shows nothing.
    """
    enrolled, student = aliased(Membership), aliased(Person)
    students = (
        select(enrolled.person_id)
        .join(student, (student.tenant_id == enrolled.tenant_id) & (student.id == enrolled.person_id))
        .where(
            enrolled.tenant_id == _tenant(actor),
            enrolled.role == Role.STUDENT,
            enrolled.ended_at.is_(None),
            student.enabled,
            student.ended_at.is_(None),
        )
    )
    at_school = enrolled.school_id == _schools(actor, _COORDINATOR).any_()
    near = {
        Role.GUARDIAN: _children(actor),
        Role.ADVISOR: _advisees(actor),
        Role.COORDINATOR: students.where(at_school),
    }
    return and_(
        share.tenant_id == _tenant(actor),
        share.adult_id == _me(actor),
        share.revoked_at.is_(None),
        share.student_id.in_(students),
        or_(*(share.student_id.in_(near[role]) for role in sorted(roles))),
    )


def _shared(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    if model is MapShare:
        return _shared_maps(actor, MapShare, roles)
    share = aliased(MapShare)
    clause: Clause = PERSON[model].in_(select(share.student_id).where(_shared_maps(actor, share, roles)))
    return clause


def _shown_in_catalogue(actor: Actor, roles: frozenset[Role]) -> Clause:
    return and_(
        Opportunity.status == "published",
        or_(Opportunity.scope == "tenant", Opportunity.school_id == _schools(actor, roles).any_()),
    )


def _shown_employers(actor: Actor, roles: frozenset[Role]) -> Any:
    return select(Opportunity.employer_id).where(
        Opportunity.tenant_id == _tenant(actor), _shown_in_catalogue(actor, roles)
    )


def _own(actor: Actor, model: type[Any], _roles: frozenset[Role]) -> Clause:
    if model is RelationshipRound:
        # A student's rounds are those that ask about the student.
        asked = select(RoundStudent.round_id).where(
            RoundStudent.tenant_id == _tenant(actor), RoundStudent.student_id == _me(actor)
        )
        return RelationshipRound.id.in_(asked)
    own: Clause = PERSON[model] == _me(actor)
    if model is GuardianLink:
        return or_(own, GuardianLink.guardian_id == _me(actor))
    if model is AdvisorLink:
        return or_(own, AdvisorLink.advisor_id == _me(actor))
    return own


def _of_school(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    if model in {DuplicatePair, Merge}:
        return _of_two(actor, model, roles)
    if model is Person:
        return Person.id.in_(_people_of_schools(actor, roles))
    if model in {GuardianLink, Tie}:
        students: Clause = PERSON[model].in_(_people_of_schools(actor, roles))
        return students
    if model is Household:
        homes = select(HouseholdMember.household_id).where(
            HouseholdMember.tenant_id == _tenant(actor),
            HouseholdMember.person_id.in_(_people_of_schools(actor, roles)),
        )
        return Household.id.in_(homes)
    clause: Clause = SCHOOL[model] == _schools(actor, roles).any_()
    if model is Contact:
        # Several schools may know one contact; whoever screens a connection sees whom it leads to.
        known = (
            select(Connection.id)
            .where(
                Connection.tenant_id == _tenant(actor),
                Connection.contact_id == Contact.id,
                Connection.school_id == _schools(actor, roles).any_(),
            )
            .correlate(Contact)
            .exists()
        )
        # The contact's own choice comes before both.
        shown = or_(
            Contact.visible_school_ids.is_(None),
            Contact.visible_school_ids.overlap(_schools(actor, roles)),
        )
        return and_(or_(clause, known), shown)
    return clause


def _of_two(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    """Pick pairs of employers, which belong to no school, and of contacts who are both known to the school."""
    known = select(Contact.id).where(Contact.tenant_id == _tenant(actor), _of_school(actor, Contact, roles))
    # Everything that led to the one that was merged away leads to the kept one now.
    ids = (model.kept_id,) if model is Merge else (model.left_id, model.right_id)
    return or_(model.kind == DuplicateKind.EMPLOYER, and_(*(each.in_(known) for each in ids)))


def _at_employers(actor: Actor, model: type[Any], _roles: frozenset[Role]) -> Clause:
    if model is Membership:
        return Membership.employer_id.is_not(None)
    partners = select(Membership.person_id).where(
        Membership.tenant_id == _tenant(actor),
        Membership.employer_id.is_not(None),
        Membership.ended_at.is_(None),
    )
    clause: Clause = PERSON[model].in_(partners)
    return clause


def _catalogue(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    if model is Opportunity:
        return _shown_in_catalogue(actor, roles)
    clause: Clause = EMPLOYER[model].in_(_shown_employers(actor, roles))
    return clause


_CLAUSES: dict[Scope, Callable[[Actor, type[Any], frozenset[Role]], Clause]] = {
    Scope.OWN: _own,
    Scope.CHILD: lambda actor, model, _: PERSON[model].in_(_children(actor)),
    Scope.CONTRIBUTED: lambda actor, _model, _: Connection.contributor_id == _me(actor),
    Scope.HOSTED: lambda actor, model, _: EMPLOYER[model] == _ids("employers", actor.employers()).any_(),
    Scope.ADVISEES: lambda actor, model, _: PERSON[model].in_(_advisees(actor)),
    Scope.SCHOOL: _of_school,
    Scope.CATALOGUE: _catalogue,
    Scope.PARTNERS: _at_employers,
    Scope.SHARED: _shared,
    Scope.POOLED: lambda _actor, model, _: SCHOOL[model].is_(None),
}
_WHOLE_TENANT = {Scope.TENANT, Scope.GRANTED}
_MERGEABLE = {Employer, Contact}


def allowed(actor: Actor, action: str, model: type[Any]) -> Clause:
    """Return the WHERE clause of the rows of `model` on which `actor` may do `action`: the only way to ask.

    Reading one, listing, counting and exporting use the same clause, so they cannot disagree.
    """
    found = scopes(actor, action)
    in_tenant: Clause = model.tenant_id == _tenant(actor)
    if model in _MERGEABLE:
        # What was merged into another one is there for the history only; the other one stands for it.
        in_tenant = and_(in_tenant, model.merged_into_id.is_(None))
    if model is Event:
        mine = Event.person_id == _me(actor)
        in_tenant = and_(in_tenant, or_(Event.subject_type.not_in(sorted(PRIVATE_NOUNS)), mine))
    if found.keys() & _WHOLE_TENANT:
        return in_tenant
    if not found:
        return false()
    return and_(
        in_tenant, or_(*(_CLAUSES[scope](actor, model, roles) for scope, roles in sorted(found.items())))
    )


async def get(
    session: AsyncSession, actor: Actor, action: str, model: type[Row], row_id: UUID, *, lock: bool = False
) -> Row:
    """Load the row an action is about: NotFound if the caller may not read it, Forbidden if not act on it.

    `lock` takes the row lock, for changes that look at more than this row.
    """
    noun = action.split(".", 1)[0]
    statement = select(model, allowed(actor, action, model).label("may")).where(
        model.id == row_id, or_(allowed(actor, f"{noun}.read", model), allowed(actor, action, model))
    )
    found = (await session.execute(statement.with_for_update(of=model) if lock else statement)).one_or_none()
    if found is None:
        raise _not_here(noun)
    row, may = found
    if not may:
        raise Forbidden(
            f"you may see this {noun.replace('_', ' ')}, but this is for someone else to do",
            spanish="puede ver este elemento, pero esta acción le corresponde a otra persona",
        )
    result: Row = row
    return result


_readable = HotSelect()


async def require_readable(unit: Unit, actor: Actor, noun: str, row_id: UUID) -> None:
    """Refuse, as if it did not exist, a thing that the caller may not read; on the driver, whatever the manner."""
    action, model = f"{noun}.read", MODELS[noun]

    def build() -> Select[Any]:
        return select(model.id).where(model.id == bindparam("row", type_=Uuid), allowed(actor, action, model))

    shape = (action, actor.roles, actor.oauth_scopes)
    if not await _readable.rows(unit, shape, build, {**binds(actor, action), "row": row_id}):
        raise _not_here(noun)


def _not_here(noun: str) -> NotFound:
    return NotFound(
        f"there is no {noun.replace('_', ' ')} here with this id that you may see",
        spanish="no existe aquí ningún elemento con ese id que usted pueda ver",
    )


class RowActions:
    """Which actions each row of a list or a representation allows this caller: boolean columns beside the row's own.

    Actions that the caller has by the same scopes share one column.
    """

    def __init__(self, actor: Actor, model: type[Any], actions: Iterable[str]) -> None:
        self._actor = actor
        self._model = model
        self._labels: dict[str, str] = {}
        self._actions: dict[str, str] = {}
        labels: dict[Any, str] = {}
        for action in actions:
            if found := scopes(actor, action):
                label = labels.setdefault(frozenset(found.items()), f"may_{len(labels)}")
                self._labels[action] = label
                self._actions.setdefault(label, action)
        self._known: dict[Any, list[str]] = {}

    @property
    def columns(self) -> list[ColumnElement[Any]]:
        """Return the columns to select beside the row's own."""
        return [
            allowed(self._actor, action, self._model).label(label) for label, action in self._actions.items()
        ]

    def take(self, row: dict[str, Any], possible: Sequence[str]) -> list[str]:
        """Return the verbs of `possible` that the row's flags allow, and remove the flags from the row."""
        flags = {label: row.pop(label) for label in self._actions}
        key = (id(possible), *flags.values())
        if key not in self._known:
            self._known[key] = sorted(
                action.split(".", 1)[1]
                for action in possible
                if flags.get(self._labels.get(action, ""), False)
            )
        return self._known[key]


def verbs(noun: str, transitions: Mapping[tuple[Any, Any], Any], *more: str) -> dict[str, list[str]]:
    """Return, for every status, the noun's actions that can lead on from it, with those possible in any status."""
    always = [f"{noun}.{verb}" for verb in more]
    found = {
        status.value: list(always)
        for status in {*transitions.values(), *(before for before, _ in transitions)}
    }
    for status, action in transitions:
        # What only the clock does (SYSTEM_ACTIONS) is in the table of the life, not in the policy.
        if (name := f"{noun}.{action.value}") in POLICY:
            found[status.value].append(name)
    return found
