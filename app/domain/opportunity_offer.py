"""What a listing must say: while it is written, and before students see it.

The kinds' own needs are in `opportunity_kind.py`; how much is sensible for a kind follows what the field does:
micro-internships are work of a few days (Parker Dewey: 5 to 40 hours), and whoever mentors beside their own studies
does not give whole days.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from app.domain.codes import Names
from app.domain.errors import Refused
from app.domain.opportunity import Pay
from app.domain.opportunity_kind import Kind, Need
from app.domain.opportunity_types import OpportunityTypeCode

MICRO_INTERNSHIP_HOURS = (1, 60)
NEAR_PEER_HOURS_A_MONTH = (1, 20)

_PAID = {Pay.PAID, Pay.STIPEND}
_T = OpportunityTypeCode

_NAMES: dict[Need, Names] = {
    Need.DATES: Names("its first and last day", "su primer y último día"),
    Need.TIMETABLE: Names("when it meets in the week", "su horario semanal"),
    Need.PLACE: Names("the worksite, or that it is remote", "el lugar de trabajo, o que es a distancia"),
    Need.TOTAL_HOURS: Names("how many hours it takes", "cuántas horas lleva"),
    Need.DELIVERABLE: Names("what the student delivers", "qué entrega el estudiante"),
    Need.PAY: Names("whether it is paid, and how much", "si se paga y cuánto"),
    Need.HOURS_A_MONTH: Names("how many hours a month it takes", "cuántas horas al mes lleva"),
    Need.ALUMNUS: Names(
        "the connection to a graduate of a school here, through whom it comes",
        "la conexión con una persona egresada de una escuela de aquí, por quien llega",
    ),
    Need.PHASES: Names(
        "its phases, with what is due in each", "sus fases, con lo que se entrega en cada una"
    ),
    Need.APPLY_BY: Names("until when students may apply", "hasta cuándo se puede solicitar"),
}


@dataclass(frozen=True, slots=True)
class ListingFacts:
    """What a listing says, as far as a kind can need it."""

    type: str
    starts_on: date | None = None
    ends_on: date | None = None
    apply_by: date | None = None
    has_timetable: bool = False
    has_place: bool = False
    total_hours: int | None = None
    deliverable: str | None = None
    pay: Pay = Pay.UNKNOWN
    pay_cents_per_hour: int | None = None
    pay_cents_total: int | None = None
    hours_a_month: int | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    through_alumnus: bool = False
    phases: int = 0


def missing(needs: Iterable[str], offer: ListingFacts) -> list[Need]:
    """Return what a listing does not say yet, of what its kind needs."""
    amount = bool(offer.pay_cents_per_hour or offer.pay_cents_total)
    said = {
        Need.DATES: offer.starts_on is not None and offer.ends_on is not None,
        Need.TIMETABLE: offer.has_timetable,
        Need.PLACE: offer.has_place,
        Need.TOTAL_HOURS: offer.total_hours is not None,
        Need.DELIVERABLE: bool(offer.deliverable),
        Need.PAY: offer.pay is Pay.UNPAID or (offer.pay in _PAID and amount),
        Need.HOURS_A_MONTH: offer.hours_a_month is not None,
        Need.ALUMNUS: offer.through_alumnus,
        Need.PHASES: offer.phases > 0,
        Need.APPLY_BY: offer.apply_by is not None,
    }
    wanted = set(needs)
    return [need for need in Need if need.value in wanted and not said[need]]


def check_complete(kind: Kind, offer: ListingFacts) -> None:
    """Refuse to show students a listing that lacks what its kind needs; the sentence says all of it."""
    if kind.retired:
        raise Refused(
            "type_retired",
            "this kind is no longer offered here; give the listing another type first",
            "este tipo ya no se ofrece aquí; elija antes otro tipo",
        )
    lacking = missing(kind.needs, offer)
    if lacking:
        english = "; ".join(_NAMES[need].en for need in lacking)
        spanish = "; ".join(_NAMES[need].es for need in lacking)
        raise Refused(
            "listing_incomplete",
            f"say first: {english}",
            f"indique antes: {spanish}",
        )


def check_not_over(offer: ListingFacts, today: date) -> None:
    """Refuse to show students what nobody can take any more."""
    for last, english, spanish in (
        (offer.ends_on, "its last day is past", "su último día ya pasó"),
        (offer.apply_by, "the day to apply by is past", "el plazo de solicitud ya pasó"),
    ):
        if last is not None and last < today:
            raise Refused(
                "dates_over", f"{english}; give it new dates first", f"{spanish}; indique antes nuevas fechas"
            )


def check_sense(offer: ListingFacts) -> None:
    """Refuse what contradicts itself, in any state: ages, dates, pay and hours that no listing of the kind can have."""
    if (
        offer.minimum_age is not None
        and offer.maximum_age is not None
        and offer.maximum_age < offer.minimum_age
    ):
        raise Refused(
            "ages_out_of_order",
            "give a maximum age at or above the minimum age",
            "indique una edad máxima igual o mayor que la mínima",
            pointer="/maximum_age",
        )
    if offer.apply_by is not None and offer.ends_on is not None and offer.apply_by > offer.ends_on:
        raise Refused(
            "apply_by_after_end",
            "let students apply by the last day at the latest",
            "el plazo de solicitud debe terminar a más tardar el último día",
            pointer="/apply_by",
        )
    _check_pay(offer)
    _check_hours(offer)


def _check_pay(offer: ListingFacts) -> None:
    if offer.pay is Pay.UNPAID and (offer.pay_cents_per_hour or offer.pay_cents_total):
        raise Refused(
            "pay_of_unpaid",
            "leave the amount out, or say that it is paid",
            "omita el importe o indique que se paga",
            pointer="/pay",
        )
    if offer.type == _T.INTERNSHIP_PAID and offer.pay is Pay.UNPAID:
        raise Refused(
            "pay_contradicts_type",
            "choose the type internship_unpaid, or say how it is paid",
            "elija el tipo internship_unpaid o indique cómo se paga",
            pointer="/pay",
        )
    if offer.type == _T.INTERNSHIP_UNPAID and offer.pay in _PAID:
        raise Refused(
            "pay_contradicts_type",
            "choose the type internship_paid, or say that it is unpaid",
            "elija el tipo internship_paid o indique que no se paga",
            pointer="/pay",
        )


def _check_hours(offer: ListingFacts) -> None:
    if offer.type == _T.MICRO_INTERNSHIP and offer.total_hours is not None:
        fewest, most = MICRO_INTERNSHIP_HOURS
        if not fewest <= offer.total_hours <= most:
            raise Refused(
                "too_many_hours",
                f"a micro-internship takes {fewest} to {most} hours; offer a longer one as an internship",
                f"una micropasantía lleva de {fewest} a {most} horas; ofrezca la más larga como pasantía",
                pointer="/total_hours",
            )
    if offer.type == _T.NEAR_PEER_MENTORING and offer.hours_a_month is not None:
        fewest, most = NEAR_PEER_HOURS_A_MONTH
        if not fewest <= offer.hours_a_month <= most:
            raise Refused(
                "too_many_hours",
                f"a near-peer mentor gives {fewest} to {most} hours a month",
                f"un mentor entre pares dedica de {fewest} a {most} horas al mes",
                pointer="/hours_a_month",
            )


def check_age_of_kind(kind: Kind, minimum_age: int | None) -> None:
    """Refuse an age below the kind's own, where a host says one."""
    if kind.minimum_age is not None and minimum_age is not None and minimum_age < kind.minimum_age:
        raise Refused(
            "below_age_of_type",
            f"this kind is for students of {kind.minimum_age} or older; give that age or a higher one",
            f"este tipo es para estudiantes de {kind.minimum_age} años o más; indique esa edad o una mayor",
            pointer="/minimum_age",
        )
