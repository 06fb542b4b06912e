"""HTTP of industry projects: their phases, and their teams."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.project_phases import queries, service
from app.features.project_phases.schemas import (
    PhasesIn,
    PhasesOut,
    TeamFilters,
    TeamIn,
    TeamOut,
    TeamPatch,
)

router = APIRouter(prefix="/v1/opportunities", tags=["industry projects"], route_class=UnitRoute)
teams = APIRouter(prefix="/v1/project_teams", tags=["industry projects"], route_class=UnitRoute)


@router.get(
    "/{opportunity_id}/phases", response_model=PhasesOut, dependencies=[needs("opportunity.read")], **READ
)
async def list_project_phases(
    opportunity_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """List the phases of a project, in order, each with what is due at its end. The ETag is the opportunity's."""
    return await _phases(session, actor, opportunity_id, response)


@router.put(
    "/{opportunity_id}/phases",
    response_model=PhasesOut,
    dependencies=[needs("opportunity.set_phases")],
    **ACTION,
)
async def set_project_phases(
    opportunity_id: UUID,
    body: PhasesIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Give a project its phases, as a whole and in order; a phase that is sent with its id stays the same phase."""
    await service.put(session, actor, opportunity_id, body, version)
    return await _phases(session, actor, opportunity_id, response)


@teams.get("", response_model=Page[TeamOut], dependencies=[needs("project_team.read")], **LIST)
async def list_project_teams(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[TeamFilters, Query()]
) -> Response:
    """Page through the teams that the caller may see, the latest first; students see their own."""
    after = cursor_values(request, queries.LATEST, filters.cursor)
    rows = await queries.page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@teams.post(
    "",
    response_model=TeamOut,
    dependencies=[once("project_team.create")],
    **CREATE("get_project_team"),
)
async def create_project_team(body: TeamIn, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Make a team of students of one school who have a seat in the project; it gets the next number."""
    team_id = await service.create_team(session, actor, body)
    return located(response, f"/v1/project_teams/{team_id}", await _shown(session, actor, team_id, response))


@teams.get("/{project_team_id}", response_model=TeamOut, dependencies=[needs("project_team.read")], **READ)
async def get_project_team(
    project_team_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one team: the students who work on a project together."""
    return await _shown(session, actor, project_team_id, response)


@teams.patch(
    "/{project_team_id}", response_model=TeamOut, dependencies=[needs("project_team.update")], **ACTION
)
async def update_project_team(
    project_team_id: UUID,
    body: TeamPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say who is in the team from now on."""
    await service.change_team(session, actor, project_team_id, body, version)
    return await _shown(session, actor, project_team_id, response)


async def _phases(session: Session, actor: Actor, opportunity_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.show(session, actor, opportunity_id)
    etag(response, found["version"])
    return found


async def _shown(session: Session, actor: Actor, team_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view_team(session, actor, team_id)
    etag(response, found["version"])
    return found
