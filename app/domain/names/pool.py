"""Names of what students ask for."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from app.domain.codes import Names
from app.domain.occupations import OCCUPATIONS, OccupationCode
from app.domain.pool import ReachAnswer

NAMES: dict[type[StrEnum], Mapping[Any, Names]] = {
    OccupationCode: {row.code: row.names for row in OCCUPATIONS.values()},
    ReachAnswer: {
        ReachAnswer.YES: Names("Yes", "Sí"),
        ReachAnswer.NOT_KNOWN: Names("Not known", "No se sabe"),
    },
}
