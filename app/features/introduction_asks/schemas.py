"""Asks on the way of an introduction in JSON, for those who are asked."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Out
from app.domain.introduction_hop import HopAnswer, HopKind


class AskOut(Out):
    """What is asked of the holder of a link. It names nobody: neither the student nor anybody else on the way."""

    kind: HopKind
    tenant_name: str
    school_name: str
    who: Annotated[str, Field(description="Who would like to meet somebody, by role only.")]
    field: str
    field_name: str
    wording: Annotated[str, Field(description="The school's words for what the student would like.")]
    through: Annotated[str, Field(description="Why the reader is asked; it names nobody.")]
    answers: list[HopAnswer]
    answer_by: datetime


class MetOut(Out):
    """Who meets whom: told to everyone at the same moment, after the last yes."""

    student_name: str
    school_name: str
    school_contact: str


class AskAnsweredOut(Out):
    """What came of an answer; `meeting` only when it was the last yes."""

    answer: HopAnswer
    message: str
    meeting: MetOut | None


class IntroductionHopOut(Out):
    """One ask of the caller; what became of it is told to nobody but by a meeting."""

    id: UUID
    tenant_name: str
    school_name: str
    who: str
    field: str
    field_name: str
    wording: str | None
    through: str
    answer_by: datetime | None
    answered_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class IntroductionHopFilters(ListParams):
    """What the list of asks can be narrowed by; newest first."""

    open: Annotated[bool | None, Field(description="true: those that can still be answered.")] = None
