"""What becomes of two rows that may be one: suggested to a coordinator, merged, or different for ever."""

from enum import StrEnum


class DuplicateKind(StrEnum):
    """What may be there twice."""

    EMPLOYER = "employer"
    CONTACT = "contact"


class DuplicateStatus(StrEnum):
    """Where a pair stands."""

    SUGGESTED = "suggested"
    MERGED = "merged"
    DIFFERENT = "different"


class DuplicateAction(StrEnum):
    """What can happen to a pair."""

    MERGE = "merge"
    MARK_DIFFERENT = "mark_different"
    RESTORE = "restore"


class MergeStatus(StrEnum):
    """Where a merge stands."""

    DONE = "done"
    UNDONE = "undone"


class MergeAction(StrEnum):
    """What can happen to a merge."""

    UNDO = "undo"


class ScanStatus(StrEnum):
    """Where a search through everything stands."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ScanAction(StrEnum):
    """What can happen to a search."""

    START = "start"
    FINISH = "finish"
    FAIL = "fail"


_S, _A = DuplicateStatus, DuplicateAction

# Different is for ever: no row leads on from it.
TRANSITIONS = {
    (_S.SUGGESTED, _A.MERGE): _S.MERGED,
    (_S.SUGGESTED, _A.MARK_DIFFERENT): _S.DIFFERENT,
    (_S.MERGED, _A.RESTORE): _S.SUGGESTED,
}
MERGE_TRANSITIONS = {(MergeStatus.DONE, MergeAction.UNDO): MergeStatus.UNDONE}
SCAN_TRANSITIONS = {
    (ScanStatus.WAITING, ScanAction.START): ScanStatus.RUNNING,
    # A worker that died leaves it running; the next one starts again.
    (ScanStatus.RUNNING, ScanAction.START): ScanStatus.RUNNING,
    (ScanStatus.RUNNING, ScanAction.FINISH): ScanStatus.DONE,
    (ScanStatus.WAITING, ScanAction.FAIL): ScanStatus.FAILED,
    (ScanStatus.RUNNING, ScanAction.FAIL): ScanStatus.FAILED,
}
