"""HTTP of codes for employers without an account, as JSON and as pages."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import PublicSession
from app.core.contract import refusals
from app.core.languages import Speaks
from app.core.pages import PageRoute, render_page
from app.core.routing import UnitRoute
from app.domain.codes import Names
from app.domain.listing_code import CODE_LIFE, network_of
from app.features.listing_codes import service
from app.features.listing_codes.schemas import CodeIn, ListingCodeAskedOut, ListingCodeIn, OpenedOut

_PAGES = Path(__file__).parent / "pages"
_MINUTES = int(CODE_LIFE.total_seconds()) // 60
_ASKED = Names(
    "If we know this address, a code is on its way to it. Look into your mail.",
    "Si conocemos esta dirección, le llegará un código. Revise su correo.",
)

router = APIRouter(prefix="/v1/listing_codes", tags=["host listings"], route_class=UnitRoute)
pages = APIRouter(tags=["host listings"], route_class=PageRoute, default_response_class=HTMLResponse)


def _gate(request: Request) -> service.Gate:
    state = request.app.state
    return service.Gate(
        state.backoff, state.hash_key, network_of(request.client.host if request.client else "")
    )


async def _open(request: Request, session: PublicSession, door_id: UUID, code: str) -> dict[str, Any]:
    base: str = request.app.state.settings.base_url
    opened = await service.open_listings(session, request.app.state.database, _gate(request), door_id, code)
    return {
        "open_until": opened.open_until,
        "communities": [
            {"tenant_name": name, "token": token, "link": f"{base}/host_listings/{token}"}
            for name, token in opened.communities
        ],
    }


@router.post("", response_model=ListingCodeAskedOut, status_code=202, responses=refusals(400, 413, 422, 429))
async def request_listing_code(
    body: ListingCodeIn, request: Request, speaks: Speaks, session: PublicSession
) -> Any:
    """Ask for a code by mail that opens an employer's own listings for half an hour, without an account.

    The answer is the same, after the same time, whether anybody has this address here or not.
    """
    door_id = await service.request(session.info["unit"], _gate(request), body.email, speaks)
    return {"accepted": True, "id": door_id, "valid_minutes": _MINUTES, "message": _ASKED.in_language(speaks)}


@router.post("/{listing_code_id}/open", response_model=OpenedOut, responses=refusals(400, 403, 410, 413, 422))
async def open_host_listings(
    listing_code_id: UUID, body: CodeIn, request: Request, session: PublicSession
) -> Any:
    """Open the listings with the code. It works once; after five wrong ones a new code has to be asked for."""
    return await _open(request, session, listing_code_id, body.code)


@pages.get("/my_listings", include_in_schema=False)
async def show_listing_code_page(speaks: Speaks) -> Response:
    """Show the form for the address."""
    return render_page("ask.html", speaks, folder=_PAGES)


@pages.post("/my_listings", include_in_schema=False)
async def take_listing_code_form(
    request: Request, speaks: Speaks, session: PublicSession, given: Annotated[ListingCodeIn, Form()]
) -> Response:
    """Take the address, and show the form for the code."""
    door_id = await service.request(session.info["unit"], _gate(request), given.email, speaks)
    return render_page("code.html", speaks, folder=_PAGES, door_id=door_id, told=_ASKED.in_language(speaks))


@pages.get("/my_listings/{listing_code_id}", include_in_schema=False)
async def show_code_page(listing_code_id: UUID, speaks: Speaks) -> Response:
    """Show the form for the code; looking uses nothing up."""
    return render_page("code.html", speaks, folder=_PAGES, door_id=listing_code_id, told=None)


@pages.post("/my_listings/{listing_code_id}", include_in_schema=False)
async def take_code_form(
    listing_code_id: UUID,
    request: Request,
    speaks: Speaks,
    session: PublicSession,
    given: Annotated[CodeIn, Form()],
) -> Response:
    """Take the code, and go to the listings."""
    opened = await _open(request, session, listing_code_id, given.code)
    if len(opened["communities"]) == 1:
        return RedirectResponse(f"/host_listings/{opened['communities'][0]['token']}", 303)
    return render_page("opened.html", speaks, folder=_PAGES, opened=opened)
