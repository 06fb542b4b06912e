"""`make bench-introductions`: does it matter whom one asks? A simulated school year under three policies.

A made community with a few families who know very many people asks for introductions for a year. The third policy is the
service's own: the same functions, caps and schedule (`app/domain/introduction_paths.py`, `app/domain/introduction.py`).
Nothing here is measured on people; the assumptions stand below, each with its number, and may be changed.
"""

import heapq
import random
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from app.domain.introduction import SLOTS, slot_end
from app.domain.introduction_paths import (
    WEEK,
    YEAR,
    Answers,
    Asks,
    Term,
    base_score,
    contact_chance,
    contributor_chance,
    may_ask,
    noise,
    reach,
    score,
    term_start,
)

SEEDS = 20
FAMILIES = 600
FIELDS = 14
REQUESTS = 420
FIRST_DAY = datetime(2026, 8, 31, 15, tzinfo=UTC)
WEEKS = 36
ZONE = "America/Chicago"
TERMS = (
    Term("semester", date(2026, 8, 24), date(2027, 1, 15)),
    Term("semester", date(2027, 1, 16), date(2027, 6, 11)),
)
# How many people a family offers: a Pareto tail, so that a handful of families know more people than most together.
TAIL, FEWEST, MOST = 1.15, 2, 250
# How many of the people offered are known to somebody else too.
KNOWN_TWICE = 0.15
# Every ask in the last year wears a family out, and a contact a little less: each leaves this share of the willingness.
FAMILY_WEARS, CONTACT_WEARS = 0.72, 0.85
MONTHLY_CAP = 2

_NEVER: list[datetime] = []

MARKS = ("<!-- measured by make bench-introductions -->", "<!-- end of what was measured -->")
DOCUMENT = Path(__file__).parents[1] / "docs" / "introductions.md"


@dataclass(frozen=True, slots=True)
class Tie:
    """A family's connection to a contact."""

    id: UUID
    family: int
    contact: int
    closeness: int
    frequency: int


@dataclass(slots=True)
class Community:
    """Who knows whom, and by field."""

    by_field: list[list[Tie]]
    sizes: list[int]


@dataclass(slots=True)
class Year:
    """What has happened so far: when whom was asked, and how often they agreed."""

    family_asks: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    contact_asks: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    family_agreed: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    contact_agreed: dict[int, int] = field(default_factory=lambda: defaultdict(int))


@dataclass(slots=True)
class Request:
    """One student's request, and whom it has tried."""

    id: UUID
    wanted: int
    approved_at: datetime
    families: set[int] = field(default_factory=set)
    contacts: set[int] = field(default_factory=set)


Policy = Callable[[random.Random, Community, Year, Request, datetime], Tie | None]


def make_community(draw: random.Random) -> Community:
    """Make families whose networks have a heavy tail."""
    by_field: list[list[Tie]] = [[] for _ in range(FIELDS)]
    known: list[tuple[int, int]] = []
    sizes = [min(MOST, int(FEWEST * draw.paretovariate(TAIL))) for _ in range(FAMILIES)]
    for family, size in enumerate(sizes):
        for _ in range(size):
            if known and draw.random() < KNOWN_TWICE:
                contact, of = draw.choice(known)
            else:
                contact, of = len(known), draw.randrange(FIELDS)
                known.append((contact, of))
            tie = Tie(
                UUID(int=draw.getrandbits(128)), family, contact, draw.randint(1, 3), draw.randint(1, 5)
            )
            by_field[of].append(tie)
    for ties in by_field:
        # The strongest first, so that the search below can pass over most of the others.
        ties.sort(key=lambda tie: (-_base(tie.closeness, tie.frequency, 0, 0, 0, 0), tie.id))
    return Community(by_field, sizes)


def strongest(
    _draw: random.Random, community: Community, _year: Year, request: Request, _now: datetime
) -> Tie | None:
    """Ask along the strongest tie, always; among equals the family that knows most people."""
    return max(
        _untried(community, request),
        key=lambda tie: (
            _base(tie.closeness, tie.frequency, 0, 0, 0, 0),
            community.sizes[tie.family],
            tie.id,
        ),
        default=None,
    )


def at_random(
    draw: random.Random, community: Community, _year: Year, request: Request, _now: datetime
) -> Tie | None:
    """Ask along any tie."""
    found = list(_untried(community, request))
    return draw.choice(found) if found else None


def capped_and_rotating(
    _draw: random.Random, community: Community, year: Year, request: Request, now: datetime
) -> Tie | None:
    """Ask as the service does: by its score, within its caps."""
    term, month = term_start(TERMS, now, ZONE), now.replace(day=1, hour=0)
    best: tuple[float, UUID, Tie] | None = None
    for tie in _untried(community, request):
        asks, of_contact = (
            year.family_asks.get(tie.family, _NEVER),
            year.contact_asks.get(tie.contact, _NEVER),
        )
        base = _base(
            tie.closeness,
            tie.frequency,
            len(asks),
            year.family_agreed.get(tie.family, 0),
            len(of_contact),
            year.contact_agreed.get(tie.contact, 0),
        )
        if best is not None and reach(base) <= best[0]:
            continue
        this_month = sum(at >= month for at in of_contact)
        within = may_ask(_asks(asks, now, term)) and may_ask(
            _asks(of_contact, now, term), monthly=(this_month, MONTHLY_CAP)
        )
        if not within:
            continue
        reached = score(base, len(asks), len(of_contact), noise(request.id, tie.id))
        if best is None or (reached, tie.id) > best[:2]:
            best = (reached, tie.id, tie)
    return None if best is None else best[2]


