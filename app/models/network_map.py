"""A student's own network map: the people they know, the goals they have, and the one adult they may show it to.

Everything here is private to the student (product.md §6): `app/access/rows.py` opens it to nobody else but the adult
of a live share. Every text is personal, and nullable so that erasing it keeps the row's ids.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, TenantRow, Versioned, one_of, ref
from app.domain.connection import ConnectionDomain
from app.domain.goal import GoalStatus


class Goal(Versioned, Base):
    """What a student wants to reach; `title` is in their own words, `field` a code of domain/fields.py."""

    __tablename__ = "goals"

    student_id: Mapped[UUID]
    title: Mapped[str | None] = mapped_column(Text)
    field: Mapped[str | None] = mapped_column(Text)
    status: Mapped[GoalStatus] = mapped_column(EnumText(GoalStatus), default=GoalStatus.OPEN)
    due_on: Mapped[date | None]

    __table_args__ = (
        one_of("status", GoalStatus),
        ref("student_id", "people"),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
    )


class MapEntry(Versioned, Base):
    """One person on a student's map; `label` is how the student calls them.

    `connection_id` once the student offered this person to the pool, which is an act of its own.
    """

    __tablename__ = "map_entries"

    student_id: Mapped[UUID]
    label: Mapped[str | None] = mapped_column(Text)
    domain: Mapped[ConnectionDomain] = mapped_column(EnumText(ConnectionDomain))
    closeness: Mapped[int] = mapped_column(SmallInteger)
    frequency: Mapped[int] = mapped_column(SmallInteger)
    help: Mapped[Strings]
    fields: Mapped[Strings]
    next_step: Mapped[str | None] = mapped_column(Text)
    next_step_due_on: Mapped[date | None]
    remind_at: Mapped[Instant | None]
    connection_id: Mapped[UUID | None]

    __table_args__ = (
        one_of("domain", ConnectionDomain),
        CheckConstraint("closeness BETWEEN 1 AND 3", name="closeness"),
        CheckConstraint("frequency BETWEEN 1 AND 5", name="frequency"),
        CheckConstraint("help <@ ARRAY['concrete', 'emotional', 'advice', 'introductions']", name="help"),
        CheckConstraint("remind_at IS NULL OR next_step_due_on IS NOT NULL", name="reminder"),
        ref("student_id", "people"),
        ref("connection_id", "connections"),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "connection_id"),
        Index(None, "tenant_id", "remind_at", postgresql_where="remind_at IS NOT NULL"),
    )


class MapEntryGoal(TenantRow, Base):
    """A goal that a person on the map could help with; goes when either of the two goes."""

    __tablename__ = "map_entry_goals"

    entry_id: Mapped[UUID]
    goal_id: Mapped[UUID]

    __table_args__ = (
        UniqueConstraint("tenant_id", "entry_id", "goal_id"),
        ref("entry_id", "map_entries", ondelete="CASCADE"),
        ref("goal_id", "goals", ondelete="CASCADE"),
        Index(None, "tenant_id", "goal_id"),
    )


class MapShare(Versioned, Base):
    """A student shows their map to one adult, until they take that back."""

    __tablename__ = "map_shares"

    student_id: Mapped[UUID]
    adult_id: Mapped[UUID]
    shared_at: Mapped[Instant]
    revoked_at: Mapped[Instant | None]

    __table_args__ = (
        ref("student_id", "people"),
        ref("adult_id", "people"),
        Index(
            "uq_map_shares_live",
            "tenant_id",
            "student_id",
            unique=True,
            postgresql_where="revoked_at IS NULL",
        ),
        Index(None, "tenant_id", "student_id", "shared_at", "id"),
        Index(None, "tenant_id", "adult_id"),
    )
