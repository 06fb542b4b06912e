"""The rota of a speed networking session: n students, m professionals, r rounds.

Professionals keep their table, students move on. In every round everyone sits at exactly one table, no table is
without a professional or with fewer students than asked for (nobody is alone), tables differ by one student at
most, and no student meets the same professional twice.

How: with t tables, students stand in rows of t. A row has a stride of its own, and in round k its student number b
sits at table b + k * stride (mod t). A row fills every table once, so tables stay even; a student comes back to a table
only after t / gcd(stride, t) rounds, so strides are taken that are longer than the session; and rows with different
strides meet other rows, so that students also meet many other students. No search, no chance: the same people in the
same order give the same rota.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import gcd
from typing import Generic, TypeVar

from app.domain.codes import Names
from app.domain.errors import Refused

S = TypeVar("S")
P = TypeVar("P")

MOST_ROUNDS = 40
# Two students to a table: no minor sits alone with an adult unless those who run it want it so, in one room.
FEWEST_STUDENTS = 2


class TableLack(StrEnum):
    """What a table lacks: because people left since the rota was drawn, or because one student was allowed."""

    NO_PROFESSIONAL = "no_professional"
    NO_STUDENT = "no_student"
    STUDENT_ALONE = "student_alone"


LACKS = {
    TableLack.NO_PROFESSIONAL: Names("No professional sits at this table", "No hay profesional en esta mesa"),
    TableLack.NO_STUDENT: Names("No student sits at this table", "No hay estudiantes en esta mesa"),
    TableLack.STUDENT_ALONE: Names(
        "One student sits here without another", "Hay un solo estudiante en esta mesa"
    ),
}


def lacks_of(students: int, professionals: int) -> list[TableLack]:
    """Say what a table with so many people lacks."""
    found = [] if professionals else [TableLack.NO_PROFESSIONAL]
    if students < FEWEST_STUDENTS:
        found.append(TableLack.STUDENT_ALONE if students else TableLack.NO_STUDENT)
    return found


@dataclass(frozen=True, slots=True)
class Table(Generic[S, P]):
    """Who sits at a table in one round; `number` counts from 1."""

    number: int
    students: tuple[S, ...]
    professionals: tuple[P, ...]


def fewest_at_a_table(*, virtual: bool) -> int:
    """Return the fewest students any table can have: on video nobody is alone with an adult."""
    return FEWEST_STUDENTS if virtual else 1


def check_smallest(smallest: int, *, virtual: bool) -> None:
    """Refuse tables of one student where a table is a room of its own: no minor is alone with an adult."""
    if smallest < fewest_at_a_table(virtual=virtual):
        raise Refused(
            "alone_on_video",
            "on video every room needs at least two students; nobody is alone with an adult",
            "por video, cada sala necesita al menos dos estudiantes; nadie está a solas con una persona adulta",
            pointer="/smallest_table",
        )


def rota(
    students: Sequence[S], professionals: Sequence[P], rounds: int, smallest: int = FEWEST_STUDENTS
) -> list[list[Table[S, P]]]:
    """Return each round's tables, in order; raises Refused, with what would make it possible.

    Where there are fewer students than `smallest` for every professional, professionals share tables.
    """
    if not professionals:
        raise Refused(
            "nobody_to_meet",
            "name at least one professional whom the students meet",
            "nombre al menos a una persona profesional con quien se reúnan",
            pointer="/professionals",
        )
    if len(students) < smallest:
        raise Refused(
            "too_few_students",
            f"{len(students)} students are enrolled and a table needs {smallest}; wait for more",
            f"hay {len(students)} estudiantes inscritos y una mesa necesita {smallest}; espere a que haya más",
        )
    tables = min(len(professionals), len(students) // smallest)
    if rounds > tables:
        raise Refused(
            "rounds_would_repeat",
            f"with {tables} tables, more than {tables} rounds would bring somebody to the same table twice; ask for "
            f"{tables} at most, or bring more professionals and students",
            f"con {tables} mesas, más de {tables} rondas repetirían mesa; pida como máximo {tables} o sume "
            "profesionales y estudiantes",
            pointer="/rounds",
        )
    strides = _strides(tables, rounds, rows=-(-len(students) // tables))
    sitting = [tuple(professionals[table::tables]) for table in range(tables)]
    return [
        [
            Table(number=table + 1, students=tuple(group), professionals=sitting[table])
            for table, group in enumerate(_groups(students, strides, tables, turn))
        ]
        for turn in range(rounds)
    ]


def _groups(students: Sequence[S], strides: Sequence[int], tables: int, turn: int) -> list[list[S]]:
    groups: list[list[S]] = [[] for _ in range(tables)]
    for place, student in enumerate(students):
        row, column = divmod(place, tables)
        groups[(column + turn * strides[row]) % tables].append(student)
    return groups


def _strides(tables: int, rounds: int, rows: int) -> list[int]:
    possible = [stride for stride in range(1, tables + 1) if tables // gcd(stride, tables) >= rounds]
    chosen: list[int] = []
    for _ in range(rows):
        chosen.append(min(possible, key=lambda stride: (_repeats(stride, chosen, tables, rounds), stride)))
    return chosen


def _repeats(stride: int, others: Sequence[int], tables: int, rounds: int) -> int:
    """Count how often students of this row would meet students of the other rows once more, for every first meeting."""
    repeats = 0
    for other in others:
        comes_back = tables // gcd(abs(stride - other), tables)
        repeats += (rounds - 1) // comes_back
    return repeats
