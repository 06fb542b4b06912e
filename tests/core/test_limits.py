import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psycopg
import pytest
from psycopg_pool import AsyncConnectionPool

from app.core.clock import frozen
from app.core.embedded import EmbeddedServer
from app.core.limits import (
    Backoff,
    DatabaseBackoff,
    DatabaseRateLimiter,
    MemoryBackoff,
    MemoryRateLimiter,
    RateLimiter,
    Run,
    Verdict,
    forget_old,
    headers,
    wait_after,
)

KEY = b"k" * 32
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def database_url() -> Iterator[str]:
    with TemporaryDirectory() as folder:
        # As root the server runs under a user of its own, who has to pass through.
        Path(folder).chmod(0o711)
        yield from serving(Path(folder) / "home")


def serving(home: Path) -> Iterator[str]:
    with EmbeddedServer.start(home) as server:
        with psycopg.connect(server.superuser_url(), autocommit=True) as connection:
            connection.execute(
                "CREATE UNLOGGED TABLE rate_limits"
                " (key_hash bytea PRIMARY KEY, window_started_at timestamptz NOT NULL, hits int NOT NULL)"
            )
        yield server.superuser_url()


@pytest.fixture
async def run(database_url: str) -> AsyncIterator[Run]:
    async with AsyncConnectionPool(
        database_url, min_size=8, max_size=8, kwargs={"autocommit": True}, open=False
    ) as pool:

        async def statement(sql: str, params: Mapping[str, Any]) -> Sequence[Any] | None:
            async with pool.connection() as connection:
                cursor = await connection.execute(sql.encode(), params)
                return await cursor.fetchone()

        await statement("WITH gone AS (DELETE FROM rate_limits RETURNING 1) SELECT count(*) FROM gone", {})
        yield statement


@pytest.fixture(params=["memory", "database"])
def backoff(request: pytest.FixtureRequest) -> Backoff:
    if request.param == "memory":
        return MemoryBackoff(key=KEY)
    return DatabaseBackoff(request.getfixturevalue("run"), key=KEY)


def limiter(request: pytest.FixtureRequest, rule: str) -> RateLimiter:
    if request.param == "memory":
        return MemoryRateLimiter(rule)
    return DatabaseRateLimiter(rule, request.getfixturevalue("run"), key=KEY)


@pytest.fixture(params=["memory", "database"])
def three_a_minute(request: pytest.FixtureRequest) -> RateLimiter:
    return limiter(request, "3/minute")


@pytest.fixture(params=["memory", "database"])
def forty_an_hour(request: pytest.FixtureRequest) -> RateLimiter:
    return limiter(request, "40/hour")


@pytest.fixture(params=["memory", "database"])
def one_a_second(request: pytest.FixtureRequest) -> RateLimiter:
    return limiter(request, "1/second")


async def test_the_fourth_of_three_requests_a_minute_is_refused(three_a_minute: RateLimiter) -> None:
    verdicts = [await three_a_minute.hit("ana") for _ in range(5)]

    assert [verdict.allowed for verdict in verdicts] == [True, True, True, False, False]
    assert [verdict.remaining for verdict in verdicts] == [2, 1, 0, 0, 0]
    assert {(verdict.limit, verdict.window_seconds) for verdict in verdicts} == {(3, 60)}
    assert all(1 <= verdict.reset_seconds <= 60 for verdict in verdicts)


async def test_one_caller_does_not_use_up_another_s_requests(three_a_minute: RateLimiter) -> None:
    for _ in range(4):
        await three_a_minute.hit("ana")

    verdict = await three_a_minute.hit("ben")

    assert verdict.allowed


async def test_of_a_hundred_requests_at_once_exactly_forty_pass(forty_an_hour: RateLimiter) -> None:
    verdicts = await asyncio.gather(*(forty_an_hour.hit("ana") for _ in range(100)))

    assert sum(verdict.allowed for verdict in verdicts) == 40


async def test_a_caller_who_waits_as_told_may_ask_again(one_a_second: RateLimiter) -> None:
    await one_a_second.hit("ana")
    refused = await one_a_second.hit("ana")

    await asyncio.sleep(refused.reset_seconds + 0.05)

    assert not refused.allowed
    assert (await one_a_second.hit("ana")).allowed


async def test_a_window_in_the_database_ends_when_it_says(run: Run) -> None:
    limiter = DatabaseRateLimiter("1/minute", run, key=KEY)
    with frozen(NOON):
        await limiter.hit("ana")
    with frozen(NOON + timedelta(seconds=59)):
        late = await limiter.hit("ana")
    with frozen(NOON + timedelta(seconds=60)):
        fresh = await limiter.hit("ana")

    assert late == Verdict(limit=1, remaining=0, reset_seconds=1, window_seconds=60, allowed=False)
    assert fresh == Verdict(limit=1, remaining=0, reset_seconds=60, window_seconds=60, allowed=True)


