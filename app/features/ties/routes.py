"""HTTP of ties: what the ledger says of a student and the people around them."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, Session, needs
from app.core.contract import LIST, refusals
from app.core.errors import in_spanish
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.features.ties import queries, service
from app.features.ties.schemas import TieFilters, TieItem, TieOut

router = APIRouter(prefix="/v1/ties", tags=["ties"], route_class=UnitRoute)


@router.get("", response_model=Page[TieItem], dependencies=[needs("tie.read")], **LIST)
async def list_ties(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[TieFilters, Query()]
) -> Response:
    """Page through ties, latest first: students read their own, adults those of the students they look after.

    A tie has the other end's name once the student knows it; a connection of the family that the student has not met is told without one.
    """
    keyset = queries.NEWEST
    after = cursor_values(request, keyset, filters.cursor)
    rows = await service.page(session, actor, filters, after, _language(request))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.get(
    "/{tie_id}",
    response_model=TieOut,
    dependencies=[needs("tie.read")],
    responses=refusals(400, 401, 403, 404, 422),
)
async def get_tie(tie_id: UUID, request: Request, actor: CurrentActor, session: Session) -> Any:
    """Read one tie with everything that happened to it."""
    return await service.view(session, actor, tie_id, _language(request))


def _language(request: Request) -> str:
    return "es" if in_spanish(request) else "en"
