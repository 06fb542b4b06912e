"""HTTP of notifications: what the caller was told, and what of it was read."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, LIST, refusals
from app.core.languages import negotiate
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.notifications import queries, service
from app.features.notifications.schemas import Marked, NotificationFilters, NotificationOut

router = APIRouter(prefix="/v1/notifications", tags=["notifications"], route_class=UnitRoute)


@router.get("", response_model=Page[NotificationOut], dependencies=[needs("notification.read")], **LIST)
async def list_notifications(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[NotificationFilters, Query()]
) -> Response:
    """Page through what the caller was told, latest first, in the language of Accept-Language or else their own."""
    keyset = queries.NEWEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    items, next_cursor = finish_page(request, keyset, rows, filters.limit)
    language = _language(request, actor)
    return page_response(request, [service.shown(row, language) for row in items], next_cursor)


@router.post(
    "/mark_all_read",
    response_model=Marked,
    dependencies=[once("notification.mark_read")],
    status_code=200,
    responses=refusals(400, 401, 403, 409, 413, 422),
)
async def mark_all_notifications_read(actor: CurrentActor, session: Session) -> Any:
    """Mark everything as read and say how much that was."""
    return await service.mark_all_read(session, actor)


@router.post(
    "/{notification_id}/mark_read",
    response_model=NotificationOut,
    dependencies=[once("notification.mark_read")],
    **ACTION,
)
async def mark_notification_read(
    notification_id: UUID,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Mark one notification as read; marking it again changes nothing."""
    found = await service.mark_read(session, actor, notification_id, version, _language(request, actor))
    etag(response, found["version"])
    return found


def _language(request: Request, actor: Actor) -> str:
    asked = request.headers.get("accept-language")
    return negotiate(asked) if asked else actor.locale
