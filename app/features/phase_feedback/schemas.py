"""Feedback on a team's phase in JSON: for staff and students, and for the expert who holds a link."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Int, Out, PlainNote
from app.domain.project_phase import FeedbackStatus

Mark = Annotated[Int, Field(ge=1, le=4, description="1 beginning, 2 developing, 3 good, 4 excellent.")]
Strong = Annotated[PlainNote, Field(description="What is strong about it.")]
NextStep = Annotated[PlainNote, Field(description="What to work on next.")]


class GivenIn(In):
    """What somebody says of a team's work."""

    strong: Strong
    next_step: NextStep
    quality: Mark
    thinking: Mark
    presentation: Mark


class FeedbackIn(GivenIn):
    """Feedback by a member of staff; the team sees it at once."""

    phase_id: UUID
    project_team_id: UUID


class FeedbackAskIn(In):
    """A question to the project's expert."""

    phase_id: UUID
    project_team_id: UUID
    shown: Annotated[
        PlainNote, Field(description="What the team made, for the expert to read; without students' names.")
    ]


class FeedbackReason(In):
    """Why; kept with the decision."""

    reason: PlainNote


class FeedbackOut(Out):
    """Feedback; its words are null until they are given. `by_expert` says that it came by a link."""

    id: UUID
    phase_id: UUID
    phase_title: str
    project_team_id: UUID
    team_number: int
    opportunity_id: UUID
    opportunity_title: str
    status: FeedbackStatus
    by_expert: bool
    shown: str | None
    strong: str | None
    next_step: str | None
    quality: int | None
    thinking: int | None
    presentation: int | None
    answer_by: datetime | None
    answered_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class FeedbackFilters(ListParams):
    """What the list of feedback can be narrowed by; the latest first."""

    project_team_id: UUID | None = None
    status: FeedbackStatus | None = None


class FeedbackAskOut(Out):
    """What an expert is asked; no student is named."""

    tenant_name: str
    school_name: str
    opportunity_title: str
    team_number: int
    phase_title: str
    deliverable: str
    ends_on: date
    shown: str
    answer_by: datetime


class FeedbackGivenOut(Out):
    """Thanks; the link is used up."""

    message: str


class GivenForm(In):
    """The page's form."""

    strong: Strong
    next_step: NextStep
    quality: Annotated[int, Field(ge=1, le=4)]
    thinking: Annotated[int, Field(ge=1, le=4)]
    presentation: Annotated[int, Field(ge=1, le=4)]
