"""The path that is chosen without looking at all of them is the best of all of them."""

import random
from typing import Any
from uuid import UUID

import psycopg

from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.domain.introduction_paths import may_ask, noise, score
from app.features.paths import queries
from app.features.paths import service as paths
from app.features.paths.service import Wish
from tests.features.introduction_asks.test_caps import make_crowd
from tests.introducing import VET
from tests.world import World


async def test_the_chosen_path_is_the_best_by_brute_force(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
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
