"""The life of a contact: the person at the end of connections, who never agreed until they say yes."""

import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from app.domain.connection import Offer
from app.domain.errors import Refused

INVITATION_LIFE = timedelta(days=30)
REMINDER_AFTER = timedelta(days=7)
# One invitation and one reminder to an address in this span, whoever asks and in whichever tenant (issue of
# trust, not of technique: a person suggested by ten families is written to as if by one).
QUIET_SPAN = timedelta(days=180)
# How long the link in the thank-you message works, by which a contact takes a break or leaves.
CHOICES_LIFE = timedelta(days=365)
# How often a contact may be asked for something in a month: what they can choose, and where it starts.
LEAST_CAP, MOST_CAP, USUAL_CAP = 1, 8, 2


class ContactStatus(StrEnum):
    """Where a contact stands; the closed ones hold no personal data any more."""

    PROPOSED = "proposed"
    INVITED = "invited"
    CONSENTED = "consented"
    PAUSED = "paused"
    DECLINED = "declined"
    NOT_ME = "not_me"
    NEVER = "never"
    NO_ANSWER = "no_answer"
    ERASED = "erased"


class ContactAction(StrEnum):
    """What can happen to a contact."""

    INVITE = "invite"
    REMIND = "remind"
    ACCEPT = "accept"
    DECLINE = "decline"
    NOT_ME = "not_me"
    NEVER = "never"
    LAPSE = "lapse"
    PAUSE = "pause"
    RESUME = "resume"
    CHOOSE = "choose"
    ERASE = "erase"


class ContactStanding(StrEnum):
    """Where a contact stands as the school's staff see it: why one is closed is nobody's business.

    A "never" that could be told from a "no" or from silence would tell that the address is suppressed.
    """

    PROPOSED = "proposed"
    INVITED = "invited"
    CONSENTED = "consented"
    PAUSED = "paused"
    CLOSED = "closed"


class Weekday(StrEnum):
    """On which days a contact has time."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


class PartOfDay(StrEnum):
    """At which times of the day a contact has time."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


_S, _A = ContactStatus, ContactAction

TRANSITIONS = {
    (_S.PROPOSED, _A.INVITE): _S.INVITED,
    (_S.PROPOSED, _A.ERASE): _S.ERASED,
    (_S.INVITED, _A.REMIND): _S.INVITED,
    (_S.INVITED, _A.ACCEPT): _S.CONSENTED,
    (_S.INVITED, _A.DECLINE): _S.DECLINED,
    (_S.INVITED, _A.NOT_ME): _S.NOT_ME,
    (_S.INVITED, _A.NEVER): _S.NEVER,
    (_S.INVITED, _A.LAPSE): _S.NO_ANSWER,
    (_S.INVITED, _A.ERASE): _S.ERASED,
    (_S.CONSENTED, _A.PAUSE): _S.PAUSED,
    (_S.CONSENTED, _A.CHOOSE): _S.CONSENTED,
    (_S.CONSENTED, _A.NEVER): _S.NEVER,
    (_S.CONSENTED, _A.ERASE): _S.ERASED,
    (_S.PAUSED, _A.RESUME): _S.CONSENTED,
    (_S.PAUSED, _A.CHOOSE): _S.PAUSED,
    (_S.PAUSED, _A.NEVER): _S.NEVER,
    (_S.PAUSED, _A.ERASE): _S.ERASED,
}

CLOSED = frozenset({_S.DECLINED, _S.NOT_ME, _S.NEVER, _S.NO_ANSWER, _S.ERASED})


def standing(status: ContactStatus) -> ContactStanding:
    """Return what staff may know of a status."""
    return ContactStanding.CLOSED if status in CLOSED else ContactStanding(status.value)


def normal_address(email: str) -> str:
    """Return the form of an e-mail address in which two spellings of it are equal."""
    return unicodedata.normalize("NFC", email.strip()).casefold()


