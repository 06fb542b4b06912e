"""Every SQL statement of choosing a path: hot, so it runs on the driver."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from app.core.db import Unit
from app.domain.introduction_paths import Asks, Term

# What a request brings with it, in one go: where it is, which terms cover the day, and who stands near the student.
# (OFFSET 0 keeps the planner from reading every guardian link of the tenant for the few of one advisory.)
_BESIDE = """
WITH advisees AS (
  SELECT o.student_id FROM advisor_links mine
  JOIN advisor_links o ON o.tenant_id = mine.tenant_id AND o.advisor_id = mine.advisor_id AND o.ended_at IS NULL
  WHERE mine.tenant_id = %(tenant)s AND mine.student_id = %(student)s AND mine.ended_at IS NULL
), family AS (
  SELECT guardian_id FROM guardian_links WHERE tenant_id = %(tenant)s AND student_id = %(student)s
)
SELECT s.zone, t.zone, coalesce(hm.household_id, %(student)s), ARRAY(SELECT guardian_id FROM family),
       ARRAY(SELECT lower(email) FROM people WHERE tenant_id = %(tenant)s AND email IS NOT NULL
             AND id = ANY(ARRAY(SELECT guardian_id FROM family) || %(student)s::uuid)),
       ARRAY(SELECT advisor_id FROM advisor_links
             WHERE tenant_id = %(tenant)s AND student_id = %(student)s AND ended_at IS NULL
             UNION SELECT student_id FROM advisees
             UNION SELECT near.guardian_id FROM advisees CROSS JOIN LATERAL (
               SELECT guardian_id FROM guardian_links g
               WHERE g.tenant_id = %(tenant)s AND g.student_id = advisees.student_id AND g.ended_at IS NULL
               OFFSET 0) near),
       ARRAY(SELECT kind || ' ' || starts_on || ' ' || ends_on FROM terms
             WHERE tenant_id = %(tenant)s AND ended_at IS NULL
               AND starts_on <= (%(now)s AT TIME ZONE s.zone)::date
               AND ends_on >= (%(now)s AT TIME ZONE s.zone)::date)
FROM schools s
JOIN tenants t ON t.id = s.tenant_id
LEFT JOIN household_members hm ON hm.tenant_id = s.tenant_id AND hm.person_id = %(student)s
WHERE s.tenant_id = %(tenant)s AND s.id = %(school)s
"""

_TOP = """
SELECT connection_id, base_score, contributor_id, contact_id FROM connection_fields
WHERE tenant_id = %(tenant)s AND field = %(field)s AND (base_score, connection_id) < (%(base)s, %(after)s)
ORDER BY base_score DESC, connection_id DESC
LIMIT %(limit)s
"""

# Who was asked as often as a week allows, and whose turn is kept.
_TIRED = """
WITH asked AS MATERIALIZED (
  SELECT kind, contributor_id, contact_id FROM introduction_hops
  WHERE tenant_id = %(tenant)s AND asked_at > %(week)s
)
SELECT contributor_id FROM asked WHERE kind = 'contributor' GROUP BY contributor_id HAVING count(*) >= %(most)s
UNION SELECT contact_id FROM (
  SELECT contact_id FROM asked WHERE kind = 'contact'
  UNION ALL
  SELECT contact_id FROM introduction_hops WHERE tenant_id = %(tenant)s AND status = 'reserved'
) turns GROUP BY contact_id HAVING count(*) >= %(most)s
"""

# How often a contact is asked; turns that are kept count, but not that of the request itself.
_OF_CONTACT = """
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE status = 'reserved' OR asked_at > %(week)s) AS week,
         count(*) FILTER (WHERE status = 'reserved' OR asked_at >= %(term)s) AS term,
         count(*) FILTER (WHERE asked_at > %(year)s) AS year,
         count(*) FILTER (WHERE status = 'reserved' OR asked_at >= %(month)s) AS month
  FROM introduction_hops
  WHERE tenant_id = %(tenant)s AND contact_id = w.contact_id AND kind = 'contact'
    AND introduction_id <> %(introduction)s AND (status = 'reserved' OR asked_at > %(since)s)
) o
"""

# A path is there when everyone on it may be asked at all; how often they were asked is counted beside it. Adults only:
# a contributor who is a student is never a hop, and nobody who is linked to the student is, on either end.
# A household's asks are those made to it and those made to who is in it now; whoever left one brings their own along.
# (The household's id is made in a step of its own: by the expression itself the index of asks was not used.)
_FACTS = (
    """
