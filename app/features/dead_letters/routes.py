"""HTTP of dead letters, for operators."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, Session, needs, once
from app.core.contract import LIST, refusals
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.dead_letters import queries, service
from app.features.dead_letters.schemas import DeadLetterFilters, DeadLetterOut, Resolved, Skip

router = APIRouter(prefix="/v1/dead_letters", tags=["dead letters"], route_class=UnitRoute)
_RESOLVE: dict[str, Any] = {
    "status_code": 200,
    "responses": refusals(400, 401, 403, 404, 409, 413, 422),
}


@router.get("", response_model=Page[DeadLetterOut], dependencies=[needs("dead_letter.read")], **LIST)
async def list_dead_letters(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[DeadLetterFilters, Query()]
) -> Response:
    """Page through the events of this tenant that could not be delivered, latest first. For operators."""
    keyset = queries.LATEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    items, next_cursor = finish_page(request, keyset, rows, filters.limit)
    return page_response(request, [service.shown(row) for row in items], next_cursor)


@router.post(
    "/{subject_id}/replay",
    response_model=Resolved,
    dependencies=[once("dead_letter.replay")],
    **_RESOLVE,
)
async def replay_dead_letter(subject_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Deliver it again, and what it held back after it.

    No If-Match: a delivery has no version; one that is no longer dead is 404.
    """
    return await service.replay(session, actor, subject_id)


@router.post(
    "/{subject_id}/skip", response_model=Resolved, dependencies=[once("dead_letter.skip")], **_RESOLVE
)
async def skip_dead_letter(subject_id: UUID, body: Skip, actor: CurrentActor, session: Session) -> Any:
    """Leave it undelivered for good, and go on with what it held back; the reason is kept.

    No If-Match: a delivery has no version; one that is no longer dead is 404.
    """
    return await service.skip(session, actor, subject_id, body.reason)
