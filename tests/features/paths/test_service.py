"""The path that is chosen without looking at all of them is the best of all of them."""

import random
from typing import Any
from uuid import UUID

import psycopg
import pytest

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.introduction_paths import may_ask, noise, score
from app.features.paths import queries
from app.features.paths import service as paths
from app.features.paths.service import Wish
from tests.features.introduction_asks.test_caps import make_crowd
from tests.introducing import VET, add_path, approved
from tests.world import World


@pytest.mark.parametrize("few_at_a_time", [False, True])
async def test_the_chosen_path_is_the_best_by_brute_force(
    world: World,
    workshop: Workshop,
    owner: psycopg.Connection[Any],
    monkeypatch: pytest.MonkeyPatch,
    *,
    few_at_a_time: bool,
) -> None:
    if few_at_a_time:
        # A town is small; so the bounds between what is read and what is not are met as often as in a big one.
        for name, number in (("_FIRST", 5), ("_MOST", 9), ("_AT_ONCE", 1), ("_MOST_AT_ONCE", 3)):
            monkeypatch.setattr(paths, name, number)
    students = make_crowd(owner, world, random.Random(7))  # noqa: S311 - a seeded choice, not a secret
    tenant, school, asking = world["lakeside"], world["north"], new_id()
    owner.execute(
        "INSERT INTO introductions (tenant_id, id, created_at, version, updated_at, status, student_id, school_id, field, slot)"
        " VALUES (%s, %s, now(), 1, now(), 'closed', %s, %s, %s, 1)",
        (tenant, asking, students[0], school, VET),
    )
    # Half of the pool was asked in the last two hundred days, some of it lately, some of it often.
    owner.execute(
        "INSERT INTO introduction_hops (tenant_id, id, created_at, version, updated_at, status, introduction_id, school_id,"
        " slot, kind, person_id, connection_id, contributor_id, household_id, contact_id, asked_at)"
        " SELECT c.tenant_id, gen_random_uuid(), now(), 1, now(), 'lapsed', %s, %s, row_number() OVER (), kind,"
        " CASE kind WHEN 'contributor' THEN contributor_id END, c.id, contributor_id, contributor_id, contact_id,"
        " now() - interval '1 day' * (abs(hashtext(c.id::text || kind)) %% 200)"
        " FROM connections c, (VALUES ('contributor'), ('contact')) AS kinds (kind)"
        " WHERE c.tenant_id = %s AND contact_id IS NOT NULL AND abs(hashtext(c.id::text)) %% 2 = 0",
        (asking, school, tenant),
    )
    bases: dict[UUID, float] = dict(
        owner.execute(
            "SELECT connection_id, base_score FROM connection_fields WHERE field = %s", (VET,)
        ).fetchall()
    )
    async with working(workshop.database, tenant) as unit:
        for _ in range(12):
            wish = Wish(tenant, new_id(), students[1], school, VET)
            binds = await paths.prepare(unit, wish, clock.now())

            chosen = await paths.choose(unit, wish, binds)
            beside = frozenset() if chosen is None else frozenset({chosen.connection_id})
            second = await paths.choose(unit, wish, binds, besides=beside)

            every = [
                (
                    score(
                        bases[found.connection_id],
                        found.household.this_year,
                        found.contact.this_year,
                        noise(wish.introduction_id, found.connection_id),
                    ),
                    found.connection_id,
                )
                for found in await queries.facts(unit, binds, list(bases))
                if may_ask(found.household)
                and may_ask(found.contact, monthly=(found.this_month, found.monthly_cap))
            ]
            assert chosen is not None
            assert (chosen.score, chosen.connection_id) == max(every)
            assert second is not None
            assert [(second.score, second.connection_id)] == sorted(every)[-2:-1]
    ((known, unknown),) = owner.execute(
        "SELECT count(*) FILTER (WHERE contact_id IS NOT NULL), count(*) FILTER (WHERE contact_id IS NULL)"
        " FROM connection_fields WHERE field = %s",
        (VET,),
    ).fetchall()
    assert min(known, unknown) > 5, "the crowd has copies, and connections without them"


