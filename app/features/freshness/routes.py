"""HTTP of the freshness board."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, Session, needs
from app.core.contract import LIST
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.freshness import queries, service
from app.features.freshness.schemas import FreshnessCountsOut, FreshnessFilters, FreshnessItem

router = APIRouter(prefix="/v1/listing_freshness", tags=["freshness"], route_class=UnitRoute)


@router.get("", response_model=Page[FreshnessItem], dependencies=[needs("freshness.read")], **LIST)
async def list_listing_freshness(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[FreshnessFilters, Query()]
) -> Response:
    """Page through the listings you look after, the longest unconfirmed first, with whom was asked about each.

    Confirm one with `POST /v1/opportunities/{id}/confirm`; `version` is its ETag.
    """
    after = cursor_values(request, queries.OLDEST, filters.cursor)
    rows = await service.board(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.OLDEST, rows, filters.limit))


@router.get("/counts", response_model=FreshnessCountsOut, dependencies=[needs("freshness.read")], **LIST)
async def count_listing_freshness(actor: CurrentActor, session: Session) -> Any:
    """Count the listings you look after by how fresh they are."""
    return await service.counts(session, actor)
