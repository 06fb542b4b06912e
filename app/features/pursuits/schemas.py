"""Pursuits in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Day, In, Note, Out
from app.domain.pursuit import PursuitCheck, PursuitStatus
from app.domain.waitlist import WaitingStatus


class PursuitIn(In):
    """A student's request to go after an opportunity."""

    opportunity_id: UUID
    message: Annotated[
        Note | None, Field(description="For the coordinator; the employer does not see it.")
    ] = None


class ApprovalIn(In):
    """A coordinator's yes."""

    expires_on: Annotated[
        Day | None,
        Field(
            description="The last day, at the school; left out: as many days ahead as the tenant sets (14)."
        ),
    ] = None
    confirmed_checks: Annotated[
        list[PursuitCheck],
        Field(
            default_factory=list,
            max_length=10,
            description="Of the pursuit's `checks`, those the coordinator confirmed.",
        ),
    ]
    reason: Note | None = None


class ExtensionIn(In):
    """More time, once."""

    expires_on: Annotated[Day, Field(description="The new last day, after the present one.")]
    reason: Note | None = None


class StartIn(In):
    """What the student and the employer agreed on."""

    goals: Note
    schedule: Note
    starts_on: Day
    ends_on: Day


class StartApprovalIn(In):
    """An advisor's yes to a start; what is given here replaces what the student wrote."""

    goals: Note | None = None
    schedule: Note | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    reason: Note | None = None


class MaybeReason(In):
    """Why, if there is something to say; kept with the decision."""

    reason: Note | None = None


class PursuingStudent(Out):
    """Who pursues it."""

    id: UUID
    given_name: str
    family_name: Annotated[
        str | None, Field(description="null for machine clients that were not granted the roster.")
    ]


class PursuedOpportunity(Out):
    """What is pursued."""

    id: UUID
    title: str
    employer_id: UUID
    employer_name: str


class PursuitOut(Out):
    """A pursuit, with what it waits for and what the caller may do with it now."""

    id: UUID
    status: PursuitStatus
    student: PursuingStudent
    opportunity: PursuedOpportunity
    school_id: UUID
    message: str | None
    checks: Annotated[list[PursuitCheck], Field(description="What the coordinator must confirm to approve.")]
    requested_at: datetime
    place_in_line: Annotated[
        int | None,
        Field(description="From 1; null unless it waits in line because no seat was free for this student."),
    ]
    seat_held_until: Annotated[
        datetime | None,
        Field(description="A seat is offered to this student until then; null once it is accepted."),
    ]
    waiting_entry_id: Annotated[
        UUID | None, Field(description="The place in line: accept, decline or leave it there.")
    ]
    waiting_status: Annotated[
        WaitingStatus | None, Field(description="waiting, offered or accepted; null when not in line.")
    ]
    expires_on: date | None
    expires_at: Annotated[
        datetime | None, Field(description="The last instant of `expires_on` at the school.")
    ]
    extended_at: datetime | None
    decided_by_id: UUID | None
    decided_at: datetime | None
    decision_reason: str | None
    start_goals: str | None
    start_schedule: str | None
    start_on: date | None
    end_on: date | None
    placement_id: UUID | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class PursuitFilters(ListParams):
    """What the list of pursuits can be narrowed by; all of them together must hold."""

    status: PursuitStatus | None = None
    student_id: UUID | None = None
    opportunity_id: UUID | None = None
    school_id: UUID | None = None
    needs_me: Annotated[
        bool | None, Field(description="true: only those where the next step is the caller's.")
    ] = None
