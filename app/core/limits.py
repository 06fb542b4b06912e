"""How often one caller may ask, and how fast one may guess a password.

Counts live in the memory of one process, or, where several processes serve, in the unlogged table
`rate_limits(key_hash bytea primary key, window_started_at timestamptz, hits int)`. A key (an account, an address) is
never stored there, only its keyed hash.
"""

import hmac
import threading
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, Protocol

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

from app.core.clock import now

# Runs one statement with psycopg's named parameters on a connection of its own that commits at once (never the
# request's transaction, which may roll back), and returns its first row.
Run = Callable[[str, Mapping[str, Any]], Awaitable[Sequence[Any] | None]]

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)
FORGIVEN_AFTER = timedelta(hours=1)

_MOST_KEYS_IN_MEMORY = 50_000

_COUNT = """
INSERT INTO rate_limits AS kept (key_hash, window_started_at, hits)
VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key_hash) DO UPDATE SET
    hits = CASE WHEN kept.window_started_at > excluded.window_started_at - %(window)s
        THEN least(kept.hits + 1, %(most)s) ELSE 1 END,
    window_started_at = CASE WHEN kept.window_started_at > excluded.window_started_at - %(window)s
        THEN kept.window_started_at ELSE excluded.window_started_at END
RETURNING hits, window_started_at
"""

_FAIL = """
INSERT INTO rate_limits AS kept (key_hash, window_started_at, hits)
VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key_hash) DO UPDATE SET
    hits = CASE WHEN kept.window_started_at > excluded.window_started_at - %(window)s
        THEN least(kept.hits + 1, %(most)s) ELSE 1 END,
    window_started_at = greatest(kept.window_started_at, excluded.window_started_at)
RETURNING hits, window_started_at
"""

_LOOK = "SELECT hits, window_started_at FROM rate_limits WHERE key_hash = %(key)s"

_FORGET = "DELETE FROM rate_limits WHERE key_hash = %(key)s RETURNING hits"

