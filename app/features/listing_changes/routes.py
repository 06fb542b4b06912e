"""HTTP of changes that employers want to their published listings."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, LIST, READ
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.listing_change import ListingChangeAction
from app.domain.policy import Actor
from app.features.listing_changes import queries, service
from app.features.listing_changes.schemas import ListingChangeFilters, ListingChangeOut, Reason

router = APIRouter(prefix="/v1/listing_changes", tags=["freshness"], route_class=UnitRoute)


@router.get("", response_model=Page[ListingChangeOut], dependencies=[needs("listing_change.read")], **LIST)
async def list_listing_changes(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[ListingChangeFilters, Query()]
) -> Response:
    """Page through what employers want to be different about listings at your schools, the latest first."""
    after = cursor_values(request, queries.NEWEST, filters.cursor)
    rows = await queries.page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.get(
    "/{listing_change_id}",
    response_model=ListingChangeOut,
    dependencies=[needs("listing_change.read")],
    **READ,
)
async def get_listing_change(
    listing_change_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read what an employer wants to be different, beside what students see."""
    return await _shown(session, actor, listing_change_id, response)


@router.post(
    "/{listing_change_id}/accept",
    response_model=ListingChangeOut,
    dependencies=[once("listing_change.accept")],
    **ACTION,
)
async def accept_listing_change(
    listing_change_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Let students see the listing as the employer wants it."""
    await service.decide(session, actor, ListingChangeAction.ACCEPT, listing_change_id, version)
    return await _shown(session, actor, listing_change_id, response)


@router.post(
    "/{listing_change_id}/decline",
    response_model=ListingChangeOut,
    dependencies=[once("listing_change.decline")],
    **ACTION,
)
async def decline_listing_change(
    listing_change_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Keep the listing as it is, with the reason; the employer reads it with the listing."""
    await service.decide(session, actor, ListingChangeAction.DECLINE, listing_change_id, version, body.reason)
    return await _shown(session, actor, listing_change_id, response)


async def _shown(session: Session, actor: Actor, change_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, change_id)
    etag(response, found["version"])
    return found
