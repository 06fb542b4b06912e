"""Students' profiles in JSON."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints, WithJsonSchema, model_validator

from app.core.schemas import Clean, Float, In, Int, Out, WordsAlone
from app.domain.availability import HEX_DIGITS
from app.domain.clusters import Cluster
from app.domain.riasec import Interest
from app.domain.skills import SKILLS
from app.domain.travel import TravelMode
from app.features.opportunities.schemas import MeetsIn, MeetsOut


def _known(code: str) -> str:
    if code not in SKILLS:
        raise ValueError("choose a skill that GET /v1/codes lists under skills")
    return code


SkillCode = Annotated[
    str,
    AfterValidator(_known),
    WithJsonSchema(
        {"type": "string", "enum": sorted(SKILLS), "description": "A skill; GET /v1/codes has their names."}
    ),
]
Tag = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=40),
    Clean,
    WordsAlone,
    Field(description="An interest in the student's own words.", examples=["skateboarding"]),
]
Availability = Annotated[
    str,
    StringConstraints(pattern=rf"^[0-9a-fA-F]{{{HEX_DIGITS}}}$"),
    Field(
        description="The week in half hours: 84 hexadecimal digits, twelve a day from Monday, the highest bit first; "
        "a set bit is a free half hour, on the clock of the school.",
        examples=["0000000fc000" * 5 + "0" * 24],
    ),
]


class Home(In):
    """About where the student lives; kept rounded to three decimals, about a hundred meters."""

    latitude: Annotated[Float, Field(ge=-90, le=90)]
    longitude: Annotated[Float, Field(ge=-180, le=180)]


class HomeOut(Out):
    """About where the student lives."""

    latitude: float
    longitude: float


class RiasecOut(Out):
    """The scores of the questionnaire, 0 to 100 by letter."""

    R: int
    I: int  # noqa: E741 - the letter that the model gives this type
    A: int
    S: int
    E: int
    C: int


class StudentProfilePatch(In):
    """Changes to one's own profile; what is left out stays, and null takes a value away."""

    clusters: Annotated[list[Cluster], Field(max_length=14, description="Fields of work I like.")] | None = (
        None
    )
    skills: Annotated[list[SkillCode], Field(max_length=30, description="What I can do.")] | None = None
    tags: Annotated[list[Tag], Field(max_length=20)] | None = None
    availability: Availability | None = None
    free: (
        Annotated[
            list[MeetsIn],
            Field(
                max_length=100,
                description="The same week in words, instead of `availability`: when I am free.",
            ),
        ]
        | None
    ) = None
    home: Home | None = None
    travel_mode: TravelMode | None = None
    travel_minutes: (
        Annotated[Int, Field(ge=5, le=240, description="The longest way, one direction.")] | None
    ) = None

    @model_validator(mode="after")
    def says_each_thing_once(self) -> Self:
        """Refuse null for a list, where an empty one says the same, and a week that is said twice."""
        for name in ("clusters", "skills", "tags"):
            if name in self.model_fields_set and getattr(self, name) is None:
                raise ValueError(f"send an empty list to take everything out of {name}")
        if self.free is not None and self.availability is not None:
            raise ValueError("say the week once: as availability, or as free")
        return self


class StudentProfileOut(Out):
    """What a student says of themselves; for adults without the home, whose student may be asked about it."""

    student_id: UUID
    clusters: list[Cluster]
    skills: list[str]
    tags: list[str]
    riasec: Annotated[RiasecOut | None, Field(description="null before the questionnaire was answered.")]
    strongest_interests: Annotated[
        list[Interest], Field(description="The three strongest; none while the answers lean nowhere.")
    ]
    suggested_clusters: Annotated[list[Cluster], Field(description="Those that the scores speak for.")]
    availability: str | None
    free: Annotated[list[MeetsOut] | None, Field(description="The same week in words.")]
    home: Annotated[HomeOut | None, Field(description="For the student alone; null for everybody else.")]
    home_known: bool
    travel_mode: TravelMode | None
    travel_minutes: int | None
    version: Annotated[int, Field(description="0 before anything was written.")]
    allowed_actions: list[str]
