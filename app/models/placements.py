"""A student at an opportunity, and through whose connection it came."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, Versioned, one_of, ref
from app.domain.placement import PlacementStatus


class Placement(Versioned, Base):
    """A placement; connection and contributor are kept from the first day, they cannot be found out later."""

    __tablename__ = "placements"

    status: Mapped[PlacementStatus] = mapped_column(EnumText(PlacementStatus), default=PlacementStatus.SETUP)
    pursuit_id: Mapped[UUID]
    student_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    employer_id: Mapped[UUID]
    school_id: Mapped[UUID]
    advisor_id: Mapped[UUID | None]
    connection_id: Mapped[UUID | None]
    contributor_id: Mapped[UUID | None]
    goals: Mapped[str] = mapped_column(Text)
    schedule: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    cleared_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]
    end_reason: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", PlacementStatus),
        CheckConstraint("ends_on >= starts_on", name="window"),
        UniqueConstraint("tenant_id", "pursuit_id"),
        ref("pursuit_id", "pursuits"),
        ref("student_id", "people"),
        ref("opportunity_id", "opportunities"),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("advisor_id", "people"),
        ref("connection_id", "connections"),
        ref("contributor_id", "people"),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "employer_id", "created_at", "id"),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "advisor_id"),
        Index(None, "tenant_id", "connection_id"),
        Index(None, "tenant_id", "contributor_id"),
    )
