"""The hand that writes a thing down again, and slips."""

import random
import string
from collections.abc import Sequence
from typing import NamedTuple

from bench.known.mixtures import Mixture
from bench.known.vocabulary import KEYBOARD, SCANNED, SOUNDS

# A word of fewer letters would not be known any more after a slip.
_FEW = 4


class Town(NamedTuple):
    """A town: its name, its ZIP codes, its area code."""

    name: str
    postal_codes: tuple[str, ...]
    area: str


class Pen:
    """Writes things down again, with the slips of one mixture."""

    def __init__(self, mixture: Mixture) -> None:
        self.mix = mixture
        self.random = random.Random(mixture.seed)  # noqa: S311 - the same records every time are the point

    def by_chance(self, share: float) -> bool:
        """Say yes in so many cases of one."""
        return self.random.random() < share

    def digits_swapped(self, text: str) -> str:
        """Exchange two digits that stand beside each other."""
        pairs = [at for at in range(len(text) - 1) if text[at : at + 2].isdigit()]
        if not pairs:
            return text
        at = self.random.choice(pairs)
        return text[:at] + text[at + 1] + text[at] + text[at + 2 :]

    def slip(self, text: str) -> str:
        """Make one slip of the pen in a text."""
        letters = [place for place, char in enumerate(text) if char.isalpha()]
        if len(letters) < _FEW:
            return text
        at, kind = self.random.choice(letters[1:]), self.random.choice(self.mix.slips)
        before, here, after = text[:at], text[at], text[at + 1 :]
        if kind in {"sound", "scan"}:
            return self.heard(text, SOUNDS if kind == "sound" else SCANNED)
        row = next((row for row in KEYBOARD if here.lower() in row), KEYBOARD[0])
        near = row.find(here.lower()) + self.random.choice((-1, 1))
        return {
            "drop": before + after,
            "double": before + here + here + after,
            "insert": before + self.random.choice(string.ascii_lowercase) + here + after,
            "swap": before[:-1] + here + before[-1:] + after,
            "space": f"{before} {here}{after}",
            "neighbour": before + row[max(0, min(near, len(row) - 1))] + after,
        }[kind]

    def heard(self, text: str, table: Sequence[tuple[str, str]]) -> str:
        """Write something as it was heard, or as a scanner read it."""
        fitting = [(said, heard) for said, heard in table if said in text[1:].lower()]
        if not fitting:
            return text
        said, heard = self.random.choice(fitting)
        start = text.lower().index(said, 1)
        return text[:start] + heard + text[start + len(said) :]
