"""Places in line in JSON."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import In, Out
from app.domain.session import Recording
from app.domain.waitlist import WaitingStatus


class WaitingEntryIn(In):
    """A place at the end of the line, for an opportunity that one pursues or for a session: name one of the two."""

    opportunity_id: UUID | None = None
    session_id: UUID | None = None
    recording_seen: Annotated[
        Recording | None,
        Field(description="For a session: the recording policy that was shown, where it is recorded."),
    ] = None

    @model_validator(mode="after")
    def one_of_the_two(self) -> Self:
        """Refuse both, and neither."""
        if (self.opportunity_id is None) == (self.session_id is None):
            raise ValueError("name an opportunity or a session, not both")
        return self


class WaitingStudent(Out):
    """Who waits."""

    id: UUID
    given_name: str
    family_name: str


class WaitedFor(Out):
    """The opportunity that the line is for, or whose session it is for."""

    id: UUID
    title: str


class WaitedForSession(Out):
    """The session that the line is for."""

    id: UUID
    starts_at: datetime


class WaitingEntryOut(Out):
    """A place in line, with what was offered and when; ended ones stay as the record of it."""

    id: UUID
    status: WaitingStatus
    student: WaitingStudent
    opportunity: WaitedFor
    session: Annotated[
        WaitedForSession | None, Field(description="null: in line for the opportunity itself.")
    ]
    school_id: UUID
    joined_at: datetime
    place_in_line: Annotated[int | None, Field(description="From 1; null unless it is still waiting.")]
    offered_at: datetime | None
    offer_until: Annotated[
        datetime | None, Field(description="Until when the offered seat had to be accepted.")
    ]
    accepted_at: datetime | None
    ended_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class WaitingEntrySort(StrEnum):
    """The orders of places in line."""

    LATEST_MADE = "-created_at"
    IN_LINE = "joined_at"


class WaitingEntryFilters(ListParams):
    """What the list can be narrowed by; all of them together must hold."""

    opportunity_id: Annotated[
        UUID | None, Field(description="The opportunity's own line, not those of its sessions.")
    ] = None
    session_id: UUID | None = None
    student_id: UUID | None = None
    school_id: UUID | None = None
    status: WaitingStatus | None = None
    in_line: Annotated[
        bool | None, Field(description="true: only those who stand in line now; false: only what ended.")
    ] = None
    sort: Annotated[WaitingEntrySort, Field(description="joined_at: in the order of the line.")] = (
        WaitingEntrySort.LATEST_MADE
    )
