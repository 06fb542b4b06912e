"""What a student may not take yet, why, and what would open it: such a listing is marked, never hidden."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.availability import Grid, fits
from app.domain.codes import Names
from app.domain.pursuit import age_on
from app.domain.reserve import Free

_FEBRUARY, _LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class Barrier:
    """One reason: its code, a sentence for the student, and from when on it is none, where that is known."""

    code: str
    sentence: Names
    opens_on: date | None = None
    clearances: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """What a listing asks of a student, and what it has left."""

    minimum_age: int | None
    maximum_age: int | None
    clearances: Sequence[str]
    meets: Sequence[Mapping[str, str]]
    seats: Free
    apply_by: date | None
    next_available_on: date | None
    starts_on: date | None = None
    being_reconfirmed: bool = False


@dataclass(frozen=True, slots=True)
class Seeker:
    """What is known of the student who looks."""

    born_on: date | None
    school_ids: Collection[UUID] = ()
    group_ids: Collection[UUID] = ()
    availability: Grid | None = None


def barriers(offered: Offered, seeker: Seeker, today: date) -> list[Barrier]:
    """Return what stands between a student and a listing today, what time will open first."""
    found = [
        *_age(offered, seeker, today),
        *_seats(offered.seats, seeker),
        *_dates(offered, today),
    ]
    if offered.being_reconfirmed:
        found.append(
            Barrier(
                "being_reconfirmed",
                Names(
                    "the host is being asked whether it still holds; it opens again when they say yes",
                    "se está preguntando si sigue vigente; se abre de nuevo cuando digan que sí",
                ),
            )
        )
    if fits(seeker.availability, offered.meets) is False:
        found.append(
            Barrier(
                "timetable",
                Names(
                    "it meets at times when you are not free; change your week if you can make room",
                    "se reúne en horas en las que no estás libre; cambia tu semana si puedes hacer hueco",
                ),
            )
        )
    if offered.clearances:
        found.append(
            Barrier(
                "clearances",
                Names(
                    "some papers are needed before you start; your coordinator helps you get them",
                    "antes de empezar hacen falta algunos papeles; tu coordinador te ayuda a conseguirlos",
                ),
                clearances=tuple(offered.clearances),
            )
        )
    return found


def birthday(born_on: date, years: int) -> date:
    """Return the day somebody turns an age; born on a 29 February, on 1 March of other years."""
    if (born_on.month, born_on.day) == (_FEBRUARY, _LEAP_DAY):
        try:
            return born_on.replace(year=born_on.year + years)
        except ValueError:
            return date(born_on.year + years, 3, 1)
    return born_on.replace(year=born_on.year + years)


def _age(offered: Offered, seeker: Seeker, today: date) -> list[Barrier]:
    if seeker.born_on is None:
        return []
    # As a pursuit judges it: by the day it begins, where that is still to come.
    age = age_on(seeker.born_on, max(offered.starts_on or today, today))
    if offered.minimum_age is not None and age < offered.minimum_age:
        years = offered.minimum_age
        return [
            Barrier(
                "too_young",
                Names(
                    f"it is for students of {years} and older; it opens to you on your birthday",
                    f"es para estudiantes de {years} años o más; se abre para ti en tu cumpleaños",
                ),
                birthday(seeker.born_on, years),
            )
        ]
    if offered.maximum_age is not None and age > offered.maximum_age:
        years = offered.maximum_age
        return [
            Barrier(
                "too_old",
                Names(
                    f"it is for students up to {years}; ask your coordinator about one like it",
                    f"es para estudiantes de hasta {years} años; pregunta a tu coordinador por otra parecida",
                ),
            )
        ]
    return []


def _seats(left: Free, seeker: Seeker) -> list[Barrier]:
    if left.open_seats > 0:
        return []
    if not left.any():
        return [
            Barrier(
                "full",
                Names(
                    "every seat is taken; get in line, and you are told when one is free",
                    "todas las plazas están ocupadas; ponte en la fila y te avisaremos cuando haya una libre",
                ),
            )
        ]
    mine = any(
        kept.is_for(school, seeker.group_ids)
        for kept in left.reserves
        for school in (seeker.school_ids or [UUID(int=0)])
    )
    if mine:
        return []
    return [
        Barrier(
            "reserved",
            Names(
                "the seats that are left are kept for others; what they do not use opens to everyone",
                "las plazas que quedan están reservadas para otros; las que no usen se abren a todos",
            ),
            min((kept.released_on for kept in left.reserves), default=None),
        )
    ]


def _dates(offered: Offered, today: date) -> list[Barrier]:
    found = []
    if offered.apply_by is not None and offered.apply_by < today:
        found.append(
            Barrier(
                "closed",
                Names(
                    "its deadline has passed; ask your coordinator whether a late request is welcome",
                    "el plazo ha terminado; pregunta a tu coordinador si aún aceptan solicitudes",
                ),
            )
        )
    if offered.next_available_on is not None and offered.next_available_on > today:
        found.append(
            Barrier(
                "not_yet",
                Names(
                    "the host takes nobody before this day; you can ask for it already",
                    "no reciben a nadie antes de ese día; ya puedes pedirla",
                ),
                offered.next_available_on,
            )
        )
    return found
