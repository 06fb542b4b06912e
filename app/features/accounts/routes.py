"""HTTP of logins and passwords."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Query, Request, Response

from app.access import CurrentActor, PublicSession, Session, needs, once
from app.core import clock
from app.core.contract import LIST, refusals
from app.core.errors import in_spanish
from app.core.pages import PageRoute, render_page
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.accounts import queries, service
from app.features.accounts.schemas import (
    PasswordChange,
    PasswordReset,
    PasswordSet,
    ResetAsked,
    ResetRequest,
    SessionFilters,
    SessionItem,
    SessionsEnded,
)

router = APIRouter(prefix="/v1", route_class=UnitRoute)
pages = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGES = Path(__file__).parent / "templates"
_DONE: dict[str, Any] = {"responses": refusals(400, 401, 403, 409, 413, 422)}


def gate_of(request: Request) -> service.Gate:
    """Return what passwords are compared with, for the address this request comes from."""
    state = request.app.state
    return service.Gate(state.passwords, state.backoff, request.client.host if request.client else "")


@router.get(
    "/sessions",
    response_model=Page[SessionItem],
    dependencies=[needs("session.read")],
    tags=["sessions"],
    **LIST,
)
async def list_sessions(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[SessionFilters, Query()]
) -> Response:
    """Page through my open logins, on every device and in every tenant, the latest first."""
    rows = await queries.page_of_sessions(
        session,
        actor.account_id,
        clock.now(),
        filters.limit,
        cursor_values(request, queries.LATEST, filters.cursor),
    )
    for row in rows:
        row["current"] = row["id"] == actor.session_id
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@router.post(
    "/sessions/logout",
    response_model=SessionsEnded,
    dependencies=[once("session.logout")],
    tags=["sessions"],
    **_DONE,
)
async def log_out(actor: CurrentActor, session: Session) -> Any:
    """End this login: its access and refresh tokens stop working at once."""
    return {"sessions_ended": await service.end_session(session, actor.session_id)}


@router.post(
    "/sessions/logout_everywhere",
    response_model=SessionsEnded,
    dependencies=[once("session.logout_everywhere")],
    tags=["sessions"],
    **_DONE,
)
async def log_out_everywhere(actor: CurrentActor, session: Session) -> Any:
    """End every login of mine, this one included, on every device and in every tenant."""
    return {"sessions_ended": await service.log_out_everywhere(session, actor)}


@router.post(
    "/passwords/change",
    response_model=SessionsEnded,
    dependencies=[once("password.change")],
    tags=["passwords"],
    **_DONE,
)
async def change_password(
    body: PasswordChange, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """Set a new password, knowing the old one. Every other login of mine ends; this one stays."""
    ended = await service.change_password(
        session, actor, gate_of(request), body.old_password, body.new_password
    )
    return {"sessions_ended": ended}


@router.post(
    "/passwords/request_reset",
    response_model=ResetAsked,
    status_code=202,
    tags=["passwords"],
    responses=refusals(400, 413, 422),
)
async def request_password_reset(body: ResetRequest, request: Request, session: PublicSession) -> Any:
    """Ask for a mail with a link to set a new password.

    The answer is the same whether anybody signs in with this address or not. Somebody who signs in with a username
    has no mailbox here and asks their school.
    """
    await service.request_reset(session.info["unit"], gate_of(request), body.login)
    return {"accepted": True}


@router.post(
    "/passwords/reset",
    response_model=PasswordSet,
    tags=["passwords"],
    responses=refusals(400, 404, 410, 413, 422),
)
async def reset_password(body: PasswordReset, request: Request, session: PublicSession) -> Any:
    """Set a new password by the link from a mail. The link works once; every login ends."""
    login = await service.reset_password(session.info["unit"], gate_of(request), body.token, body.password)
    return {"login": login}


@pages.get("/reset/{token}")
async def show_reset_page(token: str, request: Request, session: PublicSession) -> Response:
    """Show the form for a new password; looking uses nothing up."""
    account = await service.look_at_reset(session, token)
    return render_page("reset.html", _language(request), folder=PAGES, login=account.login)


@pages.post("/reset/{token}")
async def reset_on_page(
    token: str,
    request: Request,
    session: PublicSession,
    password: Annotated[str, Form(max_length=1000)],
    again: Annotated[str, Form(max_length=1000)],
) -> Response:
    """Set the new password from the form."""
    service.check_typed_twice(password, again)
    login = await service.reset_password(session.info["unit"], gate_of(request), token, password)
    return render_page("reset_done.html", _language(request), folder=PAGES, login=login)


def _language(request: Request) -> Any:
    return "es" if in_spanish(request) else "en"
