"""HTTP of the students of relationship mapping rounds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, LIST
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.round_students import queries, service
from app.features.round_students.schemas import RoundStudentFilters, RoundStudentOut

router = APIRouter(prefix="/v1/round_students", tags=["relationship mapping"], route_class=UnitRoute)


@router.get("", response_model=Page[RoundStudentOut], dependencies=[needs("round_student.read")], **LIST)
async def list_round_students(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[RoundStudentFilters, Query()]
) -> Response:
    """Page through the students of your school's rounds: whom you marked, and who needs somebody.

    Never who else marked them, and never whom they named.
    """
    keyset = queries.NEWEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "/{round_student_id}/volunteer",
    response_model=RoundStudentOut,
    dependencies=[once("round_student.volunteer")],
    **ACTION,
)
async def volunteer_for_student(
    round_student_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Step forward for a student without a trusted adult; one adult for each student."""
    await service.volunteer(session, actor, round_student_id, version)
    return await _shown(session, actor, round_student_id, response)


@router.post(
    "/{round_student_id}/step_back",
    response_model=RoundStudentOut,
    dependencies=[once("round_student.step_back")],
    **ACTION,
)
async def step_back_from_student(
    round_student_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Make room for another adult; the coordinators are told that somebody is needed again."""
    await service.step_back(session, actor, round_student_id, version)
    return await _shown(session, actor, round_student_id, response)


@router.post(
    "/{round_student_id}/follow_up",
    response_model=RoundStudentOut,
    dependencies=[once("round_student.follow_up")],
    **ACTION,
)
async def record_follow_up_of_student(
    round_student_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Note that you saw how it goes, after 28 and after 60 days; nothing is written down of what was said."""
    await service.follow_up(session, actor, round_student_id, version)
    return await _shown(session, actor, round_student_id, response)


async def _shown(session: Session, actor: Actor, row_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, row_id)
    etag(response, found["version"])
    return found
