"""HTTP of outreach: campaigns for those who keep them, questions for the families who are asked."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access import CurrentActor, IfMatch, Session, needs, once
from app.core.contract import ACTION, CREATE, LIST, READ, located, refusals
from app.core.errors import in_spanish
from app.core.idempotency import Reservation
from app.core.paging import Page, cursor_values, finish_page, page_response
from app.core.routing import UnitRoute
from app.core.schemas import etag
from app.domain.outreach import OutreachAction as A
from app.domain.policy import Actor
from app.features.family_asks import service as family_asks
from app.features.outreach import queries, service
from app.features.outreach.schemas import (
    OutreachAnsweredOut,
    OutreachAnswersIn,
    OutreachCampaignFilters,
    OutreachCampaignIn,
    OutreachCampaignItem,
    OutreachCampaignOut,
    OutreachCampaignPatch,
    OutreachCodesOut,
    OutreachQuestionsOut,
    OutreachReason,
)

router = APIRouter(prefix="/v1/outreach_campaigns", tags=["outreach"], route_class=UnitRoute)
questions = APIRouter(prefix="/v1/outreach", tags=["outreach"], route_class=UnitRoute)

_THANKS = {
    "en": "Thank you. Your answers were counted; nothing says that they are yours.",
    "es": "Gracias. Sus respuestas se contaron; nada indica que son suyas.",
}


@router.get(
    "", response_model=Page[OutreachCampaignItem], dependencies=[needs("outreach_campaign.read")], **LIST
)
async def list_outreach_campaigns(
    request: Request,
    actor: CurrentActor,
    session: Session,
    filters: Annotated[OutreachCampaignFilters, Query()],
) -> Response:
    """Page through the outreach campaigns of the caller's schools, newest first."""
    rows = await queries.page(session, actor, filters, cursor_values(request, queries.NEWEST, filters.cursor))
    return page_response(request, *finish_page(request, queries.NEWEST, rows, filters.limit))


