"""Phases and teams of industry projects in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Day, In, Out
from app.domain.project_phase import MOST_IN_A_TEAM, MOST_PHASES
from app.features.opportunities.schemas import PublicLine, PublicNote


class PhaseIn(In):
    """One phase; `id` keeps the phase that has it, and a phase without one is new."""

    id: UUID | None = None
    title: PublicLine
    deliverable: Annotated[PublicNote, Field(description="What a team hands in at its end.")]
    starts_on: Day
    ends_on: Day


class PhasesIn(In):
    """Every phase of a project, in order."""

    phases: Annotated[list[PhaseIn], Field(min_length=1, max_length=MOST_PHASES)]


class PhaseOut(Out):
    """One phase of a project."""

    id: UUID
    position: int
    title: str
    deliverable: str
    starts_on: date
    ends_on: date


class PhasesOut(Out):
    """Every phase of a project, in order; `version` is the opportunity's."""

    items: list[PhaseOut]
    version: int
    allowed_actions: list[str]


Members = Annotated[
    list[UUID],
    Field(
        min_length=1,
        max_length=MOST_IN_A_TEAM,
        description="Students of the school who have a seat in the project.",
    ),
]


class TeamIn(In):
    """A new team of a project."""

    opportunity_id: UUID
    school_id: UUID
    student_ids: Members


class TeamPatch(In):
    """Who is in the team from now on."""

    student_ids: Members


class TeamOut(Out):
    """A team; outside the school it is known by its number alone."""

    id: UUID
    opportunity_id: UUID
    school_id: UUID
    number: int
    student_ids: Annotated[
        list[UUID],
        Field(description="Those of its students whom you may read: staff all, a guardian the child."),
    ]
    given_names: Annotated[list[str], Field(description="Everybody in the team, by first name.")]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class TeamFilters(ListParams):
    """What the list of teams can be narrowed by; the latest first."""

    opportunity_id: UUID | None = None
