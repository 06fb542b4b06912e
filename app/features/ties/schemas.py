"""Ties in JSON."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Out
from app.domain.tie import TieEnd, TieEntryKind, TieEvidence, TieOrigin


class TieItem(Out):
    """A student and somebody else, as the ledger has it today."""

    id: UUID
    student_id: UUID
    origin: TieOrigin
    other_end: TieEnd
    described: Annotated[str, Field(description="Who that is, without a name, in the caller's language.")]
    name: Annotated[
        str | None,
        Field(
            description="The other end's name, once the student knows it: staff, a placement, an introduction."
            " Never that of a family's connection the student has not met."
        ),
    ]
    strength: Annotated[int, Field(description="0 to 100: how much happened that the school knows of.")]
    formed_on: date
    last_confirmed_on: date
    uses: Annotated[int, Field(description="How often it led the student somewhere.")]
    ended_on: date | None
    evidence: Annotated[list[TieEvidence], Field(description="What shows it; each kind once.")]
    created_at: datetime


class TieEntryOut(Out):
    """One entry of the ledger."""

    seq: int
    kind: TieEntryKind
    at: datetime
    evidence: TieEvidence


class TieOut(TieItem):
    """A tie with everything that happened to it, in order."""

    entries: list[TieEntryOut]


class TieFilters(ListParams):
    """What the list of ties can be narrowed by; all of them together must hold."""

    student_id: UUID | None = None
    origin: TieOrigin | None = None
    current: Annotated[bool | None, Field(description="true: only those that have not ended.")] = None
