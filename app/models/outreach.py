"""Outreach campaigns: what a school asks its families, the counts, and who was asked this month."""

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Strings, TenantRow, Versioned, one_of, ref
from app.domain.clusters import Cluster
from app.domain.outreach import OutreachStatus


class OutreachCampaign(Versioned, Base):
    """A school asking its families whom they know.

    Families have their turn in the order of a lot; `asked_through` is the last one drawn, so that nobody is asked twice
    in a campaign though it is forgotten who was asked. `batch_left` is what is left of the share of the day `batch_on`.
    """

    __tablename__ = "outreach_campaigns"

    school_id: Mapped[UUID]
    status: Mapped[OutreachStatus] = mapped_column(EnumText(OutreachStatus), default=OutreachStatus.DRAFT)
    title: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)
    k: Mapped[int] = mapped_column(SmallInteger, default=5)
    opens_on: Mapped[date]
    closes_on: Mapped[date]
    batch_on: Mapped[date | None]
    batch_left: Mapped[int] = mapped_column(Integer, default=0)
    asked_through: Mapped[str] = mapped_column(Text, default="")
    families_asked: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        one_of("status", OutreachStatus),
        CheckConstraint("k BETWEEN 1 AND 100", name="k"),
        CheckConstraint("closes_on >= opens_on", name="window"),
        ref("school_id", "schools"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "id", postgresql_where="status = 'open'"),
    )


class OutreachCount(TenantRow, Base):
    """How a campaign's question about one cluster went: families asked, families that know somebody."""

    __tablename__ = "outreach_counts"

    campaign_id: Mapped[UUID]
    cluster: Mapped[Cluster] = mapped_column(EnumText(Cluster))
    asked: Mapped[int] = mapped_column(Integer, default=0)
    yes: Mapped[int] = mapped_column(Integer, default=0)

    __table_args__ = (
        one_of("cluster", Cluster),
        CheckConstraint("yes BETWEEN 0 AND asked", name="yes"),
        UniqueConstraint("tenant_id", "campaign_id", "cluster"),
        ref("campaign_id", "outreach_campaigns"),
    )


class OutreachAsk(TenantRow, Base):
    """That a household was asked this month, by whichever school; deleted when the month is over.

    Each of its members is noted beside it: whoever moves to another household takes along that they were asked.
    `clusters` are the questions that are still open: empty once they are answered. A family that skips them, one
    that never looks and one whose mail comes back leave the same row, untouched.
    """

    __tablename__ = "outreach_asks"

    household_id: Mapped[UUID] = mapped_column(
        comment="a household, or a person: a member, or one who is in none"
    )
    is_member: Mapped[bool] = mapped_column(default=False)
    month: Mapped[date]
    campaign_id: Mapped[UUID | None]
    clusters: Mapped[Strings]

    __table_args__ = (
        UniqueConstraint("tenant_id", "household_id", "month"),
        ref("campaign_id", "outreach_campaigns"),
        Index(None, "tenant_id", "campaign_id"),
        Index(None, "tenant_id", "month"),
    )
