"""What a listing is found by: the lexemes of its search document, and those that a filter asks for.

Every lexeme begins with its tenant's prefix, so that one tenant's searches never walk through another's entries. Then
comes its kind: `w` a stem of the text, `t` a stem of the title, `=` something to filter by. A document that is drawn for a sample
has all of these once more under the sample's own prefix: to look into a sample is to look into an index as small as it.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from uuid import UUID

from app.domain.clusters import CLUSTERS, Cluster
from app.domain.codes import Names
from app.domain.occupations import OCCUPATIONS
from app.domain.search_query import Stems, plain, words_in
from app.domain.skills import SKILLS
from app.domain.travel import Box

# A tenth of a degree is about eleven kilometres; a twentieth keeps a walk to a few cells.
_CELLS_A_DEGREE = {"near": 20, "far": 2}
MOST_CELLS = 160
SHUFFLES = 1024
BUCKETS = 64
# One document of so many is drawn for the sample of that name; the small ones have lexemes of their own.
SAMPLES = (64, 16, 4)
OWN_SAMPLES = (64, 16)
_YOUNGEST, _OLDEST = 12, 22
_LONGEST_TERM = 24
_SHORTEST_TERM = 3

_CLUSTER_BITS = {cluster.value: 1 << at for at, cluster in enumerate(Cluster)}


@dataclass(frozen=True, slots=True)
class Listing:
    """What the catalogue shows of a listing, as far as it can be searched for."""

    id: UUID
    title: str
    texts: Sequence[str]
    names: Sequence[Names]
    type: str
    clusters: Sequence[str]
    skills: Sequence[str]
    tags: Sequence[str]
    pay: str
    remote: bool
    credit: bool
    step_free: bool
    school_id: UUID | None
    only_for: UUID | None
    employer_id: UUID
    owner_id: UUID | None
    minimum_age: int | None
    maximum_age: int | None
    published_on: date
    place: tuple[float, float] | None


def prefix(tenant_id: UUID) -> str:
    """Return what every lexeme of a tenant begins with; two tenants that share it are told apart by their rows."""
    return tenant_id.hex[-5:]


def sample_prefix(tenant: str, sample: int) -> str:
    """Return what the lexemes of a tenant's documents begin with in a sample that has lexemes of its own."""
    return f"{tenant}{sample}/"


def cluster_bits(clusters: Iterable[str]) -> int:
    """Return clusters as the bits of a number, by their order in `Cluster`."""
    return sum(_CLUSTER_BITS[cluster] for cluster in set(clusters) if cluster in _CLUSTER_BITS)


def clusters_in(bits: int) -> list[str]:
    """Return the clusters that a number stands for."""
    return [cluster for cluster, bit in _CLUSTER_BITS.items() if bits & bit]


def shuffle_of(listing_id: UUID) -> int:
    """Return the place of a listing in the order of chance, 0 to 1023."""
    return listing_id.int % SHUFFLES


def words_of(listing: Listing) -> list[str]:
    """Return every word a listing is found by, title first, each once."""
    words = words_in(listing.title)
    for text in listing.texts:
        words += words_in(text)
    for names in listing.names:
        words += _words_of_names(names)
    for code in listing.clusters:
        words += _CLUSTER_WORDS.get(code, ())
    for code in listing.skills:
        words += _SKILL_WORDS.get(code, ())
    for tag in listing.tags:
        words += words_in(tag) + _TRANSLATIONS.get(_key(tag), [])
    return list(dict.fromkeys(words))


def lexemes(tenant: str, listing: Listing, words: Sequence[str], stems: Stems) -> list[str]:
    """Return the lexemes of a listing's document; `words` are its `words_of`, `stems` knows all their forms."""
    found = {f"{tenant}w{stem}" for word in words for stem in stems[word].stems}
    found |= {f"{tenant}t{stem}" for word in words_in(listing.title) for stem in stems[word].stems}
    found |= {f"{tenant}={name}" for name in _filters(listing)}
    drawn = [size for size in OWN_SAMPLES if _drawn(listing.id, size)]
    again = {sample_prefix(tenant, size) + lexeme[len(tenant) :] for size in drawn for lexeme in found}
    return sorted(found | again)


def terms_of(words: Iterable[str], stems: Stems) -> dict[str, str]:
    """Return the words that a misspelt one may have meant, and the stems that are known: term to its initial."""
    found: dict[str, str] = {}
    for word in words:
        for stem in stems[word].stems:
            found.setdefault(stem, "")
    for word in words:
        if _SHORTEST_TERM <= len(word) <= _LONGEST_TERM and word.isalpha() and not stems[word].small:
            found[word] = plain(word)[0]
    return found


