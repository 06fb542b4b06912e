"""What the tests of relationship mapping share: a school with enough adults, and a round that is open."""

from typing import Any

import httpx

from app.core.jobs import working
from app.domain.policy import Role
from tests.world import World, settle


async def hire(world: World, *names: str) -> None:
    """Let more advisors work at North School."""
    async with working(world.database, world["lakeside"]) as unit:
        for name in names:
            await settle(world, unit.session, world["lakeside"], name, Role.ADVISOR, school_id=world["north"])


async def draft(world: World, who: str = "clara", school: str = "north", **body: Any) -> httpx.Response:
    """Let somebody draft a round."""
    return await world.as_(who).post(
        "/v1/relationship_rounds",
        json={"school_id": str(world[school]), "title": "Fall", "scope": "school", **body},
    )


async def opened(world: World, **body: Any) -> str:
    """Open a round at North School and return its path."""
    made = await draft(world, **body)
    path = made.headers["Location"]
    answer = await world.as_("clara").post(f"{path}/open", version=1)
    assert answer.status_code == 200, answer.text
    return path


async def mark(world: World, path: str, who: str, *students: str) -> httpx.Response:
    """Let an adult mark students."""
    ids = [str(world[name]) for name in students]
    return await world.as_(who).request("PUT", f"{path}/marks", version=2, json={"student_ids": ids})


async def name(world: World, path: str, who: str, *adults: str) -> httpx.Response:
    """Let a student name adults."""
    ids = [str(world[one]) for one in adults]
    return await world.as_(who).request("PUT", f"{path}/nominations", version=2, json={"adult_ids": ids})


async def close(world: World, path: str) -> dict[str, Any]:
    """Close a round and return its results."""
    answer = await world.as_("clara").post(f"{path}/close", version=2)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = (await world.as_("clara").get(f"{path}/results")).json()
    return found


async def students(world: World, who: str, path: str) -> dict[str, dict[str, Any]]:
    """Return the students of a round as an adult sees them, by their names in the town."""
    names = {str(thing_id): thing for thing, thing_id in world.ids.items()}
    answer = await world.as_(who).get(
        "/v1/round_students", params={"round_id": path.rsplit("/", 1)[1], "limit": 100}
    )
    assert answer.status_code == 200, answer.text
    return {names[item["student_id"]]: item for item in answer.json()["items"]}
