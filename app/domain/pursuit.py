"""The life of a pursuit: a student's approved, expiring right to go after an opportunity."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from enum import StrEnum

from app.domain.errors import Refused
from app.domain.opportunity_types import Workflow

REMIND_BEFORE = timedelta(days=3)
# A seat that a student accepted is nobody else's until somebody decides: so often the coordinators are reminded of it.
REMIND_STAFF_EVERY = timedelta(days=2)
# A request that could be decided on holds no seat, and its student waits for an answer.
REMIND_OF_REQUEST_EVERY = timedelta(days=7)
LONGEST_DAYS = 120
# Twelve hours behind UTC a day ends last.
_WESTERNMOST = timedelta(hours=12)


class PursuitStatus(StrEnum):
    """Where a pursuit stands."""

    REQUESTED = "requested"
    APPROVED = "approved"
    LANDED = "landed"
    START_REQUESTED = "start_requested"
    CONVERTED = "converted"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    NOT_SELECTED = "not_selected"
    RELEASED = "released"


class PursuitAction(StrEnum):
    """What can happen to a pursuit."""

    APPROVE = "approve"
    DECLINE = "decline"
    EXTEND = "extend"
    LAND = "land"
    REQUEST_START = "request_start"
    APPROVE_START = "approve_start"
    RETURN_START = "return_start"
    EXPIRE = "expire"
    WITHDRAW = "withdraw"
    NOT_SELECT = "not_select"
    RELEASE = "release"


class PursuitCheck(StrEnum):
    """What only a human can confirm; the service never lets it pass in silence."""

    AGE_UNKNOWN = "age_unknown"


_S, _A = PursuitStatus, PursuitAction

TRANSITIONS = {
    (_S.REQUESTED, _A.APPROVE): _S.APPROVED,
    (_S.REQUESTED, _A.DECLINE): _S.DECLINED,
    (_S.REQUESTED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _A.EXTEND): _S.APPROVED,
    (_S.APPROVED, _A.LAND): _S.LANDED,
    (_S.APPROVED, _A.EXPIRE): _S.EXPIRED,
    (_S.APPROVED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.APPROVED, _A.NOT_SELECT): _S.NOT_SELECTED,
    (_S.APPROVED, _A.RELEASE): _S.RELEASED,
    (_S.LANDED, _A.REQUEST_START): _S.START_REQUESTED,
    (_S.LANDED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.LANDED, _A.RELEASE): _S.RELEASED,
    (_S.START_REQUESTED, _A.APPROVE_START): _S.CONVERTED,
    (_S.START_REQUESTED, _A.RETURN_START): _S.LANDED,
    (_S.START_REQUESTED, _A.WITHDRAW): _S.WITHDRAWN,
    (_S.START_REQUESTED, _A.RELEASE): _S.RELEASED,
}

# In these the student occupies a seat (a converted one occupies it through its placement).
HOLDS_SEAT = frozenset({_S.APPROVED, _S.LANDED, _S.START_REQUESTED, _S.CONVERTED})
# At most one pursuit of a student for an opportunity is in one of these.
LIVE = frozenset({_S.REQUESTED, _S.APPROVED, _S.LANDED, _S.START_REQUESTED})


def returns_seat(before: PursuitStatus, after: PursuitStatus) -> bool:
    """Say whether this step gives the seat back, so that the next in line is told."""
    return before in HOLDS_SEAT and after not in HOLDS_SEAT


def reminder(expires_at: datetime, now: datetime) -> datetime | None:
    """Return when to remind the student that the time runs out; None when that is already past."""
    at = expires_at - REMIND_BEFORE
    return at if at > now else None


def check_not_over(expires_at: datetime | None, now: datetime) -> None:
    """Refuse to go on with an approval whose last day is over, though the clock has not recorded it yet."""
    if expires_at is not None and expires_at <= now:
        raise Refused(
            "time_over",
            "the time of this approval is over; ask for the opportunity again",
            "el plazo de esta aprobación terminó; vuelva a solicitar la oportunidad",
        )


def check_time_to_apply(apply_by: date | None, now: datetime) -> None:
    """Refuse a request once the last day to apply by is over everywhere on earth."""
    if apply_by is not None and apply_by < (now - _WESTERNMOST).date():
        raise Refused(
            "too_late_to_apply",
            "the day to apply by is past; look for another opportunity, or ask your coordinator",
            "el plazo de solicitud ya pasó; busque otra oportunidad o pregunte a su coordinador",
        )


def check_pursued(workflow: Workflow, *, has_sessions: bool) -> None:
    """Refuse to pursue what students take part in by a seat in a session: its type says so, and it has sessions."""
    if has_sessions and workflow is Workflow.ENROLLMENT:
        raise Refused(
            "enroll_instead",
            "take a seat in one of its sessions; this is not pursued",
            "inscríbase en una de sus sesiones; esta oportunidad no se solicita",
        )


def full(place: int | None) -> Refused:
    """Build the refusal for an opportunity without a free seat, naming the student's place in line if there is one."""
    if place is None:
        return Refused(
            "full",
            "no seat is free, and this student does not stand in line; the student can join the line at its end",
            "no hay plazas libres y este estudiante no está en la lista de espera; puede ponerse al final",
        )
    return Refused(
        "full",
        f"no seat is free; this student is number {place} in line, and a returned seat goes to the first in line",
        f"no hay plazas libres; este estudiante es el número {place} de la lista de espera y una plaza devuelta "
        "corresponde al primero",
    )


