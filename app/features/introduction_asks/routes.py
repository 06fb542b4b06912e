"""HTTP of asking along a path: for people with a link and no account, and for contributors who are signed in."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.access import CurrentActor, IfMatch, PublicSession, Session, needs, once
from app.core import clock
from app.core.contract import ACTION, LIST, READ, refusals
from app.core.languages import Language, Speaks, negotiate
from app.core.pages import PageRoute, render_page
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.introduction_hop import HopAnswer
from app.domain.local_time import local_day
from app.domain.policy import Actor
from app.features.introduction_asks import queries, service
from app.features.introduction_asks.schemas import (
    AskAnsweredOut,
    AskOut,
    IntroductionHopFilters,
    IntroductionHopOut,
)
from app.features.links.schemas import Token

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1", tags=["introductions"], route_class=UnitRoute)
pages = APIRouter(tags=["introductions"], route_class=PageRoute, default_response_class=HTMLResponse)

_LOOK: dict[str, Any] = {"responses": refusals(404, 410, 422)}
_ANSWER: dict[str, Any] = {"responses": refusals(404, 409, 410, 422)}
_PAGE: dict[str, Any] = {"include_in_schema": False}


def _reads(request: Request, actor: Actor) -> Language:
    asked = request.headers.get("accept-language")
    return negotiate(asked or actor.locale)


@router.get(
    "/introduction_hops",
    response_model=Page[IntroductionHopOut],
    dependencies=[needs("introduction_hop.read")],
    **LIST,
)
async def list_introduction_hops(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[IntroductionHopFilters, Query()],
) -> Response:
    """Page through what the caller was asked on the way of introductions, newest first."""
    after = cursor_values(request, queries.NEWEST, filters.cursor)
    found = await queries.page(session, actor, filters, after, clock.now())
    language = _reads(request, actor)
    rows = [service.shown(asked, language) for asked in found]
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.get(
    "/introduction_hops/{introduction_hop_id}",
    response_model=IntroductionHopOut,
    dependencies=[needs("introduction_hop.read")],
    **READ,
)
async def get_introduction_hop(
    introduction_hop_id: UUID, request: Request, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one thing the caller was asked, such as whether somebody they suggested may be asked to meet a student."""
    return await _shown(request, session, actor, introduction_hop_id, response)


@router.post(
    "/introduction_hops/{introduction_hop_id}/agree",
    response_model=IntroductionHopOut,
    dependencies=[once("introduction_hop.answer")],
    **ACTION,
)
async def agree_to_introduction_hop(
    introduction_hop_id: UUID,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say yes: the person you suggested is asked at once, and does not learn of you before they agree too."""
    await service.answer_signed_in(session, actor, introduction_hop_id, version, HopAnswer.YES)
    return await _shown(request, session, actor, introduction_hop_id, response)


@router.post(
    "/introduction_hops/{introduction_hop_id}/decline",
    response_model=IntroductionHopOut,
    dependencies=[once("introduction_hop.answer")],
    **ACTION,
)
async def decline_introduction_hop(
    introduction_hop_id: UUID,
    request: Request,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say no. It is told to nobody, needs no reason, and cannot be told from no answer."""
    await service.answer_signed_in(session, actor, introduction_hop_id, version, HopAnswer.NO)
    return await _shown(request, session, actor, introduction_hop_id, response)


@router.get("/introduction_asks/{token}", response_model=AskOut, **_LOOK)
async def get_introduction_ask(token: Token, speaks: Speaks, session: PublicSession) -> Any:
    """Read what is asked of the person the link was sent to. It names nobody.

    Looking changes nothing and may be repeated; the link is used up by an answer.
    """
    return (await service.look(session, token, speaks))[0]


@router.post("/introduction_asks/{token}/{answer}", response_model=AskAnsweredOut, **_ANSWER)
async def answer_introduction_ask(
    token: Token, answer: HopAnswer, speaks: Speaks, session: PublicSession
) -> Any:
    """Give the one answer. A no is told to nobody; the last yes of all brings the two together."""
    return (await service.answer(session, token, answer, speaks))[0]


@pages.get("/introduction/{token}", **_PAGE)
async def show_introduction_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show what is asked, with one button for each answer."""
    asked, language = await service.look(session, token, speaks)
    answer_by: datetime = asked["answer_by"]
    day = local_day(answer_by, asked["zone"])
    return render_page("ask.html", language, folder=_PAGES, asked=asked, day=day)


@pages.post("/introduction/{token}", **_PAGE)
async def take_introduction_form(
    token: Token, speaks: Speaks, session: PublicSession, answer: Annotated[HopAnswer, Form()]
) -> Response:
    """Take the answer of the page's form."""
    result, language = await service.answer(session, token, answer, speaks)
    return render_page("answered.html", language, folder=_PAGES, result=result)


async def _shown(
    request: Request, session: Session, actor: Actor, hop_id: UUID, response: Response
) -> dict[str, Any]:
    found = await service.view(session, actor, hop_id, _reads(request, actor))
    etag(response, found["version"])
    return found
