"""Pictures in JSON; their bytes have an address of their own."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from app.core.schemas import Clean, In, Note, Out, WordsAlone
from app.domain.image import LONGEST_ALT

Alt = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_ALT),
    Clean,
    WordsAlone,
    Field(
        description="What the picture shows, for whoever cannot see it.",
        examples=["Two people in green coats bandage a dog's paw on a table."],
    ),
]


class ImageParams(BaseModel):
    """What is said about a picture that is sent as the body."""

    model_config = ConfigDict(extra="forbid")

    alt: Alt


class ImageOut(Out):
    """A picture: what it shows, and where its two sizes can be got until the end of tomorrow, without signing in."""

    id: UUID
    alt: str
    width: Annotated[int, Field(description="Of the larger one, at most 1600.")]
    height: Annotated[int, Field(description="Of the larger one, at most 1600.")]
    url: Annotated[str, Field(description="A path at this service: WebP, at most 1600 pixels a side.")]
    small_url: Annotated[str, Field(description="A path at this service: WebP, at most 480 pixels a side.")]
    created_at: datetime


class ImagesOut(Out):
    """The pictures of one thing, the first one first."""

    items: list[ImageOut]


class CoverParams(BaseModel):
    """Of which opportunities the first picture is wanted."""

    model_config = ConfigDict(extra="forbid")

    opportunity_id: Annotated[
        list[UUID], Field(min_length=1, max_length=100, description="Up to a hundred: give it once for each.")
    ]


class CoverOut(Out):
    """The first picture of an opportunity."""

    opportunity_id: UUID
    image: ImageOut


class CoversOut(Out):
    """The first pictures of opportunities; one without pictures, or that the caller may not read, is left out."""

    items: list[CoverOut]


class RemoveImageIn(In):
    """Which picture is taken away, and why."""

    image_id: UUID
    reason: Note | None = None
