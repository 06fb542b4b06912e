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
from app.features.search_index.schemas import KindNames, Row, Shown

_OPEN = sorted(status.value for status in SHOWN_TO_STUDENTS)
_SHOWN = """
SELECT o.id, o.version, o.title, o.description, o.deliverable, o.schedule, o.type, o.clusters, o.categories, o.fields,
  o.skills, o.tags, o.pay, o.remote, o.credit, o.scope, o.school_id, o.employer_id, e.name, o.minimum_age,
  o.maximum_age, o.seats - o.seats_taken, o.meets, o.apply_by, o.published_at, w.name, w.city, w.latitude, w.longitude,
  coalesce(w.access_step_free = 'yes', false)
FROM opportunities o
JOIN employers e ON e.tenant_id = o.tenant_id AND e.id = o.employer_id
LEFT JOIN worksites w ON w.tenant_id = o.tenant_id AND w.id = o.worksite_id
WHERE o.tenant_id = %(tenant)s AND o.id = ANY(%(ids)s) AND o.status = ANY(%(open)s) AND o.published_at IS NOT NULL
ORDER BY o.id
"""
_KINDS = """
SELECT code, name_en, name_es, minimum_age, clearances FROM opportunity_type_versions
WHERE tenant_id = %(tenant)s AND current
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
    AND subject_type IN ('opportunity', 'employer', 'worksite', 'merge')
), found AS (
  SELECT subject_id AS id FROM touched WHERE subject_type = 'opportunity'
  UNION
  SELECT o.id FROM opportunities o JOIN touched t ON t.subject_type = 'employer' AND t.subject_id = o.employer_id
  WHERE o.tenant_id = %(tenant)s
  UNION
  SELECT o.id FROM opportunities o JOIN touched t ON t.subject_type = 'worksite' AND t.subject_id = o.worksite_id
  WHERE o.tenant_id = %(tenant)s
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
    """Return the listings to which, or to whose employer or worksite, something happened."""
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
