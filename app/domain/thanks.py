"""When a contributor is told how many students their connection helped: never of one or two, because those have faces."""

from app.domain.small_counts import FEWEST_SHOWN

_STEPS = (FEWEST_SHOWN, 5, 10, 25, 50, 100, 250, 500)


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
