"""The law of contacts and of the connections that lead to them."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from app.domain.connection import TRANSITIONS as CONNECTION
from app.domain.connection import ConnectionAction, ConnectionStatus, next_by_itself
from app.domain.contact import (
    CLOSED,
    QUIET_SPAN,
    ContactStanding,
    ContactStatus,
    mailbox,
    may_be_written_to,
    normal_address,
    standing,
)

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
    ("days_ago", "reminder", "may"),
    [
        ([], False, True),
        ([1], False, False),
        ([179], False, False),
        ([180], False, True),
        ([7], True, True),
        ([7, 1], True, False),
        ([200, 7], True, True),
    ],
)
def test_one_invitation_and_one_reminder_in_the_quiet_span(
    days_ago: list[int], reminder: bool, may: bool
) -> None:
    attempts = [NOW - timedelta(days=days) for days in days_ago]

    assert may_be_written_to(attempts, NOW, suppressed=False, reminder=reminder) is may
    assert not may_be_written_to(attempts, NOW, suppressed=True, reminder=reminder)
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
