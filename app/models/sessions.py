"""Sessions of an opportunity, the weekly patterns that make them, and the students' places in them."""

from datetime import date, time
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Date, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, TenantRow, Versioned, one_of, ref
from app.domain.session import EnrollmentStatus, PatternStatus, Recording, SessionStatus


class WeeklyPattern(Versioned, Base):
    """A rule by which sessions come round, in local time; `made_until` is the last day whose sessions exist.

    While `host_left_at` is set, nobody hosts it and it makes no sessions.
    """

    __tablename__ = "weekly_patterns"

    opportunity_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    school_id: Mapped[UUID | None]
    status: Mapped[PatternStatus] = mapped_column(EnumText(PatternStatus), default=PatternStatus.ACTIVE)
    rule: Mapped[str] = mapped_column(Text)
    starts_time: Mapped[time]
    minutes: Mapped[int] = mapped_column(SmallInteger)
    zone: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    until: Mapped[date]
    exceptions: Mapped[list[date]] = mapped_column(ARRAY(Date), default=list, server_default="{}")
    seats: Mapped[int]
    minimum_enrollment: Mapped[int] = mapped_column(default=0)
    host_contact_id: Mapped[UUID | None]
    host_person_id: Mapped[UUID | None]
    host_left_at: Mapped[Instant | None]
    virtual: Mapped[bool] = mapped_column(default=False)
    join_url: Mapped[str | None] = mapped_column(Text)
    recording: Mapped[Recording] = mapped_column(EnumText(Recording), default=Recording.NONE)
    place_note: Mapped[str | None] = mapped_column(Text)
    made_until: Mapped[date | None]

    __table_args__ = (
        one_of("status", PatternStatus),
        one_of("recording", Recording),
        CheckConstraint("seats BETWEEN 1 AND 10000", name="seats"),
        CheckConstraint("minimum_enrollment BETWEEN 0 AND seats", name="minimum_enrollment"),
        CheckConstraint("until >= starts_on", name="window"),
        CheckConstraint("minutes BETWEEN 5 AND 1440", name="minutes"),
        CheckConstraint("host_contact_id IS NULL OR host_person_id IS NULL", name="one_host"),
        ref("opportunity_id", "opportunities"),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("host_contact_id", "contacts"),
        ref("host_person_id", "people"),
        Index(None, "tenant_id", "opportunity_id", "created_at", "id"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "host_contact_id"),
        Index(None, "tenant_id", "host_person_id"),
        Index(None, "tenant_id", "made_until", postgresql_where="status = 'active'"),
    )


class OpportunitySession(Versioned, Base):
    """A session; `seats_taken` changes by compare-and-swap only.

    Employer and school are the opportunity's, copied: whose session it is, is asked for every row of a list.
    `settled_at` is when enough students had enrolled, so that it takes place whoever leaves after that; `host_left_at`
    when it was seen that its host takes part no more, until somebody else is named.
    """

    __tablename__ = "opportunity_sessions"

    opportunity_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    school_id: Mapped[UUID | None]
    pattern_id: Mapped[UUID | None]
    status: Mapped[SessionStatus] = mapped_column(EnumText(SessionStatus), default=SessionStatus.SCHEDULED)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]
    zone: Mapped[str] = mapped_column(Text)
    seats: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    minimum_enrollment: Mapped[int] = mapped_column(default=0)
    host_contact_id: Mapped[UUID | None]
    host_person_id: Mapped[UUID | None]
    host_left_at: Mapped[Instant | None]
    virtual: Mapped[bool] = mapped_column(default=False)
    join_url: Mapped[str | None] = mapped_column(Text)
    recording: Mapped[Recording] = mapped_column(EnumText(Recording), default=Recording.NONE)
    place_note: Mapped[str | None] = mapped_column(Text)
    settled_at: Mapped[Instant | None]
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[Instant | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", SessionStatus),
        one_of("recording", Recording),
        CheckConstraint("seats BETWEEN 1 AND 10000", name="seats"),
        CheckConstraint("seats_taken BETWEEN 0 AND seats", name="seats_taken"),
        CheckConstraint("minimum_enrollment BETWEEN 0 AND seats", name="minimum_enrollment"),
        CheckConstraint("ends_at > starts_at", name="window"),
        CheckConstraint("host_contact_id IS NULL OR host_person_id IS NULL", name="one_host"),
        ref("opportunity_id", "opportunities"),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("pattern_id", "weekly_patterns"),
        ref("host_contact_id", "contacts"),
        ref("host_person_id", "people"),
        ref("decided_by_id", "people"),
        Index(None, "tenant_id", "pattern_id", "starts_at"),
        # A day that a pattern left and came back to has a cancelled session and another one.
        Index(
            "uq_opportunity_sessions_of_pattern",
            "tenant_id",
            "pattern_id",
            "starts_at",
            unique=True,
            postgresql_where="status <> 'cancelled'",
        ),
        Index(None, "tenant_id", "opportunity_id", "starts_at", "id"),
        Index(None, "tenant_id", "employer_id", "starts_at"),
        Index(None, "tenant_id", "school_id", "starts_at", "id"),
        Index(None, "tenant_id", "host_contact_id", "starts_at"),
        Index(None, "tenant_id", "host_person_id", "starts_at"),
        Index(None, "tenant_id", "decided_by_id"),
        Index(None, "tenant_id", "starts_at", "id"),
        Index(
            "ix_opportunity_sessions_coming", "tenant_id", "ends_at", postgresql_where="status = 'scheduled'"
        ),
    )


