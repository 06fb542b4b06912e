"""HTTP of the pictures of network maps: an SVG, and a page with a table that says the same."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from app.access import CurrentActor, Session, needs
from app.core.contract import refusals
from app.core.routing import UnitRoute
from app.features.map_pictures import service
from app.features.network_map import service as network_map

router = APIRouter(prefix="/v1/network_map", tags=["network map"], route_class=UnitRoute)
shared = APIRouter(prefix="/v1/students", tags=["network map"], route_class=UnitRoute)


def _of(kind: str, description: str, *errors: int) -> dict[str, Any]:
    done = {"description": description, "content": {kind: {"schema": {"type": "string"}}}}
    return {"status_code": 200, "response_class": Response, "responses": {**refusals(*errors), 200: done}}


_PICTURE = (service.SVG, "The map as an SVG of its own: no script, no style sheet, nothing from elsewhere.")
_TABLE = ("text/html", "The map as a page with one table of people and one that sums them up.")


@router.get("/picture", dependencies=[needs("network_map.read_own")], **_of(*_PICTURE, 401, 403, 422))
async def get_network_map_picture(request: Request, actor: CurrentActor, session: Session) -> Response:
    """Get your map as a picture (SVG): parts of life as sectors, closeness as rings, frequency as width of lines.

    The same map is the same bytes. `title` and `desc` tell a screen reader what it shows; `table` says all of it.
    """
    speaks = network_map.language(request.headers.get("accept-language"), actor)
    return service.drawn(await network_map.view(session, actor, network_map.student(actor), speaks), speaks)


@router.get("/table", dependencies=[needs("network_map.read_own")], **_of(*_TABLE, 401, 403, 422))
async def get_network_map_table(request: Request, actor: CurrentActor, session: Session) -> HTMLResponse:
    """Get your map as a page with a table, for a screen reader or for paper."""
    speaks = network_map.language(request.headers.get("accept-language"), actor)
    student_id = network_map.student(actor)
    shown = await network_map.view(session, actor, student_id, speaks)
    return service.tabled(shown, await network_map.goal_titles(session, actor, student_id), speaks)


@shared.get(
    "/{student_id}/network_map/picture",
    dependencies=[needs("network_map.read")],
    **_of(*_PICTURE, 401, 403, 404, 422),
)
async def get_shared_network_map_picture(
    student_id: UUID, request: Request, actor: CurrentActor, session: Session
) -> Response:
    """Get the map of a student who shows it to you now as a picture (SVG)."""
    speaks = network_map.language(request.headers.get("accept-language"), actor)
    await network_map.require_shown(session, actor, student_id)
    shown = await network_map.view(session, actor, student_id, speaks)
    return service.drawn(shown, speaks, own=student_id == actor.person_id)


@shared.get(
    "/{student_id}/network_map/table",
    dependencies=[needs("network_map.read")],
    **_of(*_TABLE, 401, 403, 404, 422),
)
async def get_shared_network_map_table(
    student_id: UUID, request: Request, actor: CurrentActor, session: Session
) -> HTMLResponse:
    """Get the map of a student who shows it to you now as a page with a table."""
    speaks = network_map.language(request.headers.get("accept-language"), actor)
    await network_map.require_shown(session, actor, student_id)
    shown = await network_map.view(session, actor, student_id, speaks)
    titles = await network_map.goal_titles(session, actor, student_id)
    return service.tabled(shown, titles, speaks, own=student_id == actor.person_id)
