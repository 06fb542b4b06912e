"""Relationship mapping rounds in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import In, Line, Out
from app.domain.relationship_round import RoundScope, RoundStatus

Grade = Annotated[Line, Field(max_length=10, examples=["11"])]


class RelationshipRoundIn(In):
    """A round over a school, one grade of it, or a team: the students of some advisors."""

    school_id: UUID
    title: Line
    scope: RoundScope
    grade: Annotated[Grade | None, Field(description="For `grade`: as the roster writes it.")] = None
    advisor_ids: Annotated[
        list[UUID], Field(max_length=50, description="For `team`: whose students it is about.")
    ] = Field(default_factory=list)

    @model_validator(mode="after")
    def _says_whose(self) -> "RelationshipRoundIn":
        if (self.grade is not None) != (self.scope is RoundScope.GRADE):
            raise ValueError("give a grade for a round over one grade, and for no other")
        if bool(self.advisor_ids) != (self.scope is RoundScope.TEAM):
            raise ValueError("name the advisors of a team's round, and of no other")
        return self


class RelationshipRoundOut(Out):
    """A round; how many it is about, and never who marked or named whom."""

    id: UUID
    school_id: UUID
    title: str
    scope: RoundScope
    grade: str | None
    advisor_ids: list[UUID]
    status: RoundStatus
    students: Annotated[int, Field(description="How many it is about; in a draft, how many it would be now.")]
    opened_at: datetime | None
    closed_at: datetime | None
    answers_erased_at: Annotated[
        datetime | None,
        Field(description="When marks and nominations were erased; 180 days after the close."),
    ]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class RelationshipRoundFilters(ListParams):
    """What the list of rounds can be narrowed by."""

    school_id: UUID | None = None
    status: RoundStatus | None = None


class Marks(In):
    """The students with whom the caller has a trusting relationship: all of them, each time."""

    student_ids: Annotated[list[UUID], Field(max_length=5000)]


class MarksOut(Out):
    """The caller's own marks; nobody else reads them."""

    student_ids: list[UUID]


class Nominations(In):
    """The adults whom the caller would turn to: all of them, each time."""

    adult_ids: Annotated[list[UUID], Field(max_length=100)]


class Adult(Out):
    """An adult of the school, and whether the caller named them."""

    id: UUID
    given_name: str
    family_name: str
    named: bool


class NominationsOut(Out):
    """Whom the caller may name, and whom they did; nobody else reads it."""

    adults: list[Adult]


class Overlooked(Out):
    """A student whom nobody marked, or who named nobody; `volunteer_id` is the adult who stepped forward."""

    id: Annotated[UUID, Field(description="The round's student, for `/v1/round_students/{id}`.")]
    student_id: UUID
    given_name: str
    family_name: str
    grades: list[str]
    without_mark: bool
    without_nomination: bool
    volunteer_id: UUID | None
    follow_ups_done: int


class Mismatched(Out):
    """A student whose view differs from the adults'; never which adult it is about."""

    id: UUID
    student_id: UUID
    given_name: str
    family_name: str
    marked_not_named: Annotated[bool, Field(description="An adult marked, and the student named others.")]
    named_not_marked: Annotated[bool, Field(description="The student named an adult who did not mark.")]


class ResultsOut(Out):
    """What a closed round found."""

    students: int
    overlooked: Annotated[
        list[Overlooked], Field(description="Exactly those without a mark or without a nomination.")
    ]
    mismatches: Annotated[
        list[Mismatched] | None,
        Field(description="Null where fewer than three adults could answer: it would tell whom it is about."),
    ]
