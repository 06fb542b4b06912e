"""How a thing moves through its life: one table per noun, and the question it answers."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from app.domain.errors import Refused

S = TypeVar("S", bound=StrEnum)
A = TypeVar("A", bound=StrEnum)


def next_status(table: Mapping[tuple[S, A], S], status: S, action: A) -> S:
    """Return where `action` leads from `status`; raises Refused when the table has no such row."""
    following = table.get((status, action))
    if following is None:
        possible = ", ".join(sorted(a.value for s, a in table if s == status)) or "nothing more"
        raise Refused(
            "wrong_state",
            f"this is {status.value}, so it cannot {action.value}; possible now: {possible}",
            f"el estado es {status.value}, no admite {action.value}; posible ahora: {possible}",
        )
    return following
