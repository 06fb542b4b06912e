"""Introductions: a student's request to meet someone, the adults who are asked on the way, and the meeting."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, TenantRow, Versioned, one_of, ref
from app.domain.introduction import IntroductionStatus
from app.domain.introduction_hop import HopKind, HopStatus


class Introduction(Versioned, Base):
    """A student's request to meet someone of a field; `goal` and `wording` are the student's and the school's words.

    The version counts what everyone may see. Whose turn it is moves `status` without it: a student who could
    tell a new version from an old one could tell a no from silence.
    """

    __tablename__ = "introductions"

    status: Mapped[IntroductionStatus] = mapped_column(
        EnumText(IntroductionStatus), default=IntroductionStatus.ASKED
    )
    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(Text)
    goal: Mapped[str | None] = mapped_column(Text)
    wording: Mapped[str | None] = mapped_column(Text)
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[Instant | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
    slot: Mapped[int] = mapped_column(SmallInteger, default=0)
    slot_ends_at: Mapped[Instant | None]
    look_at: Mapped[Instant | None] = mapped_column(comment="when the clock looks at it again")
    ends_at: Mapped[Instant | None] = mapped_column(comment="when it ends at the latest")
    agreed_at: Mapped[Instant | None]
    met_at: Mapped[Instant | None]
    closed_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("status", IntroductionStatus),
        ref("student_id", "people"),
        ref("school_id", "schools"),
        ref("decided_by_id", "people"),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "decided_by_id"),
        Index(None, "tenant_id", "look_at", postgresql_where="look_at IS NOT NULL"),
        Index(
            "uq_introductions_open",
            "tenant_id",
            "student_id",
            "field",
            unique=True,
            postgresql_where="status IN ('asked', 'with_contributor', 'with_contact')",
        ),
    )


class Hop(Versioned, Base):
    """One adult on a path: the contributor, then the contact, each asked once and without the student's name.

    `household_id` is the household that an ask of the contributor counts for; one's own id where one has none.
    """

    __tablename__ = "introduction_hops"

    status: Mapped[HopStatus] = mapped_column(EnumText(HopStatus))
    introduction_id: Mapped[UUID]
    school_id: Mapped[UUID]
    slot: Mapped[int] = mapped_column(SmallInteger)
    kind: Mapped[HopKind] = mapped_column(EnumText(HopKind))
    person_id: Mapped[UUID | None] = mapped_column(comment="who is asked, where it is a person of the tenant")
    connection_id: Mapped[UUID]
    contributor_id: Mapped[UUID]
    household_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    employer_id: Mapped[UUID | None]
    asked_at: Mapped[Instant | None]
    answer_by: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("status", HopStatus),
        one_of("kind", HopKind),
        CheckConstraint("status IN ('reserved', 'ended') OR asked_at IS NOT NULL", name="asked"),
        CheckConstraint("(kind = 'contributor') = (person_id IS NOT NULL)", name="person"),
        UniqueConstraint("tenant_id", "introduction_id", "slot", "kind"),
        ref("introduction_id", "introductions"),
        ref("school_id", "schools"),
        ref("connection_id", "connections"),
        ref("person_id", "people"),
        ref("contributor_id", "people"),
        ref("contact_id", "contacts"),
        ref("employer_id", "employers"),
        Index(None, "tenant_id", "person_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "connection_id"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "asked_at"),
        Index(
            "ix_introduction_hops_reserved", "tenant_id", "contact_id", postgresql_where="status = 'reserved'"
        ),
        # Whom an ask counts for: looked up for every candidate of a path.
        Index(None, "tenant_id", "contributor_id", "kind", "asked_at"),
        Index(None, "tenant_id", "household_id", "kind", "asked_at"),
        Index(None, "tenant_id", "contact_id", "kind", "asked_at"),
    )


class Meeting(TenantRow, Base):
    """What everyone agreed to: this student and this contact meet, through this contributor; at most one a request."""

    __tablename__ = "meetings"

    introduction_id: Mapped[UUID]
    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    contact_id: Mapped[UUID]
    contributor_id: Mapped[UUID]
    connection_id: Mapped[UUID]
    employer_id: Mapped[UUID | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "introduction_id"),
        ref("introduction_id", "introductions"),
        ref("student_id", "people"),
        ref("school_id", "schools"),
        ref("contact_id", "contacts"),
        ref("contributor_id", "people"),
        ref("connection_id", "connections"),
        ref("employer_id", "employers"),
        Index(None, "tenant_id", "student_id"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "contributor_id"),
        Index(None, "tenant_id", "connection_id"),
        Index(None, "tenant_id", "employer_id"),
    )
