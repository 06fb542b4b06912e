"""Network maps in JSON."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, StringConstraints, model_validator

from app.core.schemas import Clean, Day, In, Int, Out
from app.domain.connection import ConnectionDomain
from app.domain.network_map import HelpKind, MapTie
from app.features.connections.schemas import ConnectionIn
from app.features.pool.schemas import FieldCode

Label = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=80, pattern=r"\S"),
    Clean,
    Field(description="How you call them; a first name is enough.", examples=["Aunt Bea"]),
]
NextStep = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=300), Clean]
Closeness = Annotated[Int, Field(ge=1, le=3, description="1: barely, 3: well.")]
Frequency = Annotated[
    Int, Field(ge=1, le=5, description="How often you are in touch; 1: hardly, 5: every week.")
]
Helps = Annotated[list[HelpKind], Field(max_length=4, description="How they help you.")]
Knows = Annotated[list[FieldCode], Field(max_length=10, description="What they do, or know about.")]
Goals = Annotated[list[UUID], Field(max_length=20, description="Which of your goals they could help with.")]


class MapEntryIn(In):
    """Somebody for the map; private until the map is shared, and never part of the pool by itself."""

    label: Label
    domain: Annotated[ConnectionDomain, Field(description="Through which part of life you know them.")]
    closeness: Closeness
    frequency: Frequency
    help: Helps = Field(default_factory=list)
    fields: Knows = Field(default_factory=list)
    goal_ids: Goals = Field(default_factory=list)
    next_step: Annotated[
        NextStep | None, Field(description="What to do next, such as: ask about nursing.")
    ] = None
    next_step_due_on: Annotated[Day | None, Field(description="By when; you are reminded that morning.")] = (
        None
    )

    @model_validator(mode="after")
    def a_day_for_something(self) -> Self:
        """Refuse a day without a step."""
        if self.next_step_due_on is not None and self.next_step is None:
            raise ValueError("say what the next step is, or leave out its day")
        return self


class MapEntryPatch(In):
    """Changes to somebody on the map; what is left out stays, and null takes a next step or its day away."""

    label: Label | None = None
    domain: ConnectionDomain | None = None
    closeness: Closeness | None = None
    frequency: Frequency | None = None
    help: Helps | None = None
    fields: Knows | None = None
    goal_ids: Goals | None = None
    next_step: NextStep | None = None
    next_step_due_on: Day | None = None

    @model_validator(mode="after")
    def not_null(self) -> Self:
        """Refuse null where there is always a value."""
        for name in ("label", "domain", "closeness", "frequency", "help", "fields", "goal_ids"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"give {name} a value, or leave it out to keep the present one")
        return self


class MapEntryOffer(ConnectionIn):
    """A connection made of one entry: `domain`, `closeness` and `frequency` left out are those of the entry.

    Nothing else of the entry goes into it: neither its label nor its fields, goals and steps.
    """

    domain: ConnectionDomain | None = None  # type: ignore[assignment] # the entry has it already
    closeness: Closeness | None = None  # type: ignore[assignment] # the same
    frequency: Frequency | None = None  # type: ignore[assignment] # the same


class MapEntryOut(Out):
    """Somebody on a map; `connection_id` once the student offered them to the pool."""

    id: UUID
    student_id: UUID
    label: str
    domain: ConnectionDomain
    closeness: int
    frequency: int
    tie: Annotated[MapTie, Field(description="closeness x frequency: strong from 9, weak up to 4.")]
    help: list[HelpKind]
    fields: list[str]
    goal_ids: list[UUID]
    next_step: str | None
    next_step_due_on: date | None
    connection_id: UUID | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class DomainCount(Out):
    """How many people of one part of life are on the map."""

    domain: ConnectionDomain
    name: str
    people: int


class HelpCount(Out):
    """How many people help in one way."""

    kind: HelpKind
    name: str
    people: int


class TieCounts(Out):
    """How many ties are strong (closeness x frequency from 9), weak (up to 4) and between."""

    strong: int
    between: int
    weak: int


class FieldReached(Out):
    """A field that somebody on the map does or knows about."""

    field: str
    name: str


class EmptyDomain(Out):
    """A part of life with nobody on the map yet, and a question that may bring somebody to mind."""

    domain: ConnectionDomain
    name: str
    question: str


class MapSummary(Out):
    """What the map shows as a whole, in the caller's language."""

    people: int
    domains: list[DomainCount]
    ties: TieCounts
    help: list[HelpCount]
    fields: list[FieldReached]
    empty_domains: list[EmptyDomain]


class NetworkMapOut(Out):
    """A student's network map: everybody on it, and what it shows."""

    student_id: UUID
    entries: list[MapEntryOut]
    summary: MapSummary
