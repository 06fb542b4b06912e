"""HTTP of the pool: what students want and nobody offers yet, and whether somebody knows one."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request

from app.access import CurrentActor, Session, needs
from app.core.contract import refusals
from app.core.languages import negotiate
from app.core.routing import UnitRoute
from app.features.pool import service
from app.features.pool.schemas import GapFilters, GapMapOut, ReachFilters, ReachMapOut

router = APIRouter(prefix="/v1/network", tags=["pool"], route_class=UnitRoute)
_ANSWERS: dict[str, Any] = {"status_code": 200, "responses": refusals(400, 401, 403, 404, 422)}


@router.get("/gaps", response_model=GapMapOut, dependencies=[needs("gap.read")], **_ANSWERS)
async def get_gap_map(
    request: Request, filters: Annotated[GapFilters, Query()], actor: CurrentActor, session: Session
) -> Any:
    """Read the gap map: fields that students of a school want, and how many households of the pool reach each.

    It is published once a week and does not move in between. A count is of at least three; below, it is null and its
    `fewer_than` is 3. Counts are rounded down to a multiple of three, and there are no totals, so that no
    smaller count can be worked out. Students and guardians read which fields are lacking, without counts: they are
    who can fill the gap. A district admin who names no school reads what the schools' maps add up to.
    """
    language = negotiate(request.headers.get("accept-language"))
    return await service.gap_map(session, actor, filters.school_id, language)


@router.get("/reach", response_model=ReachMapOut, dependencies=[needs("reach.read")], **_ANSWERS)
async def get_reach(
    request: Request, filters: Annotated[ReachFilters, Query()], actor: CurrentActor, session: Session
) -> Any:
    """Ask "does anyone at my school know one?", of one field (`?field=veterinarian`) or of the whole vocabulary.

    `yes` means that at least three households do; with two, one or none the answer is `not_known`, and nothing
    in it tells which. Answers are published together once a week, and none of them changes because of one family:
    a connection that was offered today shows in a later batch, or once others have been offered too.
    """
    language = negotiate(request.headers.get("accept-language"))
    return await service.reach_map(session, actor, filters.school_id, filters.field, language)
