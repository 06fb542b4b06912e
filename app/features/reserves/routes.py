"""HTTP of reserved seats: whom seats of an opportunity or a session are kept for, and until when."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session, needs
from app.core.contract import ACTION, READ
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.reserves import service
from app.features.reserves.schemas import ReservesIn, ReservesOut
from app.models import Opportunity, OpportunitySession

router = APIRouter(prefix="/v1/opportunities", tags=["reserves"], route_class=UnitRoute)
dates = APIRouter(prefix="/v1/opportunity_sessions", tags=["reserves"], route_class=UnitRoute)


@router.get(
    "/{opportunity_id}/reserves",
    response_model=ReservesOut,
    dependencies=[needs("opportunity.read")],
    **READ,
)
async def get_reserves(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read for whom seats are kept, until when, and the rule in words: everyone who sees the opportunity may."""
    return await _shown(session, actor, Opportunity, opportunity_id, response)


@router.put(
    "/{opportunity_id}/reserves",
    response_model=ReservesOut,
    dependencies=[needs("opportunity.reserve")],
    **ACTION,
)
async def put_reserves(
    opportunity_id: UUID,
    body: ReservesIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Keep seats for schools or groups until a day; an empty list gives all of them up.

    A reserve is soft: those it is for take its seats first, everyone else the others; from `released_on` on, what is
    left is open to everyone, the line first. No more seats can be kept than are free, and none past the last day of the
    opportunity or the day of the session: where that is moved to an earlier day later on, they are released with it.
    """
    await service.put(session, actor, Opportunity, opportunity_id, body, version)
    return await _shown(session, actor, Opportunity, opportunity_id, response)


@dates.get(
    "/{session_id}/reserves",
    response_model=ReservesOut,
    dependencies=[needs("opportunity_session.read")],
    **READ,
)
async def get_session_reserves(
    session_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read for whom seats of a session are kept, until when, and the rule in words."""
    return await _shown(session, actor, OpportunitySession, session_id, response)


@dates.put(
    "/{session_id}/reserves",
    response_model=ReservesOut,
    dependencies=[needs("opportunity_session.reserve")],
    **ACTION,
)
async def put_session_reserves(
    session_id: UUID,
    body: ReservesIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Keep seats of a session for schools or groups until a day, as for an opportunity."""
    await service.put(session, actor, OpportunitySession, session_id, body, version)
    return await _shown(session, actor, OpportunitySession, session_id, response)


async def _shown(
    session: Session, actor: Actor, model: type[service.Target], target_id: UUID, response: Response
) -> dict[str, Any]:
    found = await service.view(session, actor, model, target_id)
    etag(response, found["version"])
    return found
