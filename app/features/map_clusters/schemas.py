"""Listings on a map, in JSON."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.schemas import Out
from app.domain.map_grid import DEEPEST
from app.features.catalogue.schemas import Latitude, ListingFilters, Longitude


class MapFilters(ListingFilters):
    """What a map shows: a window, and the catalogue's filters."""

    south: Latitude
    west: Annotated[
        Longitude, Field(description="Greater than `east` where the window crosses the 180th meridian.")
    ]
    north: Latitude
    east: Longitude
    zoom: Annotated[
        int, Field(ge=0, le=DEEPEST, description="Of a web map: the world is 256 pixels wide at 0.")
    ]

    @model_validator(mode="after")
    def the_right_way_up(self) -> Self:
        """Refuse a window that stands on its head."""
        if self.south > self.north:
            raise ValueError("south is north of north; swap them")
        return self


class MapBounds(Out):
    """What a cell covers."""

    south: float
    west: float
    north: float
    east: float


class MapCluster(Out):
    """Several listings close to each other."""

    count: int
    latitude: Annotated[float, Field(description="The middle of the listings, where a pin belongs.")]
    longitude: float
    bounds: Annotated[MapBounds, Field(description="What to zoom to.")]
    opportunity_ids: Annotated[
        list[UUID] | None,
        Field(
            description="Where all are at one spot, which no zoom takes apart: up to 20 of them, unless there are "
            "very many such spots on the map; else null."
        ),
    ]


class MapPoint(Out):
    """A listing that stands alone."""

    opportunity_id: UUID
    title: str
    employer_name: str
    type: str
    latitude: float
    longitude: float


class MapOut(Out):
    """What there is within a window, as far as it has a place."""

    zoom: Annotated[
        int, Field(description="Of the grid that was counted in: coarser for a very large window.")
    ]
    about: Annotated[bool, Field(description="true: very many, so that a sample was counted.")]
    total: Annotated[int, Field(description="Listings within the window.")]
    clusters: list[MapCluster]
    points: list[MapPoint]
