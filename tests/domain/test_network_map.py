"""What a network map shows as a whole, and when its student is reminded."""

from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain.connection import ConnectionDomain
from app.domain.errors import Refused
from app.domain.goal import PromptKind, prompt, sentence
from app.domain.network_map import (
    MOST_ENTRIES,
    PROMPTS,
    HelpKind,
    Known,
    MapTie,
    check_due,
    check_room,
    could_help,
    reminder,
    summary,
    tie,
)


def test_a_tie_is_strong_where_somebody_is_well_known_or_seen_every_week() -> None:
    strengths = {
        (closeness, frequency): tie(closeness, frequency)
        for closeness in range(1, 4)
        for frequency in range(1, 6)
    }

    assert {pair for pair, found in strengths.items() if found is MapTie.STRONG} == {
        (2, 5), (3, 3), (3, 4), (3, 5),
    }  # fmt: skip
    assert {pair for pair, found in strengths.items() if found is MapTie.WEAK} == {
        (1, 1), (1, 2), (1, 3), (1, 4), (2, 1), (2, 2), (3, 1),
    }  # fmt: skip


def test_a_summary_counts_each_person_once_in_whatever_order() -> None:
    people = [
        Known(ConnectionDomain.WORK, 3, 5, [HelpKind.ADVICE, HelpKind.ADVICE], ["nurse", "education"]),
        Known(ConnectionDomain.WORK, 1, 1, [HelpKind.ADVICE], ["nurse"]),
        Known(ConnectionDomain.FAITH, 2, 3, [], []),
    ]

    found = summary(people)

    assert found == summary(reversed(people))
    assert found.people == sum(found.domains.values()) == sum(found.ties.values()) == 3
    assert (found.domains[ConnectionDomain.WORK], found.domains[ConnectionDomain.FAITH]) == (2, 1)
    assert found.help[HelpKind.ADVICE] == 2
    assert found.fields == ("education", "nurse")
    assert set(found.empty_domains) == set(ConnectionDomain) - {ConnectionDomain.WORK, ConnectionDomain.FAITH}


def test_every_part_of_life_has_a_question_in_both_languages() -> None:
    assert PROMPTS.keys() == set(ConnectionDomain)
    assert all(names.en.endswith("?") and names.es.startswith("¿") for names in PROMPTS.values())


@pytest.mark.parametrize(
    ("wanted", "known", "helps"),
    [
        ("nurse", ["nurse"], True),
        ("nurse", ["healthcare_human_services"], True),
        ("healthcare_human_services", ["nurse"], True),
        ("nurse", ["veterinarian"], False),
        ("nurse", ["education"], False),
        ("healthcare_human_services", ["a_field_of_an_older_release"], False),
        ("nurse", [], False),
    ],
)
def test_a_field_helps_its_own_and_a_cluster_both_ways(wanted: str, known: list[str], *, helps: bool) -> None:
    assert could_help(wanted, known) is helps


def test_a_reminder_comes_on_the_morning_of_the_day_where_the_student_lives() -> None:
    assert reminder(date(2026, 7, 1), "America/Chicago") == datetime(2026, 7, 1, 13, tzinfo=UTC)
    assert reminder(date(2026, 12, 1), "America/Chicago") == datetime(2026, 12, 1, 14, tzinfo=UTC)


def test_a_next_step_is_due_from_today_on() -> None:
    today = date(2026, 5, 1)

    check_due(today, today)
    check_due(today + timedelta(days=731), today)
    for wrong in (today - timedelta(days=1), today + timedelta(days=732)):
        with pytest.raises(Refused):
            check_due(wrong, today)


def test_a_full_map_takes_nobody_more() -> None:
    check_room(MOST_ENTRIES - 1)
    with pytest.raises(Refused):
        check_room(MOST_ENTRIES)


def test_what_is_missing_becomes_an_introduction_or_an_outreach() -> None:
    assert prompt(has_own=True, pool_reaches=True) is None
    assert prompt(has_own=True, pool_reaches=False) is None
    assert prompt(has_own=False, pool_reaches=True) is PromptKind.INTRODUCTION
    assert prompt(has_own=False, pool_reaches=False) is PromptKind.OUTREACH


@pytest.mark.parametrize("kind", PromptKind)
def test_a_prompt_names_the_field_in_the_readers_language(kind: PromptKind) -> None:
    assert "Agriculture" in sentence(kind, "agriculture", "en")
    assert "Agricultura" in sentence(kind, "agriculture", "es")
