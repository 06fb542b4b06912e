"""The life of an introduction: a request, through people who are each asked in turn, to meet someone.

Its pace is fixed. A path has a slot of `SLOT`; within it the contributor answers first and the contact after. A no
changes nothing before the slot is over, a yes goes on at once, and after `SLOTS` slots the request ends, whatever
was answered and whether or not there was anybody to ask. So nobody can tell a no from silence.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

from app.domain.errors import Refused
from app.domain.free_text import holds_contact_data, names_any

SLOT = timedelta(days=10)
SLOTS = 3
# The first part of a slot is the contributor's, so that the contact has at least the rest of it.
CONTRIBUTOR_SPAN = timedelta(days=5)
# Where nobody may be asked yet (a cap, a budget), the slot looks again, while the contributor still has two days.
LOOK_AGAIN = timedelta(days=1)
LAST_LOOK = timedelta(days=3)

# How many requests of one student may be open at once.
MOST_OPEN = 3


class IntroductionStatus(StrEnum):
    """Where an introduction stands, as the school's coordinators see it."""

    ASKED = "asked"
    WITH_CONTRIBUTOR = "with_contributor"
    WITH_CONTACT = "with_contact"
    AGREED = "agreed"
    MET = "met"
    CLOSED = "closed"


class IntroductionAction(StrEnum):
    """What can happen to an introduction."""

    APPROVE = "approve"
    DECLINE = "decline"
    FORWARD = "forward"
    TRY_NEXT = "try_next"
    AGREE = "agree"
    RECORD_MET = "record_met"
    WITHDRAW = "withdraw"
    CLOSE = "close"
    EXPIRE = "expire"


class IntroductionState(StrEnum):
    """All that a student, and the family and advisor with them, see of a request's way."""

    LOOKING = "looking"
    ARRANGED = "arranged"
    CLOSED = "closed"


_S, _A = IntroductionStatus, IntroductionAction

TRANSITIONS = {
    (_S.ASKED, _A.APPROVE): _S.WITH_CONTRIBUTOR,
    (_S.ASKED, _A.DECLINE): _S.CLOSED,
    (_S.ASKED, _A.WITHDRAW): _S.CLOSED,
    (_S.WITH_CONTRIBUTOR, _A.FORWARD): _S.WITH_CONTACT,
    (_S.WITH_CONTRIBUTOR, _A.TRY_NEXT): _S.WITH_CONTRIBUTOR,
    (_S.WITH_CONTRIBUTOR, _A.WITHDRAW): _S.CLOSED,
    (_S.WITH_CONTRIBUTOR, _A.CLOSE): _S.CLOSED,
    (_S.WITH_CONTRIBUTOR, _A.EXPIRE): _S.CLOSED,
    (_S.WITH_CONTACT, _A.AGREE): _S.AGREED,
    (_S.WITH_CONTACT, _A.TRY_NEXT): _S.WITH_CONTRIBUTOR,
    (_S.WITH_CONTACT, _A.WITHDRAW): _S.CLOSED,
    (_S.WITH_CONTACT, _A.CLOSE): _S.CLOSED,
    (_S.WITH_CONTACT, _A.EXPIRE): _S.CLOSED,
    (_S.AGREED, _A.RECORD_MET): _S.MET,
    (_S.AGREED, _A.CLOSE): _S.CLOSED,
}

# Somebody is being asked, or may be.
SEARCHING = frozenset({_S.WITH_CONTRIBUTOR, _S.WITH_CONTACT})
OPEN = frozenset({_S.ASKED, *SEARCHING})
# Everyone and the school have agreed: names are known to both sides.
REVEALED = frozenset({_S.AGREED, _S.MET})


def what_student_sees(status: IntroductionStatus) -> IntroductionState:
    """Return the only thing a student sees of a request's way."""
    if status in REVEALED:
        return IntroductionState.ARRANGED
    return IntroductionState.CLOSED if status is _S.CLOSED else IntroductionState.LOOKING


def slot_end(approved_at: datetime, slot: int) -> datetime:
    """Return when a slot (1, 2, ...) is over: it depends on nothing but the school's approval."""
    return approved_at + slot * SLOT


def ends_at(approved_at: datetime) -> datetime:
    """Return when a request ends at the latest, whatever anybody answered."""
    return slot_end(approved_at, SLOTS)


def contributor_answers_by(slot_ends_at: datetime) -> datetime:
    """Return until when the contributor of a slot's path may answer."""
    return slot_ends_at - SLOT + CONTRIBUTOR_SPAN


def next_look(now: datetime, slot_ends_at: datetime) -> datetime:
    """Return when a slot in which nobody could be asked looks again: tomorrow, and at last when it is over."""
    again = now + LOOK_AGAIN
    return again if again <= slot_ends_at - SLOT + LAST_LOOK else slot_ends_at


def check_room(open_now: int) -> None:
    """Refuse one open request too many."""
    if open_now >= MOST_OPEN:
        raise Refused(
            "too_many_open",
            f"you have {MOST_OPEN} open requests; wait for one of them, or withdraw one, then ask again",
            f"tienes {MOST_OPEN} solicitudes abiertas; espera una de ellas o retira una y vuelve a pedir",
        )


def check_names_nobody(text: str, names: Iterable[str], field: str) -> None:
    """Refuse a text that strangers will read and that carries contact data or the student's name.

    `field` is where it stands; a `goal` is written by the student, who is spoken to as such in Spanish.
    """
    leave_out = "no escribas" if field == "goal" else "no escriba"
    if holds_contact_data(text):
        raise Refused(
            "contact_data",
            "leave e-mail addresses and telephone numbers out; whoever is asked answers through the school",
            f"{leave_out} correos ni teléfonos; quien reciba la pregunta responde por medio de la escuela",
            pointer=f"/{field}",
        )
    if names_any(text, names):
        raise Refused(
            "student_named",
            "leave the student's name out; names are told to both sides at once, when everyone has agreed",
            f"{leave_out} el nombre del estudiante; los nombres se dan a ambas partes a la vez, cuando todos acepten",
            pointer=f"/{field}",
        )


def check_arranged(status: IntroductionStatus) -> None:
    """Refuse to note a meeting that is not arranged, without telling those who may not know whose turn it is."""
    if status is not _S.AGREED:
        raise Refused(
            "wrong_state",
            "only a meeting that is arranged and not recorded yet can be recorded",
            "solo se puede registrar un encuentro acordado que aún no se haya registrado",
        )
