"""HTTP of opportunities: their life, one by one; the list of them is the catalogue's."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, READ, located
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.opportunity import OpportunityAction as A
from app.domain.policy import Actor
from app.features.opportunities import service
from app.features.opportunities.schemas import (
    OpportunityIn,
    OpportunityOut,
    OpportunityPatch,
    Reason,
)

router = APIRouter(prefix="/v1/opportunities", tags=["opportunities"], route_class=UnitRoute)


@router.post(
    "", response_model=OpportunityOut, dependencies=[once("opportunity.create")], **CREATE("get_opportunity")
)
async def create_opportunity(
    body: OpportunityIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Draft an opportunity at an employer; students see it only after it was submitted and published."""
    opportunity_id = await service.create(session, actor, body)
    return located(
        response,
        f"/v1/opportunities/{opportunity_id}",
        await _shown(session, actor, opportunity_id, response),
    )


@router.get(
    "/{opportunity_id}", response_model=OpportunityOut, dependencies=[needs("opportunity.read")], **READ
)
async def get_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one opportunity, with what the caller may do with it now."""
    return await _shown(session, actor, opportunity_id, response)


@router.patch(
    "/{opportunity_id}", response_model=OpportunityOut, dependencies=[needs("opportunity.update")], **ACTION
)
async def update_opportunity(
    opportunity_id: UUID,
    body: OpportunityPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change what an opportunity says. Fields left out stay as they are; seats never fall below those taken."""
    await service.change(session, actor, opportunity_id, body, version)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/submit",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.submit")],
    **ACTION,
)
async def submit_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Hand a draft to the coordinator for review."""
    await service.act(session, actor, A.SUBMIT, opportunity_id, version)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/request_changes",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.request_changes")],
    **ACTION,
)
async def request_changes_to_opportunity(
    opportunity_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Send a submitted opportunity back with what should change."""
    await service.act(session, actor, A.REQUEST_CHANGES, opportunity_id, version, body.reason)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/reject",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.reject")],
    **ACTION,
)
async def reject_opportunity(
    opportunity_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Turn a submitted opportunity down, with the reason."""
    await service.act(session, actor, A.REJECT, opportunity_id, version, body.reason)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/publish",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.publish")],
    **ACTION,
)
async def publish_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Show a submitted opportunity to students; its employer must be vetted and its connection active."""
    await service.act(session, actor, A.PUBLISH, opportunity_id, version)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/pause",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.pause")],
    **ACTION,
)
async def pause_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Take a published opportunity out of the catalogue for a while; running pursuits go on."""
    await service.act(session, actor, A.PAUSE, opportunity_id, version)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/resume",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.resume")],
    **ACTION,
)
async def resume_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Show a paused opportunity again."""
    await service.act(session, actor, A.RESUME, opportunity_id, version)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/hide", response_model=OpportunityOut, dependencies=[once("opportunity.hide")], **ACTION
)
async def hide_opportunity(
    opportunity_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Take an opportunity out of sight because something about it is wrong, with the reason."""
    await service.act(session, actor, A.HIDE, opportunity_id, version, body.reason)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/restore",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.restore")],
    **ACTION,
)
async def restore_opportunity(
    opportunity_id: UUID,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
    body: Reason | None = None,
) -> Any:
    """Bring a hidden opportunity back, with the reason."""
    await service.act(
        session, actor, A.RESTORE, opportunity_id, version, None if body is None else body.reason
    )
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/confirm",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.confirm")],
    **ACTION,
)
async def confirm_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Say that the listing still holds; a stale one is published again."""
    await service.act(session, actor, A.CONFIRM, opportunity_id, version)
    return await _shown(session, actor, opportunity_id, response)


@router.post(
    "/{opportunity_id}/archive",
    response_model=OpportunityOut,
    dependencies=[once("opportunity.archive")],
    **ACTION,
)
async def archive_opportunity(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Put an opportunity away for good; its pursuits and placements stay."""
    await service.act(session, actor, A.ARCHIVE, opportunity_id, version)
    return await _shown(session, actor, opportunity_id, response)


async def _shown(session: Session, actor: Actor, opportunity_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, opportunity_id)
    etag(response, found["version"])
    return found
