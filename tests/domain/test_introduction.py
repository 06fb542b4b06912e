"""The pace of an introduction, and the path it takes: pure questions."""

import math
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest

from app.domain import introduction, introduction_paths
from app.domain.errors import Refused
from app.domain.introduction import IntroductionState, IntroductionStatus, what_student_sees
from app.domain.introduction_paths import Answers, Asks, Term

NOW = datetime(2027, 3, 3, 15, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize("status", IntroductionStatus)
def test_a_student_sees_three_states_and_no_more(status: IntroductionStatus) -> None:
    seen = what_student_sees(status)

    arranged = {IntroductionStatus.AGREED, IntroductionStatus.MET}
    expected = IntroductionState.ARRANGED if status in arranged else IntroductionState.LOOKING
    assert seen is (IntroductionState.CLOSED if status is IntroductionStatus.CLOSED else expected)


def test_the_slots_stand_from_the_approval_on() -> None:
    assert introduction.slot_end(NOW, 1) == NOW + timedelta(days=10)
    assert introduction.ends_at(NOW) == introduction.slot_end(NOW, 3) == NOW + timedelta(days=30)
    assert introduction.contributor_answers_by(introduction.slot_end(NOW, 2)) == NOW + timedelta(days=15)


def test_a_slot_without_a_path_looks_again_for_three_days_and_then_waits_for_its_end() -> None:
    end = introduction.slot_end(NOW, 1)
    looks = [NOW]
    while looks[-1] < end:
        looks.append(introduction.next_look(looks[-1], end))

    assert [(at - NOW).days for at in looks] == [0, 1, 2, 3, 10]


def test_the_score_is_the_one_that_was_agreed_on() -> None:
    household, contact = Answers(2, 1), Answers(0, 0)
    base = introduction_paths.base_score(2, 3, household, contact)

    reached = introduction_paths.score(base, 3, 2, 0.05)

    p_household = (4 * 0.55 + 1) / (4 + 2)
    p_contact = (4 * 0.50 + 0) / 4
    assert reached == pytest.approx(math.log(p_household) + math.log(p_contact) - 0.5 * 3 - 0.15 * 2 + 0.05)


def test_noise_is_small_and_the_same_for_the_same_introduction() -> None:
    drawn = [introduction_paths.noise(UUID(int=number), ONE) for number in range(500)]

    assert all(0 <= one < introduction_paths.NOISE for one in drawn)
    assert len(set(drawn)) == len(drawn)
    assert introduction_paths.noise(ONE, OTHER) == introduction_paths.noise(ONE, OTHER)
    assert introduction_paths.noise(ONE, OTHER) != introduction_paths.noise(OTHER, ONE)
    assert introduction_paths.reach(-1.0) > -1.0 + max(drawn)


@pytest.mark.parametrize(
    ("asks", "monthly", "may"),
    [
        (Asks(0, 3, 9), None, True),
        (Asks(1, 1, 1), None, False),
        (Asks(0, 4, 4), None, False),
        (Asks(0, 0, 0), (1, 2), True),
        (Asks(0, 0, 0), (2, 2), False),
    ],
)
def test_the_caps_are_one_a_week_four_a_term_and_the_contact_s_own(
    asks: Asks, monthly: tuple[int, int] | None, may: bool
) -> None:
    assert introduction_paths.may_ask(asks, monthly=monthly) is may


def test_a_term_counts_from_the_earliest_span_that_covers_the_day() -> None:
    terms = [
        Term("schoolYear", date(2026, 8, 24), date(2027, 6, 11)),
        Term("semester", date(2027, 1, 11), date(2027, 6, 11)),
        Term("term", date(2027, 2, 1), date(2027, 4, 1)),
        Term("gradingPeriod", date(2027, 1, 4), date(2027, 4, 1)),
        Term("semester", date(2026, 8, 24), date(2027, 1, 8)),
    ]

    found = introduction_paths.term_start(terms, NOW, "America/Chicago")

    assert found.isoformat() == "2027-01-11T00:00:00-06:00"
    assert introduction_paths.term_start(terms[:1], NOW, "America/Chicago") == NOW - timedelta(days=120)


def test_every_prior_is_a_chance() -> None:
    nothing = Answers(0, 0)
    for closeness in (1, 2, 3):
        for frequency in (1, 2, 3, 4, 5):
            assert 0 < introduction_paths.contributor_chance(closeness, frequency, nothing) < 1
        assert 0 < introduction_paths.contact_chance(closeness, nothing) < 1


@pytest.mark.parametrize("field", ["goal", "wording"])
def test_a_text_names_nobody(field: str) -> None:
    introduction.check_names_nobody("I like to may things", ["Maya"], field)
    for text in ("I am Maya!", "write to me@here.org"):
        with pytest.raises(Refused) as refusal:
            introduction.check_names_nobody(text, ["Maya"], field)
        assert refusal.value.pointer == f"/{field}"
        assert ("escribas" in refusal.value.spanish) is (field == "goal")
