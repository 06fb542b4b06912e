"""The simulated year keeps to the service's own caps and schedule; `make bench-introductions` lives through twenty."""

import random
import statistics
from collections import Counter
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.domain import introduction, introduction_paths
from app.domain.introduction_paths import MOST_A_TERM, WEEK, term_start
from bench import introductions as bench
from bench.introductions import MONTHLY_CAP, TERMS, ZONE, Community, Policy, Request, Tie, Year

SEEDS = (1, 2, 3)
SERVICE = "capped and rotating (the service)"
FEW_FIELDS = 4


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let few families be asked as much in proportion as the many of the bench, so that the caps are met."""
    monkeypatch.setattr(bench, "FAMILIES", 60)
    monkeypatch.setattr(bench, "FIELDS", FEW_FIELDS)
    monkeypatch.setattr(bench, "REQUESTS", 150)


def _watched(policy: Policy, years: list[Year]) -> Policy:
    """Return a policy that does the same, and keeps the year that it decides in."""

    def watch(
        draw: random.Random, community: Community, year: Year, request: Request, now: datetime
    ) -> Tie | None:
        if not years or years[-1] is not year:
            years.append(year)
        return policy(draw, community, year, request, now)

    return watch


def _most_in_a_week(asks: list[datetime]) -> int:
    return max(sum(at <= other < at + WEEK for other in asks) for at in asks)


def _most_in_a_term(asks: list[datetime]) -> int:
    return max(Counter(term_start(TERMS, at, ZONE) for at in asks).values())


def _lived(name: str) -> tuple[list[Year], list[float]]:
    years: list[Year] = []
    policy = _watched(bench.POLICIES[name], years)
    shares = [bench.simulate(seed, policy)[0] for seed in SEEDS]
    assert len(years) == len(SEEDS)
    return years, shares


def test_the_service_s_policy_never_exceeds_a_cap() -> None:
    years, _ = _lived(SERVICE)

    families = [asks for year in years for asks in year.family_asks.values() if asks]
    contacts = [asks for year in years for asks in year.contact_asks.values() if asks]
    assert sum(map(len, families)) > 150 * len(SEEDS)
    assert sum(map(len, contacts)) > 50 * len(SEEDS)
    for asks in (*families, *contacts):
        assert _most_in_a_week(asks) == 1
        assert _most_in_a_term(asks) <= MOST_A_TERM
    for asks in contacts:
        assert max(Counter((at.year, at.month) for at in asks).values()) <= MONTHLY_CAP
    # The caps are met, so a policy without them would be seen to exceed them.
    assert max(map(_most_in_a_term, families)) == MOST_A_TERM


def test_the_other_policies_know_no_caps_and_the_same_counting_sees_it() -> None:
    for name in bench.POLICIES:
        years, _ = _lived(name)
        asks = [asks for year in years for asks in year.family_asks.values() if asks]
        assert (max(map(_most_in_a_week, asks)) > 1) is (name != SERVICE), name


def test_the_service_s_policy_is_the_service_s_own_code() -> None:
    for name in ("base_score", "may_ask", "noise", "reach", "score", "term_start"):
        assert getattr(bench, name) is getattr(introduction_paths, name), name
    for name in ("slot_end", "SLOTS"):
        assert getattr(bench, name) is getattr(introduction, name), name


@pytest.mark.parametrize("cap", ["MOST_A_WEEK", "MOST_A_TERM"])
def test_a_cap_of_the_service_is_a_cap_of_the_simulation(cap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(introduction_paths, cap, 0)

    _, asks = bench.simulate(SEEDS[0], bench.POLICIES[SERVICE])

    assert sum(asks) == 0


def test_the_service_chooses_the_best_of_those_within_the_caps() -> None:
    draw = random.Random(SEEDS[0])  # noqa: S311 - a seeded simulation
    community, year, chosen = bench.make_community(draw), Year(), 0
    for number in range(80):
        now = bench.FIRST_DAY + timedelta(hours=30 * number)
        request = Request(UUID(int=draw.getrandbits(128)), draw.randrange(FEW_FIELDS), now)

        tie = bench.POLICIES[SERVICE](draw, community, year, request, now)

        best = _exhaustively(community, year, request, now)
        assert tie == best
        if tie is not None:
            chosen += 1
            year.family_asks[tie.family].append(now)
            year.contact_asks[tie.contact].append(now)
    assert chosen > 60


def _exhaustively(community: Community, year: Year, request: Request, now: datetime) -> Tie | None:
    """Score every path of a field and take the best, the plain way: here nobody has agreed yet."""
    term = term_start(TERMS, now, ZONE)
    found = []
    for tie in community.by_field[request.wanted]:
        asks, of_contact = year.family_asks[tie.family], year.contact_asks[tie.contact]
        if any(
            sum(at > now - WEEK for at in each) >= 1 or sum(at >= term for at in each) >= MOST_A_TERM
            for each in (asks, of_contact)
        ):
            continue
        if sum((at.year, at.month) == (now.year, now.month) for at in of_contact) >= MONTHLY_CAP:
            continue
        base = introduction_paths.base_score(
            tie.closeness,
            tie.frequency,
            introduction_paths.Answers(len(asks), 0),
            introduction_paths.Answers(len(of_contact), 0),
        )
        reached = introduction_paths.score(
            base, len(asks), len(of_contact), introduction_paths.noise(request.id, tie.id)
        )
        found.append((reached, tie.id, tie))
    return max(found, key=lambda one: one[:2])[2] if found else None


def test_taking_turns_spares_the_best_connected_family_and_meets_more_often() -> None:
    always, turns = (_lived(name) for name in ("always the strongest path", SERVICE))
    most = [
        max(len(asks) for year in years for asks in year.family_asks.values()) for years, _ in (always, turns)
    ]

    assert most[1] * 5 < most[0]
    assert statistics.fmean(turns[1]) > 2 * statistics.fmean(always[1])


def test_the_same_seed_lives_through_the_same_year() -> None:
    assert bench.simulate(7, bench.POLICIES[SERVICE]) == bench.simulate(7, bench.POLICIES[SERVICE])
