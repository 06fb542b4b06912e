"""Every SQL statement of the index of suggestions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.core.db import Unit
from app.domain.opportunity import SHOWN_TO_STUDENTS
from app.domain.suggestion import SuggestionKind
from app.features.suggestion_index.schemas import Name, Said, Term

_SHOWN = sorted(status.value for status in SHOWN_TO_STUDENTS)

_SAID = """
SELECT o.id, o.title, o.employer_id, e.name, o.clusters, o.skills, o.tags,
  CASE WHEN o.scope = 'tenant' THEN NULL ELSE o.school_id END
FROM opportunities o
JOIN employers e ON e.tenant_id = o.tenant_id AND e.id = o.employer_id
WHERE o.tenant_id = %(tenant)s AND o.status = ANY(%(shown)s) AND o.published_at IS NOT NULL
"""
_OF_IDS = _SAID + " AND o.id = ANY(%(ids)s) ORDER BY o.published_at, o.id"
_PAGE = (
    _SAID
    + " AND (o.published_at, o.id) > (%(published_at)s, %(id)s) ORDER BY o.published_at, o.id LIMIT %(limit)s"
)
_TERMS = """
SELECT id, kind, value, school_id, text_en, text_es, uses, samples FROM suggestion_terms
WHERE tenant_id = %(tenant)s
"""
_AMONG = " AND (kind, value) IN (SELECT kind, value FROM json_to_recordset(%(names)s::json) AS g(kind text, value text))"
_ADD = """
INSERT INTO suggestion_terms (tenant_id, id, created_at, kind, value, school_id, text_en, text_es, uses, samples)
SELECT %(tenant)s, g.id, %(now)s, g.kind, g.value, g.school_id, g.text_en, g.text_es, g.uses, g.samples
FROM json_to_recordset(%(rows)s::json)
  AS g(id uuid, kind text, value text, school_id uuid, text_en text, text_es text, uses int, samples uuid[])
