"""Seats kept for a school or a group: whom they are kept for, until when, and which seat a student takes.

A reserve is soft. Until its day its seats go to those it is for, first of all; from that day on they are seats like any
other. None outlives what it is of: a day past the end is refused, and where the end is moved to before it, the reserve is
released on the last day. Whoever it is for is not held to it: once it is used up they take an open seat as everybody does.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from app.domain.codes import Names
from app.domain.errors import Refused

MOST_RESERVES = 20


@dataclass(frozen=True, slots=True)
class Kept:
    """One reserve as it stands; for a school or for a group, never both."""

    id: UUID
    seats: int
    seats_taken: int
    released_on: date
    school_id: UUID | None = None
    group_id: UUID | None = None

    def free(self) -> int:
        """Return how many of its seats nobody has taken."""
        return self.seats - self.seats_taken

    def is_for(self, school_id: UUID, group_ids: Collection[UUID]) -> bool:
        """Say whether it is kept for a student of this school who is on these groups' lists."""
        return self.school_id == school_id if self.school_id is not None else self.group_id in group_ids


@dataclass(frozen=True, slots=True)
class Free:
    """The seats of one opportunity or session that nobody has: open ones, and those of each reserve that holds."""

    seats: int
    open_seats: int
    reserves: tuple[Kept, ...]

    def any(self) -> bool:
        """Say whether anybody at all could be seated."""
        return self.seats > 0

    def school_ids(self) -> list[UUID]:
        """Return the schools that a seat is kept for."""
        return sorted({kept.school_id for kept in self.reserves if kept.school_id is not None})

    def group_ids(self) -> list[UUID]:
        """Return the groups that a seat is kept for."""
        return sorted({kept.group_id for kept in self.reserves if kept.group_id is not None})


def free(seats: int, seats_taken: int, reserves: Iterable[Kept], today: date) -> Free:
    """Count what is free today; a reserve whose day has come holds nothing back."""
    left = max(0, seats - seats_taken)
    holding = tuple(kept for kept in reserves if today < kept.released_on and kept.free() > 0)
    kept_back = sum(kept.free() for kept in holding)
    return Free(left, max(0, left - kept_back), holding if left else ())


def choose(left: Free, school_id: UUID, group_ids: Collection[UUID]) -> tuple[bool, UUID | None]:
    """Return (whether a seat is free for this student, the reserve it comes out of).

    The reserve that is released last is used first, so that what is kept for longest is used by those it is for.
    """
    mine = [kept for kept in left.reserves if kept.is_for(school_id, group_ids)]
    if mine:
        return True, max(mine, key=lambda kept: (kept.released_on, kept.id)).id
    return left.open_seats > 0, None


def check_reserves(kept_back: int, left: int) -> None:
    """Refuse to keep back more seats than are free."""
    if kept_back > left:
        raise Refused(
            "more_reserved_than_free",
            f"{left} seats are free; keep no more than that, all reserves together",
            f"hay {left} plazas libres; reserve como máximo esas entre todas las reservas",
            pointer="/reserves",
        )


def check_lowered(seats: int, taken: int, kept_back: int) -> None:
    """Refuse fewer seats than are taken and kept back together: what is promised to a school is not taken away unsaid."""
    if seats < taken:
        raise Refused(
            "fewer_seats_than_taken",
            f"{taken} seats are taken; keep at least as many",
            f"hay {taken} plazas ocupadas; deje al menos esas",
            pointer="/seats",
        )
    if kept_back and seats < taken + kept_back:
        raise Refused(
            "fewer_seats_than_kept",
            f"{taken} seats are taken and {kept_back} kept for a school or a group; keep as many, or give up a reserve first",
            f"hay {taken} plazas ocupadas y {kept_back} reservadas para una escuela o un grupo; deje al menos esas, o "
            "suprima antes una reserva",
            pointer="/seats",
        )


def rule(seats: int, kept_for: str, released_on: date) -> Names:
    """Say in words whom seats are kept for and until when; everyone reads it."""
    day = released_on.isoformat()
    if seats == 1:
        return Names(
            f"1 seat is kept for {kept_for}; from {day} it is open to everyone.",
            f"1 plaza está reservada para {kept_for}; desde el {day} está abierta a todos.",
        )
    return Names(
        f"{seats} seats are kept for {kept_for}; from {day} those left are open to everyone.",
        f"{seats} plazas están reservadas para {kept_for}; desde el {day} las que queden están abiertas a todos.",
    )
