"""HTTP of duplicates: pairs of employers and of contacts that may be one."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.duplicates import queries, service
from app.features.duplicates.schemas import (
    DuplicateFilters,
    DuplicateOut,
    DuplicateReason,
    DuplicateScanOut,
)

router = APIRouter(prefix="/v1", tags=["duplicates"], route_class=UnitRoute)


@router.get("/duplicates", response_model=Page[DuplicateOut], dependencies=[needs("duplicate.read")], **LIST)
async def list_duplicates(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[DuplicateFilters, Query()]
) -> Response:
    """Page through pairs that may be one, the surest first, each with its score and its reasons.

    Contacts are shown together to those only who may read both.
    """
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.SUREST, filters.cursor))
    return page_response(request, *finish_page(request, queries.SUREST, rows, filters.limit))


@router.post(
    "/duplicates/scan",
    response_model=DuplicateScanOut,
    dependencies=[once("duplicate_scan.create")],
    **CREATE("get_duplicate_scan", "scan_id", status=202),
)
async def scan_for_duplicates(response: Response, actor: CurrentActor, session: Session) -> Any:
    """Have everything searched for duplicates; while a search is under way you are shown that one.

    Whatever arrives or changes is looked at by itself; a search finds what was there before.
    """
    scan_id = await service.ask_for_scan(session, actor)
    shown = await _scan_shown(session, actor, scan_id, response)
    return located(response, f"/v1/duplicate_scans/{scan_id}", shown)


@router.get(
    "/duplicate_scans/{scan_id}",
    response_model=DuplicateScanOut,
    dependencies=[needs("duplicate_scan.read")],
    **READ,
)
async def get_duplicate_scan(scan_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read how far a search for duplicates is."""
    return await _scan_shown(session, actor, scan_id, response)


@router.get(
    "/duplicates/{duplicate_id}",
    response_model=DuplicateOut,
    dependencies=[needs("duplicate.read")],
    **READ,
)
async def get_duplicate(duplicate_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one pair, with what the caller may do with it now."""
    return await _shown(session, actor, duplicate_id, response)


@router.post(
    "/duplicates/{duplicate_id}/mark_different",
    response_model=DuplicateOut,
    dependencies=[once("duplicate.mark_different")],
    **ACTION,
)
async def mark_duplicate_different(
    duplicate_id: UUID,
    body: DuplicateReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say that the two are not the same. It is for ever: they are not suggested again, whatever they are merged with."""
    await service.mark_different(session, actor, duplicate_id, version, body.reason)
    return await _shown(session, actor, duplicate_id, response)


async def _shown(session: Session, actor: Actor, pair_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, pair_id)
    etag(response, found["version"])
    return found


async def _scan_shown(session: Session, actor: Actor, scan_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view_scan(session, actor, scan_id)
    etag(response, found["version"])
    return found
