"""The rows Kithwork takes from a roster, typed, each still knowing the line and the cells it came from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, NamedTuple


class Source(NamedTuple):
    """Where a row stands: `line` is the 1-based physical line of its start, `header` and `values` are as sent."""

    file: str
    line: int
    header: tuple[str, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """What every row has; `sourced_id` is unique within its file."""

    source: Source
    sourced_id: str

    @property
    def line(self) -> int:
        """The 1-based physical line the record starts on."""
        return self.source.line

    @property
    def cells(self) -> dict[str, str]:
        """The record's cells by column, exactly as sent."""
        return dict(zip(self.source.header, self.source.values, strict=False))


@dataclass(frozen=True, slots=True)
class Org(Row):
    """An organisation; `kind` is school, district, department, local, state, national or ext:..."""

    name: str
    kind: str
    identifier: str
    parent: str


@dataclass(frozen=True, slots=True)
class AcademicSession(Row):
    """A school year, semester, term or grading period; `school_year` is the year it ends in, None where not given."""

    title: str
    kind: str
    starts_on: date
    ends_on: date
    parent: str
    school_year: int | None


@dataclass(frozen=True, slots=True)
class Course(Row):
    """What is taught; classes are its occurrences."""

    title: str
    code: str
    grades: tuple[str, ...]
    org: str
    subjects: tuple[str, ...]
    subject_codes: tuple[str, ...]
    school_year: str


@dataclass(frozen=True, slots=True)
class Class(Row):
    """A group that meets; `class_type` is homeroom (an advisory), scheduled or ext:..."""

    title: str
    class_code: str
    class_type: str
    course: str
    school: str
    terms: tuple[str, ...]
    grades: tuple[str, ...]
    subjects: tuple[str, ...]
    periods: tuple[str, ...]
    location: str


@dataclass(frozen=True, slots=True)
class User(Row):
    """A person as the SIS knows them; `agents` are the sourcedIds of the people who stand for them."""

    enabled: bool
    username: str
    given_name: str
    middle_name: str
    family_name: str
    preferred_given_name: str
    preferred_middle_name: str
    preferred_family_name: str
    pronouns: str
    identifier: str
    email: str
    sms: str
    phone: str
    agents: tuple[str, ...]
    grades: tuple[str, ...]
    primary_org: str


@dataclass(frozen=True, slots=True)
class Role(Row):
    """What a person is at an organisation, in OneRoster's words."""

    user: str
    org: str
    role: str
    role_type: str
    begins_on: date | None
    ends_on: date | None


@dataclass(frozen=True, slots=True)
class Enrollment(Row):
    """A person in a class as student, teacher, proctor, administrator or ext:..."""

    class_id: str
    school: str
    user: str
    role: str
    primary: bool
    begins_on: date | None
    ends_on: date | None


Values = dict[str, Any]


def _org(source: Source, v: Values) -> Org:
    return Org(source, v["sourcedId"], v["name"], v["type"], v["identifier"], v["parentSourcedId"])


def _session(source: Source, v: Values) -> AcademicSession:
    return AcademicSession(
        source,
        v["sourcedId"],
        title=v["title"],
        kind=v["type"],
        starts_on=v["startDate"],
        ends_on=v["endDate"],
        parent=v["parentSourcedId"],
        school_year=v["schoolYear"],
    )


def _course(source: Source, v: Values) -> Course:
    return Course(
        source,
        v["sourcedId"],
        title=v["title"],
        code=v["courseCode"],
        grades=v["grades"],
        org=v["orgSourcedId"],
        subjects=v["subjects"],
        subject_codes=v["subjectCodes"],
        school_year=v["schoolYearSourcedId"],
    )


def _class(source: Source, v: Values) -> Class:
    return Class(
        source,
        v["sourcedId"],
        title=v["title"],
        class_code=v["classCode"],
        class_type=v["classType"],
        course=v["courseSourcedId"],
        school=v["schoolSourcedId"],
        terms=v["termSourcedIds"],
        grades=v["grades"],
        subjects=v["subjects"],
        periods=v["periods"],
        location=v["location"],
    )


def _user(source: Source, v: Values) -> User:
    return User(
        source,
        v["sourcedId"],
        enabled=v["enabledUser"],
        username=v["username"],
        given_name=v["givenName"],
        middle_name=v["middleName"],
        family_name=v["familyName"],
        preferred_given_name=v["preferredGivenName"],
        preferred_middle_name=v["preferredMiddleName"],
        preferred_family_name=v["preferredFamilyName"],
        pronouns=v["pronouns"],
        identifier=v["identifier"],
        email=v["email"],
        sms=v["sms"],
        phone=v["phone"],
        agents=v["agentSourcedIds"],
        grades=v["grades"],
        primary_org=v["primaryOrgSourcedId"],
    )


def _role(source: Source, v: Values) -> Role:
    return Role(
        source,
        v["sourcedId"],
        user=v["userSourcedId"],
        org=v["orgSourcedId"],
        role=v["role"],
        role_type=v["roleType"],
        begins_on=v["beginDate"],
        ends_on=v["endDate"],
    )


def _enrollment(source: Source, v: Values) -> Enrollment:
    return Enrollment(
        source,
        v["sourcedId"],
        class_id=v["classSourcedId"],
        school=v["schoolSourcedId"],
        user=v["userSourcedId"],
        role=v["role"],
        primary=bool(v["primary"]),
        begins_on=v["beginDate"],
        ends_on=v["endDate"],
    )


BUILDERS: Mapping[str, Callable[[Source, Values], Row]] = MappingProxyType(
    {
        "orgs": _org,
        "academicSessions": _session,
        "courses": _course,
        "classes": _class,
        "users": _user,
        "roles": _role,
        "enrollments": _enrollment,
    }
)
