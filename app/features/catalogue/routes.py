"""HTTP of the catalogue: one list, a search for whoever looks and a register for those who keep it."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, CurrentUnit, ListRoute, needs
from app.core.contract import LIST
from app.core.languages import of_caller
from app.core.paging import cursor_values, finish_page, link_header, make_cursor
from app.features.catalogue import queries, service
from app.features.catalogue.schemas import CatalogueFilters, CataloguePage

router = APIRouter(prefix="/v1/opportunities", tags=["catalogue"], route_class=ListRoute)


@router.get("", response_model=CataloguePage, dependencies=[needs("opportunity.read")], **LIST)
async def list_opportunities(
    request: Request, actor: CurrentActor, unit: CurrentUnit, filters: Annotated[CatalogueFilters, Query()]
) -> Response:
    """Find what you may see in the catalogue, the best first. Send `next_cursor` back as `cursor` for the next page.

    Words are looked for in English and Spanish: those in a title count most, and among equals the newest comes first.
    Nothing is hidden from a student who may not take it yet: `barriers` say why, and from when on. Students who have
    said what they lean to find, while they browse, every fifth from outside of it, marked as a hidden gem.

    Those who keep the catalogue see drafts and all other states as well, the latest made first, unless they search.
    """
    if (register := service.as_register(actor, filters)) is not None:
        given, keyset = register
        after = cursor_values(request, keyset, filters.cursor)
        rows = await service.register(unit, actor, given, keyset, after, filters.limit + 1)
        kept, next_cursor = finish_page(request, keyset, rows, filters.limit)
        page = service.plain_page(kept)
    else:
        behind = cursor_values(request, queries.FOUND, filters.cursor)
        language = of_caller(request.headers.get("accept-language"), actor.locale)
        page, state = await service.page(
            unit, actor, filters, None if behind is None else behind[0], language
        )
        next_cursor = None if state is None else make_cursor(request, queries.FOUND, [state])
    return Response(
        orjson.dumps({**page, "next_cursor": next_cursor}, option=orjson.OPT_UTC_Z),
        media_type="application/json",
        headers=link_header(request, next_cursor),
    )
