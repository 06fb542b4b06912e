"""HTTP of merges: two rows made one, and two of one again."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, LIST, READ
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.merges import queries, service
from app.features.merges.schemas import MergeFilters, MergeIn, MergeOut, MergeUndo

router = APIRouter(prefix="/v1", tags=["duplicates"], route_class=UnitRoute)


@router.post(
    "/duplicates/{duplicate_id}/merge",
    response_model=MergeOut,
    dependencies=[once("duplicate.merge")],
    **ACTION,
)
async def merge_duplicate(
    duplicate_id: UUID,
    body: MergeIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Make the two of a pair one. Every connection, listing, placement and event of both stays.

    The one that is not kept disappears from lists and is answered 404; undoing the merge gives it back. Of two contacts
    the one who said yes is kept, with the address that did.
    """
    merge_id = await service.merge(session, actor, duplicate_id, body, version)
    return await _shown(session, actor, merge_id, response)


@router.get("/merges", response_model=Page[MergeOut], dependencies=[needs("merge.read")], **LIST)
async def list_merges(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[MergeFilters, Query()]
) -> Response:
    """Page through merges, newest first."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.get("/merges/{merge_id}", response_model=MergeOut, dependencies=[needs("merge.read")], **READ)
async def get_merge(merge_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one merge: what was kept, what it took, and how much moved."""
    return await _shown(session, actor, merge_id, response)


@router.post("/merges/{merge_id}/undo", response_model=MergeOut, dependencies=[once("merge.undo")], **ACTION)
async def undo_merge(
    merge_id: UUID,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
    body: MergeUndo | None = None,
) -> Any:
    """Make two of one again: both have their own values, and exactly the rows that moved go back.

    What came since stays with the one that was kept. Of several merges into one, the latest is undone first.
    """
    await service.undo(session, actor, merge_id, version, None if body is None else body.reason)
    return await _shown(session, actor, merge_id, response)


async def _shown(session: Session, actor: Actor, merge_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, merge_id)
    etag(response, found["version"])
    return found
