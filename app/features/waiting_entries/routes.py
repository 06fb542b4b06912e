"""HTTP of places in line: one's own, what is offered there, and for staff the line and its record."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.domain.waitlist import WaitingAction as A
from app.features.waiting_entries import queries, service
from app.features.waiting_entries.schemas import WaitingEntryFilters, WaitingEntryIn, WaitingEntryOut

router = APIRouter(prefix="/v1/waiting_entries", tags=["waiting_entries"], route_class=UnitRoute)


@router.get("", response_model=Page[WaitingEntryOut], dependencies=[needs("waiting_entry.read")], **LIST)
async def list_waiting_entries(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[WaitingEntryFilters, Query()]
) -> Response:
    """Page through places in line: your own; for staff, who waits, who was offered a seat and when, and how it ended.

    `opportunity_id` or `session_id` with `in_line=true` and `sort=joined_at` is one line in its order.
    """
    keyset = queries.KEYSETS[filters.sort]
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "",
    response_model=WaitingEntryOut,
    dependencies=[once("waiting_entry.create")],
    **CREATE("get_waiting_entry"),
)
async def create_waiting_entry(
    body: WaitingEntryIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Join the line, at its end, where no seat is free for you.

    A pursuit requested at a full opportunity stands in line by itself; this is for a session, and for coming back after
    leaving the line or letting an offer go by. 409 `seats_free` when there is no need to wait.
    """
    entry_id = await service.join(session, actor, body)
    return located(
        response, f"/v1/waiting_entries/{entry_id}", await _shown(session, actor, entry_id, response)
    )


@router.get(
    "/{waiting_entry_id}",
    response_model=WaitingEntryOut,
    dependencies=[needs("waiting_entry.read")],
    **READ,
)
async def get_waiting_entry(
    waiting_entry_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one place in line, with what the caller may do with it now."""
    return await _shown(session, actor, waiting_entry_id, response)


@router.post(
    "/{waiting_entry_id}/accept",
    response_model=WaitingEntryOut,
    dependencies=[once("waiting_entry.accept")],
    **ACTION,
)
async def accept_offered_seat(
    waiting_entry_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Take the seat that is offered to you, until `offer_until`; 409 `offer_over` after that.

    For a session you are enrolled at once. For an opportunity the seat is kept for you until the coordinator decides.
    """
    await service.accept(session, actor, waiting_entry_id, version)
    return await _shown(session, actor, waiting_entry_id, response)


@router.post(
    "/{waiting_entry_id}/decline",
    response_model=WaitingEntryOut,
    dependencies=[once("waiting_entry.decline")],
    **ACTION,
)
async def decline_offered_seat(
    waiting_entry_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Let the offered seat go to the next in line; your place ends with it."""
    await service.end(session, actor, A.DECLINE, waiting_entry_id, version)
    return await _shown(session, actor, waiting_entry_id, response)


@router.post(
    "/{waiting_entry_id}/leave",
    response_model=WaitingEntryOut,
    dependencies=[once("waiting_entry.leave")],
    **ACTION,
)
async def leave_line(
    waiting_entry_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Leave the line. Coming back means its end."""
    await service.end(session, actor, A.LEAVE, waiting_entry_id, version)
    return await _shown(session, actor, waiting_entry_id, response)


async def _shown(session: Session, actor: Actor, entry_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, entry_id)
    etag(response, found["version"])
    return found