"""
_CHANGE = """
UPDATE suggestion_terms t
SET text_en = g.text_en, text_es = g.text_es, uses = g.uses, samples = g.samples
FROM json_to_recordset(%(rows)s::json) AS g(id uuid, text_en text, text_es text, uses int, samples uuid[])
WHERE t.tenant_id = %(tenant)s AND t.id = g.id
"""
_WEIGH = """
UPDATE suggestion_keys k SET weight = g.weight
FROM json_to_recordset(%(rows)s::json) AS g(id uuid, weight int)
WHERE k.tenant_id = %(tenant)s AND k.term_id = g.id AND k.weight <> g.weight
"""
_ADD_KEYS = """
INSERT INTO suggestion_keys (tenant_id, id, created_at, term_id, word, key, weight)
SELECT %(tenant)s, g.id, %(now)s, g.term_id, g.word, g.key, g.weight
FROM json_to_recordset(%(rows)s::json) AS g(id uuid, term_id uuid, word text, key text, weight int)
"""
_ADD_WORDS = """
INSERT INTO suggestion_words AS w (tenant_id, id, created_at, word, uses)
SELECT %(tenant)s, g.id, %(now)s, g.word, g.uses
FROM json_to_recordset(%(rows)s::json) AS g(id uuid, word text, uses int)
ON CONFLICT (tenant_id, word) DO UPDATE SET uses = w.uses + excluded.uses
"""
_COUNT_WORDS = """
WITH counted AS (
  SELECT word, count(*)::int AS uses FROM suggestion_keys WHERE tenant_id = %(tenant)s GROUP BY word
), gone AS (
  DELETE FROM suggestion_words w
  WHERE w.tenant_id = %(tenant)s AND NOT EXISTS (SELECT FROM counted c WHERE c.word = w.word)
)
UPDATE suggestion_words w SET uses = c.uses
FROM counted c
WHERE w.tenant_id = %(tenant)s AND w.word = c.word AND w.uses <> c.uses
"""


async def said(unit: Unit, tenant_id: UUID, ids: Sequence[UUID]) -> list[Said]:
    """Return what these listings say, as far as the catalogue shows them, the oldest first."""
    return [
        Said(*row)
        for row in await unit.rows(_OF_IDS, {"tenant": tenant_id, "ids": list(ids), "shown": _SHOWN})
    ]


async def page(
    unit: Unit, tenant_id: UUID, after: tuple[datetime, UUID], limit: int
) -> tuple[list[Said], tuple[datetime, UUID] | None]:
    """Return what the next listings shown say, the oldest first, and where to go on; None: that was the last."""
    values = {"tenant": tenant_id, "shown": _SHOWN, "published_at": after[0], "id": after[1], "limit": limit}
    statement = _PAGE.replace("SELECT o.id,", "SELECT o.published_at, o.id,", 1)
    rows = await unit.rows(statement, values)
    found = [Said(*row[1:]) for row in rows]
    return found, (rows[-1][0], rows[-1][1]) if len(rows) == limit else None


async def lock(unit: Unit, tenant_id: UUID) -> None:
    """Let one at a time write the index of a tenant, until the transaction ends."""
    await unit.rows(
        "SELECT pg_advisory_xact_lock(hashtextextended(%(name)s, 0))", {"name": f"suggestions {tenant_id}"}
    )


async def terms(unit: Unit, tenant_id: UUID, names: Iterable[Name] | None = None) -> list[Term]:
    """Return the terms of the index, all or those with a kind and value among these names."""
    values: dict[str, Any] = {"tenant": tenant_id}
    if names is not None:
        wanted = {(name.kind.value, name.value) for name in names}
        values["names"] = orjson.dumps([{"kind": kind, "value": value} for kind, value in wanted]).decode()
    rows = await unit.rows(_TERMS if names is None else _TERMS + _AMONG, values)
    return [
        Term(row[0], Name(SuggestionKind(row[1]), row[2], row[3]), row[4], row[5], row[6], row[7])
        for row in rows
    ]


async def remove(unit: Unit, tenant_id: UUID, term_ids: Sequence[UUID]) -> None:
    """Take terms out, with the ways they begin."""
    await unit.driver.execute(
        "DELETE FROM suggestion_terms WHERE tenant_id = %(tenant)s AND id = ANY(%(ids)s)",
        {"tenant": tenant_id, "ids": list(term_ids)},
    )


async def _write(unit: Unit, statement: str, tenant_id: UUID, now: datetime, rows: Sequence[Any]) -> None:
    if rows:
        values = {"tenant": tenant_id, "now": now, "rows": orjson.dumps(rows).decode()}
        await unit.driver.execute(statement.encode(), values)


async def add(unit: Unit, tenant_id: UUID, now: datetime, rows: Sequence[Any]) -> None:
    """Write new terms."""
    await _write(unit, _ADD, tenant_id, now, rows)


async def change(unit: Unit, tenant_id: UUID, now: datetime, rows: Sequence[Any]) -> None:
    """Write what has changed of terms."""
    await _write(unit, _CHANGE, tenant_id, now, rows)


async def weigh(unit: Unit, tenant_id: UUID, now: datetime, rows: Sequence[Any]) -> None:
    """Write the weight of the ways terms begin."""
    await _write(unit, _WEIGH, tenant_id, now, rows)


async def add_keys(unit: Unit, tenant_id: UUID, now: datetime, rows: Sequence[Any]) -> None:
    """Write ways in which new terms begin."""
    await _write(unit, _ADD_KEYS, tenant_id, now, rows)


async def add_words(unit: Unit, tenant_id: UUID, now: datetime, rows: Sequence[Any]) -> None:
    """Write the words of new ways, or count them once more."""
    await _write(unit, _ADD_WORDS, tenant_id, now, rows)


async def count_words(unit: Unit, tenant_id: UUID) -> None:
    """Count all words again, and forget those that nothing begins with any more."""
    await unit.driver.execute(_COUNT_WORDS.encode(), {"tenant": tenant_id})