def published_in(day: date) -> str:
    """Return the filter of the week in which a listing was published."""
    year, week, _ = day.isocalendar()
    return f"week:{year}{week:02}"


def weeks(first: date, last: date) -> list[str]:
    """Return the filters of every week from the one of `first` to the one of `last`."""
    day = first - timedelta(days=first.weekday())
    found = []
    while day <= last:
        found.append(published_in(day))
        day += timedelta(days=7)
    return found


def bucket(number: int) -> str:
    """Return the filter of a sixteenth part of the order of chance."""
    return f"mix:{number % BUCKETS}"


def cells(box: Box) -> list[str] | None:
    """Return the filters of the map's cells that a box touches; None where they are too many to ask for."""
    for size, each in _CELLS_A_DEGREE.items():
        rows = range(math.floor(box.south * each), math.floor(box.north * each) + 1)
        west, east = math.floor(box.west * each), math.floor(box.east * each)
        around = 360 * each
        count = (east - west if box.east >= box.west else east - west + around) + 1
        if len(rows) * count <= MOST_CELLS:
            columns = [(west + 180 * each + step) % around for step in range(count)]
            return [f"{size}:{row}:{column}" for row in rows for column in columns]
    return None


def in_sample(sample: int) -> str:
    """Return the filter of a sample that has no lexemes of its own."""
    return f"one_of:{sample}"


def from_ages(age: int) -> list[str]:
    """Return the filters of the minimum ages that somebody of this age has reached."""
    return ["from:any", *(f"from:{years}" for years in range(_YOUNGEST, min(age, _OLDEST) + 1))]


def to_ages(age: int) -> list[str]:
    """Return the filters of the maximum ages that somebody of this age has not passed."""
    return ["to:any", *(f"to:{years}" for years in range(max(min(age, _OLDEST), _YOUNGEST), _OLDEST + 1))]


def _filters(listing: Listing) -> Iterator[str]:
    yield "all"
    yield f"type:{listing.type}"
    yield from (f"cluster:{code}" for code in listing.clusters)
    yield from (f"skill:{code}" for code in listing.skills)
    yield f"pay:{listing.pay}"
    yield f"remote:{int(listing.remote)}"
    yield f"credit:{int(listing.credit)}"
    yield f"step_free:{int(listing.step_free)}"
    yield f"for:{'everyone' if listing.only_for is None else listing.only_for.hex}"
    if listing.school_id is not None:
        yield f"school:{listing.school_id.hex}"
    yield f"employer:{listing.employer_id.hex}"
    if listing.owner_id is not None:
        yield f"owner:{listing.owner_id.hex}"
    yield f"from:{'any' if listing.minimum_age is None else _clamped(listing.minimum_age)}"
    yield f"to:{'any' if listing.maximum_age is None else _clamped(listing.maximum_age)}"
    yield published_in(listing.published_on)
    yield bucket(shuffle_of(listing.id) * BUCKETS // SHUFFLES)
    yield from (in_sample(size) for size in SAMPLES if size not in OWN_SAMPLES and _drawn(listing.id, size))
    if listing.place is not None:
        for size, each in _CELLS_A_DEGREE.items():
            row = math.floor(listing.place[0] * each)
            yield f"{size}:{row}:{(math.floor(listing.place[1] * each) + 180 * each) % (360 * each)}"


def _drawn(listing_id: UUID, sample: int) -> bool:
    return listing_id.int // SHUFFLES % sample == 0


def _clamped(age: int) -> int:
    return max(_YOUNGEST, min(age, _OLDEST))


def _key(text: str) -> str:
    return plain(" ".join(text.casefold().replace("_", " ").split()))


@lru_cache(maxsize=2048)
def _words_of_names(names: Names) -> tuple[str, ...]:
    return (*words_in(names.en), *words_in(names.es))


def _translations() -> Mapping[str, list[str]]:
    """Return what a tag is called in both languages, where it is the name of something that has two names."""
    known: dict[str, list[str]] = {}
    for cluster in CLUSTERS.values():
        _learn(known, cluster, ())
    for skill in SKILLS.values():
        _learn(known, skill.names, skill.words)
    for occupation in OCCUPATIONS.values():
        _learn(known, occupation.names, occupation.words)
    return known


def _learn(known: dict[str, list[str]], names: Names, others: Iterable[str]) -> None:
    for name in (*names, *others):
        known.setdefault(_key(name), []).extend(_words_of_names(names))


_CLUSTER_WORDS = {cluster.value: _words_of_names(names) for cluster, names in CLUSTERS.items()}
_SKILL_WORDS = {
    code: (*_words_of_names(skill.names), *(word for text in skill.words for word in words_in(text)))
    for code, skill in SKILLS.items()
}
_TRANSLATIONS = _translations()
