"""HTTP of weekly patterns: how sessions come round."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.weekly_patterns import queries, service
from app.features.weekly_patterns.schemas import (
    PatternEnd,
    WeeklyPatternFilters,
    WeeklyPatternIn,
    WeeklyPatternOut,
    WeeklyPatternPatch,
)

router = APIRouter(prefix="/v1/weekly_patterns", tags=["weekly_patterns"], route_class=UnitRoute)


@router.get("", response_model=Page[WeeklyPatternOut], dependencies=[needs("weekly_pattern.read")], **LIST)
async def list_weekly_patterns(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[WeeklyPatternFilters, Query()],
) -> Response:
    """Page through the patterns of the listings one looks after, the latest first."""
    rows = await service.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=WeeklyPatternOut,
    dependencies=[once("weekly_pattern.create")],
    **CREATE("get_weekly_pattern", "pattern_id"),
)
async def create_weekly_pattern(
    body: WeeklyPatternIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Let sessions come round every week, in the worksite's time zone and through every change of its clocks.

    Those of the next eight weeks are made at once, the others as time goes on.
    """
    pattern_id = await service.create(session, actor, body)
    return located(
        response, f"/v1/weekly_patterns/{pattern_id}", await _shown(session, actor, pattern_id, response)
    )


@router.get(
    "/{pattern_id}", response_model=WeeklyPatternOut, dependencies=[needs("weekly_pattern.read")], **READ
)
async def get_weekly_pattern(
    pattern_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one pattern, with the days on which it still comes round."""
    return await _shown(session, actor, pattern_id, response)


@router.patch(
    "/{pattern_id}", response_model=WeeklyPatternOut, dependencies=[needs("weekly_pattern.update")], **ACTION
)
async def update_weekly_pattern(
    pattern_id: UUID,
    body: WeeklyPatternPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change a pattern. Sessions on days that it leaves are cancelled, and the enrolled are told why."""
    await service.change(session, actor, pattern_id, body, version)
    return await _shown(session, actor, pattern_id, response)


@router.post(
    "/{pattern_id}/end",
    response_model=WeeklyPatternOut,
    dependencies=[once("weekly_pattern.end")],
    **ACTION,
)
async def end_weekly_pattern(
    pattern_id: UUID,
    body: PatternEnd,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """End a pattern: it makes no more sessions. Those to come stay, unless `cancel_sessions` is true."""
    await service.end(session, actor, pattern_id, version, body)
    return await _shown(session, actor, pattern_id, response)


async def _shown(session: Session, actor: Actor, pattern_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, pattern_id)
    etag(response, found["version"])
    return found
