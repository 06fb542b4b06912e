"""Opportunities in JSON."""

from datetime import date, datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from app.core.schemas import (
    Bool,
    Clean,
    Day,
    In,
    Int,
    Out,
    PlainLine,
    PlainNote,
    PlainOptionalLine,
    PlainText,
    WordsAlone,
)
from app.domain.availability import MOST_MEETINGS, Weekday
from app.domain.clearance import ClearanceKind
from app.domain.clusters import Cluster
from app.domain.employer import Access
from app.domain.listing_file.prose import without_contacts
from app.domain.opportunity import ConfirmedBy, OpportunityScope, OpportunityStatus, Pay
from app.domain.skills import SKILLS
from app.features.opportunity_types.schemas import KindOut, TypeCode
from app.features.pool.schemas import FieldCode
from app.features.reserves.schemas import ReserveOut

Seats = Annotated[Int, Field(ge=1, le=10_000, description="How many students at a time.")]
Age = Annotated[Int, Field(ge=5, le=99)]
Clusters = Annotated[list[Cluster], Field(max_length=14)]
Cents = Annotated[Int, Field(ge=0, le=100_000)]
WholeCents = Annotated[
    Int, Field(ge=0, le=100_000_000, description="For the whole of it, where it is not by the hour.")
]


def _known_skill(code: str) -> str:
    if code not in SKILLS:
        raise ValueError("choose a skill that GET /v1/codes lists under skills")
    return code


def _one_space(text: str) -> str:
    return " ".join(text.split()).casefold()


def _reaches_nobody(text: str) -> str:
    if without_contacts(text)[1]:
        raise ValueError(
            "leave e-mail addresses and telephone numbers out; students write through the school"
        )
    return text


def _each_once(codes: list[Any]) -> list[Any]:
    return list(dict.fromkeys(codes))


