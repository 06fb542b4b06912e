"""Asking the search documents: a page of places, what the facets count, and what was meant by what was typed.

What is found here is not yet what may be shown: whoever asks reads the listings again, by the policy.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from uuid import UUID

from rapidfuzz import process
from rapidfuzz.distance import OSA

from app.core.db import Unit
from app.domain.catalogue_rank import (
    ENOUGH_IN_SAMPLE,
    FEW_IN_SAMPLE,
    SAMPLED,
    Place,
    Question,
    bound_of,
    facet_sample,
)
from app.domain.search_document import SAMPLES, cells
from app.domain.search_query import plain, read, telling
from app.domain.travel import Box
from app.features.catalogue_hits import queries
from app.features.catalogue_hits.schemas import Choices, Counts, Look, MapCell, Reading
from app.features.search_index import service as search_index

# So few that their documents can be read.
_VERY_FEW_IN_SAMPLE = 10
# Words that are mended, and what each may have meant.
_MOST_MENDED, _MOST_TRIED = 3, 5
_MOST_MEANINGS = 4
_LONGEST_MEANINGS = 60  # bytes: what each word was read as travels in the cursor
_MOST_ENDINGS = 8
_MOST_ALIKE = 4_000
_MOST_ALIKE_TOLD = 12
_SHORTEST_MENDED = 3
# So many are put on a map one by one; of more a sample. Of one place so many are named.
_MOST_ON_MAP = 12_000
_NAMED_ON_MAP = 20
_ONE_SLIP = 5  # letters: a shorter word bears one, a longer one two


async def settle(unit: Unit) -> None:
    """Prepare this transaction for asking."""
    await queries.settle(unit)


async def first(unit: Unit, look: Look, limit: int) -> tuple[list[Place], Counts]:
    """Return the first places of the order, and what the facets count: less than asking for the one and the other."""
    tiers = look.tiers()
    sampled = await queries.sample(unit, look, [], None, counting=True)
    if sampled.counted < _VERY_FEW_IN_SAMPLE:
        all_counted, placed = await queries.count_and_place(unit, look, tiers, limit)
        return placed, all_counted
    counted = await queries.count(unit, look, facet_sample(sampled.counted))
    if sampled.counted < FEW_IN_SAMPLE:
        # Every hit is among what was counted: each tier is small.
        return await queries.places(unit, look, tiers, [None] * len(tiers), None, limit), counted
    bounds = await queries.sample(unit, look, tiers, None, counting=False)
    return await _places(unit, look, tiers, bounds.tiers, None, limit), counted


async def counts(unit: Unit, look: Look) -> Counts:
    """Return what the facets count."""
    sampled = await queries.sample(unit, look, [], None, counting=True)
    return await queries.count(unit, look, facet_sample(sampled.counted))


async def following(unit: Unit, look: Look, behind: Place | None, limit: int) -> list[Place]:
    """Return the places of the order behind one, or the first where there is none to go on behind."""
    tiers = [(tier, query) for tier, query in look.tiers() if behind is None or tier >= behind.tier]
    sampled = await queries.sample(unit, look, tiers, behind, counting=False)
    return await _places(unit, look, tiers, sampled.tiers, behind, limit)


async def _places(
    unit: Unit,
    look: Look,
    tiers: Sequence[tuple[int, str]],
    sampled: Sequence[tuple[int, int | None]],
    behind: Place | None,
    limit: int,
) -> list[Place]:
    bounds = []
    for (tier, _), (number, eighth) in zip(tiers, sampled, strict=True):
        after = behind.number if behind is not None and behind.tier == tier else None
        few = number < max(FEW_IN_SAMPLE, ENOUGH_IN_SAMPLE) or eighth is None
        bounds.append(None if few else bound_of(look.order, eighth or 0, after, now=look.now, turn=look.turn))
    return await queries.places(unit, look, tiers, bounds, behind, limit)


async def on_map(unit: Unit, look: Look, box: Box, side: int) -> tuple[list[MapCell], int]:
    """Return the cells of a map's grid that have hits, and in which sample they were counted: 1 where in all."""
    if (touched := cells(box)) is not None:
        others = (*look.question.others, tuple(touched))
        look = replace(look, question=replace(look.question, others=others))
    about = await queries.count_on_map(unit, look, box, SAMPLED) * SAMPLED
    sample = next((one for one in (1, *reversed(SAMPLES)) if about // one <= _MOST_ON_MAP), SAMPLED)
    return await queries.cells_on_map(unit, look, box, side, sample, _NAMED_ON_MAP), sample


async def understand(
    unit: Unit, tenant_id: UUID, mine: Question, text: str | None, *, doubting: bool = False
) -> Reading:
    """Read what was typed: its words by their stems, a word that no listing uses by those it may have meant.

    `mine` is the question of everything the caller may find: nothing else says what a word may have meant. `doubting` is
    for who found nothing: a word that is only in what they may not find is then as unknown as one that is in none.
    """
    asked = read(text)
    stems = await search_index.stems_for(unit, [*asked.words, *asked.without])
    words = telling(asked.words, stems)
    if not words:
        return await read_as(unit, text, ())
    known = await queries.known(
        unit, tenant_id, sorted({stem for word in words for stem in stems[word].stems})
    )
    if doubting:
        known = await _said(unit, tenant_id, mine, known)
    chosen: dict[str, tuple[str, ...] | None] = {}
    tried = mended = 0
    for word in words:
        if known.intersection(stems[word].stems):
            continue
        trying = tried < _MOST_TRIED and mended < _MOST_MENDED
        meant = await _meanings(unit, tenant_id, mine, word) if trying else ()
        tried, mended = tried + trying, mended + bool(meant)
        chosen[word] = meant or None
    return await read_as(unit, text, tuple(chosen.get(word, ()) for word in asked.words))


async def read_as(unit: Unit, text: str | None, choices: Choices) -> Reading:
    """Read what was typed as it was read for the page before."""
    asked = read(text)
    chosen = dict(zip(asked.words, choices, strict=False))
    meant = [word for words in choices for word in words or ()]
    stems = await search_index.stems_for(unit, [*asked.words, *asked.without, *meant])
    without = tuple(found for word in asked.without if (found := stems[word].stems))
    words = telling(asked.words, stems)
    groups: list[tuple[str, ...]] = []
    corrected: list[tuple[str, tuple[str, ...]]] = []
    unknown: list[str] = []
    for word in words:
        choice = chosen.get(word, ())
        if choice is None:
            unknown.append(word)
        elif choice:
            corrected.append((word, choice))
            groups.append(tuple(dict.fromkeys(stem for one in choice for stem in stems[one].stems)))
        else:
            groups.append(stems[word].stems)
    if not groups and not all(stems[word].small for word in words):
        # Nothing of what was typed is in any listing: that is the answer, and not every listing there is.
        groups = [stems[word].stems for word in unknown]
    elif not groups:
        unknown = []
    return Reading(tuple(groups), without, tuple(corrected), tuple(unknown), choices)


async def _said(unit: Unit, tenant_id: UUID, mine: Question, stems: Iterable[str]) -> set[str]:
    """Return those of the stems that a listing says which the caller may find: the common ones by a sample."""
    asked = {stem: replace(mine, words=((stem,),)) for stem in stems}
    often = await queries.said(
        unit, tenant_id, {stem: question.sampled(SAMPLED).whole() for stem, question in asked.items()}
    )
    return often | await queries.said(
        unit, tenant_id, {stem: question.whole() for stem, question in asked.items() if stem not in often}
    )


async def _meanings(unit: Unit, tenant_id: UUID, mine: Question, word: str) -> tuple[str, ...]:
    """Return the words that an unknown one may have meant: those it begins, or those it is near to.

    Each is in a listing that the caller may find: words of others are never told.
    """
    if len(word) < _SHORTEST_MENDED:
        return ()
    endings = await queries.beginning(unit, tenant_id, word, _MOST_ENDINGS)
    if begun := await _told(unit, tenant_id, mine, endings):
        return begun
    bare = plain(word)
    slips = 1 if len(bare) <= _ONE_SLIP else 2
    # A slip may have changed, doubled, swapped or left out the first letter; the second one is then where it was.
    initials = sorted({bare[0], bare[1]})
    candidates = await queries.like(
        unit, tenant_id, initials, (len(bare) - slips, len(bare) + slips), _MOST_ALIKE
    )
    found = process.extract(
        bare, candidates, scorer=OSA.distance, processor=plain, score_cutoff=slips, limit=_MOST_ALIKE_TOLD
    )
    told = await _told(unit, tenant_id, mine, [term for term, _, _ in found])
    nearest = min((distance for term, distance, _ in found if term in told), default=0)
    near = [term for term, distance, _ in found if distance == nearest and term in told]
    return tuple(near[:_MOST_MEANINGS])


async def _told(unit: Unit, tenant_id: UUID, mine: Question, words: Sequence[str]) -> tuple[str, ...]:
    """Return those of the words that the caller may be told; together they are short enough for a cursor."""
    stems = await search_index.stems_for(unit, words)
    said = await _said(unit, tenant_id, mine, {stem for word in words for stem in stems[word].stems})
    found: list[str] = []
    for word in words:
        short = not found or len("".join([*found, word]).encode()) <= _LONGEST_MEANINGS
        if short and said.intersection(stems[word].stems):
            found.append(word)
    return tuple(found)
