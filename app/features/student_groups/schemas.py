"""Groups of students in JSON."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Line, Out

_NAME = Field(
    description="Everyone reads it in the rule of a reserve: a name by which no student on the list is labelled."
)
StudentIds = Annotated[list[UUID], Field(max_length=500, description="Students of the school; each once.")]


class StudentGroupIn(In):
    """A new group: a list of students of one school, so that seats can be kept for them."""

    school_id: UUID
    name: Annotated[Line, _NAME]
    student_ids: StudentIds = Field(default_factory=list)


class StudentGroupPatch(In):
    """Changes to a group; what is left out stays as it is, and a list that is given replaces the present one."""

    name: Annotated[Line | None, _NAME] = None
    student_ids: StudentIds | None = None


class GroupStudent(Out):
    """Who is on the list."""

    id: UUID
    given_name: str
    family_name: str


class StudentGroupItem(Out):
    """A group in a list."""

    id: UUID
    school_id: UUID
    name: str
    students_count: int
    ended_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class StudentGroupOut(StudentGroupItem):
    """A group, with the students on its list."""

    students: list[GroupStudent]


class StudentGroupFilters(ListParams):
    """What the list of groups can be narrowed by."""

    school_id: UUID | None = None
