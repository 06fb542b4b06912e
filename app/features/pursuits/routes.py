"""HTTP of pursuits: a student's right to go after an opportunity, from the request to the placement."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Body, Query, Request, Response

from app.access import CurrentActor, CurrentUnit, IfMatch, ListRoute, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.db import Unit
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import BareRoute, UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.domain.pursuit import PursuitAction as A
from app.features.opportunities.schemas import Reason
from app.features.pursuits import queries, service
from app.features.pursuits.schemas import (
    ApprovalIn,
    ExtensionIn,
    MaybeReason,
    PursuitFilters,
    PursuitIn,
    PursuitOut,
    StartApprovalIn,
    StartIn,
)

lists = APIRouter(prefix="/v1/pursuits", tags=["pursuits"], route_class=ListRoute)
requests = APIRouter(prefix="/v1/pursuits", tags=["pursuits"], route_class=BareRoute)
router = APIRouter(prefix="/v1/pursuits", tags=["pursuits"], route_class=UnitRoute)


@lists.get("", response_model=Page[PursuitOut], dependencies=[needs("pursuit.read")], **LIST)
async def list_pursuits(
    request: Request, actor: CurrentActor, unit: CurrentUnit, filters: Annotated[PursuitFilters, Query()]
) -> Response:
    """Page through the pursuits that the caller may see, newest first.

    `needs_me=true` keeps those where the next step is the caller's: a coordinator's decision, an advisor's approval
    of a start, a student's landing or start request.
    """
    rows = await queries.page(unit, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@requests.post("", response_model=PursuitOut, dependencies=[once("pursuit.create")], **CREATE("get_pursuit"))
async def create_pursuit(body: PursuitIn, response: Response, actor: CurrentActor, unit: CurrentUnit) -> Any:
    """Ask to pursue a published opportunity; the coordinator of the student's school decides.

    When every seat is taken the request waits in line, and `place_in_line` says where.
    """
    pursuit_id = await service.create(unit, actor, body)
    return located(response, f"/v1/pursuits/{pursuit_id}", await _shown(unit, actor, pursuit_id, response))


@router.get("/{pursuit_id}", response_model=PursuitOut, dependencies=[needs("pursuit.read")], **READ)
async def get_pursuit(pursuit_id: UUID, response: Response, actor: CurrentActor, unit: CurrentUnit) -> Any:
    """Read one pursuit, with what the caller may do with it now."""
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/approve", response_model=PursuitOut, dependencies=[once("pursuit.approve")], **ACTION
)
async def approve_pursuit(
    pursuit_id: UUID,
    body: Annotated[ApprovalIn, Body(default_factory=ApprovalIn)],
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Let a student go after it until a day; takes a seat, unless one is held for this student.

    409 `full` when no seat is free: the student keeps the place in line. What `checks` names, the coordinator confirms
    in `confirmed_checks`.
    """
    await service.approve(unit.session, actor, pursuit_id, version, body)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/decline", response_model=PursuitOut, dependencies=[once("pursuit.decline")], **ACTION
)
async def decline_pursuit(
    pursuit_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Turn a request down, with the reason; a seat held for it goes to the next in line."""
    await service.leave(unit.session, actor, A.DECLINE, pursuit_id, version, body.reason)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/extend", response_model=PursuitOut, dependencies=[once("pursuit.extend")], **ACTION
)
async def extend_pursuit(
    pursuit_id: UUID,
    body: ExtensionIn,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Give more time, once; a site is never hoarded."""
    await service.extend(unit.session, actor, pursuit_id, version, body)
    return await _shown(unit, actor, pursuit_id, response)


@router.post("/{pursuit_id}/land", response_model=PursuitOut, dependencies=[once("pursuit.land")], **ACTION)
async def land_pursuit(
    pursuit_id: UUID,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Say that the employer said yes; from here the pursuit does not expire."""
    await service.land(unit.session, actor, pursuit_id, version)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/request_start",
    response_model=PursuitOut,
    dependencies=[once("pursuit.request_start")],
    **ACTION,
)
async def request_start_of_pursuit(
    pursuit_id: UUID,
    body: StartIn,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Ask the advisor to approve the start, with goals, schedule and dates."""
    await service.request_start(unit.session, actor, pursuit_id, version, body)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/return_start",
    response_model=PursuitOut,
    dependencies=[once("pursuit.return_start")],
    **ACTION,
)
async def return_start_of_pursuit(
    pursuit_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Send a start request back to the student, with what should change."""
    await service.return_start(unit.session, actor, pursuit_id, version, body.reason)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/approve_start",
    response_model=PursuitOut,
    dependencies=[once("pursuit.approve_start")],
    **ACTION,
)
async def approve_start_of_pursuit(
    pursuit_id: UUID,
    body: Annotated[StartApprovalIn, Body(default_factory=StartApprovalIn)],
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Approve the start: a placement is made (see `placement_id`), and it keeps the seat.

    What the body gives replaces what the student wrote; an empty object takes the request as it is.
    """
    await service.approve_start(unit.session, actor, pursuit_id, version, body)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/withdraw", response_model=PursuitOut, dependencies=[once("pursuit.withdraw")], **ACTION
)
async def withdraw_pursuit(
    pursuit_id: UUID,
    body: Annotated[MaybeReason, Body(default_factory=MaybeReason)],
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Stop pursuing; the seat, if there was one, goes to the next in line."""
    await service.leave(unit.session, actor, A.WITHDRAW, pursuit_id, version, body.reason)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/not_select", response_model=PursuitOut, dependencies=[once("pursuit.not_select")], **ACTION
)
async def not_select_pursuit(
    pursuit_id: UUID,
    body: Annotated[MaybeReason, Body(default_factory=MaybeReason)],
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Say that the employer chose somebody else; the seat goes to the next in line."""
    await service.leave(unit.session, actor, A.NOT_SELECT, pursuit_id, version, body.reason)
    return await _shown(unit, actor, pursuit_id, response)


@router.post(
    "/{pursuit_id}/release", response_model=PursuitOut, dependencies=[once("pursuit.release")], **ACTION
)
async def release_pursuit(
    pursuit_id: UUID,
    body: Reason,
    response: Response,
    actor: CurrentActor,
    unit: CurrentUnit,
    version: IfMatch,
) -> Any:
    """Take an approval back, with the reason; the seat goes to the next in line."""
    await service.leave(unit.session, actor, A.RELEASE, pursuit_id, version, body.reason)
    return await _shown(unit, actor, pursuit_id, response)


async def _shown(unit: Unit, actor: Actor, pursuit_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(unit, actor, pursuit_id)
    etag(response, found["version"])
    return found
