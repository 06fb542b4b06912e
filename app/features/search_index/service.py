"""Keeping what search reads: written in the transaction that changes a listing, and mended by the clock.

Whatever changes what the catalogue shows of a listing calls `refresh` after its change; whatever takes or gives back a
seat calls `count_seats`. A caller that forgets is made up for within the minute, by the events it records.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.db import Unit
from app.domain.availability import grid_bits, grid_of
from app.domain.codes import Names
from app.domain.fields import FIELDS, field_name
from app.domain.opportunity import OpportunityScope
from app.domain.opportunity_kind import FIRST, FIRST_KINDS
from app.domain.search_document import (
    Listing,
    cluster_bits,
    lexemes,
    prefix,
    shuffle_of,
    terms_of,
    words_of,
)
from app.domain.search_query import Forms, Stems, forms_of, plain, quoted
from app.features.search_index import queries
from app.features.search_index.schemas import KindNames, KindTerms, Row, Shown, Version

# What the dictionaries make of a word never changes while a process lives; a catalogue has some tens of thousands.
_MOST_FORMS = 200_000
_forms: dict[str, Forms] = {}
_FIRST_KINDS = {code: KindNames(code, kind.names.en, kind.names.es) for code, kind in FIRST_KINDS.items()}
_FIRST_TERMS = {
    (code, FIRST): KindTerms(kind.minimum_age, list(kind.clearances)) for code, kind in FIRST_KINDS.items()
}
_NO_TERMS = KindTerms(None, [])


async def refresh(source: AsyncSession | Unit, tenant_id: UUID, opportunity_ids: Iterable[UUID]) -> int:
    """Write the documents of listings anew, and take out those that are not shown; returns how many are shown."""
    ids = sorted(set(opportunity_ids))
    if not ids:
        return 0
    unit = await _written(source)
    found = await queries.shown(unit, tenant_id, ids)
    if found:
        kinds = await kinds_in(unit, tenant_id)
        terms = await terms_in(unit, tenant_id, {(one.type, one.type_number) for one in found})
        listings = [_listing(one, kinds, terms[one.type, one.type_number]) for one in found]
        words = [words_of(listing) for listing in listings]
        stems = await stems_for(unit, {word for each in words for word in each})
        rows = [
            _row(tenant_id, one, listing, each, stems)
            for one, listing, each in zip(found, listings, words, strict=True)
        ]
        now = clock.now()
        await queries.begin_writing(unit, tenant_id)
        await queries.learn(unit, tenant_id, now, terms_of({word for each in words for word in each}, stems))
        await queries.write(unit, tenant_id, now, rows)
    if gone := set(ids) - {one.id for one in found}:
        await queries.remove(unit, tenant_id, gone)
    return len(found)


async def count_seats(source: AsyncSession | Unit, tenant_id: UUID, opportunity_id: UUID) -> None:
    """Say how many seats of a listing are free now."""
    await queries.count_seats(await _written(source), tenant_id, opportunity_id)


async def heal(source: AsyncSession | Unit, tenant_id: UUID, most: int = 1_000) -> int:
    """Mend up to `most` documents that are missing, out of date or left over; returns how many those were."""
    unit = await _written(source)
    ids = await queries.out_of_date(unit, tenant_id, most)
    await refresh(unit, tenant_id, ids)
    return len(ids)


async def forget(unit: Unit, tenant_id: UUID, after: str, most: int) -> str | None:
    """Forget which of the next terms no document says any more; returns the term to go on behind, None at the end.

    A word stays as long as one of its stems is said. Where documents are being written, nothing is forgotten: the next
    night comes.
    """
    terms = dict(await queries.learnt(unit, tenant_id, after, most))
    if terms and await queries.begin_forgetting(unit, tenant_id):
        stems = await stems_for(unit, [term for term, is_word in terms.items() if is_word])
        said_by = {term: {term, *(stems[term].stems if is_word else ())} for term, is_word in terms.items()}
        asked = {stem: quoted(f"{prefix(tenant_id)}w{stem}") for each in said_by.values() for stem in each}
        unsaid = await queries.unsaid(unit, tenant_id, asked)
        await queries.forget(unit, tenant_id, [term for term, each in said_by.items() if each <= unsaid])
    return max(terms) if len(terms) == most else None


async def stems_for(unit: Unit, words: Iterable[str]) -> Stems:
    """Return by what each of these words is looked up."""
    wanted = set(words)
    found = {word: _forms[word] for word in wanted if word in _forms}
    if unknown := wanted - found.keys():
        made = await queries.forms(unit, forms_of(unknown))
        for word in unknown:
            both = (made[word], made[plain(word)])
            stems = tuple(dict.fromkeys(stem for form in both for stem in form.stems))
            found[word] = Forms(stems, any(form.small for form in both))
        if len(_forms) + len(unknown) > _MOST_FORMS:
            # Others who wait for the database right now hold what they found.
            _forms.clear()
        _forms.update(found)
    return found


async def kinds_in(unit: Unit, tenant_id: UUID) -> Mapping[str, KindNames]:
    """Return the kinds of opportunity as a tenant has them now."""
    return _FIRST_KINDS | {kind.code: kind for kind in await queries.kinds(unit, tenant_id)}


async def terms_in(unit: Unit, tenant_id: UUID, versions: Iterable[Version]) -> Mapping[Version, KindTerms]:
    """Return what each of these versions of kinds asks for, as listings keep them, whatever became of the kind since.

    The first versions of the field's own kinds are the same everywhere and never change: nothing is read for them.
    """
    wanted = {version: (version[0], version[1] or FIRST) for version in versions}
    unknown = sorted(set(wanted.values()) - _FIRST_TERMS.keys())
    known = _FIRST_TERMS | (await queries.terms(unit, tenant_id, unknown) if unknown else {})
    return {version: known.get(numbered, _NO_TERMS) for version, numbered in wanted.items()}


async def touched_since(unit: Unit, tenant_id: UUID, since: datetime) -> list[UUID]:
    """Return the listings to which, or to whose employer or worksite, something happened, a merge included."""
    return await queries.touched_since(unit, tenant_id, since)


async def _written(source: AsyncSession | Unit) -> Unit:
    if isinstance(source, Unit):
        await source.flush()
        return source
    # What the caller changed is read back here, on the same connection.
    await source.flush()
    unit: Unit = source.info["unit"]
    return unit


def _listing(one: Shown, kinds: Mapping[str, KindNames], terms: KindTerms) -> Listing:
    kind = kinds.get(one.type)
    names = [field_name(field) for field in one.fields if field in FIELDS]
    if kind is not None:
        names.append(Names(kind.name_en, kind.name_es))
    ages = [age for age in (one.minimum_age, terms.minimum_age) if age is not None]
    texts = [one.description, one.deliverable, one.schedule, one.employer_name, one.worksite_name, one.city]
    known = one.latitude is not None and one.longitude is not None
    return Listing(
        id=one.id,
        title=one.title,
        texts=[text for text in texts if text],
        names=names,
        type=one.type,
        clusters=one.clusters,
        skills=one.skills,
        tags=[*one.tags, *one.categories],
        pay=one.pay,
        remote=one.remote,
        credit=one.credit,
        step_free=one.step_free,
        school_id=one.school_id,
        only_for=one.school_id if one.scope == OpportunityScope.SCHOOL else None,
        employer_id=one.employer_id,
        owner_id=one.owner_id,
        minimum_age=max(ages, default=None),
        maximum_age=one.maximum_age,
        published_on=one.published_at.astimezone(UTC).date(),
        place=(one.latitude, one.longitude) if known else None,  # type: ignore[arg-type] # both, as `known` says
    )


def _row(tenant_id: UUID, one: Shown, listing: Listing, words: Sequence[str], stems: Stems) -> Row:
    place = listing.place or (None, None)
    return {
        "id": one.id,
        "document": " ".join(map(quoted, lexemes(prefix(tenant_id), listing, words, stems))),
        "published_at": one.published_at,
        "apply_by": one.apply_by,
        "type": one.type,
        "clusters": cluster_bits(one.clusters),
        "skills": one.skills,
        "pay": one.pay,
        "remote": one.remote,
        "minimum_age": listing.minimum_age,
        "maximum_age": listing.maximum_age,
        "seats_free": one.seats_free,
        "shuffle": shuffle_of(one.id),
        "latitude": place[0],
        "longitude": place[1],
        "meets": grid_bits(grid_of(one.meets)) if one.meets else None,
        "made_from": one.version,
    }
