"""Guardian links in JSON."""

from datetime import date, datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Bool, Day, In, Note, Out
from app.domain.family import Relationship
from app.features.schools.schemas import Life


class GuardianLinkIn(In):
    """A new link between a guardian and a student, with the guardian's rights."""

    student_id: UUID
    guardian_id: UUID
    relationship: Relationship = Relationship.GUARDIAN
    may_see: Annotated[Bool, Field(description="Sees the child's pursuits and placements.")] = True
    may_sign: Annotated[Bool, Field(description="Consents and signs for the child.")] = True
    no_contact: Annotated[Bool, Field(description="A court forbids contact: sees and is told nothing.")] = (
        False
    )
    until_on: Annotated[Day | None, Field(description="The last day of these rights.")] = None
    reason: Note | None = None


class GuardianLinkPatch(In):
    """Changes to a guardian's rights; what is left out stays as it is."""

    relationship: Relationship | None = None
    may_see: Bool | None = None
    may_sign: Bool | None = None
    no_contact: Bool | None = None
    until_on: Day | None = None
    reason: Annotated[Note | None, Field(description="Why; kept with the change.")] = None

    @model_validator(mode="after")
    def not_null(self) -> Self:
        """Refuse null where a right must be given or not."""
        for name in ("relationship", "may_see", "may_sign", "no_contact"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"give {name} a value, or leave it out to keep the present one")
        return self


class GuardianLinkOut(Out):
    """Who stands for which student, and with which rights."""

    id: UUID
    student_id: UUID
    guardian_id: UUID
    relationship: Relationship
    may_see: bool
    may_sign: bool
    no_contact: bool
    until_on: date | None
    source: Annotated[str, Field(description="roster, or staff: set by hand.")]
    ended_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class GuardianLinkFilters(ListParams):
    """What the list of guardian links can be narrowed by."""

    student_id: UUID | None = None
    guardian_id: UUID | None = None
    status: Life | None = None
