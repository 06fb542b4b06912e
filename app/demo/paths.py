"""The ways on which the demo community's students went: how many, when, which steps, and in whose words."""

from enum import StrEnum
from typing import NamedTuple

from app.domain.placement import PlacementAction
from app.domain.pursuit import PursuitAction


class Path(NamedTuple):
    """What this many students did, asked for that many days ago; `seat`: the listing must have one to give."""

    many: int
    days: tuple[float, float]
    steps: tuple[StrEnum, ...]
    seat: bool = True


_P, _W = PursuitAction, PlacementAction
_START = (_P.APPROVE, _P.LAND, _P.REQUEST_START)
_CONVERT = (*_START, _P.APPROVE_START)
_RUN = (*_CONVERT, _W.CLEAR, _W.ACTIVATE)
_PAST, _SPRING = (150, 40), (150, 135)

PATHS = (
    Path(50, _SPRING, (*_RUN, _W.COMPLETE)),
    Path(80, (110, 60), _RUN),
    Path(10, (120, 80), (*_RUN, _W.REQUEST_END)),
    Path(4, _PAST, (*_RUN, _W.END_EARLY)),
    Path(4, (120, 80), (*_RUN, _W.REQUEST_END, _W.END_EARLY)),
    Path(4, _PAST, (*_CONVERT, _W.END_EARLY)),
    Path(8, (120, 60), (*_CONVERT, _W.CLEAR, _W.RECORD_NO_SHOW)),
    Path(26, (38, 25), _CONVERT),
    Path(20, (40, 25), (*_CONVERT, _W.SEND_FOR_SIGNATURES)),
    Path(20, (45, 30), (*_CONVERT, _W.CLEAR)),
    Path(30, (40, 22), _START),
    Path(60, (45, 22), (_P.APPROVE, _P.LAND)),
    Path(6, (45, 25), (*_START, _P.RETURN_START)),
    Path(110, (12, 2), (_P.APPROVE,)),
    Path(10, (22, 16), (_P.APPROVE, _P.EXTEND)),
    Path(150, (18, 0.2), (), seat=False),
    Path(60, _PAST, (_P.DECLINE,), seat=False),
    Path(70, _PAST, (_P.APPROVE, _P.EXPIRE), seat=False),
    Path(30, _PAST, (_P.WITHDRAW,), seat=False),
    Path(20, _PAST, (_P.APPROVE, _P.WITHDRAW), seat=False),
    Path(10, _PAST, (_P.APPROVE, _P.LAND, _P.WITHDRAW), seat=False),
    Path(40, _PAST, (_P.APPROVE, _P.NOT_SELECT), seat=False),
    Path(12, _PAST, (_P.APPROVE, _P.RELEASE), seat=False),
    Path(8, _PAST, (_P.APPROVE, _P.LAND, _P.RELEASE), seat=False),
)
# What the printed student has done so far: waits for one answer, and let one chance pass.
PRINTED_PATHS = (Path(1, (6, 3), (), seat=False), Path(1, _PAST, (_P.APPROVE, _P.EXPIRE), seat=False))

REASONS: dict[StrEnum, tuple[str, ...]] = {
    _P.APPROVE: (
        "Good preparation in the seminar.",
        "Fits the learning plan.",
        "Has talked it over with the advisor.",
    ),
    _P.DECLINE: (
        "Finish the current placement first.",
        "The travel time does not fit the timetable this term.",
    ),
    _P.EXTEND: ("The employer asked for one more week.",),
    _P.LAND: ("The employer said yes.",),
    _P.REQUEST_START: ("Student and employer agreed on goals and schedule.",),
    _P.APPROVE_START: ("Goals and schedule are clear.",),
    _P.RETURN_START: ("Please add a goal that can be shown at the exhibition.",),
    _P.EXPIRE: ("The time to land it was over.",),
    _P.WITHDRAW: ("The student chose not to go on.",),
    _P.NOT_SELECT: ("The employer chose somebody else.",),
    _P.RELEASE: ("No contact with the employer for two weeks; the seat goes to the next student.",),
    _W.SEND_FOR_SIGNATURES: ("The agreement is ready to be signed.",),
    _W.CLEAR: ("Everything that must be signed and cleared is here.",),
    _W.ACTIVATE: ("The student starts at the employer.",),
    _W.REQUEST_END: ("The timetable changes with the new term.",),
    _W.COMPLETE: ("All goals were reached; see the exhibition.",),
    _W.END_EARLY: ("Student and employer agreed to end it.",),
    _W.RECORD_NO_SHOW: ("The student did not come on the first days.",),
}
# Days from the step before.
GAPS: dict[StrEnum, tuple[float, float]] = {
    _P.APPROVE: (1.4, 0.1),
    _P.DECLINE: (4, 0.5),
    _P.EXTEND: (12, 10),
    _P.LAND: (9, 2),
    _P.WITHDRAW: (8, 1),
    _P.NOT_SELECT: (10, 3),
    _P.RELEASE: (10, 8),
    _W.ACTIVATE: (9, 2),
    _W.RECORD_NO_SHOW: (9, 5),
    _W.END_EARLY: (20, 4),
    _W.REQUEST_END: (40, 20),
}
BY_STUDENT = {_P.LAND, _P.REQUEST_START, _P.WITHDRAW, _W.REQUEST_END}
BY_ADVISOR = {_P.APPROVE_START, _P.RETURN_START, _W.ACTIVATE, _W.COMPLETE}
UNDECIDED = {_P.LAND, _P.REQUEST_START, _P.EXPIRE}
GOALS = (
    "Explain the day's work to a younger student, and show one thing I made.",
    "Learn three tasks well enough to do them alone, and keep a journal.",
    "Find out what training the job asks for, and talk with three people who do it.",
    "Plan and finish one small project that the team can use.",
)
MESSAGES = (
    "I would like to see whether this is something for me.",
    "My project this year is about exactly this.",
    "I can come on both afternoons; the bus goes from school.",
    "Me gustaría aprender este trabajo.",
    None,
)
