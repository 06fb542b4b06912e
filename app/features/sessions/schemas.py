"""Sessions of opportunities in JSON."""

from datetime import datetime
from typing import Annotated, Literal
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from app.core.paging import ListParams
from app.core.schemas import Bool, Clean, In, Instant, Int, Out
from app.domain.session import EnrollmentStatus, Recording, SessionStatus
from app.features.opportunities.schemas import PublicNote, PublicOptionalLine


def _https(text: str) -> str:
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError as error:
        raise ValueError("give a web address that begins with https://") from error
    plain = parts.scheme == "https" and parts.hostname and parts.username is None
    if not plain or port == 0 or any(char.isspace() or not char.isprintable() for char in text):
        raise ValueError("give a web address that begins with https://, without a user name")
    return text


JoinUrl = Annotated[
    str,
    StringConstraints(min_length=9, max_length=1000),
    Clean,
    AfterValidator(_https),
    Field(description="Where a virtual session is joined; shown to the enrolled and to those who run it."),
]
PlaceNote = Annotated[
    PublicOptionalLine, Field(description="Where to meet; without e-mail addresses and telephone numbers.")
]
Seats = Annotated[Int, Field(ge=1, le=10_000)]
Minimum = Annotated[
    Int,
    Field(
        ge=0,
        le=10_000,
        description="With fewer students it is cancelled, with notice, the tenant's session_cancel_hours before.",
    ),
]


class SessionIn(In):
    """A new session of an opportunity; times are instants, shown in the worksite's time zone."""

    opportunity_id: UUID
    starts_at: Instant
    ends_at: Instant
    seats: Seats
    minimum_enrollment: Minimum = 0
    host_contact_id: Annotated[UUID | None, Field(description="A contact who said yes.")] = None
    host_person_id: Annotated[
        UUID | None, Field(description="Somebody at the employer with an account, or of the staff.")
    ] = None
    virtual: Bool = False
    join_url: JoinUrl | None = None
    recording: Recording = Recording.NONE
    place_note: PlaceNote | None = None


class SessionPatch(In):
    """Changes to a session that has not begun; what is left out stays as it is."""

    starts_at: Instant | None = None
    ends_at: Instant | None = None
    seats: Seats | None = None
    minimum_enrollment: Minimum | None = None
    host_contact_id: UUID | None = None
    host_person_id: UUID | None = None
    virtual: Bool | None = None
    join_url: JoinUrl | None = None
    recording: Recording | None = None
    place_note: PlaceNote | None = None


class SessionReason(In):
    """Why; kept with the decision, and told to those who were enrolled."""

    reason: PublicNote


_Ids = Annotated[list[UUID], Field(max_length=10_000)]


class AttendanceIn(In):
    """Who came and who did not, by the ids of their places; those left out stay as they are."""

    attended: _Ids = Field(default_factory=list)
    no_show: _Ids = Field(default_factory=list)


class SessionHost(Out):
    """Who hosts a session: first name and last initial."""

    name: str
    job_title: str | None


class MyEnrollment(Out):
    """The caller's own place in a session."""

    id: UUID
    status: EnrollmentStatus
    audio_only: bool


class SessionOut(Out):
    """A session, with what the caller may do with it now."""

    id: UUID
    status: SessionStatus
    opportunity_id: UUID
    opportunity_title: str
    type: str
    employer_id: UUID
    employer_name: str
    school_id: UUID | None
    pattern_id: UUID | None
    starts_at: datetime
    ends_at: datetime
    zone: Annotated[str, Field(description="The worksite's IANA time zone: show the times in it.")]
    seats: int
    seats_free: Annotated[int, Field(description="Neither taken nor kept for somebody in line.")]
    enrolled: int
    minimum_enrollment: int
    decides_at: Annotated[
        datetime | None,
        Field(description="When it is cancelled unless enough enrolled; null when it takes place anyway."),
    ]
    host: SessionHost | None
    needs_host: Annotated[
        bool,
        Field(
            description="true: whoever hosted takes part no more; name another, or it is cancelled the tenant's "
            "session_cancel_hours before. For those who run the session; false for others."
        ),
    ]
    virtual: bool
    recording: Recording
    join_url: Annotated[
        str | None, Field(description="For the enrolled, and for those who run the session; null for others.")
    ]
    place_note: str | None
    city: str | None
    reason: Annotated[str | None, Field(description="Why it was cancelled.")]
    my_enrollment: MyEnrollment | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class SessionListFilters(ListParams):
    """What the list of sessions can be narrowed by; the next to come first, or of those over the latest."""

    opportunity_id: UUID | None = None
    employer_id: UUID | None = None
    school_id: UUID | None = None
    pattern_id: UUID | None = None
    status: SessionStatus | None = None
    virtual: bool | None = None
    mine: Annotated[bool | None, Field(description="true: only those the caller has a place in.")] = None
    needs_host: Annotated[bool | None, Field(description="true: only those without their host.")] = None
    when: Annotated[
        Literal["coming", "past", "any"] | None,
        Field(
            description="Left out: `coming`, what is not over yet; `any` where `ends_after`, `starts_before` or "
            "`status=held` say when."
        ),
    ] = None
    ends_after: Annotated[datetime | None, Field(description="Leave out those over by then.")] = None
    starts_before: datetime | None = None

    @property
    def says_when(self) -> bool:
        """Say whether the filters name a time, so that the list is not about what is to come only."""
        return (
            self.when is not None
            or self.ends_after is not None
            or self.starts_before is not None
            or self.status is SessionStatus.HELD
        )
