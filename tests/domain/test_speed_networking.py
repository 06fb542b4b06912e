"""The rota of a speed networking session: nobody alone, nobody twice, whoever comes."""

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.errors import Refused
from app.domain.speed_networking import check_smallest, rota


@settings(max_examples=200, deadline=None)
@given(st.data(), st.integers(1, 120), st.integers(1, 30), st.integers(1, 5))
def test_every_rota_seats_everyone_once_a_round_never_alone_and_never_with_the_same_professional_again(
    data: st.DataObject, n: int, m: int, smallest: int
) -> None:
    students = [f"student {i}" for i in range(n)]
    professionals = [f"professional {i}" for i in range(m)]
    tables = min(m, n // smallest)
    if tables == 0:
        with pytest.raises(Refused) as too_few:
            rota(students, professionals, 1, smallest)
        assert too_few.value.code == "too_few_students"
        return
    rounds = data.draw(st.integers(1, tables))

    found = rota(students, professionals, rounds, smallest)

    assert len(found) == rounds
    met: Counter[tuple[str, str]] = Counter()
    for turn in found:
        assert sorted(s for table in turn for s in table.students) == sorted(students)
        assert sorted(p for table in turn for p in table.professionals) == sorted(professionals)
        sizes = [len(table.students) for table in turn]
        assert min(sizes) >= smallest
        assert max(sizes) - min(sizes) <= 1
        assert all(table.professionals for table in turn)
        assert [table.number for table in turn] == list(range(1, tables + 1))
        met.update((s, p) for table in turn for s in table.students for p in table.professionals)
    assert max(met.values()) == 1


@given(st.integers(2, 60), st.integers(1, 20))
def test_more_rounds_than_tables_are_refused_with_the_most_that_can_be(n: int, m: int) -> None:
    tables = min(m, n // 2)

    with pytest.raises(Refused) as refused:
        rota(range(n), range(m), tables + 1)

    assert refused.value.code == "rounds_would_repeat"
    assert f"{tables} at most" in refused.value.sentence


def test_the_same_people_in_the_same_order_give_the_same_rota() -> None:
    assert rota(range(23), "abcdef", 4) == rota(range(23), "abcdef", 4)


def test_students_of_one_table_are_mixed_as_far_as_the_numbers_allow() -> None:
    found = rota(range(35), range(7), 4)

    together = Counter(
        frozenset((a, b))
        for turn in found
        for table in turn
        for a in table.students
        for b in table.students
        if a < b
    )
    assert max(together.values()) == 1


def test_professionals_share_a_table_when_students_are_few() -> None:
    found = rota(["maya", "leo", "ana", "joy", "kim"], ["vet", "nurse", "cook"], 2)

    assert [len(table.students) for table in found[0]] == [3, 2]
    assert [table.professionals for table in found[0]] == [("vet", "cook"), ("nurse",)]


def test_nobody_to_meet_is_refused() -> None:
    with pytest.raises(Refused) as refused:
        rota(range(4), [], 1)

    assert refused.value.pointer == "/professionals"


def test_on_video_no_student_sits_alone_with_an_adult() -> None:
    with pytest.raises(Refused):
        check_smallest(1, virtual=True)

    check_smallest(1, virtual=False)
    check_smallest(2, virtual=True)
