"""Kinds of opportunity in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field, StringConstraints

from app.core.paging import ListParams
from app.core.schemas import Bool, In, Int, Out, PlainLine, PlainNote
from app.domain.clearance import ClearanceKind
from app.domain.opportunity_kind import Need
from app.domain.opportunity_types import Stage, Workflow

TypeCode = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]{1,59}$"),
    Field(description="A kind that GET /v1/opportunity_types lists.", examples=["job_shadow"]),
]
Ceds = Annotated[
    str,
    StringConstraints(pattern=r"^[A-Za-z]{2,40}$"),
    Field(description="Its option of CEDS element 001499.", examples=["JobShadowing"]),
]
MinimumAge = Annotated[Int, Field(ge=5, le=99, description="Nobody younger may take part.")]
Clearances = Annotated[
    list[ClearanceKind], Field(max_length=14, description="What is asked for before a placement begins.")
]
Needs = Annotated[
    list[Need], Field(max_length=10, description="What a listing must say before students see it.")
]


class TypeNamesIn(In):
    """A kind's name in both languages."""

    en: PlainLine
    es: PlainLine


class TypeNames(Out):
    """A kind's name in both languages."""

    en: str
    es: str


class OpportunityTypeIn(In):
    """A kind of the community's own."""

    code: TypeCode
    names: TypeNamesIn
    stage: Stage
    workflow: Workflow
    requires_agreement: Bool
    ceds: Ceds | None = None
    clearances: Clearances = Field(default_factory=list)
    minimum_age: MinimumAge | None = None
    needs: Needs = Field(default_factory=list)


class OpportunityTypePatch(In):
    """Changes to a kind; they make its next version, and what is left out stays as it is."""

    names: TypeNamesIn | None = None
    stage: Stage | None = None
    workflow: Workflow | None = None
    requires_agreement: Bool | None = None
    ceds: Ceds | None = None
    clearances: Clearances | None = None
    minimum_age: MinimumAge | None = None
    needs: Needs | None = None


class TypeReason(In):
    """Why; kept with the decision."""

    reason: PlainNote


class KindOut(Out):
    """A kind of opportunity; its number counts its versions, and is its ETag."""

    code: str
    number: int
    names: TypeNames
    stage: Stage
    ceds: str | None
    workflow: Workflow
    requires_agreement: bool
    clearances: list[ClearanceKind]
    minimum_age: int | None
    needs: list[Need]
    retired: bool


class TypeWithActions(KindOut):
    """A kind as the community has it now."""

    name: Annotated[str, Field(description="In the language of Accept-Language.")]
    allowed_actions: list[str]


class TypesOut(Out):
    """Every kind of the community, those in use first: a vocabulary, so it comes in one piece."""

    items: list[TypeWithActions]


class TypeVersionOut(KindOut):
    """One version of a kind; the first one of those that every community begins with has no date."""

    name: Annotated[str, Field(description="In the language of Accept-Language.")]
    id: UUID | None
    created_at: datetime | None
    current: bool


class TypeVersionFilters(ListParams):
    """Versions of one kind, the latest first."""
