"""HTTP of an employer's reliability."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter

from app.access import CurrentActor, Session, needs
from app.core.contract import READ
from app.core.routing import UnitRoute
from app.features.reliability import service
from app.features.reliability.schemas import ReliabilityOut

router = APIRouter(prefix="/v1/employers", tags=["employers"], route_class=UnitRoute)


@router.get(
    "/{employer_id}/reliability",
    response_model=ReliabilityOut,
    dependencies=[needs("employer.read_reliability")],
    **READ,
)
async def get_employer_reliability(employer_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Read what an employer kept of what it offered in two years: facts, never stars."""
    return await service.view(session, actor, employer_id)
