"""Each scope of the policy as a WHERE clause: the rows that are one's own, one's child's, one's school's."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Date, Uuid, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from app.access.owners import EMPLOYER, PERSON, SCHOOL
from app.core import clock
from app.domain.duplicates.lives import DuplicateKind
from app.domain.opportunity import SHOWN_TO_STUDENTS
from app.domain.policy import Actor, Role, Scope, scopes
from app.domain.project_phase import FeedbackStatus
from app.domain.session import LIVE as LIVE_ENROLLMENTS
from app.models import (
    AdvisorLink,
    Connection,
    Contact,
    DuplicatePair,
    GuardianLink,
    Household,
    HouseholdMember,
    MapShare,
    Membership,
    Merge,
    Opportunity,
    OpportunitySession,
    Person,
    PhaseFeedback,
    ProjectTeam,
    RelationshipRound,
    RoundStudent,
    SessionEnrollment,
    StudentProfile,
    TeamMember,
    Tie,
    WeeklyPattern,
)

Clause = ColumnElement[bool]
_COORDINATOR = frozenset({Role.COORDINATOR})
_OF_TEAMS = {ProjectTeam, PhaseFeedback}
_OF_SESSIONS = frozenset({OpportunitySession, SessionEnrollment, WeeklyPattern})


def _ids(name: str, values: Iterable[UUID]) -> ColumnElement[Any]:
    return bindparam(name, list(values), type_=ARRAY(Uuid), unique=False)


def me(actor: Actor) -> ColumnElement[Any]:
    """Return the person who asks, as a parameter."""
    return bindparam("me", actor.person_id, type_=Uuid, unique=False)


def tenant(actor: Actor) -> ColumnElement[Any]:
    """Return the tenant of whoever asks, as a parameter."""
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
        GuardianLink.tenant_id == tenant(actor),
        GuardianLink.guardian_id == me(actor),
        GuardianLink.may_see,
        ~GuardianLink.no_contact,
        GuardianLink.ended_at.is_(None),
        or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
    )


def _advisees(actor: Actor) -> Any:
    return select(AdvisorLink.student_id).where(
        AdvisorLink.tenant_id == tenant(actor),
        AdvisorLink.advisor_id == me(actor),
        AdvisorLink.ended_at.is_(None),
    )


def _people_of_schools(actor: Actor, roles: frozenset[Role]) -> Any:
    members = select(Membership.person_id).where(
        Membership.tenant_id == tenant(actor),
        Membership.school_id == _schools(actor, roles).any_(),
        Membership.ended_at.is_(None),
    )
    guardians = select(GuardianLink.guardian_id).where(
        GuardianLink.tenant_id == tenant(actor),
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
            enrolled.tenant_id == tenant(actor),
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
        share.tenant_id == tenant(actor),
        share.adult_id == me(actor),
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
        or_(*(Opportunity.status == status for status in sorted(SHOWN_TO_STUDENTS))),
        or_(Opportunity.scope == "tenant", Opportunity.school_id == _schools(actor, roles).any_()),
    )


def _shown_employers(actor: Actor, roles: frozenset[Role]) -> Any:
    return select(Opportunity.employer_id).where(
        Opportunity.tenant_id == tenant(actor), _shown_in_catalogue(actor, roles)
    )


def _sessions_of(actor: Actor, students: Any) -> Clause:
    """Pick the sessions these students have a place in."""
    return OpportunitySession.id.in_(
        select(SessionEnrollment.session_id).where(
            SessionEnrollment.tenant_id == tenant(actor),
            SessionEnrollment.student_id.in_(students),
            SessionEnrollment.status.in_(LIVE_ENROLLMENTS),
        )
    )


def _own_session(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    """Pick what belongs to sessions: a student's own places, and what comes of a listing one looks after."""
    clauses: list[Clause] = []
    if Role.STUDENT in roles and model is SessionEnrollment:
        clauses.append(SessionEnrollment.student_id == me(actor))
    elif Role.STUDENT in roles:
        clauses.append(_sessions_of(actor, [me(actor)]))
    if roles - {Role.STUDENT}:
        looked_after = select(Opportunity.id).where(
            Opportunity.tenant_id == tenant(actor), Opportunity.owner_id == me(actor)
        )
        clauses.append(model.opportunity_id.in_(looked_after))
    return or_(*clauses)


def _in_team(actor: Actor, model: type[Any], students: Any) -> Clause:
    """Pick teams of these students, and the feedback on them: to the students and their families what is shared."""
    of_team = ProjectTeam.id if model is ProjectTeam else PhaseFeedback.team_id
    clause: Clause = of_team.in_(
        select(TeamMember.team_id).where(
            TeamMember.tenant_id == tenant(actor), TeamMember.student_id.in_(students)
        )
    )
    return clause


