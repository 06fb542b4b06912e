"""The yearly question to whoever hosted: would they again."""

from datetime import date
from uuid import UUID

from sqlalchemy import Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, Strings, Versioned, one_of, ref
from app.domain.host_again import HostAnswer, HostAskStatus


class HostAsk(Versioned, Base):
    """One year's question to one employer, with the answer and its reasons; `note` is personal."""

    __tablename__ = "host_asks"

    employer_id: Mapped[UUID]
    school_id: Mapped[UUID | None] = mapped_column(comment="the school in whose name it is asked")
    contact_id: Mapped[UUID | None]
    person_id: Mapped[UUID | None] = mapped_column(comment="the supervisor who is asked")
    status: Mapped[HostAskStatus] = mapped_column(EnumText(HostAskStatus), default=HostAskStatus.ASKED)
    asked_at: Mapped[Instant]
    answer_by: Mapped[Instant]
    answered_at: Mapped[Instant | None]
    answer: Mapped[HostAnswer | None] = mapped_column(EnumText(HostAnswer))
    reasons: Mapped[Strings]
    note: Mapped[str | None] = mapped_column(Text)
    next_available_on: Mapped[date | None]

    __table_args__ = (
        one_of("status", HostAskStatus),
        one_of("answer", HostAnswer),
        ref("employer_id", "employers"),
        ref("school_id", "schools"),
        ref("contact_id", "contacts"),
        ref("person_id", "people"),
        Index(None, "tenant_id", "employer_id", "asked_at"),
        Index(None, "tenant_id", "school_id", "created_at", "id"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "contact_id"),
        Index(None, "tenant_id", "person_id"),
        Index(None, "tenant_id", "answer_by", postgresql_where="status = 'asked'"),
    )