def mailbox(email: str) -> str:
    """Return the mailbox behind an address: `vera+school@...` reaches the reader of `vera@...`.

    Who says "never contact me" means the mailbox, whatever a contributor writes behind a plus sign.
    """
    local, _, domain = normal_address(email).rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def may_be_written_to(
    invited: Collection[datetime],
    reminded: Collection[datetime],
    now: datetime,
    *,
    suppressed: bool,
    reminder: bool,
) -> bool:
    """Say whether a consent message may leave: never to a suppressed address, one of each kind in the quiet span.

    An invitation leaves the whole span free of both; the invitation before a reminder may lie further back.
    """
    stops = reminded if reminder else (*invited, *reminded)
    return not suppressed and not any(at > now - QUIET_SPAN for at in stops)


@dataclass(frozen=True, slots=True)
class Availability:
    """When a contact can be asked (the dates) and met (days of the week, times of the day); empty means any."""

    from_on: date | None = None
    until_on: date | None = None
    weekdays: tuple[Weekday, ...] = ()
    parts_of_day: tuple[PartOfDay, ...] = ()

    def __post_init__(self) -> None:
        """Refuse an end before the beginning."""
        if self.from_on is not None and self.until_on is not None and self.until_on < self.from_on:
            raise Refused(
                "ends_before_start",
                "give a last day on or after the first day",
                "indique un último día igual o posterior al primero",
                pointer="/availability/until_on",
            )

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Availability":
        """Read what `to_json` wrote; an empty object is any time."""
        first, last = kept.get("from_on"), kept.get("until_on")
        return cls(
            from_on=None if first is None else date.fromisoformat(first),
            until_on=None if last is None else date.fromisoformat(last),
            weekdays=tuple(Weekday(day) for day in kept.get("weekdays", ())),
            parts_of_day=tuple(PartOfDay(part) for part in kept.get("parts_of_day", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """Return what is kept: dates as text, days and times in their own order, each once."""
        return {
            "from_on": None if self.from_on is None else self.from_on.isoformat(),
            "until_on": None if self.until_on is None else self.until_on.isoformat(),
            "weekdays": [day.value for day in Weekday if day in self.weekdays],
            "parts_of_day": [part.value for part in PartOfDay if part in self.parts_of_day],
        }

    def includes(self, day: date) -> bool:
        """Say whether the contact may be asked on this day: the days of the week are for meeting, not for asking."""
        return (self.from_on is None or self.from_on <= day) and (
            self.until_on is None or day <= self.until_on
        )


def is_visible_to(school_id: UUID, visible_school_ids: Collection[UUID] | None) -> bool:
    """Say whether a school may see a contact; None is every school of the community."""
    return visible_school_ids is None or school_id in visible_school_ids


# Whoever graduated before this is over a hundred.
EARLIEST_CLASS = 1930


def check_graduation(alumnus_of: UUID | None, graduated_in: int | None, today: date) -> None:
    """Refuse a year without a school, and a class that has not graduated yet."""
    if graduated_in is not None and alumnus_of is None:
        raise Refused(
            "school_missing",
            "name the school too, or leave the year out",
            "nombre también la escuela u omita el año",
            pointer="/alumnus_of",
        )
    if graduated_in is not None and graduated_in > today.year:
        raise Refused(
            "not_graduated_yet",
            "give the year of a class that has graduated",
            "indique el año de una promoción ya egresada",
            pointer="/graduated_in",
        )


def may_be_asked(
    status: ContactStatus,
    *,
    offers: Collection[str],
    availability: Availability,
    visible_school_ids: Collection[UUID] | None,
    school_id: UUID,
    offer: Offer,
    today: date,
) -> bool:
    """Say whether a contact may be asked for `offer` by a school today.

    They said yes and take no break, chose to offer it (`offers` empty: nothing was narrowed), are there on that
    day, and let that school see them. How often they were asked this month is counted by whoever asks.
    """
    return (
        status is ContactStatus.CONSENTED
        and (not offers or offer.value in offers)
        and availability.includes(today)
        and is_visible_to(school_id, visible_school_ids)
    )
