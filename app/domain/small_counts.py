"""Counts of one or two people or families have faces: nobody is shown a number below three."""

FEWEST_SHOWN = 3


def shown(count: int) -> int | None:
    """Return a count as it may be shown: from three up, or not at all."""
    return count if count >= FEWEST_SHOWN else None
