"""Asks to employers, and who speaks with them, in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.schemas import In, Out
from app.domain.budget import AskKind


class OwnerIn(In):
    """Who speaks with an employer from now on."""

    person_id: Annotated[
        UUID | None,
        Field(description="An advisor, coordinator or administrator of this community; null: nobody."),
    ]


class AskIn(In):
    """A call or a letter that is about to be made."""

    school_id: Annotated[
        UUID | None,
        Field(description="The school it is for; left out: your only one, or the whole community."),
    ] = None


class AskOut(Out):
    """One time that somebody of the staff asked the employer."""

    id: UUID
    kind: AskKind
    school_id: UUID | None
    asked_by_id: UUID | None
    asked_at: datetime


class BudgetOut(Out):
    """How often an employer may be asked this month, by all schools together, and who speaks with it."""

    employer_id: UUID
    month: Annotated[date, Field(description="The first day of the month, in the community's time zone.")]
    cap: int
    used: int
    left: int
    reopens_on: Annotated[
        date | None,
        Field(
            description="From when it may be asked again; null while something is left, or for a cap of 0."
        ),
    ]
    owner_id: UUID | None
    owner_name: str | None
    asks: Annotated[
        list[AskOut],
        Field(
            description="The staff's asks of this month, the oldest first. What the service asks by itself, to invite or to "
            "introduce somebody, counts as used and is not listed."
        ),
    ]
