"""The yearly question to a host: would you host a student again? Thirty seconds, with reasons for no."""

from collections.abc import Sequence
from datetime import date, timedelta
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from app.domain.errors import Refused


class HostAskStatus(StrEnum):
    """Where a year's question stands."""

    ASKED = "asked"
    ANSWERED = "answered"
    LAPSED = "lapsed"


class HostAskAction(StrEnum):
    """What can happen to it."""

    ANSWER = "answer"
    LAPSE = "lapse"


class HostAnswer(StrEnum):
    """What a host can say."""

    YES = "yes"
    NOT_NOW = "not_now"
    NO = "no"


class HostReason(StrEnum):
    """Why not, or not now; several may hold."""

    NO_TIME = "no_time"
    NO_STAFF = "no_staff"
    NO_SUITABLE_WORK = "no_suitable_work"
    TIMETABLE = "timetable"
    PREPARATION = "preparation"
    PAPERWORK = "paperwork"
    COST = "cost"
    SAFETY_OR_INSURANCE = "safety_or_insurance"
    MOVED_OR_CLOSED = "moved_or_closed"
    OTHER = "other"


_S, _A = HostAskStatus, HostAskAction

TRANSITIONS = {
    (_S.ASKED, _A.ANSWER): _S.ANSWERED,
    (_S.ASKED, _A.LAPSE): _S.LAPSED,
    # Who was late, or thought again while the link holds, is heard too.
    (_S.LAPSED, _A.ANSWER): _S.ANSWERED,
}

# How long the link works; after it, staff ask by telephone.
ANSWER_IN = timedelta(days=30)
# A date further off is a slip of the keyboard.
FARTHEST = timedelta(days=3 * 365)


def check_answer(
    answer: HostAnswer, reasons: Sequence[HostReason], next_available_on: date | None, today: date
) -> None:
    """Refuse a no without a reason, a yes with one, and a date that is past or nobody plans for."""
    if answer is HostAnswer.NO and not reasons:
        raise Refused(
            "reason_missing",
            "choose at least one reason; it helps the school to do better",
            "elija al menos un motivo; ayuda a la escuela a mejorar",
            pointer="/reasons",
        )
    if answer is HostAnswer.YES and reasons:
        raise Refused(
            "reason_for_yes",
            "a yes needs no reasons; leave them out, or choose another answer",
            "un sí no necesita motivos; omítalos o elija otra respuesta",
            pointer="/reasons",
        )
    if next_available_on is not None and (
        answer is HostAnswer.NO or not today <= next_available_on <= today + FARTHEST
    ):
        raise Refused(
            "date_out_of_range",
            "give a day from today to three years ahead, and none with a no",
            "indique un día entre hoy y dentro de tres años, y ninguno con un no",
            pointer="/next_available_on",
        )


def months_before(day: date, months: int) -> date:
    """Return the day so many calendar months before another; the last one of a shorter month."""
    return day - relativedelta(months=months)
