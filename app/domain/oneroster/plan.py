"""What Kithwork makes of a roster: schools, terms, people, who they are where, who stands for whom, and classes."""

from collections import defaultdict
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from types import MappingProxyType

from app.domain.oneroster.binding import FILES, Mode
from app.domain.oneroster.faults import Fault, shown
from app.domain.oneroster.package import NOTHING_KNOWN, Package
from app.domain.oneroster.references import Known
from app.domain.oneroster.roster import (
    RosterEnrollment,
    RosterGuardianLink,
    RosterMembership,
    RosterPerson,
    RosterPlan,
    RosterSchool,
    RosterTerm,
    RosterUnit,
)
from app.domain.oneroster.rows import Enrollment, Role, User
from app.domain.oneroster.schools import SchoolFinder

STUDENT, GUARDIAN, ADVISOR = "student", "guardian", "advisor"

# The strongest first: a mother entered both as parent and as relative stands for her child as a parent.
GUARDIAN_ROLES = ("parent", "guardian", "relative")
ADMIN_ROLES = frozenset(
    {"principal", "administrator", "siteAdministrator", "districtAdministrator", "systemAdministrator"}
)
STAFF_ROLES = ADMIN_ROLES | {"teacher", "aide", "counselor", "proctor"}
ROLE_IN_KITHWORK: Mapping[str, str] = MappingProxyType(
    {STUDENT: STUDENT} | dict.fromkeys(GUARDIAN_ROLES, GUARDIAN) | dict.fromkeys(STAFF_ROLES, ADVISOR)
)
CLASS_ROLES = frozenset({STUDENT, "teacher"})
NO_ROLES: Mapping[str, AbstractSet[str]] = MappingProxyType({})


def plan(
    package: Package,
    known: Known = NOTHING_KNOWN,
    *,
    stored_roles: Mapping[str, AbstractSet[str]] = NO_ROLES,
    stored_schools: Mapping[str, str] = MappingProxyType({}),
) -> RosterPlan:
    """Decide what a package means.

    Staff arrive as advisors, never as coordinators; only a guardian, parent or relative (or an agent of whom nothing else is
    known) becomes a student's guardian.

    A delta leaves out what did not change, so for it three things stored before count as well: `known` (as read_package took
    it), `stored_roles` (a user's sourcedId to "student", "advisor", "guardian") and `stored_schools` (an organisation's sourcedId
    to that of the one school it is, lies in or holds).
    """
    return _Planner(package, known, stored_roles, stored_schools).plan()


