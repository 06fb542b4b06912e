"""Every SQL statement of the pool: its index of fields, what its snapshots are made of, and reading them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, Text, Uuid, bindparam, delete, func, or_, select, text, union
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from app.core.bulk import insert_rows
from app.core.ids import new_id
from app.domain.connection import LIVE
from app.domain.fields import FIELDS, cluster_of
from app.domain.policy import Actor, Role
from app.models import (
    Connection,
    ConnectionField,
    Contact,
    Employer,
    GapCell,
    GuardianLink,
    Membership,
    ReachCell,
    School,
)

# A want that a student voiced so long ago has passed.
WANTED_FOR = timedelta(days=365)


class Reaching(NamedTuple):
    """What a connection's fields are made of, and which it has in the index."""

    id: UUID
    live: bool
    fields: list[str]
    job_title: str | None
    naics: str | None
    employer_name: str | None
    indexed: list[str]


async def reaching(session: AsyncSession, tenant_id: UUID, connection_ids: Sequence[UUID]) -> list[Reaching]:
    """Return what these connections reach, and what the index says they do."""
    indexed = (
        select(func.coalesce(func.array_agg(ConnectionField.field), text("'{}'::text[]")))
        .where(
            ConnectionField.tenant_id == Connection.tenant_id, ConnectionField.connection_id == Connection.id
        )
        .scalar_subquery()
    )
    found = await session.execute(
        select(
            Connection.id,
            Connection.status.in_(LIVE),
            Connection.fields,
            Contact.job_title,
            Employer.naics,
            Employer.name,
            indexed,
        )
        .outerjoin(
            Contact, (Contact.tenant_id == Connection.tenant_id) & (Contact.id == Connection.contact_id)
        )
        .outerjoin(
            Employer, (Employer.tenant_id == Connection.tenant_id) & (Employer.id == Connection.employer_id)
        )
        .where(
            Connection.tenant_id == tenant_id,
            # One parameter, however many: a list of thousands takes longer to write than to look up.
            Connection.id == bindparam("ids", list(connection_ids), type_=ARRAY(Uuid)).any_(),
        )
    )
    return [Reaching(*row) for row in found]


_ADD_FIELDS = """
INSERT INTO connection_fields (tenant_id, id, created_at, connection_id, field)
SELECT :tenant, g.id, :now, g.connection_id, g.field
FROM unnest(:ids, :connection_ids, :fields) AS g(id, connection_id, field)
ON CONFLICT DO NOTHING
"""
_REMOVE_FIELDS = """
DELETE FROM connection_fields f USING unnest(:connection_ids, :fields) AS g(connection_id, field)
WHERE f.tenant_id = :tenant AND f.connection_id = g.connection_id AND f.field = g.field
"""


async def add_fields(
    session: AsyncSession, tenant_id: UUID, rows: Sequence[tuple[UUID, str]], now: datetime
) -> None:
    """Write (connection, field) into the index; what another transaction wrote meanwhile stays."""
    if rows:
        await session.execute(
            text(_ADD_FIELDS).bindparams(
                bindparam("ids", type_=ARRAY(Uuid)),
                bindparam("connection_ids", type_=ARRAY(Uuid)),
                bindparam("fields", type_=ARRAY(Text)),
            ),
            {"tenant": tenant_id, "now": now, "ids": [new_id() for _ in rows], **_columns(rows)},
        )


async def remove_fields(session: AsyncSession, tenant_id: UUID, rows: Sequence[tuple[UUID, str]]) -> None:
    """Take (connection, field) out of the index."""
    if rows:
        await session.execute(
            text(_REMOVE_FIELDS).bindparams(
                bindparam("connection_ids", type_=ARRAY(Uuid)), bindparam("fields", type_=ARRAY(Text))
            ),
            {"tenant": tenant_id, **_columns(rows)},
        )


def _columns(rows: Sequence[tuple[UUID, str]]) -> dict[str, list[Any]]:
    return {
        "connection_ids": [connection_id for connection_id, _ in rows],
        "fields": [field for _, field in rows],
    }


async def touched_since(
    session: AsyncSession, tenant_id: UUID, since: datetime | None, after: UUID | None, limit: int
) -> list[UUID]:
    """Return connections whose fields may have changed since, by id: themselves, their contact or their employer."""
    statement = select(Connection.id).where(Connection.tenant_id == tenant_id)
    if since is not None:
        contacts = select(Contact.id).where(Contact.tenant_id == tenant_id, Contact.updated_at >= since)
        employers = select(Employer.id).where(Employer.tenant_id == tenant_id, Employer.updated_at >= since)
        touched = union(
            *(
                select(Connection.id).where(Connection.tenant_id == tenant_id, which)
                for which in (
                    Connection.updated_at >= since,
                    Connection.contact_id.in_(contacts),
                    Connection.employer_id.in_(employers),
                )
            )
        )
        statement = select(Connection.id).where(Connection.tenant_id == tenant_id, Connection.id.in_(touched))
    if after is not None:
        statement = statement.where(Connection.id > after)
    found = await session.scalars(statement.order_by(Connection.id).limit(limit))
    return list(found)


