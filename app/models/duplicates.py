"""One person, one workplace: keys by which likenesses are found, pairs that may be one, and merges that can be undone."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, JsonObject, Strings, TenantRow, Versioned, one_of
from app.domain.duplicates.lives import DuplicateKind, DuplicateStatus, MergeStatus, ScanStatus


class MatchKey(TenantRow, Base):
    """One key of an employer or a contact: whatever shares one with it is looked at more closely.

    Made of names, numbers and addresses, so a contact's keys are personal and are deleted with the person.
    """

    __tablename__ = "match_keys"

    kind: Mapped[DuplicateKind] = mapped_column(EnumText(DuplicateKind))
    key: Mapped[str] = mapped_column(Text)
    subject_id: Mapped[UUID] = mapped_column(comment="the employer or the contact")

    __table_args__ = (
        one_of("kind", DuplicateKind),
        UniqueConstraint("tenant_id", "kind", "key", "subject_id"),
        Index(None, "tenant_id", "subject_id"),
    )


class DuplicatePair(Versioned, Base):
    """Two employers, or two contacts, that may be one; the smaller id is the left one."""

    __tablename__ = "duplicate_pairs"

    kind: Mapped[DuplicateKind] = mapped_column(EnumText(DuplicateKind))
    left_id: Mapped[UUID]
    right_id: Mapped[UUID]
    status: Mapped[DuplicateStatus] = mapped_column(
        EnumText(DuplicateStatus), default=DuplicateStatus.SUGGESTED
    )
    score: Mapped[float]
    reasons: Mapped[Strings]

    __table_args__ = (
        one_of("kind", DuplicateKind),
        one_of("status", DuplicateStatus),
        CheckConstraint("score BETWEEN 0 AND 1", name="score"),
        CheckConstraint("left_id < right_id", name="ordered"),
        UniqueConstraint("tenant_id", "kind", "left_id", "right_id"),
        Index(None, "tenant_id", "right_id"),
        Index(None, "tenant_id", "left_id"),
        Index(None, "tenant_id", "status", "score", "id"),
    )


class Merge(Versioned, Base):
    """Two rows that were made one: which stayed, which fields they exchanged, and exactly which rows moved.

    `moved` maps `table.column` to the ids of the rows that were pointed at the kept row; `set_aside` holds rows that
    could not stay beside a row of the kept one; `carried` the pairs that became different with it. No values of people:
    the row that was merged away keeps its own.
    """

    __tablename__ = "merges"

    kind: Mapped[DuplicateKind] = mapped_column(EnumText(DuplicateKind))
    status: Mapped[MergeStatus] = mapped_column(EnumText(MergeStatus), default=MergeStatus.DONE)
    pair_id: Mapped[UUID | None]
    kept_id: Mapped[UUID]
    lost_id: Mapped[UUID]
    exchanged: Mapped[Strings]
    moved: Mapped[JsonObject]
    set_aside: Mapped[JsonObject]
    carried: Mapped[JsonObject]
    undone_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", DuplicateKind),
        one_of("status", MergeStatus),
        CheckConstraint("kept_id <> lost_id", name="two"),
        Index(None, "tenant_id", "kept_id"),
        Index(None, "tenant_id", "lost_id"),
        Index(None, "tenant_id", "created_at", "id"),
    )


class DuplicateScan(Versioned, Base):
    """One search for duplicates through everything a tenant has."""

    __tablename__ = "duplicate_scans"

    status: Mapped[ScanStatus] = mapped_column(EnumText(ScanStatus), default=ScanStatus.WAITING)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    employers: Mapped[int | None] = mapped_column(Integer, comment="how many were compared")
    contacts: Mapped[int | None] = mapped_column(Integer, comment="how many were compared")
    suggested: Mapped[int | None] = mapped_column(Integer, comment="pairs that were not known before")
    started_at: Mapped[Instant | None]
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("status", ScanStatus),
        Index(None, "tenant_id", "created_at", "id"),
        # One at a time: who asks while one is under way is shown that one.
        Index(
            "uq_duplicate_scans_under_way",
            "tenant_id",
            unique=True,
            postgresql_where="status IN ('waiting', 'running')",
        ),
    )
