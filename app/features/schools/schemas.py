"""Schools and terms in JSON."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field

from app.core.paging import ListParams
from app.core.schemas import Clean, Day, Float, In, Line, Out
from app.domain.school import SchoolKind


def _known_zone(zone: str) -> str:
    if zone not in available_timezones():
        raise ValueError("name a time zone of the IANA list, such as America/New_York")
    return zone


Zone = Annotated[Line, AfterValidator(_known_zone), Field(description="IANA time zone.")]


class SchoolIn(In):
    """A new organisation inside the tenant."""

    name: Line
    kind: SchoolKind = SchoolKind.SCHOOL
    parent_id: Annotated[UUID | None, Field(description="The district or school it belongs to.")] = None
    zone: Annotated[Zone | None, Field(description="IANA time zone; default: the tenant's.")] = None
    latitude: Annotated[Float | None, Field(ge=-90, le=90)] = None
    longitude: Annotated[Float | None, Field(ge=-180, le=180)] = None


class SchoolOut(Out):
    """An organisation inside the tenant. `sourced_id` (its id in the SIS) is shown to staff and integrations."""

    id: UUID
    name: str
    kind: SchoolKind
    parent_id: UUID | None
    zone: str
    latitude: float | None
    longitude: float | None
    sourced_id: str | None
    ended_at: datetime | None
    created_at: datetime
    version: int


class Life(StrEnum):
    """Whether something still holds."""

    ACTIVE = "active"
    ENDED = "ended"


class SchoolFilters(ListParams):
    """What the list of schools can be narrowed by."""

    q: Annotated[
        Annotated[str, Field(max_length=200), Clean] | None, Field(description="A part of the name.")
    ] = None
    kind: SchoolKind | None = None
    status: Life | None = None


class TermOut(Out):
    """A dated span of the school year."""

    id: UUID
    title: str
    kind: str
    starts_on: date
    ends_on: date
    school_year: str | None
    created_at: datetime
    version: int


class TermFilters(ListParams):
    """What the list of terms can be narrowed by."""

    on: Annotated[Day | None, Field(description="Only terms that this day lies in.")] = None
