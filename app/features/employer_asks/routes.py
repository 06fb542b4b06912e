"""HTTP of asks to employers, and of who speaks with them."""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, READ
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.features.employer_asks import service
from app.features.employer_asks.schemas import AskIn, BudgetOut, OwnerIn
from app.features.employers import service as employers
from app.features.employers.schemas import EmployerOut

router = APIRouter(prefix="/v1/employers", tags=["employers"], route_class=UnitRoute)


@router.get(
    "/{employer_id}/budget", response_model=BudgetOut, dependencies=[needs("employer.read_budget")], **READ
)
async def get_employer_budget(employer_id: UUID, actor: CurrentActor, session: Session) -> Any:
    """Read how often an employer was asked this month by all schools together, and how often it may be yet."""
    return await service.budget(session, actor, employer_id)


@router.post("/{employer_id}/asks", response_model=BudgetOut, dependencies=[once("employer.ask")], **CREATE())
async def ask_employer(employer_id: UUID, body: AskIn, actor: CurrentActor, session: Session) -> Any:
    """Book an ask before you call or write to an employer; the answer is its budget after that.

    Where the employer has an owner, only they may (and district administrators); 409 when the month is used up.
    """
    return await service.ask(session, actor, employer_id, body.school_id)


@router.put(
    "/{employer_id}/owner", response_model=EmployerOut, dependencies=[needs("employer.assign")], **ACTION
)
async def assign_employer(
    employer_id: UUID,
    body: OwnerIn,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Say who speaks with an employer: one member of staff for all schools, or with null nobody."""
    await service.assign(session, actor, employer_id, body.person_id, version)
    found = await employers.view(session, actor, employer_id)
    etag(response, found["version"])
    return found
