"""What the pool is counted by: households, the index of fields, and the snapshots that are published from them."""

from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Index, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, Instant, TenantRow, Versioned, ref


class Household(Versioned, Base):
    """The persons joined through guardian links; it ends when nobody is left in it.

    `split_from_id` names the household that a coordinator took it out of; its members are pinned.
    """

    __tablename__ = "households"

    split_from_id: Mapped[UUID | None]
    ended_at: Mapped[Instant | None]

    __table_args__ = (
        ref("split_from_id", "households"),
        Index(None, "tenant_id", "split_from_id"),
        Index(None, "tenant_id", "created_at", "id"),
    )


class HouseholdMember(TenantRow, Base):
    """A person in a household: in one at most, and in none while no guardian link joins them to anybody.

    `pinned` members stay where a coordinator put them, whatever the links say.
    """

    __tablename__ = "household_members"

    household_id: Mapped[UUID]
    person_id: Mapped[UUID]
    pinned: Mapped[bool] = mapped_column(default=False)

    __table_args__ = (
        UniqueConstraint("tenant_id", "person_id"),
        ref("household_id", "households"),
        ref("person_id", "people"),
        Index(None, "tenant_id", "household_id"),
    )


class ConnectionField(TenantRow, Base):
    """A field (domain/fields.py) that a live connection reaches: the pool's index, made of what is said elsewhere.

    `base_score` is what no ask lowers of the connection's score as a path of an introduction. With it stand copies of
    whom that path would ask, so that the best paths are read from one index; `hops.score` writes all three.
    """

    __tablename__ = "connection_fields"

    connection_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(Text)
    base_score: Mapped[float] = mapped_column(default=-1.3, server_default="-1.3")
    contributor_id: Mapped[UUID | None]
    contact_id: Mapped[UUID | None]

    __table_args__ = (
        UniqueConstraint("tenant_id", "connection_id", "field"),
        ref("connection_id", "connections", ondelete="CASCADE"),
        Index(None, "tenant_id", "field", "connection_id"),
        # The best paths of a field come first, however many there are.
        Index(
            None,
            "tenant_id",
            "field",
            "base_score",
            "connection_id",
            postgresql_include=["contributor_id", "contact_id"],
        ),
    )


class ReachCell(TenantRow, Base):
    """What one school was last told about one field, and the basis it was told on; the basis never leaves here.

    `people` and `households` stand side by side: who the basis was made of, and whose household each was.
    """

    __tablename__ = "reach_cells"

    school_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(Text)
    reachable: Mapped[bool]
    people: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")
    households: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), default=list, server_default="{}")

    __table_args__ = (
        UniqueConstraint("tenant_id", "school_id", "field"),
        ref("school_id", "schools"),
    )


class GapCell(TenantRow, Base):
    """How many students of a school want a field, and how many households of the pool reach it; exact, never shown so."""

    __tablename__ = "gap_cells"

    school_id: Mapped[UUID]
    field: Mapped[str] = mapped_column(Text)
    wanted: Mapped[int]
    households: Mapped[int]

    __table_args__ = (
        UniqueConstraint("tenant_id", "school_id", "field"),
        ref("school_id", "schools"),
    )


class PoolTask(TenantRow, Base):
    """When a part of the pool's upkeep was last done, and for which day's batch: its row is the claim on the work."""

    __tablename__ = "pool_tasks"

    part: Mapped[str] = mapped_column(Text)
    done_at: Mapped[Instant]
    batch_on: Mapped[date | None]

    __table_args__ = (UniqueConstraint("tenant_id", "part"),)
