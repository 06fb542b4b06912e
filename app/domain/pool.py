"""What the pool tells of itself without telling on any family: the rules of the gap map and of reachability.

Both are snapshots of one batch a week. Between batches nothing changes, so nobody can watch a single offer arrive.

**Reachability.** "Does anyone at my school know a vet?" is `yes` only from three distinct households up; for none, one
and two it is the same `not_known`. Each cell (school, field) keeps the *basis* of its last publication. In the next
batch it is published anew only when at least two households differ from that basis; with fewer, the answer and
the basis both stay. So whatever one family does, with all of its offers, flips no answer; the price is that an answer may be
late by one family. Families are told apart by the households of both dates together: when a household splits,
merges or gets another id, that is one family changing, not two.

**Gap map.** Counts are of at least three; below, a cell says `fewer_than: 3` and nothing else. Shown counts are
rounded down to a multiple of three, so that neither two cells (a cluster and its occupations, two schools, two
batches) nor a total yield the exact third. There are no totals. The view of the whole tenant is made of what the schools'
cells show and of nothing else, so that taking the other schools away from it leaves only what was published.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.small_counts import FEWEST_SHOWN

# Distinct households, or students, below which no number and no yes is given (product.md §6).
AT_LEAST = FEWEST_SHOWN
# Households changed against the basis, below which a cell is not published anew.
TOGETHER = 2
# From so many households up a field is well covered; the same 2k as in the outreach's formula.
ENOUGH = 2 * AT_LEAST
# A basis of more would hold no more: to fall below AT_LEAST from here, at least TOGETHER of these have to change.
KEPT_HOUSEHOLDS = 8
# Batches are published for a Monday, in the tenant's zone.
BATCH_WEEKDAY = 0


class ReachAnswer(StrEnum):
    """What is said to "does anyone at my school know one?"."""

    YES = "yes"
    NOT_KNOWN = "not_known"


class Published(NamedTuple):
    """A cell as it was published: the answer, and who contributed to it, each with their household."""

    reachable: bool
    basis: Mapping[UUID, UUID]


UNPUBLISHED = Published(reachable=False, basis={})


def batch_day(today: date) -> date:
    """Return the day whose batch holds on `today`: the latest Monday."""
    return today - timedelta(days=(today.weekday() - BATCH_WEEKDAY) % 7)


def publish(
    before: Published, found: Mapping[UUID, UUID], homes_now: Mapping[UUID, UUID] | None = None
) -> Published:
    """Return a cell's next publication; `found` are the contributors of today with their households.

    `found` may name no more than the first KEPT_HOUSEHOLDS of them, so long as it names all where there are fewer.
    `homes_now` are today's households of those in the basis who may contribute no more.
    """
    if changed_families(before.basis, found, homes_now) < TOGETHER:
        return before
    homes = set(sorted(set(found.values()))[:KEPT_HOUSEHOLDS])
    return Published(
        reachable=len(homes) >= AT_LEAST,
        basis={person: home for person, home in found.items() if home in homes},
    )


def changed_families(
    before: Mapping[UUID, UUID], after: Mapping[UUID, UUID], homes_now: Mapping[UUID, UUID] | None = None
) -> int:
    """Count the families that stand for more or fewer households after than before.

    A family is everybody who shares a household at either date, however many steps apart: when a mother takes
    her offer back and a father makes one, and their household got another id, nothing changed.
    """
    family: dict[UUID, UUID] = {person: person for person in (*before, *after)}

    def head(person: UUID) -> UUID:
        while family[person] != person:
            family[person] = family[family[person]]
            person = family[person]
        return person

    now = {person: home for person, home in (homes_now or {}).items() if person in family}
    # A household keeps its id from one date to the next, so both dates are read as one list of homes.
    first: dict[UUID, UUID] = {}
    for homes in (before, {**now, **after}):
        for person, home in homes.items():
            family[head(person)] = head(first.setdefault(home, person))
    counts: dict[UUID, list[set[UUID]]] = {}
    for side, homes in enumerate((before, after)):
        for person, home in homes.items():
            counts.setdefault(head(person), [set(), set()])[side].add(home)
    return sum(len(was) != len(remaining) for was, remaining in counts.values())


def shown(count: int) -> int | None:
    """Return a count as it may be shown: None below three, else rounded down to a multiple of three."""
    return None if count < AT_LEAST else count - count % AT_LEAST


def is_lacking(wanted: int | None, households: int | None) -> bool:
    """Say, from the counts as they are shown, whether students want a field that too few households reach."""
    return wanted is not None and (households or 0) < ENOUGH


def shown_together(cells: Iterable[tuple[int | None, int | None]]) -> tuple[int | None, int | None]:
    """Return (wanted, households) of the whole tenant for a field, from what the schools' cells show.

    Wanted is the sum of what is shown. Households are what every school can count on: the least of them, since a
    household shared with the tenant stands in each school's cell and must not be counted twice.
    """
    seen = list(cells)
    wanted = sum(count for count, _ in seen if count is not None)
    least = min((count or 0 for _, count in seen), default=0)
    return wanted or None, least or None
