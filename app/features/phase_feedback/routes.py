"""HTTP of feedback on phases: for staff and students, and for an expert with a link and no account."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.access import CurrentActor, IfMatch, PublicSession, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located, refusals
from app.core.languages import Speaks
from app.core.pages import PageRoute, render_page
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.domain.project_phase import FeedbackAction as A
from app.features.links.schemas import Token
from app.features.phase_feedback import queries, service
from app.features.phase_feedback.schemas import (
    FeedbackAskIn,
    FeedbackAskOut,
    FeedbackFilters,
    FeedbackGivenOut,
    FeedbackIn,
    FeedbackOut,
    FeedbackReason,
    GivenForm,
    GivenIn,
)

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1/phase_feedback", tags=["industry projects"], route_class=UnitRoute)
asks = APIRouter(prefix="/v1/feedback_asks", tags=["industry projects"], route_class=UnitRoute)
pages = APIRouter(tags=["industry projects"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("", response_model=Page[FeedbackOut], dependencies=[needs("phase_feedback.read")], **LIST)
async def list_phase_feedback(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[FeedbackFilters, Query()]
) -> Response:
    """Page through feedback on teams' phases, the latest first; students see what was shared with their team."""
    after = cursor_values(request, queries.LATEST, filters.cursor)
    rows = await queries.page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@router.post(
    "",
    response_model=FeedbackOut,
    dependencies=[once("phase_feedback.create")],
    **CREATE("get_phase_feedback"),
)
async def create_phase_feedback(
    body: FeedbackIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Write feedback on a team's phase; the whole team sees it at once."""
    feedback_id = await service.create(session, actor, body)
    return await _made(session, actor, feedback_id, response)


@router.post(
    "/asks",
    response_model=FeedbackOut,
    dependencies=[once("phase_feedback.create_ask")],
    **CREATE("get_phase_feedback"),
)
async def ask_for_phase_feedback(
    body: FeedbackAskIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Ask the project's expert for feedback: the person it came through, or who supervises there, gets a link by mail.

    The expert hears of the team by its number, and reads what you write in `shown`. It counts as one ask of the
    employer's month.
    """
    feedback_id = await service.create_ask(session, actor, body)
    return await _made(session, actor, feedback_id, response)


@router.get(
    "/{phase_feedback_id}", response_model=FeedbackOut, dependencies=[needs("phase_feedback.read")], **READ
)
async def get_phase_feedback(
    phase_feedback_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one piece of feedback."""
    return await _shown(session, actor, phase_feedback_id, response)


@router.post(
    "/{phase_feedback_id}/share",
    response_model=FeedbackOut,
    dependencies=[once("phase_feedback.share")],
    **ACTION,
)
async def share_phase_feedback(
    phase_feedback_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Show the team what the expert wrote."""
    await service.act(session, actor, A.SHARE, phase_feedback_id, version)
    return await _shown(session, actor, phase_feedback_id, response)


@router.post(
    "/{phase_feedback_id}/withhold",
    response_model=FeedbackOut,
    dependencies=[once("phase_feedback.withhold")],
    **ACTION,
)
async def withhold_phase_feedback(
    phase_feedback_id: UUID,
    body: FeedbackReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Keep feedback from the team, with the reason."""
    await service.act(session, actor, A.WITHHOLD, phase_feedback_id, version, body.reason)
    return await _shown(session, actor, phase_feedback_id, response)


@asks.get("/{token}", response_model=FeedbackAskOut, responses=refusals(404, 410, 422))
async def get_feedback_ask(token: Token, speaks: Speaks, session: PublicSession) -> Any:
    """Read what a team made and what was due. Looking changes nothing and may be repeated; no student is named."""
    return (await service.look(session, token, speaks))[0]


@asks.post("/{token}", response_model=FeedbackGivenOut, responses=refusals(400, 404, 409, 410, 413, 422))
async def answer_feedback_ask(token: Token, body: GivenIn, speaks: Speaks, session: PublicSession) -> Any:
    """Say what is strong, what comes next, and give three marks; the link is used up."""
    return (await service.give(session, token, body, speaks))[0]


@pages.get("/feedback/{token}", include_in_schema=False)
async def show_feedback_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show what the team made, with one form."""
    asked, language = await service.look(session, token, speaks)
    day = local_day(asked["answer_by"], asked["zone"])
    return render_page("ask.html", language, folder=_PAGES, asked=asked, day=day)


@pages.post("/feedback/{token}", include_in_schema=False)
async def take_feedback_form(
    token: Token, speaks: Speaks, session: PublicSession, given: Annotated[GivenForm, Form()]
) -> Response:
    """Take the answer of the page's form."""
    result, language = await service.give(session, token, given, speaks)
    return render_page("given.html", language, folder=_PAGES, result=result)


async def _made(session: Session, actor: Actor, feedback_id: UUID, response: Response) -> Any:
    found = await _shown(session, actor, feedback_id, response)
    return located(response, f"/v1/phase_feedback/{feedback_id}", found)


async def _shown(session: Session, actor: Actor, feedback_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, feedback_id)
    etag(response, found["version"])
    return found
