"""HTTP of exports: the listings as a file for a spreadsheet program."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import StreamingResponse

from app.access import CurrentActor, needs
from app.core.contract import refusals
from app.core.routing import UnitRoute
from app.features.listing_exports import service
from app.features.listing_exports.schemas import ExportFilters

router = APIRouter(prefix="/v1/opportunities", tags=["opportunities"], route_class=UnitRoute)


@router.get(
    "/export",
    response_class=Response,
    dependencies=[needs("opportunity.export")],
    status_code=200,
    responses={
        **refusals(401, 403, 422),
        200: {
            "description": "A row for each listing and category; the first fourteen columns are those of Chicago's lists.",
            "content": {"text/csv": {"schema": {"type": "string"}}},
        },
    },
)
async def export_opportunities(
    request: Request, actor: CurrentActor, filters: Annotated[ExportFilters, Query()]
) -> StreamingResponse:
    """Export the listings that you keep, drafts too, as CSV (UTF-8, RFC 4180), to look at or to edit in bulk.

    Send the file to `POST /v1/imports/opportunities` to take changes back: `listing_id` says which listing a row is, and
    a listing that somebody edited after the export is left alone. An unchanged file changes nothing. A cell that a
    spreadsheet program would run as a formula begins with an apostrophe, which the import takes away again.
    """
    return StreamingResponse(
        service.stream(request.app.state.database, actor, filters),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="opportunities.csv"'},
    )
