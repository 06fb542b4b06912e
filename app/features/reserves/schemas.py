"""Reserved seats in JSON."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.schemas import Day, In, Int, Out
from app.domain.reserve import MOST_RESERVES


class ReserveIn(In):
    """Seats kept for one school or one group."""

    school_id: UUID | None = None
    group_id: Annotated[UUID | None, Field(description="A group of GET /v1/student_groups.")] = None
    seats: Annotated[Int, Field(ge=1, le=10_000)]
    released_on: Annotated[
        Day, Field(description="From this day on, what is left of them is open to everyone.")
    ]

    @model_validator(mode="after")
    def one_of_the_two(self) -> Self:
        """Refuse both, and neither."""
        if (self.school_id is None) == (self.group_id is None):
            raise ValueError("keep seats for a school or for a group, not both")
        return self


class ReservesIn(In):
    """All the reserves there are to be; those left out are given up."""

    reserves: Annotated[list[ReserveIn], Field(max_length=MOST_RESERVES)]


class ReserveOut(Out):
    """Seats kept for a school or a group, with the rule in words for everyone."""

    id: UUID
    school_id: UUID | None
    group_id: UUID | None
    kept_for: Annotated[str, Field(description="The school's or the group's name.")]
    seats: int
    seats_free: int
    released_on: date
    rule_en: str
    rule_es: str


class ReservesOut(Out):
    """The reserves of an opportunity or of one of its sessions; `version` is that of what they are of."""

    opportunity_id: UUID
    session_id: Annotated[UUID | None, Field(description="null: of the opportunity itself.")]
    reserves: list[ReserveOut]
    version: int
