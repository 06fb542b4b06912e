"""Dead letters in JSON: ids, actions and fault codes; nothing personal."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Note, Out


class DeadLetterOut(Out):
    """An event that could not be delivered; it holds back the later events of its own subject only."""

    subject_id: UUID
    subject_type: Annotated[str | None, Field(description="The noun, such as pursuit.")]
    event_id: UUID | None
    action: Annotated[str | None, Field(description="What happened and was not delivered.")]
    subject_seq: int
    attempts: int
    fault: Annotated[str | None, Field(description="The kind of fault; the service's log has the rest.")]
    dead_at: datetime
    held_back: Annotated[int, Field(description="Events of the subject that wait, this one included.")]


class Resolved(Out):
    """What became of a dead letter."""

    subject_id: UUID
    subject_seq: int
    resolution: Annotated[str, Field(description="replayed or skipped.")]


class Skip(In):
    """Why the event may stay undelivered."""

    reason: Note


class DeadLetterFilters(ListParams):
    """The list takes no filters of its own."""
