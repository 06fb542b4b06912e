"""What the pooled network costs: offering, answers from snapshots, and the choice of a path, at two sizes."""

import asyncio
import gc
import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol
from uuid import UUID, uuid4

import httpx
import psycopg

from app import operating
from app.core import clock
from app.core.ids import new_id
from app.core.jobs import Workshop, working
from app.core.secrets import load_secrets
from app.core.tokens import issue_access_token
from app.domain.duplicates.lives import DuplicateKind
from app.domain.occupations import OCCUPATIONS
from app.features.households import jobs as households
from app.features.match_keys import service as match_keys
from app.features.paths import service as paths
from app.features.pool import jobs as pool
from app.settings import Settings
from bench.pool import Size, fill

SMALL, LARGE = Size(20_000, 10_000, 5_000), Size(200_000, 100_000, 50_000)
OFFERS, READS, CHOICES = 300, 500, 200
# One connection in so many has people who were asked this week: what a choice has to look past.
TIRED = 100

Say = Callable[[str], None]


class Server(Protocol):
    """What a measurement needs of the bench it is part of."""

    owner: str
    runtime: str
    settings: Settings


@dataclass(frozen=True)
class District:
    """A tenant with a pool, and tokens of two of its people."""

    tenant_id: UUID
    school_id: UUID
    guardian: str
    coordinator: str
    students: list[UUID]


