"""HTTP of the question whether listings still hold: for people with a link and no account, as JSON and as a page."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse

from app.access import PublicSession
from app.core.contract import refusals
from app.core.languages import Speaks
from app.core.pages import PageRoute, render_page
from app.core.routing import UnitRoute
from app.domain.freshness import ListingAnswer
from app.domain.local_time import local_day
from app.features.links.schemas import Token
from app.features.reconfirmations import service
from app.features.reconfirmations.schemas import (
    ReconfirmationForm,
    ReconfirmationIn,
    ReconfirmationOut,
    ReconfirmedOut,
)

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1", tags=["freshness"], route_class=UnitRoute)
pages = APIRouter(tags=["freshness"], route_class=PageRoute, default_response_class=HTMLResponse)


@router.get("/reconfirmations/{token}", response_model=ReconfirmationOut, responses=refusals(404, 410, 422))
async def get_reconfirmation(token: Token, speaks: Speaks, session: PublicSession) -> Any:
    """Read which listings are asked about. Looking changes nothing and may be repeated."""
    return (await service.look(session, token, speaks))[0]


@router.post(
    "/reconfirmations/{token}",
    response_model=ReconfirmedOut,
    responses=refusals(400, 404, 409, 410, 413, 422),
)
async def answer_reconfirmation(
    token: Token, body: ReconfirmationIn, speaks: Speaks, session: PublicSession
) -> Any:
    """Say which listings still hold; without `answers`, all of them do. The link is used up.

    What silence paused is shown again by `confirm`. A listing that is left out stays as it is.
    """
    answers = None if body.answers is None else {each.opportunity_id: each.answer for each in body.answers}
    return (await service.answer(session, token, answers, speaks))[0]


@pages.get("/reconfirm/{token}", include_in_schema=False)
async def show_reconfirmation_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show the listings, with one button that says that all of them hold."""
    asked, language = await service.look(session, token, speaks)
    day = local_day(asked["answer_by"], asked["zone"])
    return render_page("ask.html", language, folder=_PAGES, asked=asked, day=day)


@pages.post("/reconfirm/{token}", include_in_schema=False)
async def take_reconfirmation_form(
    token: Token, speaks: Speaks, session: PublicSession, given: Annotated[ReconfirmationForm, Form()]
) -> Response:
    """Take the answer of the page's form."""
    asked, _ = await service.look(session, token, speaks)
    answers = None
    if given.answer == "chosen":
        answers = {
            listing["opportunity_id"]: ListingAnswer.ARCHIVE
            if listing["opportunity_id"] in given.over
            else ListingAnswer.CONFIRM
            if listing["opportunity_id"] in given.holds
            else ListingAnswer.PAUSE
            for listing in asked["listings"]
            if listing["open"]
        }
    result, language = await service.answer(session, token, answers, speaks)
    return render_page("answered.html", language, folder=_PAGES, result=result)
