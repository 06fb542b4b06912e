"""The lives of the nouns: every pair of status and action, every status reachable, every action somebody's."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Any, NamedTuple

import pytest

from app.domain import (
    connection,
    contact,
    employer,
    freshness,
    goal,
    host_again,
    introduction,
    introduction_hop,
    listing_change,
    moderation,
    opportunity,
    outreach,
    placement,
    project_phase,
    pursuit,
    relationship_round,
    saved_search,
    session,
    waitlist,
)
from app.domain.duplicates import lives
from app.domain.errors import Refused
from app.domain.lifecycle import next_status
from app.domain.local_time import end_of_day, local_day
from app.domain.policy import LINK_ACTIONS, POLICY, SYSTEM_ACTIONS
from app.domain.pursuit import PursuitCheck


class Life(NamedTuple):
    """A noun with its statuses, actions and table; `starts` are the statuses it may begin in."""

    noun: str
    statuses: type[StrEnum]
    actions: type[StrEnum]
    table: Mapping[tuple[Any, Any], Any]
    starts: frozenset[str]


LIVES = (
    Life(
        "opportunity_session",
        session.SessionStatus,
        session.SessionAction,
        session.TRANSITIONS,
        frozenset({"scheduled"}),
    ),
    Life(
        "session_enrollment",
        session.EnrollmentStatus,
        session.EnrollmentAction,
        session.ENROLLMENT_TRANSITIONS,
        frozenset({"enrolled"}),
    ),
    Life(
        "weekly_pattern",
        session.PatternStatus,
        session.PatternAction,
        session.PATTERN_TRANSITIONS,
        frozenset({"active"}),
    ),
    Life(
        "host_ask",
        host_again.HostAskStatus,
        host_again.HostAskAction,
        host_again.TRANSITIONS,
        frozenset({"asked"}),
    ),
    Life(
        "phase_feedback",
        project_phase.FeedbackStatus,
        project_phase.FeedbackAction,
        project_phase.TRANSITIONS,
        # What a member of staff writes is shared at once.
        frozenset({"asked", "shared"}),
    ),
    Life(
        "saved_search",
        saved_search.SavedSearchStatus,
        saved_search.SavedSearchAction,
        saved_search.TRANSITIONS,
        frozenset({"active"}),
    ),
    Life(
        "waiting_entry",
        waitlist.WaitingStatus,
        waitlist.WaitingAction,
        waitlist.TRANSITIONS,
        frozenset({"waiting"}),
    ),
    Life(
        "introduction",
        introduction.IntroductionStatus,
        introduction.IntroductionAction,
        introduction.TRANSITIONS,
        frozenset({"asked"}),
    ),
    Life(
        "introduction_hop",
        introduction_hop.HopStatus,
        introduction_hop.HopAction,
        introduction_hop.TRANSITIONS,
        frozenset({"reserved"}),
    ),
    Life(
        "connection",
        connection.ConnectionStatus,
        connection.ConnectionAction,
        connection.TRANSITIONS,
        # A contributor may keep a draft on their own device; what is sent here starts as proposed.
        frozenset({"draft", "proposed"}),
    ),
    Life(
        "contact", contact.ContactStatus, contact.ContactAction, contact.TRANSITIONS, frozenset({"proposed"})
    ),
    Life(
        "employer",
        employer.EmployerStatus,
        employer.EmployerAction,
        employer.TRANSITIONS,
        frozenset({"prospect"}),
    ),
    Life(
        "reconfirmation",
        freshness.ReconfirmationStatus,
        freshness.ReconfirmationAction,
        freshness.TRANSITIONS,
        frozenset({"asked"}),
    ),
    Life(
        "listing_case",
        moderation.CaseStatus,
        moderation.CaseAction,
        moderation.TRANSITIONS,
        frozenset({"open"}),
    ),
    Life(
        "listing_change",
        listing_change.ListingChangeStatus,
        listing_change.ListingChangeAction,
        listing_change.TRANSITIONS,
        frozenset({"proposed"}),
    ),
    Life("goal", goal.GoalStatus, goal.GoalAction, goal.TRANSITIONS, frozenset({"open"})),
    Life(
        "opportunity",
        opportunity.OpportunityStatus,
        opportunity.OpportunityAction,
        opportunity.TRANSITIONS,
        frozenset({"draft"}),
    ),
    Life(
        "outreach_campaign",
        outreach.OutreachStatus,
        outreach.OutreachAction,
        outreach.TRANSITIONS,
        frozenset({"draft"}),
    ),
    Life(
        "pursuit", pursuit.PursuitStatus, pursuit.PursuitAction, pursuit.TRANSITIONS, frozenset({"requested"})
    ),
    Life(
        "placement",
        placement.PlacementStatus,
        placement.PlacementAction,
        placement.TRANSITIONS,
        frozenset({"setup"}),
    ),
    Life(
        "relationship_round",
        relationship_round.RoundStatus,
        relationship_round.RoundAction,
        relationship_round.TRANSITIONS,
        frozenset({"draft"}),
    ),
    Life(
        "duplicate",
        lives.DuplicateStatus,
        lives.DuplicateAction,
        lives.TRANSITIONS,
        # What another pair of the same two says holds for a pair that is made beside it.
        frozenset({"suggested", "different"}),
    ),
    Life("merge", lives.MergeStatus, lives.MergeAction, lives.MERGE_TRANSITIONS, frozenset({"done"})),
    Life(
        "duplicate_scan", lives.ScanStatus, lives.ScanAction, lives.SCAN_TRANSITIONS, frozenset({"waiting"})
    ),
)
NAMES = [life.noun for life in LIVES]
PAIRS = [(life, status, action) for life in LIVES for status in life.statuses for action in life.actions]


@pytest.mark.parametrize(
    ("life", "status", "action"), PAIRS, ids=[f"{life.noun}-{s.value}-{a.value}" for life, s, a in PAIRS]
)
def test_a_step_is_taken_or_refused_with_what_is_possible(
    life: Life, status: StrEnum, action: StrEnum
) -> None:
    if (status, action) in life.table:
        assert next_status(life.table, status, action) is life.table[status, action]
        return

    with pytest.raises(Refused) as refusal:
        next_status(life.table, status, action)

    possible = sorted(a.value for s, a in life.table if s is status) or ["nothing more"]
    assert refusal.value.code == "wrong_state"
    assert refusal.value.pointer is None
    assert refusal.value.sentence.endswith("possible now: " + ", ".join(possible))
    assert status.value in refusal.value.spanish


@pytest.mark.parametrize("life", LIVES, ids=NAMES)
def test_every_status_is_reached_from_a_beginning(life: Life) -> None:
    reached = set(life.starts)
    while True:
        further = {
            after.value for (before, _), after in life.table.items() if before.value in reached
        } - reached
        if not further:
            break
        reached |= further

    assert reached == {status.value for status in life.statuses}


@pytest.mark.parametrize("life", LIVES, ids=NAMES)
def test_every_action_does_something_somewhere(life: Life) -> None:
    used = {action for _, action in life.table}

    assert used == set(life.actions)


@pytest.mark.parametrize("life", LIVES, ids=NAMES)
def test_every_action_is_somebodys(life: Life) -> None:
    named = POLICY.keys() | SYSTEM_ACTIONS | frozenset().union(*LINK_ACTIONS.values())

    assert {f"{life.noun}.{action.value}" for action in life.actions} <= named


def test_a_pursuit_returns_its_seat_when_it_leaves_the_statuses_that_hold_one() -> None:
    s = pursuit.PursuitStatus
    returned = {(before, after) for before in s for after in s if pursuit.returns_seat(before, after)}

    steps = {(before, after) for (before, _), after in pursuit.TRANSITIONS.items()}
    assert {(before.value, after.value) for before, after in returned & steps} == {
        ("approved", "expired"),
        ("approved", "withdrawn"),
        ("approved", "not_selected"),
        ("approved", "released"),
        ("landed", "withdrawn"),
        ("landed", "released"),
        ("start_requested", "withdrawn"),
        ("start_requested", "released"),
    }


def test_the_live_pursuits_are_those_that_can_go_on() -> None:
    going_on = {before for before, _ in pursuit.TRANSITIONS}

    assert going_on == pursuit.LIVE


@pytest.mark.parametrize(
    ("zone", "instant"),
    [
        ("America/Chicago", datetime(2026, 3, 9, 4, 59, 59, 999999, UTC)),  # the day the clocks go forward
        ("America/New_York", datetime(2026, 3, 9, 3, 59, 59, 999999, UTC)),
        ("Pacific/Honolulu", datetime(2026, 3, 9, 9, 59, 59, 999999, UTC)),
    ],
)
def test_an_expiry_date_includes_its_whole_day_at_the_school(zone: str, instant: datetime) -> None:
    assert end_of_day(date(2026, 3, 8), zone).astimezone(UTC) == instant


def test_the_day_is_the_schools_own() -> None:
    assert local_day(datetime(2026, 5, 2, 3, tzinfo=UTC), "America/Chicago") == date(2026, 5, 1)


def test_an_expiry_is_from_today_to_the_longest_span() -> None:
    today = date(2026, 5, 1)

    pursuit.check_expiry(today, today)
    pursuit.check_expiry(today + timedelta(days=pursuit.LONGEST_DAYS), today)
    for wrong in (today - timedelta(days=1), today + timedelta(days=pursuit.LONGEST_DAYS + 1)):
        with pytest.raises(Refused):
            pursuit.check_expiry(wrong, today)


def test_an_extension_is_later_and_only_one() -> None:
    today, current = date(2026, 5, 1), date(2026, 5, 10)

    pursuit.check_extension(
        extended_before=False, expires_on=date(2026, 5, 11), current_expires_on=current, today=today
    )
    for before, until, code in (
        (True, date(2026, 5, 11), "extended_before"),
        (False, current, "extension_not_later"),
        (False, date(2027, 5, 1), "expiry_out_of_range"),
    ):
        with pytest.raises(Refused) as refusal:
            pursuit.check_extension(
                extended_before=before, expires_on=until, current_expires_on=current, today=today
            )
        assert refusal.value.code == code


def test_a_reminder_comes_three_days_before_or_not_at_all() -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)

    assert pursuit.reminder(now + timedelta(days=5), now) == now + timedelta(days=2)
    assert pursuit.reminder(now + timedelta(days=3), now) is None
    assert pursuit.reminder(now + timedelta(days=1), now) is None


def test_what_is_over_is_over_at_its_instant() -> None:
    now = datetime(2026, 5, 1, 12, tzinfo=UTC)

    pursuit.check_not_over(None, now)
    pursuit.check_not_over(now + timedelta(microseconds=1), now)
    with pytest.raises(Refused):
        pursuit.check_not_over(now, now)


@pytest.mark.parametrize(
    ("day", "age"), [(date(2026, 5, 1), 15), (date(2026, 5, 2), 16), (date(2028, 2, 29), 17)]
)
def test_age_is_counted_in_completed_years(day: date, age: int) -> None:
    assert pursuit.age_on(date(2010, 5, 2), day) == age


def test_an_unknown_age_asks_a_human_and_a_known_one_is_decided() -> None:
    day, born_on = date(2026, 5, 1), date(2010, 5, 1)

    assert pursuit.age_check(None, None, None, day) is None
    assert pursuit.age_check(16, None, None, day) is PursuitCheck.AGE_UNKNOWN
    assert pursuit.age_check(None, 18, None, day) is PursuitCheck.AGE_UNKNOWN
    assert pursuit.age_check(16, 16, born_on, day) is None
    for minimum, maximum, code in ((17, None, "too_young"), (None, 15, "too_old")):
        with pytest.raises(Refused) as refusal:
            pursuit.age_check(minimum, maximum, born_on, day)
        assert refusal.value.code == code


def test_what_a_human_must_confirm_is_not_passed_over() -> None:
    pursuit.check_confirmed([], [])
    pursuit.check_confirmed([PursuitCheck.AGE_UNKNOWN], [PursuitCheck.AGE_UNKNOWN])
    with pytest.raises(Refused) as refusal:
        pursuit.check_confirmed([PursuitCheck.AGE_UNKNOWN], [])

    assert refusal.value.pointer == "/confirmed_checks"
    assert "age_unknown" in refusal.value.sentence


def test_a_placement_frees_its_seat_only_when_it_did_not_use_it() -> None:
    s = placement.PlacementStatus

    assert {s.ENDED_EARLY, s.NO_SHOW} == placement.FREES_SEAT
    assert {
        status for status in s if status not in {before for before, _ in placement.TRANSITIONS}
    } == placement.OVER


def test_a_placement_does_not_end_before_it_starts() -> None:
    placement.check_window(date(2026, 5, 1), date(2026, 5, 1))
    with pytest.raises(Refused) as refusal:
        placement.check_window(date(2026, 5, 2), date(2026, 5, 1))

    assert refusal.value.pointer == "/ends_on"


@pytest.mark.parametrize(
    ("grades", "band"),
    [
        ([], None),
        (["KG"], None),
        (["05"], "elementary"),
        (["08"], "6-8"),
        (["09"], "9-10"),
        (["10", "11"], "11-12"),
        (["12"], "11-12"),
        (["13"], "11-12"),
        (["14"], "after 12"),
    ],
)
def test_an_employer_learns_the_grade_band_only(grades: list[str], band: str | None) -> None:
    assert placement.grade_band(grades) == band


def test_students_only_see_what_was_vetted_and_agreed_to() -> None:
    opportunity.check_publishable(employer_vetted=True, has_connection=False, connection_active=False)
    opportunity.check_publishable(employer_vetted=True, has_connection=True, connection_active=True)
    for vetted, linked, active, code in (
        (False, False, False, "employer_not_vetted"),
        (True, True, False, "connection_not_active"),
    ):
        with pytest.raises(Refused) as refusal:
            opportunity.check_publishable(
                employer_vetted=vetted, has_connection=linked, connection_active=active
            )
        assert refusal.value.code == code


def test_an_opportunity_does_not_end_before_it_starts() -> None:
    opportunity.check_dates(None, date(2026, 5, 1))
    opportunity.check_dates(date(2026, 5, 1), date(2026, 5, 1))
    with pytest.raises(Refused):
        opportunity.check_dates(date(2026, 5, 2), date(2026, 5, 1))


@pytest.mark.parametrize("has_contact", [True, False])
@pytest.mark.parametrize("consents", [True, False])
@pytest.mark.parametrize("has_employer", [True, False])
@pytest.mark.parametrize("vetted", [True, False])
def test_a_connection_is_ready_when_everyone_at_its_end_agreed_and_was_vetted(
    *, has_contact: bool, consents: bool, has_employer: bool, vetted: bool
) -> None:
    ready = connection.is_ready(
        has_contact=has_contact,
        contact_consents=consents,
        has_employer=has_employer,
        employer_vetted=vetted,
    )

    somebody = has_contact or has_employer
    nobody_open = not (has_contact and not consents) and not (has_employer and not vetted)
    assert ready == (somebody and nobody_open)


def test_a_contact_is_written_to_twice_in_the_quiet_span_at_most() -> None:
    now = datetime(2026, 5, 1, tzinfo=UTC)
    long_ago, recent = now - contact.QUIET_SPAN, now - timedelta(days=7)

    def may(*attempts: datetime, suppressed: bool = False, reminder: bool = False) -> bool:
        invited, reminded = attempts[:1], attempts[1:]
        return contact.may_be_written_to(invited, reminded, now, suppressed=suppressed, reminder=reminder)

    assert may()
    assert may(long_ago)
    assert not may(recent)
    assert may(recent, reminder=True)
    assert not may(recent, recent, reminder=True)
    assert not may(suppressed=True)
    assert not may(recent, suppressed=True, reminder=True)
