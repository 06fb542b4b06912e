"""Files that were sent in, what became of every row, and the bytes until they are done with."""

from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Integer, LargeBinary, SmallInteger, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Instant, JsonObject, TenantRow, Versioned, one_of, ref
from app.domain.intake import ImportKind, ImportStatus


class Import(Versioned, Base):
    """One file sent in: its progress, its counts, and whether it was only tried."""

    __tablename__ = "imports"

    kind: Mapped[ImportKind] = mapped_column(EnumText(ImportKind))
    status: Mapped[ImportStatus] = mapped_column(EnumText(ImportStatus), default=ImportStatus.QUEUED)
    dry_run: Mapped[bool] = mapped_column(default=True)
    file_name: Mapped[str | None] = mapped_column(Text)
    upload_id: Mapped[UUID | None]
    created_by_id: Mapped[UUID | None]
    created_by_account_id: Mapped[UUID | None]
    applied_by_id: Mapped[UUID | None]
    applied_by_account_id: Mapped[UUID | None]
    options: Mapped[JsonObject]
    rows_done: Mapped[int] = mapped_column(Integer, default=0)
    rows_total: Mapped[int | None]
    counts: Mapped[JsonObject]
    summary: Mapped[JsonObject]
    fault_code: Mapped[str | None] = mapped_column(Text)
    fault: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[Instant | None]
    finished_at: Mapped[Instant | None]

    __table_args__ = (
        one_of("kind", ImportKind),
        one_of("status", ImportStatus),
        ref("created_by_id", "people"),
        ref("applied_by_id", "people"),
        ref("upload_id", "uploads"),
        Index(None, "tenant_id", "created_at", "id"),
        Index(None, "tenant_id", "created_by_id"),
        Index(None, "tenant_id", "applied_by_id"),
        Index(None, "tenant_id", "upload_id"),
    )


class ImportRow(TenantRow, Base):
    """A row that was not taken, or taken with a remark; `values` fill its sentence and are erased with the upload.

    Its cells are not kept: they may hold passwords, and the upload has them while there is something to mend.
    """

    __tablename__ = "import_rows"

    import_id: Mapped[UUID]
    position: Mapped[int]
    file: Mapped[str] = mapped_column(Text)
    line: Mapped[int | None]
    column: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str] = mapped_column(Text)
    severity: Mapped[str] = mapped_column(Text)
    values: Mapped[JsonObject]

    __table_args__ = (
        CheckConstraint("severity IN ('rejected', 'notice')", name="severity"),
        ref("import_id", "imports", ondelete="CASCADE"),
        Index(None, "tenant_id", "import_id", "position", "id"),
    )


class Upload(TenantRow, Base):
    """The bytes of an import, in the database so that API and worker may live on two machines."""

    __tablename__ = "uploads"

    data: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    attempts: Mapped[int] = mapped_column(SmallInteger, default=0)
    erase_at: Mapped[Instant]

    __table_args__ = (Index(None, "tenant_id", "erase_at", postgresql_where="data IS NOT NULL"),)
