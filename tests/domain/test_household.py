"""Who counts as one family, under ids that stay."""

from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from app.domain.household import joined, settle

MOTHER, FATHER, CHILD, SISTER, AUNT, COUSIN = (UUID(int=number) for number in range(1, 7))
OLD, NEW = UUID(int=100), UUID(int=200)


def test_links_join_through_any_number_of_people() -> None:
    families = joined([(CHILD, MOTHER), (CHILD, FATHER), (SISTER, FATHER), (COUSIN, AUNT)])

    assert sorted(families, key=len) == [{COUSIN, AUNT}, {CHILD, MOTHER, FATHER, SISTER}]


def test_a_household_keeps_its_id_when_somebody_comes_or_goes() -> None:
    homes = {MOTHER: OLD, CHILD: OLD, AUNT: OLD}

    placed, homeless = settle([{MOTHER, CHILD, FATHER}], homes)

    assert placed == {MOTHER: OLD, CHILD: OLD, FATHER: OLD}
    assert homeless == []


def test_of_two_households_that_merge_the_older_stays() -> None:
    placed, homeless = settle([{MOTHER, CHILD, FATHER, SISTER}], {FATHER: NEW, SISTER: NEW, MOTHER: OLD})

    assert set(placed.values()) == {OLD}
    assert homeless == []


def test_of_a_household_that_falls_apart_the_larger_part_keeps_the_id() -> None:
    homes = dict.fromkeys((MOTHER, FATHER, CHILD, SISTER, AUNT), OLD)

    placed, homeless = settle([{MOTHER, CHILD}, {FATHER, SISTER, AUNT}], homes)

    assert placed == {FATHER: OLD, SISTER: OLD, AUNT: OLD}
    assert homeless == [{MOTHER, CHILD}]


def test_of_equal_parts_always_the_same_one_keeps_the_id() -> None:
    homes = dict.fromkeys((MOTHER, FATHER, CHILD, SISTER), OLD)
    parts = [{MOTHER, CHILD}, {FATHER, SISTER}]

    assert settle(parts, homes)[0] == settle(parts[::-1], homes)[0] == {MOTHER: OLD, CHILD: OLD}


PEOPLE = st.integers(1, 30).map(lambda number: UUID(int=number))
LINKS = st.lists(st.tuples(PEOPLE, PEOPLE), max_size=40)


@given(st.lists(LINKS, min_size=1, max_size=4))
def test_after_any_history_each_family_has_one_household_of_its_own(
    history: list[list[tuple[UUID, UUID]]],
) -> None:
    homes: dict[UUID, UUID] = {}
    made = 1000
    for links in history:
        families = joined(links)
        placed, homeless = settle(families, homes)
        for family in homeless:
            made += 1
            placed |= dict.fromkeys(family, UUID(int=made))
        homes = placed

        assert set(homes) == {person for link in links for person in link}
        assert len(set(homes.values())) == len(families)
        assert all(len({homes[person] for person in family}) == 1 for family in families)
        assert settle(families, homes) == (homes, [])
