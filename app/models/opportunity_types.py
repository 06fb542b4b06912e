"""The kinds of opportunity as a community has them: each change of one is a new version, and none is overwritten."""

from sqlalchemy import CheckConstraint, Index, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.tables import Base, EnumText, Strings, TenantRow, one_of
from app.domain.opportunity_types import Stage, Workflow


class OpportunityTypeVersion(TenantRow, Base):
    """One version of a kind; what it says never changes, only whether it is the present one.

    The kinds every community begins with are in the domain, as number 1; here is what a community made of them.
    """

    __tablename__ = "opportunity_type_versions"

    code: Mapped[str] = mapped_column(Text)
    number: Mapped[int] = mapped_column(SmallInteger)
    name_en: Mapped[str] = mapped_column(Text)
    name_es: Mapped[str] = mapped_column(Text)
    ceds: Mapped[str | None] = mapped_column(Text)
    stage: Mapped[Stage] = mapped_column(EnumText(Stage))
    workflow: Mapped[Workflow] = mapped_column(EnumText(Workflow))
    requires_agreement: Mapped[bool]
    clearances: Mapped[Strings]
    minimum_age: Mapped[int | None] = mapped_column(SmallInteger)
    needs: Mapped[Strings] = mapped_column(comment="what a listing must say to be published")
    retired: Mapped[bool] = mapped_column(default=False, server_default="false")
    current: Mapped[bool] = mapped_column(default=True, server_default="true")

    __table_args__ = (
        one_of("stage", Stage),
        one_of("workflow", Workflow),
        CheckConstraint("number >= 1", name="number"),
        CheckConstraint("minimum_age BETWEEN 5 AND 99", name="minimum_age"),
        CheckConstraint("code ~ '^[a-z][a-z0-9_]{1,59}$'", name="code"),
        UniqueConstraint("tenant_id", "code", "number"),
        Index(
            "uq_opportunity_type_versions_current",
            "tenant_id",
            "code",
            unique=True,
            postgresql_where="current",
        ),
    )
