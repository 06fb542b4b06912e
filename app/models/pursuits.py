"""A student's approved, expiring right to go after an opportunity."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, Versioned, one_of, ref
from app.domain.pursuit import PursuitStatus


class Pursuit(Versioned, Base):
    """A pursuit; `seat_held_until` while a returned seat waits for it, `checks` what a human must confirm."""

    __tablename__ = "pursuits"

    status: Mapped[PursuitStatus] = mapped_column(EnumText(PursuitStatus), default=PursuitStatus.REQUESTED)
    student_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    school_id: Mapped[UUID]
    message: Mapped[str | None] = mapped_column(Text)
    checks: Mapped[Strings]
    requested_at: Mapped[Instant]
    seat_held_until: Mapped[Instant | None]
    expires_at: Mapped[Instant | None]
    expires_on: Mapped[date | None]
    remind_at: Mapped[Instant | None]
    extended_at: Mapped[Instant | None]
    decided_by_id: Mapped[UUID | None]
    decided_at: Mapped[Instant | None]
    decision_reason: Mapped[str | None] = mapped_column(Text)
    start_goals: Mapped[str | None] = mapped_column(Text)
    start_schedule: Mapped[str | None] = mapped_column(Text)
    start_on: Mapped[date | None]
    end_on: Mapped[date | None]

    __table_args__ = (
        one_of("status", PursuitStatus),
        ref("student_id", "people"),
        ref("opportunity_id", "opportunities"),
        ref("school_id", "schools"),
        ref("decided_by_id", "people"),
        Index(
            "uq_pursuits_live",
            "tenant_id",
            "student_id",
            "opportunity_id",
            unique=True,
            postgresql_where="status IN ('requested', 'approved', 'landed', 'start_requested')",
        ),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "opportunity_id", "status", "requested_at", "id"),
        Index(None, "tenant_id", "decided_by_id"),
        Index(
            "ix_pursuits_expiring",
            "tenant_id",
            "expires_at",
            postgresql_where="status = 'approved'",
        ),
        Index(None, "tenant_id", "remind_at", postgresql_where="remind_at IS NOT NULL"),
        Index(
            "ix_pursuits_holding",
            "tenant_id",
            "seat_held_until",
            postgresql_where="seat_held_until IS NOT NULL",
        ),
    )
