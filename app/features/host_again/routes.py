"""HTTP of the yearly question to hosts: for staff, and for a host with a link and no account."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.access import CurrentActor, IfMatch, PublicSession, Session, needs, once
from app.core.contract import ACTION, LIST, READ, refusals
from app.core.languages import Speaks
from app.core.pages import PageRoute, render_page
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.features.host_again import queries, service
from app.features.host_again.schemas import (
    HostAgainOut,
    HostAnsweredOut,
    HostAnswerForm,
    HostAnswerIn,
    HostAskFilters,
    HostAskOut,
)
from app.features.links.schemas import Token

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1/host_asks", tags=["host again"], route_class=UnitRoute)
answers = APIRouter(prefix="/v1/host_again", tags=["host again"], route_class=UnitRoute)
pages = APIRouter(tags=["host again"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("", response_model=Page[HostAskOut], dependencies=[needs("host_ask.read")], **LIST)
async def list_host_asks(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[HostAskFilters, Query()]
) -> Response:
    """Page through what employers answered to the yearly question whether they host again, the latest first."""
    after = cursor_values(request, queries.LATEST, filters.cursor)
    rows = await queries.page(session, actor, filters, after)
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@router.get("/{host_ask_id}", response_model=HostAskOut, dependencies=[needs("host_ask.read")], **READ)
async def get_host_ask(host_ask_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one question, with the answer and its reasons."""
    return await _shown(session, actor, host_ask_id, response)


@router.post(
    "/{host_ask_id}/note_answer",
    response_model=HostAskOut,
    dependencies=[once("host_ask.note_answer")],
    **ACTION,
)
async def note_answer_of_host(
    host_ask_id: UUID,
    body: HostAnswerIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Write down what a host said on the telephone; the link of the letter is closed."""
    await service.note_answer(session, actor, host_ask_id, body, version)
    return await _shown(session, actor, host_ask_id, response)


@answers.get("/{token}", response_model=HostAgainOut, responses=refusals(404, 410, 422))
async def get_host_question(token: Token, speaks: Speaks, session: PublicSession) -> Any:
    """Read the question: would you host again? Looking changes nothing and may be repeated."""
    return (await service.look(session, token, speaks))[0]


@answers.post("/{token}", response_model=HostAnsweredOut, responses=refusals(400, 404, 409, 410, 413, 422))
async def answer_host_question(
    token: Token, body: HostAnswerIn, speaks: Speaks, session: PublicSession
) -> Any:
    """Say yes, not now, or no with the reasons; the link is used up.

    A day from which you could host again is shown on your listings; a no pauses them.
    """
    return (await service.answer(session, token, body, speaks))[0]


@pages.get("/host_again/{token}", include_in_schema=False)
async def show_host_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show the question, with one button for yes and one short form for the rest."""
    asked, language = await service.look(session, token, speaks)
    day = local_day(asked["answer_by"], asked["zone"])
    return render_page("ask.html", language, folder=_PAGES, asked=asked, day=day)


@pages.post("/host_again/{token}", include_in_schema=False)
async def take_host_form(
    token: Token, speaks: Speaks, session: PublicSession, given: Annotated[HostAnswerForm, Form()]
) -> Response:
    """Take the answer of the page's form."""
    result, language = await service.answer(session, token, given, speaks)
    return render_page("answered.html", language, folder=_PAGES, result=result)


async def _shown(session: Session, actor: Actor, ask_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, ask_id)
    etag(response, found["version"])
    return found
