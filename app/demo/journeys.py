"""What the demo community's students have done: wishes, pursuits in every state, and placements that came of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from app.demo.community import Community, Student
from app.demo.ledger import SYSTEM, Ledger, Row, Step, Whom
from app.demo.listings import Listing
from app.demo.names import mailbox, pick_name
from app.demo.paths import (
    BY_ADVISOR,
    BY_STUDENT,
    GAPS,
    GOALS,
    MESSAGES,
    PATHS,
    PRINTED_PATHS,
    REASONS,
    UNDECIDED,
    Path,
)
from app.demo.places import ZONE
from app.domain import placement as placements
from app.domain import pursuit as pursuits
from app.domain.employer import EmployerStatus
from app.domain.errors import Refused
from app.domain.local_time import end_of_day, local_day
from app.domain.notices import Audience
from app.domain.opportunity import OPEN_TO_STUDENTS, OpportunityScope, OpportunityStatus
from app.domain.opportunity_types import OpportunityTypeCode, Stage
from app.domain.placement import FREES_SEAT, OVER, PlacementAction, PlacementStatus
from app.domain.policy import Role
from app.domain.pursuit import (
    HOLDS_SEAT,
    PursuitAction,
    PursuitStatus,
    age_check,
    reminder,
)
from app.domain.tenant_settings import DEFAULTS
from app.domain.waitlist import WaitingStatus, offer_until
from app.models import Favorite, Membership, Person, Placement, Pursuit, WaitingEntry

FAVORITES = 1500
_HOLDS = 8
_APPROVED_FOR = timedelta(days=DEFAULTS.pursuit_days)
_P, _W = PursuitAction, PlacementAction


def build_journeys(ledger: Ledger, community: Community, listings: list[Listing]) -> dict[UUID, Row]:
    """Write down supervisors, wishes, pursuits and placements, and set the seats they take.

    Returns the supervisors by employer.
    """
    supervisors = _supervisors(ledger, listings)
    walker = _Walker(ledger, community, listings, supervisors)
    printed = community.logins[Role.STUDENT][1]
    others = [student for student in community.students if student.person is not printed]
    mine = [student for student in community.students if student.person is printed]
    # Everyone has at most one of the journeys that lead to a placement.
    ready = ledger.random.sample(others, len(others))
    for path in PATHS:
        for _ in range(path.many):
            walker.walk(path, [ready.pop()] if _P.APPROVE_START in path.steps else others)
    for path in PRINTED_PATHS:
        walker.walk(path, mine)
    walker.hold_seats()
    _favorites(ledger, community, listings)
    community.logins[Role.SUPERVISOR] = walker.busiest_supervisor()
    return supervisors


def _supervisors(ledger: Ledger, listings: list[Listing]) -> dict[UUID, Row]:
    """Give every vetted employer with a published place to work at somebody who looks after its students."""
    found: dict[UUID, Row] = {}
    for listing in listings:
        employer = listing.host.employer
        if (
            employer["id"] in found
            or listing.row["status"] not in OPEN_TO_STUDENTS
            or listing.stage is Stage.ABOUT
        ):
            continue
        name = pick_name(ledger.random)
        word = employer["website"].removeprefix("https://").partition("-")[0]
        address = ledger.unused_login(f"{mailbox(name)}@{word}.example.com")
        person = ledger.add(
            Person,
            ledger.later(employer["updated_at"], 20, 2),
            given_name=name.given,
            family_name=name.family,
            email=address,
            locale=name.locale,
        )
        ledger.open_account(person, address)
        at: datetime = person["created_at"]
        ledger.add(
            Membership,
            at,
            person_id=person["id"],
            role=Role.SUPERVISOR,
            employer_id=employer["id"],
            source="staff",
        )
        found[employer["id"]] = person
    return found


@dataclass(slots=True)
class _Walker:
    """Leads students along paths, and counts the seats they take."""

    ledger: Ledger
    community: Community
    listings: list[Listing]
    supervisors: dict[UUID, Row]
    turn: int = 0
    pairs: set[tuple[UUID, UUID]] = field(default_factory=set)
    waiting: dict[UUID, list[tuple[Row, Student]]] = field(default_factory=dict)
    placed: dict[UUID, int] = field(default_factory=dict)

    def walk(self, path: Path, students: Sequence[Student]) -> None:
        """Let one of the students go a path, at an opportunity that fits."""
        self.turn += 1
        at, student, listing, checks = self._start(path, students)
        self.pairs.add((student.person["id"], listing.row["id"]))
        row = self.ledger.add(
            Pursuit,
            at,
            status=PursuitStatus.REQUESTED,
            student_id=student.person["id"],
            opportunity_id=listing.row["id"],
            school_id=student.school["id"],
            message=self.ledger.random.choice(MESSAGES),
            checks=checks,
            requested_at=at,
        )
        whom = self._whom(student, listing)
        self.ledger.created("pursuit", row, student.person, row["student_id"], whom)
        times = self._times(path, at)
        window = _window(self.ledger, times)
        placement: Row | None = None
        for action in path.steps:
            if placement is None or isinstance(action, PursuitAction):
                self._pursue(row, Step(action, times[action], *self._author(action, student)), window, whom)
                if action is _P.APPROVE_START:
                    placement = self._place(row, student, listing, times[action], whom)
            else:
                self._work(placement, Step(action, times[action], *self._author(action, student)), whom)
        if row["status"] is PursuitStatus.REQUESTED:
            self.waiting.setdefault(listing.row["id"], []).append((row, student))
        holds = row["status"] in HOLDS_SEAT and (placement is None or placement["status"] not in FREES_SEAT)
        listing.row["seats_taken"] += holds

    def hold_seats(self) -> None:
        """Let those who ask for what is full stand in line, and offer some a seat that came back."""
        by_id = {listing.row["id"]: listing for listing in self.listings}
        held = 0
        for opportunity_id, queue in self.waiting.items():
            listing = by_id[opportunity_id]
            free = listing.row["seats"] - listing.row["seats_taken"]
            if free > 1 or (free == 1 and held == _HOLDS):
                continue
            queue.sort(key=lambda waiting: (waiting[0]["requested_at"], waiting[0]["id"]))
            line = [(self._stand_in_line(row, student), student) for row, student in queue]
            if free == 1:
                entry, student = line[0]
                at = self.ledger.ago(0.03, 0.01)
                entry["status"], entry["offered_at"] = WaitingStatus.OFFERED, at
                entry["offer_until"] = offer_until(at, DEFAULTS.waitlist_hours)
                whom = self._whom(student, listing)
                self.ledger.note("waiting_entry.offer", entry, at, entry["student_id"], whom)
                listing.row["seats_taken"] += 1
                held += 1

    def _stand_in_line(self, row: Row, student: Student) -> Row:
        entry = self.ledger.add(
            WaitingEntry,
            row["requested_at"],
            status=WaitingStatus.WAITING,
            opportunity_id=row["opportunity_id"],
            session_id=None,
            student_id=row["student_id"],
            school_id=row["school_id"],
            joined_at=row["requested_at"],
            offered_at=None,
            offer_until=None,
        )
        self.ledger.created("waiting_entry", entry, student.person, row["student_id"])
        return entry

    def busiest_supervisor(self) -> tuple[str, Row, None]:
        """Return the login of the supervisor with the most students now."""
        employer_id = max(self.placed, key=lambda employer_id: self.placed[employer_id])
        person = self.supervisors[employer_id]
        return person["email"], person, None

    def _start(self, path: Path, students: Sequence[Student]) -> tuple[datetime, Student, Listing, list[str]]:
        """Draw until student, opportunity and moment fit together."""
        random = self.ledger.random
        at_work = _P.APPROVE_START in path.steps
        while True:
            at, student, listing = (
                self.ledger.ago(*path.days),
                random.choice(students),
                random.choice(self.listings),
            )
            row = listing.row
            published_at = row["published_at"]
            if published_at is None or published_at >= at or (student.person["id"], row["id"]) in self.pairs:
                continue
            if listing.host.employer["status"] is not EmployerStatus.VETTED or not _fits(path, listing):
                continue
            if path.seat and row["seats_taken"] >= row["seats"]:
                continue
            if row["scope"] is OpportunityScope.SCHOOL and row["school_id"] != student.school["id"]:
                continue
            if at_work and listing.stage is Stage.ABOUT and row["type"] != OpportunityTypeCode.JOB_SHADOW:
                continue
            try:
                check = age_check(row["minimum_age"], None, student.person["born_on"], at.date())
            except Refused:
                continue
            asks = check is not None and not path.steps
            return at, student, listing, [check.value] if asks and check is not None else []

    def _times(self, path: Path, at: datetime) -> dict[StrEnum, datetime]:
        times: dict[StrEnum, datetime] = {}
        for action in path.steps:
            if action is _P.EXPIRE:
                expires_on = local_day(at, ZONE) + _APPROVED_FOR
                at = end_of_day(expires_on, ZONE) + timedelta(minutes=1)
            elif action is _W.COMPLETE:
                at = self.ledger.ago(40, 3)
            else:
                at = self.ledger.later(at, *GAPS.get(action, (4, 0.5)))
            times[action] = at
        return times

    def _author(self, action: StrEnum, student: Student) -> tuple[Row | str, str]:
        reason = self.ledger.random.choice(REASONS[action])
        if action is _P.EXPIRE:
            return SYSTEM, reason
        if action in BY_STUDENT:
            return student.person, reason
        if action in BY_ADVISOR:
            return student.advisor, reason
        return self.community.coordinator(student.school, self.turn), reason

    def _whom(self, student: Student, listing: Listing) -> Whom:
        supervisor = self.supervisors.get(listing.host.employer["id"])
        connection = listing.connection
        return {
            Audience.STUDENT: [student.person],
            Audience.GUARDIANS: student.guardians,
            Audience.ADVISORS: [student.advisor],
            Audience.COORDINATORS: self.community.coordinators[student.school["name"]],
            Audience.SUPERVISORS: [] if supervisor is None else [supervisor],
            Audience.CONTRIBUTOR: []
            if connection is None
            else [self.community.person(connection["contributor_id"])],
        }

    def _pursue(self, row: Row, step: Step, window: tuple[date, date], whom: Whom) -> None:
        action, at = step.action, step.at
        if action is _P.APPROVE:
            _expire_on(row, local_day(at, ZONE) + _APPROVED_FOR, at)
        elif action is _P.EXTEND:
            _expire_on(row, row["expires_on"] + _APPROVED_FOR, at)
            row["extended_at"] = at
        elif action is not _P.EXPIRE and row["status"] is PursuitStatus.APPROVED:
            row["remind_at"] = None
        self._remind(row, until=at if action is _P.EXPIRE else self.ledger.midnight, whom=whom)
        if action is _P.REQUEST_START:
            row["start_goals"] = self.ledger.random.choice(GOALS)
            row["start_schedule"] = "Tuesdays and Thursdays, 13:30-16:00"
            row["start_on"], row["end_on"] = window
        if action not in UNDECIDED and not isinstance(step.by, str):
            row["decided_by_id"], row["decided_at"] = step.by["id"], at
            row["decision_reason"] = step.reason
        self.ledger.follow(pursuits.TRANSITIONS, row, [step], row["student_id"], whom)

    def _remind(self, row: Row, until: datetime, whom: Whom) -> None:
        """Let the clock remind the student, where it has come to that."""
        due = row.get("remind_at")
        if due is not None and due < until and row["status"] is PursuitStatus.APPROVED:
            row["remind_at"] = None
            self.ledger.note("pursuit.remind", row, due, row["student_id"], whom)

    def _place(self, pursuit: Row, student: Student, listing: Listing, at: datetime, whom: Whom) -> Row:
        connection = listing.connection
        row = self.ledger.add(
            Placement,
            at,
            status=PlacementStatus.SETUP,
            pursuit_id=pursuit["id"],
            student_id=pursuit["student_id"],
            opportunity_id=pursuit["opportunity_id"],
            employer_id=listing.host.employer["id"],
            school_id=pursuit["school_id"],
            advisor_id=student.advisor["id"],
            connection_id=None if connection is None else connection["id"],
            contributor_id=None if connection is None else connection["contributor_id"],
            goals=pursuit["start_goals"],
            schedule=pursuit["start_schedule"],
            starts_on=pursuit["start_on"],
            ends_on=pursuit["end_on"],
        )
        self.ledger.created("placement", row, student.advisor, row["student_id"], whom)
        return row

    def _work(self, row: Row, step: Step, whom: Whom) -> None:
        self.ledger.follow(placements.TRANSITIONS, row, [step], row["student_id"], whom)
        if step.action is _W.CLEAR:
            row["cleared_at"] = step.at
        elif step.action is _W.ACTIVATE:
            self.placed[row["employer_id"]] = self.placed.get(row["employer_id"], 0) + 1
        elif step.action in {_W.REQUEST_END, _W.END_EARLY, _W.RECORD_NO_SHOW}:
            row["end_reason"] = step.reason
        if row["status"] in OVER:
            row["ended_at"] = step.at


def _fits(path: Path, listing: Listing) -> bool:
    """Say whether students may be on this path there: new ones only where it is published."""
    status = listing.row["status"]
    return status is OpportunityStatus.PUBLISHED or (not path.seat and bool(path.steps))


def _expire_on(row: Row, day: date, at: datetime) -> None:
    row["expires_on"] = day
    row["expires_at"] = end_of_day(day, ZONE)
    row["remind_at"] = reminder(row["expires_at"], at)


def _window(ledger: Ledger, times: dict[StrEnum, datetime]) -> tuple[date, date]:
    """Return the first and the last day of a placement that goes this way."""
    random = ledger.random
    begun = times.get(_W.ACTIVATE) or times.get(_W.RECORD_NO_SHOW)
    over = times.get(_W.COMPLETE) or times.get(_W.END_EARLY)
    if begun is not None:
        start = local_day(begun, ZONE)
    elif over is not None:
        start = local_day(over, ZONE) + timedelta(days=7)
    else:
        start = ledger.today + timedelta(days=random.randrange(3, 20))
    if _W.COMPLETE in times:
        return start, local_day(times[_W.COMPLETE], ZONE)
    return start, max(start, ledger.today) + timedelta(days=random.randrange(30, 110))


def _favorites(ledger: Ledger, community: Community, listings: list[Listing]) -> None:
    wished: set[tuple[UUID, UUID]] = set()
    shown = [listing.row for listing in listings if listing.row["status"] in OPEN_TO_STUDENTS]
    while len(wished) < FAVORITES:
        student, row = ledger.random.choice(community.students), ledger.random.choice(shown)
        pair = student.person["id"], row["id"]
        hidden = row["scope"] is OpportunityScope.SCHOOL and row["school_id"] != student.school["id"]
        if pair in wished or hidden:
            continue
        wished.add(pair)
        ledger.add(
            Favorite, ledger.later(row["published_at"], 30), student_id=pair[0], opportunity_id=pair[1]
        )
