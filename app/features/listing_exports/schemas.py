"""What an export of listings can be narrowed by."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict

from app.domain.opportunity import OpportunityStatus
from app.features.opportunity_types.schemas import TypeCode


class ExportFilters(BaseModel):
    """All of them together must hold; none: every listing that you may edit and export."""

    model_config = ConfigDict(extra="forbid")

    status: OpportunityStatus | None = None
    type: TypeCode | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None
