"""How often employers were asked, by month: what keeps a willing one from being worn out."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, TenantRow, one_of, ref
from app.domain.budget import AskKind


class EmployerMonth(TenantRow, Base):
    """How often one employer was asked in one calendar month of the tenant's zone (`month` is its first day).

    The counter that every ask takes from by compare-and-swap; the asks themselves stand in employer_asks.
    """

    __tablename__ = "employer_months"

    employer_id: Mapped[UUID]
    month: Mapped[date]
    asks: Mapped[int] = mapped_column(SmallInteger, default=0)

    __table_args__ = (
        UniqueConstraint("tenant_id", "employer_id", "month"),
        CheckConstraint("asks >= 0", name="asks"),
        ref("employer_id", "employers"),
    )


class EmployerAsk(TenantRow, Base):
    """One time that an employer, or somebody there, was asked; `subject_id` is the contact or introduction it was for."""

    __tablename__ = "employer_asks"

    employer_id: Mapped[UUID]
    month: Mapped[date]
    kind: Mapped[AskKind] = mapped_column(EnumText(AskKind))
    school_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    asked_by_id: Mapped[UUID | None]
    asked_at: Mapped[Instant]

    __table_args__ = (
        one_of("kind", AskKind),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("asked_by_id", "people"),
        Index(None, "tenant_id", "employer_id", "month", "id"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "asked_by_id"),
    )
