"""HTTP of video consents."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.video_consents import queries, service
from app.features.video_consents.schemas import (
    VideoConsentEnd,
    VideoConsentFilters,
    VideoConsentIn,
    VideoConsentOut,
)

router = APIRouter(prefix="/v1/video_consents", tags=["video_consents"], route_class=UnitRoute)


@router.get("", response_model=Page[VideoConsentOut], dependencies=[needs("video_consent.read")], **LIST)
async def list_video_consents(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[VideoConsentFilters, Query()],
) -> Response:
    """Page through video consents, the latest first: one's own, a child's, or those of one's schools."""
    rows = await service.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=VideoConsentOut,
    dependencies=[once("video_consent.create")],
    **CREATE("get_video_consent", "consent_id"),
)
async def create_video_consent(
    body: VideoConsentIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Let a student be seen on video in virtual sessions; without it they take part by audio alone.

    A guardian who may sign gives it, or a student of age; the staff records a form that was signed, and says which.
    """
    consent_id = await service.create(session, actor, body)
    return located(
        response, f"/v1/video_consents/{consent_id}", await _shown(session, actor, consent_id, response)
    )


@router.get(
    "/{consent_id}", response_model=VideoConsentOut, dependencies=[needs("video_consent.read")], **READ
)
async def get_video_consent(
    consent_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one video consent."""
    return await _shown(session, actor, consent_id, response)


@router.post(
    "/{consent_id}/withdraw",
    response_model=VideoConsentOut,
    dependencies=[once("video_consent.withdraw")],
    **ACTION,
)
async def withdraw_video_consent(
    consent_id: UUID,
    body: VideoConsentEnd,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Withdraw a consent, at once and for everything still to come; the student may do so at any age."""
    await service.withdraw(session, actor, consent_id, version, body.reason)
    return await _shown(session, actor, consent_id, response)


async def _shown(session: Session, actor: Actor, consent_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, consent_id)
    etag(response, found["version"])
    return found