def check_expiry(expires_on: date, today: date) -> None:
    """Refuse an expiry that is over already, or so far off that the seat would be hoarded."""
    if not today <= expires_on <= today + timedelta(days=LONGEST_DAYS):
        raise Refused(
            "expiry_out_of_range",
            f"choose an expiry date from today to {LONGEST_DAYS} days ahead",
            f"elija una fecha de vencimiento entre hoy y {LONGEST_DAYS} días",
            pointer="/expires_on",
        )


def check_extension(
    *, extended_before: bool, expires_on: date, current_expires_on: date, today: date
) -> None:
    """Allow one extension, to a later day: popular sites are never hoarded."""
    if extended_before:
        raise Refused(
            "extended_before",
            "this pursuit was extended once already; let it expire or help the student land it",
            "esta solicitud ya se prorrogó una vez; deje que venza o ayude al estudiante a conseguirla",
        )
    check_expiry(expires_on, today)
    if expires_on <= current_expires_on:
        raise Refused(
            "extension_not_later",
            "an extension must end after the present expiry date",
            "la prórroga debe terminar después de la fecha de vencimiento actual",
            pointer="/expires_on",
        )


def age_on(born_on: date, day: date) -> int:
    """Return completed years of age on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))


def age_check(
    minimum_age: int | None, maximum_age: int | None, born_on: date | None, day: date
) -> PursuitCheck | None:
    """Name the check a human must make, or None; refuse a student known to be too young or too old on that day.

    An unknown birth date never passes silently: the coordinator confirms the age when approving.
    """
    if minimum_age is None and maximum_age is None:
        return None
    if born_on is None:
        return PursuitCheck.AGE_UNKNOWN
    age = age_on(born_on, day)
    if minimum_age is not None and age < minimum_age:
        raise Refused(
            "too_young",
            f"this opportunity asks for an age of at least {minimum_age} when it starts; choose another one",
            f"esta oportunidad exige una edad mínima de {minimum_age} años al comenzar; elija otra",
        )
    if maximum_age is not None and age > maximum_age:
        raise Refused(
            "too_old",
            f"this opportunity asks for an age of at most {maximum_age} when it starts; choose another one",
            f"esta oportunidad admite hasta {maximum_age} años al comenzar; elija otra",
        )
    return None


def check_confirmed(needed: Iterable[PursuitCheck], confirmed: Iterable[PursuitCheck]) -> None:
    """Refuse an approval that leaves open what a human must confirm."""
    missing = sorted(set(needed) - set(confirmed))
    if missing:
        names = ", ".join(missing)
        raise Refused(
            "checks_unconfirmed",
            f"confirm these checks yourself, then name them in confirmed_checks: {names}",
            f"compruebe personalmente lo siguiente y nómbrelo en confirmed_checks: {names}",
            pointer="/confirmed_checks",
        )
