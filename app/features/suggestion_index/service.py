"""Keeping the index of suggestions: what the listings of the catalogue say, and how each text may begin.

The index follows the listings by a minute and is made anew every night. It may say too much meanwhile and harms nobody by
it: whatever is suggested is looked up among the listings that the caller may see.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.core import clock
from app.core.db import Unit
from app.core.ids import new_id
from app.domain.clusters import CLUSTERS, Cluster
from app.domain.skills import SKILLS
from app.domain.suggestion import SuggestionKind, keys, weight
from app.features.suggestion_index import queries
from app.features.suggestion_index.schemas import SAMPLES, Name, Said, Tally, Term

_K = SuggestionKind
_CHUNK = 2_000
_BEGINNING = (datetime(1, 1, 2, tzinfo=UTC), UUID(int=0))


async def index(unit: Unit, tenant_id: UUID, opportunity_ids: Sequence[UUID]) -> int:
    """Add what these listings say, as far as the catalogue shows them; returns how many it shows."""
    await queries.lock(unit, tenant_id)
    found = await queries.said(unit, tenant_id, opportunity_ids)
    tallies = _tally({}, found)
    existing = {term.name: term for term in await queries.terms(unit, tenant_id, tallies)}
    for name, tally in tallies.items():
        if name in existing:
            _join(tally, existing[name])
    await _write(unit, tenant_id, tallies, existing)
    return len(found)


async def tally_page(
    unit: Unit, tenant_id: UUID, tallies: dict[Name, Tally], after: tuple[datetime, UUID] | None
) -> tuple[datetime, UUID] | None:
    """Count what the next listings of the catalogue say into `tallies`; returns where to go on, None at the end."""
    found, following = await queries.page(unit, tenant_id, after or _BEGINNING, _CHUNK)
    _tally(tallies, found)
    return following


async def replace(unit: Unit, tenant_id: UUID, tallies: Mapping[Name, Tally]) -> None:
    """Make the index what was counted of all listings."""
    await queries.lock(unit, tenant_id)
    existing = {term.name: term for term in await queries.terms(unit, tenant_id)}
    gone = [term.id for name, term in existing.items() if name not in tallies]
    for chunk in _chunks(gone):
        await queries.remove(unit, tenant_id, chunk)
    await _write(unit, tenant_id, tallies, existing)
    await queries.count_words(unit, tenant_id)


def _tally(tallies: dict[Name, Tally], found: Iterable[Said]) -> dict[Name, Tally]:
    for one in found:
        for name, text_en, text_es in _terms(one):
            tally = tallies.get(name)
            if tally is None:
                tally = tallies[name] = Tally(text_en, text_es)
            tally.text_en, tally.text_es = text_en, text_es
            tally.add(one.id)
    return tallies


def _terms(one: Said) -> Iterator[tuple[Name, str, str]]:
    school = one.school_id
    yield Name(_K.TITLE, one.title, school), one.title, one.title
    yield Name(_K.EMPLOYER, str(one.employer_id), school), one.employer_name, one.employer_name
    for code in one.clusters:
        # A release may drop a code from a vocabulary; listings that have it still do not suggest it.
        if code in CLUSTERS:
            names = CLUSTERS[Cluster(code)]
            yield Name(_K.CLUSTER, code, school), names.en, names.es
    for code in one.skills:
        if code in SKILLS:
            yield Name(_K.SKILL, code, school), SKILLS[code].names.en, SKILLS[code].names.es
    for tag in one.tags:
        yield Name(_K.TAG, tag, school), tag, tag


def _join(tally: Tally, term: Term) -> None:
    """Let what was counted now go on from what the index knows: a listing it knows as a sample is not counted twice."""
    known = [one for one in tally.samples if one in term.samples]
    tally.uses = max(term.uses + tally.uses - len(known), 1)
    tally.samples = list(dict.fromkeys([*tally.samples, *term.samples]))[:SAMPLES]


async def _write(
    unit: Unit, tenant_id: UUID, tallies: Mapping[Name, Tally], existing: Mapping[Name, Term]
) -> None:
    now = clock.now()
    reworded = [
        existing[name].id
        for name, tally in tallies.items()
        if name in existing
        and (existing[name].text_en, existing[name].text_es) != (tally.text_en, tally.text_es)
    ]
    if reworded:
        # Another text begins in other ways: the term is made anew.
        await queries.remove(unit, tenant_id, reworded)
    gone = set(reworded)
    for chunk in _chunks(list(tallies.items())):
        terms: list[dict[str, Any]] = []
        changed: list[dict[str, Any]] = []
        weighed: list[dict[str, Any]] = []
        for name, tally in chunk:
            term = existing.get(name)
            row = {
                "text_en": tally.text_en,
                "text_es": tally.text_es,
                "uses": tally.uses,
                "samples": tally.samples,
            }
            if term is None or term.id in gone:
                key = {"kind": name.kind.value, "value": name.value, "school_id": name.school_id}
                terms.append({"id": new_id(), **key, **row})
            elif (term.uses, term.samples) != (tally.uses, tally.samples):
                changed.append({"id": term.id, **row})
                if weight(term.uses) != weight(tally.uses):
                    weighed.append({"id": term.id, "weight": weight(tally.uses)})
        ways = [way for term in terms for way in _ways(term)]
        said = Counter(way["word"] for way in ways)
        await queries.add(unit, tenant_id, now, terms)
        await queries.change(unit, tenant_id, now, changed)
        await queries.weigh(unit, tenant_id, now, weighed)
        await queries.add_keys(unit, tenant_id, now, ways)
        words = [{"id": new_id(), "word": word, "uses": uses} for word, uses in sorted(said.items())]
        await queries.add_words(unit, tenant_id, now, words)


def _ways(term: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    both = {key.key: key for text in (term["text_en"], term["text_es"]) for key in keys(text)}
    for key in both.values():
        yield {
            "id": new_id(),
            "term_id": term["id"],
            "word": key.word,
            "key": key.key,
            "weight": weight(term["uses"]),
        }


def _chunks(items: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(items), _CHUNK):
        yield items[start : start + _CHUNK]
