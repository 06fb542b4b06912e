"""HTTP of households."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, LIST, READ
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.households import queries, service
from app.features.households.schemas import HouseholdFilters, HouseholdOut, Rejoin, Split

router = APIRouter(prefix="/v1/households", tags=["households"], route_class=UnitRoute)


@router.get("", response_model=Page[HouseholdOut], dependencies=[needs("household.read")], **LIST)
async def list_households(
    request: Request, actor: CurrentActor, session: Session, filters: Annotated[HouseholdFilters, Query()]
) -> Response:
    """Page through the households with a member at a school of the caller's, the latest first.

    A household is everybody whom guardian links join; somebody without such a link counts alone and is not listed.
    """
    keyset = queries.NEWEST
    rows = await service.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.get("/{household_id}", response_model=HouseholdOut, dependencies=[needs("household.read")], **READ)
async def get_household(household_id: UUID, response: Response, actor: CurrentActor, session: Session) -> Any:
    """Read one household and who is in it."""
    return await _shown(session, actor, household_id, response)


@router.post(
    "/{household_id}/split", response_model=HouseholdOut, dependencies=[once("household.split")], **ACTION
)
async def split_household(
    household_id: UUID,
    body: Split,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Let some members count as a household of their own: parents who live apart, say. Answers the new household.

    They stay there whatever the guardian links say, until it is rejoined. What a guardian may see does not change.
    """
    new_id = await service.split(session, actor, household_id, body.person_ids, body.reason, version)
    return await _shown(session, actor, new_id, response)


@router.post(
    "/{household_id}/rejoin",
    response_model=HouseholdOut,
    dependencies=[once("household.rejoin")],
    **ACTION,
)
async def rejoin_household(
    household_id: UUID,
    body: Rejoin,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Undo a split. Answers the household where its members are now."""
    home_id = await service.rejoin(session, actor, household_id, body.reason, version)
    return await _shown(session, actor, home_id, response)


async def _shown(session: Session, actor: Actor, household_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, household_id)
    etag(response, found["version"])
    return found
