"""What was said to be wrong with listings: one case a listing, and the reports that make it."""

from uuid import UUID

from sqlalchemy import Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, Versioned, one_of, ref
from app.domain.moderation import CaseStatus, ReportReason


class ListingCase(Versioned, Base):
    """Everything that is said to be wrong with one listing until staff decide; `decision` is their reason."""

    __tablename__ = "listing_cases"

    opportunity_id: Mapped[UUID]
    school_id: Mapped[UUID | None]
    status: Mapped[CaseStatus] = mapped_column(EnumText(CaseStatus), default=CaseStatus.OPEN)
    reasons: Mapped[Strings]
    reports: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    urgent: Mapped[bool] = mapped_column(default=False, server_default="false")
    decided_at: Mapped[Instant | None]
    decided_by_id: Mapped[UUID | None]
    decision: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", CaseStatus),
        ref("opportunity_id", "opportunities"),
        ref("school_id", "schools"),
        ref("decided_by_id", "people"),
        Index(
            "uq_listing_cases_open",
            "tenant_id",
            "opportunity_id",
            unique=True,
            postgresql_where="status = 'open'",
        ),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "decided_by_id"),
    )


class ListingReport(Versioned, Base):
    """What one person said; who it was is for nobody at the employer, and `words` are personal."""

    __tablename__ = "listing_reports"

    case_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    reporter_id: Mapped[UUID]
    reporter_role: Mapped[str] = mapped_column(Text)
    reason: Mapped[ReportReason] = mapped_column(EnumText(ReportReason))
    words: Mapped[str | None] = mapped_column(Text)
    status: Mapped[CaseStatus] = mapped_column(EnumText(CaseStatus), default=CaseStatus.OPEN)

    __table_args__ = (
        one_of("reason", ReportReason),
        one_of("status", CaseStatus),
        UniqueConstraint("tenant_id", "case_id", "reporter_id"),
        ref("case_id", "listing_cases"),
        ref("opportunity_id", "opportunities"),
        ref("reporter_id", "people"),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "reporter_id", "created_at", "id"),
        Index(None, "tenant_id", "created_at", "id"),
    )
