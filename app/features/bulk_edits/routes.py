"""HTTP of edits of many opportunities: a preview, then the edit."""

from typing import Any

from fastapi import APIRouter, Request

from app.access import CurrentActor, Session, needs, once
from app.core.contract import refusals
from app.core.languages import of_caller
from app.core.routing import UnitRoute
from app.domain.policy import Actor
from app.features.bulk_edits import service
from app.features.bulk_edits.schemas import BulkEditIn, BulkEditOut, BulkPreviewIn, BulkPreviewOut

router = APIRouter(prefix="/v1/opportunities/bulk_edits", tags=["opportunities"], route_class=UnitRoute)


@router.post(
    "/preview",
    response_model=BulkPreviewOut,
    dependencies=[needs("opportunity.edit_in_bulk")],
    status_code=200,
    responses=refusals(400, 401, 403, 413, 422),
)
async def preview_bulk_edit(
    body: BulkPreviewIn, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """Show what an edit of up to 1,000 opportunities would change, and which it may not change and why.

    Nothing is changed, and no Idempotency-Key is needed. Each row has every field that would differ, before and after;
    a row with a refusal stays as it is.
    """
    return await service.preview(session, actor, body, request.app.state.hash_key, _language(request, actor))


@router.post(
    "",
    response_model=BulkEditOut,
    dependencies=[once("opportunity.edit_in_bulk")],
    status_code=200,
    responses=refusals(400, 401, 403, 409, 413, 422),
)
async def apply_bulk_edit(body: BulkEditIn, request: Request, actor: CurrentActor, session: Session) -> Any:
    """Do an edit that was previewed: send its `versions` and `hash` with the same changes.

    All of the rows change, or none: where one is not as the preview showed it, the answer is 409 with a pointer to each
    such row. Leave rows out of `versions` by previewing again with fewer ids.
    """
    return await service.apply(session, actor, body, request.app.state.hash_key, _language(request, actor))


def _language(request: Request, actor: Actor) -> str:
    return of_caller(request.headers.get("accept-language"), actor.locale)
