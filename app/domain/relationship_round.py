"""The life of a relationship mapping round: which students of a school have no adult who knows them well.

The idea is Harvard's Making Caring Common project's: adults mark the students they have a trusting relationship with,
students name the adults they would turn to, and whoever is left out gets somebody. Who marked or named whom is
nobody's business but theirs: a round tells of each student only what is missing.
"""

from datetime import timedelta
from enum import StrEnum


class RoundStatus(StrEnum):
    """Where a round stands."""

    DRAFT = "draft"
    OPEN = "open"
    CLOSED = "closed"


class RoundAction(StrEnum):
    """What can happen to a round."""

    OPEN = "open"
    CLOSE = "close"


class RoundScope(StrEnum):
    """Whose students a round is about."""

    SCHOOL = "school"
    GRADE = "grade"
    TEAM = "team"


_S, _A = RoundStatus, RoundAction

TRANSITIONS = {
    (_S.DRAFT, _A.OPEN): _S.OPEN,
    (_S.OPEN, _A.CLOSE): _S.CLOSED,
}

# How long after somebody stepped forward they are asked how it goes.
FOLLOW_UPS = (timedelta(days=28), timedelta(days=60))

# Who marked and who named whom is erased so long after the close: the year's work with the result is done by then.
ANSWERS_KEPT = timedelta(days=180)

# With fewer adults than this, "named an adult who did not mark" would say whom.
FEWEST_ADULTS = 3


def follow_up_after(asked: int) -> timedelta | None:
    """Return how long after the first day the next follow-up is due, when so many were asked for; None after the last."""
    return FOLLOW_UPS[asked] if asked < len(FOLLOW_UPS) else None


def mismatches_may_be_told(adults: int) -> bool:
    """Say whether mismatches may be told in a round that so many adults could have answered."""
    return adults >= FEWEST_ADULTS
