"""Letters that ask whether listings still hold, and what employers without an account do with their listings."""

from typing import Annotated, Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.clock import now
from app.core.ids import new_id
from app.core.tables import Base, EnumText, Instant, JsonObject, TenantRow, Versioned, one_of, ref
from app.domain.freshness import ListingAnswer, ReconfirmationStatus
from app.domain.listing_change import ListingChangeStatus

_Keys = Annotated[list[dict[str, Any]], mapped_column(JSONB, default=list, server_default="[]")]


class Reconfirmation(Versioned, Base):
    """One letter to one person that asks about all their listings that grew old."""

    __tablename__ = "reconfirmations"

    status: Mapped[ReconfirmationStatus] = mapped_column(
        EnumText(ReconfirmationStatus), default=ReconfirmationStatus.ASKED
    )
    employer_id: Mapped[UUID]
    school_id: Mapped[UUID | None] = mapped_column(comment="the school in whose name it is asked")
    contact_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None] = mapped_column(comment="a supervisor, or the member of staff who made it")
    is_staff: Mapped[bool] = mapped_column(default=False, server_default="false")
    answer_by: Mapped[Instant]
    remind_at: Mapped[Instant | None]
    answered_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("status", ReconfirmationStatus),
        CheckConstraint("num_nonnulls(contact_id, person_id) <= 1", name="one_asked"),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("contact_id", "contacts"),
        ref("person_id", "people"),
        Index(None, "tenant_id", "employer_id"),
        Index(None, "tenant_id", "school_id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "answer_by", postgresql_where="status = 'asked'"),
        Index(None, "tenant_id", "remind_at", postgresql_where="remind_at IS NOT NULL"),
    )


class ReconfirmationListing(TenantRow, Base):
    """One listing in such a letter, and what was said of it."""

    __tablename__ = "reconfirmation_listings"

    reconfirmation_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    answer: Mapped[ListingAnswer | None] = mapped_column(EnumText(ListingAnswer))

    __table_args__ = (
        one_of("answer", ListingAnswer),
        UniqueConstraint("tenant_id", "reconfirmation_id", "opportunity_id"),
        ref("reconfirmation_id", "reconfirmations"),
        ref("opportunity_id", "opportunities"),
        Index(None, "tenant_id", "opportunity_id"),
    )


class ListingChange(Versioned, Base):
    """What an employer wants to be different about a published listing; `wanted` and `present` by field."""

    __tablename__ = "listing_changes"

    opportunity_id: Mapped[UUID]
    school_id: Mapped[UUID | None]
    status: Mapped[ListingChangeStatus] = mapped_column(
        EnumText(ListingChangeStatus), default=ListingChangeStatus.PROPOSED
    )
    wanted: Mapped[JsonObject]
    present: Mapped[JsonObject]
    contact_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None]
    decided_at: Mapped[Instant | None]
    decision: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        one_of("status", ListingChangeStatus),
        ref("opportunity_id", "opportunities"),
        ref("school_id", "schools"),
        ref("contact_id", "contacts"),
        ref("person_id", "people"),
        Index(
            "uq_listing_changes_proposed",
            "tenant_id",
            "opportunity_id",
            unique=True,
            postgresql_where="status = 'proposed'",
        ),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "person_id"),
    )


class ListingDoor(Base):
    """A mailed code on its way, and the half hour it opens. Global: the address says which communities it is of.

    `address` is kept only until it was looked up. `keys` are who its owner is: contacts and supervisors, by tenant.
    `asked_from` is the keyed hash of the network it was asked for from, `tries_from` the tries by such a hash.
    """

    __tablename__ = "listing_doors"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=new_id)
    address: Mapped[str | None] = mapped_column(Text)
    address_hash: Mapped[bytes] = mapped_column(LargeBinary)
    keys: Mapped[_Keys]
    salt: Mapped[bytes] = mapped_column(
        LargeBinary, comment="the code is a keyed hash of it, and in no table"
    )
    asked_from: Mapped[bytes | None] = mapped_column(LargeBinary)
    tries: Mapped[int] = mapped_column(SmallInteger, default=0, server_default="0")
    tries_from: Mapped[JsonObject]
    opened_at: Mapped[Instant | None]
    locale: Mapped[str] = mapped_column(Text, default="en", server_default="en")
    expires_at: Mapped[Instant]
    created_at: Mapped[Instant] = mapped_column(default=now)

    __table_args__ = (
        Index(None, "address_hash", "created_at"),
        Index(None, "expires_at"),
    )
