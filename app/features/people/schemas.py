"""People in JSON."""

from datetime import date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AfterValidator, EmailStr, Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Clean, Day, In, Line, Note, Out
from app.domain.policy import Role
from app.features.schools.schemas import Life

Locale = Literal["en", "es"]
EMail = Annotated[EmailStr, Field(max_length=254)]
Phone = Annotated[Line, Field(max_length=40)]
Grade = Annotated[Line, Field(max_length=20)]
Grades = Annotated[list[Grade], Field(max_length=10, description="Grade codes, such as 11 or KG.")]


def _plausible(day: date | None) -> date | None:
    if day is not None and not 1900 <= day.year <= 2200:  # noqa: PLR2004 - nobody here was born before 1900
        raise ValueError("give the year of birth with four digits")
    return day


Birth = Annotated[Day | None, AfterValidator(_plausible)]


class PersonIn(In):
    """A new person and the first role; more roles are added at POST /v1/memberships."""

    given_name: Line
    family_name: Line
    email: EMail | None = None
    phone: Phone | None = None
    locale: Locale = "en"
    born_on: Birth = None
    grades: Grades = Field(default_factory=list)
    role: Annotated[Role, Field(description="student, guardian, advisor, coordinator: at a school.")]
    school_id: UUID | None = None
    employer_id: Annotated[UUID | None, Field(description="Of a supervisor.")] = None


class PersonPatch(In):
    """Changes to a person; what is left out stays as it is."""

    given_name: Line | None = None
    family_name: Line | None = None
    email: EMail | None = None
    phone: Phone | None = None
    locale: Locale | None = None
    born_on: Birth = None
    grades: Grades | None = None
    reason: Annotated[Note | None, Field(description="Why; kept with the change.")] = None

    @model_validator(mode="after")
    def not_null(self) -> Self:
        """Refuse null where a person must have a value."""
        for name in ("given_name", "family_name", "locale", "grades"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"give {name} a value, or leave it out to keep the present one")
        return self


class PersonOut(Out):
    """A person as the caller may see them: what is not for the caller's eyes is null.

    E-mail and phone: the person, guardians, coordinators, integrations. Birth date: the person, guardians,
    coordinators. Ids of the SIS: coordinators and integrations.
    """

    id: UUID
    given_name: str
    family_name: str
    roles: Annotated[list[Role], Field(description="Roles held now, at any organisation.")]
    school_ids: Annotated[list[UUID], Field(description="Schools of those roles.")]
    grades: list[str]
    locale: Locale
    email: str | None
    phone: str | None
    born_on: date | None
    sourced_id: str | None
    sourced_username: str | None
    ended_at: datetime | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class PersonFilters(ListParams):
    """What the list of people can be narrowed by; role and school hold for one and the same membership."""

    q: Annotated[
        Annotated[str, Field(max_length=200), Clean] | None, Field(description="A part of the name.")
    ] = None
    role: Role | None = None
    school_id: UUID | None = None
    status: Life | None = None
