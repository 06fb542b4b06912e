"""HTTP of the map."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, CurrentUnit, ListRoute, needs
from app.core.contract import refusals
from app.features.map_clusters import service
from app.features.map_clusters.schemas import MapFilters, MapOut

router = APIRouter(prefix="/v1/opportunities/map", tags=["opportunities"], route_class=ListRoute)


@router.get(
    "",
    response_model=MapOut,
    dependencies=[needs("opportunity.read")],
    status_code=200,
    responses=refusals(401, 403, 422),
)
async def get_opportunity_map(
    request: Request,  # noqa: ARG001 - what every list is called with
    actor: CurrentActor,
    unit: CurrentUnit,
    filters: Annotated[MapFilters, Query()],
) -> Response:
    """Read what is within a window of a map: counts by the cells of a grid, and what stands alone as a point.

    Takes the catalogue's filters. Cells are 64 pixels wide at the zoom that is given and stay where they are while the
    map is moved; there are never more than about a thousand. What has no place, remote ones among it, is not on a map.
    """
    found = await service.clusters(unit, actor, filters)
    return Response(orjson.dumps(found), media_type="application/json")
