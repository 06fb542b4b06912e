"""What a student can do at an employer, and students' wish lists."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, TenantRow, Versioned, one_of, ref
from app.domain.opportunity import OpportunityScope, OpportunityStatus, Pay


class Opportunity(Versioned, Base):
    """An opportunity; `seats_taken` changes by compare-and-swap only."""

    __tablename__ = "opportunities"

    status: Mapped[OpportunityStatus] = mapped_column(
        EnumText(OpportunityStatus), default=OpportunityStatus.DRAFT
    )
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str] = mapped_column(Text)
    clusters: Mapped[Strings]
    categories: Mapped[Strings]
    employer_id: Mapped[UUID]
    worksite_id: Mapped[UUID | None]
    connection_id: Mapped[UUID | None]
    school_id: Mapped[UUID | None]
    scope: Mapped[OpportunityScope] = mapped_column(
        EnumText(OpportunityScope), default=OpportunityScope.TENANT
    )
    owner_id: Mapped[UUID | None]
    seats: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    schedule: Mapped[str | None] = mapped_column(Text)
    minimum_age: Mapped[int | None] = mapped_column(SmallInteger)
    maximum_age: Mapped[int | None] = mapped_column(SmallInteger)
    remote: Mapped[bool] = mapped_column(default=False)
    pay: Mapped[Pay] = mapped_column(EnumText(Pay), default=Pay.UNKNOWN)
    pay_cents_per_hour: Mapped[int | None]
    credit: Mapped[bool] = mapped_column(default=False)
    external_key: Mapped[str | None] = mapped_column(Text)
    external_hash: Mapped[str | None] = mapped_column(Text, comment="of what an import last wrote here")
    published_at: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]
    search: Mapped[str] = deferred(
        mapped_column(
            TSVECTOR,
            Computed(
                "setweight(to_tsvector('english'::regconfig, title), 'A') || "
                "setweight(to_tsvector('english'::regconfig, description), 'B')",
                persisted=True,
            ),
        )
    )

    __table_args__ = (
        one_of("status", OpportunityStatus),
        one_of("scope", OpportunityScope),
        one_of("pay", Pay),
        CheckConstraint("seats BETWEEN 0 AND 10000", name="seats"),
        CheckConstraint("seats_taken BETWEEN 0 AND seats", name="seats_taken"),
        CheckConstraint("ends_on >= starts_on", name="window"),
        CheckConstraint("scope = 'tenant' OR school_id IS NOT NULL", name="scope_school"),
        UniqueConstraint("tenant_id", "external_key"),
        ref("employer_id", "employers"),
        ref("worksite_id", "worksites"),
        ref("connection_id", "connections"),
        ref("school_id", "schools"),
        ref("owner_id", "people"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "connection_id"),
        Index(None, "tenant_id", "worksite_id"),
        Index(None, "tenant_id", "owner_id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(
            "ix_opportunities_catalogue",
            "tenant_id",
            "published_at",
            "id",
            postgresql_where="status = 'published'",
        ),
    )


class Favorite(TenantRow, Base):
    """A student's wish."""

    __tablename__ = "favorites"

    student_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]

    __table_args__ = (
        UniqueConstraint("tenant_id", "student_id", "opportunity_id"),
        ref("student_id", "people"),
        ref("opportunity_id", "opportunities"),
        Index(None, "tenant_id", "opportunity_id"),
    )
