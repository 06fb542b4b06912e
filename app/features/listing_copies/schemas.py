"""What is new about a copy of an opportunity."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import Bool, Day, In
from app.features.opportunities.schemas import PublicLine, Seats
from app.features.opportunity_types.schemas import TypeCode


class CloneIn(In):
    """What differs in the copy; everything left out is as in the original, but for its dates.

    With a first day and nothing else, the last day, the day to apply by, and a project's phases move with it: by as
    many days as the first day moves. Without any date the copy has none yet.
    """

    title: PublicLine | None = None
    type: TypeCode | None = None
    school_id: Annotated[
        UUID | None, Field(description="The school that looks after the copy; left out: the original's.")
    ] = None
    seats: Seats | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_by: Day | None = None
    with_patterns: Annotated[
        Bool,
        Field(
            description="Copy the weekly patterns too, without their exceptions: the first day moves them. Needs starts_on."
        ),
    ] = False
