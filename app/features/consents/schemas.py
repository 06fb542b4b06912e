"""Consent and later choices in JSON, for the person themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.core.schemas import Out


class ConsentAnswer(StrEnum):
    """What a suggested person may answer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    NOT_ME = "not_me"
    NEVER = "never"
    ERASE = "erase"


class Choice(StrEnum):
    """What a person who said yes may do later."""

    PAUSE = "pause"
    RESUME = "resume"
    NEVER = "never"
    ERASE = "erase"


class ConsentState(StrEnum):
    """Where the person stands now."""

    INVITED = "invited"
    CONSENTED = "consented"
    PAUSED = "paused"
    ERASED = "erased"


class HeldOut(Out):
    """One thing that is held about the person."""

    field: str
    label: str
    value: str


class ConsentOut(Out):
    """What is asked, and exactly what is held about the person who is asked."""

    status: ConsentState
    tenant_name: str
    school_name: str
    suggested_by: Annotated[str, Field(description="By role only; never a name.")]
    why: str
    held: list[HeldOut]
    answers: list[ConsentAnswer]
    answer_by: datetime


class ChoicesOut(Out):
    """Where a person who said yes stands, what is held about them, and what they may do now."""

    status: ConsentState
    tenant_name: str
    school_name: str
    held: list[HeldOut]
    answers: list[Choice]


class AnsweredOut(Out):
    """What came of an answer. A link works once: `next_link` is the one for the next choice, if there is any."""

    status: ConsentState
    message: str
    next_link: str | None
