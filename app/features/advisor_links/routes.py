"""HTTP of advisor links."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.advisor_links import queries, service
from app.features.advisor_links.schemas import AdvisorLinkFilters, AdvisorLinkIn, AdvisorLinkOut
from app.features.memberships.schemas import Ending

router = APIRouter(prefix="/v1/advisor_links", tags=["advisor links"], route_class=UnitRoute)


@router.get("", response_model=Page[AdvisorLinkOut], dependencies=[needs("advisor_link.read")], **LIST)
async def list_advisor_links(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[AdvisorLinkFilters, Query()]
) -> Response:
    """Page through the advisor links that the caller may see, latest first."""
    keyset = queries.NEWEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "",
    response_model=AdvisorLinkOut,
    dependencies=[once("advisor_link.create")],
    **CREATE("get_advisor_link"),
)
async def create_advisor_link(
    body: AdvisorLinkIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Let an advisor follow a student; both are of the school named, which is one of the caller's."""
    link_id = await service.create(session, actor, body)
    return located(response, f"/v1/advisor_links/{link_id}", await _shown(session, actor, link_id, response))


@router.get(
    "/{advisor_link_id}",
    response_model=AdvisorLinkOut,
    dependencies=[needs("advisor_link.read")],
    **READ,
)
async def get_advisor_link(
    advisor_link_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one advisor link: who follows which student."""
    return await _shown(session, actor, advisor_link_id, response)


@router.post(
    "/{advisor_link_id}/end",
    response_model=AdvisorLinkOut,
    dependencies=[once("advisor_link.end")],
    **ACTION,
)
async def end_advisor_link(
    advisor_link_id: UUID,
    body: Annotated[Ending, Body(default_factory=Ending)],
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """End a advisor link; a later POST between the same two brings it back."""
    await service.end(session, actor, advisor_link_id, version, body.reason)
    return await _shown(session, actor, advisor_link_id, response)


async def _shown(session: Session, actor: Actor, link_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, link_id)
    etag(response, found["version"])
    return found
