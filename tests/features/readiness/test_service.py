"""What happens to connections, and to what was published through them, when one of their ends changes."""

from app.core.jobs import working
from tests.network import secret
from tests.world import World


async def status_of(world: World, path: str) -> str:
    answer = await world.as_("ellis").get(path)
    assert answer.status_code == 200, answer.text
    status: str = answer.json()["status"]
    return status


async def choose(world: World, choice: str) -> None:
    token = await secret(world, world["cousin"], "consent_confirmed")
    answer = await world.as_("maya").post(f"/v1/contact_choices/{token}/{choice}")
    assert answer.status_code == 200, answer.text


async def test_when_the_contact_takes_a_break_what_came_through_them_is_paused(world: World) -> None:
    await choose(world, "pause")

    assert await status_of(world, f"/v1/connections/{world['cousin_connection']}") == "dormant"
    assert await status_of(world, f"/v1/opportunities/{world['internship']}") == "paused"
    assert await status_of(world, f"/v1/opportunities/{world['school_only']}") == "published"


async def test_a_paused_opportunity_is_resumed_only_once_the_contact_is_back(world: World) -> None:
    clara = world.as_("clara")
    path = f"/v1/opportunities/{world['internship']}"
    await choose(world, "pause")
    version = (await clara.get(path)).json()["version"]

    too_early = await clara.post(f"{path}/resume", version=version)
    await choose(world, "resume")
    resumed = await clara.post(f"{path}/resume", version=version)

    assert (too_early.status_code, too_early.json()["code"]) == (409, "connection_not_active")
    assert resumed.status_code == 200, resumed.text


async def test_the_pause_is_written_down_with_its_reason(world: World) -> None:
    await choose(world, "pause")

    async with working(world.database, world["lakeside"]) as unit:
        rows = await unit.rows(
            "SELECT actor_kind, reason FROM events WHERE action = 'opportunity.pause' AND subject_id = %s",
            (world["internship"],),
        )
    assert rows == [("system", "the connection it came through is not active any more")]
