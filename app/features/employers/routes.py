"""HTTP of employers and worksites."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.employer import EmployerAction as A
from app.domain.policy import Actor
from app.features.employers import queries, service
from app.features.employers.schemas import (
    EmployerFilters,
    EmployerIn,
    EmployerOut,
    EmployerPatch,
    EmployerReason,
    EmployerRemark,
    WorksiteFilters,
    WorksiteIn,
    WorksiteOut,
    WorksitePatch,
)

router = APIRouter(prefix="/v1/employers", tags=["employers"], route_class=UnitRoute)
worksites = APIRouter(prefix="/v1/worksites", tags=["employers"], route_class=UnitRoute)


@router.get("", response_model=Page[EmployerOut], dependencies=[needs("employer.read")], **LIST)
async def list_employers(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[EmployerFilters, Query()]
) -> Response:
    """Page through the employers that the caller may see, by name.

    Students and guardians see those with something published for them; staff see all, prospects included.
    """
    rows = await queries.page(
        session, actor, filters, cursor_values(request, queries.BY_NAME, filters.cursor)
    )
    return page_response(request, *finish_page(request, queries.BY_NAME, rows, filters.limit))


@router.post("", response_model=EmployerOut, dependencies=[once("employer.create")], **CREATE("get_employer"))
async def create_employer(body: EmployerIn, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Note an employer; it is a prospect until a coordinator vets it."""
    employer_id = await service.create(session, actor, body)
    return located(
        response, f"/v1/employers/{employer_id}", await _shown(session, actor, employer_id, response)
    )


@router.get("/{employer_id}", response_model=EmployerOut, dependencies=[needs("employer.read")], **READ)
async def get_employer(employer_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one employer, with what the caller may do with it now."""
    return await _shown(session, actor, employer_id, response)


@router.patch("/{employer_id}", response_model=EmployerOut, dependencies=[needs("employer.update")], **ACTION)
async def update_employer(
    employer_id: UUID,
    body: EmployerPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change what is said of an employer. Fields left out stay as they are."""
    await service.change(session, actor, employer_id, body, version)
    return await _shown(session, actor, employer_id, response)


@router.post("/{employer_id}/vet", response_model=EmployerOut, dependencies=[once("employer.vet")], **ACTION)
async def vet_employer(
    employer_id: UUID,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
    body: EmployerRemark | None = None,
) -> Any:
    """Say that students may go there. Connections that waited for it become active; `reason` is the vetting note."""
    reason = None if body is None else body.reason
    await service.act(session, actor, A.VET, employer_id, version, reason)
    return await _shown(session, actor, employer_id, response)


@router.post(
    "/{employer_id}/suspend", response_model=EmployerOut, dependencies=[once("employer.suspend")], **ACTION
)
async def suspend_employer(
    employer_id: UUID,
    body: EmployerReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Send no more students there for now: what it has published is paused, and its connections rest."""
    await service.act(session, actor, A.SUSPEND, employer_id, version, body.reason)
    return await _shown(session, actor, employer_id, response)


@router.post(
    "/{employer_id}/archive", response_model=EmployerOut, dependencies=[once("employer.archive")], **ACTION
)
async def archive_employer(
    employer_id: UUID,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
    body: EmployerRemark | None = None,
) -> Any:
    """Put an employer away for good: what it has published is paused, and its connections rest."""
    reason = None if body is None else body.reason
    await service.act(session, actor, A.ARCHIVE, employer_id, version, reason)
    return await _shown(session, actor, employer_id, response)


@router.get(
    "/{employer_id}/worksites",
    response_model=Page[WorksiteOut],
    dependencies=[needs("worksite.read")],
    **READ,
)
async def list_worksites(
    employer_id: UUID,
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[WorksiteFilters, Query()],
) -> Response:
    """Page through the worksites of an employer, by name."""
    await service.view(session, actor, employer_id)
    keyset = queries.WORKSITES_BY_NAME
    after = cursor_values(request, keyset, filters.cursor)
    rows = await queries.worksites(session, actor, employer_id, filters.limit, after)
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "/{employer_id}/worksites",
    response_model=WorksiteOut,
    dependencies=[once("worksite.create")],
    **CREATE("get_worksite"),
)
async def create_worksite(
    employer_id: UUID, body: WorksiteIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Add a place where students would be; coordinates are WGS 84 degrees."""
    worksite_id = await service.add_worksite(session, actor, employer_id, body)
    return located(
        response, f"/v1/worksites/{worksite_id}", await _site_shown(session, actor, worksite_id, response)
    )


@worksites.get("/{worksite_id}", response_model=WorksiteOut, dependencies=[needs("worksite.read")], **READ)
async def get_worksite(worksite_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one worksite: where it is, and which employer it belongs to."""
    return await _site_shown(session, actor, worksite_id, response)


@worksites.patch(
    "/{worksite_id}", response_model=WorksiteOut, dependencies=[needs("worksite.update")], **ACTION
)
async def update_worksite(
    worksite_id: UUID,
    body: WorksitePatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change where a worksite is, and who can use it: step-free, sensory, by public transport."""
    await service.change_worksite(session, actor, worksite_id, body, version)
    return await _site_shown(session, actor, worksite_id, response)


async def _shown(session: Session, actor: Actor, employer_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, employer_id)
    etag(response, found["version"])
    return found


async def _site_shown(
    session: Session, actor: Actor, worksite_id: UUID, response: Response
) -> dict[str, Any]:
    found = await service.view_worksite(session, actor, worksite_id)
    etag(response, found["version"])
    return found
