"""How often a community may ask one employer for something: so many times a calendar month, all schools together."""

from datetime import date
from enum import StrEnum

from app.domain.local_time import month_after


class AskKind(StrEnum):
    """What an employer, or somebody who works there, is asked for; a reminder belongs to the ask it reminds of."""

    INVITATION = "invitation"
    INTRODUCTION = "introduction"
    OUTREACH_BY_STAFF = "outreach_by_staff"
    RECONFIRMATION = "reconfirmation"
    HOST_AGAIN = "host_again"
    FEEDBACK = "feedback"


# What staff are told of one by one. The service's own asks count as much, and nobody is told them apart: by the hour of
# one it would show where an introduction went, before everyone had agreed or after somebody had not.
TOLD = frozenset({AskKind.OUTREACH_BY_STAFF})


def reopens_on(*, cap: int, asks: int, month: date) -> date | None:
    """Return when the employer may be asked again: None while it may be asked now, and for one that wants no asks."""
    return month_after(month) if 0 < cap <= asks else None
