"""HTTP of placements: a student at an employer, from setting up to the end."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response

from app.access import CurrentActor, CurrentUnit, IfMatch, ListRoute, Session, needs, once
from app.core.contract import ACTION, LIST, READ, refusals
from app.core.db import Unit
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.placement import PlacementAction as A
from app.domain.policy import Actor
from app.features.opportunities.schemas import Reason
from app.features.placements import queries, service
from app.features.placements.schemas import NoShowIn, PlacementFilters, PlacementOut, ProvenanceOut

lists = APIRouter(prefix="/v1/placements", tags=["placements"], route_class=ListRoute)
router = APIRouter(prefix="/v1/placements", tags=["placements"], route_class=UnitRoute)


@lists.get("", response_model=Page[PlacementOut], dependencies=[needs("placement.read")], **LIST)
async def list_placements(
    request: Request, actor: CurrentActor, unit: CurrentUnit, filters: Annotated[PlacementFilters, Query()]
) -> Response:
    """Page through the placements that the caller may see, newest first.

    Supervisors see those at their employer, and of the student only what hosting needs.
    """
    rows = await queries.page(unit, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.get("/{placement_id}", response_model=PlacementOut, dependencies=[needs("placement.read")], **READ)
async def get_placement(
    placement_id: UUID, response: Response, actor: CurrentActor, unit: CurrentUnit
) -> Any:
    """Read one placement, with what the caller may do with it now."""
    return await _shown(unit, actor, placement_id, response)


@router.get(
    "/{placement_id}/provenance",
    response_model=ProvenanceOut,
    dependencies=[needs("placement.read_provenance")],
    responses=refusals(400, 401, 403, 404, 422),
)
async def get_placement_provenance(placement_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Read whose connection a placement came through: contributor, contact and employer.

    A contributor may stay unnamed to students, never to those who answer for the network.
    """
    return await service.provenance(session, actor, placement_id)


@router.post(
    "/{placement_id}/clear", response_model=PlacementOut, dependencies=[once("placement.clear")], **ACTION
)
async def clear_placement(
    placement_id: UUID, response: Response, actor: CurrentActor, unit: CurrentUnit, version: IfMatch
) -> Any:
    """Say that everything is signed and cleared; until agreements are kept here, the coordinator vouches for it."""
    await service.act(unit.session, actor, A.CLEAR, placement_id, version)
    return await _shown(unit, actor, placement_id, response)


@router.post(
    "/{placement_id}/activate",
    response_model=PlacementOut,
    dependencies=[once("placement.activate")],
    **ACTION,
)
async def activate_placement(
    placement_id: UUID, response: Response, actor: CurrentActor, unit: CurrentUnit, version: IfMatch
) -> Any:
    """Say that the student has started."""
    await service.act(unit.session, actor, A.ACTIVATE, placement_id, version)
    return await _shown(unit, actor, placement_id, response)


@router.post(
    "/{placement_id}/request_end",
    response_model=PlacementOut,
    dependencies=[once("placement.request_end")],
    **ACTION,
)
async def request_end_of_placement(
    placement_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Ask the school to end a placement, with the reason; student, supervisor and school may each ask."""
    await service.act(unit.session, actor, A.REQUEST_END, placement_id, version, body.reason)
    return await _shown(unit, actor, placement_id, response)


@router.post(
    "/{placement_id}/complete",
    response_model=PlacementOut,
    dependencies=[once("placement.complete")],
    **ACTION,
)
async def complete_placement(
    placement_id: UUID, response: Response, actor: CurrentActor, unit: CurrentUnit, version: IfMatch
) -> Any:
    """Say that the student did what was agreed; the seat stays used."""
    await service.act(unit.session, actor, A.COMPLETE, placement_id, version)
    return await _shown(unit, actor, placement_id, response)


@router.post(
    "/{placement_id}/end_early",
    response_model=PlacementOut,
    dependencies=[once("placement.end_early")],
    **ACTION,
)
async def end_placement_early(
    placement_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """End a placement before its time, with the reason; the seat goes to the next in line."""
    await service.act(unit.session, actor, A.END_EARLY, placement_id, version, body.reason)
    return await _shown(unit, actor, placement_id, response)


@router.post(
    "/{placement_id}/record_no_show",
    response_model=PlacementOut,
    dependencies=[once("placement.record_no_show")],
    **ACTION,
)
async def record_no_show_of_placement(
    placement_id: UUID,
    body: Annotated[NoShowIn, Body(default_factory=NoShowIn)],
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Say that the student never came; the seat goes to the next in line."""
    await service.act(unit.session, actor, A.RECORD_NO_SHOW, placement_id, version, body.reason)
    return await _shown(unit, actor, placement_id, response)


async def _shown(unit: Unit, actor: Actor, placement_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(unit, actor, placement_id)
    etag(response, found["version"])
    return found
