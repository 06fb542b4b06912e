"""HTTP of an employer's own listings, for the half hour that a mailed code opens: as JSON and as pages."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Response
from fastapi import Path as InPath
from fastapi.responses import HTMLResponse, RedirectResponse

from app.access import IfMatch, PublicSession
from app.core.contract import refusals
from app.core.languages import Speaks
from app.core.pages import PageRoute, render_page
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.features.host_listings import service
from app.features.host_listings.schemas import (
    HostAction,
    HostActionForm,
    HostListingForm,
    HostListingOut,
    HostListingPatch,
    HostListingsOut,
    WhoIsComingOut,
)

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1/host_listings", tags=["host listings"], route_class=UnitRoute)
pages = APIRouter(tags=["host listings"], route_class=PageRoute, default_response_class=HTMLResponse)

Token = Annotated[str, InPath(max_length=100, description="From `POST /v1/listing_codes/{id}/open`.")]
_LOOK: dict[str, Any] = {"responses": refusals(404, 410, 422)}
_ACT: dict[str, Any] = {"responses": refusals(404, 409, 410, 422)}
_CHANGE: dict[str, Any] = {"responses": refusals(400, 404, 409, 410, 412, 413, 422, 428)}


@router.get("/{token}", response_model=HostListingsOut, **_LOOK)
async def list_host_listings(token: Token, session: PublicSession) -> Any:
    """Read your own listings. Looking changes nothing."""
    return await service.listings(session, token)


@router.get("/{token}/{opportunity_id}", response_model=HostListingOut, **_LOOK)
async def get_host_listing(
    token: Token, opportunity_id: UUID, response: Response, session: PublicSession
) -> Any:
    """Read one of your listings, whole, with what became of the latest change you asked for."""
    return _shown(response, await service.view(session, token, opportunity_id))


@router.get("/{token}/{opportunity_id}/coming", response_model=WhoIsComingOut, **_LOOK)
async def list_who_is_coming(token: Token, opportunity_id: UUID, session: PublicSession) -> Any:
    """Read who is coming: first names and last initials, never more; nobody of a listing that the school hid."""
    return await service.coming(session, token, opportunity_id)


@router.patch("/{token}/{opportunity_id}", response_model=HostListingOut, **_CHANGE)
async def update_host_listing(
    token: Token,
    opportunity_id: UUID,
    body: HostListingPatch,
    response: Response,
    session: PublicSession,
    version: IfMatch,
) -> Any:
    """Change one of your listings. Its dates and seats change at once; fields left out stay.

    What students and families read and chose a published listing by (its words, its pay, its ages) waits in `change`
    until a person of the school has looked.
    """
    changes = body.model_dump(exclude_unset=True)
    return _shown(response, await service.change(session, token, opportunity_id, changes, version))


@router.post("/{token}/{opportunity_id}/{action}", response_model=HostListingOut, **_ACT)
async def act_on_host_listing(
    token: Token, opportunity_id: UUID, action: HostAction, response: Response, session: PublicSession
) -> Any:
    """Confirm that a listing still holds, pause it, or show it again after a pause of your own."""
    return _shown(response, await service.act(session, token, opportunity_id, action))


def _shown(response: Response, found: dict[str, Any]) -> dict[str, Any]:
    etag(response, found["version"])
    return found


@pages.get("/host_listings/{token}", include_in_schema=False)
async def show_host_listings_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show the listings."""
    found = await service.listings(session, token)
    return render_page("listings.html", speaks, folder=_PAGES, found=found, token=token)


@pages.get("/host_listings/{token}/{opportunity_id}", include_in_schema=False)
async def show_host_listing_page(
    token: Token, opportunity_id: UUID, speaks: Speaks, session: PublicSession
) -> Response:
    """Show one listing, who is coming, and what can be done with it."""
    found = await service.view(session, token, opportunity_id)
    coming = await service.coming(session, token, opportunity_id)
    return render_page("listing.html", speaks, folder=_PAGES, it=found, coming=coming["items"], token=token)


@pages.post("/host_listings/{token}/{opportunity_id}", include_in_schema=False)
async def take_host_action_form(
    token: Token,
    opportunity_id: UUID,
    session: PublicSession,
    given: Annotated[HostActionForm, Form()],
) -> Response:
    """Take one of the page's buttons."""
    await service.act(session, token, opportunity_id, given.action)
    return RedirectResponse(f"/host_listings/{token}/{opportunity_id}", 303)


@pages.post("/host_listings/{token}/{opportunity_id}/details", include_in_schema=False)
async def take_host_listing_form(
    token: Token,
    opportunity_id: UUID,
    session: PublicSession,
    given: Annotated[HostListingForm, Form()],
) -> Response:
    """Take what the page's form says about the listing."""
    changes = given.model_dump(exclude={"version"})
    await service.change(session, token, opportunity_id, changes, given.version)
    return RedirectResponse(f"/host_listings/{token}/{opportunity_id}", 303)
