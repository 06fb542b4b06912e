"""What goes wrong when somebody writes down again what is known already, and how often.

Of the three mixtures one was never looked at while the weights of the comparison were set (see bench/duplicates.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bench.known.vocabulary import ADDRESSES, NICKNAMES, OTHER_NICKNAMES, PERSON_FAULTS


@dataclass(frozen=True)
class Mixture:
    """What goes wrong, and how often; `slips`, `short`, `more` and `habits` name the kinds of it."""

    name: str
    seed: int
    faults: tuple[float, ...]  # of names: the chance of no fault, one, two, three
    slips: tuple[str, ...]
    short: tuple[str, ...]
    missing: float
    moved: float
    other_phone: float
    more: tuple[str, ...] = ()
    habits: frozenset[str] = frozenset()
    person_faults: Mapping[str, float] = field(default_factory=lambda: PERSON_FAULTS)
    nicknames: Mapping[str, tuple[str, ...]] = field(default_factory=lambda: NICKNAMES)
    addresses: Mapping[str, float] = field(default_factory=lambda: ADDRESSES)


TUNED = Mixture(
    "tuned: its errors were seen while weights were set", 20_261_122, (0.15, 0.40, 0.30, 0.15),
    ("drop", "double", "swap", "neighbour", "sound"), ("usual", "vowels", "cut"), 0.18, 0.12, 0.10,
)  # fmt: skip
SECOND = Mixture(
    "second mix: its totals, and the errors in its contacts, were seen while weights were set", 7_919, (0.12, 0.43, 0.30, 0.15),
    ("drop", "insert", "swap", "scan", "sound", "neighbour"), ("usual", "cut", "dotted", "initials"), 0.22, 0.10, 0.14,
)  # fmt: skip
HELD_OUT = Mixture(
    "hold-out: written before it was measured, nothing changed after", 314_159, (0.12, 0.38, 0.33, 0.17),
    ("drop", "insert", "double", "swap", "sound", "space"), ("usual", "vowels", "initials"), 0.20, 0.14, 0.12,
    more=("all vowels", "in Spanish", "twice"),
    habits=frozenset({"house number", "telephone digit", "postal digit"}),
    person_faults={
        "nickname": 24, "swapped": 7, "initial": 8, "family": 18, "given": 13, "one family name": 9, "middle": 8, "title": 4,
        "married": 3, "none": 6,
    },
    nicknames=NICKNAMES | OTHER_NICKNAMES,
    addresses={"other": 0.33, "slip": 0.25, "elsewhere": 0.25, "nickname": 0.17},
)  # fmt: skip
