"""What the catalogue asks beside the search documents."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Text, column

from app.core.db import Unit
from app.core.paging import Keyset

# A page of hits goes on behind a state of its own: see service.State.
FOUND = Keyset("the catalogue, found", column("state", Text))

_TOLD = """
SELECT opportunity_id FROM saved_search_hits
WHERE tenant_id = %(tenant)s AND saved_search_id = %(search)s AND opportunity_id = ANY(%(ids)s)
"""


async def told(unit: Unit, tenant_id: UUID, search_id: UUID, ids: Sequence[UUID]) -> set[UUID]:
    """Return which of these listings a saved search has told already."""
    rows = await unit.rows(_TOLD, {"tenant": tenant_id, "search": search_id, "ids": list(ids)})
    return {row[0] for row in rows}
