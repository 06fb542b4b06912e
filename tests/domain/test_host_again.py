"""The yearly question to hosts, and phases of projects: what is refused."""

from datetime import date
from uuid import UUID

import pytest

from app.domain.errors import Refused
from app.domain.host_again import HostAnswer, HostReason, check_answer, months_before
from app.domain.project_phase import Phase, check_kept, check_phases, check_window, check_words

TODAY = date(2031, 5, 31)


@pytest.mark.parametrize(
    ("answer", "reasons", "day", "code"),
    [
        (HostAnswer.YES, [], None, None),
        (HostAnswer.YES, [], TODAY, None),
        (HostAnswer.NOT_NOW, [], None, None),
        (HostAnswer.NOT_NOW, [HostReason.NO_STAFF], date(2031, 9, 1), None),
        (HostAnswer.NO, [HostReason.COST], None, None),
        (HostAnswer.NO, [], None, "reason_missing"),
        (HostAnswer.YES, [HostReason.COST], None, "reason_for_yes"),
        (HostAnswer.NO, [HostReason.COST], TODAY, "date_out_of_range"),
        (HostAnswer.NOT_NOW, [], date(2031, 5, 30), "date_out_of_range"),
        (HostAnswer.NOT_NOW, [], date(2041, 5, 30), "date_out_of_range"),
    ],
)
def test_an_answer_is_taken_or_refused(
    answer: HostAnswer, reasons: list[HostReason], day: date | None, code: str | None
) -> None:
    if code is None:
        check_answer(answer, reasons, day, TODAY)
        return
    with pytest.raises(Refused) as refused:
        check_answer(answer, reasons, day, TODAY)

    assert refused.value.code == code


def test_months_back_end_on_the_last_day_of_a_shorter_month() -> None:
    assert months_before(date(2031, 3, 31), 1) == date(2031, 2, 28)
    assert months_before(date(2032, 2, 29), 12) == date(2031, 2, 28)


JANUARY = Phase(date(2031, 1, 1), date(2031, 1, 31))
FEBRUARY = Phase(date(2031, 2, 1), date(2031, 2, 28))


def test_phases_follow_each_other_and_may_overlap() -> None:
    check_phases([JANUARY, Phase(date(2031, 1, 15), date(2031, 2, 15)), FEBRUARY], None, None)
    check_phases([JANUARY, FEBRUARY], JANUARY.starts_on, FEBRUARY.ends_on)

    for wrong in ([FEBRUARY, JANUARY], [Phase(JANUARY.ends_on, JANUARY.starts_on)]):
        with pytest.raises(Refused):
            check_phases(wrong, None, None)
    with pytest.raises(Refused):
        check_phases([JANUARY, FEBRUARY], None, date(2031, 2, 27))
    with pytest.raises(Refused):
        check_phases([JANUARY], date(2031, 1, 2), None)


def test_other_dates_of_a_project_leave_no_phase_outside() -> None:
    check_window(JANUARY.starts_on, FEBRUARY.ends_on, JANUARY.starts_on, FEBRUARY.ends_on)
    check_window(JANUARY.starts_on, FEBRUARY.ends_on, None, None)
    check_window(None, None, FEBRUARY.starts_on, JANUARY.ends_on)

    for starts_on, ends_on, pointer in (
        (date(2031, 1, 2), None, "/starts_on"),
        (None, date(2031, 2, 27), "/ends_on"),
    ):
        with pytest.raises(Refused) as refused:
            check_window(JANUARY.starts_on, FEBRUARY.ends_on, starts_on, ends_on)
        assert refused.value.pointer == pointer


def test_a_phase_with_feedback_stays_and_a_strange_one_does_not_come_in() -> None:
    one, two, three = (UUID(int=n) for n in (1, 2, 3))
    check_kept([two], [one, two], [two])

    for kept, judged in (([three], []), ([one, one], []), ([one], [two])):
        with pytest.raises(Refused):
            check_kept(kept, [one, two], judged)


def test_an_expert_and_a_team_leave_each_other_no_address() -> None:
    check_words([("strong", "Good since 2019-2020."), ("next_step", None)])

    with pytest.raises(Refused) as refused:
        check_words([("strong", "Fine."), ("next_step", "mail me: a@b.example")])
    assert refused.value.pointer == "/next_step"
