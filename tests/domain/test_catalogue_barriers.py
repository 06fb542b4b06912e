"""What a student may not take yet, and what opens it."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.catalogue_barriers import Offered, Seeker, barriers, birthday
from app.domain.pursuit import age_on
from app.domain.reserve import Kept, free

TODAY = date(2026, 11, 23)
SCHOOL, OTHER = UUID(int=1), UUID(int=2)


def _offered(**said: object) -> Offered:
    values: dict[str, object] = {
        "minimum_age": None,
        "maximum_age": None,
        "clearances": (),
        "meets": (),
        "seats": free(2, 0, (), TODAY),
        "apply_by": None,
        "next_available_on": None,
    }
    return Offered(**{**values, **said})  # type: ignore[arg-type] # a test says only what differs


def _codes(offered: Offered, seeker: Seeker) -> dict[str, date | None]:
    return {barrier.code: barrier.opens_on for barrier in barriers(offered, seeker, TODAY)}


@pytest.mark.parametrize(
    ("born_on", "expected"),
    [
        (date(2010, 11, 24), {"too_young": date(2026, 11, 24)}),
        (date(2010, 11, 23), {}),
        (date(2008, 2, 29), {}),
        (None, {}),
    ],
)
def test_age_opens_on_the_birthday(born_on: date | None, expected: dict[str, date]) -> None:
    assert _codes(_offered(minimum_age=16), Seeker(born_on)) == expected


def test_age_is_judged_on_the_day_it_begins_as_a_request_is() -> None:
    seeker = Seeker(date(2010, 11, 24))

    assert _codes(_offered(minimum_age=16, starts_on=date(2026, 11, 24)), seeker) == {}
    assert _codes(_offered(maximum_age=15, starts_on=date(2026, 11, 24)), seeker) == {"too_old": None}
    assert "too_young" in _codes(_offered(minimum_age=16, starts_on=date(2020, 1, 1)), seeker)


def test_whoever_is_born_on_a_leap_day_turns_older_on_the_first_of_march() -> None:
    assert birthday(date(2012, 2, 29), 16) == date(2028, 2, 29)
    assert birthday(date(2012, 2, 29), 17) == date(2029, 3, 1)
    assert age_on(date(2012, 2, 29), date(2029, 2, 28)) == 16


def test_seats_kept_for_others_open_when_they_are_released_and_full_ones_have_no_day() -> None:
    kept = Kept(UUID(int=9), 1, 0, date(2026, 12, 1), school_id=SCHOOL)
    left = free(1, 0, [kept], TODAY)

    assert _codes(_offered(seats=left), Seeker(None, [OTHER])) == {"reserved": date(2026, 12, 1)}
    assert _codes(_offered(seats=left), Seeker(None, [SCHOOL])) == {}
    assert _codes(_offered(seats=free(1, 1, (), TODAY)), Seeker(None, [OTHER])) == {"full": None}


def test_deadlines_and_first_days_are_told() -> None:
    offered = _offered(apply_by=date(2026, 11, 22), next_available_on=date(2027, 1, 5))

    assert _codes(offered, Seeker(None)) == {"closed": None, "not_yet": date(2027, 1, 5)}


def test_every_sentence_is_in_both_languages() -> None:
    offered = _offered(minimum_age=18, clearances=["work_permit"], apply_by=date(2020, 1, 1))

    for barrier in barriers(offered, Seeker(date(2012, 1, 1)), TODAY):
        assert barrier.sentence.en != barrier.sentence.es
