"""Finding: what is asked by whom, the hits read again by the policy, and each told with what it is to the caller."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.core.paging import Keyset
from app.core.problems import FieldError, Unprocessable
from app.domain.catalogue_rank import GEM_EVERY, Order, Place, interleave
from app.domain.opportunity import OpportunityStatus
from app.domain.policy import Actor, Scope, scopes
from app.domain.search_document import cluster_bits, clusters_in, weeks
from app.features.catalogue import queries
from app.features.catalogue.schemas import CatalogueFilters, CatalogueSort
from app.features.catalogue_hits import service as hits
from app.features.catalogue_hits.schemas import Choices, Counts, Look, Reading
from app.features.catalogue_items import service as items
from app.features.catalogue_items.schemas import Viewer
from app.features.catalogue_questions import service as questions
from app.features.opportunities import service as opportunities

# Hits that are read beside those of a page, for those that the caller may not see after all.
_SPARE = 4
_MOST_ROUNDS = 6


@dataclass(slots=True)
class State:
    """Where a list of hits has got to: one place for each stream, how many were shown, and what was decided at first.

    The day, the interests and how the words were read stay those of the first page, whatever is changed meanwhile.
    """

    places: list[Place | None]
    day: date
    leaning: int = 0
    shown: int = 0
    any_word: bool = False
    choices: Choices = ()


@dataclass(frozen=True, slots=True)
class Found:
    """A page of hits, readable by the caller, each with whether it is a hidden gem."""

    rows: list[tuple[dict[str, Any], bool]]
    state: State | None
    counts: Counts | None
    reading: Reading
    near: tuple[float, float] | None
    any_word: bool


def as_register(actor: Actor, filters: CatalogueFilters) -> tuple[dict[str, Any], Keyset] | None:
    """Return by what and in which order the register is read, where this asks for it; None: it is a search.

    Whoever sees more than the catalogue reads the register until they search: by words, by what only published listings
    are searched by, or in an order of the search. Raises Unprocessable where a state is asked for that no search knows.
    """
    given = filters.model_dump(exclude={"limit", "cursor", "sort", "facets"}, exclude_none=True, mode="json")
    keeps = not scopes(actor, "opportunity.read").keys() <= {Scope.CATALOGUE}
    state = filters.status not in {None, OpportunityStatus.PUBLISHED}
    made = filters.sort is CatalogueSort.LATEST_MADE
    searches = (
        bool(given.keys() - opportunities.KEPT_BY)
        or ("q" in given and not state)
        or filters.sort not in {None, CatalogueSort.LATEST_MADE, CatalogueSort.NEWEST}
    )
    if not (state or made) and (
        searches or not keeps or (filters.sort is not None and filters.status is None)
    ):
        return None
    if searches and given.keys() - opportunities.KEPT_BY:
        name = min(given.keys() - opportunities.KEPT_BY)
        raise Unprocessable(
            f"{name} searches what is published; leave out status and sort=-created_at, or leave out {name}",
            spanish=f"{name} busca en lo publicado; omita status y sort=-created_at, u omita {name}",
            errors=[FieldError("only for what is published", "only_published", name=name)],
        )
    order = opportunities.NEWEST if filters.sort is CatalogueSort.NEWEST else opportunities.LATEST_MADE
    values = {name: getattr(filters, name) for name in given}
    return values, order


async def register(
    unit: Unit, actor: Actor, given: Mapping[str, Any], keyset: Keyset, after: list[Any] | None, limit: int
) -> list[dict[str, Any]]:
    """Return up to `limit` listings of the register."""
    return await opportunities.register(unit, actor, given, keyset, after, limit)


def plain_page(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Tell a page of the register."""
    return {"items": items.plainly(rows), "facets": None, "understood": None}


async def page(
    unit: Unit, actor: Actor, filters: CatalogueFilters, behind: str | None, language: str
) -> tuple[dict[str, Any], str | None]:
    """Return a page of what the caller finds, as JSON has it, and the state that the next one goes on behind."""
    viewer = await items.viewer_of(unit, actor)
    found = await find(unit, viewer, filters, None if behind is None else _state(behind))
    reading = found.reading
    told = await items.tell(
        unit,
        viewer,
        found.rows,
        frozenset(stem for stems in reading.words for stem in stems),
        near=found.near,
        mode=questions.mode_of(viewer, filters),
        today=clock.now().date(),
        language=language,
    )
    understood = {
        "corrections": [{"typed": typed, "read_as": meant} for typed, meant in reading.corrected],
        "unknown": reading.unknown,
        "some_words": found.any_word,
    }
    answer = {
        "items": told,
        "facets": None if found.counts is None else _facets_told(found.counts),
        "understood": understood if filters.q else None,
    }
    return answer, None if found.state is None else _written(found.state)


