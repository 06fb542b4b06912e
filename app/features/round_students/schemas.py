"""The students of a relationship mapping round in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Out


class RoundStudentOut(Out):
    """A student of a round, as an adult of the school sees them."""

    id: UUID
    round_id: UUID
    student_id: UUID
    given_name: str
    family_name: str
    grades: list[str]
    marked: Annotated[bool, Field(description="Whether you marked this student.")]
    needs_someone: Annotated[
        bool | None,
        Field(
            description="Whether an adult should step forward. Null while the round is open, for a student whom you"
            " marked yourself, and once the answers are erased; coordinators read what is missing in the round's results."
        ),
    ]
    has_volunteer: Annotated[
        bool, Field(description="Whether somebody stepped forward; false where `needs_someone` is not told.")
    ]
    mine: Annotated[bool, Field(description="Whether you stepped forward.")]
    volunteered_at: Annotated[datetime | None, Field(description="When you did; null unless it is you.")]
    follow_ups_asked: Annotated[
        int | None, Field(description="Of the two after 28 and 60 days, for yourself.")
    ]
    follow_ups_done: int | None
    version: int
    allowed_actions: list[str]


class RoundStudentFilters(ListParams):
    """What the list of a round's students can be narrowed by; all of them together must hold."""

    round_id: UUID | None = None
    needs_someone: Annotated[
        bool | None, Field(description="true: only those for whom nobody has stepped forward yet.")
    ] = None
    mine: Annotated[bool | None, Field(description="true: only those for whom you stepped forward.")] = None
