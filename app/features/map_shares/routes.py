"""HTTP of shares: one adult at a time reads a student's network map, until the student takes that back."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located, refusals
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.map_shares import queries, service
from app.features.map_shares.schemas import MapAdults, MapShareFilters, MapShareIn, MapShareOut

router = APIRouter(prefix="/v1/network_map", tags=["network map"], route_class=UnitRoute)


@router.get(
    "/adults",
    response_model=MapAdults,
    dependencies=[needs("map_share.create")],
    status_code=200,
    responses=refusals(401, 403, 422),
)
async def list_map_adults(actor: CurrentActor, session: Session) -> Any:
    """List the adults to whom the caller could show their map: guardians, advisors, coordinators of their school."""
    return await service.adults(session, actor)


@router.get("/shares", response_model=Page[MapShareOut], dependencies=[needs("map_share.read")], **LIST)
async def list_map_shares(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[MapShareFilters, Query()]
) -> Response:
    """Page through shares, latest first: a student's own, also those taken back; an adult's while they hold."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "/shares",
    response_model=MapShareOut,
    dependencies=[once("map_share.create")],
    **CREATE("get_map_share"),
)
async def create_map_share(
    body: MapShareIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Show your network map, with your goals, to one adult, who is told so. Refused while another share holds."""
    share_id = await service.create(session, actor, body.adult_id)
    return located(
        response, f"/v1/network_map/shares/{share_id}", await _shown(session, actor, share_id, response)
    )


@router.get(
    "/shares/{map_share_id}", response_model=MapShareOut, dependencies=[needs("map_share.read")], **READ
)
async def get_map_share(map_share_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one share, with what the caller may do with it now."""
    return await _shown(session, actor, map_share_id, response)


@router.post(
    "/shares/{map_share_id}/revoke",
    response_model=MapShareOut,
    dependencies=[once("map_share.revoke")],
    **ACTION,
)
async def revoke_map_share(
    map_share_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Take a share back; it acts on the adult's next request, and nobody is told."""
    await service.revoke(session, actor, map_share_id, version)
    return await _shown(session, actor, map_share_id, response)


async def _shown(session: Session, actor: Actor, share_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, share_id)
    etag(response, found["version"])
    return found
