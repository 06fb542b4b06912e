"""Asking the search documents: a page of places, what the facets count, and what was meant by what was typed.

What is found here is not yet what may be shown: whoever asks reads the listings again, by the policy.
"""

from collections.abc import Sequence
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
    bound_of,
    facet_sample,
)
from app.domain.search_document import SAMPLES, cells
from app.domain.search_query import plain, read, telling
from app.domain.travel import Box
from app.features.catalogue_hits import queries
from app.features.catalogue_hits.schemas import Counts, Look, MapCell, Reading
from app.features.search_index import service as search_index

# So few that their documents can be read.
_VERY_FEW_IN_SAMPLE = 10
# Words that are mended, and what each may have meant.
_MOST_MENDED = 3
_MOST_MEANINGS = 4
_MOST_ENDINGS = 8
_MOST_ALIKE = 4_000
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


async def understand(unit: Unit, tenant_id: UUID, text: str | None) -> Reading:
    """Read what was typed: its words by their stems, a word that no listing uses by those it may have meant."""
    asked = read(text)
    if not asked.words and not asked.without:
        return Reading()
    stems = await search_index.stems_for(unit, [*asked.words, *asked.without])
    words = telling(asked.words, stems)
    without = tuple(found for word in asked.without if (found := stems[word].stems))
    if not words:
        return Reading(without=without)
    looked_up = {stem for word in words for stem in stems[word].stems}
    known = await queries.known(unit, tenant_id, sorted(looked_up))
    groups: list[tuple[str, ...]] = []
    corrected: list[tuple[str, tuple[str, ...]]] = []
    unknown: list[str] = []
    for word in words:
        own = stems[word].stems
        if known.intersection(own):
            groups.append(own)
            continue
        meant = await _meanings(unit, tenant_id, word) if len(corrected) < _MOST_MENDED else []
        if meant:
            corrected.append((word, tuple(meant)))
            groups.append(await _stems_of_all(unit, meant))
        else:
            unknown.append(word)
    if not groups and all(stems[word].small for word in words):
        return Reading(without=without)
    if not groups:
        # Nothing of what was typed is in any listing: that is the answer, and not every listing there is.
        groups = [stems[word].stems for word in unknown]
    return Reading(tuple(groups), without, tuple(corrected), tuple(unknown))


async def _stems_of_all(unit: Unit, words: Sequence[str]) -> tuple[str, ...]:
    stems = await search_index.stems_for(unit, words)
    return tuple(dict.fromkeys(stem for word in words for stem in stems[word].stems))


async def _meanings(unit: Unit, tenant_id: UUID, word: str) -> list[str]:
    """Return the words of the tenant that an unknown one may have meant: those it begins, or those it is near to."""
    if len(word) < _SHORTEST_MENDED:
        return []
    begun = await queries.beginning(unit, tenant_id, word, _MOST_ENDINGS)
    if begun:
        return begun
    bare = plain(word)
    slips = 1 if len(bare) <= _ONE_SLIP else 2
    # A slip may have changed, doubled, swapped or left out the first letter; the second one is then where it was.
    initials = sorted({bare[0], bare[1]})
    candidates = await queries.like(
        unit, tenant_id, initials, (len(bare) - slips, len(bare) + slips), _MOST_ALIKE
    )
    found = process.extract(
        bare, candidates, scorer=OSA.distance, processor=plain, score_cutoff=slips, limit=_MOST_MEANINGS
    )
    nearest = min((distance for _, distance, _ in found), default=0)
    return [term for term, distance, _ in found if distance == nearest]
