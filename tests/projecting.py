"""An industry project with phases and a team, for tests of what is said of its work."""

from typing import Any

from tests.world import World

PHASES: list[dict[str, Any]] = [
    {
        "title": "Plan",
        "deliverable": "A plan of the beds",
        "starts_on": "2031-01-06",
        "ends_on": "2031-01-31",
    },
    {
        "title": "Build",
        "deliverable": "Two raised beds",
        "starts_on": "2031-02-01",
        "ends_on": "2031-03-15",
    },
]


async def with_phases(
    world: World, phases: list[dict[str, Any]] | None = None, *, opportunity: str = "school_only"
) -> list[dict[str, Any]]:
    """Give a listing its phases, and return them."""
    path = f"/v1/opportunities/{world[opportunity]}/phases"
    clara = world.as_("clara")
    version = (await clara.get(path)).json()["version"]
    answer = await clara.put(path, json={"phases": phases or PHASES}, version=version)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def with_team(world: World) -> dict[str, Any]:
    """Make a team of Leo, who has a seat in the garden project."""
    body = {
        "opportunity_id": str(world["school_only"]),
        "school_id": str(world["north"]),
        "student_ids": [str(world["leo"])],
    }
    answer = await world.as_("clara").post("/v1/project_teams", json=body)
    assert answer.status_code == 201, answer.text
    team: dict[str, Any] = answer.json()
    return team
