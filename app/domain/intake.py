"""The life of an import: tried first, then applied; a feed that looks poisoned is held."""

from enum import StrEnum

# A bulk roster that would end more than this share of the active people is held for a human (P9); small
# communities change by larger shares, so a handful of people never holds a feed.
HOLD_SHARE = 0.2
HOLD_AT_LEAST = 10


class ImportKind(StrEnum):
    """What the file is."""

    ROSTER = "roster"
    OPPORTUNITIES = "opportunities"


class ImportStatus(StrEnum):
    """Where an import stands."""

    QUEUED = "queued"
    RUNNING = "running"
    TRIED = "tried"
    HELD = "held"
    APPLIED = "applied"
    REFUSED = "refused"
    FAILED = "failed"


class ImportAction(StrEnum):
    """What can happen to an import."""

    START = "start"
    FINISH_TRIAL = "finish_trial"
    FINISH = "finish"
    HOLD = "hold"
    REFUSE = "refuse"
    FAIL = "fail"
    APPLY = "apply"


_S, _A = ImportStatus, ImportAction

TRANSITIONS = {
    (_S.QUEUED, _A.START): _S.RUNNING,
    (_S.QUEUED, _A.FAIL): _S.FAILED,
    (_S.RUNNING, _A.START): _S.RUNNING,
    (_S.RUNNING, _A.FINISH_TRIAL): _S.TRIED,
    (_S.RUNNING, _A.FINISH): _S.APPLIED,
    (_S.RUNNING, _A.HOLD): _S.HELD,
    (_S.RUNNING, _A.REFUSE): _S.REFUSED,
    (_S.RUNNING, _A.FAIL): _S.FAILED,
    (_S.TRIED, _A.APPLY): _S.QUEUED,
    (_S.HELD, _A.APPLY): _S.QUEUED,
}


def looks_poisoned(active: int, ending: int) -> bool:
    """Say whether a roster would end so many people that a human must look first."""
    return ending >= HOLD_AT_LEAST and ending > active * HOLD_SHARE
