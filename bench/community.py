"""A large installation for the bench: tenants with catalogues, and students who are signed in."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import psycopg

from app.core import clock
from app.core.ids import new_id
from app.core.tokens import KeyRing, issue_access_token
from app.settings import Settings

TENANTS = 20


@dataclass(frozen=True)
class Student:
    """A signed-in student of the first tenant."""

    person_id: UUID
    token: str


def settle(
    owner: str, settings: Settings, keys: KeyRing, students: int, *, schools: int = 1
) -> list[Student]:
    """Make the tenants, each with schools, employers and its opportunities to come, and sign students in."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO tenants (id, slug, name, locale, zone, created_at)"
            " SELECT gen_random_uuid(), 'tenant-' || n, 'Tenant ' || n, 'en', 'America/New_York', now()"
            " FROM generate_series(1, %s) n",
            (TENANTS,),
        )
        connection.execute(
            "INSERT INTO schools (tenant_id, id, name, kind, zone, version, created_at, updated_at)"
            " SELECT id, gen_random_uuid(), 'School ' || n, 'school', 'America/New_York', 1, now(), now()"
            " FROM tenants, generate_series(1, %s) n",
            (schools,),
        )
        connection.execute(
            "INSERT INTO employers (tenant_id, id, name, status, monthly_contact_cap, version, created_at, updated_at)"
            " SELECT id, gen_random_uuid(), 'Employer ' || n, 'vetted', 4, 1, now(), now()"
            " FROM tenants, generate_series(1, 50) n"
        )
    return sign_in(owner, settings, keys, students)


def sign_in(owner: str, settings: Settings, keys: KeyRing, students: int) -> list[Student]:
    """Sign new students of the first tenant's first school in."""
    with psycopg.connect(owner, autocommit=True) as connection:
        (first,) = connection.execute("SELECT id FROM tenants WHERE slug = 'tenant-1'").fetchone() or (None,)
        (school,) = connection.execute(
            "SELECT id FROM schools WHERE tenant_id = %s ORDER BY id LIMIT 1", (first,)
        ).fetchone() or (None,)
        assert isinstance(first, UUID)  # noqa: S101 - made above
        found = [_student(settings, keys, first) for _ in range(students)]
        with connection.cursor() as cursor:
            for sql, rows in _rows(found, first, school):
                cursor.executemany(sql.encode(), rows)
    return [student for student, *_ in found]


_Found = tuple[Student, UUID, UUID]


def _student(settings: Settings, keys: KeyRing, tenant_id: UUID) -> _Found:
    account_id, session_id = new_id(), new_id()
    token = issue_access_token(
        keys,
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        account_id=account_id,
        tenant_id=tenant_id,
        session_id=session_id,
        now=clock.now(),
        lifetime=timedelta(hours=2),
    )
    return Student(new_id(), token), account_id, session_id


def _rows(
    found: list[_Found], tenant: UUID, school: UUID | None
) -> list[tuple[str, list[tuple[object, ...]]]]:
    return [
        (
            (
                "INSERT INTO people (tenant_id, id, given_name, family_name, locale, born_on, enabled, version, created_at,"
                " updated_at) VALUES (%s, %s, 'Given', 'Family', 'en', '2009-01-01', true, 1, now(), now())"
            ),
            [(tenant, student.person_id) for student, *_ in found],
        ),
        (
            "INSERT INTO accounts (id, login, kind, created_at) VALUES (%s, %s, 'human', now())",
            [(account, f"{account}@example.org") for _, account, _ in found],
        ),
        (
            (
                "INSERT INTO memberships (tenant_id, id, person_id, role, school_id, source, ended_by_roster, version, created_at,"
                " updated_at) VALUES (%s, gen_random_uuid(), %s, 'student', %s, 'staff', false, 1, now(), now())"
            ),
            [(tenant, student.person_id, school) for student, *_ in found],
        ),
        (
            (
                "INSERT INTO login_sessions (id, account_id, tenant_id, person_id, expires_at, created_at)"
                " VALUES (%s, %s, %s, %s, now() + interval '1 day', now())"
            ),
            [(session, account, tenant, student.person_id) for student, account, session in found],
        ),
    ]


# Listings that are alike have documents that are alike; the service's own statement would take a minute for each 100,000.
_DOCUMENTS = """
INSERT INTO search_documents (tenant_id, id, made_at, document, published_at, type, clusters, skills, pay, remote,
  seats_free, shuffle, made_from)
SELECT o.tenant_id, o.id, now(), array_to_tsvector(ARRAY(
    SELECT right(o.tenant_id::text, 5) || sample || lexeme FROM unnest(ARRAY[
      'wopportun', 'topportun', 'wdo', 'wthere', 'wshadow', 'wsalud', '=all', '=type:job_shadow',
      '=cluster:healthcare_human_services', '=pay:unknown', '=remote:0', '=credit:0', '=step_free:0', '=for:everyone',
      '=from:any', '=to:any', '=week:' || to_char(o.published_at, 'IYYYIW'), '=mix:' || (bits & 1023) / 16
    ] || CASE WHEN (bits >> 10) % 4 = 0 THEN '{=one_of:4}'::text[] ELSE '{}' END) AS lexeme,
      unnest(ARRAY['', CASE WHEN (bits >> 10) % 16 = 0 THEN '16/' END, CASE WHEN (bits >> 10) % 64 = 0 THEN '64/' END])
        AS sample
    WHERE sample IS NOT NULL
  )), o.published_at, o.type, 256, '{}', o.pay, o.remote, o.seats - o.seats_taken, bits & 1023, o.version
FROM opportunities o
CROSS JOIN LATERAL (SELECT ('x' || right(o.id::text, 4))::bit(16)::int AS bits) AS drawn
WHERE NOT EXISTS (SELECT FROM search_documents d WHERE d.tenant_id = o.tenant_id AND d.id = o.id)
"""


def grow(owner: str, total: int) -> None:
    """Bring the installation to `total` published opportunities, evenly over the tenants."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(
            "INSERT INTO opportunities (tenant_id, id, status, title, description, type, clusters, employer_id,"
            " school_id, scope, seats, seats_taken, remote, pay, credit, published_at, version, created_at, updated_at)"
            " SELECT t.id, gen_random_uuid(), 'published', 'Opportunity ' || n, repeat('What one does there. ', 12),"
            " 'job_shadow', '{healthcare_human_services}', e.id, s.id, 'tenant', 100, 0, false, 'unknown', false,"
            " now() - n * interval '1 minute', 1, now(), now()"
            " FROM tenants t JOIN schools s ON s.tenant_id = t.id"
            " CROSS JOIN generate_series((SELECT count(*) / %(tenants)s + 1 FROM opportunities), %(each)s) n"
            " JOIN LATERAL (SELECT id FROM employers WHERE tenant_id = t.id ORDER BY id OFFSET n %% 50 LIMIT 1) e ON true",
            {"tenants": TENANTS, "each": total // TENANTS},
        )
        connection.execute(_DOCUMENTS)
        connection.execute("VACUUM ANALYZE")
        # What was written now is not written back while the next round is timed.
        connection.execute("CHECKPOINT")


def opportunities(owner: str, limit: int) -> list[UUID]:
    """Return ids of the first tenant's opportunities."""
    with psycopg.connect(owner) as connection:
        rows = connection.execute(
            "SELECT o.id FROM opportunities o JOIN tenants t ON t.id = o.tenant_id WHERE t.slug = 'tenant-1'"
            " ORDER BY o.id LIMIT %s",
            (limit,),
        ).fetchall()
    return [row[0] for row in rows]
