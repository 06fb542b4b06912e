"""Whether a listing still holds: how long a person's word counts, whom silence pauses, and what is over by its dates."""

from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.opportunity import OpportunityStatus

# What is looked after: students see it, or could again.
LIVE = (OpportunityStatus.PUBLISHED, OpportunityStatus.STALE, OpportunityStatus.PAUSED)
# Listings that grow stale within this many days are asked about along with the stale one, in the same letter.
ASKED_ALONG = timedelta(days=30)
# So many in one letter, which names the first of them; all are on its page.
MOST_IN_A_LETTER = 100
MOST_NAMED = 20


class Freshness(StrEnum):
    """How a listing stands with its last confirmation."""

    FRESH = "fresh"
    DUE_SOON = "due_soon"
    STALE = "stale"
    PAUSED = "paused"


class ReconfirmationStatus(StrEnum):
    """Where a letter stands that asks whether listings still hold."""

    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"


class ReconfirmationAction(StrEnum):
    """What can happen to it."""

    ANSWER = "answer"
    LAPSE = "lapse"


class ListingAnswer(StrEnum):
    """What can be said of one listing."""

    CONFIRM = "confirm"
    PAUSE = "pause"
    ARCHIVE = "archive"


_S, _A = ReconfirmationStatus, ReconfirmationAction

TRANSITIONS = {
    (_S.ASKED, _A.ANSWER): _S.ANSWERED,
    (_S.ASKED, _A.LAPSE): _S.LAPSED,
    # Who was late is heard too, while the link holds: what silence paused comes back.
    (_S.LAPSED, _A.ANSWER): _S.ANSWERED,
}


def stale_from(confirmed_at: datetime, stale_after_days: int) -> datetime:
    """Return the instant from which a word given at `confirmed_at` is too old to be relied on."""
    return confirmed_at + timedelta(days=stale_after_days)


def how_fresh(
    *, is_stale: bool, is_paused: bool, confirmed_at: datetime, stale_after_days: int, now: datetime
) -> Freshness:
    """Say how a listing stands with its last confirmation."""
    if is_paused:
        return Freshness.PAUSED
    until = stale_from(confirmed_at, stale_after_days)
    if is_stale or until <= now:
        return Freshness.STALE
    return Freshness.DUE_SOON if until - ASKED_ALONG <= now else Freshness.FRESH


def remind_after(silence_days: int) -> timedelta:
    """Return how long after the letter its one reminder leaves: half of the time there is to answer."""
    return timedelta(days=silence_days) / 2


def is_over(*, ends_on: date | None, apply_by: date | None, today: date) -> bool:
    """Say whether the dates of a listing have passed: its last day, or the last day to ask for a place in it."""
    return any(day is not None and day < today for day in (ends_on, apply_by))
