"""The coordinator's freshness board in JSON."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Out
from app.domain.freshness import Freshness
from app.domain.opportunity import ConfirmedBy, OpportunityStatus


class AskedOf(StrEnum):
    """Whom a letter asks whether a listing still holds; nobody: only the coordinators are told."""

    CONTACT = "contact"
    SUPERVISOR = "supervisor"
    STAFF = "staff"
    NOBODY = "nobody"


class FreshnessItem(Out):
    """A listing on the board: who last said that it holds, until when that counts, and who is asked now."""

    id: UUID
    title: str
    status: OpportunityStatus
    freshness: Freshness
    employer_id: UUID
    employer_name: str
    school_id: UUID | None
    owner_id: UUID | None
    confirmed_at: datetime
    confirmed_by: ConfirmedBy | None
    stale_from: Annotated[
        datetime, Field(description="From then on nobody can rely on the last confirmation.")
    ]
    asked_of: Annotated[AskedOf | None, Field(description="null: nobody has been asked since.")]
    asked_at: datetime | None
    answer_by: Annotated[datetime | None, Field(description="After that a stale listing pauses by itself.")]
    apply_by: date | None
    ends_on: date | None
    version: int


class FreshnessFilters(ListParams):
    """What the board can be narrowed by."""

    state: Freshness | None = None
    school_id: UUID | None = None
    employer_id: UUID | None = None


class FreshnessCountsOut(Out):
    """How many of the listings that the caller looks after stand in each state."""

    fresh: int
    due_soon: int
    stale: int
    paused: int
