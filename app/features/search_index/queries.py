"""Every SQL statement that writes what search reads."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.db import Unit
from app.core.ids import new_id
from app.domain.opportunity import SHOWN_TO_STUDENTS
from app.domain.search_query import Forms
from app.features.search_index.schemas import KindNames, KindTerms, Row, Shown

_OPEN = sorted(status.value for status in SHOWN_TO_STUDENTS)
_SHOWN = """
SELECT o.id, o.version, o.title, o.description, o.deliverable, o.schedule, o.type, o.type_number, o.clusters, o.categories,
  o.fields, o.skills, o.tags, o.pay, o.remote, o.credit, o.scope, o.school_id, o.employer_id, o.owner_id, e.name,
  o.minimum_age, o.maximum_age, o.seats - o.seats_taken, o.meets, o.apply_by, o.published_at, w.name, w.city, w.latitude, w.longitude,
  coalesce(w.access_step_free = 'yes', false)
FROM opportunities o
JOIN employers e ON e.tenant_id = o.tenant_id AND e.id = o.employer_id
LEFT JOIN worksites w ON w.tenant_id = o.tenant_id AND w.id = o.worksite_id
WHERE o.tenant_id = %(tenant)s AND o.id = ANY(%(ids)s) AND o.status = ANY(%(open)s) AND o.published_at IS NOT NULL
ORDER BY o.id
"""
_KINDS = """
SELECT code, name_en, name_es FROM opportunity_type_versions WHERE tenant_id = %(tenant)s AND current
"""
_TERMS = """
SELECT v.code, v.number, v.minimum_age, v.clearances
FROM unnest(%(codes)s::text[], %(numbers)s::smallint[]) AS asked(code, number)
JOIN opportunity_type_versions v ON v.tenant_id = %(tenant)s AND v.code = asked.code AND v.number = asked.number
"""
_FORMS = """
SELECT word, ts_lexize('english_stem', word), ts_lexize('spanish_stem', word) FROM unnest(%(words)s::text[]) AS word
"""
_COLUMNS = (
    "document tsvector, published_at timestamptz, apply_by date, type text, clusters int, skills text[], pay text, "
    "remote boolean, minimum_age smallint, maximum_age smallint, seats_free int, shuffle smallint, latitude real, "
    "longitude real, meets bit(336), made_from int"
)
_NAMES = [column.split()[0] for column in _COLUMNS.split(", ")]
_WRITE = f"""
INSERT INTO search_documents AS d (tenant_id, id, made_at, {", ".join(_NAMES)})
SELECT %(tenant)s, g.id, %(now)s, {", ".join(f"g.{name}" for name in _NAMES)}
FROM json_to_recordset(%(rows)s::json) AS g(id uuid, {_COLUMNS})
ON CONFLICT (tenant_id, id) DO UPDATE SET made_at = excluded.made_at,
  {", ".join(f"{name} = excluded.{name}" for name in _NAMES if name != "document")},
  document = CASE WHEN d.document = excluded.document THEN d.document ELSE excluded.document END
"""  # noqa: S608 - names of this file
_KNOWN = """
SELECT term, initial <> '' FROM search_terms WHERE tenant_id = %(tenant)s AND term = ANY(%(terms)s)
"""
# Two that index the same words at once would wait for each other crosswise, but for the order.
_LEARN = """
INSERT INTO search_terms (tenant_id, id, created_at, term, initial, length)
SELECT %(tenant)s, g.id, %(now)s, g.term, g.initial, length(g.term)
FROM json_to_recordset(%(rows)s::json) AS g(id uuid, term text, initial text)
ORDER BY g.term
ON CONFLICT (tenant_id, term) DO UPDATE SET initial = excluded.initial WHERE excluded.initial <> ''
"""
# Whoever writes documents holds the one, whoever forgets words the other: a word is not taken from a document on its way.
_WRITING = "SELECT pg_advisory_xact_lock_shared(hashtextextended(%(name)s, 0))"
_FORGETTING = "SELECT pg_try_advisory_xact_lock(hashtextextended(%(name)s, 0))"
_LEARNT = """
SELECT term, initial <> '' FROM search_terms
WHERE tenant_id = %(tenant)s AND term > %(after)s ORDER BY term LIMIT %(most)s
"""
# What a stem is asked by is not known when this is planned: every plan but the one by the documents' index would do
# for a common word, and read all there is for a rare one.
_BY_DOCUMENTS = (
    b"SET LOCAL enable_seqscan = off; SET LOCAL enable_indexscan = off; SET LOCAL enable_indexonlyscan = off"
)
_UNSAID = """
SELECT asked.stem FROM unnest(%(stems)s::text[], %(queries)s::text[]) AS asked(stem, query)
WHERE (
  SELECT true FROM search_documents d
  WHERE d.document @@ asked.query::tsquery AND (d.tenant_id = %(tenant)s) IS TRUE LIMIT 1
) IS NULL
"""
_FORGET = """
DELETE FROM search_terms WHERE tenant_id = %(tenant)s AND term = ANY(%(terms)s)
"""
_REMOVE = """
DELETE FROM search_documents WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s)
"""
_SEATS = """
UPDATE search_documents d SET seats_free = o.seats - o.seats_taken
FROM opportunities o
WHERE o.tenant_id = %(tenant)s AND o.id = %(id)s AND d.tenant_id = o.tenant_id AND d.id = o.id
  AND d.seats_free <> o.seats - o.seats_taken
