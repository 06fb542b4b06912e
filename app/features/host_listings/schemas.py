"""An employer's own listings in JSON, for the half hour that a mailed code opens."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BeforeValidator, Field, model_validator

from app.core.schemas import Day, In, Int, Out
from app.domain.listing_change import ListingChangeStatus
from app.domain.opportunity import ConfirmedBy, OpportunityStatus, Pay
from app.features.opportunities.schemas import PublicLine, PublicNote, PublicOptionalLine, PublicText

Seats = Annotated[Int, Field(ge=1, le=10_000)]
Age = Annotated[Int, Field(ge=5, le=99)]
Cents = Annotated[Int, Field(ge=0, le=100_000)]


class HostAction(StrEnum):
    """What an employer may do with its listing, beside changing it."""

    CONFIRM = "confirm"
    PAUSE = "pause"
    RESUME = "resume"


class WaitingChangeOut(Out):
    """What was asked for and a person of the school looks at, or what they decided."""

    status: ListingChangeStatus
    wanted: dict[str, Any]
    decision: str | None


class HostListingItem(Out):
    """One of the employer's own listings."""

    id: UUID
    status: OpportunityStatus
    title: str
    employer_name: str
    school_name: str | None
    seats: int
    seats_free: int
    starts_on: date | None
    ends_on: date | None
    apply_by: date | None
    confirmed_at: datetime | None
    confirmed_by: ConfirmedBy | None
    version: int
    allowed_actions: list[str]


class HostListingOut(HostListingItem):
    """One of the employer's own listings, whole, with the latest change that was asked for."""

    description: str
    schedule: str | None
    dress_code: str | None
    deliverable: str | None
    minimum_age: int | None
    pay: Pay
    pay_cents_per_hour: int | None
    next_available_on: date | None
    change: WaitingChangeOut | None


class HostListingsOut(Out):
    """What the code opened in one community."""

    tenant_name: str
    open_until: datetime
    items: list[HostListingItem]


class HostListingPatch(In):
    """What an employer may change; what is left out stays. A published listing's words, pay and age wait for the school."""

    title: PublicLine | None = None
    description: PublicText | None = None
    schedule: PublicOptionalLine | None = None
    dress_code: PublicOptionalLine | None = None
    deliverable: PublicNote | None = None
    seats: Seats | None = None
    starts_on: Day | None = None
    ends_on: Day | None = None
    apply_by: Day | None = None
    next_available_on: Day | None = None
    minimum_age: Age | None = None
    pay: Pay | None = None
    pay_cents_per_hour: Cents | None = None

    @model_validator(mode="after")
    def something_changes(self) -> Self:
        """Refuse a change that changes nothing."""
        if not self.model_fields_set:
            raise ValueError("give at least one field to change")
        return self


class ComingStage(StrEnum):
    """How far somebody is on the way there."""

    APPROVED = "approved"
    LANDED = "landed"
    STARTING = "starting"
    PLACED = "placed"
    ENROLLED = "enrolled"


class ComingOut(Out):
    """Somebody who is coming: never more of the name than this."""

    name: Annotated[str, Field(description="First name and last initial.", examples=["Maya R."])]
    stage: ComingStage
    starts_on: date | None
    session_starts_at: Annotated[datetime | None, Field(description="Where it is for one session.")]
    session_zone: Annotated[str | None, Field(description="The session's own time zone.")]


class WhoIsComingOut(Out):
    """Who is coming to one listing."""

    title: str
    items: list[ComingOut]


def _or_none(value: Any) -> Any:
    return value or None


FormDay = Annotated[Day | None, BeforeValidator(_or_none)]


class HostListingForm(In):
    """The page's form of the same; an empty field is emptied."""

    version: Annotated[int, Field(ge=1)]
    title: PublicLine
    description: PublicText = ""
    schedule: Annotated[PublicOptionalLine | None, BeforeValidator(_or_none)] = None
    dress_code: Annotated[PublicOptionalLine | None, BeforeValidator(_or_none)] = None
    seats: Annotated[int, Field(ge=1, le=10_000)]
    starts_on: FormDay = None
    ends_on: FormDay = None
    apply_by: FormDay = None


class HostActionForm(In):
    """The page's buttons."""

    action: HostAction
