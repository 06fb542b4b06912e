"""The questionnaire of interests in JSON."""

from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import MOST_COUNTED, In, Int, Out
from app.domain.clusters import Cluster
from app.domain.riasec import QUESTIONNAIRE, SCALE, STATEMENTS, Interest
from app.features.student_profiles.schemas import RiasecOut


class StatementOut(Out):
    """One statement about oneself."""

    code: str
    text: Annotated[str, Field(description="In the language of Accept-Language.")]


class ChoiceOut(Out):
    """One place on the scale."""

    value: int
    text: Annotated[str, Field(description="In the language of Accept-Language.")]


class QuestionnaireOut(Out):
    """A questionnaire: every statement is answered with one place on the scale."""

    number: Annotated[int, Field(description="Send it back with the answers.")]
    statements: list[StatementOut]
    scale: list[ChoiceOut]


class AnswersIn(In):
    """A whole set of answers; they are scored and not kept."""

    number: Annotated[
        Int, Field(ge=1, le=MOST_COUNTED, description="The questionnaire's number.", examples=[QUESTIONNAIRE])
    ]
    answers: Annotated[
        dict[str, Annotated[Int, Field(ge=0, lt=len(SCALE))]],
        Field(
            max_length=len(STATEMENTS),
            description="A place on the scale for each statement, by its code.",
            examples=[{statement.code: 2 for statement in STATEMENTS}],
        ),
    ]


class SuggestionOut(Out):
    """A career cluster that the answers speak for, how much (0 to 100), and by which interests."""

    cluster: Cluster
    name: Annotated[str, Field(description="In the language of Accept-Language.")]
    fit: int
    because: list[Interest]


class ScoresOut(Out):
    """What the answers say. A prompt for exploring: nothing is ever hidden because of it."""

    student_id: UUID
    riasec: RiasecOut
    leans: Annotated[bool, Field(description="false: the answers differ too little to suggest anything.")]
    strongest_interests: list[Interest]
    suggestions: list[SuggestionOut]
    profile_version: Annotated[int, Field(description="The ETag that the student's profile has now.")]