_SWEEP = """
WITH gone AS (DELETE FROM rate_limits WHERE window_started_at < %(before)s RETURNING 1)
SELECT count(*) FROM gone
"""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a limiter says to one request; seconds are whole and rounded up."""

    limit: int
    remaining: int
    reset_seconds: int
    window_seconds: int
    allowed: bool


class RateLimiter(Protocol):
    """Counts requests per key."""

    async def hit(self, key: str) -> Verdict:
        """Count one request of the caller named by `key` and say whether it may pass."""


def headers(verdict: Verdict) -> dict[str, str]:
    """Return the answer's headers: `RateLimit` and `RateLimit-Policy`, and `Retry-After` for a refusal.

    Fields of draft-ietf-httpapi-ratelimit-headers (structured fields, RFC 9651).
    """
    told = {
        "RateLimit-Policy": f'"default";q={verdict.limit};w={verdict.window_seconds}',
        "RateLimit": f'"default";r={verdict.remaining};t={verdict.reset_seconds}',
    }
    if not verdict.allowed:
        told["Retry-After"] = str(max(1, verdict.reset_seconds))
    return told


class _AlwaysRunning(threading.Timer):
    """Stands where the storage looks for its sweeping thread, so that it starts none."""

    def __init__(self) -> None:
        super().__init__(0, lambda: None)

    def is_alive(self) -> bool:
        """Say yes: the limiter itself sweeps."""
        return True


# Forgotten callers are swept out once in this many requests.
_SWEEP_EVERY = 10_000


class MemoryRateLimiter:
    """For one process: a sliding window in its memory. `rule` as in "600/minute"."""

    def __init__(self, rule: str) -> None:
        self._item = parse(rule)
        # The library's asynchronous storage walks every key on every hit (0.4 ms at 5,000 keys); this one does not.
        self._storage = MemoryStorage()
        # Its own timer would walk every key up to 100 times a second, each time in a new thread.
        self._storage.timer.cancel()
        self._storage.timer = _AlwaysRunning()
        self._window = SlidingWindowCounterRateLimiter(self._storage)
        self._hits = 0

    async def hit(self, key: str) -> Verdict:
        """Count one request (see `RateLimiter.hit`)."""
        self._hits += 1
        if self._hits % _SWEEP_EVERY == 0:
            for old in list(self._storage.expirations):
                self._storage.get(old)  # forgets it when its time is over
        allowed = self._window.hit(self._item, key)
        stats = self._window.get_window_stats(self._item, key)
        window = self._item.get_expiry()
        return Verdict(
            limit=self._item.amount,
            remaining=stats.remaining if allowed else 0,
            reset_seconds=min(window, max(1, ceil(stats.reset_time - time.time()))),
            window_seconds=window,
            allowed=allowed,
        )


class DatabaseRateLimiter:
    """For several processes: one count in the database, in one statement, right however many ask at once.

    A window is fixed and begins with a caller's first request. `key` is the secret of the keyed hash.
    """

    def __init__(self, rule: str, run: Run, *, key: bytes) -> None:
        item = parse(rule)
        self._limit = item.amount
        self._window = timedelta(seconds=item.get_expiry())
        self._run = run
        self._key = key

    async def hit(self, key: str) -> Verdict:
        """Count one request (see `RateLimiter.hit`)."""
        at = now()
        hits, started_at = await _counted(
            self._run,
            _COUNT,
            {
                "key": _fingerprint(self._key, "rate", key),
                "now": at,
                "window": self._window,
                "most": self._limit + 1,
            },
        )
        window = int(self._window.total_seconds())
        return Verdict(
            limit=self._limit,
            remaining=max(0, self._limit - hits),
            reset_seconds=min(window, max(1, _whole_seconds(started_at + self._window - at))),
            window_seconds=window,
            allowed=hits <= self._limit,
        )


class Backoff(Protocol):
    """Slows down guesses instead of locking an account, which would let anyone lock out anyone.

    `key` names the account and the address the guess comes from. Ask `check`; where it answers 0, count `failed`
    *before* comparing the password and `succeeded` after a match, so that guesses sent at once are all counted.
    The first five failures cost nothing, then the wait doubles from 2 s to 15 min; an hour without one forgives.
    """

    async def check(self, key: str) -> int:
        """Return the seconds to wait before the next guess; 0: go ahead."""

    async def failed(self, key: str) -> None:
        """Count a wrong guess."""

    async def succeeded(self, key: str) -> None:
        """Forget the wrong guesses before this right one."""


class MemoryBackoff:
    """For one process. `key` is the secret of the keyed hash."""

    def __init__(self, *, key: bytes) -> None:
        self._key = key
        self._failures: OrderedDict[bytes, tuple[int, datetime]] = OrderedDict()

    async def check(self, key: str) -> int:
        """Return the seconds to wait (see `Backoff.check`)."""
        return _wait(*self._failures.get(_fingerprint(self._key, "backoff", key), (0, now())))

    async def failed(self, key: str) -> None:
        """Count a wrong guess."""
        name, at = _fingerprint(self._key, "backoff", key), now()
        failures, last = self._failures.pop(name, (0, at))
        self._failures[name] = (failures + 1 if at - last < FORGIVEN_AFTER else 1, at)
        # The oldest failures go first, so that made-up names cannot fill the memory.
        while len(self._failures) > _MOST_KEYS_IN_MEMORY:
            self._failures.popitem(last=False)

    async def succeeded(self, key: str) -> None:
        """Forget the wrong guesses."""
        self._failures.pop(_fingerprint(self._key, "backoff", key), None)


class DatabaseBackoff:
    """For several processes: the instant of the last failure and their number, in `rate_limits`."""

    def __init__(self, run: Run, *, key: bytes) -> None:
        self._run = run
        self._key = key

    async def check(self, key: str) -> int:
        """Return the seconds to wait (see `Backoff.check`)."""
        row = await self._run(_LOOK, {"key": _fingerprint(self._key, "backoff", key)})
        return 0 if row is None else _wait(row[0], row[1])

    async def failed(self, key: str) -> None:
        """Count a wrong guess."""
        await _counted(
            self._run,
            _FAIL,
            {
                "key": _fingerprint(self._key, "backoff", key),
                "now": now(),
                "window": FORGIVEN_AFTER,
                "most": 1000,
            },
        )

    async def succeeded(self, key: str) -> None:
        """Forget the wrong guesses."""
        await self._run(_FORGET, {"key": _fingerprint(self._key, "backoff", key)})


async def forget_old(run: Run, *, age: timedelta = timedelta(days=1)) -> int:
    """Remove rows that no rule can need any more and return how many; for a daily sweep.

    `age` must be longer than the window of every rule and than an hour.
    """
    row = await run(_SWEEP, {"before": now() - age})
    return int(row[0]) if row is not None else 0


def wait_after(failures: int) -> timedelta:
    """Return how long after its last failure a caller with so many of them must wait."""
    if failures <= FREE_FAILURES:
        return timedelta(0)
    # 2**10 s is already past the longest wait; the cap keeps the power from growing without end.
    return min(timedelta(seconds=2 ** min(failures - FREE_FAILURES, 10)), LONGEST_WAIT)


def _wait(failures: int, last: datetime) -> int:
    return max(0, _whole_seconds(last + wait_after(failures) - now()))


def _whole_seconds(span: timedelta) -> int:
    return ceil(span.total_seconds())


def _fingerprint(key: bytes, purpose: str, text: str) -> bytes:
    return hmac.digest(key, f"{purpose}:{text}".encode(), "sha256")


async def _counted(run: Run, sql: str, params: Mapping[str, Any]) -> tuple[int, datetime]:
    row = await run(sql, params)
    if row is None:
        raise RuntimeError("an upsert with RETURNING gave no row; the connection must return the first one")
    return row[0], row[1]
