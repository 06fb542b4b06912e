"""HTTP of copies: a new draft of what is offered already."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Response

from app.access import CurrentActor, Session, once
from app.core.contract import CREATE, located
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.features.listing_copies import service
from app.features.listing_copies.schemas import CloneIn
from app.features.opportunities import service as opportunities
from app.features.opportunities.schemas import OpportunityOut

router = APIRouter(prefix="/v1/opportunities", tags=["opportunities"], route_class=UnitRoute)


@router.post(
    "/{opportunity_id}/clone",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.clone")],
    **CREATE("get_opportunity"),
)
async def clone_opportunity(
    opportunity_id: UUID,
    body: Annotated[CloneIn, Body(default_factory=CloneIn)],
    response: Response,
    actor: CurrentActor,
    session: Session,
) -> Any:
    """Draft a copy of an opportunity, with new dates; its seats are all free, and students see it once published.

    What the listing says is copied, with its worksite, its connection and a project's phases. Sessions, reserved
    seats, pursuits, pictures and the listing's history stay with the original, which does not change; where the copy is
    another school's, so do the hosts and the join links of its weekly patterns.
    """
    copy_id = await service.clone(session, actor, opportunity_id, body)
    found = await opportunities.view(session, actor, copy_id)
    etag(response, found["version"])
    return located(response, f"/v1/opportunities/{copy_id}", found)
