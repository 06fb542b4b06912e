"""Links: looked at, used once, revoked."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import working
from app.core.problems import AppError, Gone, NotFound
from app.features.links import service as links
from tests.world import World


async def _issued(world: World, subject_id: UUID, purpose: str = "consent") -> str:
    async with working(world.database, None) as unit:
        return await links.issue(
            unit.session,
            purpose=purpose,
            tenant_id=world["lakeside"],
            subject_id=subject_id,
            expires_at=clock.now() + timedelta(days=30),
        )


async def _used(world: World, secret: str) -> str:
    try:
        async with working(world.database, None) as unit:
            await links.consume(unit.session, await links.look(unit.session, secret, "consent"))
    except AppError as error:
        return error.code
    return "used"


async def test_looking_changes_nothing_and_names_the_subject(world: World) -> None:
    subject_id = new_id()
    secret = await _issued(world, subject_id)

    async with working(world.database, None) as unit:
        found = [await links.look(unit.session, secret, "consent", "invitation") for _ in range(3)]

    assert {link.subject_id for link in found} == {subject_id}
    assert found[0].tenant_id == world["lakeside"]


async def test_a_link_is_used_once_even_by_many_at_once(world: World) -> None:
    secret = await _issued(world, new_id())

    outcomes = await asyncio.gather(*(_used(world, secret) for _ in range(10)))

    assert sorted(outcomes) == ["link_used"] * 9 + ["used"]


async def test_another_purpose_and_an_unknown_secret_are_not_found(world: World) -> None:
    secret = await _issued(world, new_id())

    async with working(world.database, None) as unit:
        for text, purpose in (
            (secret, "invitation"),
            ("unknown", "consent"),
            ("", "consent"),
            ("\x00", "consent"),
        ):
            with pytest.raises(NotFound):
                await links.look(unit.session, text, purpose)


async def test_an_expired_link_is_gone(world: World) -> None:
    secret = await _issued(world, new_id())

    with clock.shifted(timedelta(days=31)):
        async with working(world.database, None) as unit:
            with pytest.raises(Gone) as refusal:
                await links.look(unit.session, secret, "consent")

    assert refusal.value.code == "link_expired"
    assert refusal.value.spanish


async def test_revoking_closes_the_links_of_one_subject_for_these_purposes(world: World) -> None:
    mine, other = new_id(), new_id()
    secrets = [
        await _issued(world, mine),
        await _issued(world, mine, "invitation"),
        await _issued(world, other),
    ]

    async with working(world.database, None) as unit:
        await links.revoke(unit.session, subject_id=mine, purposes=("consent",))

    async with working(world.database, None) as unit:
        with pytest.raises(Gone):
            await links.look(unit.session, secrets[0], "consent")
        assert await links.look(unit.session, secrets[1], "invitation")
        assert await links.look(unit.session, secrets[2], "consent")


async def test_only_hashes_are_kept(world: World, owner: psycopg.Connection[Any]) -> None:
    secret = await _issued(world, new_id())

    rows = owner.execute("SELECT t::text, token_hash FROM link_tokens t").fetchall()

    assert len(rows) == 1
    assert secret not in rows[0][0]
    assert secret.encode() not in bytes(rows[0][1])
