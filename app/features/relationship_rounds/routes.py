"""HTTP of relationship mapping rounds."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located, refusals
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.policy import Actor
from app.features.relationship_rounds import queries, service
from app.features.relationship_rounds.schemas import (
    Marks,
    MarksOut,
    Nominations,
    NominationsOut,
    RelationshipRoundFilters,
    RelationshipRoundIn,
    RelationshipRoundOut,
    ResultsOut,
)

router = APIRouter(prefix="/v1/relationship_rounds", tags=["relationship mapping"], route_class=UnitRoute)


@router.get(
    "",
    response_model=Page[RelationshipRoundOut],
    dependencies=[needs("relationship_round.read")],
    **LIST,
)
async def list_relationship_rounds(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[RelationshipRoundFilters, Query()],
) -> Response:
    """Page through relationship mapping rounds, latest first; students see those that ask about them."""
    keyset = queries.NEWEST
    rows = await queries.page(session, actor, filters, cursor_values(request, keyset, filters.cursor))
    return page_response(request, *finish_page(request, keyset, rows, filters.limit))


@router.post(
    "",
    response_model=RelationshipRoundOut,
    dependencies=[once("relationship_round.create")],
    **CREATE("get_relationship_round"),
)
async def create_relationship_round(
    body: RelationshipRoundIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Draft a round over a school, a grade or a team; it asks nobody anything before it is opened."""
    round_id = await service.create(session, actor, body)
    shown = await _shown(session, actor, round_id, response)
    return located(response, f"/v1/relationship_rounds/{round_id}", shown)


@router.get(
    "/{relationship_round_id}",
    response_model=RelationshipRoundOut,
    dependencies=[needs("relationship_round.read")],
    **READ,
)
async def get_relationship_round(
    relationship_round_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one round; its ETag is what marks and nominations send back in If-Match."""
    return await _shown(session, actor, relationship_round_id, response)


@router.post(
    "/{relationship_round_id}/open",
    response_model=RelationshipRoundOut,
    dependencies=[once("relationship_round.open")],
    **ACTION,
)
async def open_relationship_round(
    relationship_round_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Open a round: its students are written down now, and the school's adults and they are told."""
    await service.open_round(session, actor, relationship_round_id, version)
    return await _shown(session, actor, relationship_round_id, response)


@router.post(
    "/{relationship_round_id}/close",
    response_model=RelationshipRoundOut,
    dependencies=[once("relationship_round.close")],
    **ACTION,
)
async def close_relationship_round(
    relationship_round_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Close a round for good; only then is there anything to look at."""
    await service.close_round(session, actor, relationship_round_id, version)
    return await _shown(session, actor, relationship_round_id, response)


@router.put(
    "/{relationship_round_id}/marks",
    response_model=MarksOut,
    dependencies=[needs("relationship_round.mark")],
    **ACTION,
)
async def set_round_marks(
    relationship_round_id: UUID, body: Marks, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Mark the students with whom you have a trusting relationship: all of them, each time.

    Private: nobody else can ever read whom you marked, coordinators included. Your marks are erased 180 days after the close.
    """
    kept = await service.mark(session, actor, relationship_round_id, version, body.student_ids)
    return {"student_ids": kept}


@router.get(
    "/{relationship_round_id}/nominations",
    response_model=NominationsOut,
    dependencies=[needs("relationship_round.nominate")],
    responses=refusals(400, 401, 403, 404, 422),
)
async def list_round_nominations(relationship_round_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Read the adults of your school, and which of them you named."""
    return {"adults": await service.nominations(session, actor, relationship_round_id)}


@router.put(
    "/{relationship_round_id}/nominations",
    response_model=NominationsOut,
    dependencies=[needs("relationship_round.nominate")],
    **ACTION,
)
async def set_round_nominations(
    relationship_round_id: UUID, body: Nominations, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Name the adults you would turn to: all of them, each time. You may also name nobody.

    Confidential: no adult can ever read whom you named. What you named is erased 180 days after the close.
    """
    adults = await service.nominate(session, actor, relationship_round_id, version, body.adult_ids)
    return {"adults": adults}


@router.get(
    "/{relationship_round_id}/results",
    response_model=ResultsOut,
    dependencies=[needs("relationship_round.read_results")],
    responses=refusals(400, 401, 403, 404, 409, 422),
)
async def get_round_results(relationship_round_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Read what a closed round found: exactly the students without a mark or without a nomination, and the mismatches."""
    return await service.results(session, actor, relationship_round_id)


async def _shown(session: Session, actor: Actor, round_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, round_id)
    etag(response, found["version"])
    return found
