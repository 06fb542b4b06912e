"""Video consents in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out


class VideoConsentIn(In):
    """That a student may be seen on video in virtual sessions.

    Given by a guardian who may sign, by a student of age, or recorded by the staff, who say on what.
    """

    student_id: UUID
    reason: Annotated[
        Note | None,
        Field(
            description="What the staff records it on.",
            examples=["Signed form of 3 September, in the office."],
        ),
    ] = None


class VideoConsentEnd(In):
    """Why a consent ends; may be left out."""

    reason: Note | None = None


class VideoConsentOut(Out):
    """A consent; one that was withdrawn stays on record."""

    id: UUID
    student_id: UUID
    school_id: UUID
    given_by_id: UUID
    given_at: datetime
    withdrawn_by_id: UUID | None
    withdrawn_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class VideoConsentFilters(ListParams):
    """What the list of consents can be narrowed by; the latest first."""

    student_id: UUID | None = None
    school_id: UUID | None = None
    in_force: bool | None = None
