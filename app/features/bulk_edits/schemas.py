"""Edits of many opportunities at once in JSON."""

from typing import Annotated, Any, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.core.schemas import MOST_COUNTED, Bool, Clean, Day, In, Int, Out, PlainNote
from app.domain.clusters import Cluster
from app.domain.opportunity import OpportunityAction, OpportunityStatus, Pay
from app.features.opportunities.schemas import (
    Age,
    ApplyBy,
    AvailableOn,
    Cents,
    Clearances,
    Clusters,
    Languages,
    Meets,
    PublicOptionalLine,
    Seats,
    SkillCode,
    Skills,
    Tag,
    Tags,
)
from app.features.opportunity_types.schemas import TypeCode

MOST_ROWS = 1_000
_A = OpportunityAction
BulkAction = Literal[_A.SUBMIT, _A.PUBLISH, _A.PAUSE, _A.RESUME, _A.CONFIRM, _A.ARCHIVE]

_Ids = Annotated[list[UUID], Field(min_length=1, max_length=MOST_ROWS)]
_Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), Clean]


class BulkFilter(In):
    """Which opportunities, as the list that staff sees narrows them; all of them together must hold."""

    status: OpportunityStatus | None = None
    type: TypeCode | None = None
    cluster: Cluster | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None
    owner_id: UUID | None = None
    remote: Bool | None = None
    pay: Pay | None = None
    credit: Bool | None = None
    seats_free: Annotated[Bool | None, Field(description="true: only those with a free seat.")] = None
    skill: SkillCode | None = None
    tag: Tag | None = None
    title: Annotated[_Words | None, Field(description="Words that the title holds.")] = None


class BulkChanges(In):
    """What is to change, in every one of them; what is left out stays, and null empties what may be empty.

    Fields change first, then the action is taken.
    """

    seats: Seats | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_by: ApplyBy | None = None
    next_available_on: AvailableOn | None = None
    move_days: Annotated[
        Int | None,
        Field(ge=-3_660, le=3_660, description="Move every date that a listing has by so many days."),
    ] = None
    schedule: PublicOptionalLine | None = None
    meets: Meets | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    clusters: Clusters | None = None
    languages: Languages | None = None
    clearances: Clearances | None = None
    dress_code: PublicOptionalLine | None = None
    skills: Skills | None = None
    add_skills: Skills | None = None
    remove_skills: Skills | None = None
    tags: Tags | None = None
    add_tags: Tags | None = None
    remove_tags: Tags | None = None
    remote: Bool | None = None
    pay: Pay | None = None
    pay_cents_per_hour: Cents | None = None
    credit: Bool | None = None
    owner_id: Annotated[UUID | None, Field(description="Who answers for it: a member of staff.")] = None
    action: BulkAction | None = None
    reason: Annotated[PlainNote | None, Field(description="Why; kept with each action.")] = None

    @model_validator(mode="after")
    def something_changes(self) -> Self:
        """Refuse an edit of nothing."""
        if not self.model_fields_set - {"reason"}:
            raise ValueError("say what is to change")
        return self


class BulkPreviewIn(In):
    """Which opportunities, by ids or by a filter, and what is to change."""

    ids: _Ids | None = None
    where: BulkFilter | None = None
    changes: BulkChanges

    @model_validator(mode="after")
    def one_way(self) -> Self:
        """Refuse ids and a filter at once, or neither."""
        if (self.ids is None) == (self.where is None):
            raise ValueError("give either ids or where")
        return self


class BulkEditIn(In):
    """A previewed edit: the rows to change, with the versions that the preview showed, and its hash."""

    changes: BulkChanges
    versions: Annotated[
        dict[UUID, Annotated[Int, Field(ge=1, le=MOST_COUNTED)]], Field(min_length=1, max_length=MOST_ROWS)
    ]
    hash: Annotated[str, StringConstraints(min_length=1, max_length=200)]


class FieldChangeOut(Out):
    """One field of one opportunity, as it is and as it will be."""

    field: str
    before: Any
    after: Any


class RowRefusalOut(Out):
    """Why one opportunity cannot change so; `field` is none where no field is at fault."""

    field: str | None
    code: str
    detail: str


class BulkRowOut(Out):
    """One opportunity of the edit. With a refusal nothing of it changes; without changes it stays as it is."""

    id: UUID
    title: str | None
    version: int | None
    changes: list[FieldChangeOut]
    refusals: list[RowRefusalOut]


class BulkPreviewOut(Out):
    """What the edit would do. Send `versions` and `hash` back with the same changes to do it."""

    rows: list[BulkRowOut]
    changing: int
    unchanged: int
    refused: int
    versions: dict[UUID, int]
    hash: str


class BulkEditOut(Out):
    """What the edit did: every row as it is now."""

    rows: list[BulkRowOut]
    changed: int