WITH willing AS MATERIALIZED (
  SELECT c.id, c.contributor_id, coalesce(hm.household_id, c.contributor_id) AS household_id, k.id AS contact_id,
         coalesce(c.employer_id, k.employer_id) AS employer_id, k.monthly_cap
  FROM connections c
  JOIN contacts k ON k.tenant_id = c.tenant_id AND k.id = c.contact_id
  JOIN people p ON p.tenant_id = c.tenant_id AND p.id = c.contributor_id
  LEFT JOIN household_members hm ON hm.tenant_id = c.tenant_id AND hm.person_id = c.contributor_id
  WHERE c.tenant_id = %(tenant)s AND c.id = ANY(%(connections)s)
    AND c.status = 'active' AND k.status = 'consented'
    AND (c.share_scope = 'tenant' OR (c.share_scope = 'school' AND c.school_id = %(school)s)
         OR (c.share_scope = 'advisory' AND c.contributor_id = ANY(%(fellows)s)))
    AND (k.visible_school_ids IS NULL OR %(school)s = ANY(k.visible_school_ids))
    AND (k.offers = '{}' OR k.offers && %(offers)s)
    AND coalesce((k.availability->>'from_on')::date <= %(today)s, true)
    AND coalesce((k.availability->>'until_on')::date >= %(today)s, true)
    AND lower(k.email) <> ALL(%(addresses)s)
    AND p.enabled AND p.ended_at IS NULL
    AND (p.email IS NOT NULL OR EXISTS (
      SELECT 1 FROM account_tenants a WHERE a.tenant_id = p.tenant_id AND a.person_id = p.id))
    AND c.contributor_id <> ALL(%(family)s)
    AND EXISTS (
      SELECT 1 FROM memberships m
      WHERE m.tenant_id = c.tenant_id AND m.person_id = c.contributor_id AND m.role = ANY(%(adults)s)
        AND m.ended_at IS NULL AND (m.begins_on IS NULL OR m.begins_on <= %(today)s)
        AND (m.ends_on IS NULL OR m.ends_on >= %(today)s))
    AND NOT EXISTS (
      SELECT 1 FROM memberships m
      WHERE m.tenant_id = c.tenant_id AND m.person_id = c.contributor_id AND m.role = 'student'
        AND m.ended_at IS NULL)
)
SELECT w.id, w.contributor_id, w.household_id, w.contact_id, w.employer_id, w.monthly_cap,
       h.week, h.term, h.year, o.week, o.term, o.year, o.month
FROM willing w
CROSS JOIN LATERAL (
  SELECT count(*) FILTER (WHERE asked_at > %(week)s) AS week, count(*) FILTER (WHERE asked_at >= %(term)s) AS term,
         count(*) FILTER (WHERE asked_at > %(year)s) AS year
  FROM (
    SELECT id, asked_at FROM introduction_hops
    WHERE tenant_id = %(tenant)s AND household_id = w.household_id AND kind = 'contributor' AND asked_at > %(since)s
    UNION
    SELECT i.id, i.asked_at FROM household_members m
    JOIN introduction_hops i
      ON i.tenant_id = m.tenant_id AND i.contributor_id = m.person_id AND i.kind = 'contributor'
      AND i.asked_at > %(since)s
    WHERE m.tenant_id = %(tenant)s AND m.household_id = w.household_id
    UNION
    SELECT id, asked_at FROM introduction_hops
    WHERE tenant_id = %(tenant)s AND contributor_id = w.contributor_id AND kind = 'contributor'
      AND asked_at > %(since)s
  ) asks
) h
"""  # noqa: S608 - constants, nothing a caller sends
    + _OF_CONTACT
    + """
WHERE w.household_id <> %(household)s
  AND NOT EXISTS (
    SELECT 1 FROM introduction_hops t
    WHERE t.tenant_id = %(tenant)s AND t.introduction_id = %(introduction)s
      AND (t.contact_id = w.contact_id OR t.household_id = w.household_id OR t.contributor_id = w.contributor_id))
  AND NOT EXISTS (
    SELECT 1 FROM employers e
    LEFT JOIN employer_months em
      ON em.tenant_id = e.tenant_id AND em.employer_id = e.id AND em.month = %(month_on)s
    WHERE e.tenant_id = %(tenant)s AND e.id = w.employer_id AND coalesce(em.asks, 0) >= e.monthly_contact_cap)
