"""Opportunities in JSON."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Bool, Clean, Day, In, Int, Line, LongText, Note, OptionalLine, Out
from app.domain.clusters import Cluster
from app.domain.opportunity import OpportunityScope, OpportunityStatus, Pay
from app.domain.opportunity_types import OpportunityTypeCode

Seats = Annotated[Int, Field(ge=1, le=10_000, description="How many students at a time.")]
Age = Annotated[Int, Field(ge=5, le=99)]
Clusters = Annotated[list[Cluster], Field(max_length=14)]


class OpportunityIn(In):
    """A new opportunity; it starts as a draft."""

    title: Line
    description: LongText = ""
    type: OpportunityTypeCode
    clusters: Clusters = Field(default_factory=list)
    employer_id: UUID
    worksite_id: UUID | None = None
    connection_id: Annotated[UUID | None, Field(description="The connection it came through.")] = None
    school_id: Annotated[UUID, Field(description="The school that looks after it.")]
    scope: OpportunityScope = OpportunityScope.TENANT
    seats: Seats
    starts_on: Day | None = None
    ends_on: Day | None = None
    schedule: OptionalLine | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    remote: Bool = False
    pay: Pay = Pay.UNKNOWN
    pay_cents_per_hour: Annotated[Int | None, Field(ge=0, le=100_000)] = None
    credit: Bool = False

    @model_validator(mode="after")
    def ages_in_order(self) -> Self:
        """Refuse a span of ages that nobody can have."""
        if (
            self.minimum_age is not None
            and self.maximum_age is not None
            and self.maximum_age < self.minimum_age
        ):
            raise ValueError("give a maximum age at or above the minimum age")
        return self


class OpportunityPatch(In):
    """Changes to an opportunity; what is left out stays as it is."""

    title: Line | None = None
    description: LongText | None = None
    type: OpportunityTypeCode | None = None
    clusters: Clusters | None = None
    worksite_id: UUID | None = None
    seats: Seats | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    schedule: OptionalLine | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    remote: Bool | None = None
    pay: Pay | None = None
    pay_cents_per_hour: Annotated[Int | None, Field(ge=0, le=100_000)] = None
    credit: Bool | None = None


class Reason(In):
    """Why; kept with the decision."""

    reason: Note


class OpportunityItem(Out):
    """An opportunity in a list."""

    id: UUID
    status: OpportunityStatus
    title: str
    summary: str
    type: OpportunityTypeCode
    clusters: list[Cluster]
    categories: list[str]
    employer_id: UUID
    employer_name: str
    worksite_id: UUID | None
    city: str | None
    latitude: float | None
    longitude: float | None
    school_id: UUID | None
    scope: OpportunityScope
    seats: int
    seats_free: int
    starts_on: date | None
    ends_on: date | None
    schedule: str | None
    minimum_age: int | None
    maximum_age: int | None
    remote: bool
    pay: Pay
    pay_cents_per_hour: int | None
    credit: bool
    published_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class OpportunityOut(OpportunityItem):
    """An opportunity, whole. `connection_id` is shown to those who screen connections only."""

    description: str
    street: str | None
    region: str | None
    postal_code: str | None
    connection_id: UUID | None
    confirmed_at: datetime | None


class OpportunitySort(StrEnum):
    """The orders of the catalogue."""

    NEWEST = "-published_at"
    LATEST_MADE = "-created_at"


class OpportunityFilters(ListParams):
    """What the catalogue can be narrowed by; all of them together must hold."""

    q: Annotated[str | None, Field(max_length=200, description="Words to look for."), Clean] = None
    type: OpportunityTypeCode | None = None
    cluster: Cluster | None = None
    status: OpportunityStatus | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None
    remote: bool | None = None
    pay: Pay | None = None
    seats_free: Annotated[bool | None, Field(description="true: only those with a free seat.")] = None
    sort: Annotated[
        OpportunitySort | None,
        Field(
            description="-published_at shows published ones only. Left out: that for whoever sees the catalogue alone, "
            "-created_at for those who keep it and see drafts too."
        ),
    ] = None
