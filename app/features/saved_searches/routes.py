"""HTTP of saved searches, and of the link by which their mails stop."""

from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Form, Query, Request, Response
from fastapi.responses import HTMLResponse

from app.access import CurrentActor, IfMatch, PublicSession, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, LIST_OF, READ, located, refusals
from app.core.languages import Speaks
from app.core.pages import PageRoute, render_page
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.domain.saved_search import SavedSearchAction as A
from app.features.links.schemas import Token
from app.features.saved_searches import queries, service
from app.features.saved_searches.schemas import (
    SavedSearchFilters,
    SavedSearchHitFilters,
    SavedSearchHitOut,
    SavedSearchIn,
    SavedSearchMailOut,
    SavedSearchMailsStop,
    SavedSearchOut,
    SavedSearchPatch,
)
from app.features.search_digests import service as digests

_PAGES = Path(__file__).parent / "pages"

router = APIRouter(prefix="/v1/saved_searches", tags=["saved_searches"], route_class=UnitRoute)
links = APIRouter(prefix="/v1/saved_search_mails", tags=["saved_searches"], route_class=UnitRoute)
pages = APIRouter(tags=["saved_searches"], route_class=PageRoute, default_response_class=HTMLResponse)

_PAGE: dict[str, Any] = {"include_in_schema": False}


@router.get("", response_model=Page[SavedSearchOut], dependencies=[needs("saved_search.read")], **LIST)
async def list_saved_searches(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[SavedSearchFilters, Query()]
) -> Response:
    """Page through your own saved searches, the newest first. Nobody else reads them."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=SavedSearchOut,
    dependencies=[once("saved_search.create")],
    **CREATE("get_saved_search"),
)
async def create_saved_search(
    body: SavedSearchIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Save what you look for: the same filters as the catalogue's. What is published from now on is told, once.

    You hear of it by a notification, and by mail where you have a mailbox and want it: once a day or on Mondays, at
    seven by the community's clocks, and only when there is something new.
    """
    search_id = await service.create(session, actor, body)
    return located(
        response, f"/v1/saved_searches/{search_id}", await _shown(session, actor, search_id, response)
    )


@router.get(
    "/{saved_search_id}", response_model=SavedSearchOut, dependencies=[needs("saved_search.read")], **READ
)
async def get_saved_search(
    saved_search_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one saved search, with its filters as the catalogue takes them."""
    return await _shown(session, actor, saved_search_id, response)


@router.get(
    "/{saved_search_id}/hits",
    response_model=Page[SavedSearchHitOut],
    dependencies=[needs("saved_search.read")],
    **LIST_OF,
)
async def list_saved_search_hits(
    saved_search_id: UUID,
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[SavedSearchHitFilters, Query()],
) -> Response:
    """Page through what a saved search has told you, the latest first, as far as you may see it now."""
    keyset = queries.LATEST_TOLD
    after = cursor_values(request, keyset, filters.cursor)
    await service.view(session, actor, saved_search_id)
    rows = await queries.hits(session, actor, saved_search_id, filters, after)
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.patch(
    "/{saved_search_id}", response_model=SavedSearchOut, dependencies=[needs("saved_search.update")], **ACTION
)
async def update_saved_search(
    saved_search_id: UUID,
    body: SavedSearchPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change a saved search. `filters` are replaced as a whole, and what is published from then on is news."""
    await service.change(session, actor, saved_search_id, body, version)
    return await _shown(session, actor, saved_search_id, response)


@router.delete(
    "/{saved_search_id}",
    status_code=204,
    dependencies=[needs("saved_search.delete")],
    responses=refusals(401, 403, 404, 422),
)
async def delete_saved_search(saved_search_id: UUID, actor: CurrentActor, session: Session) -> None:
    """Delete a saved search, and what it told; no more mail comes of it."""
    await service.remove(session, actor, saved_search_id)


@router.post(
    "/{saved_search_id}/pause",
    response_model=SavedSearchOut,
    dependencies=[once("saved_search.pause")],
    **ACTION,
)
async def pause_saved_search(
    saved_search_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Pause a saved search: nothing is told until it is resumed."""
    await service.act(session, actor, A.PAUSE, saved_search_id, version)
    return await _shown(session, actor, saved_search_id, response)


@router.post(
    "/{saved_search_id}/resume",
    response_model=SavedSearchOut,
    dependencies=[once("saved_search.resume")],
    **ACTION,
)
async def resume_saved_search(
    saved_search_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Resume a saved search; the next digest tells what it missed, of the last month."""
    await service.act(session, actor, A.RESUME, saved_search_id, version)
    return await _shown(session, actor, saved_search_id, response)


@links.get("/{token}", response_model=SavedSearchMailOut, responses=refusals(404, 410, 422))
async def get_saved_search_mail(token: Token, session: PublicSession) -> Any:
    """Read which saved search the link of a mail is about. Looking changes nothing."""
    _, search = await digests.look(session, token)
    return {"name": search.name or "", "digest": search.digest, "by_mail": search.by_mail}


@links.post("/{token}/stop", response_model=SavedSearchMailOut, responses=refusals(400, 404, 410, 413, 422))
async def stop_saved_search_mails(token: Token, body: SavedSearchMailsStop, session: PublicSession) -> Any:
    """Stop the mails of this saved search, or of all of its owner's. Notifications in the service go on."""
    search = await digests.stop_mails(session, token, every=body.every)
    return {"name": search.name or "", "digest": search.digest, "by_mail": search.by_mail}


@pages.get("/saved_search/{token}", **_PAGE)
async def show_saved_search_page(token: Token, speaks: Speaks, session: PublicSession) -> Response:
    """Show what would stop, with one button for it."""
    _, search = await digests.look(session, token)
    return render_page("stop.html", speaks, folder=_PAGES, name=search.name or "")


@pages.post("/saved_search/{token}", **_PAGE)
async def take_saved_search_form(
    token: Token, speaks: Speaks, session: PublicSession, every: Annotated[bool, Form()] = False
) -> Response:
    """Take the tap: the page's own button, or a mail program's (RFC 8058 sends `List-Unsubscribe=One-Click`)."""
    search = await digests.stop_mails(session, token, every=every)
    return render_page("stopped.html", speaks, folder=_PAGES, name=search.name or "", every=every)


async def _shown(session: Session, actor: Actor, search_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, search_id)
    etag(response, found["version"])
    return found