def _shared_in_team(actor: Actor, model: type[Any], students: Any) -> Clause:
    clause = _in_team(actor, model, students)
    return clause if model is ProjectTeam else and_(clause, PhaseFeedback.status == FeedbackStatus.SHARED)


def _of_children(actor: Actor, model: type[Any], _roles: frozenset[Role]) -> Clause:
    if model in _OF_TEAMS:
        return _shared_in_team(actor, model, _children(actor))
    if model is OpportunitySession:
        return _sessions_of(actor, _children(actor))
    clause: Clause = PERSON[model].in_(_children(actor))
    return clause


def _of_advisees(actor: Actor, model: type[Any], _roles: frozenset[Role]) -> Clause:
    if model in _OF_TEAMS:
        return _in_team(actor, model, _advisees(actor))
    if model is OpportunitySession:
        return _sessions_of(actor, _advisees(actor))
    clause: Clause = PERSON[model].in_(_advisees(actor))
    return clause


def _own(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    if model in _OF_SESSIONS:
        return _own_session(actor, model, roles)
    if model in _OF_TEAMS:
        return _shared_in_team(actor, model, [me(actor)])
    if model is RelationshipRound:
        # A student's rounds are those that ask about the student.
        asked = select(RoundStudent.round_id).where(
            RoundStudent.tenant_id == tenant(actor), RoundStudent.student_id == me(actor)
        )
        return RelationshipRound.id.in_(asked)
    own: Clause = PERSON[model] == me(actor)
    if model is GuardianLink:
        return or_(own, GuardianLink.guardian_id == me(actor))
    if model is AdvisorLink:
        return or_(own, AdvisorLink.advisor_id == me(actor))
    return own


def _of_school(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    if model in {DuplicatePair, Merge}:
        return _of_two(actor, model, roles)
    if model is Person:
        return Person.id.in_(_people_of_schools(actor, roles))
    if model in {GuardianLink, StudentProfile, Tie}:
        students: Clause = PERSON[model].in_(_people_of_schools(actor, roles))
        return students
    if model is Household:
        homes = select(HouseholdMember.household_id).where(
            HouseholdMember.tenant_id == tenant(actor),
            HouseholdMember.person_id.in_(_people_of_schools(actor, roles)),
        )
        return Household.id.in_(homes)
    clause: Clause = SCHOOL[model] == _schools(actor, roles).any_()
    if model is SessionEnrollment:
        # Who comes is known to the student's school, and to the school that runs the session.
        clause = or_(clause, SessionEnrollment.host_school_id == _schools(actor, roles).any_())
    if model is Contact:
        # Several schools may know one contact; whoever screens a connection sees whom it leads to.
        known = (
            select(Connection.id)
            .where(
                Connection.tenant_id == tenant(actor),
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
    known = select(Contact.id).where(Contact.tenant_id == tenant(actor), _of_school(actor, Contact, roles))
    # Everything that led to the one that was merged away leads to the kept one now.
    ids = (model.kept_id,) if model is Merge else (model.left_id, model.right_id)
    return or_(model.kind == DuplicateKind.EMPLOYER, and_(*(each.in_(known) for each in ids)))


def _at_employers(actor: Actor, model: type[Any], _roles: frozenset[Role]) -> Clause:
    if model is Membership:
        return Membership.employer_id.is_not(None)
    partners = select(Membership.person_id).where(
        Membership.tenant_id == tenant(actor),
        Membership.employer_id.is_not(None),
        Membership.ended_at.is_(None),
    )
    clause: Clause = PERSON[model].in_(partners)
    return clause


def _catalogue(actor: Actor, model: type[Any], roles: frozenset[Role]) -> Clause:
    if model is Opportunity:
        return _shown_in_catalogue(actor, roles)
    if model is OpportunitySession:
        shown = select(Opportunity.id).where(
            Opportunity.tenant_id == tenant(actor), _shown_in_catalogue(actor, roles)
        )
        return OpportunitySession.opportunity_id.in_(shown)
    clause: Clause = EMPLOYER[model].in_(_shown_employers(actor, roles))
    return clause


CLAUSES: Mapping[Scope, Callable[[Actor, type[Any], frozenset[Role]], Clause]] = {
    Scope.OWN: _own,
    Scope.CHILD: _of_children,
    Scope.CONTRIBUTED: lambda actor, _model, _: Connection.contributor_id == me(actor),
    Scope.HOSTED: lambda actor, model, _: EMPLOYER[model] == _ids("employers", actor.employers()).any_(),
    Scope.ADVISEES: _of_advisees,
    Scope.SCHOOL: _of_school,
    Scope.CATALOGUE: _catalogue,
    Scope.PARTNERS: _at_employers,
    Scope.SHARED: _shared,
    Scope.POOLED: lambda _actor, model, _: SCHOOL[model].is_(None),
}
