"""HTTP of favorites: a student's wish list."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, CurrentUnit, ListRoute, Session, needs, once
from app.core.contract import CREATE, LIST, located, refusals
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.favorites import queries, service
from app.features.favorites.schemas import FavoriteFilters, FavoriteIn, FavoriteOut

lists = APIRouter(prefix="/v1/favorites", tags=["favorites"], route_class=ListRoute)
router = APIRouter(prefix="/v1/favorites", tags=["favorites"], route_class=UnitRoute)


@lists.get("", response_model=Page[FavoriteOut], dependencies=[needs("favorite.read")], **LIST)
async def list_favorites(
    request: Request, actor: CurrentActor, unit: CurrentUnit, filters: Annotated[FavoriteFilters, Query()]
) -> Response:
    """Page through the wishes that the caller may see, newest first; students see their own."""
    rows = await queries.page(unit, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=FavoriteOut,
    dependencies=[once("favorite.create")],
    **CREATE("get_favorite", status=200),
)
async def create_favorite(
    body: FavoriteIn, response: Response, actor: CurrentActor, unit: CurrentUnit
) -> Any:
    """Put an opportunity on the wish list; the same one twice is the same favorite."""
    favorite_id = await service.create(unit.session, actor, body.opportunity_id)
    return located(response, f"/v1/favorites/{favorite_id}", await service.view(unit, actor, favorite_id))


@router.get(
    "/{favorite_id}",
    response_model=FavoriteOut,
    dependencies=[needs("favorite.read")],
    responses=refusals(400, 401, 403, 404, 422),
)
async def get_favorite(favorite_id: UUID, actor: CurrentActor, unit: CurrentUnit) -> Any:
    """Read one wish of the list, with what the caller may do with it now."""
    return await service.view(unit, actor, favorite_id)


@router.delete(
    "/{favorite_id}",
    status_code=204,
    dependencies=[needs("favorite.delete")],
    responses=refusals(400, 401, 403, 404, 422),
)
async def delete_favorite(favorite_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Take an opportunity off the wish list."""
    await service.delete(session, actor, favorite_id)