def _join(owner: psycopg.Connection[Any], world: World, *names: str) -> UUID:
    """Make one household of these people."""
    household_id, tenant = new_id(), world["lakeside"]
    owner.execute(
        "INSERT INTO households (tenant_id, id, created_at, version, updated_at) VALUES (%s, %s, now(), 1, now())",
        (tenant, household_id),
    )
    for name in names:
        owner.execute(
            "INSERT INTO household_members (tenant_id, id, created_at, household_id, person_id, pinned)"
            " VALUES (%s, %s, now(), %s, %s, true)",
            (tenant, new_id(), household_id, world[name]),
        )
    return household_id


async def _chosen(world: World, work: Workshop, introduction_id: UUID | None = None) -> UUID | None:
    """Return whom a wish of Maya's would ask first."""
    tenant = world["lakeside"]
    async with working(work.database, tenant) as unit:
        wish = Wish(tenant, introduction_id or new_id(), world["maya"], world["north"], VET)
        path = await paths.choose(unit, wish, await paths.prepare(unit, wish, clock.now()))
    return None if path is None else path.contributor_id


async def test_whoever_left_a_household_is_not_asked_afresh(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    way = await approved(world, workshop)
    household_id = _join(owner, world, "rosa", "petra")
    owner.execute("UPDATE introductions SET status = 'closed'")
    owner.execute("UPDATE introduction_hops SET status = 'ended', household_id = %s", (household_id,))
    # As often as a term allows, and none of it in the last week.
    owner.execute(
        "UPDATE introduction_hops SET asked_at = now() - interval '9 days' WHERE asked_at IS NOT NULL"
    )
    for slot in (2, 3):
        owner.execute(
            "INSERT INTO introduction_hops (tenant_id, id, created_at, version, updated_at, status, introduction_id,"
            " school_id, slot, kind, person_id, connection_id, contributor_id, household_id, contact_id, asked_at)"
            " SELECT tenant_id, gen_random_uuid(), now(), 1, now(), 'ended', introduction_id, school_id, %s, kind,"
            " person_id, connection_id, contributor_id, household_id, contact_id, asked_at"
            " FROM introduction_hops WHERE introduction_id = %s AND slot = 1 AND kind = 'contributor'",
            (slot, way.id),
        )
    assert await _chosen(world, workshop) == world["rosa"]

    owner.execute(
        "INSERT INTO introduction_hops (tenant_id, id, created_at, version, updated_at, status, introduction_id,"
        " school_id, slot, kind, person_id, connection_id, contributor_id, household_id, contact_id, asked_at)"
        " SELECT tenant_id, gen_random_uuid(), now(), 1, now(), 'ended', introduction_id, school_id, 4, kind,"
        " person_id, connection_id, contributor_id, household_id, contact_id, asked_at"
        " FROM introduction_hops WHERE introduction_id = %s AND slot = 1 AND kind = 'contributor'",
        (way.id,),
    )
    together = await _chosen(world, workshop)
    owner.execute("DELETE FROM household_members WHERE household_id = %s", (household_id,))
    apart = await _chosen(world, workshop)

    assert (together, apart) == (None, None)
    # Nor does anybody ask the household that they come into.
    owner.execute("UPDATE introduction_hops SET household_id = contributor_id")
    owner.execute("UPDATE connections SET status = 'dormant'")
    await add_path(world, "petra", "Wilma")
    assert await _chosen(world, workshop) == world["petra"]
    _join(owner, world, "rosa", "petra")
    assert await _chosen(world, workshop) is None


async def test_a_request_asks_neither_a_household_nor_whoever_left_it_twice(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    household_id = _join(owner, world, "rosa", "petra")
    way = await approved(world, workshop)
    await add_path(world, "petra", "Wilma")
    await add_path(world, "rosa", "Xenia")
    owner.execute(
        "UPDATE introduction_hops SET asked_at = now() - interval '9 days' WHERE asked_at IS NOT NULL"
    )
    owner.execute("UPDATE introduction_hops SET status = 'ended' WHERE status = 'reserved'")
    assert await _chosen(world, workshop) in {world["rosa"], world["petra"]}

    assert await _chosen(world, workshop, way.id) is None
    owner.execute(
        "DELETE FROM household_members WHERE household_id = %s AND person_id = %s",
        (household_id, world["rosa"]),
    )
    owner.execute("UPDATE connections SET status = 'dormant' WHERE contributor_id = %s", (world["petra"],))
    assert await _chosen(world, workshop, way.id) is None
