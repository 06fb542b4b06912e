"""HTTP of suggestions: as somebody types."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, CurrentUnit, ListRoute, needs
from app.core.contract import refusals
from app.core.languages import of_caller
from app.features.suggestions import service
from app.features.suggestions.schemas import SuggestionFilters, SuggestionsOut

router = APIRouter(prefix="/v1/suggestions", tags=["suggestions"], route_class=ListRoute)


@router.get(
    "",
    response_model=SuggestionsOut,
    dependencies=[needs("opportunity.read")],
    status_code=200,
    responses=refusals(401, 403, 422),
)
async def list_suggestions(
    request: Request, actor: CurrentActor, unit: CurrentUnit, filters: Annotated[SuggestionFilters, Query()]
) -> Response:
    """Suggest what may be meant while somebody types: titles, employers, career clusters, skills and tags.

    Only what a listing says that the caller may see now. English and Spanish words are both understood, with or without
    accents, and up to two wrong letters; `mended` then says how it was read. Ask again with every letter.
    """
    language = of_caller(request.headers.get("accept-language"), actor.locale)
    found = await service.suggest(unit, actor, filters, language)
    return Response(orjson.dumps(found), media_type="application/json")
