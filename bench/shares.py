"""Where a request's time goes: a profile of the catalogue page in this process, added up by package."""

import asyncio
import cProfile
import pstats
import re
from collections import Counter
from typing import Any

from app.settings import Settings
from bench.floor import ask, in_process
from bench.load import headers_of

REQUESTS = 400
_SHOWN = 8


def shares(settings: Settings, runtime: str, path: str, token: str) -> list[tuple[str, float]]:
    """Return (package, share of the profiled time), largest first; the smallest are added up as the rest."""
    profile = asyncio.run(_profiled(settings, runtime, path, token))
    spent: Counter[str] = Counter()
    stats: dict[Any, Any] = pstats.Stats(profile).stats  # type: ignore[attr-defined] # pstats leaves it undeclared
    for (file, _, name), (_, _, own, _, _) in stats.items():
        spent[_package(file, name)] += own
    total = sum(spent.values())
    first = spent.most_common(_SHOWN)
    rest = total - sum(seconds for _, seconds in first)
    return [(name, seconds / total) for name, seconds in first] + [("the rest", rest / total)]


async def _profiled(settings: Settings, runtime: str, path: str, token: str) -> cProfile.Profile:
    profile = cProfile.Profile()
    async with in_process(settings, runtime) as service:
        for _ in range(20):
            await ask(service, "GET", path, headers_of(token, ""), b"")
        profile.enable()
        for _ in range(REQUESTS):
            await ask(service, "GET", path, headers_of(token, ""), b"")
        profile.disable()
    return profile


def _package(file: str, name: str) -> str:
    if "poll" in name or "select.epoll" in name:
        return "waiting for PostgreSQL"
    if found := re.search(r"site-packages[/\\](\w+)", file):
        return found[1]
    if re.search(r"[/\\]app[/\\]", file):
        return "kithwork itself"
    return "Python and its C functions"
