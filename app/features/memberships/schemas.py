"""Memberships in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Day, In, Note, Out
from app.domain.policy import Role
from app.features.schools.schemas import Life


class MembershipIn(In):
    """A role for a person who is known already."""

    person_id: UUID
    role: Annotated[Role, Field(description="student, guardian, advisor, coordinator: at a school.")]
    school_id: UUID | None = None
    employer_id: Annotated[UUID | None, Field(description="Of a supervisor.")] = None
    begins_on: Annotated[Day | None, Field(description="The role holds from this day; null: at once.")] = None
    ends_on: Annotated[Day | None, Field(description="The last day of the role; null: until ended.")] = None
    reason: Note | None = None


class Ending(In):
    """Why something ends; kept with the decision."""

    reason: Note | None = None


class MembershipOut(Out):
    """What a person is, and where. `sourced_ids` (rows of the roster) are shown to coordinators and integrations."""

    id: UUID
    person_id: UUID
    role: Role
    school_id: UUID | None
    employer_id: UUID | None
    begins_on: date | None
    ends_on: date | None
    source: Annotated[str, Field(description="roster, or staff: given by hand.")]
    sourced_ids: list[str]
    ended_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class MembershipFilters(ListParams):
    """What the list of memberships can be narrowed by."""

    person_id: UUID | None = None
    role: Role | None = None
    school_id: UUID | None = None
    employer_id: UUID | None = None
    status: Life | None = None
