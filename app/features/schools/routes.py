"""HTTP of schools and terms."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, Session, needs, once
from app.core.contract import CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.schools import queries, service
from app.features.schools.schemas import SchoolFilters, SchoolIn, SchoolOut, TermFilters, TermOut

router = APIRouter(prefix="/v1", tags=["schools"], route_class=UnitRoute)


@router.get("/schools", response_model=Page[SchoolOut], dependencies=[needs("school.read")], **LIST)
async def list_schools(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[SchoolFilters, Query()]
) -> Response:
    """Page through the schools of the tenant, by name. Districts and departments are among them, as parents."""
    keyset = queries.BY_NAME
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "/schools", response_model=SchoolOut, dependencies=[once("school.create")], **CREATE("get_school")
)
async def create_school(body: SchoolIn, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Add a school by hand; schools of the roster arrive with the roster."""
    school_id = await service.create(session, actor, body)
    return located(response, f"/v1/schools/{school_id}", await _shown(session, actor, school_id, response))


@router.get("/schools/{school_id}", response_model=SchoolOut, dependencies=[needs("school.read")], **READ)
async def get_school(school_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one school, or the district or department that it belongs to."""
    return await _shown(session, actor, school_id, response)


@router.get("/terms", response_model=Page[TermOut], dependencies=[needs("term.read")], **LIST)
async def list_terms(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[TermFilters, Query()]
) -> Response:
    """Page through the terms of the school year, by their first day."""
    keyset = queries.BY_START
    rows = await queries.terms(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


async def _shown(session: Session, actor: Actor, school_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, school_id)
    etag(response, found["version"])
    return found