# Who reaches which field, where: `school_id` is null for what every school sees. An advisor's own group is too
# small for a snapshot, so what is shared with an advisory only is in none.
_VISIBLE = """
WITH offered AS MATERIALIZED (
  SELECT c.tenant_id, c.id, c.contributor_id AS person_id, coalesce(m.household_id, c.contributor_id) AS household_id,
    CASE WHEN c.share_scope = 'tenant' THEN coalesce(k.visible_school_ids, ARRAY[NULL]::uuid[])
         WHEN c.share_scope = 'school' AND (k.visible_school_ids IS NULL OR c.school_id = ANY(k.visible_school_ids))
         THEN ARRAY[c.school_id] ELSE ARRAY[]::uuid[] END AS schools
  FROM connections c
  LEFT JOIN contacts k ON k.tenant_id = c.tenant_id AND k.id = c.contact_id
  LEFT JOIN household_members m ON m.tenant_id = c.tenant_id AND m.person_id = c.contributor_id
  WHERE c.tenant_id = :tenant AND c.status = 'active' AND (c.contact_id IS NULL OR k.status = 'consented')
), visible AS MATERIALIZED (
  SELECT DISTINCT f.field, s.school_id, o.household_id, o.person_id
  FROM offered o CROSS JOIN LATERAL unnest(o.schools) AS s(school_id)
  JOIN connection_fields f ON f.tenant_id = o.tenant_id AND f.connection_id = o.id
), counted AS (
  SELECT v.* FROM visible v WHERE v.school_id IS NULL
  UNION ALL SELECT v.* FROM visible v WHERE v.school_id IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM visible e WHERE e.school_id IS NULL AND e.field = v.field AND e.household_id = v.household_id)
), ranked AS (
  SELECT c.*, dense_rank() OVER (PARTITION BY field, school_id ORDER BY household_id) AS place FROM counted c
)
SELECT field, school_id, max(place) AS households,
  array_agg(person_id) FILTER (WHERE place <= :most) AS people,
  array_agg(household_id) FILTER (WHERE place <= :most) AS homes
FROM ranked GROUP BY field, school_id
"""


class Pooled(NamedTuple):
    """Who reaches a field: seen by one school only, or (without a school) by all; people and homes side by side."""

    field: str
    school_id: UUID | None
    households: int
    people: list[UUID]
    homes: list[UUID]


async def pooled(session: AsyncSession, tenant_id: UUID, most: int) -> list[Pooled]:
    """Return who reaches which field now; of each the count, and the first `most` households with their people.

    Whoever all schools see is left out of each school's own rows.
    """
    found = await session.execute(text(_VISIBLE), {"tenant": tenant_id, "most": most})
    return [Pooled(*row) for row in found]


_WANTED = """
WITH wants AS (
  SELECT student_id, field FROM goals WHERE tenant_id = :tenant AND status = 'open' AND field IS NOT NULL
  UNION SELECT student_id, field FROM introductions WHERE tenant_id = :tenant AND created_at > :since
  UNION SELECT f.student_id, cluster FROM favorites f
    JOIN opportunities o ON o.tenant_id = f.tenant_id AND o.id = f.opportunity_id
    CROSS JOIN LATERAL unnest(o.clusters) AS cluster WHERE f.tenant_id = :tenant
  UNION SELECT p.student_id, cluster FROM pursuits p
    JOIN opportunities o ON o.tenant_id = p.tenant_id AND o.id = p.opportunity_id
    CROSS JOIN LATERAL unnest(o.clusters) AS cluster WHERE p.tenant_id = :tenant AND p.requested_at > :since
), whole AS (
  SELECT student_id, field FROM wants
  UNION SELECT w.student_id, c.cluster FROM wants w
    JOIN unnest(:fields, :clusters) AS c(field, cluster) ON c.field = w.field
)
SELECT m.school_id, w.field, count(DISTINCT w.student_id) FROM whole w
JOIN memberships m ON m.tenant_id = :tenant AND m.person_id = w.student_id AND m.role = 'student'
  AND m.school_id IS NOT NULL AND m.ended_at IS NULL
WHERE w.field = ANY(:fields)
GROUP BY m.school_id, w.field
"""


