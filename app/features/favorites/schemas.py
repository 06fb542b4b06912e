"""Favorites in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Out


class FavoriteIn(In):
    """A wish."""

    opportunity_id: UUID


class FavoriteOut(Out):
    """A wish; `title` and `employer_name` are null while the opportunity is not in the caller's catalogue."""

    id: UUID
    student_id: UUID
    opportunity_id: UUID
    title: str | None
    employer_name: str | None
    created_at: datetime
    allowed_actions: list[str]


class FavoriteFilters(ListParams):
    """What the list of favorites can be narrowed by."""

    student_id: Annotated[UUID | None, Field(description="One student's wishes.")] = None
