"""What a look into the search documents takes and gives."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.domain.catalogue_rank import Order, Question


@dataclass(frozen=True, slots=True)
class Look:
    """One tenant's question, what is asked of each row beside it, and the order of the answer.

    `tiered` puts first what has the words in its title. `busy` are the half hours a timetable must keep clear of, as bits; `near` is where distances are counted from.
    """

    tenant_id: UUID
    question: Question
    order: Order
    today: date
    now: datetime
    tiered: bool = False
    turn: int = 0
    seats_free: bool | None = None
    busy: str | None = None
    since: datetime | None = None
    near: tuple[float, float] | None = None
    within_km: float | None = None

    def sampled(self, sample: int) -> "Look":
        """Return the same look into a sample of one in so many."""
        return replace(self, question=self.question.sampled(sample))

    def tiers(self) -> list[tuple[int, str]]:
        """Return the tiers of the answer, with their numbers."""
        return list(enumerate(self.question.tiers() if self.tiered else [self.question.whole()]))


class Sampled(NamedTuple):
    """What the sample says: how many are counted in facets, and of each tier how many and where the eighth stands."""

    counted: int
    tiers: list[tuple[int, int | None]]


@dataclass(frozen=True, slots=True)
class Counts:
    """How many answer, and how many would with another value of each filter; `about` where a sample was counted."""

    total: int
    about: bool
    facets: dict[str, dict[str, int]]


class MapCell(NamedTuple):
    """A cell of a map's grid: how many are in it, where their middle is, and some of them.

    `one_place`: all of them are at the same spot, so that no zoom tells them apart.
    """

    column: int
    row: int
    hits: int
    latitude: float
    longitude: float
    one_place: bool
    ids: list[UUID]


# How each typed word is read: as it stands (none), as one of these, or passed over (None).
Choices = tuple[tuple[str, ...] | None, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed, as search reads it; `choices` say the same of every word in the order typed, for the next page."""

    words: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    corrected: tuple[tuple[str, tuple[str, ...]], ...] = ()
    unknown: tuple[str, ...] = ()
    choices: Choices = ()


Values = dict[str, Any]
