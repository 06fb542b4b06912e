"""HTTP of the audit trail."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, Session, needs
from app.core.contract import LIST
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.events import queries, service
from app.features.events.schemas import EventFilters, EventOut

router = APIRouter(prefix="/v1/events", tags=["events"], route_class=UnitRoute)


@router.get("", response_model=Page[EventOut], dependencies=[needs("event.read")], **LIST)
async def list_events(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[EventFilters, Query()]
) -> Response:
    """Page through what happened and who did it, newest first unless `sort=at`.

    Callers see what is about themselves, their children, their advisees or their schools.
    """
    keyset = queries.KEYSETS[filters.sort]
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    items, next_cursor = finish_page(request, keyset, rows, filters.limit)
    return page_response(request, [service.shown(row) for row in items], next_cursor)
