"""When a contributor is told how many students a connection helped."""

import pytest

from app.domain.small_counts import shown
from app.domain.thanks import occasion


@pytest.mark.parametrize(
    ("students", "reached"),
    [
        (-1, 0),
        (0, 0),
        (1, 1),
        (2, 1),
        (3, 3),
        (4, 3),
        (5, 5),
        (9, 5),
        (10, 10),
        (24, 10),
        (25, 25),
        (50, 50),
        (99, 50),
        (100, 100),
        (250, 250),
        (499, 250),
        (500, 500),
        (999, 500),
        (1000, 1000),
    ],
)
def test_there_are_thanks_at_first_and_then_at_the_steps(students: int, reached: int) -> None:
    assert occasion(students) == reached


def test_no_number_below_three_is_ever_told() -> None:
    assert [shown(students) for students in range(5)] == [None, None, None, 3, 4]
    assert not {occasion(students) for students in range(2000)} & {2}
