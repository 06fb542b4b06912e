"""Households in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out


class HouseholdMemberOut(Out):
    """Somebody in a household."""

    person_id: UUID
    name: Annotated[
        str | None, Field(description="null for whom you may not see: a child at another school.")
    ]


class HouseholdOut(Out):
    """The persons who count as one family: in caps, in the outreach, and in every count of the pool."""

    id: UUID
    members: list[HouseholdMemberOut]
    split_from_id: Annotated[
        UUID | None,
        Field(description="The household that a coordinator took it out of; its members stay put."),
    ]
    ended_at: Annotated[datetime | None, Field(description="When nobody was left in it.")]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class HouseholdFilters(ListParams):
    """What the list of households can be narrowed by."""

    person_id: Annotated[UUID | None, Field(description="The household of this person.")] = None


class Split(In):
    """Who lives apart, and why."""

    person_ids: Annotated[
        list[UUID],
        Field(
            min_length=1,
            max_length=50,
            description="Members who become a household of their own; not all of them.",
        ),
    ]
    reason: Note


class Rejoin(In):
    """Why the two count as one family again."""

    reason: Note
