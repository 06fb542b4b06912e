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

# On a map with more listings alone or at one spot than this, spots are told apart from further in.
_MOST_NAMED = 2_000


async def clusters(unit: Unit, actor: Actor, filters: MapFilters) -> dict[str, Any]:
    """Return what the caller may find within a window: clusters by the cells of a grid, single listings as points."""
    box = Box(filters.south, filters.west, filters.north, filters.east)
    side = side_of(box, filters.zoom)
    asked = CatalogueFilters.model_validate(
        filters.model_dump(include=set(ListingFilters.model_fields), exclude_none=True)
    )
    await hits.settle(unit)
    viewer = await items.viewer_of(unit, actor)
    mine = questions.everything(actor)
    reading = await hits.understand(unit, actor.tenant_id, mine, asked.q)
    look = questions.look(viewer, asked, reading, clock.now())
    cells, sample = await hits.on_map(unit, look, box, side)
    if not cells and reading.words:
        # Whoever finds nothing is not told by that whether a listing of others has the words.
        reading = await hits.understand(unit, actor.tenant_id, mine, asked.q, doubting=True)
        look = questions.look(viewer, asked, reading, clock.now())
        cells, sample = await hits.on_map(unit, look, box, side)
    exact = sample == 1
    single = [cell.ids[0] for cell in cells if cell.hits == 1] if exact else []
    spots = [one for cell in cells if cell.hits > 1 and cell.one_place for one in cell.ids] if exact else []
    if len(single) + len(spots) > _MOST_NAMED:
        spots = []
    # Whatever is told of one listing, if only its id, is read again by the policy.
    pins = await opportunities.pins(unit, actor, [*single, *spots]) if single or spots else {}
    named = pins.keys() & set(spots)
    grouped: list[dict[str, Any]] = [
        {
            "count": cell.hits * sample,
            "latitude": cell.latitude,
            "longitude": cell.longitude,
            "bounds": bounds(cell.column, cell.row, side)._asdict(),
            "opportunity_ids": [one for one in cell.ids if one in named] or None,
        }
        for cell in cells
        if cell.hits > 1 or not exact
    ]
    points = [
        {
            "opportunity_id": one,
            "title": pins[one]["title"],
            "employer_name": pins[one]["employer_name"],
            "type": pins[one]["type"],
            "latitude": pins[one]["latitude"],
            "longitude": pins[one]["longitude"],
        }
        for one in single
        if one in pins and pins[one]["latitude"] is not None
    ]
    return {
        "zoom": zoom_of(side),
        "about": not exact,
        "total": sum(each["count"] for each in grouped) + len(points),
        "clusters": grouped,
        "points": points,
    }
