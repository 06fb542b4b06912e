"""The line for seats: who waits, who is offered one and until when, and how a place in line ends.

One line for each opportunity and each session, in the order of arrival. A seat that comes free is offered to the first
in line who may take it; who neither accepts nor declines in time loses the place, and the next is told.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Refused


class WaitingStatus(StrEnum):
    """Where somebody in line stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    SEATED = "seated"
    DECLINED = "declined"
    LAPSED = "lapsed"
    LEFT = "left"
    CLOSED = "closed"


class WaitingAction(StrEnum):
    """What can happen to a place in line."""

    OFFER = "offer"
    ACCEPT = "accept"
    SEAT = "seat"
    DECLINE = "decline"
    LAPSE = "lapse"
    LEAVE = "leave"
    CLOSE = "close"


_S, _A = WaitingStatus, WaitingAction

TRANSITIONS = {
    (_S.WAITING, _A.OFFER): _S.OFFERED,
    (_S.WAITING, _A.SEAT): _S.SEATED,
    (_S.WAITING, _A.LEAVE): _S.LEFT,
    (_S.WAITING, _A.CLOSE): _S.CLOSED,
    (_S.OFFERED, _A.ACCEPT): _S.ACCEPTED,
    (_S.OFFERED, _A.SEAT): _S.SEATED,
    (_S.OFFERED, _A.DECLINE): _S.DECLINED,
    (_S.OFFERED, _A.LAPSE): _S.LAPSED,
    (_S.OFFERED, _A.LEAVE): _S.LEFT,
    (_S.OFFERED, _A.CLOSE): _S.CLOSED,
    (_S.ACCEPTED, _A.SEAT): _S.SEATED,
    (_S.ACCEPTED, _A.LEAVE): _S.LEFT,
    (_S.ACCEPTED, _A.CLOSE): _S.CLOSED,
}

# A student has at most one of these in one line.
IN_LINE = frozenset({_S.WAITING, _S.OFFERED, _S.ACCEPTED})
# In these a seat is kept for the student, and counts as taken.
KEEPS_SEAT = frozenset({_S.OFFERED, _S.ACCEPTED})


def offer_until(now: datetime, hours: int, starts_at: datetime | None = None) -> datetime:
    """Return the end of an accept window: the tenant's hours, but never past the start of what it is for."""
    until = now + timedelta(hours=hours)
    return until if starts_at is None else min(until, starts_at)


def check_in_time(until: datetime | None, now: datetime) -> None:
    """Refuse to accept a seat whose window is over, though the clock has not recorded it yet."""
    if until is not None and until <= now:
        raise Refused(
            "offer_over",
            "this seat was kept for you until a time that is over; join the line again",
            "la plaza se reservó hasta una hora que ya pasó; vuelve a ponerte en la lista de espera",
        )
