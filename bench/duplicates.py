"""How well duplicates are found: generated employers and contacts of which it is known who is who.

The generator knows nothing of how names are compared: its abbreviations, slips and missing fields are of its own making,
many of which the comparison has no table for. Weights were set by looking at the errors in the first mixture of noise and,
after its totals had been seen already, at those in the second; both flatter the comparison. The third one, with other towns
and with kinds of noise that neither of the two has, was written down before anything was measured on it, and nothing was
changed afterwards for its sake.
"""

import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from itertools import combinations
from typing import NamedTuple
from uuid import UUID

from app.domain.duplicates import ContactRecord, EmployerRecord, Pair, find_contacts, find_employers
from bench.known.maker import Maker
from bench.known.mixtures import HELD_OUT, SECOND, TUNED, Mixture

EMPLOYERS, CONTACTS = 100_000, 20_000


class Known(NamedTuple):
    """Generated records, and which of them are one."""

    employers: list[EmployerRecord]
    contacts: list[ContactRecord]
    of: dict[UUID, int]


class Figures(NamedTuple):
    """What was measured."""

    records: int
    duplicates: int
    found: int
    precision: float
    recall: float
    seconds: float
    processor: float


def known(mixture: Mixture, employers: int = EMPLOYERS, contacts: int = CONTACTS) -> Known:
    """Make records of which it is known who is who."""
    make = Maker(mixture)
    return Known(make.employers(employers), make.contacts(contacts, max(20, contacts // 8)), make.of)


def _true_pairs(ids: Iterable[UUID], of: dict[UUID, int]) -> set[tuple[UUID, UUID]]:
    together: defaultdict[int, list[UUID]] = defaultdict(list)
    for one in ids:
        together[of[one]].append(one)
    return {(min(pair), max(pair)) for group in together.values() for pair in combinations(group, 2)}


def _measured(ids: list[UUID], of: dict[UUID, int], look: Callable[[], list[Pair]]) -> Figures:
    began, worked = time.perf_counter(), time.process_time()
    found = look()
    seconds, processor = time.perf_counter() - began, time.process_time() - worked
    true = _true_pairs(ids, of)
    right = sum((pair.left, pair.right) in true for pair in found)
    return Figures(
        len(ids), len(true), len(found), right / max(1, len(found)), right / len(true), seconds, processor
    )


def measure_employers(made: Known) -> Figures:
    """Look for the employers that are there twice."""
    return _measured([one.id for one in made.employers], made.of, lambda: find_employers(made.employers))


def measure_contacts(made: Known) -> Figures:
    """Look for the contacts that are there twice."""
    return _measured([one.id for one in made.contacts], made.of, lambda: find_contacts(made.contacts))


def report() -> list[str]:
    """Measure everything and return the lines of the report, in Markdown; takes about a minute."""
    lines = [
        "## Duplicates: generated records of which it is known who is who",
        "",
        "| records | noise | pairs | found | precision | recall | seconds | of the processor |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for mixture, employers in ((TUNED, EMPLOYERS), (SECOND, EMPLOYERS // 5), (HELD_OUT, EMPLOYERS)):
        made = known(mixture, employers)
        for noun, one in (("employers", measure_employers(made)), ("contacts", measure_contacts(made))):
            lines.append(
                f"| {one.records:,} {noun} | {mixture.name} | {one.duplicates:,} | {one.found:,} | {one.precision:.3f}"
                f" | {one.recall:.3f} | {one.seconds:.1f} | {one.processor:.1f} |"
            )
    return [*lines, ""]


if __name__ == "__main__":
    print("\n".join(report()))  # noqa: T201 - the bench talks to a terminal
