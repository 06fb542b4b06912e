"""Placements in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out
from app.domain.connection import ConnectionDomain
from app.domain.placement import PlacementStatus


class NoShowIn(In):
    """What is known about a student who did not come."""

    reason: Note | None = None


class PlacedStudent(Out):
    """The student, as much of them as the reader needs."""

    id: UUID
    given_name: str
    family_name: Annotated[str | None, Field(description="null for the employer's people.")]
    last_initial: str
    grade_band: str | None


class PlacedOpportunity(Out):
    """What the student does there."""

    id: UUID
    title: str
    employer_id: UUID
    employer_name: str


class PlacementOut(Out):
    """A placement.

    The employer's people see the minimum: `student.family_name`, `pursuit_id`, `end_reason` and `through` are null
    for them.
    """

    id: UUID
    status: PlacementStatus
    student: PlacedStudent
    opportunity: PlacedOpportunity
    school_id: UUID
    school_name: str
    advisor_id: UUID | None
    advisor_name: str | None
    pursuit_id: UUID | None
    goals: str
    schedule: str
    starts_on: date
    ends_on: date
    cleared_at: datetime | None
    ended_at: datetime | None
    end_reason: str | None
    through: Annotated[
        str | None,
        Field(description="Who brought the connection it came through, if that person wants to be named."),
    ]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class PlacementFilters(ListParams):
    """What the list of placements can be narrowed by; all of them together must hold."""

    status: PlacementStatus | None = None
    student_id: UUID | None = None
    opportunity_id: UUID | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None


class ProvenanceConnection(Out):
    """The connection that a placement came through."""

    id: UUID
    domain: ConnectionDomain
    credit_wanted: bool


class ProvenancePerson(Out):
    """Somebody on the way; the name is null once it was erased."""

    id: UUID
    name: str | None


class ProvenanceEmployer(Out):
    """Where the way led."""

    id: UUID
    name: str


class ProvenanceOut(Out):
    """Whose connection served whom; connection, contributor and contact are null where there was none."""

    placement_id: UUID
    student_id: UUID
    connection: ProvenanceConnection | None
    contributor: ProvenancePerson | None
    contact: ProvenancePerson | None
    employer: ProvenanceEmployer