"""
)

_CONTACT = (
    """
SELECT o.week, o.term, o.year, o.month FROM (SELECT %(contact)s::uuid AS contact_id) w
"""
    + _OF_CONTACT
)

_LOCK = "SELECT pg_try_advisory_xact_lock(hashtextextended(%(key)s, 0))"


@dataclass(frozen=True, slots=True)
class Beside:
    """What a student's request brings with it: the clocks, who stands too near to be asked, who shares an advisory."""

    school_zone: str
    zone: str
    household_id: UUID
    guardian_ids: list[UUID]
    addresses: list[str]
    fellows: list[UUID]
    terms: list[Term]


class Facts(NamedTuple):
    """A path on which everyone may be asked at all, and how often they were."""

    connection_id: UUID
    contributor_id: UUID
    household_id: UUID
    contact_id: UUID
    employer_id: UUID | None
    monthly_cap: int
    household: Asks
    contact: Asks
    this_month: int


async def beside(unit: Unit, tenant_id: UUID, student_id: UUID, school_id: UUID, now: datetime) -> Beside:
    """Return what a request brings with it."""
    binds = {"tenant": tenant_id, "student": student_id, "school": school_id, "now": now}
    (row,) = await unit.rows(_BESIDE, binds)
    school_zone, zone, household_id, guardian_ids, addresses, fellows, spans = row
    terms = []
    for span in spans:
        kind, starts_on, ends_on = span.split(" ")
        terms.append(Term(kind, date.fromisoformat(starts_on), date.fromisoformat(ends_on)))
    return Beside(school_zone, zone, household_id, guardian_ids, addresses, fellows, terms)


class Candidate(NamedTuple):
    """A connection of a field, and whom it would ask; unknown until it has been scored."""

    connection_id: UUID
    base: float
    contributor_id: UUID | None
    contact_id: UUID | None


async def top(
    unit: Unit, tenant_id: UUID, field: str, after: tuple[float, UUID], limit: int
) -> list[Candidate]:
    """Return the connections of a field behind `after`, best first by their base scores; read from the index alone."""
    rows = await unit.rows(
        _TOP, {"tenant": tenant_id, "field": field, "base": after[0], "after": after[1], "limit": limit}
    )
    return [Candidate(*row) for row in rows]


async def tired(unit: Unit, binds: dict[str, Any], most: int) -> set[UUID]:
    """Return the contributors and the contacts who were asked `most` times this week or more: no path goes there.

    In a busy week these are the best of a field; without this each of them would be looked at closely first.
    """
    return {found for (found,) in await unit.rows(_TIRED, {**binds, "most": most})}


async def facts(unit: Unit, binds: dict[str, Any], connection_ids: list[UUID]) -> list[Facts]:
    """Return which of these connections are paths on which everyone may be asked at all."""
    rows = await unit.rows(_FACTS, {**binds, "connections": connection_ids})
    found = []
    for connection, contributor, home, contact, employer, cap, *asks, month in rows:
        of_household, of_contact = Asks(*asks[:3]), Asks(*asks[3:])
        found.append(
            Facts(connection, contributor, home, contact, employer, cap, of_household, of_contact, month)
        )
    return found


async def asks_of(unit: Unit, binds: dict[str, Any], contact_id: UUID) -> tuple[Asks, int]:
    """Return how often a contact is asked by other requests: by week, term and year, and this month."""
    ((week, term, year, month),) = await unit.rows(_CONTACT, {**binds, "contact": contact_id})
    return Asks(week, term, year), month


async def lock(unit: Unit, key: str) -> bool:
    """Take an advisory lock until the transaction, or the savepoint, ends; False while somebody else has it."""
    ((taken,),) = await unit.rows(_LOCK, {"key": key})
    return bool(taken)


def since(week: datetime, term: datetime, year: datetime, month: datetime) -> datetime:
    """Return the earliest of the spans' beginnings: what was asked before counts for nothing."""
    return min(week, term, year, month)
