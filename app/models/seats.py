"""The line for seats, and seats kept for a school or a group."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, TenantRow, Versioned, one_of, ref
from app.domain.waitlist import WaitingStatus

_ONE_TARGET = "(opportunity_id IS NULL) <> (session_id IS NULL)"


class WaitingEntry(Versioned, Base):
    """A student's place in the line for an opportunity or a session; kept for good, so it is the record of offers.

    Who leaves, declines or lets an offer lapse and comes back gets a new entry, behind everybody.
    """

    __tablename__ = "waiting_entries"

    status: Mapped[WaitingStatus] = mapped_column(EnumText(WaitingStatus), default=WaitingStatus.WAITING)
    opportunity_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    student_id: Mapped[UUID]
    school_id: Mapped[UUID]
    joined_at: Mapped[Instant]
    offered_at: Mapped[Instant | None]
    offer_until: Mapped[Instant | None]
    accepted_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("status", WaitingStatus),
        CheckConstraint(_ONE_TARGET, name="target"),
        ref("opportunity_id", "opportunities"),
        ref("session_id", "opportunity_sessions"),
        ref("student_id", "people"),
        ref("school_id", "schools"),
        Index(
            "uq_waiting_entries_opportunity_live",
            "tenant_id",
            "opportunity_id",
            "student_id",
            unique=True,
            postgresql_where="opportunity_id IS NOT NULL AND status IN ('waiting', 'offered', 'accepted')",
        ),
        Index(
            "uq_waiting_entries_session_live",
            "tenant_id",
            "session_id",
            "student_id",
            unique=True,
            postgresql_where="session_id IS NOT NULL AND status IN ('waiting', 'offered', 'accepted')",
        ),
        Index(
            "ix_waiting_entries_opportunity_line",
            "tenant_id",
            "opportunity_id",
            "joined_at",
            "id",
            postgresql_where="status = 'waiting'",
        ),
        Index(
            "ix_waiting_entries_session_line",
            "tenant_id",
            "session_id",
            "joined_at",
            "id",
            postgresql_where="status = 'waiting'",
        ),
        Index(
            "ix_waiting_entries_due",
            "tenant_id",
            "offer_until",
            "id",
            postgresql_where="status = 'offered'",
        ),
        Index(None, "tenant_id", "student_id", "created_at", "id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "opportunity_id", "created_at", "id"),
        Index(None, "tenant_id", "session_id", "created_at", "id"),
    )


class StudentGroup(Versioned, Base):
    """A list of students that a coordinator named, so that seats can be kept for them."""

    __tablename__ = "student_groups"

    school_id: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        ref("school_id", "schools"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
    )


class GroupMember(TenantRow, Base):
    """A student on such a list."""

    __tablename__ = "group_members"

    group_id: Mapped[UUID]
    student_id: Mapped[UUID]

    __table_args__ = (
        UniqueConstraint("tenant_id", "group_id", "student_id"),
        ref("group_id", "student_groups"),
        ref("student_id", "people"),
        Index(None, "tenant_id", "student_id"),
    )


class SeatReserve(TenantRow, Base):
    """Seats kept for one school or one group until a day; `released_on` is the first day they are open to everyone."""

    __tablename__ = "seat_reserves"

    opportunity_id: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    school_id: Mapped[UUID | None]
    group_id: Mapped[UUID | None]
    seats: Mapped[int]
    seats_taken: Mapped[int] = mapped_column(default=0)
    released_on: Mapped[date]
    released_at: Mapped[Instant | None]

    __table_args__ = (
        CheckConstraint(_ONE_TARGET, name="target"),
        CheckConstraint("(school_id IS NULL) <> (group_id IS NULL)", name="audience"),
        CheckConstraint("seats BETWEEN 1 AND 10000", name="seats"),
        CheckConstraint("seats_taken BETWEEN 0 AND seats", name="seats_taken"),
        ref("opportunity_id", "opportunities"),
        ref("session_id", "opportunity_sessions"),
        ref("school_id", "schools"),
        ref("group_id", "student_groups"),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "session_id"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "group_id"),
        Index(None, "tenant_id", "released_on", postgresql_where="released_at IS NULL"),
    )


class ReservedSeat(TenantRow, Base):
    """Which student sits on a seat out of a reserve, so that the seat goes back to where it came from."""

    __tablename__ = "reserved_seats"

    reserve_id: Mapped[UUID]
    student_id: Mapped[UUID]

    __table_args__ = (
        UniqueConstraint("tenant_id", "reserve_id", "student_id"),
        ref("reserve_id", "seat_reserves", ondelete="CASCADE"),
        ref("student_id", "people"),
        Index(None, "tenant_id", "student_id"),
    )
