"""What tests of sessions begin with: dates set at the clinic, students enrolled, the clock moved on."""

from datetime import datetime, timedelta
from typing import Any

from app.core import clock
from tests.world import World

LINK = "https://meet.example.org/vets"


def at(days: float = 3, hours: float = 0) -> datetime:
    """Return an instant so far ahead, on a whole minute."""
    moment: datetime = clock.now().replace(second=0, microsecond=0) + timedelta(days=days, hours=hours)
    return moment


def session_body(world: World, opportunity: str = "internship", **changes: Any) -> dict[str, Any]:
    """Return the body of a session of two hours, three days ahead, with two seats."""
    starts_at = changes.pop("starts_at", at())
    return {
        "opportunity_id": str(world[opportunity]),
        "starts_at": starts_at.isoformat(),
        "ends_at": (changes.pop("ends_at", starts_at + timedelta(hours=2))).isoformat(),
        "seats": 2,
        **changes,
    }


async def make_session(world: World, who: str = "clara", **changes: Any) -> dict[str, Any]:
    """Set a date, as a coordinator of North."""
    answer = await world.as_(who).post("/v1/opportunity_sessions", json=session_body(world, **changes))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def enroll(world: World, who: str, session_id: str, **more: Any) -> dict[str, Any]:
    """Enrol somebody."""
    answer = await world.as_(who).post("/v1/session_enrollments", json={"session_id": session_id, **more})
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


async def read_session(world: World, who: str, session_id: str) -> dict[str, Any]:
    """Read a session as somebody."""
    answer = await world.as_(who).get(f"/v1/opportunity_sessions/{session_id}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found
