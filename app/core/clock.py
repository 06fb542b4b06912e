"""The time, in one place, so that a test can move it and every rule that depends on it can be tried."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

_shift = timedelta(0)
_frozen: datetime | None = None


def now() -> datetime:
    """Return the present instant, in UTC."""
    if _frozen is not None:
        return _frozen
    return datetime.now(UTC) + _shift


@contextmanager
def frozen(at: datetime) -> Iterator[None]:
    """Hold the clock at one instant (tests)."""
    global _frozen  # noqa: PLW0603 - one process has one clock
    before, _frozen = _frozen, at
    try:
        yield
    finally:
        _frozen = before


@contextmanager
def shifted(by: timedelta) -> Iterator[None]:
    """Let the clock run, but ahead by a span (tests)."""
    global _shift  # noqa: PLW0603 - one process has one clock
    _shift += by
    try:
        yield
    finally:
        # Not what it was before: of two that overlap, in tasks of one test, either may end first.
        _shift -= by
