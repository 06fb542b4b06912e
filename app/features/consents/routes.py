"""HTTP of consent: for people with a link and no account, as JSON and as plain pages."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse

from app.access import PublicSession
from app.core.contract import refusals
from app.core.languages import Language, Speaks
from app.core.pages import PageRoute, render_page
from app.core.routing import UnitRoute
from app.domain.local_time import local_day
from app.features.consents import service
from app.features.consents.schemas import (
    AnsweredOut,
    Choice,
    ChoicesIn,
    ChoicesOut,
    ConsentAnswer,
    ConsentOut,
    DetailsForm,
)
from app.features.consents.wording import choices_words
from app.features.links.schemas import Token

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1", tags=["consents"], route_class=UnitRoute)
pages = APIRouter(tags=["consents"], route_class=PageRoute, default_response_class=HTMLResponse)

_LOOK: dict[str, Any] = {"responses": refusals(404, 410, 422)}
_ANSWER: dict[str, Any] = {"responses": refusals(404, 409, 410, 422)}
_PAGE: dict[str, Any] = {"include_in_schema": False}


def _answered(request: Request, result: dict[str, Any]) -> dict[str, Any]:
    secret = result.pop("next_secret")
    base: str = request.app.state.settings.base_url
    return {**result, "next_link": None if secret is None else f"{base}/choices/{secret}"}


@router.get("/consents/{token}", response_model=ConsentOut, **_LOOK)
async def get_consent(token: Token, speaks: Speaks, session: PublicSession) -> Any:
    """Read what is asked of the person the link was sent to, and exactly what is held about them.

    Looking changes nothing and may be repeated; the link is used up by an answer.
    """
    return (await service.look(session, token, speaks))[0]


@router.post("/consents/{token}/{answer}", response_model=AnsweredOut, **_ANSWER)
async def answer_consent(
    token: Token, answer: ConsentAnswer, request: Request, speaks: Speaks, session: PublicSession
) -> Any:
    """Give the one answer. Everything but `accept` erases what is held; `never` also stops every later message."""
    key: bytes = request.app.state.hash_key
    result, _ = await service.answer(session, key, token, answer, speaks)
    return _answered(request, result)


@router.get("/contact_choices/{token}", response_model=ChoicesOut, **_LOOK)
async def get_contact_choices(token: Token, speaks: Speaks, session: PublicSession) -> Any:
    """Read where a person who said yes stands and what they may do. Looking changes nothing."""
    return (await service.look_at_choices(session, token, speaks))[0]


@router.post("/contact_choices/{token}/{choice}", response_model=AnsweredOut, **_ANSWER)
async def make_contact_choice(
    token: Token, choice: Choice, request: Request, speaks: Speaks, session: PublicSession
) -> Any:
    """Pause, resume, or leave for good. The link is used up; `next_link` is the next one, while there is a next."""
    key: bytes = request.app.state.hash_key
    result, _ = await service.choose(session, key, token, choice, speaks)
    return _answered(request, result)


@router.post(
    "/contact_choices/{token}", response_model=AnsweredOut, responses=refusals(400, 404, 409, 410, 413, 422)
)
async def set_contact_choices(
    token: Token, body: ChoicesIn, request: Request, speaks: Speaks, session: PublicSession
) -> Any:
    """Say what you offer, how often and when you may be asked, and which schools may see you, as a whole.

    The link is used up; `next_link` is the next one, which is also sent by mail.
    """
    result, _ = await service.set_choices(session, token, body.chosen(), speaks)
    return _answered(request, result)


@pages.get("/consent/{token}", **_PAGE)
async def show_consent_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show what is asked, with one button for each answer."""
    asked, language = await service.look(session, token, speaks)
    answer_by: datetime = asked["answer_by"]
    day = local_day(answer_by, asked["zone"])
    return render_page("consent.html", language, folder=_PAGES, asked=asked, day=day)


@pages.post("/consent/{token}", **_PAGE)
async def take_consent_form(
    token: Token,
    request: Request,
    speaks: Speaks,
    session: PublicSession,
    answer: Annotated[ConsentAnswer, Form()],
) -> Response:
    """Take the answer of the page's form."""
    key: bytes = request.app.state.hash_key
    result, language = await service.answer(session, key, token, answer, speaks)
    return _done(request, result, language)


@pages.get("/choices/{token}", **_PAGE)
async def show_choices_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show where a person who said yes stands, with one button for each choice."""
    found, language = await service.look_at_choices(session, token, speaks)
    return render_page(
        "choices.html", language, folder=_PAGES, found=found, token=token, **choices_words(language)
    )


@pages.post("/choices/{token}", **_PAGE)
async def take_choices_form(
    token: Token, request: Request, speaks: Speaks, session: PublicSession, answer: Annotated[Choice, Form()]
) -> Response:
    """Take the choice of the page's form."""
    key: bytes = request.app.state.hash_key
    result, language = await service.choose(session, key, token, answer, speaks)
    return _done(request, result, language)


@pages.post("/choices/{token}/details", **_PAGE)
async def take_details_form(
    token: Token,
    request: Request,
    speaks: Speaks,
    session: PublicSession,
    given: Annotated[DetailsForm, Form()],
) -> Response:
    """Take what the page's form says about offers, times and schools."""
    result, language = await service.set_choices(session, token, given.chosen(), speaks)
    return _done(request, result, language)


def _done(request: Request, result: dict[str, Any], language: Language) -> Response:
    return render_page("done.html", language, folder=_PAGES, result=_answered(request, result))
