"""The rota of a speed networking session in JSON."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.core.schemas import In, Int, Out
from app.domain.speed_networking import FEWEST_STUDENTS, MOST_ROUNDS, TableLack


class Professional(In):
    """Somebody whom the students meet: a contact who said yes, or a supervisor with an account."""

    contact_id: UUID | None = None
    person_id: UUID | None = None

    @model_validator(mode="after")
    def one_of_two(self) -> Self:
        """Refuse both, and neither."""
        if (self.contact_id is None) == (self.person_id is None):
            raise ValueError("give contact_id or person_id")
        return self


class SpeedDraw(In):
    """What a rota is drawn from; the students are those enrolled in the session."""

    professionals: Annotated[list[Professional], Field(min_length=1, max_length=200)]
    rounds: Annotated[Int, Field(ge=1, le=MOST_ROUNDS)]
    minutes: Annotated[Int, Field(ge=1, le=120, description="How long a round lasts.")]
    break_minutes: Annotated[Int, Field(ge=0, le=60, description="Between two rounds, to change tables.")] = 2
    starts_after_minutes: Annotated[Int, Field(ge=0, le=600, description="Of welcome, before the first.")] = 0
    smallest_table: Annotated[
        Int,
        Field(ge=1, le=20, description="So many students at every table; at least two on video."),
    ] = FEWEST_STUDENTS


class TableProfessional(Out):
    """Somebody at a table: first name and last initial, and where they work."""

    name: str
    job_title: str | None
    employer_name: str | None


class TableStudent(Out):
    """A student at a table: first name and last initial; the id where the caller knows the student."""

    id: UUID | None
    name: str


class TableLackOut(Out):
    """What a table lacks, in words."""

    code: TableLack
    en: str
    es: str


class SpeedTable(Out):
    """A table in one round."""

    number: int
    professionals: list[TableProfessional]
    students: list[TableStudent]
    lacks: Annotated[
        list[TableLackOut],
        Field(
            description="Empty, unless people left since it was drawn or a table of one student was allowed."
        ),
    ]


class SpeedRoundOut(Out):
    """One round."""

    number: int
    starts_at: datetime
    ends_at: datetime
    tables: list[SpeedTable]


class SpeedRotaOut(Out):
    """The rota of a session: whole for those who run it, for students their own tables.

    Families and advisors read there of their own students and of nobody else's.
    """

    session_id: UUID
    version: int
    out_of_date: Annotated[
        bool,
        Field(
            description="true: students or professionals came or left since it was drawn, or the session changed so "
            "that it does not hold; draw it again."
        ),
    ]
    rounds: list[SpeedRoundOut]