async def test_the_database_holds_no_address_only_keyed_hashes(run: Run) -> None:
    await DatabaseRateLimiter("1/minute", run, key=KEY).hit("203.0.113.7")
    first = await run("SELECT key_hash FROM rate_limits", {})
    await DatabaseRateLimiter("1/minute", run, key=b"x" * 32).hit("203.0.113.7")
    counted = await run("SELECT count(*) FROM rate_limits", {})

    assert first is not None
    assert len(first[0]) == 32
    assert b"203.0.113.7" not in first[0]
    assert counted == (2,)


def test_the_headers_tell_the_quota_and_what_is_left() -> None:
    verdict = Verdict(limit=600, remaining=599, reset_seconds=60, window_seconds=60, allowed=True)

    assert headers(verdict) == {
        "RateLimit-Policy": '"default";q=600;w=60',
        "RateLimit": '"default";r=599;t=60',
    }


def test_a_refusal_says_when_to_come_back() -> None:
    verdict = Verdict(limit=600, remaining=0, reset_seconds=17, window_seconds=60, allowed=False)

    assert headers(verdict)["Retry-After"] == "17"


async def test_five_wrong_guesses_cost_nothing_and_then_each_doubles_the_wait(backoff: Backoff) -> None:
    waits = []
    with frozen(NOON):
        for _ in range(17):
            await backoff.failed("ana|203.0.113.7")
            waits.append(await backoff.check("ana|203.0.113.7"))

    assert waits == [0, 0, 0, 0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]


async def test_the_wait_runs_down(backoff: Backoff) -> None:
    with frozen(NOON):
        for _ in range(8):
            await backoff.failed("ana|203.0.113.7")
    with frozen(NOON + timedelta(seconds=5)):
        left = await backoff.check("ana|203.0.113.7")
    with frozen(NOON + timedelta(seconds=8)):
        over = await backoff.check("ana|203.0.113.7")

    assert (left, over) == (3, 0)


async def test_guesses_from_elsewhere_do_not_slow_the_owner(backoff: Backoff) -> None:
    for _ in range(20):
        await backoff.failed("ana|198.51.100.1")

    assert await backoff.check("ana|203.0.113.7") == 0


async def test_the_right_password_clears_the_record(backoff: Backoff) -> None:
    for _ in range(8):
        await backoff.failed("ana|203.0.113.7")

    await backoff.succeeded("ana|203.0.113.7")

    assert await backoff.check("ana|203.0.113.7") == 0


async def test_clearing_an_empty_record_is_no_error(backoff: Backoff) -> None:
    await backoff.succeeded("nobody")

    assert await backoff.check("nobody") == 0


async def test_an_hour_without_a_wrong_guess_is_forgiven(backoff: Backoff) -> None:
    with frozen(NOON):
        for _ in range(12):
            await backoff.failed("ana|203.0.113.7")
    with frozen(NOON + timedelta(hours=1)):
        await backoff.failed("ana|203.0.113.7")
        wait = await backoff.check("ana|203.0.113.7")

    assert wait == 0


async def test_guesses_sent_at_once_are_all_counted(backoff: Backoff) -> None:
    with frozen(NOON):
        await asyncio.gather(*(backoff.failed("ana|203.0.113.7") for _ in range(10)))
        wait = await backoff.check("ana|203.0.113.7")

    assert wait == 32


async def test_made_up_names_cannot_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.core.limits._MOST_KEYS_IN_MEMORY", 10)
    backoff = MemoryBackoff(key=KEY)

    for number in range(50):
        await backoff.failed(f"name {number}")

    assert len(backoff._failures) == 10


async def test_a_rate_limit_and_a_back_off_of_one_name_do_not_meet(run: Run) -> None:
    for _ in range(10):
        await DatabaseRateLimiter("5/minute", run, key=KEY).hit("ana")

    assert await DatabaseBackoff(run, key=KEY).check("ana") == 0


async def test_the_daily_sweep_removes_what_no_rule_needs(run: Run) -> None:
    limiter = DatabaseRateLimiter("5/minute", run, key=KEY)
    with frozen(NOON - timedelta(days=2)):
        await limiter.hit("old")
    with frozen(NOON - timedelta(minutes=1)):
        await limiter.hit("new")

    with frozen(NOON):
        removed = await forget_old(run)

    assert removed == 1
    assert await run("SELECT count(*) FROM rate_limits", {}) == (1,)


def test_no_number_of_failures_makes_the_wait_longer_than_a_quarter_of_an_hour() -> None:
    assert wait_after(1_000_000_000) == timedelta(minutes=15)
