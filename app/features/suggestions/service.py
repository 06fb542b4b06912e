"""Suggesting what may be meant while somebody types."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.core.db import Unit
from app.core.languages import Language
from app.domain.policy import Actor
from app.domain.suggestion import (
    SuggestionKind,
    allowed_slips,
    first_letters,
    fold,
    marks,
    nearest,
    typed_words,
)
from app.features.suggestions import queries
from app.features.suggestions.queries import Found
from app.features.suggestions.schemas import SuggestionFilters

# Some of what is found is said by no listing that the caller may see now.
_SPARE = 3
# Of more words that no listing has, nothing can be meant.
_MOST_MENDED = 3


async def suggest(unit: Unit, actor: Actor, filters: SuggestionFilters, language: Language) -> dict[str, Any]:
    """Return what may have been meant by what was typed so far, and the mended spelling if it needed one."""
    typed = typed_words(filters.q)
    if not typed:
        return {"items": [], "mended": None}
    most = filters.limit * _SPARE
    mended = None
    found = await _look(unit, actor, typed, filters.kind, most)
    if not found:
        spelling = await _mend(unit, actor, typed)
        if spelling is not None:
            typed, mended = spelling, " ".join(spelling)
            found = await _look(unit, actor, typed, filters.kind, most)
    seen = await queries.visible(unit, actor, [one.id for one in found]) if found else set()
    shown = _ordered((one for one in found if one.id in seen), typed, language)[: filters.limit]
    items = [
        {
            "kind": one.kind,
            "text": text,
            "value": one.value,
            "marks": marks(text, typed),
        }
        for one, text in shown
    ]
    return {"items": items, "mended": mended if items else None}


async def _look(
    unit: Unit, actor: Actor, typed: Sequence[str], kind: SuggestionKind | None, most: int
) -> list[Found]:
    begun = " ".join(typed)
    if len(typed) == 1:
        return await queries.beginning(unit, actor, begun, kind, most)
    found = await queries.going_on(unit, actor, begun, kind, most)
    if found:
        return found
    # In another order: every word must be there, the last one at least begun.
    *whole, last = typed
    longest = max(whole, key=len)
    others = [word for word in whole if word != longest]
    return [
        one
        for one in await queries.with_word(unit, actor, longest, kind)
        if any(_has(text, others, last) for text in {one.text_en, one.text_es})
    ][:most]


def _has(text: str, whole: Sequence[str], begun: str) -> bool:
    parts = fold(text).split()
    return all(word in parts for word in whole) and any(part.startswith(begun) for part in parts)


async def _mend(unit: Unit, actor: Actor, typed: Sequence[str]) -> list[str] | None:
    """Return what was typed with the spelling that the tenant's listings have; None: nothing to mend."""
    *whole, last = typed
    known = await queries.known(unit, actor.tenant_id, whole, last)
    begins = any(word.startswith(last) for word in known)
    unknown = [word for word in sorted({*whole} - known.keys()) if allowed_slips(word)]
    if len(unknown) + (not begins) > _MOST_MENDED:
        return None
    meant = {word: await _nearest(unit, actor, word, unfinished=False) for word in unknown}
    mended = [meant.get(word, word) for word in whole]
    mended.append(last if begins else await _nearest(unit, actor, last, unfinished=True))
    return None if mended == list(typed) else mended


async def _nearest(unit: Unit, actor: Actor, word: str, *, unfinished: bool) -> str:
    slips = allowed_slips(word)
    if not slips:
        return word
    shortest, longest = len(word) - slips, 100 if unfinished else len(word) + slips
    known: list[tuple[str, int]] = []
    for initial in first_letters(word):
        known += await queries.spelt_like(unit, actor.tenant_id, initial, shortest, longest)
    found = nearest(word, known, unfinished=unfinished, most=1)
    return found[0] if found else word


def _ordered(found: Iterable[Found], typed: Sequence[str], language: Language) -> list[tuple[Found, str]]:
    """Put first what begins with what was typed, then what is said most; the same text of a kind once."""
    once: dict[tuple[str, str], tuple[Found, str]] = {}
    for one in found:
        text = one.text_es if language == "es" else one.text_en
        once.setdefault((one.kind, fold(text)), (one, text))
    return sorted(
        once.values(),
        key=lambda each: (
            not fold(each[1]).startswith(typed[0]),
            -each[0].weight,
            len(each[1]),
            each[0].value,
        ),
    )
