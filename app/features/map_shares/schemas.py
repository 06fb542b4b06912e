"""Shares of a network map in JSON."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Out


class MapShareIn(In):
    """The one adult who may read the map from now on."""

    adult_id: Annotated[UUID, Field(description="One of those that GET /v1/network_map/adults names.")]


class MapShareOut(Out):
    """Who may read whose map, since when; `revoked_at` once that is over."""

    id: UUID
    student_id: UUID
    student_name: str
    adult_id: UUID
    adult_name: str
    shared_at: datetime
    revoked_at: datetime | None
    version: int
    allowed_actions: list[str]


class MapAdult(Out):
    """An adult to whom the caller could show their map, and what they are to the caller."""

    person_id: UUID
    name: str
    roles: list[Literal["guardian", "advisor", "coordinator"]]


class MapAdults(Out):
    """Everybody to whom the caller could show their map."""

    items: list[MapAdult]


class MapShareFilters(ListParams):
    """What the list of shares can be narrowed by."""

    live: Annotated[bool | None, Field(description="true: only those that hold now.")] = None
