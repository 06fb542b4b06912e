"""What is asked to tell a listing to somebody: who looks, and which seats are kept for whom."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from app.core.db import Unit
from app.domain.reserve import Kept
from app.features.catalogue_items.schemas import StudentFacts

_STUDENT = """
SELECT born_on, array(
  SELECT m.group_id FROM group_members m WHERE m.tenant_id = p.tenant_id AND m.student_id = p.id
) FROM people p WHERE p.tenant_id = %(tenant)s AND p.id = %(id)s
"""
_RESERVES = """
SELECT opportunity_id, id, seats, seats_taken, released_on, school_id, group_id FROM seat_reserves
WHERE tenant_id = %(tenant)s AND opportunity_id = ANY(%(ids)s) AND released_on > %(today)s
"""


async def student(unit: Unit, tenant_id: UUID, person_id: UUID) -> StudentFacts:
    """Return what is known of the student who looks."""
    rows = await unit.rows(_STUDENT, {"tenant": tenant_id, "id": person_id})
    return StudentFacts(*rows[0]) if rows else StudentFacts(None, [])


async def reserves(unit: Unit, tenant_id: UUID, ids: Sequence[UUID], today: date) -> dict[UUID, list[Kept]]:
    """Return the seats of listings that are kept for somebody today."""
    values: dict[str, Any] = {"tenant": tenant_id, "ids": list(ids), "today": today}
    found: dict[UUID, list[Kept]] = {}
    for listing, kept_id, seats, taken, released_on, school_id, group_id in await unit.rows(
        _RESERVES, values
    ):
        kept = Kept(kept_id, seats, taken, released_on, school_id, group_id)
        found.setdefault(listing, []).append(kept)
    return found
