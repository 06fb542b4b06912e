"""Advisor links in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out
from app.features.schools.schemas import Life


class AdvisorLinkIn(In):
    """A student for an advisor to follow; both are of this school."""

    advisor_id: UUID
    student_id: UUID
    school_id: UUID
    reason: Note | None = None


class AdvisorLinkOut(Out):
    """Which advisor follows which student."""

    id: UUID
    advisor_id: UUID
    student_id: UUID
    school_id: UUID
    source: Annotated[str, Field(description="roster, or staff: set by hand.")]
    ended_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class AdvisorLinkFilters(ListParams):
    """What the list of advisor links can be narrowed by."""

    student_id: UUID | None = None
    advisor_id: UUID | None = None
    school_id: UUID | None = None
    status: Life | None = None
