"""Listings on a map: how many are where, and those that stand alone."""

from typing import Any

from app.core import clock
from app.core.db import Unit
from app.domain.map_grid import bounds, side_of, zoom_of
from app.domain.policy import Actor
from app.domain.travel import Box
from app.features.catalogue.schemas import CatalogueFilters, ListingFilters
from app.features.catalogue_hits import service as hits
from app.features.catalogue_items import service as items
from app.features.catalogue_questions import service as questions
from app.features.map_clusters.schemas import MapFilters
from app.features.opportunities import service as opportunities


async def clusters(unit: Unit, actor: Actor, filters: MapFilters) -> dict[str, Any]:
    """Return what the caller may find within a window: clusters by the cells of a grid, single listings as points."""
    box = Box(filters.south, filters.west, filters.north, filters.east)
    side = side_of(box, filters.zoom)
    asked = CatalogueFilters.model_validate(
        filters.model_dump(include=set(ListingFilters.model_fields), exclude_none=True)
    )
    await hits.settle(unit)
    viewer = await items.viewer_of(unit, actor)
    reading = await hits.understand(unit, actor.tenant_id, asked.q)
    look = questions.look(viewer, asked, reading, clock.now(), 0)
    cells, sample = await hits.on_map(unit, look, box, side)
    single = [cell.ids[0] for cell in cells if cell.hits == 1]
    # What stands alone is told by its title: read again, by the policy.
    rows = await opportunities.hits(unit, actor, single) if single and sample == 1 else []
    exact = sample == 1
    grouped: list[dict[str, Any]] = [
        {
            "count": cell.hits * sample,
            "latitude": cell.latitude,
            "longitude": cell.longitude,
            "bounds": bounds(cell.column, cell.row, side)._asdict(),
            "opportunity_ids": cell.ids if exact and cell.one_place else None,
        }
        for cell in cells
        if cell.hits > 1 or not exact
    ]
    points = [
        {
            "opportunity_id": row["id"],
            "title": row["title"],
            "employer_name": row["employer_name"],
            "type": row["type"],
            "latitude": row["latitude"],
            "longitude": row["longitude"],
        }
        for row in rows
        if exact and row["latitude"] is not None
    ]
    return {
        "zoom": zoom_of(side),
        "about": not exact,
        "total": sum(each["count"] for each in grouped) + len(points),
        "clusters": grouped,
        "points": points,
    }
