"""A row that is somebody else's for too long: a polite refusal, and nothing changed."""

from collections.abc import AsyncIterator
from dataclasses import replace

import psycopg
import pytest

from app.main import create_app
from app.settings import Settings
from tests.conftest import RUNTIME_ROLE
from tests.standing_in_line import Owner, approve, ask, seats_taken
from tests.world import World


@pytest.fixture
async def hasty(
    world: World, settings: Settings, database_url: str, database_name: str, owner: Owner
) -> AsyncIterator[World]:
    """The town, served by connections that wait a fifth of a second for a row."""
    role = f"ALTER ROLE {RUNTIME_ROLE} IN DATABASE {database_name}"
    owner.execute(f"{role} SET lock_timeout = '200ms'".encode())
    app = create_app(settings, database_url)
    async with app.router.lifespan_context(app):
        yield replace(world, app=app)
    owner.execute(f"{role} RESET lock_timeout".encode())


async def test_whoever_waits_too_long_for_a_row_is_asked_to_come_again(
    hasty: World, owner: Owner, owner_url: str
) -> None:
    pursuit = await ask(hasty, "maya")
    before = seats_taken(owner, hasty["internship"])
    with psycopg.connect(owner_url) as holder:
        holder.execute("SELECT id FROM opportunities WHERE id = %s FOR UPDATE", [hasty["internship"]])

        refused = await approve(hasty, pursuit)

    again = await approve(hasty, pursuit)
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "2")
    assert again.status_code == 200, again.text
    assert seats_taken(owner, hasty["internship"]) == before + 1
