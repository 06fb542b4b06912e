"""Chooses the path of an introduction: the best whose people may be asked, and holds the caps against everybody else.

The base scores stand in an index, best first, and asks only lower a score. So the best path is found exactly without
looking at every connection of a field (the threshold algorithm of Fagin, Lotem and Naor, 2003).
"""

import heapq
import math
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.core.db import Unit
from app.domain.connection import Offer
from app.domain.introduction_paths import (
    MOST_A_WEEK,
    WEEK,
    YEAR,
    may_ask,
    noise,
    reach,
    score,
    term_start,
)
from app.domain.local_time import local_day, month_of, starts_at
from app.domain.policy import Role
from app.features.paths import queries
from app.features.paths.queries import Facts

# Who of the people who contribute is an adult by role.
ADULTS = (Role.GUARDIAN, Role.ADVISOR, Role.COORDINATOR, Role.DISTRICT_ADMIN)
# A contact who narrowed what they offer has to offer one of these to be introduced to anybody.
OFFERS = (Offer.ANSWER_QUESTIONS, Offer.MENTOR)

_FIRST = 1024
_MOST = 4096
_AT_ONCE = 16
_MOST_AT_ONCE = 256
_LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Wish:
    """Who wants to meet somebody of which field."""

    tenant_id: UUID
    introduction_id: UUID
    student_id: UUID
    school_id: UUID
    field: str


@dataclass(frozen=True, slots=True)
class Path:
    """The way to a contact."""

    connection_id: UUID
    contributor_id: UUID
    household_id: UUID
    contact_id: UUID
    employer_id: UUID | None
    score: float


class _Waiting(NamedTuple):
    """A connection that may be the path; `negated` is minus what it reaches at most, so that the best is the smallest."""

    negated: float
    connection_id: UUID
    base: float


async def prepare(unit: Unit, wish: Wish, now: datetime) -> dict[str, Any]:
    """Return what every look at the paths of a wish needs: who stands too near, and since when asks count."""
    beside = await queries.beside(unit, wish.tenant_id, wish.student_id, wish.school_id, now)
    local = local_day(now, beside.zone)
    month = month_of(now, beside.zone)
    spans = {
        "week": now - WEEK,
        "term": term_start(beside.terms, now, beside.school_zone),
        "year": now - YEAR,
        "month": starts_at(month, beside.zone),
    }
    return {
        **spans,
        "since": queries.since(**spans),
        "tenant": wish.tenant_id,
        "introduction": wish.introduction_id,
        "school": wish.school_id,
        "today": local,
        "month_on": month,
        "household": beside.household_id,
        "family": [wish.student_id, *beside.guardian_ids],
        "addresses": beside.addresses,
        "fellows": beside.fellows,
        "offers": [offer.value for offer in OFFERS],
        "adults": [role.value for role in ADULTS],
    }


async def choose(
    unit: Unit, wish: Wish, binds: dict[str, Any], *, besides: frozenset[UUID] = frozenset()
) -> Path | None:
    """Return the path with the best score whose people may be asked now, or None; `besides` are left out.

    Reads only. Before anybody is asked, `hold` looks at the path again under its locks.
    """
    tired = await queries.tired(unit, binds, MOST_A_WEEK)
    best: Path | None = None
    after, limit, more = (math.inf, _LAST_ID), _FIRST, True
    # Those that were read and whose people were not asked this week, by what they could at most reach: their base and
    # their noise, before anybody's asks are taken off.
    waiting: list[_Waiting] = []
    batch = _AT_ONCE
    while more or waiting:
        unread = reach(after[0]) if more else -math.inf
        foremost = -waiting[0].negated if waiting else -math.inf
        if best is not None and best.score >= max(unread, foremost):
            break
        if foremost < unread:
            rows = await queries.top(unit, wish.tenant_id, wish.field, after, limit)
            for one in rows:
                if one.connection_id in besides or one.contributor_id in tired or one.contact_id in tired:
                    continue
                at_most = one.base + noise(wish.introduction_id, one.connection_id)
                heapq.heappush(waiting, _Waiting(-at_most, one.connection_id, one.base))
            more = len(rows) == limit
            if rows:
                after = (rows[-1].base, rows[-1].connection_id)
            limit = min(limit * 2, _MOST)
            continue
        bases = {}
        for _ in range(min(batch, len(waiting))):
            taken = heapq.heappop(waiting)
            bases[taken.connection_id] = taken.base
        batch = min(batch * 2, _MOST_AT_ONCE)
        for found in await queries.facts(unit, binds, list(bases)):
            path = _path(wish, found, bases[found.connection_id])
            if path is not None and (best is None or _rank(path) > _rank(best)):
                best = path
    return best


async def hold(unit: Unit, wish: Wish, binds: dict[str, Any], path: Path) -> bool:
    """Lock the household and the contact of a path against other asks, and say whether they may still be asked.

    The locks last until the transaction, or the savepoint around this, ends. Where somebody else has one, they are
    about to ask: that is as good as asked, so nobody waits, and there is no deadlock.
    """
    for whom in (path.household_id, path.contact_id):
        if not await queries.lock(unit, f"asks {wish.tenant_id} {whom}"):
            return False
    found = await queries.facts(unit, binds, [path.connection_id])
    return any(
        _path(wish, facts, 0.0) is not None and facts.household_id == path.household_id for facts in found
    )


async def may_take_turn(unit: Unit, binds: dict[str, Any], contact_id: UUID, monthly_cap: int) -> bool:
    """Say whether a contact whose turn was kept may be asked now: meanwhile they may have chosen to be asked less."""
    asks, this_month = await queries.asks_of(unit, binds, contact_id)
    return may_ask(asks, monthly=(this_month, monthly_cap))


def _rank(path: Path) -> tuple[float, UUID]:
    return (path.score, path.connection_id)


def _path(wish: Wish, facts: Facts, base: float) -> Path | None:
    if not may_ask(facts.household) or not may_ask(
        facts.contact, monthly=(facts.this_month, facts.monthly_cap)
    ):
        return None
    reached = score(
        base,
        facts.household.this_year,
        facts.contact.this_year,
        noise(wish.introduction_id, facts.connection_id),
    )
    return Path(
        facts.connection_id,
        facts.contributor_id,
        facts.household_id,
        facts.contact_id,
        facts.employer_id,
        reached,
    )
