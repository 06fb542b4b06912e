"""HTTP of speed networking: the rota of a session."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, READ
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.features.speed_rounds import service
from app.features.speed_rounds.schemas import SpeedDraw, SpeedRotaOut

router = APIRouter(prefix="/v1/opportunity_sessions", tags=["speed_rounds"], route_class=UnitRoute)


@router.get(
    "/{session_id}/speed_rounds",
    response_model=SpeedRotaOut,
    dependencies=[needs("opportunity_session.read_speed_rounds")],
    **READ,
)
async def get_speed_rounds(
    session_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read who sits with whom in which round: all of it for those who run the session, else one's own tables.

    The ETag is the session's.
    """
    return await _shown(session, actor, session_id, response)


@router.post(
    "/{session_id}/draw_speed_rounds",
    response_model=SpeedRotaOut,
    dependencies=[once("opportunity_session.draw_speed_rounds")],
    **ACTION,
)
async def draw_speed_rounds(
    session_id: UUID,
    body: SpeedDraw,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Draw the rota of a session from its enrolled students, in place of the one it had.

    No student meets a professional twice, and nobody is alone at a table, unless `smallest_table` is 1: then `lacks` says
    at which. What cannot be is refused with what would make it possible, such as fewer rounds. Drawn again with the same people, it is the same.
    """
    await service.draw(session, actor, session_id, version, body)
    return await _shown(session, actor, session_id, response)


async def _shown(session: Session, actor: Any, session_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, session_id)
    etag(response, found["version"])
    return found
