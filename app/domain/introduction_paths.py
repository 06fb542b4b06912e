"""Which path an introduction takes: how likely each is, how tired its people are, and the caps that never give.

A path is a contributor (and their household) who knows a contact. Its score is

    ln p(household) + ln p(contact) - 0.5 x asks of the household this year - 0.15 x asks of the contact + noise

The service and the simulation (`bench/introductions.py`) decide with these same functions.
"""

import hashlib
import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from app.domain.local_time import local_day, starts_at

HOUSEHOLD_WEIGHT = 0.5
CONTACT_WEIGHT = 0.15
# Wide enough to turn equal paths about, too narrow to outweigh an ask of a household.
NOISE = 0.1

WEEK = timedelta(days=7)
YEAR = timedelta(days=365)
MOST_A_WEEK = 1
MOST_A_TERM = 4
# A school year has two semesters or three terms; where the roster names none, about a third of a year counts as one.
USUAL_TERM = timedelta(days=120)
# A school year is too long to count for a term, and a grading period too short.
TERM_KINDS = frozenset({"term", "semester"})

# How willing people are before anything is known of their answers. Assumptions, not measurements: whoever is close to
# somebody and speaks with them often asks them more easily, and is refused less often. They weigh as much as
# `PRIOR_ASKS` answers, so that a few real ones soon outweigh them.
PRIOR_ASKS = 4.0
_WILLING_CONTRIBUTOR = {1: 0.35, 2: 0.55, 3: 0.70}
_WILLING_CONTACT = {1: 0.40, 2: 0.50, 3: 0.60}
_BY_FREQUENCY = 0.04
_USUAL_FREQUENCY = 3


class Term(NamedTuple):
    """A dated span of the school year; both days included."""

    kind: str
    starts_on: date
    ends_on: date


@dataclass(frozen=True, slots=True)
class Answers:
    """How often somebody was asked and has answered, or let the time pass, and how often they said yes."""

    asked: int
    agreed: int


@dataclass(frozen=True, slots=True)
class Asks:
    """How often somebody is asked: in the last week, this term, and this year; kept turns count like asks."""

    this_week: int
    this_term: int
    this_year: int


def contributor_chance(closeness: int, frequency: int, answers: Answers) -> float:
    """Return how likely a household says yes: its Beta-smoothed rate, from what is known of the tie (1-3, 1-5)."""
    mean = _WILLING_CONTRIBUTOR[closeness] + _BY_FREQUENCY * (frequency - _USUAL_FREQUENCY)
    return _smoothed(mean, answers)


def contact_chance(closeness: int, answers: Answers) -> float:
    """Return how likely a contact says yes, smoothed like a household's rate."""
    return _smoothed(_WILLING_CONTACT[closeness], answers)


def base_score(closeness: int, frequency: int, household: Answers, contact: Answers) -> float:
    """Return the part of the score that no ask lowers: ln p(household) + ln p(contact). At most 0."""
    return math.log(contributor_chance(closeness, frequency, household)) + math.log(
        contact_chance(closeness, contact)
    )


def score(base: float, household_asks: int, contact_asks: int, noise: float) -> float:
    """Return a path's score; the counts are the asks of this year."""
    return base - HOUSEHOLD_WEIGHT * household_asks - CONTACT_WEIGHT * contact_asks + noise


def noise(introduction_id: UUID, connection_id: UUID) -> float:
    """Return a path's noise, from 0 up to `NOISE`: the same for the same introduction, and different for the next."""
    digest = hashlib.blake2b(introduction_id.bytes + connection_id.bytes, digest_size=8).digest()
    return NOISE * int.from_bytes(digest, "big") / 2**64


def may_ask(asks: Asks, *, monthly: tuple[int, int] | None = None) -> bool:
    """Say whether one more ask stays within the caps; `monthly` is (asks this month, the person's own cap)."""
    within = monthly is None or monthly[0] < monthly[1]
    return asks.this_week < MOST_A_WEEK and asks.this_term < MOST_A_TERM and within


def reach(base: float) -> float:
    """Return what no path with this base, nor any with a lower one, ever exceeds: asks only lower a score."""
    return base + NOISE


def term_start(terms: Iterable[Term], now: datetime, zone: str) -> datetime:
    """Return since when asks count for this term: the earliest term or semester that covers today, or 120 days."""
    today = local_day(now, zone)
    starts = [
        term.starts_on
        for term in terms
        if term.kind in TERM_KINDS and term.starts_on <= today <= term.ends_on
    ]
    if not starts:
        return now - USUAL_TERM
    return starts_at(min(starts), zone)


def _smoothed(mean: float, answers: Answers) -> float:
    return (PRIOR_ASKS * mean + answers.agreed) / (PRIOR_ASKS + answers.asked)
