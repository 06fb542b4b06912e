"""What search reads: one narrow row for each listing that the catalogue shows, and the words that listings use.

Row-level security would keep a search from its index (`@@` is not leakproof), so `search_documents` has none. It holds
only what the catalogue shows, every lexeme in it begins with the tenant's own prefix, every query names the tenant, and
every hit is read again through row-level security and the policy before it is answered. docs/adr/0014 has the figures.
"""

from datetime import date
from uuid import UUID

from sqlalchemy import (
    REAL,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import BIT, TSVECTOR, BitString
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, Instant, Strings, TenantRow, ref


class SearchDocument(Base):
    """One listing as search sees it; written in the transaction that changes the listing, gone when it is not shown.

    `document` has the stems of what the catalogue shows, in English and Spanish, and a lexeme for each thing that can be
    filtered by: words, filters and share scope are one look into one index. `seats_free` is in no index, so that taking
    a seat touches none.

    The row without its document is a tenth of the row with it, and search reads thousands of rows for one page. A row
    moves what is long out of itself only from two kilobytes on; `room`, two thousand spaces that compress to nothing,
    makes every row long enough, and `document` is stored so that it alone goes: what facets count and filters ask stays in
    the row, whatever its length.
    """

    __tablename__ = "search_documents"

    tenant_id: Mapped[UUID] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True, comment="the opportunity's")
    document: Mapped[str] = mapped_column(TSVECTOR)
    published_at: Mapped[Instant]
    apply_by: Mapped[date | None]
    type: Mapped[str] = mapped_column(Text)
    clusters: Mapped[int] = mapped_column(
        Integer, comment="a bit for each, in the order of domain/clusters.py"
    )
    skills: Mapped[Strings]
    pay: Mapped[str] = mapped_column(Text)
    remote: Mapped[bool]
    minimum_age: Mapped[int | None] = mapped_column(SmallInteger)
    maximum_age: Mapped[int | None] = mapped_column(SmallInteger)
    seats_free: Mapped[int] = mapped_column(Integer)
    shuffle: Mapped[int] = mapped_column(SmallInteger, comment="0 to 1023, from the id")
    latitude: Mapped[float | None] = mapped_column(REAL)
    longitude: Mapped[float | None] = mapped_column(REAL)
    meets: Mapped[BitString | None] = mapped_column(
        BIT(336), comment="the half hours it needs; null: not said"
    )
    made_from: Mapped[int] = mapped_column(Integer, comment="the opportunity's version when this was written")
    made_at: Mapped[Instant]
    room: Mapped[str] = mapped_column(
        Text, server_default=text("repeat(' '::text, 2048)"), deferred=True, comment="see the docstring"
    )

    __table_args__ = (
        ref("id", "opportunities", ondelete="CASCADE"),
        Index(
            None,
            "document",
            postgresql_using="gin",
            # A list of what is not yet in the index would be read through by every search.
            postgresql_with={"fastupdate": "off"},
        ),
        {"postgresql_with": {"fillfactor": 85, "toast_tuple_target": 512}},
    )


class SearchTerm(TenantRow, Base):
    """A word that the tenant's listings use, or the stem of one: what a misspelt word of a search is held against."""

    __tablename__ = "search_terms"

    term: Mapped[str] = mapped_column(Text(collation="C"))
    initial: Mapped[str] = mapped_column(
        Text(collation="C"), comment="of a word; empty for a stem, which nobody means to write"
    )
    length: Mapped[int] = mapped_column(SmallInteger)

    __table_args__ = (
        UniqueConstraint("tenant_id", "term"),
        Index(None, "tenant_id", "initial", "length"),
    )
