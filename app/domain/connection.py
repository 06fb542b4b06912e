"""The life of a connection: a contributor's offer of someone, or some workplace, they know."""

from enum import StrEnum

from app.domain.errors import Refused


class ConnectionStatus(StrEnum):
    """Where a connection stands."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SCREENED = "screened"
    ACTIVE = "active"
    DORMANT = "dormant"
    WITHDRAWN = "withdrawn"
    REJECTED = "rejected"


class ConnectionAction(StrEnum):
    """What can happen to a connection."""

    PROPOSE = "propose"
    SCREEN = "screen"
    REJECT = "reject"
    ACTIVATE = "activate"
    REST = "rest"
    WITHDRAW = "withdraw"


class ConnectionDomain(StrEnum):
    """Through which part of life the contributor knows them."""

    HOUSEHOLD = "household"
    FAMILY = "family"
    NEIGHBOURS = "neighbours"
    FAITH = "faith"
    CLUB = "club"
    WORK = "work"
    FRIENDS = "friends"
    SCHOOL = "school"


class Offer(StrEnum):
    """What the person or the workplace might do for a student."""

    HOST = "host"
    SHADOW = "shadow"
    TALK = "talk"
    MENTOR = "mentor"
    VOUCH = "vouch"
    ANSWER_QUESTIONS = "answer_questions"


class ShareScope(StrEnum):
    """Who may draw on it; the whole tenant is the point, narrower is chosen and recorded."""

    ADVISORY = "advisory"
    SCHOOL = "school"
    TENANT = "tenant"


_S, _A = ConnectionStatus, ConnectionAction

TRANSITIONS = {
    (_S.DRAFT, _A.PROPOSE): _S.PROPOSED,
    (_S.DRAFT, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.PROPOSED, _A.SCREEN): _S.SCREENED,
    (_S.PROPOSED, _A.REJECT): _S.REJECTED,
    (_S.PROPOSED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.SCREENED, _A.ACTIVATE): _S.ACTIVE,
    (_S.SCREENED, _A.REJECT): _S.REJECTED,
    (_S.SCREENED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.ACTIVE, _A.REST): _S.DORMANT,
    (_S.ACTIVE, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.DORMANT, _A.ACTIVATE): _S.ACTIVE,
    (_S.DORMANT, _A.WITHDRAW): _S.WITHDRAWN,
}

LIVE = frozenset({_S.DRAFT, _S.PROPOSED, _S.SCREENED, _S.ACTIVE, _S.DORMANT})
ENDED = frozenset(ConnectionStatus) - LIVE
# Those that change by themselves when their contact or their employer does.
SETTLING = frozenset({_S.SCREENED, _S.ACTIVE, _S.DORMANT})


def check_editable(status: ConnectionStatus) -> None:
    """Refuse to change what was said of somebody to whom nothing leads any more."""
    if status in ENDED:
        raise Refused(
            "connection_ended",
            "this connection was withdrawn or turned down; offer a new one instead",
            "esta conexión se retiró o se rechazó; ofrezca una nueva",
        )


def is_ready(*, has_contact: bool, contact_consents: bool, has_employer: bool, employer_vetted: bool) -> bool:
    """Say whether a screened connection may be active: everyone at its end agreed and was vetted."""
    return (
        (has_contact or has_employer)
        and (contact_consents or not has_contact)
        and (employer_vetted or not has_employer)
    )


def next_by_itself(status: ConnectionStatus, *, ready: bool) -> ConnectionAction | None:
    """Return what happens to a connection without anyone asking, or None when it may stay as it is."""
    if ready and status in {_S.SCREENED, _S.DORMANT}:
        return _A.ACTIVATE
    if not ready and status is _S.ACTIVE:
        return _A.REST
    return None
