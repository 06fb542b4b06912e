"""The ledger of ties: what happened between a student and another person, and where that leaves them now."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, TenantRow, one_of, ref
from app.domain.tie import TieEntryKind, TieEvidence, TieOrigin


class Tie(TenantRow, Base):
    """A student and one other end, as the entries of the ledger fold today; `entries` is the last one's number.

    The other end is a person of the tenant, a contact, or a workplace where nobody is named.
    """

    __tablename__ = "ties"

    student_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    employer_id: Mapped[UUID | None]
    origin: Mapped[TieOrigin] = mapped_column(EnumText(TieOrigin))
    formed_on: Mapped[date]
    last_confirmed_on: Mapped[date]
    strength: Mapped[int] = mapped_column(SmallInteger)
    uses: Mapped[int] = mapped_column(SmallInteger)
    ended_on: Mapped[date | None]
    fades_on: Mapped[date | None]
    evidence: Mapped[Strings]
    entries: Mapped[int] = mapped_column(Integer)
    twin: Mapped[bool] = mapped_column(
        default=False,
        server_default="false",
        comment="leads to the same as another tie, since two contacts or employers were merged",
    )

    __table_args__ = (
        one_of("origin", TieOrigin),
        CheckConstraint("num_nonnulls(person_id, contact_id, employer_id) = 1", name="one_other_end"),
        CheckConstraint("strength BETWEEN 0 AND 100", name="strength"),
        UniqueConstraint("tenant_id", "student_id", "person_id"),
        Index(
            "uq_ties_student_contact",
            "tenant_id",
            "student_id",
            "contact_id",
            unique=True,
            postgresql_where="NOT twin",
        ),
        Index(
            "uq_ties_student_employer",
            "tenant_id",
            "student_id",
            "employer_id",
            unique=True,
            postgresql_where="NOT twin",
        ),
        ref("student_id", "people"),
        ref("person_id", "people"),
        ref("contact_id", "contacts"),
        ref("employer_id", "employers"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "fades_on", postgresql_where="fades_on IS NOT NULL"),
    )


class TieEntry(TenantRow, Base):
    """One thing that happened to a tie; append-only: the runtime role may only insert and read.

    Ids, codes and dates only. The ids of the two ends are as they were then: when two contacts turn out to be one,
    the tie is led to the one that stays, and nothing here is rewritten.
    """

    __tablename__ = "tie_entries"

    tie_id: Mapped[UUID]
    seq: Mapped[int]
    student_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    employer_id: Mapped[UUID | None]
    kind: Mapped[TieEntryKind] = mapped_column(EnumText(TieEntryKind))
    origin: Mapped[TieOrigin] = mapped_column(EnumText(TieOrigin))
    at: Mapped[Instant]
    evidence: Mapped[TieEvidence] = mapped_column(EnumText(TieEvidence))
    subject_id: Mapped[UUID | None] = mapped_column(comment="the placement, connection, ... that shows it")
    event_id: Mapped[UUID | None] = mapped_column(comment="the event it follows from; the clock's have none")

    __table_args__ = (
        one_of("kind", TieEntryKind),
        one_of("origin", TieOrigin),
        one_of("evidence", TieEvidence),
        CheckConstraint("num_nonnulls(person_id, contact_id, employer_id) = 1", name="one_other_end"),
        CheckConstraint("seq > 0", name="seq"),
        UniqueConstraint("tenant_id", "tie_id", "seq"),
        # An event that is delivered again writes nothing twice.
        UniqueConstraint("tenant_id", "tie_id", "event_id", "kind"),
        ref("tie_id", "ties"),
        Index(None, "tenant_id", "student_id", "at"),
        Index(None, "tenant_id", "subject_id"),
    )


class StudentIntake(TenantRow, Base):
    """That a student's inherited ties were frozen, when, and how many they were; there is one, once and for all."""

    __tablename__ = "student_intakes"

    student_id: Mapped[UUID]
    frozen_at: Mapped[Instant]
    ties: Mapped[int] = mapped_column(comment="how many ties came with the student")

    __table_args__ = (
        UniqueConstraint("tenant_id", "student_id"),
        ref("student_id", "people"),
    )
