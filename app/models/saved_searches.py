"""Saved searches, and which listings each has told already."""

from uuid import UUID

from sqlalchemy import Index, Integer, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, JsonObject, TenantRow, Versioned, one_of, ref
from app.domain.saved_search import Digest, SavedSearchStatus


class SavedSearch(Versioned, Base):
    """Somebody's stored filters; `name` and `filters` are personal, and go with the person.

    `due_at` is when the next digest is made, null while paused; `news_from` the instant from which on listings are news.
    """

    __tablename__ = "saved_searches"

    person_id: Mapped[UUID]
    status: Mapped[SavedSearchStatus] = mapped_column(
        EnumText(SavedSearchStatus), default=SavedSearchStatus.ACTIVE
    )
    name: Mapped[str | None] = mapped_column(Text)
    filters: Mapped[JsonObject]
    digest: Mapped[Digest] = mapped_column(EnumText(Digest), default=Digest.DAILY)
    by_mail: Mapped[bool] = mapped_column(default=True)
    due_at: Mapped[Instant | None]
    news_from: Mapped[Instant]
    last_found_at: Mapped[Instant] = mapped_column(
        comment="or when it was saved or resumed: patience is counted from here"
    )
    told: Mapped[int] = mapped_column(Integer, default=0, comment="listings told so far")

    __table_args__ = (
        one_of("status", SavedSearchStatus),
        one_of("digest", Digest),
        ref("person_id", "people"),
        Index(None, "tenant_id", "person_id", "created_at", "id"),
        Index(None, "tenant_id", "due_at", "id", postgresql_where="due_at IS NOT NULL"),
    )


class SavedSearchHit(TenantRow, Base):
    """A listing that a saved search has told its owner: never a second time."""

    __tablename__ = "saved_search_hits"

    saved_search_id: Mapped[UUID]
    opportunity_id: Mapped[UUID]
    event_id: Mapped[UUID] = mapped_column(comment="the digest in which it was told")

    __table_args__ = (
        UniqueConstraint("tenant_id", "saved_search_id", "opportunity_id"),
        ref("saved_search_id", "saved_searches", ondelete="CASCADE"),
        ref("opportunity_id", "opportunities", ondelete="CASCADE"),
        Index(None, "tenant_id", "opportunity_id"),
        Index(None, "tenant_id", "event_id"),
    )