"""
_TOUCHED = """
WITH touched AS (
  SELECT DISTINCT subject_type, subject_id FROM events
  WHERE tenant_id = %(tenant)s AND created_at >= %(since)s
    AND (subject_type IN ('opportunity', 'employer', 'worksite') OR action IN ('duplicate.merge', 'merge.undo'))
), found AS (
  SELECT subject_id AS id FROM touched WHERE subject_type = 'opportunity'
  UNION
  SELECT o.id FROM opportunities o JOIN touched t ON t.subject_type = 'employer' AND t.subject_id = o.employer_id
  WHERE o.tenant_id = %(tenant)s
  UNION
  SELECT o.id FROM opportunities o JOIN touched t ON t.subject_type = 'worksite' AND t.subject_id = o.worksite_id
  WHERE o.tenant_id = %(tenant)s
  UNION
  SELECT o.id FROM touched t
  JOIN merges m ON m.tenant_id = %(tenant)s AND m.kind = 'employer' AND t.subject_id IN (m.id, m.pair_id)
  JOIN opportunities o ON o.tenant_id = m.tenant_id AND o.employer_id IN (m.kept_id, m.lost_id)
  WHERE t.subject_type IN ('duplicate', 'merge')
)
SELECT id FROM found ORDER BY id
"""
_OUT_OF_DATE = """
SELECT o.id FROM opportunities o
JOIN employers e ON e.tenant_id = o.tenant_id AND e.id = o.employer_id
LEFT JOIN worksites w ON w.tenant_id = o.tenant_id AND w.id = o.worksite_id
LEFT JOIN search_documents d ON d.tenant_id = o.tenant_id AND d.id = o.id
LEFT JOIN opportunity_type_versions k ON k.tenant_id = o.tenant_id AND k.code = o.type AND k.current
WHERE o.tenant_id = %(tenant)s AND CASE
  WHEN o.status = ANY(%(open)s) AND o.published_at IS NOT NULL THEN
    d.id IS NULL OR d.made_from <> o.version OR d.seats_free <> o.seats - o.seats_taken
    OR greatest(e.updated_at, w.updated_at, k.created_at) > d.made_at
  ELSE d.id IS NOT NULL END
