"""Events in JSON: the audit trail."""

from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field

from app.core.paging import ListParams
from app.core.schemas import Clean, Instant, Out


class EventActor(Out):
    """Who did it: an account (a person or a machine client), the holder of a link, or the service itself.

    Staff are named; of others only what the caller may see anyway.
    """

    kind: Literal["account", "link", "system"]
    person_id: UUID | None
    name: str | None


class EventOut(Out):
    """What happened. `changed` names fields and never holds their values; `facts` are values that are not personal."""

    id: UUID
    at: AwareDatetime
    action: Annotated[str, Field(description="noun.verb, such as pursuit.approve.")]
    subject_type: str
    subject_id: UUID
    subject_seq: Annotated[int, Field(description="1, 2, 3 ... within the subject, without gaps.")]
    actor: EventActor
    reason: Annotated[
        str | None,
        Field(
            description="Why, in the words of whoever did it; null for a machine client without `roster.read`."
        ),
    ]
    changed: list[str]
    facts: dict[str, Any]
    request_id: str | None


class EventSort(StrEnum):
    """The orders of the audit trail."""

    NEWEST = "-at"
    OLDEST = "at"


Word = Annotated[str, Field(max_length=60), Clean] | None


class EventFilters(ListParams):
    """What the audit trail can be narrowed by."""

    subject_type: Word = None
    subject_id: UUID | None = None
    action: Word = None
    since: Annotated[Instant | None, Field(description="From this instant on.")] = None
    sort: EventSort = EventSort.NEWEST
