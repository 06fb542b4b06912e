"""The catalogue in JSON: what it is narrowed and ordered by, and what a page of it says."""

from datetime import date
from enum import StrEnum
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Out
from app.domain.clearance import ClearanceKind
from app.domain.clusters import Cluster
from app.domain.opportunity import OpportunityStatus, Pay
from app.domain.travel import TravelMode
from app.features.opportunities.schemas import OpportunityItem, SkillCode
from app.features.opportunity_types.schemas import TypeCode

Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]


class CatalogueSort(StrEnum):
    """The orders of the catalogue."""

    RELEVANCE = "relevance"
    DISTANCE = "distance"
    NEWEST = "-published_at"
    DEADLINE = "apply_by"
    LATEST_MADE = "-created_at"


class ListingFilters(BaseModel):
    """What listings can be narrowed by; all of it together must hold."""

    model_config = ConfigDict(extra="forbid")

    q: Annotated[
        str | None,
        Field(
            description="Words to look for, in English or Spanish; slips of the pen are mended. A minus before a word "
            "leaves out what says it. The first ten words count.",
        ),
    ] = None
    type: TypeCode | None = None
    cluster: Cluster | None = None
    skill: SkillCode | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None
    remote: bool | None = None
    pay: Pay | None = None
    paid: Annotated[bool | None, Field(description="true: paid by the hour, or with a stipend.")] = None
    credit: bool | None = None
    step_free: Annotated[bool | None, Field(description="true: the place can be reached without a step.")] = (
        None
    )
    age: Annotated[
        int | None, Field(ge=5, le=99, description="Only what a student of this age may take.")
    ] = None
    seats_free: Annotated[bool | None, Field(description="true: only those with a free seat.")] = None
    fits: Annotated[
        bool | None,
        Field(
            description="true: only those that say when they meet, at times when you are free; for students."
        ),
    ] = None
    new: Annotated[bool | None, Field(description="true: published in the last fourteen days.")] = None
    latitude: Annotated[
        Latitude | None, Field(description="From where distances are counted; yours, when left out.")
    ] = None
    longitude: Longitude | None = None
    within_km: Annotated[float | None, Field(gt=0, le=20_100, allow_inf_nan=False)] = None
    within_minutes: Annotated[
        int | None,
        Field(ge=5, le=1_000, description="About so long by `travel_mode`; remote ones are left out."),
    ] = None
    travel_mode: Annotated[
        TravelMode | None, Field(description="Yours, when left out; by public transport, when you gave none.")
    ] = None

    @model_validator(mode="after")
    def a_whole_place(self) -> Self:
        """Refuse half a place, and two ways of saying one thing."""
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give latitude and longitude together")
        if self.within_km is not None and self.within_minutes is not None:
            raise ValueError("give within_km or within_minutes, not both")
        if self.pay is not None and self.paid is not None:
            raise ValueError("give pay or paid, not both")
        return self


class CatalogueFilters(ListParams, ListingFilters):
    """What the catalogue can be narrowed and ordered by; all filters together must hold."""

    status: Annotated[
        OpportunityStatus | None,
        Field(
            description="For those who keep the catalogue: what is in this state, drafts and archived ones too."
        ),
    ] = None
    gems: Annotated[
        bool | None,
        Field(
            description="Every fifth from outside the interests you have stated. On while you browse without words and "
            "without a cluster; false turns it off, true turns it on for words too."
        ),
    ] = None
    facets: Annotated[
        bool | None, Field(description="false: the first page comes without counts, a little faster.")
    ] = None
    sort: Annotated[
        CatalogueSort | None,
        Field(
            description="Left out: relevance. Those who keep the catalogue see all states, the latest made first, as "
            "long as they ask for nothing that only published ones are searched by."
        ),
    ] = None


class BarrierOut(Out):
    """Why the caller may not take it yet, and from when on they may, where that is known."""

    code: str
    detail: str
    opens_on: date | None
    clearances: list[ClearanceKind]


class Snippet(Out):
    """A piece of plain text with what matched in it: pairs of where a match begins and how long it is.

    Counted in Unicode code points. The text is as people wrote it: escape it as any other.
    """

    text: str
    marks: list[tuple[int, int]]


class CatalogueItem(OpportunityItem):
    """An opportunity as a search finds it. What is about the caller is null or empty where it is not known."""

    title_marks: list[tuple[int, int]]
    snippet: Snippet | None
    distance_km: Annotated[float | None, Field(description="About, as the crow flies.")]
    about_minutes: Annotated[int | None, Field(description="About, by the way of travelling asked for.")]
    fits_timetable: bool | None
    hidden_gem: bool
    barriers: list[BarrierOut]


class FacetCount(Out):
    """How many there would be with this value."""

    value: str
    count: int


class Facets(Out):
    """For each filter the numbers of what there would be without it; `about` where they are taken from a sample."""

    about: bool
    total: int
    type: list[FacetCount]
    cluster: list[FacetCount]
    skill: list[FacetCount]
    pay: list[FacetCount]
    remote: list[FacetCount]


class Correction(Out):
    """A word that no listing uses, and what was looked for instead."""

    typed: str
    read_as: list[str]


class Understood(Out):
    """How the words were read. `some_words`: none has them all, so these have one of them at least."""

    corrections: list[Correction]
    unknown: list[str]
    some_words: bool


class CataloguePage(Out):
    """One page of the catalogue; `facets` stand on the first page, `understood` where there were words."""

    items: list[CatalogueItem]
    next_cursor: str | None
    facets: Facets | None
    understood: Understood | None
