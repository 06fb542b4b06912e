"""The caps are hard: over a thousand seeded asks, many of them at once, nobody is asked too often."""

import asyncio
import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import psycopg

from app.core import clock
from app.core.db import Manner
from app.core.ids import new_id
from app.core.jobs import Workshop
from app.features.paths import service as paths
from app.features.paths.service import Wish
from tests.introducing import VET
from tests.world import World

SEED = 20_261_122
HOMES = 76
AT_ONCE = 5
# Within Lakeside's term, and on into the weeks after it, where the last 120 days count.
ROUNDS = 120
PACE = timedelta(hours=64)


def make_crowd(owner: psycopg.Connection[Any], world: World, draw: random.Random) -> list[UUID]:
    """Let many families live in the town who know many veterinarians; returns the students who ask."""
    tenant, school = world["lakeside"], world["north"]
    people, contacts, employers = [], [], []
    students = [new_id() for _ in range(AT_ONCE)]
    with owner.cursor() as rows:

        def person(person_id: UUID, role: str) -> None:
            rows.execute(
                "INSERT INTO people (tenant_id, id, created_at, version, updated_at, given_name, family_name, email, locale,"
                " enabled) VALUES (%s, %s, now(), 1, now(), 'P', 'Q', %s, 'en', true)",
                (tenant, person_id, f"{person_id}@homes.example"),
            )
            rows.execute(
                "INSERT INTO memberships (tenant_id, id, created_at, version, updated_at, person_id, role, school_id, source,"
                " ended_by_roster) VALUES (%s, %s, now(), 1, now(), %s, %s, %s, 'staff', false)",
                (tenant, new_id(), person_id, role, school),
            )

        for student_id in students:
            person(student_id, "student")
        for home in range(HOMES):
            adults = [new_id() for _ in range(1 + home % 2)]
            for person_id in adults:
                person(person_id, "guardian")
            if len(adults) > 1:
                household = new_id()
                rows.execute(
                    "INSERT INTO households (tenant_id, id, created_at, version, updated_at) VALUES (%s, %s, now(), 1, now())",
                    (tenant, household),
                )
                rows.executemany(
                    "INSERT INTO household_members (tenant_id, id, created_at, household_id, person_id, pinned)"
                    " VALUES (%s, %s, now(), %s, %s, false)",
                    [(tenant, new_id(), household, person_id) for person_id in adults],
                )
            people += adults
        for number in range(40):
            employers.append(new_id())
            rows.execute(
                "INSERT INTO employers (tenant_id, id, created_at, version, updated_at, name, name_key, status, monthly_contact_cap)"
                " VALUES (%s, %s, now(), 1, now(), %s, %s, 'vetted', 6)",
                (tenant, employers[-1], f"Animal Hospital {number}", f"animal hospital {number}"),
            )
        for number in range(HOMES):
            contacts.append((new_id(), draw.choice(employers)))
            rows.execute(
                "INSERT INTO contacts (tenant_id, id, created_at, version, updated_at, status, given_name, email, locale,"
                " employer_id, school_id, suggested_by_role, monthly_cap)"
                " VALUES (%s, %s, now(), 1, now(), 'consented', 'C', %s, 'en', %s, %s, 'guardian', %s)",
                (
                    tenant,
                    contacts[-1][0],
                    f"{number}@animals.example",
                    contacts[-1][1],
                    school,
                    draw.choice((1, 2)),
                ),
            )
        for person_id in people:
            for contact_id, employer_id in draw.sample(contacts, 1):
                connection = new_id()
                closeness, frequency = draw.randint(1, 3), draw.randint(1, 5)
                rows.execute(
                    "INSERT INTO connections (tenant_id, id, created_at, version, updated_at, status, contributor_id, school_id,"
                    " contact_id, employer_id, domain, closeness, frequency, share_scope, credit_wanted)"
                    " VALUES (%s, %s, now(), 1, now(), 'active', %s, %s, %s, %s, 'work', %s, %s, 'tenant', true)",
                    (tenant, connection, person_id, school, contact_id, employer_id, closeness, frequency),
                )
                # Whom it leads to stands beside the score; of one in ten it is not known yet.
                ends = (person_id, contact_id) if draw.random() < 0.9 else (None, None)
                rows.execute(
                    "INSERT INTO connection_fields (tenant_id, id, created_at, connection_id, field, base_score,"
                    " contributor_id, contact_id) VALUES (%s, %s, now(), %s, %s, %s, %s, %s)",
                    (tenant, new_id(), connection, VET, -2 + 0.3 * closeness + 0.05 * frequency, *ends),
                )
    return students


ASK = """
INSERT INTO introductions (tenant_id, id, created_at, version, updated_at, status, student_id, school_id, field, slot)
VALUES (%(tenant)s, %(introduction)s, %(now)s, 1, %(now)s, 'closed', %(student)s, %(school)s, %(field)s, 1)
"""
# The contributor is asked at once; the contact's turn is kept until the contributor has answered.
HOPS = """
INSERT INTO introduction_hops (tenant_id, id, created_at, version, updated_at, status, introduction_id, school_id, slot,
                               kind, person_id, connection_id, contributor_id, household_id, contact_id, asked_at)
SELECT %(tenant)s, gen_random_uuid(), %(now)s, 1, %(now)s, status, %(introduction)s, %(school)s, 1, kind,
       CASE kind WHEN 'contributor' THEN %(contributor)s::uuid END, %(connection)s, %(contributor)s, %(household)s,
       %(contact)s, CASE kind WHEN 'contributor' THEN %(now)s::timestamptz END
FROM (VALUES ('contributor', 'asked'), ('contact', 'reserved')) AS hops (kind, status)
"""
ANSWERS = """
UPDATE introduction_hops
SET status = CASE WHEN kind = 'contributor' THEN CASE WHEN agrees THEN 'agreed' ELSE 'declined' END
                  WHEN agrees THEN 'asked' ELSE 'ended' END,
    asked_at = CASE WHEN kind = 'contact' AND agrees THEN %(now)s ELSE asked_at END
FROM unnest(%(introductions)s::uuid[], %(agree)s::boolean[]) AS given (introduction, agrees)
WHERE introduction_id = introduction
"""


