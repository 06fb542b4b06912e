"""HTTP of connections: offered in a minute, screened by a coordinator."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.connection import ConnectionAction as A
from app.domain.policy import Actor
from app.features.connections import queries, service
from app.features.connections.schemas import (
    ConnectionFilters,
    ConnectionIn,
    ConnectionOut,
    ConnectionPatch,
    ConnectionReason,
)

router = APIRouter(prefix="/v1/connections", tags=["connections"], route_class=UnitRoute)


@router.get("", response_model=Page[ConnectionOut], dependencies=[needs("connection.read")], **LIST)
async def list_connections(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[ConnectionFilters, Query()]
) -> Response:
    """Page through connections, newest first: the caller's own, and for coordinators those of their schools."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "", response_model=ConnectionOut, dependencies=[once("connection.create")], **CREATE("get_connection")
)
async def create_connection(
    body: ConnectionIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Offer somebody, or some workplace, that you know.

    A coordinator screens it; then the person is asked by mail, once, and hears what is held about them and which
    role suggested them, never who. A workplace that nobody named before becomes a prospect.
    """
    connection_id = await service.create(session, actor, body)
    return located(
        response,
        f"/v1/connections/{connection_id}",
        await _shown(session, actor, connection_id, response),
    )


@router.get("/{connection_id}", response_model=ConnectionOut, dependencies=[needs("connection.read")], **READ)
async def get_connection(
    connection_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one connection, with what the caller may do with it now."""
    return await _shown(session, actor, connection_id, response)


@router.patch(
    "/{connection_id}", response_model=ConnectionOut, dependencies=[needs("connection.update")], **ACTION
)
async def update_connection(
    connection_id: UUID,
    body: ConnectionPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change what you said about somebody you know, such as who may draw on it; left-out fields stay.

    Whom a connection leads to never changes: withdraw it and offer another. Not on one that has ended.
    """
    await service.change(session, actor, connection_id, body, version)
    return await _shown(session, actor, connection_id, response)


@router.post(
    "/{connection_id}/screen",
    response_model=ConnectionOut,
    dependencies=[once("connection.screen")],
    **ACTION,
)
async def screen_connection(
    connection_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Let a connection through: its person is invited, and it becomes active once everyone at its end is ready."""
    await service.act(session, actor, A.SCREEN, connection_id, version)
    return await _shown(session, actor, connection_id, response)


@router.post(
    "/{connection_id}/reject",
    response_model=ConnectionOut,
    dependencies=[once("connection.reject")],
    **ACTION,
)
async def reject_connection(
    connection_id: UUID,
    body: ConnectionReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Turn a connection down, with the reason; a person to whom no other connection leads is erased."""
    await service.act(session, actor, A.REJECT, connection_id, version, body.reason)
    return await _shown(session, actor, connection_id, response)


@router.post(
    "/{connection_id}/withdraw",
    response_model=ConnectionOut,
    dependencies=[once("connection.withdraw")],
    **ACTION,
)
async def withdraw_connection(
    connection_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Take a connection back; a person to whom no other connection leads, and who has not said yes, is erased."""
    await service.act(session, actor, A.WITHDRAW, connection_id, version)
    return await _shown(session, actor, connection_id, response)


async def _shown(session: Session, actor: Actor, connection_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, connection_id)
    etag(response, found["version"])
    return found
