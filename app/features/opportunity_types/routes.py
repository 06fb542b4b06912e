"""HTTP of kinds of opportunity: a community's own vocabulary, and every version of it."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located
from app.core.languages import Speaks
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import Clean, etag
from app.domain.policy import Actor
from app.features.opportunity_types import queries, service
from app.features.opportunity_types.schemas import (
    OpportunityTypeIn,
    OpportunityTypePatch,
    TypeReason,
    TypesOut,
    TypeVersionFilters,
    TypeVersionOut,
    TypeWithActions,
)

router = APIRouter(prefix="/v1/opportunity_types", tags=["opportunity types"], route_class=UnitRoute)

Code = Annotated[str, Path(max_length=60, description="The kind's code.", examples=["job_shadow"]), Clean]


@router.get("", response_model=TypesOut, dependencies=[needs("opportunity_type.read")], **LIST)
async def list_opportunity_types(speaks: Speaks, actor: CurrentActor, session: Session) -> Any:
    """List every kind of opportunity that this community knows, those in use first; all at once, as it is a vocabulary.

    The kind says how students take part (`workflow`), whether an agreement is signed, what must be cleared, from what
    age, and what a listing must say before students see it (`needs`). `name` follows Accept-Language.
    """
    return {"items": await service.show_all(session, actor, speaks)}


@router.post(
    "",
    response_model=TypeWithActions,
    dependencies=[once("opportunity_type.create")],
    **CREATE(),
)
async def create_opportunity_type(
    body: OpportunityTypeIn, speaks: Speaks, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Add a kind of the community's own; listings can have it at once."""
    code = await service.create(session, actor, body)
    return located(
        response, f"/v1/opportunity_types/{code}", await _shown(speaks, session, actor, code, response)
    )


@router.get("/{code}", response_model=TypeWithActions, dependencies=[needs("opportunity_type.read")], **READ)
async def get_opportunity_type(
    code: Code, speaks: Speaks, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one kind as it is now."""
    return await _shown(speaks, session, actor, code, response)


@router.get(
    "/{code}/versions",
    response_model=Page[TypeVersionOut],
    dependencies=[needs("opportunity_type.read")],
    **READ,
)
async def list_opportunity_type_versions(
    code: Code,
    request: Request,
    speaks: Speaks,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[TypeVersionFilters, Query()],
) -> Response:
    """Page through the versions of a kind, the latest first. None of them is ever changed."""
    after = cursor_values(request, queries.LATEST, filters.cursor)
    rows = await service.show_versions(session, actor, code, filters.limit, after, speaks)
    return page_response(request, *finish_page(request, queries.LATEST, rows, filters.limit))


@router.patch(
    "/{code}", response_model=TypeWithActions, dependencies=[needs("opportunity_type.update")], **ACTION
)
async def update_opportunity_type(
    code: Code,
    body: OpportunityTypePatch,
    speaks: Speaks,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Make the next version of a kind. Listings keep the version they were written under until they are published again."""
    await service.change(session, actor, code, body, version)
    return await _shown(speaks, session, actor, code, response)


@router.post(
    "/{code}/retire",
    response_model=TypeWithActions,
    dependencies=[once("opportunity_type.retire")],
    **ACTION,
)
async def retire_opportunity_type(
    code: Code,
    body: TypeReason,
    speaks: Speaks,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Offer a kind no longer, with the reason: no new listing can have it, and those that have it keep it."""
    await service.retire(session, actor, code, version, body.reason)
    return await _shown(speaks, session, actor, code, response)


@router.post(
    "/{code}/reinstate",
    response_model=TypeWithActions,
    dependencies=[once("opportunity_type.reinstate")],
    **ACTION,
)
async def reinstate_opportunity_type(
    code: Code,
    speaks: Speaks,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Offer a retired kind again, as it was."""
    await service.reinstate(session, actor, code, version)
    return await _shown(speaks, session, actor, code, response)


async def _shown(
    speaks: Speaks, session: Session, actor: Actor, code: str, response: Response
) -> dict[str, Any]:
    found = await service.show(session, actor, code, speaks)
    etag(response, found["number"])
    return found
