"""A roster in Kithwork's own words: what `plan` hands over to be stored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from app.domain.oneroster.faults import Fault
from app.domain.oneroster.rows import Class, Course


@dataclass(frozen=True, slots=True)
class RosterSchool:
    """An organisation of type school; `parent` is an organisation's sourcedId or ""."""

    sourced_id: str
    name: str
    identifier: str
    parent: str


@dataclass(frozen=True, slots=True)
class RosterUnit:
    """An organisation above or inside schools (district, department, local, state, national, ext:...)."""

    sourced_id: str
    name: str
    kind: str
    identifier: str
    parent: str


@dataclass(frozen=True, slots=True)
class RosterTerm:
    """A school year, semester, term or grading period."""

    sourced_id: str
    title: str
    kind: str
    starts_on: date
    ends_on: date
    parent: str
    school_year: int | None


@dataclass(frozen=True, slots=True)
class RosterPerson:
    """A human of the roster, under the names they prefer; blank where the SIS knows nothing."""

    sourced_id: str
    given_name: str
    middle_name: str
    family_name: str
    pronouns: str
    email: str
    phone: str
    sms: str
    username: str
    grades: tuple[str, ...]
    enabled: bool
    primary_org: str


@dataclass(frozen=True, slots=True)
class RosterMembership:
    """A person as student, advisor or guardian of a school.

    `sourced_id` is that of the roles.csv row. A guardian known only as somebody's agent has one `derived` membership per
    school of their children, whose stable id is "agent:<guardian>@<school>".
    """

    sourced_id: str
    person: str
    role: str
    school: str
    begins_on: date | None
    ends_on: date | None
    roster_role: str
    primary: bool
    derived: bool = False


@dataclass(frozen=True, slots=True)
class RosterGuardianLink:
    """Who stands for a student; `relationship` is parent, guardian or relative."""

    student: str
    guardian: str
    relationship: str


@dataclass(frozen=True, slots=True)
class RosterEnrollment:
    """A person in a class, as student or teacher."""

    sourced_id: str
    class_id: str
    person: str
    role: str
    primary: bool
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class RosterPlan:
    """Everything to store, end and leave, by sourcedId; mappings go by the manifest's name of a file ("users").

    What is stored by a file in `bulk_files`, neither in the plan nor in `held`, has ended; so has everything in `ended`. `students`
    are those whose guardian links are complete here: links of theirs that the plan lacks are gone (a student is not among them
    while an agent's own role row is rejected). Notices of the package are included.
    """

    schools: tuple[RosterSchool, ...]
    units: tuple[RosterUnit, ...]
    terms: tuple[RosterTerm, ...]
    people: tuple[RosterPerson, ...]
    memberships: tuple[RosterMembership, ...]
    guardian_links: tuple[RosterGuardianLink, ...]
    students: frozenset[str]
    courses: tuple[Course, ...]
    classes: tuple[Class, ...]
    enrollments: tuple[RosterEnrollment, ...]
    ended: Mapping[str, frozenset[str]]
    held: Mapping[str, frozenset[str]]
    bulk_files: frozenset[str]
    notices: tuple[Fault, ...]
