"""The life of a saved search: what somebody looks for, and how often they are told what is new."""

from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from app.domain.errors import Refused


class SavedSearchStatus(StrEnum):
    """Whether a saved search is looked after."""

    ACTIVE = "active"
    PAUSED = "paused"


class SavedSearchAction(StrEnum):
    """What its owner does with a saved search, and what happens to one that finds nothing."""

    PAUSE = "pause"
    REST = "rest"  # paused by the service: nothing new for a long time
    RESUME = "resume"


class Digest(StrEnum):
    """How often somebody is told what is new for a saved search."""

    DAILY = "daily"
    WEEKLY = "weekly"


_S, _A = SavedSearchStatus, SavedSearchAction

TRANSITIONS = {
    (_S.ACTIVE, _A.PAUSE): _S.PAUSED,
    (_S.ACTIVE, _A.REST): _S.PAUSED,
    (_S.PAUSED, _A.RESUME): _S.ACTIVE,
}

# Of one person; more are not read by anybody.
MOST_SAVED = 20
# Named in one digest; the rest is a number and the search itself.
MOST_TOLD = 10
# A search that found nothing new for so long is asked about once, and rests.
PATIENCE = timedelta(days=90)
# What was published longer ago is not news, however long a search was paused.
NEWS = timedelta(days=31)

# Students read at breakfast or not at all: digests are made at this hour of the tenant's clocks, weekly ones on Mondays.
_HOUR = 7


def next_digest(digest: Digest, after: datetime, zone: str) -> datetime:
    """Return the first instant after `after` at which a digest is due, by the clocks of the tenant's zone."""
    local = after.astimezone(ZoneInfo(zone))
    due = local.replace(hour=_HOUR, minute=0, second=0, microsecond=0)
    if digest is Digest.WEEKLY:
        due += timedelta(days=-due.weekday() % 7)
    step = timedelta(days=7 if digest is Digest.WEEKLY else 1)
    # Arithmetic on aware local times is on the clock's face, so the hour stays seven across a change of clocks.
    while due <= local:
        due += step
    return due.astimezone(after.tzinfo)


def news_since(saved_at: datetime, now: datetime) -> datetime:
    """Return the instant from which on a published listing is news to a search: never from before it was saved."""
    return max(saved_at, now - NEWS)


def is_tired(last_found_at: datetime, now: datetime) -> bool:
    """Say whether a search found nothing new for so long that it should rest."""
    return now - last_found_at > PATIENCE


def check_room(saved: int) -> None:
    """Refuse one more saved search where there are many; raises Refused."""
    if saved >= MOST_SAVED:
        raise Refused(
            "saved_searches_full",
            f"{MOST_SAVED} saved searches are enough; delete one first",
            f"{MOST_SAVED} búsquedas guardadas bastan; borra antes alguna",
        )