@dataclass(frozen=True)
class Times:
    """How long one kind of thing took, in milliseconds."""

    median: float
    p95: float

    @classmethod
    def of(cls, seconds: list[float]) -> "Times":
        """Return the median and the 95th percentile."""
        ordered = sorted(seconds)
        return cls(ordered[len(ordered) // 2] * 1000, ordered[int(len(ordered) * 0.95)] * 1000)


GOALS = {
    "offer a connection (POST /v1/connections; the worker, not timed, then looks for duplicates)": 50,
    "reachability (GET /v1/network/reach)": 20,
    "gap map (GET /v1/network/gaps)": 20,
    "choose the path of an introduction": 50,
}


def measure(server: Server, address: str, say: Say) -> None:
    """Fill both sizes, measure each, and tell the times and how they grow."""
    found: dict[Size, dict[str, Times]] = {}
    upkeep: dict[Size, dict[str, float]] = {}
    for size in (SMALL, LARGE):
        district = _settle(server, size)
        upkeep[size] = asyncio.run(_keep_up(server, district.tenant_id))
        _tire(server, district, size.connections // TIRED)
        offer, reach, gaps, choose = GOALS
        found[size] = {
            offer: _posts(address, district, size),
            reach: _gets(address, district.guardian, f"/v1/network/reach?school_id={district.school_id}&field=veterinarian"),
            gaps: _gets(address, district.coordinator, f"/v1/network/gaps?school_id={district.school_id}"),
            choose: asyncio.run(_choices(server, district)),
        }  # fmt: skip
    say("| what | goal, p95 | " + " | ".join(f"{size.connections:,} connections: median, p95 (ms)" for size in found)
        + " | growth of the median |")  # fmt: skip
    say("| --- | --- | --- | --- | --- |")
    for what, goal in GOALS.items():
        small, large = found[SMALL][what], found[LARGE][what]
        say(
            f"| {what} | {goal} ms | {small.median:.1f}, {small.p95:.1f} | {large.median:.1f}, {large.p95:.1f}"
            f" | {large.median / small.median:.2f} times |"
        )
    say("")
    say("One request at a time; the choice of a path is timed in the process, with the best "
        f"paths of its field, {SMALL.connections // TIRED:,} and {LARGE.connections // TIRED:,}, asked this week already.")  # fmt: skip
    told = (
        ", ".join(f"{name} {took:.0f} s" for name, took in parts.items())
        for parts in (upkeep[SMALL], upkeep[LARGE])
    )
    say(
        "Upkeep in the worker after all these rows appeared at once: "
        + "; ten times as many: ".join(told)
        + "."
    )


def _settle(server: Server, size: Size) -> District:
    tenant_id, school_id = new_id(), new_id()
    with psycopg.connect(server.owner, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO tenants (id, slug, name, locale, zone, created_at)"
            " VALUES (%s, %s, 'District', 'en', 'America/Chicago', now())",
            (tenant_id, f"pool-{size.connections}"),
        )
        connection.execute(
            "INSERT INTO schools (tenant_id, id, name, kind, zone, version, created_at, updated_at)"
            " VALUES (%s, %s, 'School', 'school', 'America/Chicago', 1, now(), now())",
            (tenant_id, school_id),
        )
        fill(server.owner, tenant_id, school_id, size)
        guardian, coordinator = new_id(), new_id()
        tokens = [
            _sign_in(server, connection, tenant_id, person_id, role, school_id)
            for person_id, role in ((guardian, "guardian"), (coordinator, "coordinator"))
        ]
        students = connection.execute(
            "SELECT person_id FROM memberships WHERE tenant_id = %s AND role = 'student' LIMIT %s",
            (tenant_id, CHOICES),
        ).fetchall()
        connection.execute(
            "INSERT INTO guardian_links (tenant_id, id, student_id, guardian_id, relationship_kind, may_see, may_sign,"
            " no_contact, source, ended_by_roster, version, created_at, updated_at)"
            " VALUES (%s, %s, %s, %s, 'parent', true, true, false, 'staff', false, 1, now(), now())",
            (tenant_id, new_id(), students[0][0], guardian),
        )
    return District(tenant_id, school_id, tokens[0], tokens[1], [row[0] for row in students])


def _sign_in(
    server: Server, connection: psycopg.Connection[tuple[object, ...]], tenant: UUID, person: UUID, role: str, school: UUID
) -> str:  # fmt: skip
    account, session = new_id(), new_id()
    for statement, values in (
        (
            (
                "INSERT INTO people (tenant_id, id, given_name, family_name, locale, enabled, version, created_at, updated_at)"
                " VALUES (%s, %s, 'Rosa', 'Bench', 'en', true, 1, now(), now())"
            ),
            (tenant, person),
        ),
        (
            "INSERT INTO accounts (id, login, kind, created_at) VALUES (%s, %s, 'human', now())",
            (account, f"{account}@example.org"),
        ),
        (
            (
                "INSERT INTO memberships (tenant_id, id, person_id, role, school_id, source, ended_by_roster, version,"
                " created_at, updated_at) VALUES (%s, gen_random_uuid(), %s, %s, %s, 'staff', false, 1, now(), now())"
            ),
            (tenant, person, role, school),
        ),
        (
            (
                "INSERT INTO login_sessions (id, account_id, tenant_id, person_id, expires_at, created_at)"
                " VALUES (%s, %s, %s, %s, now() + interval '1 day', now())"
            ),
            (session, account, tenant, person),
        ),
    ):
        connection.execute(statement.encode(), values)
    return issue_access_token(
        load_secrets(server.settings).token_keys,
        issuer=server.settings.token_issuer,
        audience=server.settings.token_audience,
        account_id=account,
        tenant_id=tenant,
        session_id=session,
        now=clock.now(),
        lifetime=timedelta(hours=2),
    )


async def _keep_up(server: Server, tenant_id: UUID) -> dict[str, float]:
    """Do what the worker would do for all these rows at once, and return the seconds of each part."""
    took: dict[str, float] = {}
    async with operating.workshop(server.settings, server.runtime) as work:
        for name, part in (
            ("households", households.sweep(work, tenant_id, clock.now())),
            ("fields, scores and snapshots", pool.sweep(work, tenant_id, clock.now())),
            ("keys of likeness", _make_keys(work, tenant_id)),
        ):
            began = time.perf_counter()
            await part
            took[name] = time.perf_counter() - began
    with psycopg.connect(server.owner, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")
    return took


async def _make_keys(work: Workshop, tenant_id: UUID) -> None:
    # The sweep also looks for the likenesses of each of these rows, a few thousand a minute; nothing here needs them.
    for kind in DuplicateKind:
        made = True
        while made:
            async with working(work.database, tenant_id) as unit:
                made = bool(await match_keys.fill(unit.session, tenant_id, kind, 2_000))


def _tire(server: Server, district: District, most: int) -> None:
    """Let the people of the best paths of a field have been asked this week, so that a choice has to look past them."""
    with psycopg.connect(server.owner, autocommit=True) as connection:
        connection.execute(
            """
            WITH best AS (
              SELECT connection_id, row_number() OVER (ORDER BY base_score DESC, connection_id) AS place
              FROM connection_fields WHERE tenant_id = %(tenant)s AND field = 'nurse'
              ORDER BY base_score DESC NULLS LAST, connection_id LIMIT %(tired)s
            ), asked AS (
              INSERT INTO introductions (tenant_id, id, status, student_id, school_id, field, slot, version, created_at, updated_at)
              SELECT %(tenant)s, gen_random_uuid(), 'closed', %(student)s, %(school)s, 'nurse', place::smallint, 1, now(), now()
              FROM best RETURNING id, slot
            )
            INSERT INTO introduction_hops (tenant_id, id, status, introduction_id, school_id, slot, kind, person_id, connection_id,
              contributor_id, household_id, contact_id, asked_at, answer_by, version, created_at, updated_at)
            SELECT %(tenant)s, gen_random_uuid(), 'lapsed', asked.id, %(school)s, 1, 'contributor', c.contributor_id, c.id, c.contributor_id,
              coalesce(m.household_id, c.contributor_id), c.contact_id, now() - interval '2 days', now(), 1, now(), now()
            FROM best JOIN asked ON asked.slot = best.place
            JOIN connections c ON c.tenant_id = %(tenant)s AND c.id = best.connection_id
            LEFT JOIN household_members m ON m.tenant_id = %(tenant)s AND m.person_id = c.contributor_id
            """,
            {"tenant": district.tenant_id, "school": district.school_id, "student": district.students[0], "tired": most},
        )  # fmt: skip
        connection.execute("ANALYZE introduction_hops")


def _posts(address: str, district: District, size: Size) -> Times:
    """Offer people who are new, at workplaces of which some are known and some are spelled a little differently."""

    def bodies() -> Iterator[dict[str, object]]:
        for at in range(OFFERS + 10):
            yield {
                "person": {
                    "given_name": "Vera", "family_name": f"Badenson{'abcdefghij'[at % 10]}",
                    "email": f"vera{at}@offered{size.connections}.example", "job_title": "Registered nurse",
                },
                "employer": {"name": f"Badenez Comunity Hospital {at % 7}", "city": "Lakeside", "postal_code": "60001"},
                "domain": "family", "closeness": 2, "frequency": 3, "offers": ["talk"],
                "school_id": str(district.school_id),
            }  # fmt: skip

    headers = {"Authorization": f"Bearer {district.guardian}", "Content-Type": "application/json"}
    times = []
    with httpx.Client(base_url=address, timeout=30) as client:
        for body in bodies():
            began = time.perf_counter()
            answer = client.post(
                "/v1/connections",
                content=json.dumps(body),
                headers={**headers, "Idempotency-Key": str(uuid4())},
            )
            times.append(time.perf_counter() - began)
            answer.raise_for_status()
    return Times.of(times[10:])


def _gets(address: str, token: str, path: str) -> Times:
    times = []
    with httpx.Client(base_url=address, timeout=30, headers={"Authorization": f"Bearer {token}"}) as client:
        for _ in range(READS + 10):
            began = time.perf_counter()
            answer = client.get(path)
            times.append(time.perf_counter() - began)
            answer.raise_for_status()
    return Times.of(times[10:])


async def _choices(server: Server, district: District) -> Times:
    """Choose and hold a path for one student after another, without asking anybody."""
    times = []
    fields = ["nurse", *(code for code in OCCUPATIONS if code in {"veterinarian", "electrician", "teacher"})]
    # Filling left millions of objects behind; the collector's walks through them are not part of a choice.
    gc.collect()
    gc.freeze()
    async with operating.workshop(server.settings, server.runtime) as work:
        for at in range(CHOICES):
            student = district.students[at % len(district.students)]
            wish = paths.Wish(
                district.tenant_id,
                new_id(),
                student,
                district.school_id,
                fields[0 if at % 2 else at % len(fields)],
            )
            async with working(work.database, district.tenant_id) as unit:
                began = time.perf_counter()
                binds = await paths.prepare(unit, wish, clock.now())
                path = await paths.choose(unit, wish, binds)
                if path is None or not await paths.hold(unit, wish, binds, path):
                    raise RuntimeError("there is no path to choose; the figures would mean nothing")
                times.append(time.perf_counter() - began)
    return Times.of(times[10:])