async def wanted(session: AsyncSession, tenant_id: UUID, now: datetime) -> dict[tuple[UUID, str], int]:
    """Count the students of each school who want each field; an occupation is wanted with its cluster."""
    statement = text(_WANTED).bindparams(
        bindparam("fields", type_=ARRAY(Text)), bindparam("clusters", type_=ARRAY(Text))
    )
    fields = sorted(FIELDS)
    found = await session.execute(
        statement,
        {
            "tenant": tenant_id,
            "since": now - WANTED_FOR,
            "fields": fields,
            "clusters": [cluster_of(field).value for field in fields],
        },
    )
    return {(school_id, field): count for school_id, field, count in found}


_BEGUN = """
SELECT (SELECT count(*) FROM (
    SELECT DISTINCT contributor_id FROM connections WHERE tenant_id = :tenant AND status = 'active' LIMIT :least) offering
  ) >= :least OR (SELECT count(*) FROM (
    SELECT student_id FROM goals WHERE tenant_id = :tenant
    UNION SELECT student_id FROM introductions WHERE tenant_id = :tenant
    UNION SELECT student_id FROM favorites WHERE tenant_id = :tenant
    UNION SELECT student_id FROM pursuits WHERE tenant_id = :tenant LIMIT :least) wanting
  ) >= :least
"""


async def has_begun(session: AsyncSession, tenant_id: UUID, least: int) -> bool:
    """Say whether so many people contribute, or so many students want something."""
    found = await session.execute(text(_BEGUN), {"tenant": tenant_id, "least": least})
    return bool(found.scalar_one())


async def schools(session: AsyncSession, tenant_id: UUID) -> list[UUID]:
    """Return the tenant's schools that are open."""
    found = await session.scalars(
        select(School.id).where(School.tenant_id == tenant_id, School.ended_at.is_(None)).order_by(School.id)
    )
    return list(found)


async def reach_cells(session: AsyncSession, tenant_id: UUID) -> list[ReachCell]:
    """Return every cell as it was last published, with its basis."""
    found = await session.scalars(select(ReachCell).where(ReachCell.tenant_id == tenant_id))
    return list(found)


async def write_reach(session: AsyncSession, tenant_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    """Publish cells: (school_id, field) with the answer and its basis."""
    if not rows:
        return
    table = ReachCell.__table__
    statement = insert(ReachCell)
    changed = {name: statement.excluded[name] for name in ("reachable", "people", "households")}
    await session.execute(
        statement.on_conflict_do_update(
            index_elements=[table.c.tenant_id, table.c.school_id, table.c.field], set_=changed
        ),
        [{"tenant_id": tenant_id, **row} for row in rows],
    )


async def write_gaps(session: AsyncSession, tenant_id: UUID, rows: Iterable[Mapping[str, Any]]) -> None:
    """Publish the gap map anew."""
    await session.execute(delete(GapCell).where(GapCell.tenant_id == tenant_id))
    await insert_rows(session, GapCell, [{"id": new_id(), **row} for row in rows])


async def gaps(
    session: AsyncSession, tenant_id: UUID, school_id: UUID | None
) -> list[tuple[UUID, str, int, int]]:
    """Return (school, field, wanted, households) of the batch, of one school or of all."""
    statement = select(GapCell.school_id, GapCell.field, GapCell.wanted, GapCell.households).where(
        GapCell.tenant_id == tenant_id
    )
    if school_id is not None:
        statement = statement.where(GapCell.school_id == school_id)
    found = await session.execute(statement)
    return [(school, field, wanted, households) for school, field, wanted, households in found]


async def reach(
    session: AsyncSession, tenant_id: UUID, school_id: UUID, field: str | None
) -> dict[str, bool]:
    """Return the published answers of a school; never the basis."""
    statement = select(ReachCell.field, ReachCell.reachable).where(
        ReachCell.tenant_id == tenant_id, ReachCell.school_id == school_id
    )
    if field is not None:
        statement = statement.where(ReachCell.field == field)
    found = await session.execute(statement)
    return {row.field: row.reachable for row in found}


async def schools_of_children(session: AsyncSession, actor: Actor, today: date) -> list[UUID]:
    """Return the schools of the children whose things a guardian may see."""
    children = select(GuardianLink.student_id).where(
        GuardianLink.tenant_id == actor.tenant_id,
        GuardianLink.guardian_id == actor.person_id,
        GuardianLink.may_see,
        ~GuardianLink.no_contact,
        GuardianLink.ended_at.is_(None),
        or_(GuardianLink.until_on.is_(None), GuardianLink.until_on >= today),
    )
    found = await session.scalars(
        select(Membership.school_id)
        .where(
            Membership.tenant_id == actor.tenant_id,
            Membership.person_id.in_(children),
            Membership.role == Role.STUDENT,
            Membership.school_id.is_not(None),
            Membership.ended_at.is_(None),
        )
        .distinct()
    )
    return [school_id for school_id in found if school_id is not None]
