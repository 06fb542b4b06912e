"""A school's relationship mapping: rounds, their students, and who marked or named whom (erased after a while)."""

from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, Index, SmallInteger, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, TenantRow, Versioned, one_of, ref
from app.domain.relationship_round import RoundScope, RoundStatus


class RelationshipRound(Versioned, Base):
    """One round over a school, a grade of it, or a team: the students of some advisors."""

    __tablename__ = "relationship_rounds"

    school_id: Mapped[UUID]
    title: Mapped[str] = mapped_column(Text)
    scope: Mapped[RoundScope] = mapped_column(EnumText(RoundScope))
    grade: Mapped[str | None] = mapped_column(Text)
    advisor_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    status: Mapped[RoundStatus] = mapped_column(EnumText(RoundStatus), default=RoundStatus.DRAFT)
    created_by_id: Mapped[UUID]
    opened_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]
    adults: Mapped[int | None] = mapped_column(comment="how many could have marked, at the close")
    answers_erased_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("scope", RoundScope),
        one_of("status", RoundStatus),
        CheckConstraint("(scope = 'grade') = (grade IS NOT NULL)", name="grade"),
        CheckConstraint("(scope = 'team') = (cardinality(advisor_ids) > 0)", name="team"),
        ref("school_id", "schools"),
        ref("created_by_id", "people"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "created_by_id"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(
            None,
            "tenant_id",
            "closed_at",
            postgresql_where="closed_at IS NOT NULL AND answers_erased_at IS NULL",
        ),
    )


class RoundStudent(Versioned, Base):
    """A student of a round: what the closed round says is missing, and the one adult who stepped forward.

    The four findings are null until the round is closed; the two mismatches stay null in a small school.
    """

    __tablename__ = "round_students"

    round_id: Mapped[UUID]
    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    without_mark: Mapped[bool | None]
    without_nomination: Mapped[bool | None]
    marked_not_named: Mapped[bool | None]
    named_not_marked: Mapped[bool | None]
    volunteer_id: Mapped[UUID | None]
    volunteered_at: Mapped[Instant | None]
    follow_ups_asked: Mapped[int] = mapped_column(SmallInteger, default=0)
    follow_ups_done: Mapped[int] = mapped_column(SmallInteger, default=0)
    follow_up_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "round_id", "student_id"),
        CheckConstraint("(volunteer_id IS NULL) = (volunteered_at IS NULL)", name="volunteer"),
        ref("round_id", "relationship_rounds"),
        ref("student_id", "people"),
        ref("school_id", "schools"),
        ref("volunteer_id", "people"),
        Index(None, "tenant_id", "student_id"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "volunteer_id"),
        Index(None, "tenant_id", "follow_up_at", postgresql_where="follow_up_at IS NOT NULL"),
        Index(None, "tenant_id", "created_at", "id"),
    )


class RoundMark(TenantRow, Base):
    """That an adult has a trusting relationship with a student; nobody else ever reads it."""

    __tablename__ = "round_marks"

    round_id: Mapped[UUID]
    adult_id: Mapped[UUID]
    student_id: Mapped[UUID]

    __table_args__ = (
        UniqueConstraint("tenant_id", "round_id", "adult_id", "student_id"),
        ref("round_id", "relationship_rounds"),
        ref("adult_id", "people"),
        ref("student_id", "people"),
        Index(None, "tenant_id", "round_id", "student_id"),
        Index(None, "tenant_id", "adult_id"),
        Index(None, "tenant_id", "student_id"),
    )


class RoundNomination(TenantRow, Base):
    """That a student would turn to an adult; nobody else ever reads it."""

    __tablename__ = "round_nominations"

    round_id: Mapped[UUID]
    student_id: Mapped[UUID]
    adult_id: Mapped[UUID]

    __table_args__ = (
        UniqueConstraint("tenant_id", "round_id", "student_id", "adult_id"),
        ref("round_id", "relationship_rounds"),
        ref("student_id", "people"),
        ref("adult_id", "people"),
        Index(None, "tenant_id", "student_id"),
        Index(None, "tenant_id", "adult_id"),
    )
