"""Contacts in JSON, as the school's staff see them."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from app.core.paging import ListParams
from app.core.schemas import In, Int, Out
from app.domain.connection import Offer
from app.domain.contact import EARLIEST_CLASS, ContactStanding, PartOfDay, Weekday

AlumnusOf = Annotated[UUID, Field(description="The school of the community that they graduated from.")]
GraduatedIn = Annotated[Int, Field(ge=EARLIEST_CLASS, le=2200, description="The year of their class.")]


class GraduationIn(In):
    """Where somebody graduated; null for both: nowhere here."""

    alumnus_of: AlumnusOf | None
    graduated_in: GraduatedIn | None


class AvailabilityOut(Out):
    """When a contact can be asked (the dates) and met (days of the week, times of the day); null and empty: any."""

    from_on: date | None
    until_on: date | None
    weekdays: list[Weekday]
    parts_of_day: list[PartOfDay]


class ContactOut(Out):
    """A suggested person. E-mail and telephone are shown to coordinators only; of a closed one nothing is left.

    What they offer, how often they may be asked in a month, when, and which schools may see them is their own
    choice: an empty `offers` narrows nothing, and `visible_school_ids` is null for every school.
    """

    id: UUID
    status: ContactStanding
    given_name: str | None
    family_name: str | None
    email: str | None
    phone: str | None
    job_title: str | None
    alumnus_of: UUID | None
    graduated_in: int | None
    locale: str
    employer_id: UUID | None
    employer_name: str | None
    school_id: UUID
    suggested_by_role: str
    invited_at: datetime | None
    answer_by: datetime | None
    offers: list[Offer]
    monthly_cap: int | None
    availability: AvailabilityOut | None
    visible_school_ids: list[UUID] | None
    created_at: datetime
    allowed_actions: list[str]


class ContactFilters(ListParams):
    """What the list of contacts can be narrowed by; newest first."""

    status: ContactStanding | None = None
    school_id: UUID | None = None
