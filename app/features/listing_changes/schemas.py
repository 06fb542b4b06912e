"""What employers want to be different about their published listings, in JSON."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Out, PlainNote
from app.domain.listing_change import ListingChangeStatus


class ListingChangeOut(Out):
    """A change that waits for a person of the school, or was decided; `present` is what students saw when it was asked for."""

    id: UUID
    status: ListingChangeStatus
    opportunity_id: UUID
    title: str
    employer_name: str
    school_id: UUID | None
    present: Annotated[dict[str, Any], Field(description="By field.")]
    wanted: Annotated[dict[str, Any], Field(description="By field.")]
    created_at: datetime
    decided_at: datetime | None
    decision: str | None
    version: int
    allowed_actions: list[str]


class ListingChangeFilters(ListParams):
    """What the list can be narrowed by."""

    status: ListingChangeStatus | None = None
    opportunity_id: UUID | None = None


class Reason(In):
    """Why; kept with the decision, and shown to the employer."""

    reason: PlainNote
