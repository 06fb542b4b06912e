"""Outreach campaigns, their questions and the answers, in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Day, In, Int, Line, Note, Out
from app.domain.clusters import Cluster
from app.domain.outreach import QUESTIONS, OutreachAnswer, OutreachStatus

K = Annotated[
    Int,
    Field(
        ge=1,
        le=100,
        description="The aim is 2k households in the pool for each cluster; beyond it, asking promises nothing.",
    ),
]
_DEFAULT_K = 5


class OutreachCampaignIn(In):
    """A new campaign; it starts as a draft, and nobody is asked before it is opened."""

    school_id: Annotated[UUID, Field(description="The school whose families are asked.")]
    title: Line
    message: Annotated[
        Note, Field(description="The school's own words, in the letter and on the page above the questions.")
    ]
    k: K = _DEFAULT_K
    opens_on: Annotated[Day, Field(description="The first day on which families are asked.")]
    closes_on: Annotated[Day, Field(description="The last day on which they may answer.")]


class OutreachCampaignPatch(In):
    """Changes to a draft; what is left out stays as it is."""

    title: Line | None = None
    message: Note | None = None
    k: K | None = None
    opens_on: Day | None = None
    closes_on: Day | None = None


class OutreachReason(In):
    """Why; kept with the decision."""

    reason: Note


class OutreachResult(Out):
    """How the question about one cluster went; a number below 3 families is null, and so is none at all."""

    cluster: Cluster
    asked: int | None
    yes: int | None


class OutreachCampaignItem(Out):
    """A campaign in a list."""

    id: UUID
    status: OutreachStatus
    school_id: UUID
    school_name: str
    title: str
    message: str
    k: int
    opens_on: date
    closes_on: date
    families_asked: Annotated[int | None, Field(description="null below 3.")]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class OutreachCampaignOut(OutreachCampaignItem):
    """A campaign with what came of it: about everybody together, never about a family."""

    results: list[OutreachResult]


class OutreachCampaignFilters(ListParams):
    """What the list of campaigns can be narrowed by; newest first."""

    status: OutreachStatus | None = None
    school_id: UUID | None = None


class OutreachCodeOut(Out):
    """A code for one guardian, to be typed behind `/contribute/`; shown in this answer only, null in a repeat of it."""

    person_id: UUID
    code: str | None
    expires_at: datetime


class OutreachCodesOut(Out):
    """The codes of one print run, one a family; an empty list when nobody is left."""

    items: list[OutreachCodeOut]


class OutreachQuestionOut(Out):
    """One question, in the language of Accept-Language; `examples` are a few occupations."""

    cluster: Cluster
    question: str
    examples: str


class OutreachQuestionsOut(Out):
    """What the caller's family is asked now: nothing, or three questions of one school."""

    school_name: str | None
    title: str | None
    message: str | None
    closes_on: date | None
    questions: list[OutreachQuestionOut]


class OutreachAnswerIn(In):
    """The answer to one question."""

    cluster: Cluster
    answer: OutreachAnswer


class OutreachAnswersIn(In):
    """The family's answers, given once; a question left out is not answered, and that is all right."""

    answers: Annotated[list[OutreachAnswerIn], Field(min_length=1, max_length=QUESTIONS)]


class OutreachAnsweredOut(Out):
    """What came of the answers: they were counted, and belong to nobody any more."""

    message: str
