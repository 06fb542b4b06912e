"""The life of an import: tried first, then applied; a feed that looks poisoned is held."""

from dataclasses import dataclass
from enum import StrEnum

# A bulk roster that would end more than this share of the active people is held for a human (P9); small
# communities change by larger shares, so a handful of people never holds a feed.
HOLD_SHARE = 0.2
HOLD_AT_LEAST = 10


class ImportKind(StrEnum):
    """What the file is."""

    ROSTER = "roster"
    OPPORTUNITIES = "opportunities"
    CONNECTIONS = "connections"


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


# What reading the file is of the whole work, in percent; the rest is the rows as they are stored.
_READING = 10
_DONE = 100


def percent(status: ImportStatus, rows_done: int, rows_total: int | None) -> int:
    """Say how far an import has come: 0 to 100, and 100 only for one that has ended."""
    if status is ImportStatus.QUEUED:
        return 0
    if status is not ImportStatus.RUNNING:
        return _DONE
    if rows_total is None:
        return _READING // 2
    share = rows_done / rows_total if rows_total else 1.0
    return min(_READING + int(share * (_DONE - _READING)), _DONE - 1)


@dataclass(slots=True)
class Effect:
    """What an import did to the rows of one kind; on the same file sent again, everything is unchanged.

    `kept` counts what it left because a person decided otherwise: rows that staff ended or edited, roles that staff gave.
    """

    created: int = 0
    changed: int = 0
    unchanged: int = 0
    ended: int = 0
    kept: int = 0


@dataclass(slots=True)
class FileCount:
    """Rows of one file: read = taken + merged + rejected + ignored. A row merged says what another row says already."""

    read: int
    taken: int = 0
    merged: int = 0
    rejected: int = 0
    ignored: int = 0
