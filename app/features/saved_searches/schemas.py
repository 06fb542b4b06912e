"""Saved searches in JSON."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Bool, Clean, Float, In, Int, Line, Out
from app.domain.clusters import Cluster
from app.domain.opportunity import OpportunityStatus, Pay
from app.domain.saved_search import Digest, SavedSearchStatus
from app.domain.travel import TravelMode
from app.features.catalogue.schemas import CatalogueFilters
from app.features.opportunities.schemas import SkillCode
from app.features.opportunity_types.schemas import TypeCode

# Of the catalogue's parameters those that say how a page is shown, or what only the keepers of the catalogue ask.
NOT_SAVED = frozenset({"limit", "cursor", "sort", "facets", "gems", "new", "status"})
_MOST_TYPED = 400


class SavedFilters(In):
    """What to look for: the filters of `GET /v1/opportunities`, at least one of them."""

    q: Annotated[str, Field(max_length=_MOST_TYPED), Clean] | None = None
    type: TypeCode | None = None
    cluster: Cluster | None = None
    skill: SkillCode | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None
    remote: Bool | None = None
    pay: Pay | None = None
    paid: Bool | None = None
    credit: Bool | None = None
    step_free: Bool | None = None
    age: Annotated[Int | None, Field(ge=5, le=99)] = None
    seats_free: Bool | None = None
    fits: Annotated[Bool | None, Field(description="By your timetable as it is when a digest is made.")] = (
        None
    )
    latitude: Annotated[Float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[Float | None, Field(ge=-180, le=180)] = None
    within_km: Annotated[Float | None, Field(gt=0, le=20_100)] = None
    within_minutes: Annotated[Int | None, Field(ge=5, le=1_000)] = None
    travel_mode: TravelMode | None = None

    @model_validator(mode="after")
    def as_the_catalogue_takes_them(self) -> Self:
        """Refuse what the catalogue would refuse, and a search for everything."""
        given = self.as_json()
        if not given:
            raise ValueError("give at least one filter; without any, everything would be news")
        CatalogueFilters.model_validate(given)
        return self

    def as_json(self) -> dict[str, Any]:
        """Return the filters that are given, as they are stored."""
        return self.model_dump(mode="json", exclude_none=True)


class SavedSearchIn(In):
    """A search to save."""

    name: Annotated[Line, Field(description="What you call it.", examples=["Animals, near home"])]
    filters: SavedFilters
    digest: Annotated[Digest, Field(description="How often you are told what is new.")] = Digest.DAILY
    by_mail: Annotated[Bool, Field(description="By mail as well, where you have a mailbox.")] = True


class SavedSearchPatch(In):
    """Changes to a saved search; what is left out stays as it is, `filters` are replaced as a whole."""

    name: Line | None = None
    filters: SavedFilters | None = None
    digest: Digest | None = None
    by_mail: Bool | None = None


class SavedSearchOut(Out):
    """What somebody looks for, and how they are told."""

    id: UUID
    status: SavedSearchStatus
    name: str
    filters: Annotated[dict[str, Any], Field(description="As `GET /v1/opportunities` takes them.")]
    digest: Digest
    by_mail: bool
    due_at: Annotated[datetime | None, Field(description="When the next digest is made; null while paused.")]
    told: Annotated[int, Field(description="Listings told so far.")]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class SavedSearchFilters(ListParams):
    """What the list of saved searches can be narrowed by."""

    status: SavedSearchStatus | None = None


class SavedSearchHitFilters(ListParams):
    """Which page of what a saved search has told."""


class SavedSearchHitOut(Out):
    """A listing that a saved search has told, as it is now."""

    id: UUID
    opportunity_id: UUID
    title: str
    employer_name: str
    opportunity_status: OpportunityStatus
    told_at: datetime
    created_at: datetime


class SavedSearchMailOut(Out):
    """What the link of a mail is about."""

    name: str
    digest: Digest
    by_mail: bool


class SavedSearchMailsStop(In):
    """What to stop."""

    every: Annotated[Bool, Field(description="true: the mails of all saved searches of this person.")] = False
