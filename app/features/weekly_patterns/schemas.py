"""Weekly patterns of sessions in JSON."""

import re
from datetime import date, datetime, time
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, PlainSerializer

from app.core.paging import ListParams
from app.core.schemas import Bool, Day, In, Int, Line, Out
from app.domain.session import PatternStatus, Recording
from app.features.opportunities.schemas import PublicNote
from app.features.sessions.schemas import JoinUrl, Minimum, PlaceNote, Seats

_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)


def _clock_only(value: Any) -> Any:
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError("write the time as text: HH:MM, from 00:00 to 23:59")
    return value


ClockTime = Annotated[
    time,
    BeforeValidator(_clock_only),
    Field(description="On the wall clock of the place: HH:MM.", examples=["14:00"]),
]
ClockTimeOut = Annotated[time, PlainSerializer(lambda at: f"{at:%H:%M}", return_type=str)]
Exceptions = Annotated[
    list[Day], Field(max_length=366, description="Days on which there is no session, such as holidays.")
]


class WeeklyPatternIn(In):
    """A rule by which sessions come round at an opportunity."""

    opportunity_id: UUID
    rule: Annotated[
        Line,
        Field(
            description="RFC 5545, of weeks: FREQ=WEEKLY with INTERVAL, BYDAY, COUNT or UNTIL, WKST.",
            examples=["FREQ=WEEKLY;BYDAY=TU,TH"],
        ),
    ]
    starts_time: ClockTime
    minutes: Annotated[Int, Field(ge=5, le=1440)]
    starts_on: Day
    until: Annotated[Day, Field(description="The last day, two years ahead at the most.")]
    exceptions: Exceptions = Field(default_factory=list)
    seats: Seats
    minimum_enrollment: Minimum = 0
    host_contact_id: UUID | None = None
    host_person_id: UUID | None = None
    virtual: Bool = False
    join_url: JoinUrl | None = None
    recording: Recording = Recording.NONE
    place_note: PlaceNote | None = None


class WeeklyPatternPatch(In):
    """Changes to a pattern; what is left out stays as it is.

    A shorter `until` and new `exceptions` cancel the sessions of those days, and a day that comes back has one again;
    everything else is for sessions made from now on; but whoever comes in the place of a host who takes part no more
    hosts those that have none, too. Another rule or another time is another pattern.
    """

    until: Day | None = None
    exceptions: Exceptions | None = None
    seats: Seats | None = None
    minimum_enrollment: Minimum | None = None
    host_contact_id: UUID | None = None
    host_person_id: UUID | None = None
    join_url: JoinUrl | None = None
    place_note: PlaceNote | None = None
    reason: Annotated[
        PublicNote | None, Field(description="Told to the enrolled whose sessions are cancelled by this.")
    ] = None


class PatternEnd(In):
    """Why a pattern ends, and whether its sessions to come are cancelled with it."""

    reason: PublicNote
    cancel_sessions: Bool = False


class WeeklyPatternOut(Out):
    """A pattern, with what the caller may do with it now."""

    id: UUID
    status: PatternStatus
    opportunity_id: UUID
    opportunity_title: str
    school_id: UUID | None
    rule: str
    starts_time: ClockTimeOut
    minutes: int
    zone: str
    starts_on: date
    until: date
    exceptions: list[date]
    seats: int
    minimum_enrollment: int
    host_contact_id: UUID | None
    host_person_id: UUID | None
    needs_host: Annotated[
        bool,
        Field(
            description="true: whoever hosted takes part no more; it makes no sessions until another does."
        ),
    ]
    virtual: bool
    join_url: Annotated[
        str | None, Field(description="For those who may change the pattern; null for others.")
    ]
    recording: Recording
    place_note: str | None
    made_until: Annotated[date | None, Field(description="Sessions exist up to this day.")]
    days: Annotated[list[date], Field(description="The days still to come, 60 at the most.")]
    days_without_session: Annotated[
        list[date],
        Field(
            description="Days up to `made_until` that have none: the host had another session or takes part no more, "
            "or it was too late."
        ),
    ]
    created_at: datetime
    version: int
    allowed_actions: list[str]


class WeeklyPatternFilters(ListParams):
    """What the list of patterns can be narrowed by; the latest first."""

    opportunity_id: UUID | None = None
    school_id: UUID | None = None
    status: PatternStatus | None = None
    needs_host: Annotated[bool | None, Field(description="true: only those without their host.")] = None