POLICIES: dict[str, Policy] = {
    "always the strongest path": strongest,
    "any path at random": at_random,
    "capped and rotating (the service)": capped_and_rotating,
}


def _untried(community: Community, request: Request) -> Iterator[Tie]:
    return (
        tie
        for tie in community.by_field[request.wanted]
        if tie.family not in request.families and tie.contact not in request.contacts
    )


def _asks(at: list[datetime], now: datetime, term: datetime) -> Asks:
    return Asks(
        sum(one > now - WEEK for one in at),
        sum(one >= term for one in at),
        sum(one > now - YEAR for one in at),
    )


@cache
def _base(closeness: int, frequency: int, asked: int, agreed: int, of_contact: int, by_contact: int) -> float:
    return base_score(closeness, frequency, Answers(asked, agreed), Answers(of_contact, by_contact))


def simulate(seed: int, policy: Policy) -> tuple[float, list[int]]:
    """Live through a year; returns the share of requests that ended in a meeting, and each family's asks."""
    draw = random.Random(seed)  # noqa: S311 - a seeded simulation
    community = make_community(draw)
    requests = [
        Request(
            UUID(int=draw.getrandbits(128)),
            draw.randrange(FIELDS),
            FIRST_DAY + timedelta(minutes=draw.randrange(WEEKS * 7 * 24 * 60)),
        )
        for _ in range(REQUESTS)
    ]
    # Whether people agree is drawn apart, so that every policy meets the same people in the same mood.
    moods = random.Random(seed + 1_000_000)  # noqa: S311 - a seeded simulation
    year, met = Year(), 0
    due = [(request.approved_at, number, 1) for number, request in enumerate(requests)]
    heapq.heapify(due)
    while due:
        now, number, slot = heapq.heappop(due)
        request = requests[number]
        tie = policy(draw, community, year, request, now)
        if tie is not None and _agrees(moods, year, request, tie, now):
            met += 1
        elif slot < SLOTS:
            heapq.heappush(due, (slot_end(request.approved_at, slot), number, slot + 1))
    return met / len(requests), [len(year.family_asks[family]) for family in range(FAMILIES)]


def _agrees(moods: random.Random, year: Year, request: Request, tie: Tie, now: datetime) -> bool:
    """Ask the family, then the contact; the truth that no policy sees: everybody is as willing as their tie, and wears out."""
    request.families.add(tie.family)
    request.contacts.add(tie.contact)
    nothing = Answers(0, 0)
    asked = len(year.family_asks[tie.family])
    year.family_asks[tie.family].append(now)
    willing = contributor_chance(tie.closeness, tie.frequency, nothing) * FAMILY_WEARS**asked
    if moods.random() >= willing:
        return False
    year.family_agreed[tie.family] += 1
    asked = len(year.contact_asks[tie.contact])
    year.contact_asks[tie.contact].append(now)
    if moods.random() >= contact_chance(tie.closeness, nothing) * CONTACT_WEARS**asked:
        return False
    year.contact_agreed[tie.contact] += 1
    return True


def gini(counts: list[int]) -> float:
    """Return how unequally the asks fall: 0 when every family has as many, near 1 when one has them all."""
    total, several = sum(counts), len(counts)
    if total == 0:
        return 0.0
    ranked = sum(rank * count for rank, count in enumerate(sorted(counts), start=1))
    return 2 * ranked / (several * total) - (several + 1) / several


def measure(seeds: int = SEEDS) -> list[str]:
    """Return the table: over the seeds the mean, and behind it the smallest and the largest."""
    lines = [
        "| policy | requests that end in a meeting | most asks of one family | asks of a family, mean | Gini of the asks |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, policy in POLICIES.items():
        runs = [simulate(seed, policy) for seed in range(seeds)]
        columns = (
            _spread([100 * share for share, _ in runs], "{:.0f} %"),
            _spread([float(max(counts)) for _, counts in runs], "{:.0f}"),
            _spread([statistics.fmean(counts) for _, counts in runs], "{:.2f}"),
            _spread([gini(counts) for _, counts in runs], "{:.2f}"),
        )
        lines.append(f"| {name} | {' | '.join(columns)} |")
    return lines


def _spread(values: list[float], form: str) -> str:
    low, mean, high = min(values), statistics.fmean(values), max(values)
    return f"{form.format(mean)} ({form.format(low)} to {form.format(high)})"


def main() -> None:
    """Measure, print, and write the figures into the document."""
    table = "\n".join(measure())
    sys.stdout.write(f"{table}\n")
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(MARKS[0])
    after = rest.partition(MARKS[1])[2]
    DOCUMENT.write_text(f"{before}{MARKS[0]}\n\n{table}\n\n{MARKS[1]}{after}", encoding="utf-8")


if __name__ == "__main__":
    main()
