"""The life of a hop: one adult on the way of an introduction, asked once, who may say no silently.

A path has two: the contributor, and the contact, whose turn is kept free for them until the contributor answered.
"""

from enum import StrEnum


class HopKind(StrEnum):
    """Whom a hop asks."""

    CONTRIBUTOR = "contributor"
    CONTACT = "contact"


class HopStatus(StrEnum):
    """Where a hop stands. Nobody is shown it: declined, lapsed and ended look alike to everyone."""

    RESERVED = "reserved"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"
    LAPSED = "lapsed"
    ENDED = "ended"


class HopAction(StrEnum):
    """What can happen to a hop."""

    ASK = "ask"
    AGREE = "agree"
    DECLINE = "decline"
    LAPSE = "lapse"
    END = "end"


class HopAnswer(StrEnum):
    """What somebody who is asked may answer."""

    YES = "yes"
    NO = "no"


_S, _A = HopStatus, HopAction

TRANSITIONS = {
    (_S.RESERVED, _A.ASK): _S.ASKED,
    (_S.RESERVED, _A.END): _S.ENDED,
    (_S.ASKED, _A.AGREE): _S.AGREED,
    (_S.ASKED, _A.DECLINE): _S.DECLINED,
    (_S.ASKED, _A.LAPSE): _S.LAPSED,
    (_S.ASKED, _A.END): _S.ENDED,
}

# Somebody may still be asked, or may still answer.
OPEN = frozenset({_S.RESERVED, _S.ASKED})

ACTION_OF = {HopAnswer.YES: _A.AGREE, HopAnswer.NO: _A.DECLINE}
