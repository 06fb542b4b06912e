"""Finding every likely pair among many: rows that share a key are compared, and no key makes too much of that."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Generic, NamedTuple, Protocol, TypeVar
from uuid import UUID

from app.domain.duplicates.contacts import (
    ContactRecord,
    ContactTraits,
    contact_keys,
    contact_traits,
    score_contacts,
)
from app.domain.duplicates.employers import (
    EmployerRecord,
    EmployerTraits,
    employer_keys,
    employer_traits,
    score_employers,
)
from app.domain.duplicates.lives import DuplicateKind
from app.domain.duplicates.reasons import Scored

# Every two rows under one key are compared up to this many; under a key that more share ("dental" in a big city), each
# row is compared with its neighbours in the order of names and in the order of places.
BLOCK = 20
WINDOW = 6
# Of so many people, or of fewer, one cannot tell how common a name is. Of those who are like one in something, fewer tell.
_FEW, _FEW_ALIKE = 1000, 50
# So many who bear one name may all be one person.
_COPIES = 3


class Traits(Protocol):
    """A row as it is compared."""

    @property
    def id(self) -> UUID:
        """Return whose traits these are."""

    @property
    def name(self) -> str:
        """Return the name in the form in which it is compared."""


R = TypeVar("R")
T = TypeVar("T", bound=Traits)


class Score(Protocol[T]):  # type: ignore[misc] # a scorer takes traits and gives none back
    """Compares two rows."""

    def __call__(self, one: T, other: T, /, *, namesakes: float) -> Scored:
        """Say how likely the two are one."""


class Matching(NamedTuple, Generic[R, T]):
    """How rows of one kind are prepared, found and compared."""

    traits: Callable[[R], T]
    keys: Callable[[T], list[str]]
    score: Score[T]
    place: Callable[[T], str]
    complete: Callable[[list[T]], list[T]]
    namesakes: Callable[[list[T], int], Mapping[str, float]]


def _with_towns(rows: list[EmployerTraits]) -> list[EmployerTraits]:
    """Write the town beside a ZIP code that stands alone, as most of the others with that code have it."""
    towns: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        for place in row.places:
            if place.postal and place.city:
                towns[place.postal][place.city] += 1
    likely = {postal: found.most_common(1)[0][0] for postal, found in towns.items()}
    return [
        row._replace(
            places=tuple(
                place._replace(city=likely.get(place.postal, ""))
                if place.postal and not place.city
                else place
                for place in row.places
            )
        )
        for row in rows
    ]


def _towns_of_names(rows: list[EmployerTraits], _few: int) -> Mapping[str, int]:
    towns: defaultdict[str, set[str]] = defaultdict(set)
    for row in rows:
        towns[row.name].update(place.city for place in row.places if place.city)
    return {name: len(found) for name, found in towns.items()}


def _bearers(rows: list[ContactTraits], few: int) -> Mapping[str, float]:
    """Say of each name how many others one would expect to bear it: from how common its words are, or more if more do.

    These are never taken for fewer people than `few`.
    """
    # Names are swapped now and then, so a word counts wherever it stands.
    words = Counter(word for row in rows for word in {*row.given[:1], *row.family})
    names = Counter(row.name for row in rows)
    everybody = max(len(rows), few)
    expected: dict[str, float] = {}
    for row in rows:
        given = words[row.given[0]] if row.given else 1
        family = min((words[each] for each in row.family), default=1)
        expected[row.name] = max(given * family / everybody, names[row.name] - _COPIES)
    return expected


EMPLOYERS: Matching[EmployerRecord, EmployerTraits] = Matching(
    employer_traits,
    employer_keys,
    score_employers,
    lambda one: " ".join(one.places[0][::-1]) if one.places else one.phone,
    _with_towns,
    _towns_of_names,
)
CONTACTS: Matching[ContactRecord, ContactTraits] = Matching(
    contact_traits,
    contact_keys,
    score_contacts,
    lambda one: f"{one.host} {one.mailbox}",
    lambda rows: rows,
    _bearers,
)


class Pair(NamedTuple):
    """Two rows that are likely one; the smaller id is the left one."""

    left: UUID
    right: UUID
    found: Scored


def find_employers(records: Iterable[EmployerRecord]) -> list[Pair]:
    """Return every likely pair among these employers, the surest first."""
    return _find(EMPLOYERS, records)


def find_contacts(records: Iterable[ContactRecord]) -> list[Pair]:
    """Return every likely pair among these contacts, the surest first."""
    return _find(CONTACTS, records)


def against(kind: DuplicateKind, record: R, others: Sequence[R]) -> list[Pair]:
    """Return the likely pairs of one row with each of the others, the surest first.

    The others are those that share keys with it, so a name is looked for among people who mostly bear it or one like it.
    """
    matching: Matching[R, Traits] = EMPLOYERS if kind is DuplicateKind.EMPLOYER else CONTACTS  # type: ignore[assignment] # the kind says which
    one, *rows = matching.complete([matching.traits(each) for each in (record, *others)])
    names = matching.namesakes([one, *rows], _FEW_ALIKE)
    found = []
    for other in rows:
        scored = matching.score(one, other, namesakes=max(names[one.name], names[other.name]))
        if scored.is_likely:
            left, right = sorted((one.id, other.id))
            found.append(Pair(left, right, scored))
    return sorted(found, key=_surest)


def _find(matching: Matching[R, T], records: Iterable[R]) -> list[Pair]:
    rows = matching.complete([matching.traits(record) for record in records])
    blocks: defaultdict[str, list[int]] = defaultdict(list)
    for number, row in enumerate(rows):
        for key in matching.keys(row):
            blocks[key].append(number)
    names = matching.namesakes(rows, _FEW)
    seen: set[int] = set()
    found = []
    for first, second in _candidates(matching, rows, blocks.values()):
        code = first * len(rows) + second
        if code in seen:
            continue
        seen.add(code)
        one, other = rows[first], rows[second]
        scored = matching.score(one, other, namesakes=max(names[one.name], names[other.name]))
        if scored.is_likely:
            left, right = sorted((one.id, other.id))
            found.append(Pair(left, right, scored))
    return sorted(found, key=_surest)


def _candidates(
    matching: Matching[R, T], rows: Sequence[T], blocks: Iterable[list[int]]
) -> Iterator[tuple[int, int]]:
    for block in blocks:
        if len(block) <= BLOCK:
            yield from combinations(block, 2)
            continue
        orders: tuple[Callable[[int], str], ...] = (
            lambda number: rows[number].name,
            lambda number: matching.place(rows[number]),
        )
        for order in orders:
            queue = sorted(block, key=order)
            for position, number in enumerate(queue):
                for neighbour in queue[position + 1 : position + 1 + WINDOW]:
                    yield (number, neighbour) if number < neighbour else (neighbour, number)


def _surest(pair: Pair) -> tuple[float, UUID, UUID]:
    return -pair.found.score, pair.left, pair.right
