"""HTTP of memberships."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.memberships import queries, service
from app.features.memberships.schemas import Ending, MembershipFilters, MembershipIn, MembershipOut

router = APIRouter(prefix="/v1/memberships", tags=["memberships"], route_class=UnitRoute)


@router.get("", response_model=Page[MembershipOut], dependencies=[needs("membership.read")], **LIST)
async def list_memberships(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[MembershipFilters, Query()]
) -> Response:
    """Page through who is what and where, latest first, as far as the caller may see it."""
    keyset = queries.NEWEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "",
    response_model=MembershipOut,
    dependencies=[once("membership.create")],
    **CREATE("get_membership"),
)
async def create_membership(
    body: MembershipIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Give a person another role; it holds from the next request on."""
    membership_id = await service.create(session, actor, body)
    return located(
        response, f"/v1/memberships/{membership_id}", await _shown(session, actor, membership_id, response)
    )


@router.get("/{membership_id}", response_model=MembershipOut, dependencies=[needs("membership.read")], **READ)
async def get_membership(
    membership_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one membership: who is what, and where."""
    return await _shown(session, actor, membership_id, response)


@router.post(
    "/{membership_id}/end", response_model=MembershipOut, dependencies=[once("membership.end")], **ACTION
)
async def end_membership(
    membership_id: UUID,
    body: Annotated[Ending, Body(default_factory=Ending)],
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """End a role; it stops acting on the person's very next request. Nobody ends their own district_admin role."""
    await service.end(session, actor, membership_id, version, body.reason)
    return await _shown(session, actor, membership_id, response)


async def _shown(session: Session, actor: Actor, membership_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, membership_id)
    etag(response, found["version"])
    return found
