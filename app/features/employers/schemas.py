"""Employers and worksites in JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID
from zoneinfo import available_timezones

from pydantic import AfterValidator, Field, model_validator

from app.core.paging import ListParams
from app.core.schemas import Clean, Float, In, Int, Note, Out, PlainLine, PlainOptionalLine
from app.domain.employer import Access, EmployerStatus
from app.features.opportunities.schemas import PublicNote


def _one_space(text: str) -> str:
    return " ".join(text.split())


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("name a time zone of the IANA list, such as America/Chicago")
    return name


EmployerName = Annotated[PlainLine, AfterValidator(_one_space)]
Naics = Annotated[
    str, Field(pattern=r"^[0-9]{2,6}$", description="NAICS 2022: two to six digits.", examples=["541940"])
]
Website = Annotated[
    str,
    Field(max_length=300, pattern=r"^https?://[^\s/$.?#][^\s]*$", examples=["https://clinic.example"]),
    Clean,
]
EmployerPhone = Annotated[
    str,
    Field(
        pattern=r"^\+?[0-9(][0-9 ()./-]{5,28}[0-9]$",
        description="The number of the workplace; shown to staff of the schools only.",
        examples=["+1 312 555 0100"],
    ),
    Clean,
]
Cap = Annotated[Int, Field(ge=0, le=1000, description="How often the schools may ask it in a month.")]
Latitude = Annotated[Float, Field(ge=-90, le=90)]
Longitude = Annotated[Float, Field(ge=-180, le=180)]
Zone = Annotated[str, Field(max_length=64, examples=["America/Chicago"]), AfterValidator(_known_zone)]


class EmployerIn(In):
    """A new employer; it starts as a prospect."""

    name: EmployerName
    naics: Naics | None = None
    website: Website | None = None
    phone: EmployerPhone | None = None
    monthly_contact_cap: Cap = 4


class EmployerPatch(In):
    """Changes to an employer; what is left out stays as it is."""

    name: EmployerName | None = None
    naics: Naics | None = None
    website: Website | None = None
    phone: EmployerPhone | None = None
    monthly_contact_cap: Cap | None = None


class EmployerReason(In):
    """Why; kept with the decision."""

    reason: Note


class EmployerRemark(In):
    """Why, if there is something to say; kept with the decision."""

    reason: Note | None = None


class EmployerOut(Out):
    """An employer. The cap, the vetting note and who speaks with it are shown to staff of the schools only."""

    id: UUID
    name: str
    status: EmployerStatus
    naics: str | None
    website: str | None
    phone: str | None
    monthly_contact_cap: int | None
    vetting_note: str | None
    owner_id: Annotated[UUID | None, Field(description="The one member of staff who speaks with it.")]
    owner_name: str | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class EmployerFilters(ListParams):
    """What the list of employers can be narrowed by; ordered by name."""

    q: Annotated[
        Annotated[str, Field(max_length=100), Clean] | None, Field(description="A part of the name.")
    ] = None
    status: EmployerStatus | None = None


StepFree = Annotated[
    Access, Field(description="Whether one gets in and about without a step: ramps, lifts, wide doors.")
]
Sensory = Annotated[
    Access,
    Field(description="Whether it suits people who hear or see little, or whom noise and light overwhelm."),
]
Transit = Annotated[Access, Field(description="Whether one gets there by public transport.")]
AccessNote = Annotated[PublicNote, Field(description="What whoever needs it should know beforehand.")]


class WorksiteIn(In):
    """A place where students would be."""

    name: PlainLine
    street: PlainOptionalLine | None = None
    city: PlainOptionalLine | None = None
    region: PlainOptionalLine | None = None
    postal_code: PlainOptionalLine | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    zone: Annotated[Zone | None, Field(description="Left out: the community's own time zone.")] = None
    access_step_free: StepFree = Access.UNKNOWN
    access_sensory: Sensory = Access.UNKNOWN
    access_transit: Transit = Access.UNKNOWN
    access_note: AccessNote | None = None

    @model_validator(mode="after")
    def whole_place(self) -> Self:
        """Refuse half a place on the map."""
        if (self.latitude is None) != (self.longitude is None):
            raise ValueError("give both latitude and longitude, or neither")
        return self


class WorksitePatch(In):
    """Changes to a worksite; what is left out stays as it is."""

    name: PlainLine | None = None
    street: PlainOptionalLine | None = None
    city: PlainOptionalLine | None = None
    region: PlainOptionalLine | None = None
    postal_code: PlainOptionalLine | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    zone: Zone | None = None
    access_step_free: StepFree | None = None
    access_sensory: Sensory | None = None
    access_transit: Transit | None = None
    access_note: AccessNote | None = None


class WorksiteOut(Out):
    """A worksite."""

    id: UUID
    employer_id: UUID
    name: str
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    latitude: float | None
    longitude: float | None
    zone: str
    access_step_free: Access
    access_sensory: Access
    access_transit: Access
    access_note: str | None
    created_at: datetime
    version: int
    allowed_actions: list[str]


class WorksiteFilters(ListParams):
    """Worksites of one employer, ordered by name."""