async def find(unit: Unit, viewer: Viewer, filters: CatalogueFilters, state: State | None) -> Found:
    """Return the next page of what the caller may find, from the first on where there is no state."""
    await hits.settle(unit)
    now = clock.now()
    if state is None:
        return await _first(unit, viewer, filters, now)
    reading = await hits.read_as(unit, filters.q, state.choices)
    look = questions.look(viewer, filters, reading, now, state.day)
    if state.any_word:
        look = _with_any_word(look)
    found, following, _ = await _mixed(unit, viewer, filters, look, state, counting=False)
    return Found(found, following, None, reading, look.near, state.any_word)


async def _first(unit: Unit, viewer: Viewer, filters: CatalogueFilters, now: datetime) -> Found:
    tenant_id, mine = viewer.actor.tenant_id, questions.everything(viewer.actor)
    counting = filters.facets is not False
    reading = await hits.understand(unit, tenant_id, mine, filters.q)
    look = questions.look(viewer, filters, reading, now)
    start = State([], now.date(), cluster_bits(viewer.profile.interests), choices=reading.choices)
    found, following, counts = await _mixed(unit, viewer, filters, look, start, counting=counting)
    if not found and reading.words:
        doubted = await hits.understand(unit, tenant_id, mine, filters.q, doubting=True)
        if doubted != reading:
            reading, look = doubted, questions.look(viewer, filters, doubted, now)
            start = replace(start, choices=reading.choices)
            found, following, counts = await _mixed(unit, viewer, filters, look, start, counting=counting)
    if not found and len(reading.words) > 1:
        # No listing has every word: those that have some, the ones with them in the title first.
        look, start = _with_any_word(look), replace(start, any_word=True)
        found, following, counts = await _mixed(unit, viewer, filters, look, start, counting=counting)
    if counts is not None:
        # A sample may have missed the few there are: what was read is known.
        total = len(found) if following is None else max(counts.total, len(found) + 1)
        counts = replace(counts, total=total)
    return Found(found, following, counts, reading, look.near, start.any_word)


async def published_since(
    session: AsyncSession,
    actor: Actor,
    filters: Mapping[str, Any],
    since: datetime,
    *,
    without_told_by: UUID | None = None,
    most: int,
) -> list[UUID]:
    """Return up to `most` listings that answer these filters, were published since and may be read by the actor.

    The newest come first. `filters` are the catalogue's own, as JSON. `without_told_by` leaves out what a saved search
    has told already.
    """
    unit: Unit = session.info["unit"]
    asked = CatalogueFilters.model_validate(
        {**filters, "gems": False, "sort": CatalogueSort.NEWEST, "limit": 100, "cursor": None}
    )
    viewer = await items.viewer_of(unit, actor)
    await hits.settle(unit)
    reading = await hits.understand(unit, actor.tenant_id, questions.everything(actor), asked.q)
    now = clock.now()
    look = questions.look(viewer, asked, reading, now)
    # The weeks are in the index, so that what was published before is not read to be passed over.
    lately = (*look.question.others, tuple(weeks(since.date(), now.date())))
    look = replace(
        look,
        question=replace(look.question, others=lately),
        since=max(since, look.since or since),
        tiered=False,
    )
    found: list[UUID] = []
    behind: Place | None = None
    while len(found) < most:
        places = await hits.following(unit, look, behind, asked.limit)
        if not places:
            break
        ids = [place.id for place in places]
        readable = {row["id"] for row in await opportunities.hits(unit, actor, ids)}
        if without_told_by is not None:
            readable -= await queries.told(unit, actor.tenant_id, without_told_by, ids)
        found += [one for one in ids if one in readable]
        behind = places[-1]
    return found[:most]


async def _mixed(
    unit: Unit, viewer: Viewer, filters: CatalogueFilters, look: Look, start: State, *, counting: bool
) -> tuple[list[tuple[dict[str, Any], bool]], State | None, Counts | None]:
    """Return a page, where the next one goes on, and what the facets count if that is asked for."""
    streams = _streams(filters, look, clusters_in(start.leaning))
    begun: list[Place] | None = None
    counts = None
    if counting and len(streams) == 1:
        begun, counts = await hits.first(unit, look, filters.limit + 1 + _SPARE)
    elif counting:
        counts = await hits.counts(unit, look)
    found, following = await _readable(unit, viewer.actor, streams, start, filters.limit, begun)
    return found, following, counts


