"""The law of contacts and of the connections that lead to them."""

from datetime import UTC, date, datetime, timedelta
from itertools import product
from typing import Any
from uuid import UUID

import pytest

from app.domain.connection import TRANSITIONS as CONNECTION
from app.domain.connection import ConnectionAction, ConnectionStatus, Offer, next_by_itself
from app.domain.contact import (
    CLOSED,
    QUIET_SPAN,
    Availability,
    ContactStanding,
    ContactStatus,
    PartOfDay,
    Weekday,
    mailbox,
    may_be_asked,
    may_be_written_to,
    normal_address,
    standing,
)
from app.domain.errors import Refused

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def test_every_way_of_being_closed_looks_the_same() -> None:
    seen = {status: standing(status) for status in ContactStatus}

    assert {seen[status] for status in CLOSED} == {ContactStanding.CLOSED}
    assert {seen[status].value for status in seen if status not in CLOSED} == {
        "proposed",
        "invited",
        "consented",
        "paused",
    }


@pytest.mark.parametrize(
    ("invited", "reminded", "reminder", "may"),
    [
        ([], [], False, True),
        ([1], [], False, False),
        ([179], [], False, False),
        ([180], [], False, True),
        ([7], [], True, True),
        ([7], [1], True, False),
        ([200, 7], [], True, True),
        # Invited by one school 181 days ago, reminded a week later: another school's reminder would be the second.
        ([181], [174], True, False),
        ([181], [174], False, False),
        ([187], [180], True, True),
        ([187], [180], False, True),
    ],
)
def test_one_invitation_and_one_reminder_in_the_quiet_span(
    invited: list[int], reminded: list[int], reminder: bool, may: bool
) -> None:
    invitations = [NOW - timedelta(days=days) for days in invited]
    reminders = [NOW - timedelta(days=days) for days in reminded]

    assert may_be_written_to(invitations, reminders, NOW, suppressed=False, reminder=reminder) is may
    assert not may_be_written_to(invitations, reminders, NOW, suppressed=True, reminder=reminder)
    assert timedelta(days=180) == QUIET_SPAN


def test_a_mailbox_is_the_same_whatever_is_behind_its_plus_sign() -> None:
    assert normal_address(" Vera@Clinic.Example ") == "vera@clinic.example"
    assert mailbox("Vera+school@Clinic.example") == "vera@clinic.example"
    assert mailbox("+odd@clinic.example") == "+odd@clinic.example"


def test_a_connection_moves_by_itself_only_where_its_life_allows_it() -> None:
    for status, ready in product(ConnectionStatus, (True, False)):
        action = next_by_itself(status, ready=ready)
        assert action is None or (status, action) in CONNECTION

    assert next_by_itself(ConnectionStatus.SCREENED, ready=True) is ConnectionAction.ACTIVATE
    assert next_by_itself(ConnectionStatus.DORMANT, ready=True) is ConnectionAction.ACTIVATE
    assert next_by_itself(ConnectionStatus.ACTIVE, ready=False) is ConnectionAction.REST
    assert next_by_itself(ConnectionStatus.PROPOSED, ready=True) is None


NORTH, SOUTH = UUID(int=1), UUID(int=2)
DAY = date(2031, 3, 3)


def asked(**changes: Any) -> bool:
    """Ask a contact who said yes and narrowed nothing, but for the changes."""
    facts: dict[str, Any] = {
        "offers": [],
        "availability": Availability(),
        "visible_school_ids": None,
        "school_id": NORTH,
        "offer": Offer.TALK,
        "today": DAY,
    }
    return may_be_asked(changes.pop("status", ContactStatus.CONSENTED), **(facts | changes))


@pytest.mark.parametrize(
    "status", [status for status in ContactStatus if status is not ContactStatus.CONSENTED]
)
def test_only_who_said_yes_and_takes_no_break_may_be_asked(status: ContactStatus) -> None:
    assert asked()
    assert not asked(status=status)


def test_a_contact_is_asked_for_what_they_offer_only() -> None:
    assert asked(offers=["talk", "host"])
    assert not asked(offers=["host"])


def test_a_contact_is_asked_while_they_are_there() -> None:
    assert asked(availability=Availability(DAY, DAY))
    assert asked(availability=Availability(weekdays=(Weekday.SUNDAY,), parts_of_day=(PartOfDay.EVENING,)))
    assert not asked(availability=Availability(from_on=DAY + timedelta(days=1)))
    assert not asked(availability=Availability(until_on=DAY - timedelta(days=1)))


def test_a_contact_is_asked_by_the_schools_that_may_see_them() -> None:
    assert asked(visible_school_ids=[NORTH, SOUTH])
    assert not asked(visible_school_ids=[SOUTH])
    assert not asked(visible_school_ids=[])


def test_what_is_kept_of_an_availability_reads_back_the_same() -> None:
    chosen = Availability(DAY, None, (Weekday.FRIDAY, Weekday.MONDAY), (PartOfDay.EVENING,))

    kept = chosen.to_json()

    assert kept == {
        "from_on": "2031-03-03",
        "until_on": None,
        "weekdays": ["monday", "friday"],
        "parts_of_day": ["evening"],
    }
    assert Availability.from_json(kept).to_json() == kept
    assert Availability.from_json({}) == Availability()


def test_an_end_before_the_beginning_is_refused() -> None:
    with pytest.raises(Refused, match="last day on or after"):
        Availability(DAY, DAY - timedelta(days=1))