@dataclass(slots=True)
class _Planner:
    package: Package
    known: Known
    stored_roles: Mapping[str, AbstractSet[str]]
    stored_schools: Mapping[str, str]
    notices: list[Fault] = field(default_factory=list)
    roles_of: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    unsure: set[str] = field(default_factory=set)
    """Whose row in roles.csv was rejected: what they are is not known, and nothing is to be concluded from its absence."""

    def plan(self) -> RosterPlan:
        package = self.package
        orgs = package.orgs
        schools = SchoolFinder(orgs, self.stored_schools)
        roles, users, enrollments = package.roles, package.users, package.enrollments
        for role in roles:
            self.roles_of[role.user].add(role.role)
        self.unsure = _users_of_rejected_roles(package)
        memberships = self._memberships(roles, schools)
        students = self._students(users, enrollments)
        links = self._links(users, students)
        memberships += _derived(links, memberships, {user.sourced_id: user for user in users}, schools)
        self._find_roleless(users, {link.guardian for link in links})
        return RosterPlan(
            schools=tuple(
                RosterSchool(org.sourced_id, org.name, org.identifier, org.parent)
                for org in orgs
                if org.kind == "school"
            ),
            units=tuple(
                RosterUnit(org.sourced_id, org.name, org.kind, org.identifier, org.parent)
                for org in orgs
                if org.kind != "school"
            ),
            terms=tuple(
                RosterTerm(
                    each.sourced_id,
                    each.title,
                    each.kind,
                    each.starts_on,
                    each.ends_on,
                    each.parent,
                    each.school_year,
                )
                for each in package.academic_sessions
            ),
            people=tuple(_person(user) for user in users),
            memberships=tuple(memberships),
            guardian_links=tuple(links),
            students=frozenset(
                user.sourced_id
                for user in users
                if user.sourced_id in students and self.unsure.isdisjoint(user.agents)
            ),
            courses=package.courses,
            classes=package.classes,
            enrollments=self._enrollments(enrollments),
            ended=package.ended,
            held=package.held,
            bulk_files=package.bulk_files,
            notices=(*package.notices, *self.notices),
        )

    def _memberships(self, roles: tuple[Role, ...], schools: SchoolFinder) -> list[RosterMembership]:
        memberships = []
        for role in roles:
            ours = ROLE_IN_KITHWORK.get(role.role)
            if ours is None:
                self._notice(role.source.file, role.line, "role", "role_not_kept", role.role)
                continue
            if role.role in ADMIN_ROLES:
                self._notice(role.source.file, role.line, "role", "staff_as_advisor", role.role)
            school = schools.of(role.org)
            if school is not None:
                memberships.append(
                    RosterMembership(
                        role.sourced_id,
                        role.user,
                        ours,
                        school,
                        role.begins_on,
                        role.ends_on,
                        role.role,
                        primary=role.role_type == "primary",
                    )
                )
            elif ours != GUARDIAN:
                # A guardian held at the district is one in the schools of the children, through the links.
                self._notice(role.source.file, role.line, "orgSourcedId", "role_not_at_a_school", role.org)
        return memberships

    def _students(self, users: tuple[User, ...], enrollments: tuple[Enrollment, ...]) -> set[str]:
        """Whoever is a student by a role, by an enrolment, or by having agents and no role at all that says otherwise."""
        students = {person for person, roles in self.roles_of.items() if STUDENT in roles}
        students |= {person for person, roles in self.stored_roles.items() if STUDENT in roles}
        students |= {each.user for each in enrollments if each.role == STUDENT}
        return students | {
            user.sourced_id
            for user in users
            if user.agents
            and not self.roles_of.get(user.sourced_id)
            and not self.stored_roles.get(user.sourced_id)
        }

    def _links(self, users: tuple[User, ...], students: set[str]) -> list[RosterGuardianLink]:
        links = []
        for user in users:
            if not user.agents:
                continue
            if user.sourced_id not in students:
                self._notice(user.source.file, user.line, "agentSourcedIds", "agents_of_no_student", "")
                continue
            for agent in user.agents:
                relationship = "" if agent == user.sourced_id else self._relationship(agent)
                if relationship:
                    links.append(RosterGuardianLink(user.sourced_id, agent, relationship))
                else:
                    self._notice(user.source.file, user.line, "agentSourcedIds", "agent_not_guardian", agent)
        return links

    def _relationship(self, agent: str) -> str:
        """Say what an agent is to a student: "" for one who is something else at school and no guardian."""
        roles = self.roles_of.get(agent, set())
        for role in GUARDIAN_ROLES:
            if role in roles:
                return role
        stored = self.stored_roles.get(agent, set())
        return GUARDIAN if GUARDIAN in stored or not (roles or stored or agent in self.unsure) else ""

    def _enrollments(self, enrollments: tuple[Enrollment, ...]) -> tuple[RosterEnrollment, ...]:
        kept = []
        for each in enrollments:
            if each.role in CLASS_ROLES:
                kept.append(
                    RosterEnrollment(
                        each.sourced_id,
                        each.class_id,
                        each.user,
                        each.role,
                        each.primary,
                        each.begins_on,
                        each.ends_on,
                    )
                )
            else:
                self._notice(each.source.file, each.line, "role", "enrollment_role_not_kept", each.role)
        return tuple(kept)

    def _find_roleless(self, users: tuple[User, ...], guardians: set[str]) -> None:
        if "roles" not in self.package.modes:
            if users:
                self._notice(FILES["roles"].file, 0, "", "roles_absent", "")
            return
        stored = (
            self.known.get("users", frozenset()) if self.package.modes["roles"] is Mode.DELTA else frozenset()
        )
        for user in users:
            own = user.sourced_id
            if not self.roles_of.get(own) and own not in guardians and own not in stored:
                self._notice(user.source.file, user.line, "sourcedId", "person_without_role", own)

    def _notice(self, file: str, line: int, column: str, code: str, value: str) -> None:
        self.notices.append(Fault(file, line, column, code, shown(value)))


def _users_of_rejected_roles(package: Package) -> set[str]:
    header = package.headers.get("roles", ())
    if "userSourcedId" not in header:
        return set()
    at = header.index("userSourcedId")
    return {row.cells[at].strip(' "') for row in package.rejected.get("roles", ()) if at < len(row.cells)}


def _person(user: User) -> RosterPerson:
    return RosterPerson(
        sourced_id=user.sourced_id,
        given_name=user.preferred_given_name or user.given_name,
        middle_name=user.preferred_middle_name or user.middle_name,
        family_name=user.preferred_family_name or user.family_name,
        pronouns=user.pronouns,
        email=user.email,
        phone=user.phone,
        sms=user.sms,
        username=user.username,
        grades=user.grades,
        enabled=user.enabled,
        primary_org=user.primary_org,
    )


def _derived(
    links: list[RosterGuardianLink],
    memberships: list[RosterMembership],
    users: Mapping[str, User],
    schools: SchoolFinder,
) -> list[RosterMembership]:
    """Give guardians a membership in every school of their children where roles.csv has none.

    A child without a role row in the package counts in the school of its primaryOrgSourcedId.
    """
    attends: dict[str, set[str]] = defaultdict(set)
    there = set()
    for each in memberships:
        if each.role == STUDENT:
            attends[each.person].add(each.school)
        elif each.role == GUARDIAN:
            there.add((each.person, each.school))
    derived = {}
    for link in links:
        primary = schools.of(users[link.student].primary_org)
        for school in sorted(attends.get(link.student) or ({primary} if primary else ())):
            key = (link.guardian, school)
            if key not in there and key not in derived:
                derived[key] = RosterMembership(
                    f"agent:{link.guardian}@{school}",
                    link.guardian,
                    GUARDIAN,
                    school,
                    None,
                    None,
                    link.relationship,
                    primary=False,
                    derived=True,
                )
    return list(derived.values())
