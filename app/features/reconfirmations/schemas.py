"""Whether listings still hold, asked of whoever offers them, in JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.schemas import In, Out
from app.domain.freshness import ListingAnswer
from app.domain.opportunity import OpportunityStatus


class ListingAnswerIn(In):
    """What is said of one listing."""

    opportunity_id: UUID
    answer: ListingAnswer


class ReconfirmationIn(In):
    """What is said of the listings of one letter."""

    answers: Annotated[
        list[ListingAnswerIn] | None,
        Field(min_length=1, max_length=100, description="Left out: everything still holds."),
    ] = None


class AskedListingOut(Out):
    """One listing of the letter; `open` is false where nothing can be said of it any more."""

    opportunity_id: UUID
    title: str
    status: OpportunityStatus
    confirmed_at: datetime | None
    open: bool


class ReconfirmationOut(Out):
    """What is asked: whether these listings still hold."""

    tenant_name: str
    school_name: str
    employer_name: str
    answer_by: datetime
    listings: list[AskedListingOut]
    answers: list[ListingAnswer]


class AnsweredListingOut(Out):
    """What became of one listing."""

    opportunity_id: UUID
    title: str
    status: OpportunityStatus


class ReconfirmedOut(Out):
    """What came of the answer; the link is used up."""

    message: str
    listings: list[AnsweredListingOut]


class ReconfirmationForm(In):
    """The page's form: everything, or what was left checked; what is over is put away, the rest is paused."""

    answer: Literal["all", "chosen"]
    holds: Annotated[list[UUID], Field(max_length=100)] = Field(default_factory=list)
    over: Annotated[list[UUID], Field(max_length=100)] = Field(default_factory=list)
