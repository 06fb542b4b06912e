"""Merges in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out
from app.domain.duplicates.lives import DuplicateKind, MergeStatus
from app.domain.duplicates.merging import MergeField, Side


class MergeIn(In):
    """Which of the two stays, and what it takes from the other; fields left out stay those of the kept one."""

    keep: Side
    fields: Annotated[
        dict[MergeField, Side],
        Field(max_length=len(MergeField), examples=[{"name": "left", "phone": "right"}]),
    ] = Field(default_factory=dict)


class MergeUndo(In):
    """Why it was not right; kept with the decision."""

    reason: Note | None = None


class MergeOut(Out):
    """Two rows that were made one. `lost_id` stands for nothing now: it is answered 404 until the merge is undone."""

    id: UUID
    kind: DuplicateKind
    status: MergeStatus
    duplicate_id: UUID | None
    kept_id: UUID
    lost_id: UUID
    exchanged: Annotated[list[MergeField], Field(description="What the kept one took from the other.")]
    rows_moved: Annotated[int, Field(description="Connections, listings, worksites, placements and people.")]
    created_at: datetime
    undone_at: datetime | None
    version: int
    allowed_actions: list[str]


class MergeFilters(ListParams):
    """What the list of merges can be narrowed by; newest first."""

    kind: DuplicateKind | None = None
    status: MergeStatus | None = None
