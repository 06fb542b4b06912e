"""What an employer kept of what it offered, in JSON: facts, never stars."""

from datetime import date
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Out

Count = Annotated[
    int | None, Field(description="null: not shown to you, or fewer than three and you are no staff.")
]


class ReliabilityOut(Out):
    """Two years of facts about one employer. Students and families see counts of three and more only."""

    employer_id: UUID
    since: date
    listings_published: Count
    seats_offered: Count
    seats_filled: Annotated[Count, Field(description="Students who were placed, or came to a session.")]
    sessions_held: Count
    sessions_cancelled: Annotated[Count, Field(description="By a person; not for lack of students.")]
    placements_completed: Count
    placements_ended_early: Count
    questions_asked: Annotated[
        Count, Field(description="Whether listings still hold, and whether it hosts again.")
    ]
    questions_answered: Count
    listings_paused_by_silence: Count
    student_no_shows: Annotated[Count, Field(description="For staff: students who did not come.")]
    reports_upheld: Annotated[Count, Field(description="For staff.")]
