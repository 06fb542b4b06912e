"""The demo community's sessions: dates with seats, a weekly pattern, hours by video, and one that is full with a line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from app.demo.community import Community, Student
from app.demo.ledger import SYSTEM, Ledger, Row, Step
from app.demo.listings import Listing
from app.demo.places import ZONE
from app.domain.contact import ContactStatus
from app.domain.notices import Audience
from app.domain.opportunity import OpportunityScope, OpportunityStatus
from app.domain.opportunity_kind import FIRST_KINDS
from app.domain.opportunity_types import OpportunityTypeCode, Workflow
from app.domain.recurrence import days, occurrence, read_rule
from app.domain.session import (
    ENROLLMENT_TRANSITIONS,
    TRANSITIONS,
    EnrollmentAction,
    EnrollmentStatus,
    PatternStatus,
    Recording,
    SessionAction,
    SessionStatus,
    audio_only,
)
from app.domain.waitlist import WaitingStatus
from app.models import (
    Contact,
    OpportunitySession,
    Person,
    SessionEnrollment,
    VideoConsent,
    WaitingEntry,
    WeeklyPattern,
)

LISTINGS = 40
_FULL_SEATS, _IN_LINE = 6, 4
_MADE_AHEAD = timedelta(days=56)
_PATTERN_WEEKS = 20
_HELD_EVERY, _MINIMUM_EVERY = 4, 3
_MINIMUM = 3
_NO_SHOW = 0.1
_VIDEO_ALLOWED = 0.6
_SATURDAY = 5
# The schedules of listings for a day, as an hour to begin at and minutes.
_HOURS = {
    "One morning, 9:00-12:00": (time(9), 180),
    "One day, 8:30-15:00": (time(8, 30), 390),
    "One afternoon, 14:00-16:00": (time(14), 120),
}
_ONLINE = "One hour, 15:30-16:30"
_WEEKLY = "Tuesdays and Thursdays, 15:00-16:00"


def build_sessions(ledger: Ledger, community: Community, listings: list[Listing]) -> set[UUID]:
    """Set dates for listings that students come to for a day; return which listings those are."""
    fitting = [
        listing
        for listing in listings
        if listing.row["status"] is OpportunityStatus.PUBLISHED
        and listing.row["scope"] is OpportunityScope.TENANT
        and FIRST_KINDS[listing.row["type"]].workflow is Workflow.ENROLLMENT
        and listing.row["owner_id"] is not None
    ]
    online = [one for one in fitting if one.row["type"] == OpportunityTypeCode.VIRTUAL_SESSION]
    shadows = [one for one in fitting if one.row["type"] == OpportunityTypeCode.JOB_SHADOW]
    writer = _Dates(ledger, community, {row["id"]: row for row in ledger.rows[Person]})
    writer.fill(shadows[0])
    writer.come_round(shadows[1])
    for one in online:
        writer.by_video(one)
    taken = {one.row["id"] for one in (*shadows[:2], *online)}
    rest = [one for one in fitting if one.row["id"] not in taken]
    for number, one in enumerate(rest[: LISTINGS - len(taken)]):
        writer.some_days(one, number)
        taken.add(one.row["id"])
    return taken


@dataclass(slots=True)
class _Dates:
    """Sets dates and enrols students, none of them twice on one day."""

    ledger: Ledger
    community: Community
    people: dict[UUID, Row]
    busy: set[tuple[UUID, date]] = field(default_factory=set)
    allowed: dict[UUID, bool] = field(default_factory=dict)

    def fill(self, listing: Listing) -> None:
        """Set one date, take all its seats, and let some more students stand in line."""
        found = self._session(listing, self._day(21), *_HOURS[listing.row["schedule"]], seats=_FULL_SEATS)
        for student in self._students(found, _FULL_SEATS):
            self._enroll(found, student, listing)
        for student in self._students(found, _IN_LINE):
            at = self.ledger.later(found["created_at"] + timedelta(days=10), 3)
            entry = self.ledger.add(
                WaitingEntry,
                at,
                status=WaitingStatus.WAITING,
                opportunity_id=None,
                session_id=found["id"],
                student_id=student.person["id"],
                school_id=student.school["id"],
                joined_at=at,
            )
            self.ledger.created("waiting_entry", entry, student.person, student.person["id"])
        _last_day(listing.row, [found])

    def come_round(self, listing: Listing) -> None:
        """Let sessions come round twice a week, but not on one day that is left out."""
        ledger, row = self.ledger, listing.row
        owner, at = self._owner(listing), self._after(listing)
        rule = read_rule("FREQ=WEEKLY;BYDAY=TU,TH")
        first = self._day(4)
        until = first + timedelta(weeks=_PATTERN_WEEKS)
        exceptions = days(rule, first, until)[3:4]
        minutes, begins, made_until = 60, time(15), ledger.today + _MADE_AHEAD
        row["schedule"] = _WEEKLY
        pattern = ledger.add(
            WeeklyPattern,
            at,
            opportunity_id=row["id"],
            employer_id=row["employer_id"],
            school_id=row["school_id"],
            status=PatternStatus.ACTIVE,
            rule=rule.text,
            starts_time=begins,
            minutes=minutes,
            zone=ZONE,
            starts_on=first,
            until=until,
            exceptions=exceptions,
            seats=4,
            minimum_enrollment=0,
            made_until=made_until,
        )
        facts = {"rule": rule.text, "starts_on": first.isoformat(), "until": until.isoformat()}
        ledger.created("weekly_pattern", pattern, owner, None, None, facts)
        made = [
            self._session(listing, day, begins, minutes, seats=4, at=at, pattern_id=pattern["id"])
            for day in days(rule, first, min(until, made_until), exceptions)
        ]
        for found in made[:3]:
            for student in self._students(found, 2):
                self._enroll(found, student, listing)
        row["starts_on"], row["ends_on"] = first, until

    def by_video(self, listing: Listing) -> None:
        """Set two hours by video; whoever may not be seen takes part without a picture."""
        listing.row["schedule"] = _ONLINE
        made = [
            self._session(
                listing,
                self._day(ahead),
                time(15, 30),
                60,
                seats=20,
                virtual=True,
                join_url=f"https://video.example.com/{listing.row['id'].hex[-12:]}",
                recording=Recording.ASKED,
            )
            for ahead in (10, 24)
        ]
        for found in made:
            for student in self._students(found, self.ledger.random.randint(3, 8)):
                self._enroll(found, student, listing)
        _last_day(listing.row, made)

    def some_days(self, listing: Listing, number: int) -> None:
        """Set one to three dates; of some listings one was held already, and who came is known."""
        random, hours = self.ledger.random, _HOURS[listing.row["schedule"]]
        seats = random.randint(4, 12)
        made = []
        if number % _HELD_EVERY == 0 and self._after(listing) < self.ledger.ago(30):
            made.append(self._session(listing, self._day(-random.randint(5, 15)), *hours, seats=seats))
        minimum = _MINIMUM if number % _MINIMUM_EVERY == 0 else 0
        ahead = {self._day(days_on) for days_on in random.sample(range(5, 60), random.randint(1, 3))}
        made += [
            self._session(listing, day, *hours, seats=seats, minimum_enrollment=minimum)
            for day in sorted(ahead)
        ]
        for found in made:
            for student in self._students(found, random.randint(1, seats - 1)):
                self._enroll(found, student, listing)
            if found["ends_at"] < self.ledger.midnight:
                self._hold(found, listing)
        _last_day(listing.row, made)

    def _hold(self, found: Row, listing: Listing) -> None:
        """Record who came, and that the session is over."""
        owner, at = self._owner(listing), found["ends_at"] + timedelta(hours=2)
        places = [row for row in self.ledger.rows[SessionEnrollment] if row["session_id"] == found["id"]]
        missed = 0
        for place in places:
            stayed_away = self.ledger.random.random() < _NO_SHOW
            missed += stayed_away
            action = EnrollmentAction.MISS if stayed_away else EnrollmentAction.ATTEND
            place["decided_by_id"], place["decided_at"] = owner["id"], at
            self.ledger.follow(ENROLLMENT_TRANSITIONS, place, [Step(action, at, owner)], place["student_id"])
        record = Step(SessionAction.RECORD_ATTENDANCE, at, owner)
        over = Step(SessionAction.CONCLUDE, at + timedelta(hours=1), SYSTEM)
        self.ledger.follow(TRANSITIONS, found, [record, over])

    def _session(
        self,
        listing: Listing,
        day: date,
        begins: time,
        minutes: int,
        *,
        seats: int,
        at: datetime | None = None,
        **more: Any,
    ) -> Row:
        starts_at, ends_at = occurrence(day, begins, minutes, ZONE)
        row = listing.row
        made = self.ledger.add(
            OpportunitySession,
            at or self._after(listing),
            opportunity_id=row["id"],
            employer_id=row["employer_id"],
            school_id=row["school_id"],
            status=SessionStatus.SCHEDULED,
            starts_at=starts_at,
            ends_at=ends_at,
            zone=ZONE,
            seats=seats,
            seats_taken=0,
            host_contact_id=self._host(listing),
            **{"virtual": False, "recording": Recording.NONE, "minimum_enrollment": 0, **more},
        )
        facts = {"starts_at": starts_at.isoformat(), "seats": seats}
        self.ledger.created("opportunity_session", made, self._owner(listing), None, None, facts)
        return made

    def _enroll(self, found: Row, student: Student, listing: Listing) -> None:
        at = self.ledger.later(found["created_at"], 9, 1)
        whose = student.person["id"]
        made = self.ledger.add(
            SessionEnrollment,
            at,
            session_id=found["id"],
            opportunity_id=found["opportunity_id"],
            student_id=whose,
            school_id=student.school["id"],
            host_school_id=listing.row["school_id"],
            employer_id=found["employer_id"],
            status=EnrollmentStatus.ENROLLED,
            audio_only=audio_only(
                virtual=found["virtual"], consented=found["virtual"] and self._may_be_seen(student)
            ),
        )
        whom = {Audience.STUDENT: [student.person], Audience.GUARDIANS: student.guardians}
        facts = {"session_id": str(found["id"]), "audio_only": made["audio_only"]}
        self.ledger.created("session_enrollment", made, student.person, whose, whom, facts)
        found["seats_taken"] += 1

    def _may_be_seen(self, student: Student) -> bool:
        """Say whether somebody at home allowed the student to be seen on video; the first time, they are asked."""
        whose = student.person["id"]
        if whose not in self.allowed:
            adults = [adult for adult in student.guardians if adult["email"] is not None]
            self.allowed[whose] = bool(adults) and self.ledger.random.random() < _VIDEO_ALLOWED
            if self.allowed[whose]:
                at = self.ledger.ago(60, 50)
                made = self.ledger.add(
                    VideoConsent,
                    at,
                    student_id=whose,
                    school_id=student.school["id"],
                    given_by_id=adults[0]["id"],
                    given_at=at,
                )
                self.ledger.created("video_consent", made, adults[0], whose)
        return self.allowed[whose]

    def _students(self, found: Row, many: int) -> Sequence[Student]:
        """Return students who have nothing else on the day of a session."""
        day = found["starts_at"].date()
        free = [one for one in self.community.students if (one.person["id"], day) not in self.busy]
        chosen = self.ledger.random.sample(free, many)
        self.busy |= {(one.person["id"], day) for one in chosen}
        return chosen

    def _host(self, listing: Listing) -> UUID | None:
        """Return the contact a listing came through, who hosts it, where it came through one."""
        wanted = None if listing.connection is None else listing.connection["contact_id"]
        for contact in self.ledger.rows[Contact]:
            if contact["id"] == wanted and contact["status"] is ContactStatus.CONSENTED:
                return None if contact["id"] in self._hosting(listing) else contact["id"]
        return None

    def _hosting(self, listing: Listing) -> set[UUID]:
        """Return the hosts of other listings: nobody is in two places at once."""
        return {
            row["host_contact_id"]
            for row in self.ledger.rows.get(OpportunitySession, [])
            if row["opportunity_id"] != listing.row["id"]
        }

    def _owner(self, listing: Listing) -> Row:
        return self.people[listing.row["owner_id"]]

    def _after(self, listing: Listing) -> datetime:
        """Return when dates were set: some time ago, but after students saw the listing."""
        published: datetime = listing.row["published_at"]
        return max(published + timedelta(hours=1), self.ledger.ago(40))

    def _day(self, ahead: int) -> date:
        """Return a school day about so many days from today."""
        day = self.ledger.today + timedelta(days=ahead)
        while day.weekday() >= _SATURDAY:
            day += timedelta(days=1)
        return day


def _last_day(row: Row, made: Sequence[Row]) -> None:
    """Let a listing begin with its first session and end with its last one."""
    row["starts_on"] = made[0]["starts_at"].date()
    row["ends_on"] = made[-1]["starts_at"].date()