class SessionEnrollment(Versioned, Base):
    """A student's place in a session; `audio_only` where nobody consented to the student being seen on video.

    `school_id` is the student's, `host_school_id` and `employer_id` the session's: both see who is coming.
    """

    __tablename__ = "session_enrollments"

    session_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    host_school_id: Mapped[UUID | None]
    employer_id: Mapped[UUID]
    status: Mapped[EnrollmentStatus] = mapped_column(
        EnumText(EnrollmentStatus), default=EnrollmentStatus.ENROLLED
    )
    audio_only: Mapped[bool] = mapped_column(default=False)
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[Instant | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", EnrollmentStatus),
        ref("session_id", "opportunity_sessions"),
        ref("opportunity_id", "opportunities"),
        ref("student_id", "people"),
        ref("school_id", "schools"),
        ref("host_school_id", "schools"),
        ref("employer_id", "employers"),
        ref("decided_by_id", "people"),
        Index(
            "uq_session_enrollments_live",
            "tenant_id",
            "session_id",
            "student_id",
            unique=True,
            postgresql_where="status IN ('enrolled', 'attended', 'no_show')",
        ),
        Index(None, "tenant_id", "session_id", "created_at", "id"),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "host_school_id"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "decided_by_id"),
    )


class VideoConsent(Versioned, Base):
    """That a student may be seen on video in virtual sessions, by whom, until it is withdrawn."""

    __tablename__ = "video_consents"

    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    given_by_id: Mapped[UUID]
    given_at: Mapped[Instant]
    withdrawn_at: Mapped[Instant | None]
    withdrawn_by_id: Mapped[UUID | None]

    __table_args__ = (
        ref("student_id", "people"),
        ref("school_id", "schools"),
        ref("given_by_id", "people"),
        ref("withdrawn_by_id", "people"),
        Index(
            "uq_video_consents_live",
            "tenant_id",
            "student_id",
            unique=True,
            postgresql_where="withdrawn_at IS NULL",
        ),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "given_by_id"),
        Index(None, "tenant_id", "withdrawn_by_id"),
    )


class SpeedRound(TenantRow, Base):
    """One round of a speed networking session: who sits at which table is in its seats."""

    __tablename__ = "speed_rounds"

    session_id: Mapped[UUID]
    number: Mapped[int] = mapped_column(SmallInteger)
    starts_at: Mapped[Instant]
    ends_at: Mapped[Instant]

    __table_args__ = (
        UniqueConstraint("tenant_id", "session_id", "number"),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("ends_at > starts_at", name="window"),
        ref("session_id", "opportunity_sessions"),
    )


class SpeedSeat(TenantRow, Base):
    """Somebody's seat at a table in one round: a student, or a professional as a contact or as a person."""

    __tablename__ = "speed_seats"

    round_id: Mapped[UUID]
    table_number: Mapped[int] = mapped_column(SmallInteger)
    student_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None] = mapped_column(comment="a professional with an account")

    __table_args__ = (
        CheckConstraint("num_nonnulls(student_id, contact_id, person_id) = 1", name="one_person"),
        CheckConstraint("table_number >= 1", name="table_number"),
        UniqueConstraint("tenant_id", "round_id", "student_id"),
        UniqueConstraint("tenant_id", "round_id", "contact_id"),
        UniqueConstraint("tenant_id", "round_id", "person_id"),
        ref("round_id", "speed_rounds", ondelete="CASCADE"),
        ref("student_id", "people"),
        ref("contact_id", "contacts"),
        ref("person_id", "people"),
        Index(None, "tenant_id", "student_id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "person_id"),
    )
