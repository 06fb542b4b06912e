"""The life of a contact: the person at the end of connections, who never agreed until they say yes."""

import unicodedata
from datetime import datetime, timedelta
from enum import StrEnum

INVITATION_LIFE = timedelta(days=30)
REMINDER_AFTER = timedelta(days=7)
# One invitation and one reminder to an address in this span, whoever asks and in whichever tenant (issue of
# trust, not of technique: a person suggested by ten families is written to as if by one).
QUIET_SPAN = timedelta(days=180)
# How long the link in the thank-you message works, by which a contact takes a break or leaves.
CHOICES_LIFE = timedelta(days=365)


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
    (_S.CONSENTED, _A.NEVER): _S.NEVER,
    (_S.CONSENTED, _A.ERASE): _S.ERASED,
    (_S.PAUSED, _A.RESUME): _S.CONSENTED,
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


def may_be_written_to(attempts: list[datetime], now: datetime, *, suppressed: bool, reminder: bool) -> bool:
    """Say whether a consent message may leave: never to a suppressed address, at most two in the quiet span."""
    recent = [at for at in attempts if at > now - QUIET_SPAN]
    return not suppressed and len(recent) < (2 if reminder else 1)
