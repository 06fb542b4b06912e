"""HTTP of invitations, and the page that a mailed invitation opens."""

from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request, Response

from app.access import CurrentActor, PublicSession, Session, once
from app.core import clock
from app.core.contract import CREATE, refusals
from app.core.errors import in_spanish
from app.core.idempotency import Reservation
from app.core.pages import PageRoute, render_page
from app.core.problems import Unauthorized
from app.core.routing import UnitRoute
from app.core.tokens import AccessClaims, InvalidToken
from app.domain.account import InvitationOutcome
from app.features.accounts import service as accounts
from app.features.invitations import service
from app.features.invitations.schemas import (
    InvitationAccept,
    InvitationAccepted,
    InvitationShown,
    InvitationsIn,
    InvitationsOut,
)

router = APIRouter(prefix="/v1/invitations", tags=["invitations"], route_class=UnitRoute)
pages = APIRouter(route_class=PageRoute, include_in_schema=False)

PAGES = Path(__file__).parent / "templates"


@router.post(
    "", response_model=InvitationsOut, dependencies=[once("invitation.create")], **CREATE(status=201)
)
async def create_invitations(
    body: InvitationsIn, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """Invite up to 500 people by mail, or print a code and a username for each.

    Everybody asked for is in the answer, with what became of it. Codes are for students and guardians; a district
    administrator may also print them for advisors, coordinators and supervisors. They are shown in this answer only,
    and null in a repeat of it: print them now. Inviting somebody again closes their earlier invitation.

    Somebody who has a username already gets a code for a new password (`new_password`): it goes to
    `POST /v1/passwords/reset`, or is typed behind `/reset/`.
    """
    reservation: Reservation = request.state.reservation
    reservation.tell_once("code")
    items = await service.invite(session, actor, body.person_ids, body.way)
    return {
        "invited": sum(item["outcome"] is InvitationOutcome.INVITED for item in items),
        "items": items,
    }


@router.get("/{token}", response_model=InvitationShown, responses=refusals(404, 409, 410, 422))
async def show_invitation(token: str, session: PublicSession) -> Any:
    """Read an invitation by the secret of its link or by its printed code; looking uses nothing up."""
    return await service.show(session.info["unit"], token)


@router.post(
    "/{token}/accept",
    response_model=InvitationAccepted,
    responses=refusals(400, 401, 404, 409, 410, 413, 422),
)
async def accept_invitation(
    token: str, body: InvitationAccept, request: Request, session: PublicSession
) -> Any:
    """Accept an invitation: choose a password (and a username where none is proposed), then sign in.

    Somebody who has an account already sends its access token and an empty object instead; the account then belongs to
    this tenant too. The link works once.
    """
    unit = session.info["unit"]
    claims = _claims(request)
    if claims is not None:
        return await service.accept_signed_in(unit, token, claims)
    return await service.accept(unit, request.app.state.passwords, token, body.password, body.username)


@pages.get("/invitation/{token}")
async def show_invitation_page(token: str, request: Request, session: PublicSession) -> Response:
    """Show the form that accepts an invitation; looking uses nothing up."""
    shown = await service.show(session.info["unit"], token)
    return render_page("invitation.html", _language(request), folder=PAGES, **shown)


@pages.post("/invitation/{token}")
async def accept_on_page(
    token: str,
    request: Request,
    session: PublicSession,
    password: Annotated[str, Form(max_length=1000)],
    again: Annotated[str, Form(max_length=1000)],
    username: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Accept an invitation from the form."""
    accounts.check_typed_twice(password, again)
    made = await service.accept(
        session.info["unit"], request.app.state.passwords, token, password, username.strip() or None
    )
    return render_page("invitation_done.html", _language(request), folder=PAGES, login=made["login"])


def _claims(request: Request) -> AccessClaims | None:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer":
        return None
    try:
        claims: AccessClaims = request.app.state.tokens.read(token.strip(), clock.now())
    except InvalidToken as error:
        raise Unauthorized(
            "sign in again to accept with your account, or leave the access token out and choose a password",
            spanish="vuelva a iniciar sesión para aceptar con su cuenta, o quite el token y elija una contraseña",
            headers={"WWW-Authenticate": 'Bearer realm="kithwork"'},
        ) from error
    return claims


def _language(request: Request) -> Any:
    return "es" if in_spanish(request) else "en"
