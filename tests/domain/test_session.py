"""What may be said of a session, and what a student may do in it."""

from datetime import UTC, datetime, timedelta

import pytest

from app.domain.errors import Refused
from app.domain.session import (
    LEFT_SCHOOL,
    LISTING_OVER,
    PATTERN_CHANGED,
    STUDENT_LEFT,
    TOO_FEW,
    EnrollmentStatus,
    Recording,
    SessionStatus,
    audio_only,
    check_begun,
    check_minimum_in_time,
    check_not_begun,
    check_open,
    check_recording_change,
    check_seats,
    check_times,
    check_video,
    decides_at,
    in_language,
    sees_join_link,
)

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("starts", "ends", "code", "pointer"),
    [
        (DAY, DAY, "ends_before_start", "/ends_at"),
        (DAY, DAY - HOUR, "ends_before_start", "/ends_at"),
        (-HOUR, HOUR, "in_the_past", "/starts_at"),
        (timedelta(0), HOUR, "in_the_past", "/starts_at"),
        (DAY, 16 * DAY, "too_long", "/ends_at"),
        (900 * DAY, 900 * DAY + HOUR, "too_far_off", "/starts_at"),
    ],
)
def test_impossible_times_are_refused_at_their_field(
    starts: timedelta, ends: timedelta, code: str, pointer: str
) -> None:
    with pytest.raises(Refused) as refused:
        check_times(NOW + starts, NOW + ends, NOW)

    assert (refused.value.code, refused.value.pointer) == (code, pointer)


def test_a_session_that_is_still_to_come_is_fine() -> None:
    check_times(NOW + DAY, NOW + DAY + HOUR, NOW)


def test_seats_hold_those_taken_and_the_minimum() -> None:
    check_seats(6, 6, kept=6)
    with pytest.raises(Refused) as below:
        check_seats(5, 0, kept=6)
    with pytest.raises(Refused) as above:
        check_seats(5, 6)

    assert below.value.pointer == "/seats"
    assert above.value.pointer == "/minimum_enrollment"


def test_a_minimum_is_decided_on_hours_before_the_start() -> None:
    assert decides_at(NOW + 2 * DAY, 24) == NOW + DAY

    check_minimum_in_time(3, NOW + 2 * DAY, NOW, 24)
    check_minimum_in_time(0, NOW + HOUR, NOW, 24)
    with pytest.raises(Refused):
        check_minimum_in_time(1, NOW + DAY, NOW, 24)


def test_only_a_virtual_session_has_a_link_and_a_recording() -> None:
    check_video(virtual=True, join_url="https://meet.example.org/a", recording=Recording.ALWAYS)
    check_video(virtual=False, join_url=None, recording=Recording.NONE)
    with pytest.raises(Refused):
        check_video(virtual=False, join_url="https://meet.example.org/a", recording=Recording.NONE)
    with pytest.raises(Refused):
        check_video(virtual=False, join_url=None, recording=Recording.ASKED)


@pytest.mark.parametrize("before", Recording)
@pytest.mark.parametrize("after", Recording)
def test_no_more_is_recorded_than_students_were_told(before: Recording, after: Recording) -> None:
    order = list(Recording)
    check_recording_change(before, after, 0)

    if order.index(after) > order.index(before):
        with pytest.raises(Refused):
            check_recording_change(before, after, 1)
    else:
        check_recording_change(before, after, 1)


def test_one_enrols_only_in_what_is_still_to_come() -> None:
    check_open(SessionStatus.SCHEDULED, NOW + HOUR, NOW)
    for status, starts_at in (
        (SessionStatus.CANCELLED, NOW + HOUR),
        (SessionStatus.HELD, NOW - HOUR),
        (SessionStatus.SCHEDULED, NOW),
    ):
        with pytest.raises(Refused):
            check_open(status, starts_at, NOW)


def test_attendance_is_of_what_has_begun() -> None:
    check_begun(NOW, NOW)
    check_not_begun(NOW + HOUR, NOW)
    with pytest.raises(Refused):
        check_begun(NOW + HOUR, NOW)
    with pytest.raises(Refused):
        check_not_begun(NOW, NOW)


def test_without_consent_a_student_takes_part_by_audio_alone() -> None:
    assert audio_only(virtual=True, consented=False)
    assert not audio_only(virtual=True, consented=True)
    assert not audio_only(virtual=False, consented=False)


def test_the_join_link_is_for_the_enrolled_and_those_who_run_it() -> None:
    scheduled, cancelled = SessionStatus.SCHEDULED, SessionStatus.CANCELLED

    assert sees_join_link(scheduled, EnrollmentStatus.ENROLLED, staff=False)
    assert sees_join_link(scheduled, None, staff=True)
    assert not sees_join_link(scheduled, None, staff=False)
    assert not sees_join_link(scheduled, EnrollmentStatus.WITHDRAWN, staff=False)
    assert not sees_join_link(cancelled, EnrollmentStatus.ENROLLED, staff=False)
    # The next session of a pattern has the same link, and may not be theirs.
    assert not sees_join_link(SessionStatus.HELD, EnrollmentStatus.ENROLLED, staff=False)


def test_the_services_own_reasons_are_said_in_the_readers_language_and_peoples_stay_theirs() -> None:
    for names in (TOO_FEW, LISTING_OVER, PATTERN_CHANGED, STUDENT_LEFT, LEFT_SCHOOL):
        assert in_language(names.en, "es") == names.es
        assert in_language(names.en, "en") == names.en
    assert in_language("The vet is ill.", "es") == "The vet is ill."
    assert in_language(None, "es") is None
