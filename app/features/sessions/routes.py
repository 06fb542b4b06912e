"""HTTP of sessions: the dates on which an opportunity takes place."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.languages import Language, of_caller
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.sessions import queries, service
from app.features.sessions.schemas import (
    AttendanceIn,
    SessionIn,
    SessionListFilters,
    SessionOut,
    SessionPatch,
    SessionReason,
)

router = APIRouter(prefix="/v1/opportunity_sessions", tags=["opportunity_sessions"], route_class=UnitRoute)


@router.get("", response_model=Page[SessionOut], dependencies=[needs("opportunity_session.read")], **LIST)
async def list_opportunity_sessions(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[SessionListFilters, Query()],
) -> Response:
    """Page through the dates of opportunities that the caller may see: those still to come, the next one first.

    `when=past` gives those that are over, the latest first, and `when=any` all of them; `mine=true` gives one's own.
    """
    rows = await service.page(
        session,
        actor,
        filters,
        cursor_values(request, queries.order(filters), filters.cursor),
        _language(request, actor),
    )
    return page_response(request, *finish_page(request, queries.order(filters), rows, filters.limit))


@router.post(
    "",
    response_model=SessionOut,
    dependencies=[once("opportunity_session.create")],
    **CREATE("get_opportunity_session", "session_id"),
)
async def create_opportunity_session(
    body: SessionIn, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Set a date for an opportunity, with its own seats. A host has one session at a time."""
    session_id = await service.create(session, actor, body)
    return located(
        response,
        f"/v1/opportunity_sessions/{session_id}",
        await _shown(session, actor, session_id, request, response),
    )


@router.get(
    "/{session_id}", response_model=SessionOut, dependencies=[needs("opportunity_session.read")], **READ
)
async def get_opportunity_session(
    session_id: UUID, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one session, with what the caller may do with it now.

    Whether it is recorded is there for everybody, before enrolling; where to join it is for the enrolled.
    """
    return await _shown(session, actor, session_id, request, response)


@router.patch(
    "/{session_id}", response_model=SessionOut, dependencies=[needs("opportunity_session.update")], **ACTION
)
async def update_opportunity_session(
    session_id: UUID,
    body: SessionPatch,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change a session that has not begun; the enrolled are told of a new time or place.

    Seats never fall below those taken, and nothing is recorded that the enrolled were not told of. More seats go to the
    line first.
    """
    await service.change(session, actor, session_id, body, version)
    return await _shown(session, actor, session_id, request, response)


@router.post(
    "/{session_id}/cancel",
    response_model=SessionOut,
    dependencies=[once("opportunity_session.cancel")],
    **ACTION,
)
async def cancel_opportunity_session(
    session_id: UUID,
    body: SessionReason,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Cancel a session that has not begun; everybody enrolled, their families and the host are told why."""
    await service.cancel(session, actor, session_id, version, body.reason)
    return await _shown(session, actor, session_id, request, response)


@router.post(
    "/{session_id}/record_attendance",
    response_model=SessionOut,
    dependencies=[once("opportunity_session.record_attendance")],
    **ACTION,
)
async def record_attendance_of_session(
    session_id: UUID,
    body: AttendanceIn,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Record who came to a session that has begun, by the ids of their places; it can be put right later."""
    await service.record_attendance(session, actor, session_id, version, body)
    return await _shown(session, actor, session_id, request, response)


async def _shown(
    session: Session, actor: Actor, session_id: UUID, request: Request, response: Response
) -> dict[str, Any]:
    found = await service.view(session, actor, session_id, _language(request, actor))
    etag(response, found["version"])
    return found


def _language(request: Request, actor: Actor) -> Language:
    return of_caller(request.headers.get("accept-language"), actor.locale)
