"""What a student can do at an employer, and students' wish lists."""

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB, TSVECTOR
from sqlalchemy.orm import Mapped, deferred, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, TenantRow, Versioned, one_of, ref
from app.domain.opportunity import ConfirmedBy, OpportunityScope, OpportunityStatus, Pay

_Timetable = Annotated[list[dict[str, Any]], mapped_column(JSONB, default=list, server_default="[]")]


class Opportunity(Versioned, Base):
    """An opportunity; `seats_taken` changes by compare-and-swap only."""

    __tablename__ = "opportunities"

    status: Mapped[OpportunityStatus] = mapped_column(
        EnumText(OpportunityStatus), default=OpportunityStatus.DRAFT
    )
    title: Mapped[str] = mapped_column(Text)
    description: Mapped[str] = mapped_column(Text, default="")
    type: Mapped[str] = mapped_column(Text)
    type_number: Mapped[int | None] = mapped_column(
        SmallInteger, comment="the version of the type it was written under; null: the first"
    )
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
    apply_by: Mapped[date | None]
    skills: Mapped[Strings]
    tags: Mapped[Strings]
    languages: Mapped[Strings] = mapped_column(comment="that a student needs, as ISO 639-1 codes")
    clearances: Mapped[Strings] = mapped_column(comment="that the host asks for, beside the type's own")
    fields: Mapped[Strings]
    dress_code: Mapped[str | None] = mapped_column(Text)
    next_available_on: Mapped[date | None] = mapped_column(comment="the host takes nobody before")
    total_hours: Mapped[int | None]
    deliverable: Mapped[str | None] = mapped_column(Text)
    pay_cents_total: Mapped[int | None] = mapped_column(
        comment="for the whole of it, where it is not by the hour"
    )
    hours_a_month: Mapped[int | None] = mapped_column(SmallInteger)
    meets: Mapped[_Timetable] = mapped_column(comment="the weekly timetable: day, from, to")
    published_at: Mapped[Instant | None]
    confirmed_at: Mapped[Instant | None]
    confirmed_by: Mapped[ConfirmedBy | None] = mapped_column(EnumText(ConfirmedBy))
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
        one_of("confirmed_by", ConfirmedBy),
        CheckConstraint("total_hours BETWEEN 1 AND 10000", name="total_hours"),
        CheckConstraint("hours_a_month BETWEEN 1 AND 200", name="hours_a_month"),
        CheckConstraint("pay_cents_total BETWEEN 0 AND 100000000", name="pay_cents_total"),
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
        # The freshness board, and what the clock does: grow stale, and be over.
        Index(None, "tenant_id", "confirmed_at", "id"),
        Index(None, "tenant_id", "ends_on", postgresql_where="status IN ('published', 'stale', 'paused')"),
        Index(None, "tenant_id", "apply_by", postgresql_where="status IN ('published', 'stale', 'paused')"),
        Index(
            "ix_opportunities_shown",
            "tenant_id",
            "employer_id",
            postgresql_where="status IN ('published', 'stale')",
        ),
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
