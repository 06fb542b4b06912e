"""What every table is made of, and the machinery's own tables: events, deliveries, stored answers."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core.clock import now
from app.core.ids import new_id

E = TypeVar("E", bound=StrEnum)

Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
Strings = Annotated[list[str], mapped_column(ARRAY(Text), default=list, server_default="{}")]
JsonObject = Annotated[dict[str, Any], mapped_column(JSONB, default=dict, server_default="{}")]


class EnumText(TypeDecorator[E], Generic[E]):
    """A StrEnum kept as text: readable in the database, an enumeration in Python."""

    impl = Text
    cache_ok = True

    def __init__(self, enum: type[E]) -> None:
        super().__init__()
        self.enum = enum

    def process_bind_param(self, value: E | str | None, _dialect: Dialect) -> str | None:
        """Return the text that is stored."""
        return None if value is None else self.enum(value).value

    def process_result_value(self, value: str | None, _dialect: Dialect) -> E | None:
        """Return the member that was stored."""
        return None if value is None else self.enum(value)


def one_of(column: str, enum: type[StrEnum]) -> CheckConstraint:
    """Build the check that keeps a column inside its enumeration."""
    values = ", ".join(f"'{member.value}'" for member in enum)
    return CheckConstraint(f"{column} IN ({values})", name=column)


def ref(column: str, table: str, *, ondelete: str | None = None) -> ForeignKeyConstraint:
    """Build a foreign key that cannot leave the tenant: (tenant_id, column) -> table (tenant_id, id)."""
    return ForeignKeyConstraint(
        ["tenant_id", column],
        [f"{table}.tenant_id", f"{table}.id"],
        name=f"fk_{column}_{table}",
        ondelete=ondelete,
    )


class Base(DeclarativeBase):
    """The one metadata; constraint names are fixed so that migrations can name them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class TenantRow:
    """A row of one tenant: (tenant_id, id) is its key, so no row can point across tenants."""

    @declared_attr
    def tenant_id(cls) -> Mapped[UUID]:  # noqa: N805 - SQLAlchemy passes the class
        """Return the tenant; first in every key and index."""
        return mapped_column(ForeignKey("tenants.id"), primary_key=True, sort_order=-2)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id, sort_order=-1)
    created_at: Mapped[Instant] = mapped_column(default=now)


class Versioned(TenantRow):
    """A row that people change: `version` is its ETag, checked by every UPDATE."""

    version: Mapped[int] = mapped_column(Integer, default=1)
    updated_at: Mapped[Instant] = mapped_column(default=now, onupdate=now)

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - SQLAlchemy passes the class
        """Let SQLAlchemy compare and raise the version."""
        return {"version_id_col": cls.version}


class Event(TenantRow, Base):
    """What happened, who did it and why; append-only: the runtime role may only insert and read.

    `changed` names fields; `facts` holds values of fields that are never personal (statuses, counts, dates).
    """

    __tablename__ = "events"

    action: Mapped[str] = mapped_column(Text)
    subject_type: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    subject_seq: Mapped[int]
    actor_kind: Mapped[str] = mapped_column(Text)
    actor_account_id: Mapped[UUID | None]
    actor_person_id: Mapped[UUID | None]
    school_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    reason: Mapped[str | None] = mapped_column(Text)
    changed: Mapped[Strings]
    facts: Mapped[JsonObject]
    request_id: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        UniqueConstraint("tenant_id", "subject_id", "subject_seq"),
        CheckConstraint("actor_kind IN ('account', 'link', 'system')", name="actor_kind"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "person_id", "created_at", "id"),
    )


class Delivery(Base):
    """How far the events of one subject have been delivered; a dead one waits for an operator."""

    __tablename__ = "deliveries"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="the subject")
    delivered_seq: Mapped[int] = mapped_column(Integer, default=0)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    retry_at: Mapped[Instant | None]
    dead_at: Mapped[Instant | None]
    fault: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        Index(None, "tenant_id", "dead_at", postgresql_where="dead_at IS NOT NULL"),
        Index(None, "tenant_id", "retry_at", postgresql_where="retry_at IS NOT NULL"),
    )


class StoredAnswer(Base):
    """The 2xx answer to an Idempotency-Key; `body` is blanked when a person in it is erased."""

    __tablename__ = "stored_answers"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    account_id: Mapped[UUID]
    key: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    action: Mapped[str] = mapped_column(Text)
    subject_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    status: Mapped[int] = mapped_column(SmallInteger)
    headers: Mapped[JsonObject]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (
        UniqueConstraint("tenant_id", "account_id", "key"),
        Index(None, "tenant_id", "created_at"),
        Index(None, "subject_ids", postgresql_using="gin"),
    )


class RateLimit(Base):
    """Counts of requests, shared by several API processes; UNLOGGED: losing it costs nobody anything."""

    __tablename__ = "rate_limits"

    key_hash: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    window_started_at: Mapped[Instant]
    hits: Mapped[int]

    __table_args__ = ({"prefixes": ["UNLOGGED"]},)
