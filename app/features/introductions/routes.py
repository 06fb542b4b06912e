"""HTTP of introductions: asked for by a student, worded by the school, arranged through people."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.introduction import IntroductionAction as A
from app.domain.policy import Actor
from app.features.introductions import queries, service
from app.features.introductions.schemas import (
    IntroductionApproval,
    IntroductionFilters,
    IntroductionIn,
    IntroductionOut,
    IntroductionReason,
)

router = APIRouter(prefix="/v1/introductions", tags=["introductions"], route_class=UnitRoute)


@router.get("", response_model=Page[IntroductionOut], dependencies=[needs("introduction.read")], **LIST)
async def list_introductions(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[IntroductionFilters, Query()]
) -> Response:
    """Page through introductions, newest first: one's own, a child's, advisees', or those of one's schools."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=IntroductionOut,
    dependencies=[once("introduction.create")],
    **CREATE("get_introduction"),
)
async def create_introduction(
    body: IntroductionIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Ask to be introduced to somebody of a field: "could someone introduce me to a nurse?".

    The school words it; then adults are asked in turn, none of whom learns the student's name before everyone has
    agreed. Until then the state is `looking`, and it ends on a fixed day, whatever anybody answered.
    """
    introduction_id = await service.create(session, actor, body)
    return located(
        response,
        f"/v1/introductions/{introduction_id}",
        await _shown(session, actor, introduction_id, response),
    )


@router.get(
    "/{introduction_id}", response_model=IntroductionOut, dependencies=[needs("introduction.read")], **READ
)
async def get_introduction(
    introduction_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one introduction, with what the caller may do with it now."""
    return await _shown(session, actor, introduction_id, response)


@router.post(
    "/{introduction_id}/approve",
    response_model=IntroductionOut,
    dependencies=[once("introduction.approve")],
    **ACTION,
)
async def approve_introduction(
    introduction_id: UUID,
    body: IntroductionApproval,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Approve a request in the words in which it is asked; the service goes looking at once."""
    await service.approve(session, actor, introduction_id, version, body.wording)
    return await _shown(session, actor, introduction_id, response)


@router.post(
    "/{introduction_id}/decline",
    response_model=IntroductionOut,
    dependencies=[once("introduction.decline")],
    **ACTION,
)
async def decline_introduction(
    introduction_id: UUID,
    body: IntroductionReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Decline a request before anybody is asked; the student reads the reason and may ask again in other words."""
    await service.end(session, actor, A.DECLINE, introduction_id, version, body.reason)
    return await _shown(session, actor, introduction_id, response)


@router.post(
    "/{introduction_id}/withdraw",
    response_model=IntroductionOut,
    dependencies=[once("introduction.withdraw")],
    **ACTION,
)
async def withdraw_introduction(
    introduction_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Take one's own request back; whoever is being asked hears nothing more of it."""
    await service.end(session, actor, A.WITHDRAW, introduction_id, version)
    return await _shown(session, actor, introduction_id, response)


@router.post(
    "/{introduction_id}/close",
    response_model=IntroductionOut,
    dependencies=[once("introduction.close")],
    **ACTION,
)
async def close_introduction(
    introduction_id: UUID,
    body: IntroductionReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Stop looking, or note that an arranged meeting will not take place; the student reads the reason."""
    await service.end(session, actor, A.CLOSE, introduction_id, version, body.reason)
    return await _shown(session, actor, introduction_id, response)


@router.post(
    "/{introduction_id}/record_met",
    response_model=IntroductionOut,
    dependencies=[once("introduction.record_met")],
    **ACTION,
)
async def record_meeting_of_introduction(
    introduction_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Note that the two have met."""
    await service.record_met(session, actor, introduction_id, version)
    return await _shown(session, actor, introduction_id, response)


async def _shown(session: Session, actor: Actor, introduction_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, introduction_id)
    etag(response, found["version"])
    return found
