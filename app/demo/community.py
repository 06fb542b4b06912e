"""The people of the demo community: schools, families, advisories, and who belongs to whom."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from app.demo.ledger import Ledger, Row
from app.demo.names import Culture, Name, mailbox, pick_culture, pick_name
from app.demo.places import SCHOOLS, TENANT_NAME, TENANT_SLUG, ZONE, SchoolPlace
from app.domain.policy import Role
from app.models import (
    AdvisorLink,
    Class,
    Course,
    Enrollment,
    GuardianLink,
    Membership,
    Person,
    School,
    Tenant,
    Term,
)

GUARDIANS = 900
FAMILY_MAIL = "example.com"
SCHOOL_MAIL = "lakeshore.example.org"
_YOUNGEST_GRADE, _OLDEST_GRADE = 9, 12
_WITHOUT_MAIL = 0.1
_NAMESAKE = 0.8
_RESTRICTED = 0.025
_COURSES = ("Internship Seminar", "Financial Literacy", "Career Exploration", "Writing for Work")
_COURSE_SIZE = 26


@dataclass(frozen=True, slots=True)
class Student:
    """A student, the advisor, and the guardians who may see what the student does."""

    person: Row
    school: Row
    advisor: Row
    guardians: list[Row]


class Contributor(NamedTuple):
    """Someone who may bring connections: with what role, at which school, out of which household."""

    person: Row
    role: Role
    school: Row
    household: int


@dataclass(slots=True)
class Community:
    """Everybody who was written down, for the chapters that follow."""

    schools: list[Row] = field(default_factory=list)
    students: list[Student] = field(default_factory=list)
    contributors: list[Contributor] = field(default_factory=list)
    advisors: dict[str, list[Row]] = field(default_factory=dict)
    coordinators: dict[str, list[Row]] = field(default_factory=dict)
    district_admin: Row = field(default_factory=dict)
    logins: dict[Role, tuple[str, Row, Row | None]] = field(default_factory=dict)
    _people: dict[UUID, Row] = field(default_factory=dict)

    def person(self, person_id: UUID) -> Row:
        """Return the row of somebody who may contribute."""
        return self._people[person_id]

    def join(self, contributor: Contributor) -> None:
        """Let somebody contribute from now on."""
        self.contributors.append(contributor)
        self._people[contributor.person["id"]] = contributor.person

    def coordinator(self, school: Row, turn: int = 0) -> Row:
        """Return a coordinator of a school; the turn goes round where there are several."""
        found = self.coordinators[school["name"]]
        return found[turn % len(found)]


class _Family(NamedTuple):
    """A family that the printed logins belong to."""

    students: tuple[tuple[Name, int], ...]
    guardians: tuple[Name, ...]


# The logins' own people. The guardian is another student's mother, at the same school.
_STUDENT = Name("Imani", "Whitfield", "en")
_GUARDIAN = Name("Marisol", "Escamilla", "es")
_ADVISOR = Name("Rosalind", "Agyeman", "en")
_COORDINATOR = Name("Halina", "Barakat", "en")
_ADMIN = Name("Jamil", "Thackery", "en")
_OPERATOR = Name("Linh", "Oakes", "en")
_FAMILIES = (
    _Family(((_STUDENT, 11),), (Name("Denise", "Whitfield", "en"), Name("Terrence", "Whitfield", "en"))),
    _Family(((Name("Leonel", "Escamilla", "es"), 10),), (_GUARDIAN,)),
)


def settle(ledger: Ledger) -> Community:
    """Write down the district, its schools and terms, its staff, its students and their families."""
    community = Community()
    founded = ledger.ago(700)
    tenant = ledger.add(Tenant, founded, slug=TENANT_SLUG, name=TENANT_NAME, zone=ZONE)
    tenant["id"] = ledger.tenant_id
    district = ledger.add(School, founded, name=TENANT_NAME, kind="district", sourced_id="org-district")
    year = _terms(ledger)
    for place in SCHOOLS:
        school = ledger.add(
            School,
            founded,
            name=place.name,
            sourced_id=f"org-{place.code}",
            parent_id=district["id"],
            zone=ZONE,
            latitude=place.latitude,
            longitude=place.longitude,
        )
        community.schools.append(school)
        _staff(ledger, community, place, school)
    for role, name in ((Role.DISTRICT_ADMIN, _ADMIN), (Role.OPERATOR, _OPERATOR)):
        person = _employ(ledger, community, name, role, None)
        if role is Role.DISTRICT_ADMIN:
            community.district_admin = person
    _families(ledger, community, year)
    _classes(ledger, community, year)
    return community


def _terms(ledger: Ledger) -> date:
    """Write down this school year and its halves; return its first day."""
    summer = 7
    first = date(ledger.today.year - (ledger.today.month < summer), 8, 24)
    title = f"{first.year}-{first.year + 1}"
    for name, kind, starts_on, ends_on in (
        (f"School year {title}", "schoolYear", first, date(first.year + 1, 6, 12)),
        (f"Fall {first.year}", "semester", first, date(first.year + 1, 1, 22)),
        (f"Spring {first.year + 1}", "semester", date(first.year + 1, 1, 25), date(first.year + 1, 6, 12)),
    ):
        ledger.add(
            Term,
            ledger.ago(690),
            title=name,
            kind=kind,
            starts_on=starts_on,
            ends_on=ends_on,
            school_year=str(first.year + 1),
            sourced_id=f"term-{kind}-{starts_on.isoformat()}",
        )
    return first


def _staff(ledger: Ledger, community: Community, place: SchoolPlace, school: Row) -> None:
    mine = not community.advisors
    for number in range(place.coordinators):
        name = _COORDINATOR if mine and number == 0 else pick_name(ledger.random)
        person = _employ(ledger, community, name, Role.COORDINATOR, school)
        community.coordinators.setdefault(place.name, []).append(person)
    for number in range(place.advisors):
        name = _ADVISOR if mine and number == 0 else pick_name(ledger.random)
        person = _employ(ledger, community, name, Role.ADVISOR, school)
        community.advisors.setdefault(place.name, []).append(person)
        community.join(Contributor(person, Role.ADVISOR, school, -1))


def _employ(ledger: Ledger, community: Community, name: Name, role: Role, school: Row | None) -> Row:
    at = ledger.ago(680, 400)
    address = ledger.unused_login(f"{mailbox(name)}@{SCHOOL_MAIL}")
    from_roster = role is Role.ADVISOR
    person = ledger.add(
        Person,
        at,
        given_name=name.given,
        family_name=name.family,
        email=address,
        locale=name.locale,
        sourced_id=f"staff-{address.partition('@')[0]}" if from_roster else None,
    )
    ledger.open_account(person, address)
    _join(ledger, person, role, school, from_roster=from_roster)
    if role not in community.logins:
        community.logins[role] = (address, person, school)
    return person


def _join(ledger: Ledger, person: Row, role: Role, school: Row | None, *, from_roster: bool = True) -> None:
    ledger.add(
        Membership,
        person["created_at"],
        person_id=person["id"],
        role=role,
        school_id=None if school is None else school["id"],
        source="roster" if from_roster else "staff",
        sourced_ids=[f"role-{person['id'].hex[-12:]}"] if from_roster else [],
    )


def _families(ledger: Ledger, community: Community, year: date) -> None:
    """Deal the places at the schools to households of one to three students, and give each its adults."""
    random = ledger.random
    homes: list[tuple[_Family, Culture, int]] = []
    for index, place in enumerate(SCHOOLS):
        wanted = place.students
        if index == 0:
            homes += [(family, pick_culture(random), index) for family in _FAMILIES]
            wanted -= len(_FAMILIES)
        while wanted:
            size = min(wanted, random.choices((1, 2, 3), (75, 21, 4))[0])
            culture = pick_culture(random)
            first = pick_name(random, culture)
            students = tuple(
                (
                    pick_name(random, culture, first.family) if number else first,
                    random.randint(_YOUNGEST_GRADE, _OLDEST_GRADE),
                )
                for number in range(size)
            )
            homes.append((_Family(students, ()), culture, index))
            wanted -= size
    generated = len(homes) - len(_FAMILIES)
    named = sum(len(family.guardians) for family in _FAMILIES)
    second = set(random.sample(range(generated), GUARDIANS - named - generated))
    for number, (family, culture, index) in enumerate(homes):
        if not family.guardians:
            adults = 1 + (number - len(_FAMILIES) in second)
            family = family._replace(guardians=_adults(ledger, culture, family, adults))  # noqa: PLW2901 - completed here
        _family(ledger, community, family, community.schools[index], number, year)


def _adults(ledger: Ledger, culture: Culture, family: _Family, count: int) -> tuple[Name, ...]:
    random = ledger.random
    shared = family.students[0][0].family
    locale = family.students[0][0].locale
    return tuple(
        pick_name(random, culture, shared if random.random() < _NAMESAKE else None)._replace(locale=locale)
        for _ in range(count)
    )


def _family(
    ledger: Ledger, community: Community, family: _Family, school: Row, household: int, year: date
) -> None:
    random = ledger.random
    adults = []
    for name in family.guardians:
        person = _guardian(ledger, name, reachable=name is _GUARDIAN or random.random() >= _WITHOUT_MAIL)
        _join(ledger, person, Role.GUARDIAN, school)
        adults.append(person)
        if person["email"] is not None:
            community.join(Contributor(person, Role.GUARDIAN, school, household))
        if name is _GUARDIAN:
            community.logins[Role.GUARDIAN] = (person["email"], person, school)
    for name, grade in family.students:
        person = _student(ledger, name, grade, year)
        _join(ledger, person, Role.STUDENT, school)
        if name is _STUDENT:
            community.logins[Role.STUDENT] = (person["email"], person, school)
        advisors = community.advisors[school["name"]]
        turn = sum(1 for student in community.students if student.school is school) % len(advisors)
        advisor = advisors[turn]
        told = [adult for adult in adults if _link(ledger, person, adult, family)]
        community.students.append(Student(person, school, advisor, told))
        community.join(Contributor(person, Role.STUDENT, school, household))
        ledger.add(
            AdvisorLink,
            person["created_at"],
            advisor_id=advisor["id"],
            student_id=person["id"],
            school_id=school["id"],
            source="roster",
        )


def _guardian(ledger: Ledger, name: Name, *, reachable: bool) -> Row:
    address = ledger.unused_login(f"{mailbox(name)}@{FAMILY_MAIL}") if reachable else None
    person = ledger.add(
        Person,
        ledger.ago(660, 380),
        given_name=name.given,
        family_name=name.family,
        email=address,
        # 555-01xx is kept free for stories.
        phone=f"+1-814-555-01{ledger.random.randrange(100):02d}",
        locale=name.locale,
    )
    person["sourced_id"] = f"agent-{person['id'].hex[-12:]}"
    if address is not None:
        ledger.open_account(person, address)
    return person


def _student(ledger: Ledger, name: Name, grade: int, year: date) -> Row:
    random = ledger.random
    printed = name is _STUDENT
    has_mail = printed or grade > _YOUNGEST_GRADE
    username = ledger.unused_login(f"{mailbox(name)}@{SCHOOL_MAIL if has_mail else TENANT_SLUG}")
    # Fourteen or fifteen on the first day of grade nine.
    born_on = date(year.year - grade - 5, 9, 1) - timedelta(days=random.randrange(360))
    person = ledger.add(
        Person,
        ledger.ago(650, 370),
        given_name=name.given,
        family_name=name.family,
        email=username if has_mail else None,
        locale=name.locale,
        # A roster does not always know a birth date; such a student's age is a question for a human.
        born_on=born_on if printed or random.random() >= 1 / 50 else None,
        grades=[str(grade)],
        sourced_username=username.partition("@")[0],
    )
    person["sourced_id"] = f"user-{person['id'].hex[-12:]}"
    ledger.open_account(person, username)
    return person


def _link(ledger: Ledger, student: Row, adult: Row, family: _Family) -> bool:
    """Link a student and an adult; say whether the adult may see what the student does."""
    random = ledger.random
    plain = family in _FAMILIES
    restricted = not plain and random.random() < _RESTRICTED
    limited = not plain and not restricted and random.random() < _RESTRICTED
    ledger.add(
        GuardianLink,
        student["created_at"],
        student_id=student["id"],
        guardian_id=adult["id"],
        relationship_kind="parent"
        if plain
        else random.choices(("parent", "guardian", "relative"), (8, 1, 1))[0],
        may_see=not restricted,
        may_sign=not restricted and not limited,
        no_contact=restricted,
        until_on=ledger.today + timedelta(days=random.randrange(30, 300)) if limited else None,
        source="roster",
    )
    return not restricted


def _classes(ledger: Ledger, community: Community, year: date) -> None:
    """Write down every advisory, and a few courses that meet at each school."""
    at = ledger.ago(368)
    for school in community.schools:
        mine = [student for student in community.students if student.school is school]
        for number, advisor in enumerate(community.advisors[school["name"]], 1):
            advisory = ledger.add(
                Class,
                at,
                title=f"Advisory {number}",
                school_id=school["id"],
                class_type="homeroom",
                sourced_id=f"class-{school['sourced_id']}-advisory-{number}",
            )
            advisees = [student.person for student in mine if student.advisor is advisor]
            _enroll(ledger, advisory, advisor, advisees, year)
        for number, title in enumerate(_COURSES):
            course = ledger.add(
                Course,
                at,
                title=title,
                code=f"C{number + 1:02d}",
                school_id=school["id"],
                sourced_id=f"course-{school['sourced_id']}-{number + 1}",
            )
            taught = ledger.add(
                Class,
                at,
                title=title,
                school_id=school["id"],
                course_id=course["id"],
                sourced_id=f"class-{school['sourced_id']}-{number + 1}",
            )
            teacher = community.advisors[school["name"]][number]
            taking = [student.person for student in ledger.random.sample(mine, _COURSE_SIZE)]
            _enroll(ledger, taught, teacher, taking, year)


def _enroll(ledger: Ledger, group: Row, teacher: Row, students: list[Row], year: date) -> None:
    for person in (teacher, *students):
        ledger.add(
            Enrollment,
            group["created_at"],
            class_id=group["id"],
            person_id=person["id"],
            role="teacher" if person is teacher else "student",
            begins_on=year,
            sourced_id=f"enr-{group['sourced_id']}-{person['id'].hex[-12:]}",
        )
