"""HTTP of reported listings: saying that something is wrong, and deciding about it."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.listing_reports import queries, service
from app.features.listing_reports.schemas import (
    DismissIn,
    ListingCaseFilters,
    ListingCaseItem,
    ListingCaseOut,
    ListingReportFilters,
    ListingReportIn,
    ListingReportOut,
    UpholdIn,
)

router = APIRouter(prefix="/v1/listing_reports", tags=["moderation"], route_class=UnitRoute)
cases = APIRouter(prefix="/v1/listing_cases", tags=["moderation"], route_class=UnitRoute)


@router.post(
    "",
    response_model=ListingReportOut,
    dependencies=[once("listing_report.create")],
    **CREATE("get_listing_report"),
)
async def create_listing_report(
    body: ListingReportIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Report a listing that you see. Your school looks at it; the employer never learns who reported it."""
    report_id = await service.report(session, actor, body)
    found = await service.view_report(session, actor, report_id)
    etag(response, found["version"])
    return located(response, f"/v1/listing_reports/{report_id}", found)


@router.get("", response_model=Page[ListingReportOut], dependencies=[needs("listing_report.read")], **LIST)
async def list_listing_reports(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[ListingReportFilters, Query()]
) -> Response:
    """Page through what you yourself reported, the latest first."""
    after = cursor_values(request, queries.REPORTS, filters.cursor)
    rows = await queries.reports_page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.REPORTS, rows, filters.limit))


@router.get(
    "/{listing_report_id}",
    response_model=ListingReportOut,
    dependencies=[needs("listing_report.read")],
    **READ,
)
async def get_listing_report(
    listing_report_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one of your own reports, and whether it was upheld."""
    found = await service.view_report(session, actor, listing_report_id)
    etag(response, found["version"])
    return found


@cases.get("", response_model=Page[ListingCaseItem], dependencies=[needs("listing_case.read")], **LIST)
async def list_listing_cases(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[ListingCaseFilters, Query()]
) -> Response:
    """Page through the reported listings of your schools, the latest first; several reports of one are one case."""
    after = cursor_values(request, queries.CASES, filters.cursor)
    rows = await queries.cases_page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.CASES, rows, filters.limit))


@cases.get(
    "/{listing_case_id}", response_model=ListingCaseOut, dependencies=[needs("listing_case.read")], **READ
)
async def get_listing_case(
    listing_case_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read a case with everything that was reported."""
    return await _shown(session, actor, listing_case_id, response)


@cases.post(
    "/{listing_case_id}/uphold",
    response_model=ListingCaseOut,
    dependencies=[once("listing_case.uphold")],
    **ACTION,
)
async def uphold_listing_case(
    listing_case_id: UUID,
    body: UpholdIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say that the reports are right, with the reason. The listing is hidden, unless you say otherwise."""
    await service.uphold(session, actor, listing_case_id, body, version)
    return await _shown(session, actor, listing_case_id, response)


@cases.post(
    "/{listing_case_id}/dismiss",
    response_model=ListingCaseOut,
    dependencies=[once("listing_case.dismiss")],
    **ACTION,
)
async def dismiss_listing_case(
    listing_case_id: UUID,
    body: DismissIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say that nothing is wrong, with the reason; a listing that was hidden can be shown again at once."""
    await service.dismiss(session, actor, listing_case_id, body, version)
    return await _shown(session, actor, listing_case_id, response)


async def _shown(session: Session, actor: Actor, case_id: UUID, response: Response) -> dict[str, Any]:
    await session.flush()  # it is read again from the database
    found = await service.view_case(session, actor, case_id)
    etag(response, found["version"])
    return found
