"""What people are told: notifications in the service, and mails on their way out."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, Instant, JsonObject, TenantRow, Versioned, ref


class Notification(Versioned, Base):
    """One thing one person should know, from one event."""

    __tablename__ = "notifications"

    person_id: Mapped[UUID]
    event_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(Text)
    subject_type: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID]
    needs_action: Mapped[bool] = mapped_column(default=False)
    read_at: Mapped[Instant | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id", "event_id", "kind"),
        ref("person_id", "people"),
        Index(None, "tenant_id", "person_id", "created_at", "id"),
        Index(None, "tenant_id", "subject_id"),
    )


class Mail(TenantRow, Base):
    """One mail to one person or contact. It holds ids only: address and words are filled in when it leaves."""

    __tablename__ = "mails"

    template: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text, default="waiting")
    person_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]
    account_id: Mapped[UUID | None]
    event_id: Mapped[UUID | None]
    subject_id: Mapped[UUID | None]
    facts: Mapped[JsonObject]
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    due_at: Mapped[Instant]
    done_at: Mapped[Instant | None]
    fault: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'done', 'failed')", name="state"),
        CheckConstraint("num_nonnulls(person_id, contact_id, account_id) = 1", name="one_recipient"),
        UniqueConstraint(
            "tenant_id",
            "event_id",
            "template",
            "person_id",
            "contact_id",
            postgresql_nulls_not_distinct=False,
        ),
        ref("person_id", "people"),
        ref("contact_id", "contacts"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "due_at", postgresql_where="state = 'waiting'"),
    )
