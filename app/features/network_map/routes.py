"""HTTP of network maps: the student's own, and the reading of one that is shared."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, READ, located, refusals
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.network_map import service
from app.features.network_map.schemas import (
    MapEntryIn,
    MapEntryOffer,
    MapEntryOut,
    MapEntryPatch,
    NetworkMapOut,
)

router = APIRouter(prefix="/v1/network_map", tags=["network map"], route_class=UnitRoute)
shared = APIRouter(prefix="/v1/students", tags=["network map"], route_class=UnitRoute)

_OWN: dict[str, Any] = {"status_code": 200, "responses": refusals(401, 403, 422)}
_SHARED: dict[str, Any] = {"status_code": 200, "responses": refusals(401, 403, 404, 422)}


@router.get("", response_model=NetworkMapOut, dependencies=[needs("network_map.read_own")], **_OWN)
async def get_network_map(request: Request, actor: CurrentActor, session: Session) -> Any:
    """Read your network map: everybody on it, and what it shows as a whole.

    Nobody else can read it, neither family nor school, unless you share it: see `POST /v1/network_map/shares`.
    """
    speaks = service.language(request.headers.get("accept-language"), actor)
    return await service.view(session, actor, service.student(actor), speaks)


@router.delete(
    "",
    status_code=204,
    dependencies=[needs("network_map.erase")],
    responses=refusals(401, 403, 422),
)
async def erase_network_map(actor: CurrentActor, session: Session) -> None:
    """Erase your whole map with your goals and shares, for good. Connections that you made of it stay."""
    await service.erase_own(session, actor)


@router.post(
    "/entries",
    response_model=MapEntryOut,
    dependencies=[once("map_entry.create")],
    **CREATE("get_map_entry"),
)
async def create_map_entry(
    body: MapEntryIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Put somebody on your map. They are not told, and it makes no connection: that is `offer`."""
    entry_id = await service.add(session, actor, body)
    return located(
        response, f"/v1/network_map/entries/{entry_id}", await _shown(session, actor, entry_id, response)
    )


@router.get(
    "/entries/{map_entry_id}", response_model=MapEntryOut, dependencies=[needs("map_entry.read")], **READ
)
async def get_map_entry(map_entry_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one person on a map, with what the caller may do with the entry now."""
    return await _shown(session, actor, map_entry_id, response)


@router.patch(
    "/entries/{map_entry_id}",
    response_model=MapEntryOut,
    dependencies=[needs("map_entry.update")],
    **ACTION,
)
async def update_map_entry(
    map_entry_id: UUID,
    body: MapEntryPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change somebody on your map. On the day of the next step, in the morning, you are reminded once."""
    await service.change(session, actor, map_entry_id, body, version)
    return await _shown(session, actor, map_entry_id, response)


@router.delete(
    "/entries/{map_entry_id}",
    status_code=204,
    dependencies=[needs("map_entry.delete")],
    responses=refusals(401, 403, 404, 422),
)
async def delete_map_entry(map_entry_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Take somebody off your map. A connection that you made of them stays, and can be withdrawn there."""
    await service.remove(session, actor, map_entry_id)


@router.post(
    "/entries/{map_entry_id}/offer",
    response_model=MapEntryOut,
    dependencies=[once("map_entry.offer")],
    **ACTION,
)
async def offer_map_entry(
    map_entry_id: UUID,
    body: MapEntryOffer,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Offer one person of your map to the pool, once: a connection like any other, of what the body states.

    `domain`, `closeness` and `frequency` left out are taken from the entry; nothing else of it is.
    """
    await service.offer(session, actor, map_entry_id, body, version)
    return await _shown(session, actor, map_entry_id, response)


@shared.get(
    "/{student_id}/network_map",
    response_model=NetworkMapOut,
    dependencies=[needs("network_map.read")],
    **_SHARED,
)
async def get_shared_network_map(
    student_id: UUID, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """Read the map of a student who shows it to you now."""
    await service.require_shown(session, actor, student_id)
    return await service.view(
        session, actor, student_id, service.language(request.headers.get("accept-language"), actor)
    )


async def _shown(session: Session, actor: Actor, entry_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.entry(session, actor, entry_id)
    etag(response, found["version"])
    return found
