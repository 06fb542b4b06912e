"""Fields of work, the gap map and reachability, in JSON."""

from datetime import date
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from app.core.schemas import Out
from app.domain.fields import FIELDS
from app.domain.pool import AT_LEAST, ReachAnswer


def _known(code: str) -> str:
    if code not in FIELDS:
        raise ValueError("choose a field that GET /v1/codes lists under clusters or occupations")
    return code


FieldCode = Annotated[
    str,
    AfterValidator(_known),
    WithJsonSchema(
        {
            "type": "string",
            "enum": sorted(FIELDS),
            "description": "A career cluster or an occupation; GET /v1/codes has their names.",
        }
    ),
]


class FieldKind(StrEnum):
    """What kind of field a code stands for."""

    CLUSTER = "cluster"
    OCCUPATION = "occupation"


_Name = Annotated[str, Field(description="In the language of Accept-Language.")]
_Fewer = Annotated[
    int | None,
    Field(description=f"{AT_LEAST} where the count is smaller than that and so not shown; else null."),
]
_PublishedOn = Annotated[
    date | None,
    Field(description="The Monday of the batch that holds now; null before the first one."),
]
_School = Annotated[
    UUID | None,
    Field(
        description="Which of your schools; may be left out by whoever belongs to one. A district admin who leaves it out of the gap map asks about the whole tenant."
    ),
]


class GapFilters(BaseModel):
    """Whose gap map."""

    model_config = ConfigDict(extra="forbid")

    school_id: _School = None


class GapOut(Out):
    """One field that students want; counts are of at least three, rounded down to a multiple of three.

    Students and guardians read the names of the lacking fields only: both counts and both `fewer_than` are null.
    """

    field: FieldCode
    kind: FieldKind
    name: _Name
    lacking: Annotated[bool, Field(description="Wanted by at least three students, and reached by too few.")]
    wanted: Annotated[int | None, Field(description="Students who want it, at least.")]
    wanted_fewer_than: _Fewer
    households: Annotated[int | None, Field(description="Households of the pool who reach it, at least.")]
    households_fewer_than: _Fewer


class GapMapOut(Out):
    """What students want and the pool lacks; fields that nobody wants and nobody reaches are left out."""

    school_id: Annotated[UUID | None, Field(description="null: the whole tenant.")]
    published_on: _PublishedOn
    items: list[GapOut]


class ReachFilters(BaseModel):
    """Which field, at which school."""

    model_config = ConfigDict(extra="forbid")

    field: Annotated[FieldCode | None, Field(description="Leave it out to read the whole vocabulary.")] = None
    school_id: _School = None


class ReachOut(Out):
    """Whether somebody at the school knows one: yes from three households up."""

    field: FieldCode
    kind: FieldKind
    name: _Name
    answer: ReachAnswer


class ReachMapOut(Out):
    """The answers of one batch, for one school."""

    school_id: UUID
    published_on: _PublishedOn
    items: list[ReachOut]
