"""Introductions in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out
from app.domain.introduction import IntroductionState, IntroductionStatus
from app.features.pool.schemas import FieldCode


class IntroductionIn(In):
    """Whom a student wants to meet, and what for, in the student's own words."""

    field: FieldCode
    goal: Annotated[
        Note,
        Field(
            description="Without your name, addresses or numbers: your school words it for those who are asked.",
            examples=["I want to ask what a night shift is like, and how to begin."],
        ),
    ]
    school_id: Annotated[UUID | None, Field(description="Left out: your only school.")] = None


class IntroductionApproval(In):
    """The words in which the adults on the way are asked."""

    wording: Annotated[
        Note, Field(description="Without the student's name, and without addresses or numbers.")
    ]


class IntroductionReason(In):
    """Why; kept with the decision."""

    reason: Note


class IntroductionStudent(Out):
    """Whose request it is."""

    id: UUID
    given_name: str
    family_name: str


class IntroductionMeeting(Out):
    """Who meets whom, once everyone and the school have agreed. Contact goes through the school.

    `contributor_name` is null for students and families where the contributor wants to stay unnamed to them.
    """

    contact_name: str | None
    job_title: str | None
    employer_name: str | None
    contributor_name: str | None


class IntroductionOut(Out):
    """An introduction.

    `state` is all that students, families and advisors learn of its way; `status` and `wording` are for those who
    approve. Nobody learns who is asked, or what anybody answered, before the last yes.
    """

    id: UUID
    state: IntroductionState
    status: IntroductionStatus | None
    student: IntroductionStudent
    school_id: UUID
    field: str
    goal: str | None
    wording: str | None
    reason: Annotated[
        str | None,
        Field(description="Why the school declined or closed it; null for whatever else ended it."),
    ]
    ends_at: Annotated[
        datetime | None, Field(description="When looking ends at the latest; null until the school approves.")
    ]
    meeting: IntroductionMeeting | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class IntroductionFilters(ListParams):
    """What the list of introductions can be narrowed by; newest first."""

    state: IntroductionState | None = None
    approved: Annotated[
        bool | None, Field(description="false: those that wait for the school's approval, or never got it.")
    ] = None
    student_id: UUID | None = None
    school_id: UUID | None = None
