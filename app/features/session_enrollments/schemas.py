"""Students' places in sessions in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out
from app.domain.pursuit import PursuitCheck
from app.domain.session import EnrollmentStatus, Recording


class SessionEnrollmentIn(In):
    """A place in a session: one's own, or a student's whom the caller looks after."""

    session_id: UUID
    student_id: Annotated[UUID | None, Field(description="Left out: the caller.")] = None
    recording_seen: Annotated[
        Recording | None,
        Field(description="The session's `recording`, as it was shown; needed where it is not `none`."),
    ] = None
    confirmed_checks: Annotated[
        list[PursuitCheck],
        Field(max_length=10, description="What somebody of the staff has confirmed about the student."),
    ] = Field(default_factory=list)


class WithdrawalIn(In):
    """Why somebody leaves; needed from the staff."""

    reason: Note | None = None


class EnrolledStudent(Out):
    """Whose place it is; the family name is an initial for those who do not know the student."""

    id: UUID
    given_name: str
    family_name: str


class EnrolledSession(Out):
    """The session a place is in."""

    id: UUID
    opportunity_id: UUID
    opportunity_title: str
    starts_at: datetime
    ends_at: datetime
    zone: str


class SessionEnrollmentOut(Out):
    """A student's place in a session."""

    id: UUID
    status: EnrollmentStatus
    student: EnrolledStudent
    session: EnrolledSession
    school_id: UUID
    audio_only: Annotated[
        bool,
        Field(description="true: on video the student takes part without a picture, for want of consent."),
    ]
    join_url: Annotated[str | None, Field(description="For the student, and for those who run the session.")]
    decided_at: datetime | None
    decision_reason: Annotated[
        str | None, Field(description="For the student, and those who know the student; null for the host.")
    ]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class SessionEnrollmentFilters(ListParams):
    """What the list of places can be narrowed by; the latest first."""

    session_id: UUID | None = None
    student_id: UUID | None = None
    school_id: UUID | None = None
    status: EnrollmentStatus | None = None
