"""Links to contribute by, for tests of what their holders do."""

from datetime import datetime, timedelta
from uuid import UUID

from app.core import clock
from app.core.jobs import working
from app.features.links import service as links
from tests.world import World

OFFER: dict[str, object] = {"domain": "friends", "closeness": 2, "frequency": 3, "offers": ["talk"]}
NURSE = {"given_name": "Nora", "family_name": "Nightly", "email": "nora@hospital.example"}


async def link_of(
    world: World,
    name: str,
    *,
    tenant: str = "lakeside",
    person_id: UUID | None = None,
    expires_at: datetime | None = None,
    code: bool = False,
) -> str:
    """Issue a link to contribute by to somebody of the town, and return its secret."""
    async with working(world.database, world[tenant]) as unit:
        make = links.issue_code if code else links.issue
        return await make(
            unit.session,
            purpose="contribution",
            tenant_id=world[tenant],
            subject_id=person_id or world[name],
            expires_at=expires_at or clock.now() + timedelta(days=5),
        )
