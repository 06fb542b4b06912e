"""When somebody says that something about a listing is wrong: the reports, and the one case they make together."""

from collections.abc import Iterable
from enum import StrEnum


class ReportReason(StrEnum):
    """What is wrong with a listing, in the words of whoever reports it."""

    UNSAFE = "unsafe"
    INAPPROPRIATE = "inappropriate"
    DISCRIMINATES = "discriminates"
    ASKS_FOR_MONEY = "asks_for_money"
    ASKS_FOR_PERSONAL_DATA = "asks_for_personal_data"
    MISLEADING = "misleading"
    NOT_REAL = "not_real"
    CLOSED = "closed"
    OTHER = "other"


class CaseStatus(StrEnum):
    """Where the case of a reported listing stands, and every report in it."""

    OPEN = "open"
    UPHELD = "upheld"
    DISMISSED = "dismissed"


class CaseAction(StrEnum):
    """What staff decide about it."""

    UPHOLD = "uphold"
    DISMISS = "dismiss"


_S, _A = CaseStatus, CaseAction

TRANSITIONS = {
    (_S.OPEN, _A.UPHOLD): _S.UPHELD,
    (_S.OPEN, _A.DISMISS): _S.DISMISSED,
}

# A student may be at risk: looked at before anything else, and never answered by a wait of days.
URGENT = frozenset({ReportReason.UNSAFE, ReportReason.INAPPROPRIATE, ReportReason.ASKS_FOR_PERSONAL_DATA})


def is_urgent(reasons: Iterable[ReportReason]) -> bool:
    """Say whether a case with these reasons comes before the others."""
    return any(reason in URGENT for reason in reasons)
