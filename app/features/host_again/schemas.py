"""The yearly question to a host in JSON: for staff, and for the host who holds a link."""

from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.core.paging import ListParams
from app.core.schemas import Day, In, Out, PlainNote
from app.domain.host_again import HostAnswer, HostAskStatus, HostReason

Reasons = Annotated[
    list[HostReason], Field(max_length=10, description="Why not, or not now; at least one with a no.")
]
NextDay = Annotated[Day, Field(description="From when they could host again.")]


class HostAnswerIn(In):
    """What a host says."""

    answer: HostAnswer
    reasons: Reasons = Field(default_factory=list)
    next_available_on: NextDay | None = None
    note: PlainNote | None = None


class HostAskOut(Out):
    """One year's question to one employer; both ids null: nobody there could be written to."""

    id: UUID
    employer_id: UUID
    employer_name: str
    school_id: UUID | None
    contact_id: UUID | None
    person_id: UUID | None
    status: HostAskStatus
    asked_at: datetime
    answer_by: datetime
    answered_at: datetime | None
    answer: HostAnswer | None
    reasons: list[HostReason]
    note: str | None
    next_available_on: date | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class HostAskFilters(ListParams):
    """What the list of questions can be narrowed by; the latest first."""

    employer_id: UUID | None = None
    status: HostAskStatus | None = None
    answer: HostAnswer | None = None


class ReasonOut(Out):
    """A reason, in the reader's language."""

    code: HostReason
    name: str


class HostAgainOut(Out):
    """What is asked of a host."""

    tenant_name: str
    school_name: str
    employer_name: str
    students: Annotated[int, Field(description="How many students they hosted so far.")]
    answer_by: datetime
    answers: list[HostAnswer]
    reasons: list[ReasonOut]


class HostAnsweredOut(Out):
    """Thanks; the link is used up."""

    answer: HostAnswer
    message: str


def _or_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


class HostAnswerForm(In):
    """The page's form; an empty field is one left out."""

    answer: HostAnswer
    reasons: Reasons = Field(default_factory=list)
    next_available_on: Annotated[NextDay | None, BeforeValidator(_or_none)] = None
    note: Annotated[PlainNote | None, BeforeValidator(_or_none)] = None
