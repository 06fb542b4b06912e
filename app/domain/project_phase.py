"""Industry projects: phases one after the other, and feedback on what a team made in one.

An expert never speaks with one student: feedback is about a team, which has a number and no names, and the team sees it
once a member of staff has read and shared it.
"""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from app.domain.errors import Refused
from app.domain.free_text import holds_contact_data

MOST_PHASES = 12
MOST_IN_A_TEAM = 12
# How long an expert has to answer; a phase's work is fresh for about two weeks.
ANSWER_IN = timedelta(days=14)


class FeedbackStatus(StrEnum):
    """Where feedback stands; the team sees what is shared."""

    ASKED = "asked"
    GIVEN = "given"
    SHARED = "shared"
    WITHHELD = "withheld"
    LAPSED = "lapsed"


class FeedbackAction(StrEnum):
    """What can happen to feedback."""

    GIVE = "give"
    SHARE = "share"
    WITHHOLD = "withhold"
    LAPSE = "lapse"


_S, _A = FeedbackStatus, FeedbackAction

TRANSITIONS = {
    (_S.ASKED, _A.GIVE): _S.GIVEN,
    (_S.ASKED, _A.LAPSE): _S.LAPSED,
    (_S.GIVEN, _A.SHARE): _S.SHARED,
    (_S.GIVEN, _A.WITHHOLD): _S.WITHHELD,
    (_S.SHARED, _A.WITHHOLD): _S.WITHHELD,
    (_S.WITHHELD, _A.SHARE): _S.SHARED,
}


class Phase(NamedTuple):
    """When one phase is, in the order of the list."""

    starts_on: date
    ends_on: date


def check_phases(phases: Sequence[Phase], starts_on: date | None, ends_on: date | None) -> None:
    """Refuse phases that do not follow each other, or lie outside the project's own dates."""
    for number, phase in enumerate(phases):
        if phase.ends_on < phase.starts_on:
            raise Refused(
                "ends_before_start",
                "give an end date on or after the start date",
                "indique una fecha de fin igual o posterior a la de inicio",
                pointer=f"/phases/{number}/ends_on",
            )
        if number and (
            phase.starts_on < phases[number - 1].starts_on or phase.ends_on < phases[number - 1].ends_on
        ):
            raise Refused(
                "phases_out_of_order",
                "put the phases in the order of their dates: none begins or ends before the one it follows",
                "ponga las fases en el orden de sus fechas: ninguna empieza ni termina antes que la anterior",
                pointer=f"/phases/{number}/starts_on",
            )
        if (starts_on is not None and phase.starts_on < starts_on) or (
            ends_on is not None and phase.ends_on > ends_on
        ):
            raise Refused(
                "phase_outside_project",
                "keep the phase within the first and the last day of the project",
                "mantenga la fase entre el primer y el último día del proyecto",
                pointer=f"/phases/{number}",
            )


def check_window(first: date | None, last: date | None, starts_on: date | None, ends_on: date | None) -> None:
    """Refuse other dates of a project that leave one of its phases outside; `first` and `last` are the phases' own."""
    for own, bound, field in ((first, starts_on, "starts_on"), (last, ends_on, "ends_on")):
        if own is None or bound is None:
            continue
        if (own < bound) if field == "starts_on" else (own > bound):
            raise Refused(
                "phase_outside_project",
                "give the phases other dates first; each lies within the first and the last day of the project",
                "cambie antes las fechas de las fases; cada una cae entre el primer y el último día del proyecto",
                pointer=f"/{field}",
            )


def check_kept(kept: Iterable[UUID], known: Iterable[UUID], with_feedback: Iterable[UUID]) -> None:
    """Refuse a phase that is not one of the project's, and to drop one on which somebody has given feedback."""
    given = list(kept)
    if len(set(given)) != len(given) or not set(given) <= set(known):
        raise Refused(
            "unknown_phase",
            "send the id of each phase of this project once, and none for a new phase",
            "envíe una vez el id de cada fase de este proyecto, y ninguno para una fase nueva",
            pointer="/phases",
        )
    if set(with_feedback) - set(given):
        raise Refused(
            "phase_has_feedback",
            "keep the phases on which there is feedback; change them, or put them in another place",
            "conserve las fases sobre las que hay opiniones; modifíquelas o cámbielas de lugar",
            pointer="/phases",
        )


def check_words(texts: Iterable[tuple[str, str | None]]) -> None:
    """Refuse words by which an expert and a student could reach each other outside the school; by field."""
    for field, text in texts:
        if text is not None and holds_contact_data(text):
            raise Refused(
                "contact_data",
                "leave addresses and telephone numbers out; everything goes by the school",
                "omita direcciones y teléfonos; todo pasa por la escuela",
                pointer=f"/{field}",
            )
