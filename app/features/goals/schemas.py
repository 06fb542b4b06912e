"""Goals in JSON."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.core.paging import ListParams
from app.core.schemas import Clean, Day, In, Out
from app.domain.goal import GoalStatus, PromptKind
from app.domain.network_map import HelpKind, MapTie
from app.domain.pool import ReachAnswer
from app.features.pool.schemas import FieldCode

Title = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=200),
    Clean,
    Field(
        description="What you want to reach, in your own words.",
        examples=["Find out whether nursing is for me"],
    ),
]


class GoalIn(In):
    """A new goal."""

    title: Title
    field: Annotated[FieldCode | None, Field(description="The field of work it is about.")] = None
    due_on: Annotated[Day | None, Field(description="By when.")] = None


class GoalPatch(In):
    """Changes to a goal; what is left out stays, and null takes its field or its day away."""

    title: Title | None = None
    field: FieldCode | None = None
    due_on: Day | None = None

    @model_validator(mode="after")
    def titled(self) -> Self:
        """Refuse a goal without words."""
        if "title" in self.model_fields_set and self.title is None:
            raise ValueError("give title a value, or leave it out to keep the present one")
        return self


class GoalOut(Out):
    """What a student wants to reach, and where that stands."""

    id: UUID
    student_id: UUID
    title: str
    field: str | None
    status: GoalStatus
    due_on: date | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class GoalFilters(ListParams):
    """What the list of goals can be narrowed by."""

    status: GoalStatus | None = None
    student_id: Annotated[UUID | None, Field(description="One student's goals.")] = None


class OwnHelper(Out):
    """Somebody on the student's own map who could help, and why they are named."""

    map_entry_id: UUID
    label: str
    because: Annotated[
        list[Literal["named", "field"]],
        Field(description="named: the entry names the goal; field: they do or know about its field."),
    ]
    tie: MapTie
    help: list[HelpKind]


class PoolReach(Out):
    """Whether the pooled network reaches the goal's field; never through whom."""

    field: str
    answer: ReachAnswer


class Prompt(Out):
    """What to do about help that is missing."""

    kind: PromptKind
    field: str
    text: str


class GoalHelpersOut(Out):
    """Who could help with a goal; `pool` is null for a goal without a field."""

    goal_id: UUID
    field: str | None
    own: list[OwnHelper]
    pool: PoolReach | None
    prompts: list[Prompt]
