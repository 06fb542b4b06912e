"""The life of a placement: a student at an opportunity, with schedule, goals and supervisor."""

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from app.domain.errors import Refused


class PlacementStatus(StrEnum):
    """Where a placement stands."""

    SETUP = "setup"
    AWAITING_SIGNATURES = "awaiting_signatures"
    CLEARED = "cleared"
    ACTIVE = "active"
    END_REQUESTED = "end_requested"
    COMPLETED = "completed"
    ENDED_EARLY = "ended_early"
    NO_SHOW = "no_show"


class PlacementAction(StrEnum):
    """What can happen to a placement."""

    SEND_FOR_SIGNATURES = "send_for_signatures"
    CLEAR = "clear"
    ACTIVATE = "activate"
    REQUEST_END = "request_end"
    COMPLETE = "complete"
    END_EARLY = "end_early"
    RECORD_NO_SHOW = "record_no_show"


_S, _A = PlacementStatus, PlacementAction

# Until agreements exist, a coordinator's `clear` stands in for signatures and clearances (product.md, Seats).
TRANSITIONS = {
    (_S.SETUP, _A.SEND_FOR_SIGNATURES): _S.AWAITING_SIGNATURES,
    (_S.SETUP, _A.CLEAR): _S.CLEARED,
    (_S.SETUP, _A.END_EARLY): _S.ENDED_EARLY,
    (_S.AWAITING_SIGNATURES, _A.CLEAR): _S.CLEARED,
    (_S.AWAITING_SIGNATURES, _A.END_EARLY): _S.ENDED_EARLY,
    (_S.CLEARED, _A.ACTIVATE): _S.ACTIVE,
    (_S.CLEARED, _A.END_EARLY): _S.ENDED_EARLY,
    (_S.CLEARED, _A.RECORD_NO_SHOW): _S.NO_SHOW,
    (_S.ACTIVE, _A.REQUEST_END): _S.END_REQUESTED,
    (_S.ACTIVE, _A.COMPLETE): _S.COMPLETED,
    (_S.ACTIVE, _A.END_EARLY): _S.ENDED_EARLY,
    (_S.ACTIVE, _A.RECORD_NO_SHOW): _S.NO_SHOW,
    (_S.END_REQUESTED, _A.COMPLETE): _S.COMPLETED,
    (_S.END_REQUESTED, _A.END_EARLY): _S.ENDED_EARLY,
}

# The seat is free again after these; a completed placement has used it.
FREES_SEAT = frozenset({_S.ENDED_EARLY, _S.NO_SHOW})
OVER = frozenset({_S.COMPLETED, _S.ENDED_EARLY, _S.NO_SHOW})


def check_window(starts_on: date, ends_on: date) -> None:
    """Refuse a placement that ends before it starts."""
    if ends_on < starts_on:
        raise Refused(
            "ends_before_start",
            "give an end date on or after the start date",
            "indique una fecha de fin igual o posterior a la de inicio",
            pointer="/ends_on",
        )


# Grades as rosters write them (CEDS 000100), in the bands an employer needs to plan work.
_BANDS = ((6, "elementary"), (9, "6-8"), (11, "9-10"), (14, "11-12"))


def grade_band(grades: Iterable[str]) -> str | None:
    """Return the band of the highest grade, as much as an employer learns of it; None when no grade is known."""
    numbers = [int(grade) for grade in grades if grade.isascii() and grade.isdigit()]
    if not numbers:
        return None
    return next((name for below, name in _BANDS if max(numbers) < below), "after 12")
