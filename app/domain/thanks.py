"""When a contributor is told how many students their connection helped: never of one or two, because those have faces."""

# Below this many nobody is told a number: a family of one or two students could be recognised.
FEWEST_TOLD = 3

_STEPS = (FEWEST_TOLD, 5, 10, 25, 50, 100, 250, 500)


def told_number(students: int) -> int | None:
    """Return the number that may be shown for so many students, or None where it would tell of single ones."""
    return students if students >= FEWEST_TOLD else None


def occasion(students: int) -> int:
    """Return the latest occasion for thanks that so many students have reached.

    0: none yet. 1: it helped for the first time, and no number is told. Then 3, 5, 10, 25, 50, 100, 250, 500 and
    every further 500: the number that is told.
    """
    if students <= 0:
        return 0
    if students >= _STEPS[-1]:
        return students - students % _STEPS[-1]
    return max((step for step in _STEPS if step <= students), default=1)
