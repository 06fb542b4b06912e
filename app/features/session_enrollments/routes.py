"""HTTP of students' places in sessions."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.languages import Language, of_caller
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.session_enrollments import queries, service
from app.features.session_enrollments.schemas import (
    SessionEnrollmentFilters,
    SessionEnrollmentIn,
    SessionEnrollmentOut,
    WithdrawalIn,
)

router = APIRouter(prefix="/v1/session_enrollments", tags=["session_enrollments"], route_class=UnitRoute)


@router.get(
    "", response_model=Page[SessionEnrollmentOut], dependencies=[needs("session_enrollment.read")], **LIST
)
async def list_session_enrollments(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[SessionEnrollmentFilters, Query()],
) -> Response:
    """Page through places in sessions, the latest first: one's own, a child's, advisees', or who is coming.

    Ask with `session_id` for the list of those who come. Employers read first names and last initials.
    """
    rows = await service.page(
        session,
        actor,
        filters,
        cursor_values(request, queries.NEWEST, filters.cursor),
        _language(request, actor),
    )
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=SessionEnrollmentOut,
    dependencies=[once("session_enrollment.create")],
    **CREATE("get_session_enrollment", "enrollment_id"),
)
async def create_session_enrollment(
    body: SessionEnrollmentIn, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Take a seat in a session, oneself or for a student one looks after.

    A session without a free seat answers 409 `full`: join its line with `POST /v1/waiting_entries`. Where it is
    recorded, send the policy that was shown in `recording_seen`.
    """
    enrollment_id = await service.create(session, actor, body)
    return located(
        response,
        f"/v1/session_enrollments/{enrollment_id}",
        await _shown(session, actor, enrollment_id, request, response),
    )


@router.get(
    "/{enrollment_id}",
    response_model=SessionEnrollmentOut,
    dependencies=[needs("session_enrollment.read")],
    **READ,
)
async def get_session_enrollment(
    enrollment_id: UUID, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one place in a session; its student finds the join link here."""
    return await _shown(session, actor, enrollment_id, request, response)


@router.post(
    "/{enrollment_id}/withdraw",
    response_model=SessionEnrollmentOut,
    dependencies=[once("session_enrollment.withdraw")],
    **ACTION,
)
async def withdraw_session_enrollment(
    enrollment_id: UUID,
    body: WithdrawalIn,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Give a place up before the session begins; the seat is offered to the next in line. Staff say why."""
    await service.withdraw(session, actor, enrollment_id, version, body.reason)
    return await _shown(session, actor, enrollment_id, request, response)


async def _shown(
    session: Session, actor: Actor, enrollment_id: UUID, request: Request, response: Response
) -> dict[str, Any]:
    found = await service.view(session, actor, enrollment_id, _language(request, actor))
    etag(response, found["version"])
    return found


def _language(request: Request, actor: Actor) -> Language:
    return of_caller(request.headers.get("accept-language"), actor.locale)
