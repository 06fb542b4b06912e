"""Notifications in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import Out


class NotificationOut(Out):
    """One thing the caller should know; `text` says it in the caller's language."""

    id: UUID
    kind: Annotated[str, Field(description="Stable; branch on this, show `text`.")]
    text: str
    subject_type: Annotated[str, Field(description="The noun it is about, such as pursuit.")]
    subject_id: UUID
    needs_action: Annotated[bool, Field(description="The caller is asked to do something.")]
    event_id: UUID
    read_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class Marked(Out):
    """How many notifications were marked as read."""

    marked: int


class NotificationFilters(ListParams):
    """What the list of notifications can be narrowed by."""

    unread: Annotated[bool | None, Field(description="true: only those not read yet.")] = None
    needs_action: bool | None = None
    subject_id: UUID | None = None