"""
_AMONG = " AND o.id = ANY(%(ids)s)"


async def shown(unit: Unit, tenant_id: UUID, ids: Sequence[UUID]) -> list[Shown]:
    """Return those of the listings that the catalogue shows now."""
    rows = await unit.rows(_SHOWN, {"tenant": tenant_id, "ids": list(ids), "open": _OPEN})
    return [Shown(*row) for row in rows]


async def kinds(unit: Unit, tenant_id: UUID) -> list[KindNames]:
    """Return what the tenant has made of the kinds of opportunity."""
    return [KindNames(*row) for row in await unit.rows(_KINDS, {"tenant": tenant_id})]


async def terms(
    unit: Unit, tenant_id: UUID, versions: Sequence[tuple[str, int]]
) -> dict[tuple[str, int], KindTerms]:
    """Return what these versions of kinds ask for."""
    values = {
        "tenant": tenant_id,
        "codes": [code for code, _ in versions],
        "numbers": [number for _, number in versions],
    }
    return {(row[0], row[1]): KindTerms(*row[2:]) for row in await unit.rows(_TERMS, values)}


async def forms(unit: Unit, words: Sequence[str]) -> dict[str, Forms]:
    """Return what the dictionaries make of words."""
    rows = await unit.rows(_FORMS, {"words": list(words)})
    return {
        word: Forms(
            tuple(dict.fromkeys([*(english or ()), *(spanish or ())])), english == [] or spanish == []
        )
        for word, english, spanish in rows
    }


async def write(unit: Unit, tenant_id: UUID, now: datetime, rows: Sequence[Row]) -> None:
    """Write documents; where nothing that is looked up by has changed, the index is not touched."""
    values = {"tenant": tenant_id, "now": now, "rows": orjson.dumps(rows).decode()}
    await unit.driver.execute(_WRITE.encode(), values)


async def begin_writing(unit: Unit, tenant_id: UUID) -> None:
    """Keep the words of a tenant from being forgotten until the transaction ends."""
    await unit.rows(_WRITING, {"name": f"search terms {tenant_id}"})


async def begin_forgetting(unit: Unit, tenant_id: UUID) -> bool:
    """Keep documents of a tenant from being written until the transaction ends; False where one is on its way."""
    rows = await unit.rows(_FORGETTING, {"name": f"search terms {tenant_id}"})
    free: bool = rows[0][0]
    return free


async def learnt(unit: Unit, tenant_id: UUID, after: str, most: int) -> list[tuple[str, bool]]:
    """Return the next terms of a tenant in their order, each with whether it is a word."""
    return [
        (row[0], row[1])
        for row in await unit.rows(_LEARNT, {"tenant": tenant_id, "after": after, "most": most})
    ]


async def unsaid(unit: Unit, tenant_id: UUID, asked: Mapping[str, str]) -> set[str]:
    """Return those stems, each with its tsquery, that no document of the tenant has."""
    await unit.driver.execute(_BY_DOCUMENTS)
    values = {"tenant": tenant_id, "stems": list(asked), "queries": list(asked.values())}
    return {row[0] for row in await unit.rows(_UNSAID, values)}


async def forget(unit: Unit, tenant_id: UUID, terms: Sequence[str]) -> None:
    """Take terms out."""
    await unit.driver.execute(_FORGET.encode(), {"tenant": tenant_id, "terms": list(terms)})


async def learn(unit: Unit, tenant_id: UUID, now: datetime, terms: Mapping[str, str]) -> None:
    """Write down terms that are new, with the initials of those that are words."""
    known: dict[str, bool] = dict(await unit.rows(_KNOWN, {"tenant": tenant_id, "terms": list(terms)}))
    rows = [
        {"id": new_id(), "term": term, "initial": initial}
        for term, initial in terms.items()
        if term not in known or (initial and not known[term])
    ]
    if not rows:
        return
    await unit.driver.execute(
        _LEARN.encode(), {"tenant": tenant_id, "now": now, "rows": orjson.dumps(rows).decode()}
    )


async def remove(unit: Unit, tenant_id: UUID, ids: Iterable[UUID]) -> None:
    """Take documents out."""
    await unit.driver.execute(_REMOVE.encode(), {"tenant": tenant_id, "ids": list(ids)})


async def count_seats(unit: Unit, tenant_id: UUID, opportunity_id: UUID) -> None:
    """Bring a document's free seats to what the listing has; no index is touched."""
    await unit.driver.execute(_SEATS.encode(), {"tenant": tenant_id, "id": opportunity_id})


async def touched_since(unit: Unit, tenant_id: UUID, since: datetime) -> list[UUID]:
    """Return the listings to which, or to whose employer or worksite, something happened, a merge included."""
    values: dict[str, Any] = {"tenant": tenant_id, "since": since}
    return [row[0] for row in await unit.rows(_TOUCHED, values)]


async def out_of_date(
    unit: Unit, tenant_id: UUID, most: int, among: Sequence[UUID] | None = None
) -> list[UUID]:
    """Return listings, all or of these, whose document is missing, older than they are, or left over."""
    values: dict[str, Any] = {"tenant": tenant_id, "open": _OPEN, "most": most}
    if among is not None:
        values["ids"] = list(among)
    statement = _OUT_OF_DATE + ("" if among is None else _AMONG) + " LIMIT %(most)s"
    return [row[0] for row in await unit.rows(statement, values)]
