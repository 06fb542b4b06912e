"""Listings of a test's own, as search finds them."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.domain.opportunity import OpportunityStatus
from app.features.search_index import service as search_index
from app.models import Opportunity, StudentProfile, Worksite
from tests.world import World


async def listings(world: World, *each: dict[str, Any]) -> list[UUID]:
    """Publish listings of Lakeside's clinic; the first is the newest. A test says only what differs."""
    made = []
    async with working(world.database, world["lakeside"]) as unit:
        for hours, said in enumerate(each, start=1):
            values: dict[str, Any] = {
                "status": OpportunityStatus.PUBLISHED,
                "type": "internship_unpaid",
                "title": "Something to do",
                "employer_id": world["clinic"],
                "school_id": world["north"],
                "seats": 3,
                "published_at": clock.now() - timedelta(days=1, hours=hours),
                "confirmed_at": clock.now(),
            }
            place = said.pop("place", None)
            if place is not None:
                site = Worksite(
                    tenant_id=world["lakeside"], id=new_id(), employer_id=world["clinic"], name="Site",
                    latitude=place[0], longitude=place[1],
                )  # fmt: skip
                unit.session.add(site)
                # The listing's key points at the place.
                await unit.session.flush()
                values["worksite_id"] = site.id
            listing = Opportunity(tenant_id=world["lakeside"], id=new_id(), **values | said)
            unit.session.add(listing)
            made.append(listing.id)
        await search_index.refresh(unit.session, world["lakeside"], made)
    return made


async def profile(world: World, name: str, **said: Any) -> None:
    """Write what a student says of themselves."""
    async with working(world.database, world["lakeside"]) as unit:
        unit.session.add(
            StudentProfile(tenant_id=world["lakeside"], id=new_id(), student_id=world[name], **said)
        )


async def found(world: World, name: str, **params: Any) -> list[str]:
    """Return the titles of the first page that somebody finds."""
    answer = await world.as_(name).get("/v1/opportunities", params=params)
    assert answer.status_code == 200, answer.text
    return [item["title"] for item in answer.json()["items"]]
