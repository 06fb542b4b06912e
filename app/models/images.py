"""Pictures of opportunities and employers: what is kept about each; the bytes stand in the file store."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, TenantRow, ref


class Image(TenantRow, Base):
    """One picture of one opportunity or one employer, as WebP in two sizes; `alt` says what it shows to whom cannot see it.

    Never changed: another picture is another row, so clients may keep what they got under its address.
    """

    __tablename__ = "images"

    opportunity_id: Mapped[UUID | None]
    employer_id: Mapped[UUID | None]
    alt: Mapped[str] = mapped_column(Text)
    width: Mapped[int] = mapped_column(SmallInteger)
    height: Mapped[int] = mapped_column(SmallInteger)
    size: Mapped[int] = mapped_column(comment="bytes of both sizes")
    sha256: Mapped[bytes] = mapped_column(LargeBinary, comment="of the larger one, as it is kept")
    created_by_id: Mapped[UUID | None]

    __table_args__ = (
        CheckConstraint("num_nonnulls(opportunity_id, employer_id) = 1", name="one_subject"),
        CheckConstraint("width BETWEEN 1 AND 1600 AND height BETWEEN 1 AND 1600", name="size"),
        ref("opportunity_id", "opportunities"),
        ref("employer_id", "employers"),
        ref("created_by_id", "people"),
        Index(None, "tenant_id", "opportunity_id", "created_at", "id"),
        Index(None, "tenant_id", "employer_id", "created_at", "id"),
        Index(None, "tenant_id", "created_by_id"),
    )
