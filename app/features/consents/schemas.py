"""Consent and later choices in JSON, for the person themselves."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BeforeValidator, Field

from app.core.problems import FieldError, Unprocessable
from app.core.schemas import Day, In, Int, Out
from app.domain.connection import Offer
from app.domain.contact import LEAST_CAP, MOST_CAP, Availability, PartOfDay, Weekday
from app.features.contacts.schemas import AvailabilityOut


class ConsentAnswer(StrEnum):
    """What a suggested person may answer."""

    ACCEPT = "accept"
    DECLINE = "decline"
    NOT_ME = "not_me"
    NEVER = "never"
    ERASE = "erase"


class Choice(StrEnum):
    """What a person who said yes may do later."""

    PAUSE = "pause"
    RESUME = "resume"
    NEVER = "never"
    ERASE = "erase"


class ConsentState(StrEnum):
    """Where the person stands now."""

    INVITED = "invited"
    CONSENTED = "consented"
    PAUSED = "paused"
    ERASED = "erased"


class AvailabilityIn(In):
    """When you can be asked (the dates) and met (days of the week, times of the day); left out means any."""

    from_on: Day | None = None
    until_on: Day | None = None
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(default_factory=list)
    parts_of_day: Annotated[list[PartOfDay], Field(max_length=3)] = Field(default_factory=list)


class ChoicesIn(In):
    """What you choose, as a whole: what is left out is open again."""

    offers: Annotated[
        list[Offer], Field(min_length=1, max_length=6, description="What you may be asked for.")
    ]
    monthly_cap: Annotated[
        Int,
        Field(
            ge=LEAST_CAP, le=MOST_CAP, description="How often you may be asked in a month, by all together."
        ),
    ]
    availability: AvailabilityIn = Field(default_factory=AvailabilityIn)
    visible_school_ids: Annotated[
        list[UUID] | None,
        Field(
            min_length=1, max_length=500, description="The schools that may see you; left out: every school."
        ),
    ] = None

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as `contacts.service.choose` takes it."""
        when = self.availability
        return {
            "offers": self.offers,
            "monthly_cap": self.monthly_cap,
            "availability": Availability(
                when.from_on, when.until_on, tuple(when.weekdays), tuple(when.parts_of_day)
            ),
            "visible_school_ids": self.visible_school_ids,
        }


def _or_none(text: Any) -> Any:
    return text or None


FormDay = Annotated[Day | None, BeforeValidator(_or_none)]


class DetailsForm(In):
    """The page's form of the same; an empty day is left open."""

    offers: Annotated[list[Offer], Field(max_length=6)] = Field(default_factory=list)
    monthly_cap: Annotated[int, Field(ge=LEAST_CAP, le=MOST_CAP)]
    from_on: FormDay = None
    until_on: FormDay = None
    weekdays: Annotated[list[Weekday], Field(max_length=7)] = Field(default_factory=list)
    parts_of_day: Annotated[list[PartOfDay], Field(max_length=3)] = Field(default_factory=list)
    schools: Annotated[list[UUID | Literal["all"]], Field(max_length=501)] = Field(default_factory=list)

    def chosen(self) -> dict[str, Any]:
        """Return what was chosen, as `contacts.service.choose` takes it.

        Raises Unprocessable, in words for the page, when nothing is left to ask for: a page has no other way to say so.
        """
        if not self.offers or not self.schools:
            raise Unprocessable(
                "choose at least one thing to offer and one school; to stop, go back and take a break or leave",
                spanish="elija al menos una cosa que ofrecer y una escuela; para dejarlo, vuelva atrás y haga una "
                "pausa o salga",
                errors=[FieldError("nothing chosen", "missing", pointer="/offers")],
            )
        named = [school for school in self.schools if isinstance(school, UUID)]
        return {
            "offers": self.offers,
            "monthly_cap": self.monthly_cap,
            "availability": Availability(
                self.from_on, self.until_on, tuple(self.weekdays), tuple(self.parts_of_day)
            ),
            "visible_school_ids": None if "all" in self.schools else named,
        }


class HeldOut(Out):
    """One thing that is held about the person."""

    field: str
    label: str
    value: str


class ConsentOut(Out):
    """What is asked, and exactly what is held about the person who is asked."""

    status: ConsentState
    tenant_name: str
    school_name: str
    suggested_by: Annotated[str, Field(description="By role only; never a name.")]
    why: str
    held: list[HeldOut]
    answers: list[ConsentAnswer]
    answer_by: datetime


class SchoolOut(Out):
    """A school of the community, to choose."""

    id: UUID
    name: str


class ChoicesOut(Out):
    """Where a person who said yes stands, what is held about them, what they chose, and what they may do now.

    An empty `offers` narrows nothing yet, and `visible_school_ids` is null for every one of `schools`.
    """

    status: ConsentState
    tenant_name: str
    school_name: str
    held: list[HeldOut]
    offers: list[Offer]
    monthly_cap: int
    availability: AvailabilityOut
    visible_school_ids: list[UUID] | None
    schools: list[SchoolOut]
    answers: list[Choice]


class AnsweredOut(Out):
    """What came of an answer. A link works once: `next_link` is the one for the next choice, if there is any."""

    status: ConsentState
    message: str
    next_link: str | None
