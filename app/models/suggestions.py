"""What can be suggested while somebody types: what listings say, how each text may begin, and the words in them.

All of it can be made again from the listings. It is read by ranges of `key` and `word` only: the comparisons of texts are
leakproof, so that row-level security leaves them their indexes; hence also the collation, by code points.
"""

from uuid import UUID

from sqlalchemy import ARRAY, Index, Integer, SmallInteger, Text, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, TenantRow, one_of, ref
from app.domain.suggestion import SuggestionKind

_BY_CODE_POINT = Text(collation="C")


class SuggestionTerm(TenantRow, Base):
    """One text that may be suggested, to those who see the listings of `school_id` (null: of the whole tenant).

    `value` is what to filter by: a code, an employer's id, the text itself. `samples` are the newest listings that say
    it: a term is shown only to somebody who may see one of them now.
    """

    __tablename__ = "suggestion_terms"

    kind: Mapped[SuggestionKind] = mapped_column(EnumText(SuggestionKind))
    school_id: Mapped[UUID | None]
    value: Mapped[str] = mapped_column(Text)
    text_en: Mapped[str] = mapped_column(Text)
    text_es: Mapped[str] = mapped_column(Text)
    uses: Mapped[int] = mapped_column(Integer)
    samples: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))

    __table_args__ = (
        one_of("kind", SuggestionKind),
        UniqueConstraint("tenant_id", "kind", "value", "school_id", postgresql_nulls_not_distinct=True),
        ref("school_id", "schools"),
        Index(None, "tenant_id", "school_id"),
    )


class SuggestionKey(TenantRow, Base):
    """A way in which a term may begin: `key` is its text, folded, from `word` on."""

    __tablename__ = "suggestion_keys"

    term_id: Mapped[UUID]
    word: Mapped[str] = mapped_column(_BY_CODE_POINT)
    key: Mapped[str] = mapped_column(_BY_CODE_POINT)
    weight: Mapped[int] = mapped_column(SmallInteger, comment="of the term's uses; see domain/suggestion.py")

    __table_args__ = (
        UniqueConstraint("tenant_id", "term_id", "key"),
        ref("term_id", "suggestion_terms", ondelete="CASCADE"),
        Index(None, "tenant_id", "key"),
        Index(None, "tenant_id", "word", "weight", "id"),
    )


class SuggestionWord(TenantRow, Base):
    """A word that some key begins with, and how often; the spelling of what is typed is mended with these."""

    __tablename__ = "suggestion_words"

    word: Mapped[str] = mapped_column(_BY_CODE_POINT)
    uses: Mapped[int] = mapped_column(Integer)

    __table_args__ = (UniqueConstraint("tenant_id", "word"),)
