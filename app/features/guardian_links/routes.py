"""HTTP of guardian links."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.guardian_links import queries, service
from app.features.guardian_links.schemas import (
    GuardianLinkFilters,
    GuardianLinkIn,
    GuardianLinkOut,
    GuardianLinkPatch,
)
from app.features.memberships.schemas import Ending

router = APIRouter(prefix="/v1/guardian_links", tags=["guardian links"], route_class=UnitRoute)


@router.get("", response_model=Page[GuardianLinkOut], dependencies=[needs("guardian_link.read")], **LIST)
async def list_guardian_links(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[GuardianLinkFilters, Query()]
) -> Response:
    """Page through the guardian links that the caller may see, latest first."""
    keyset = queries.NEWEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "",
    response_model=GuardianLinkOut,
    dependencies=[once("guardian_link.create")],
    **CREATE("get_guardian_link"),
)
async def create_guardian_link(
    body: GuardianLinkIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Link a guardian to a student of an own school. A student can never do this, nor change it."""
    link_id = await service.create(session, actor, body)
    return located(response, f"/v1/guardian_links/{link_id}", await _shown(session, actor, link_id, response))


@router.get(
    "/{guardian_link_id}",
    response_model=GuardianLinkOut,
    dependencies=[needs("guardian_link.read")],
    **READ,
)
async def get_guardian_link(
    guardian_link_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one guardian link, with the rights it gives."""
    return await _shown(session, actor, guardian_link_id, response)


@router.patch(
    "/{guardian_link_id}",
    response_model=GuardianLinkOut,
    dependencies=[needs("guardian_link.update")],
    **ACTION,
)
async def update_guardian_link(
    guardian_link_id: UUID,
    body: GuardianLinkPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change what a guardian may see and sign; it holds from the next request on."""
    await service.change(session, actor, guardian_link_id, body, version)
    return await _shown(session, actor, guardian_link_id, response)


@router.post(
    "/{guardian_link_id}/end",
    response_model=GuardianLinkOut,
    dependencies=[once("guardian_link.end")],
    **ACTION,
)
async def end_guardian_link(
    guardian_link_id: UUID,
    body: Annotated[Ending, Body(default_factory=Ending)],
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """End a guardian link; a later POST between the same two brings it back."""
    await service.end(session, actor, guardian_link_id, version, body.reason)
    return await _shown(session, actor, guardian_link_id, response)


async def _shown(session: Session, actor: Actor, link_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, link_id)
    etag(response, found["version"])
    return found