def _streams(filters: CatalogueFilters, look: Look, interests: Sequence[str]) -> list[Look]:
    """Return what the page is mixed from: what a student leans to and, for every fifth place, what they do not."""
    browsing = filters.q is None and filters.cluster is None and filters.gems is not False
    by_relevance = filters.sort in {None, CatalogueSort.RELEVANCE}
    if not interests or not by_relevance or not (browsing or filters.gems):
        return [look]
    inside, outside = look.question.leaning_to(interests)
    return [
        replace(look, question=inside),
        replace(look, question=outside, order=Order.CHANCE, tiered=False),
    ]


async def _readable(
    unit: Unit,
    actor: Actor,
    streams: Sequence[Look],
    start: State,
    limit: int,
    begun_with: list[Place] | None,
) -> tuple[list[tuple[dict[str, Any], bool]], State | None]:
    """Return a page of hits that the caller may read, and where the next one goes on; None where there is no more.

    `begun_with` are the first places of the only stream, where they are known already.
    """
    begun = start.places or [None] * len(streams)
    fetched: list[list[Place]] = [[] for _ in streams]
    ended = [False] * len(streams)
    rows: dict[UUID, dict[str, Any] | None] = {}
    merged: list[tuple[int, Place, bool]] = []
    for _ in range(_MOST_ROUNDS):
        for number, look in enumerate(streams):
            wanted = limit + 1 + _SPARE
            if not ended[number]:
                behind = fetched[number][-1] if fetched[number] else begun[number]
                more = await hits.following(unit, look, behind, wanted) if begun_with is None else begun_with
                begun_with = None
                ended[number] = len(more) < wanted
                fetched[number] += more
        merged = _merged(fetched, ended, start.shown)
        if unread := [place.id for _, place, _ in merged if place.id not in rows]:
            shown = {row["id"]: row for row in await opportunities.hits(unit, actor, unread)}
            rows |= {one: shown.get(one) for one in unread}
        if all(ended) or sum(rows[place.id] is not None for _, place, _ in merged) > limit:
            break
    found: list[tuple[dict[str, Any], bool]] = []
    places = list(begun)
    passed = 0
    for number, place, gem in merged:
        row = rows[place.id]
        if row is not None and len(found) == limit:
            return found, replace(start, places=places, shown=start.shown + passed)
        if row is not None:
            found.append((row, gem))
        places[number] = place
        passed += 1
    return found, None if all(ended) else replace(start, places=places, shown=start.shown + passed)


def _merged(
    fetched: Sequence[Sequence[Place]], ended: Sequence[bool], shown: int
) -> list[tuple[int, Place, bool]]:
    """Return the streams as one, as far as it is known which comes next."""
    if len(fetched) == 1:
        return [(0, place, False) for place in fetched[0]]
    inside, outside = ([(number, place) for place in places] for number, places in enumerate(fetched))
    merged = [(number, place, gem) for (number, place), gem in interleave(inside, outside, shown)]
    # Where a stream is not at its end, nothing is known of what comes behind what was fetched of it.
    known = (
        min(len(places) for places, end in zip(fetched, ended, strict=True) if not end)
        if not all(ended)
        else None
    )
    return merged if known is None else merged[:known]


def _state(text: str) -> State:
    places, day, leaning, shown, any_word, choices = orjson.loads(text)
    return State(
        [None if place is None else Place(place[0], place[1], UUID(place[2])) for place in places],
        date.fromisoformat(day),
        leaning,
        shown,
        any_word,
        tuple(None if choice is None else tuple(choice) for choice in choices),
    )


def _written(state: State) -> str:
    places = [None if place is None else tuple(place) for place in state.places]
    written = [places, state.day, state.leaning, state.shown % GEM_EVERY, state.any_word, state.choices]
    return orjson.dumps(written).decode()


def _facets_told(counts: Counts) -> dict[str, Any]:
    """Tell what the facets counted, the most frequent first."""
    clusters: Counter[str] = Counter()
    for bits, number in counts.facets["cluster"].items():
        for cluster in clusters_in(int(bits)):
            clusters[cluster] += number
    counted = {**counts.facets, "cluster": clusters}
    told: dict[str, Any] = {"about": counts.about, "total": counts.total}
    for name, values in counted.items():
        told[name] = [
            {"value": value, "count": number}
            for value, number in sorted(values.items(), key=lambda one: (-one[1], one[0]))
        ]
    return told


def _with_any_word(look: Look) -> Look:
    return replace(look, question=replace(look.question, any_word=True))
