"""The life of a contact: the person at the end of connections, who never agreed until they say yes."""

from datetime import datetime, timedelta
from enum import StrEnum

INVITATION_LIFE = timedelta(days=30)
REMINDER_AFTER = timedelta(days=7)
# One invitation and one reminder to an address in this span, whoever asks and in whichever tenant (issue of
# trust, not of technique: a person suggested by ten families is written to as if by one).
QUIET_SPAN = timedelta(days=180)


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


def may_be_written_to(attempts: list[datetime], now: datetime, *, suppressed: bool, reminder: bool) -> bool:
    """Say whether a consent message may leave: never to a suppressed address, at most two in the quiet span."""
    recent = [at for at in attempts if at > now - QUIET_SPAN]
    return not suppressed and len(recent) < (2 if reminder else 1)
