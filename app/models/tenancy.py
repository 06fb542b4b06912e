"""Tenants, their schools and terms."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import Base, Instant, JsonObject, Strings, Versioned, ref
from app.domain.tenant_settings import BOUNDS, DEFAULTS


class Tenant(Base):
    """The community whose network is pooled: one school, a district or a region. Global."""

    __tablename__ = "tenants"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    locale: Mapped[str] = mapped_column(Text, default="en")
    zone: Mapped[str] = mapped_column(Text, default="America/New_York")
    settings: Mapped[JsonObject]
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (CheckConstraint("locale IN ('en', 'es')", name="locale"),)


class School(Versioned, Base):
    """An organisation inside the tenant; districts and departments are kept as parents."""

    __tablename__ = "schools"

    name: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text, default="school")
    sourced_id: Mapped[str | None] = mapped_column(Text)
    parent_id: Mapped[UUID | None]
    zone: Mapped[str] = mapped_column(Text, default="America/New_York")
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "sourced_id"),
        CheckConstraint("kind IN ('school', 'district', 'other')", name="kind"),
        ref("parent_id", "schools"),
        Index(None, "tenant_id", "name", "id"),
        Index(None, "tenant_id", "parent_id"),
    )


class Term(Versioned, Base):
    """A dated span of the school year."""

    __tablename__ = "terms"

    title: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    school_year: Mapped[str | None] = mapped_column(Text)
    sourced_id: Mapped[str | None] = mapped_column(Text)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "sourced_id"),
        CheckConstraint("ends_on >= starts_on", name="window"),
        Index(None, "tenant_id", "starts_on", "id"),
    )


class TenantSetting(Versioned, Base):
    """What a tenant decided for itself: one row a tenant, none while it changed nothing; see domain/tenant_settings.py."""

    __tablename__ = "tenant_settings"

    waitlist_hours: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.waitlist_hours)
    pursuit_days: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.pursuit_days)
    stale_after_days: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.stale_after_days)
    stale_silence_days: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.stale_silence_days)
    trusted_after: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.trusted_after)
    sensitive_industries: Mapped[Strings] = mapped_column(default=lambda: list(DEFAULTS.sensitive_industries))
    session_cancel_hours: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.session_cancel_hours)
    host_again_months: Mapped[int] = mapped_column(SmallInteger, default=DEFAULTS.host_again_months)

    __table_args__ = (
        UniqueConstraint("tenant_id"),
        *(
            CheckConstraint(f"{name} BETWEEN {least} AND {most}", name=name)
            for name, (least, most) in BOUNDS.items()
        ),
    )
