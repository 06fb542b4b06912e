"""HTTP of groups of students, for whom seats can be kept."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.student_groups import queries, service
from app.features.student_groups.schemas import (
    StudentGroupFilters,
    StudentGroupIn,
    StudentGroupItem,
    StudentGroupOut,
    StudentGroupPatch,
)

router = APIRouter(prefix="/v1/student_groups", tags=["student_groups"], route_class=UnitRoute)


@router.get("", response_model=Page[StudentGroupItem], dependencies=[needs("student_group.read")], **LIST)
async def list_student_groups(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[StudentGroupFilters, Query()]
) -> Response:
    """Page through the groups of your school, newest first."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=StudentGroupOut,
    dependencies=[once("student_group.create")],
    **CREATE("get_student_group"),
)
async def create_student_group(
    body: StudentGroupIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Name a group of students of a school, so that seats of an opportunity can be kept for them."""
    group_id = await service.create(session, actor, body)
    return located(
        response, f"/v1/student_groups/{group_id}", await _shown(session, actor, group_id, response)
    )


@router.get(
    "/{student_group_id}", response_model=StudentGroupOut, dependencies=[needs("student_group.read")], **READ
)
async def get_student_group(
    student_group_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one group, with the students on its list."""
    return await _shown(session, actor, student_group_id, response)


@router.patch(
    "/{student_group_id}",
    response_model=StudentGroupOut,
    dependencies=[needs("student_group.update")],
    **ACTION,
)
async def update_student_group(
    student_group_id: UUID,
    body: StudentGroupPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change a group's name or its list. Who has a kept seat already keeps it.

    Whoever is new on the list and waits where a seat is kept for the group is offered that seat at once.
    """
    await service.change(session, actor, student_group_id, body, version)
    return await _shown(session, actor, student_group_id, response)


@router.post(
    "/{student_group_id}/end",
    response_model=StudentGroupOut,
    dependencies=[once("student_group.end")],
    **ACTION,
)
async def end_student_group(
    student_group_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """End a group. Its list is emptied; seats kept for it are open to everyone from their day on."""
    await service.end(session, actor, student_group_id, version)
    return await _shown(session, actor, student_group_id, response)


async def _shown(session: Session, actor: Actor, group_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, group_id)
    etag(response, found["version"])
    return found
