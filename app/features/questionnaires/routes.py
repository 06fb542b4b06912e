"""HTTP of the questionnaire of interests."""

from typing import Any

from fastapi import APIRouter

from app.access import CurrentActor, Session, needs, once
from app.core.contract import CREATE, refusals
from app.core.languages import Speaks
from app.core.routing import UnitRoute
from app.features.questionnaires import service
from app.features.questionnaires.schemas import AnswersIn, QuestionnaireOut, ScoresOut

router = APIRouter(prefix="/v1/questionnaires/interests", tags=["questionnaires"], route_class=UnitRoute)


@router.get(
    "",
    response_model=QuestionnaireOut,
    dependencies=[needs("questionnaire.read")],
    status_code=200,
    responses=refusals(401, 403, 422),
)
async def get_questionnaire(speaks: Speaks) -> Any:
    """Read the 24 statements and the scale, in English or Spanish by Accept-Language."""
    return service.view(speaks)


@router.post(
    "/answers",
    response_model=ScoresOut,
    dependencies=[once("questionnaire.answer")],
    **CREATE(status=200),
)
async def answer_questionnaire(body: AnswersIn, speaks: Speaks, actor: CurrentActor, session: Session) -> Any:
    """Answer all statements, as often as you like: six scores are kept in your profile, the answers are not.

    The suggestions are a place to start exploring. Nothing in the catalogue is hidden because of them.
    """
    return await service.answer(session, actor, body, speaks)