async def _one(work: Workshop, world: World, student: UUID) -> UUID | None:
    """Choose a path for one student, hold its caps, and write its ask down; returns the request, or None."""
    tenant, school, now, introduction_id = world["lakeside"], world["north"], clock.now(), new_id()
    wish = Wish(tenant, introduction_id, student, school, VET)
    binds: dict[str, Any] = {"tenant": tenant, "school": school, "now": now, "introduction": introduction_id}
    async with work.database.unit(manner=Manner.BARE) as unit:
        await unit.open(tenant)
        await unit.driver.execute(ASK, {**binds, "student": student, "field": VET})
        seen = await paths.prepare(unit, wish, now)
        left_out: frozenset[UUID] = frozenset()
        while (path := await paths.choose(unit, wish, seen, besides=left_out)) is not None:
            await unit.driver.execute(b"SAVEPOINT held")
            if await paths.hold(unit, wish, seen, path):
                ask = {
                    "connection": path.connection_id,
                    "contributor": path.contributor_id,
                    "household": path.household_id,
                    "contact": path.contact_id,
                }
                await unit.driver.execute(HOPS, {**binds, **ask})
                await unit.commit()
                return introduction_id
            await unit.driver.execute(b"ROLLBACK TO held")
            left_out |= {path.connection_id}
        await unit.rollback()
    return None


def _answer(owner: psycopg.Connection[Any], given: dict[UUID, bool]) -> int:
    """Let contributors answer, and ask the contacts of those who agree; returns how many that are."""
    binds = {"now": clock.now(), "introductions": list(given), "agree": list(given.values())}
    owner.execute(ANSWERS, binds)
    return sum(given.values())


# Asks of a household: by whoever is in it. Of a contact: once they were asked themselves.
ASKS = """
SELECT coalesce(m.household_id, h.contributor_id) AS whom, h.asked_at FROM introduction_hops h
LEFT JOIN household_members m ON m.tenant_id = h.tenant_id AND m.person_id = h.contributor_id
WHERE h.kind = 'contributor'
UNION ALL SELECT contact_id, asked_at FROM introduction_hops WHERE kind = 'contact' AND asked_at IS NOT NULL
"""
MOST_IN = """
WITH asks AS ({asks})
SELECT coalesce(max(n), 0) FROM (
  SELECT (SELECT count(*) FROM asks b WHERE b.whom = a.whom AND b.asked_at >= a.asked_at AND b.asked_at < {until}) AS n
  FROM asks a WHERE {among}
) counted
"""


def _most(owner: psycopg.Connection[Any], until: str, among: str = "true") -> int:
    row = owner.execute(MOST_IN.format(asks=ASKS, until=until, among=among).encode()).fetchone()
    assert row is not None
    return int(row[0])


async def test_over_a_thousand_seeded_asks_no_cap_is_exceeded(
    world: World, workshop: Workshop, owner: psycopg.Connection[Any]
) -> None:
    draw = random.Random(SEED)  # noqa: S311 - a seeded choice, not a secret
    students = make_crowd(owner, world, draw)
    start = datetime.now(UTC)

    asked, waiting = 0, list[UUID]()
    for number in range(ROUNDS):
        if number in {4, 40}:
            # As the database does by itself now and then; a plan for empty tables reads all of them.
            owner.execute("ANALYZE")
        with clock.frozen(start + number * PACE):
            asked += _answer(owner, {introduction: draw.random() < 0.95 for introduction in waiting})
            found = await asyncio.gather(*(_one(workshop, world, student) for student in students))
        waiting = [introduction for introduction in found if introduction is not None]
        asked += len(waiting)

    counted = owner.execute(
        "SELECT count(*) FILTER (WHERE kind = 'contributor'),"
        " count(*) FILTER (WHERE kind = 'contact' AND asked_at IS NOT NULL) FROM introduction_hops"
    ).fetchone()
    assert counted is not None
    assert sum(counted) == asked
    assert asked > 1000, counted
    assert _most(owner, "a.asked_at + interval '7 days'") == 1
    term = owner.execute("SELECT ends_on FROM terms WHERE tenant_id = %s", (world["lakeside"],)).fetchone()
    assert term is not None
    in_term = f"a.asked_at < timestamptz '{term[0]} 00:00 America/New_York'"
    assert _most(owner, f"timestamptz '{term[0]} 00:00 America/New_York'", in_term) <= 4
    # The cap is met, so that one ask more would be seen.
    assert _most(owner, f"timestamptz '{term[0]} 00:00 America/New_York'", in_term) == 4
    later = f"a.asked_at > timestamptz '{term[0]} 23:59 America/New_York' + interval '1 day'"
    assert _most(owner, "a.asked_at + interval '120 days'", later) <= 4
    over = owner.execute(
        "SELECT count(*) FROM (SELECT h.contact_id, date_trunc('month', h.asked_at AT TIME ZONE t.zone) AS month,"
        " count(*) AS n, max(k.monthly_cap) AS cap FROM introduction_hops h JOIN contacts k ON k.id = h.contact_id"
        " JOIN tenants t ON t.id = h.tenant_id"
        " WHERE h.kind = 'contact' AND h.asked_at IS NOT NULL GROUP BY 1, 2) x WHERE n > cap"
    ).fetchone()
    assert over == (0,)
