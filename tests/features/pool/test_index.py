"""The pool's index of fields: written with a connection, and brought up to date by the clock."""

from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.jobs import Workshop, working
from app.domain.contact import ContactStatus
from app.features.pool import jobs, service
from tests.features.pool.town import fields, offer
from tests.world import World


async def test_connections_of_an_earlier_release_are_indexed_by_the_clock(
    world: World, workshop: Workshop
) -> None:
    before = await fields(world, world["cousin_connection"])

    await jobs.sweep(workshop, world["lakeside"], clock.now())

    assert before == []
    assert await fields(world, world["cousin_connection"]) == [
        "agriculture",
        "healthcare_human_services",
        "veterinarian",
    ]


async def test_the_clock_indexes_every_connection_in_however_many_steps(
    world: World, workshop: Workshop, monkeypatch: pytest.MonkeyPatch, owner: psycopg.Connection[Any]
) -> None:
    for _ in range(4):
        await offer(world, "rosa", "welder")
    owner.execute("DELETE FROM connection_fields")
    monkeypatch.setattr(jobs, "_CHUNK", 2)

    await jobs.sweep(workshop, world["lakeside"], clock.now())

    indexed = owner.execute("SELECT count(DISTINCT connection_id) FROM connection_fields").fetchall()
    assert indexed == [(5,)]


async def test_a_connection_that_was_just_offered_is_indexed_by_the_next_sweep(
    world: World, workshop: Workshop
) -> None:
    body = {
        "employer": {"name": "Corner Bakery"},
        "domain": "friends",
        "closeness": 2,
        "frequency": 2,
        "fields": ["chef"],
    }

    made = await world.as_("rosa").post("/v1/connections", json=body)

    assert made.status_code == 201, made.text
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    assert await fields(world, UUID(made.json()["id"])) == ["baker", "chef", "hospitality_events_tourism"]


async def test_what_is_indexed_already_is_not_written_again(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    rows = "SELECT id, xmin FROM connection_fields ORDER BY id"
    before = owner.execute(rows).fetchall()

    await jobs.sweep(workshop, world["lakeside"], clock.now())

    assert owner.execute(rows).fetchall() == before


async def test_another_industry_or_job_title_shows_at_the_next_sweep(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    welder = await offer(world, "rosa", "welder", contact=ContactStatus.CONSENTED)
    await jobs.sweep(workshop, world["lakeside"], clock.now())

    owner.execute(
        "UPDATE employers SET naics = '722511', updated_at = now() WHERE id = %s", (world["garage"],)
    )
    owner.execute(
        "UPDATE contacts SET job_title = 'Head Baker', updated_at = now() WHERE given_name = 'Wanda'"
    )
    await jobs.sweep(workshop, world["lakeside"], clock.now())

    assert {"welder", "chef", "baker", "auto_mechanic"} <= set(await fields(world, welder))


async def test_what_a_title_showed_goes_when_its_person_is_erased(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    welder = await offer(world, "rosa", "welder", contact=ContactStatus.CONSENTED)
    owner.execute(
        "UPDATE contacts SET job_title = 'Head Baker', updated_at = now() WHERE given_name = 'Wanda'"
    )
    await jobs.sweep(workshop, world["lakeside"], clock.now())
    assert "baker" in await fields(world, welder)

    owner.execute(
        "UPDATE contacts SET given_name = NULL, family_name = NULL, job_title = NULL, updated_at = now()"
        " WHERE given_name = 'Wanda'"
    )
    async with working(world.database, world["lakeside"]) as unit:
        await service.index(unit.session, world["lakeside"], welder)

    assert "baker" not in await fields(world, welder)


async def test_a_connection_that_ended_is_in_no_index(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    welder = await offer(world, "rosa", "welder")
    owner.execute("UPDATE connections SET status = 'withdrawn', updated_at = now() WHERE id = %s", (welder,))

    await jobs.sweep(workshop, world["lakeside"], clock.now())

    assert await fields(world, welder) == []


async def test_another_tenants_connection_is_not_indexed_from_here(world: World) -> None:
    async with working(world.database, world["lakeside"]) as unit:
        changed = await service.index_all(unit.session, world["lakeside"], [world["river_cousin_connection"]])

    assert changed == 0
