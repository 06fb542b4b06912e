"""Why two rows may be one, in codes that a coordinator can read, and how sure that is."""

import math
from enum import StrEnum
from typing import NamedTuple

# From here on a pair is shown to a coordinator. Scores are probabilities only as far as the weights of evidence are
# right; `bench/duplicates.py` measures what this threshold does.
THRESHOLD = 0.6
# The same as a sum of evidence, a hair below: what has less is not likely, however it is rounded.
ENOUGH = math.log(THRESHOLD / (1 - THRESHOLD)) - 0.001


class Reason(StrEnum):
    """What speaks for two rows being one, or against it."""

    SAME_NAME = "same_name"
    SIMILAR_NAME = "similar_name"
    SWAPPED_NAMES = "swapped_names"
    NICKNAME = "nickname"
    INITIAL = "initial"
    SAME_ADDRESS = "same_address"
    SIMILAR_ADDRESS = "similar_address"
    SAME_CITY = "same_city"
    MOVED_ADDRESS = "moved_address"
    OTHER_CITY = "other_city"
    SAME_PHONE = "same_phone"
    OTHER_PHONE = "other_phone"
    SAME_WEBSITE = "same_website"
    SAME_EMPLOYER = "same_employer"
    OTHER_EMPLOYER = "other_employer"
    SAME_EMAIL = "same_email"
    SIMILAR_EMAIL = "similar_email"


class Scored(NamedTuple):
    """How sure it is, from 0 to 1, and why."""

    score: float
    reasons: tuple[Reason, ...]

    @property
    def is_likely(self) -> bool:
        """Say whether a coordinator should look at it."""
        return self.score >= THRESHOLD


class Evidence:
    """Weights of evidence, added up: natural logarithms of likelihood ratios, as Fellegi and Sunter (1969) have it."""

    __slots__ = ("reasons", "total")

    def __init__(self, prior: float) -> None:
        self.total = prior
        self.reasons: list[Reason] = []

    def add(self, weight: float, reason: Reason | None = None) -> None:
        """Let something count, for (positive) or against."""
        self.total += weight
        if reason is not None:
            self.reasons.append(reason)

    def scored(self) -> Scored:
        """Return the sum as a number from 0 to 1."""
        return Scored(round(1 / (1 + math.exp(-max(-30.0, min(30.0, self.total)))), 4), tuple(self.reasons))


NO_EVIDENCE = Scored(0.0, ())
