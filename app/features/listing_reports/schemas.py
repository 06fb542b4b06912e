"""Reports of listings, and the cases they make, in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Bool, In, Out, PlainNote
from app.domain.moderation import CaseStatus, ReportReason
from app.domain.opportunity import OpportunityStatus


class ListingReportIn(In):
    """What is wrong with a listing."""

    opportunity_id: UUID
    reason: ReportReason
    words: Annotated[
        PlainNote | None, Field(description="In your own words; only the school reads them.")
    ] = None


class ListingReportOut(Out):
    """What the caller reported, and what became of it."""

    id: UUID
    opportunity_id: UUID
    title: str
    reason: ReportReason
    words: str | None
    status: CaseStatus
    created_at: datetime
    version: int


class ListingReportFilters(ListParams):
    """What one's own reports can be narrowed by."""

    status: CaseStatus | None = None


class ListingCaseItem(Out):
    """Everything that was reported about one listing until it was decided: one case, however many reported."""

    id: UUID
    status: CaseStatus
    urgent: Annotated[bool, Field(description="A student may be at risk: look at it before the others.")]
    opportunity_id: UUID
    title: str
    opportunity_status: OpportunityStatus
    employer_id: UUID
    employer_name: str
    school_id: UUID | None
    reasons: list[ReportReason]
    reports: int
    created_at: datetime
    decided_at: datetime | None
    decided_by_id: UUID | None
    decision: str | None
    version: int
    allowed_actions: list[str]


class ReportInCaseOut(Out):
    """One report in a case. Who it is from is for the school alone, and not for whoever made the listing."""

    id: UUID
    reason: ReportReason
    words: str | None
    reporter_role: str
    reporter_id: Annotated[UUID | None, Field(description="null for whoever looks after this very listing.")]
    created_at: datetime


class ListingCaseOut(ListingCaseItem):
    """A case with its reports."""

    said: list[ReportInCaseOut]


class ListingCaseFilters(ListParams):
    """What cases can be narrowed by."""

    status: CaseStatus | None = None
    urgent: bool | None = None
    opportunity_id: UUID | None = None


class UpholdIn(In):
    """Why the reports are right."""

    reason: PlainNote
    hide: Annotated[Bool, Field(description="Hide the listing, if students can see it or could again.")] = (
        True
    )


class DismissIn(In):
    """Why the reports are not."""

    reason: PlainNote
    restore: Annotated[Bool, Field(description="Show the listing again, if it was hidden.")] = False