@router.post(
    "",
    response_model=OutreachCampaignOut,
    dependencies=[once("outreach_campaign.create")],
    **CREATE("get_outreach_campaign", "campaign_id"),
)
async def create_outreach_campaign(
    body: OutreachCampaignIn, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Draft a campaign: "who do we know?", in the school's own words. Nobody is asked before it is opened."""
    campaign_id = await service.create(session, actor, body)
    return located(
        response,
        f"/v1/outreach_campaigns/{campaign_id}",
        await _shown(session, actor, campaign_id, response),
    )


@router.get(
    "/{campaign_id}",
    response_model=OutreachCampaignOut,
    dependencies=[needs("outreach_campaign.read")],
    **READ,
)
async def get_outreach_campaign(
    campaign_id: UUID, response: Response, actor: CurrentActor, session: Session
) -> Any:
    """Read one campaign with what came of it so far: counts of families from 3 up, never who."""
    return await _shown(session, actor, campaign_id, response)


@router.patch(
    "/{campaign_id}",
    response_model=OutreachCampaignOut,
    dependencies=[needs("outreach_campaign.update")],
    **ACTION,
)
async def update_outreach_campaign(
    campaign_id: UUID,
    body: OutreachCampaignPatch,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Change a draft. Fields left out stay as they are."""
    await service.change(session, actor, campaign_id, body, version)
    return await _shown(session, actor, campaign_id, response)


@router.post(
    "/{campaign_id}/open",
    response_model=OutreachCampaignOut,
    dependencies=[once("outreach_campaign.open")],
    **ACTION,
)
async def open_outreach_campaign(
    campaign_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Let a campaign begin on its first day.

    A share of the school's families is asked every day until a week before the last one, each of them once, and none
    that any school here has asked this month. What a family is asked depends on what the pool lacks and what others
    said yes to, never on anything about the family.
    """
    await service.act(session, actor, A.OPEN, campaign_id, version)
    return await _shown(session, actor, campaign_id, response)


@router.post(
    "/{campaign_id}/close",
    response_model=OutreachCampaignOut,
    dependencies=[once("outreach_campaign.close")],
    **ACTION,
)
async def close_outreach_campaign(
    campaign_id: UUID, response: Response, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """End a campaign before its last day: nobody else is asked, and its questions can no longer be answered."""
    await service.act(session, actor, A.CLOSE, campaign_id, version)
    return await _shown(session, actor, campaign_id, response)


@router.post(
    "/{campaign_id}/cancel",
    response_model=OutreachCampaignOut,
    dependencies=[once("outreach_campaign.cancel")],
    **ACTION,
)
async def cancel_outreach_campaign(
    campaign_id: UUID,
    body: OutreachReason,
    response: Response,
    actor: CurrentActor,
    session: Session,
    version: IfMatch,
) -> Any:
    """Give a campaign up, with the reason: as closing it, and the record says that it should not have been."""
    await service.act(session, actor, A.CANCEL, campaign_id, version, body.reason)
    return await _shown(session, actor, campaign_id, response)


@router.post(
    "/{campaign_id}/print_codes",
    response_model=OutreachCodesOut,
    dependencies=[once("outreach_campaign.print_codes")],
    **ACTION,
)
async def print_codes_of_outreach_campaign(
    campaign_id: UUID, request: Request, actor: CurrentActor, session: Session, version: IfMatch
) -> Any:
    """Ask the families whom neither mail nor the service reaches: a printed code for one guardian of each.

    Up to 200 at once; print again for the next ones. A family that was asked this month is left out. The codes are shown
    in this answer only, and null in a repeat of it: print them now.
    """
    reservation: Reservation = request.state.reservation
    reservation.tell_once("code")
    return {"items": await service.print_codes(session, actor, campaign_id, version)}


@questions.get(
    "/questions",
    response_model=OutreachQuestionsOut,
    dependencies=[needs("outreach_question.read")],
    responses=refusals(400, 401, 403, 422),
)
async def get_outreach_questions(request: Request, actor: CurrentActor, session: Session) -> Any:
    """Read what the caller's family is asked now, if anything: three questions of one school's campaign.

    Looking leaves no trace, and neither does not answering: nothing tells a family that saw the questions and passed
    them over from one that never looked.
    """
    assert actor.person_id is not None  # noqa: S101 - the policy gives this to people only
    _leave_no_name(request)
    found = await family_asks.asked(session, actor.tenant_id, actor.person_id)
    return {
        "school_name": None if found is None else found.school_name,
        "title": None if found is None else found.title,
        "message": None if found is None else found.message,
        "closes_on": None if found is None else found.closes_on,
        "questions": []
        if found is None
        else service.told(found.clusters, "es" if in_spanish(request) else "en"),
    }


@questions.post(
    "/answers",
    response_model=OutreachAnsweredOut,
    dependencies=[once("outreach_question.answer")],
    **CREATE(status=200),
)
async def answer_outreach_questions(
    body: OutreachAnswersIn, request: Request, actor: CurrentActor, session: Session
) -> Any:
    """Answer the family's questions, once for the whole family.

    A yes raises a count and is then nobody's. Whoever knows somebody offers the connection at
    `POST /v1/connections`; it is a connection like any other, and nothing ties it to the question.
    """
    assert actor.person_id is not None  # noqa: S101 - the policy gives this to people only
    _leave_no_name(request)
    await service.answer(session, actor.tenant_id, actor.person_id, body.answers)
    return {"message": _THANKS["es" if in_spanish(request) else "en"]}


def _leave_no_name(request: Request) -> None:
    # The log of requests names accounts; whoever looks at a question would leave their name there, and a skip a trace.
    request.state.account_id = None


async def _shown(session: Session, actor: Actor, campaign_id: UUID, response: Response) -> dict[str, Any]:
    found = await service.view(session, actor, campaign_id)
    etag(response, found["version"])
    return found
