"""HTTP of goals: a student's own, and who could help with each."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located, refusals
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.goal import GoalAction as A
from app.domain.policy import Actor
from app.features.goals import queries, service
from app.features.goals.schemas import GoalFilters, GoalHelpersOut, GoalIn, GoalOut, GoalPatch
from app.features.network_map import service as network_map

router = APIRouter(prefix="/v1/goals", tags=["goals"], route_class=UnitRoute)


@router.get("", response_model=Page[GoalOut], dependencies=[needs("goal.read")], **LIST)
async def list_goals(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[GoalFilters, Query()]
) -> Response:
    """Page through goals, newest first: your own; for an adult those of the students who show them their map."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post("", response_model=GoalOut, dependencies=[once("goal.create")], **CREATE("get_goal"))
async def create_goal(body: GoalIn, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Set yourself a goal. It belongs to your network map: nobody reads it unless you share that.

    Its field counts, without your name, in what the school finds out that its students want.
    """
    goal_id = await service.create(session, actor, body)
    return located(response, f"/v1/goals/{goal_id}", await _shown(session, actor, goal_id, response))


@router.get("/{goal_id}", response_model=GoalOut, dependencies=[needs("goal.read")], **READ)
async def get_goal(goal_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one goal, with what the caller may do with it now."""
    return await _shown(session, actor, goal_id, response)


@router.patch("/{goal_id}", response_model=GoalOut, dependencies=[needs("goal.update")], **ACTION)
async def update_goal(
    goal_id: UUID,
    body: GoalPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change a goal. Fields left out stay as they are."""
    await service.change(session, actor, goal_id, body, version)
    return await _shown(session, actor, goal_id, response)


@router.delete(
    "/{goal_id}",
    status_code=204,
    dependencies=[needs("goal.delete")],
    responses=refusals(401, 403, 404, 422),
)
async def delete_goal(goal_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Delete a goal for good; whoever on the map could help with it stays on the map."""
    await service.remove(session, actor, goal_id)


@router.post("/{goal_id}/reach", response_model=GoalOut, dependencies=[once("goal.reach")], **ACTION)
async def reach_goal(
    goal_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Mark a goal as reached."""
    await service.act(session, actor, A.REACH, goal_id, version)
    return await _shown(session, actor, goal_id, response)


@router.post("/{goal_id}/drop", response_model=GoalOut, dependencies=[once("goal.drop")], **ACTION)
async def drop_goal(
    goal_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Drop a goal; no reason is asked for."""
    await service.act(session, actor, A.DROP, goal_id, version)
    return await _shown(session, actor, goal_id, response)


@router.post("/{goal_id}/reopen", response_model=GoalOut, dependencies=[once("goal.reopen")], **ACTION)
async def reopen_goal(
    goal_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Take up again a goal that was reached or dropped."""
    await service.act(session, actor, A.REOPEN, goal_id, version)
    return await _shown(session, actor, goal_id, response)


@router.get(
    "/{goal_id}/helpers",
    response_model=GoalHelpersOut,
    dependencies=[needs("goal.read")],
    status_code=200,
    responses=refusals(401, 403, 404, 422),
)
async def list_goal_helpers(goal_id: UUID, request: Request, actor: CurrentActor, session: Session) -> Any:
    """Read who could help with a goal: people on the map, and whether the pooled network reaches its field.

    What is missing becomes a prompt: `introduction` where the pool reaches somebody (ask with `POST
    /v1/introductions` and that field), `outreach` where it does not yet.
    """
    speaks = network_map.language(request.headers.get("accept-language"), actor)
    return await service.helpers(session, actor, goal_id, speaks)


async def _shown(session: Session, actor: Actor, goal_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, goal_id)
    etag(response, found["version"])
    return found