# What students read of a place has no address and no number in it, whoever writes it: contact goes by the school.
_ReachesNobody = AfterValidator(_reaches_nobody)
PublicLine = Annotated[PlainLine, _ReachesNobody]
PublicOptionalLine = Annotated[PlainOptionalLine, _ReachesNobody]
PublicNote = Annotated[PlainNote, _ReachesNobody]
PublicText = Annotated[PlainText, _ReachesNobody]
SkillCode = Annotated[
    str,
    AfterValidator(_known_skill),
    WithJsonSchema({"type": "string", "enum": sorted(SKILLS), "description": "GET /v1/codes has the names."}),
]
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    Clean,
    WordsAlone,
    _ReachesNobody,
    AfterValidator(_one_space),
]
LanguageCode = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z]{2}$"),
    Field(description="ISO 639-1, such as es.", examples=["es"]),
]
EachOnce = AfterValidator(_each_once)
Skills = Annotated[
    list[SkillCode], Field(max_length=20, description="That it asks for or teaches."), EachOnce
]
Tags = Annotated[list[Tag], Field(max_length=20, description="Free words to be found by."), EachOnce]
Languages = Annotated[
    list[LanguageCode], Field(max_length=10, description="That a student needs there."), EachOnce
]
Clearances = Annotated[
    list[ClearanceKind],
    Field(max_length=14, description="That this host asks for beside what the type asks for."),
    EachOnce,
]
Fields = Annotated[
    list[FieldCode], Field(max_length=20, description="Fields of work beside the clusters."), EachOnce
]
TotalHours = Annotated[Int, Field(ge=1, le=10_000, description="Hours of work in all.")]
HoursAMonth = Annotated[Int, Field(ge=1, le=200, description="Hours a month that it takes.")]
ApplyBy = Annotated[Day, Field(description="The last day on which students may ask to pursue it.")]
AvailableOn = Annotated[Day, Field(description="The host takes nobody before this day.")]
_TimeOfDay = Annotated[str, StringConstraints(pattern=r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$")]


class MeetsIn(In):
    """One meeting of a week, by the worksite's clock."""

    day: Weekday
    from_: Annotated[_TimeOfDay, Field(alias="from")]
    to: _TimeOfDay


class MeetsOut(Out):
    """One meeting of a week, by the worksite's clock."""

    day: Weekday
    from_: Annotated[str, Field(alias="from")]
    to: str


Meets = Annotated[
    list[MeetsIn], Field(max_length=MOST_MEETINGS, description="The weekly timetable; empty: none is fixed.")
]


class OpportunityIn(In):
    """A new opportunity; it starts as a draft. A minimum age left out is the type's own."""

    title: PublicLine
    description: PublicText = ""
    type: TypeCode
    clusters: Clusters = Field(default_factory=list)
    employer_id: UUID
    worksite_id: UUID | None = None
    connection_id: Annotated[UUID | None, Field(description="The connection it came through.")] = None
    school_id: Annotated[UUID, Field(description="The school that looks after it.")]
    scope: OpportunityScope = OpportunityScope.TENANT
    seats: Seats
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_by: ApplyBy | None = None
    next_available_on: AvailableOn | None = None
    schedule: PublicOptionalLine | None = None
    meets: Meets = Field(default_factory=list)
    total_hours: TotalHours | None = None
    hours_a_month: HoursAMonth | None = None
    deliverable: PublicNote | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    languages: Languages = Field(default_factory=list)
    clearances: Clearances = Field(default_factory=list)
    dress_code: PublicOptionalLine | None = None
    skills: Skills = Field(default_factory=list)
    tags: Tags = Field(default_factory=list)
    fields: Fields = Field(default_factory=list)
    remote: Bool = False
    pay: Pay = Pay.UNKNOWN
    pay_cents_per_hour: Cents | None = None
    pay_cents_total: WholeCents | None = None
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

    title: PublicLine | None = None
    description: PublicText | None = None
    type: TypeCode | None = None
    clusters: Clusters | None = None
    worksite_id: UUID | None = None
    connection_id: UUID | None = None
    seats: Seats | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_by: ApplyBy | None = None
    next_available_on: AvailableOn | None = None
    schedule: PublicOptionalLine | None = None
    meets: Meets | None = None
    total_hours: TotalHours | None = None
    hours_a_month: HoursAMonth | None = None
    deliverable: PublicNote | None = None
    minimum_age: Age | None = None
    maximum_age: Age | None = None
    languages: Languages | None = None
    clearances: Clearances | None = None
    dress_code: PublicOptionalLine | None = None
    skills: Skills | None = None
    tags: Tags | None = None
    fields: Fields | None = None
    remote: Bool | None = None
    pay: Pay | None = None
    pay_cents_per_hour: Cents | None = None
    pay_cents_total: WholeCents | None = None
    credit: Bool | None = None


class Reason(In):
    """Why; kept with the decision."""

    reason: PlainNote


class OpportunityItem(Out):
    """An opportunity in a list; `type` is a code of GET /v1/opportunity_types.

    `confirmed_at` is when a person last said that it still holds, `confirmed_by` whether somebody at the school or
    the employer did.
    """

    id: UUID
    status: OpportunityStatus
    title: str
    summary: str
    type: str
    clusters: list[Cluster]
    categories: list[str]
    skills: list[str]
    tags: list[str]
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
    apply_by: date | None
    next_available_on: date | None
    schedule: str | None
    meets: list[MeetsOut]
    total_hours: int | None
    hours_a_month: int | None
    minimum_age: int | None
    maximum_age: int | None
    languages: list[str]
    remote: bool
    pay: Pay
    pay_cents_per_hour: int | None
    pay_cents_total: int | None
    credit: bool
    published_at: datetime | None
    confirmed_at: datetime | None
    confirmed_by: ConfirmedBy | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class OpportunityOut(OpportunityItem):
    """An opportunity, whole. `connection_id` is shown to those who screen connections only.

    `kind` is the version of the type that it was written under; `all_clearances` joins what the type and what the
    host asks for.
    """

    description: str
    fields: list[str]
    clearances: list[ClearanceKind]
    all_clearances: list[ClearanceKind]
    dress_code: str | None
    deliverable: str | None
    street: str | None
    region: str | None
    postal_code: str | None
    access_step_free: Access | None
    access_sensory: Access | None
    access_transit: Access | None
    access_note: str | None
    connection_id: UUID | None
    kind: KindOut
    reserves: Annotated[
        list[ReserveOut], Field(description="For whom seats are kept until when, with the rule in words.")
    ]
