"""What a family is asked: by what is lacking and what others said, and by nothing about the family."""

import inspect
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest

from app.domain import outreach
from app.domain.clusters import Cluster
from app.domain.errors import Refused
from app.domain.local_time import month_of
from app.domain.outreach import ClusterStats, choose_questions, priority
from app.domain.small_counts import shown

HEALTH, FARM, BUILD = Cluster.HEALTHCARE_HUMAN_SERVICES, Cluster.AGRICULTURE, Cluster.CONSTRUCTION


@pytest.mark.parametrize(
    ("households", "yes", "asked", "promises"),
    [
        (0, 0, 0, 1 / 6),  # nobody was asked yet: one in six
        (5, 0, 0, 1 / 12),  # half of the need is met
        (10, 5, 5, 0.0),  # all of it is
        (25, 0, 0, 0.0),
        (0, 3, 12, 4 / 18),
        (9, 0, 6, 1 / 120),
    ],
)
def test_priority_is_the_need_left_times_the_chance_of_a_yes(
    households: int, yes: int, asked: int, promises: float
) -> None:
    assert priority(5, households, yes, asked) == pytest.approx(promises)


def test_the_three_most_promising_clusters_are_asked_about() -> None:
    stats = {cluster: ClusterStats(households=9) for cluster in Cluster}
    stats |= {HEALTH: ClusterStats(0, 5, 6), FARM: ClusterStats(0, 1, 6), BUILD: ClusterStats(2, 0, 0)}

    assert choose_questions(stats, k=5, seed="anything") == [HEALTH, FARM, BUILD]


def test_what_is_being_asked_gives_way_to_something_else() -> None:
    counts = dict.fromkeys(Cluster, 0)
    asked: list[Cluster] = []
    for family in range(14):
        stats = {cluster: ClusterStats(asked=number) for cluster, number in counts.items()}
        chosen = choose_questions(stats, k=5, seed=str(family))
        asked += chosen
        for cluster in chosen:
            counts[cluster] += 1

    # 42 questions about 14 clusters: each of them three times.
    assert set(Counter(asked).values()) == {3}


def test_a_cluster_that_families_say_yes_to_is_asked_about_more() -> None:
    stats = {cluster: ClusterStats(asked=20) for cluster in Cluster} | {HEALTH: ClusterStats(asked=20, yes=9)}

    assert all(choose_questions(stats, k=5, seed=str(n))[0] is HEALTH for n in range(20))


def test_chance_alone_decides_between_equals() -> None:
    first = [choose_questions({}, k=5, seed=f"campaign {number}")[0] for number in range(1400)]

    seen = Counter(first)
    assert set(seen) == set(Cluster)
    # 100 each on average; five standard deviations are 48.
    assert all(52 <= number <= 148 for number in seen.values())


def test_the_same_moment_gives_the_same_questions() -> None:
    stats = {HEALTH: ClusterStats(3, 2, 4)}

    assert choose_questions(stats, k=5, seed="a 7") == choose_questions(dict(stats), k=5, seed="a 7")


def test_nothing_about_a_family_can_be_handed_over() -> None:
    assert set(inspect.signature(choose_questions).parameters) == {"stats", "k", "seed", "n"}
    assert ClusterStats._fields == ("households", "yes", "asked")


@pytest.mark.parametrize("cluster", list(Cluster))
def test_every_question_is_asked_in_both_languages_with_examples(cluster: Cluster) -> None:
    asked, shown = outreach.question(cluster), outreach.examples(cluster)

    assert asked.en.startswith("Who do we know in ")
    assert asked.en.endswith("?")
    assert asked.es.startswith("¿A quién conocemos en ")
    assert shown.en
    assert shown.es
    assert len(shown.en.split(", ")) <= 4


def test_families_are_spread_over_the_days_but_for_the_last_week() -> None:
    day, closes_on, left = date(2026, 9, 1), date(2026, 9, 30), 230
    shares = []
    while day <= closes_on:
        share = outreach.share_of_today(left, day, closes_on)
        shares.append(share)
        left -= share
        day += timedelta(days=1)

    assert shares[:23] == [10] * 23
    assert sum(shares[23:]) == 0
    assert outreach.share_of_today(40, date(2026, 9, 1), date(2026, 9, 3)) == 40


def test_a_link_ends_with_the_campaign_and_after_thirty_days_at_the_latest() -> None:
    asked_at = datetime(2026, 9, 1, 12, tzinfo=UTC)

    assert outreach.link_ends(asked_at, None, "America/Chicago") == datetime(2026, 10, 1, 12, tzinfo=UTC)
    assert outreach.link_ends(asked_at, date(2026, 12, 1), "America/Chicago") == datetime(
        2026, 10, 1, 12, tzinfo=UTC
    )
    assert outreach.link_ends(asked_at, date(2026, 9, 10), "America/Chicago") == datetime(
        2026, 9, 11, 5, tzinfo=UTC
    )


@pytest.mark.parametrize(("count", "told"), [(0, None), (2, None), (3, 3), (400, 400)])
def test_fewer_than_three_families_are_no_number(count: int, told: int | None) -> None:
    assert shown(count) == told


def test_months_are_counted_by_their_first_day() -> None:
    assert month_of(datetime(2026, 2, 28, 12, tzinfo=UTC), "America/Chicago") == date(2026, 2, 1)


def test_a_campaign_ends_after_it_begins_and_within_a_year() -> None:
    day = date(2026, 9, 1)
    outreach.check_window(day, day)
    for wrong in (day - timedelta(days=1), day + timedelta(days=367)):
        with pytest.raises(Refused) as refusal:
            outreach.check_window(day, wrong)
        assert refusal.value.pointer == "/closes_on"


def test_a_campaign_whose_last_day_is_over_is_not_opened() -> None:
    day = date(2026, 9, 1)
    outreach.check_may_open(day, day)
    with pytest.raises(Refused):
        outreach.check_may_open(day - timedelta(days=1), day)


def test_only_what_was_asked_is_answered_and_once() -> None:
    outreach.check_answers([HEALTH], [HEALTH.value, FARM.value])
    for wrong in ([BUILD], [HEALTH, HEALTH]):
        with pytest.raises(Refused) as refusal:
            outreach.check_answers(wrong, [HEALTH.value, FARM.value])
        assert refusal.value.code == "not_asked"
