"""Pairs that may be one, in JSON, as the school's staff see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out
from app.domain.duplicates.lives import DuplicateKind, DuplicateStatus, ScanStatus
from app.domain.duplicates.reasons import Reason


class DuplicatePlaceOut(Out):
    """Where one of the two is."""

    street: str | None
    city: str | None
    postal_code: str | None


class DuplicateSideOut(Out):
    """One of the two: an employer has a name and places, a contact a given and a family name and an employer.

    E-mail and telephone of contacts are shown to coordinators only.
    """

    id: UUID
    status: Annotated[str, Field(description="Of the employer, or of the contact as staff see it.")]
    name: str | None
    naics: str | None
    website: str | None
    places: list[DuplicatePlaceOut]
    given_name: str | None
    family_name: str | None
    email: str | None
    phone: str | None
    job_title: str | None
    employer_id: UUID | None
    employer_name: str | None
    school_id: UUID | None
    connections: Annotated[int, Field(description="How many connections lead there.")]


class DuplicateOut(Out):
    """Two employers, or two contacts, that may be one: how sure that is, from 0 to 1, and why."""

    id: UUID
    kind: DuplicateKind
    status: DuplicateStatus
    score: float
    reasons: list[Reason]
    left: DuplicateSideOut
    right: DuplicateSideOut
    created_at: datetime
    version: int
    allowed_actions: list[str]


class DuplicateFilters(ListParams):
    """What the list of pairs can be narrowed by; the surest first."""

    kind: DuplicateKind | None = None
    status: Annotated[
        DuplicateStatus | None, Field(description="Left out: those that wait for a decision.")
    ] = None


class DuplicateReason(In):
    """How one knows; kept with the decision."""

    reason: Note


class DuplicateScanOut(Out):
    """A search for duplicates through everything; the counts are there when it is done."""

    id: UUID
    status: ScanStatus
    employers: int | None
    contacts: int | None
    suggested: Annotated[int | None, Field(description="Pairs that were not known before.")]
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    version: int
    allowed_actions: list[str]
