"""Asking and scoring the questionnaire of interests; the scores go into the student's profile, the answers nowhere."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.core.problems import Conflict
from app.domain.clusters import CLUSTERS
from app.domain.policy import Actor
from app.domain.riasec import QUESTIONNAIRE, SCALE, STATEMENTS, leans, letters, score, suggestions
from app.features.questionnaires.schemas import AnswersIn
from app.features.student_profiles import service as student_profiles


def view(language: str) -> dict[str, Any]:
    """Return the questionnaire in `en` or `es`."""
    return {
        "number": QUESTIONNAIRE,
        "statements": [
            {"code": statement.code, "text": statement.words.in_language(language)}
            for statement in STATEMENTS
        ],
        "scale": [{"value": value, "text": names.in_language(language)} for value, names in enumerate(SCALE)],
    }


async def answer(session: AsyncSession, actor: Actor, body: AnswersIn, language: str) -> dict[str, Any]:
    """Score the caller's answers, keep the scores in their profile, and say what they speak for."""
    if body.number != QUESTIONNAIRE:
        raise Conflict(
            "the statements have changed since; read the questionnaire again and answer that one",
            spanish="las frases cambiaron; lee el cuestionario de nuevo y responde ese",
            code="other_questionnaire",
        )
    scores = score(body.answers)
    student_id, version = await student_profiles.keep_scores(session, actor, scores)
    return {
        "student_id": student_id,
        "riasec": scores,
        "leans": leans(scores),
        "strongest_interests": list(letters(scores)),
        "suggestions": [
            {
                "cluster": found.cluster,
                "name": CLUSTERS[found.cluster].in_language(language),
                "fit": found.fit,
                "because": list(found.because),
            }
            for found in suggestions(scores)
        ],
        "profile_version": version,
    }
