"""In which order the catalogue answers: who may find what, by tiers of where the words stand, and with hidden gems.

A question is written as tsqueries over the lexemes of `search_document.py`. Order is by tier, then by a number of the
order asked for, then by id: three values that a page can go on behind, whatever changes in between.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import combinations
from typing import Literal, NamedTuple, TypeVar
from uuid import UUID

from app.domain.search_document import (
    BUCKETS,
    OWN_SAMPLES,
    SHUFFLES,
    bucket,
    in_sample,
    sample_prefix,
    weeks,
)
from app.domain.search_query import all_of, any_of

T = TypeVar("T")

# Every fifth of a page is from outside what the student says they lean to.
GEM_EVERY = 5
# Enough documents of a sample to say where the best few hundred end.
ENOUGH_IN_SAMPLE = 8
# Fewer than this in the sample of one in 64, and reading them all costs less than looking where to stop.
FEW_IN_SAMPLE = 40
SAMPLED = 64
_MOST_WEEKS = 120
_WIDTH = SHUFFLES // BUCKETS
_FACETS_READ = 1_000


class Order(StrEnum):
    """What a listing's number in the order is: the smaller, the sooner it is shown."""

    NEWEST = "newest"
    DEADLINE = "deadline"
    DISTANCE = "distance"
    CHANCE = "chance"


class Place(NamedTuple):
    """Where a listing stands: its tier, its number in the order, its id; a page goes on behind it."""

    tier: int
    number: int
    id: UUID


class Bound(NamedTuple):
    """The best of a tier: those up to `number`, all of which `lexemes` finds."""

    lexemes: tuple[str, ...]
    number: int


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for in one tenant: each group of lexemes asks for one of them.

    `facets` are the filters that are counted, each without itself. `words` are groups of stems; `any_word` is enough
    where nothing has them all. `inside` and `outside` are the clusters a hit must have one of, or none.
    """

    prefix: str
    shown_to: tuple[str, ...] = ()
    words: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    others: tuple[tuple[str, ...], ...] = ()
    inside: tuple[str, ...] = ()
    outside: tuple[str, ...] = ()
    any_word: bool = False

    def base(self) -> list[str]:
        """Return everything but the counted filters, as tsqueries that must all hold."""
        parts = [self._one_of(("all",))] if not (self.words or self.shown_to or self.others) else []
        if self.words:
            groups = [any_of(f"{self.prefix}w{stem}" for stem in stems) for stems in self.words]
            parts += [f"({' | '.join(groups)})"] if self.any_word else groups
        parts += [f"!{any_of(f'{self.prefix}w{stem}' for stem in stems)}" for stems in self.without]
        parts += [self._one_of(names) for names in (self.shown_to, *self.others) if names]
        return parts

    def whole(self) -> str:
        """Return the tsquery of every hit."""
        parts = [*self.base(), *(self._one_of(names) for names in self.facets.values())]
        if self.inside:
            parts.append(self._one_of(self.inside))
        if self.outside:
            parts.append(f"!{self._one_of(self.outside)}")
        return all_of(parts)

    def counted(self) -> str:
        """Return the tsquery of what facets are counted in: hits, and what one counted filter alone keeps out."""
        asked = [self._one_of(names) for names in self.facets.values()]
        parts = self.base()
        if len(asked) > 1:
            each = [all_of(some) for some in combinations(asked, len(asked) - 1)]
            parts.append(f"({' | '.join(f'({one})' for one in each)})")
        return all_of(parts)

    def tiers(self) -> list[str]:
        """Return the tsqueries of the tiers, best first: all words in the title, some of them there, none."""
        whole = self.whole()
        if not self.words:
            return [whole]
        title = [any_of(f"{self.prefix}t{stem}" for stem in stems) for stems in self.words]
        every, some = all_of(title), f"({' | '.join(title)})"
        if len(title) == 1:
            return [f"{whole} & {every}", f"{whole} & !{some}"]
        return [f"{whole} & {every}", f"{whole} & {some} & !({every})", f"{whole} & !{some}"]

    def sampled(self, sample: int) -> "Question":
        """Return the same question to a sample of one in so many."""
        if sample in OWN_SAMPLES:
            return replace(self, prefix=sample_prefix(self.prefix, sample))
        return self if sample == 1 else replace(self, others=(*self.others, (in_sample(sample),)))

    def within(self, query: str, bound: Bound) -> str:
        """Narrow a tsquery to where the best of it are."""
        return f"{query} & {self._one_of(bound.lexemes)}"

    def leaning_to(self, clusters: Iterable[str]) -> tuple["Question", "Question"]:
        """Return the question within a student's interests, and the one outside them."""
        names = tuple(sorted(f"cluster:{cluster}" for cluster in clusters))
        return replace(self, inside=names), replace(self, outside=names)

    def _one_of(self, names: Iterable[str]) -> str:
        return any_of(f"{self.prefix}={name}" for name in names)


def turn_of(day: date) -> int:
    """Return where the order of chance begins on a day: it moves on by a bucket, and comes round in two months."""
    return day.toordinal() % BUCKETS * _WIDTH


def bound_of(order: Order, eighth: int, behind: int | None, *, now: datetime, turn: int) -> Bound | None:
    """Return where the best of a tier are, from the eighth best of a sample; None: they cannot be told apart cheaply.

    `behind` is the number of the listing that the page goes on behind.
    """
    if order is Order.NEWEST:
        day = _day(eighth)
        monday = day - timedelta(days=day.weekday())
        last = now.date() + timedelta(days=7) if behind is None else _day(behind)
        names = weeks(monday, max(last, day))
        if len(names) > _MOST_WEEKS:
            return None
        begins = datetime(monday.year, monday.month, monday.day, tzinfo=UTC)
        return Bound(tuple(names), -round(begins.timestamp() * 1_000_000))
    if order is Order.CHANCE:
        first, last_bucket = (behind or 0) // _WIDTH, eighth // _WIDTH
        shift = turn // _WIDTH
        found = [bucket(number + shift) for number in range(first, last_bucket + 1)]
        return Bound(tuple(found), (last_bucket + 1) * _WIDTH - 1)
    return None


def facet_sample(counted: int) -> Literal[1, 4, 16, 64]:
    """Return the sample in which facets are counted, from how many the sample of one in 64 has: 1 counts them all."""
    estimate = counted * SAMPLED
    if estimate <= _FACETS_READ:
        return 1
    if estimate <= 4 * _FACETS_READ:
        return 4
    return 16 if estimate <= SAMPLED * _FACETS_READ // 2 else 64


def interleave(inside: Sequence[T], outside: Sequence[T], start: int) -> Iterator[tuple[T, bool]]:
    """Mix what a student leans to with every fifth from outside; says of each whether it is a gem.

    `start` counts what earlier pages have shown. When one side has no more, the other goes on alone.
    """
    ours, theirs = iter(inside), iter(outside)
    place = start
    while True:
        gem = place % GEM_EVERY == GEM_EVERY - 1
        found = next(theirs if gem else ours, None)
        if found is None:
            gem = not gem
            found = next(theirs if gem else ours, None)
        if found is None:
            return
        yield found, gem
        place += 1


def _day(number: int) -> date:
    return datetime.fromtimestamp(-number / 1_000_000, UTC).date()
