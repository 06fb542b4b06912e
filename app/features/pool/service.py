"""Keeping the pool's index, publishing its snapshots once a week, and reading them.

`index` and `index_all` are for whoever changes a connection.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from app.core import clock
from app.core.problems import FieldError, Forbidden, NotFound, Unprocessable
from app.domain.clusters import Cluster
from app.domain.fields import FIELDS, field_name, fields_of
from app.domain.local_time import local_day
from app.domain.policy import Actor, Role, Scope, scopes
from app.domain.pool import (
    AT_LEAST,
    KEPT_HOUSEHOLDS,
    UNPUBLISHED,
    Published,
    ReachAnswer,
    batch_day,
    is_lacking,
    publish,
    shown,
    shown_together,
)
from app.features.hops import service as hops
from app.features.households import service as households
from app.features.pool import queries
from app.features.pool.schemas import FieldKind
from app.features.schools.service import school_is_open, zone_of_tenant
from app.features.upkeep import service as upkeep
from app.features.upkeep.schemas import Done

BATCH = "batch"
_CLUSTERS = frozenset(cluster.value for cluster in Cluster)


async def index(session: AsyncSession, tenant_id: UUID, connection_id: UUID) -> None:
    """Write a connection's fields into the pool's index, as they follow from what it, its contact and employer say."""
    if not await index_all(session, tenant_id, [connection_id]):
        # How close the two are may have changed where the fields did not.
        await hops.score(session, tenant_id, [connection_id])


async def index_all(session: AsyncSession, tenant_id: UUID, connection_ids: Sequence[UUID]) -> int:
    """Write the fields of many connections into the index; returns how many rows changed. One that ended has none."""
    if not connection_ids:
        return 0
    # What the caller changed in this unit of work is not in the database yet.
    await session.flush()
    added: list[tuple[UUID, str]] = []
    removed: list[tuple[UUID, str]] = []
    for row in await queries.reaching(session, tenant_id, connection_ids):
        wanted = (
            set(
                fields_of(
                    fields=row.fields,
                    job_title=row.job_title,
                    naics=row.naics,
                    employer_name=row.employer_name,
                )
            )
            if row.live
            else set()
        )
        there = set(row.indexed)
        added += [(row.id, field) for field in sorted(wanted - there)]
        removed += [(row.id, field) for field in sorted(there - wanted)]
    await queries.remove_fields(session, tenant_id, removed)
    await queries.add_fields(session, tenant_id, added, clock.now())
    await hops.score(session, tenant_id, [connection_id for connection_id, _ in added])
    return len(added) + len(removed)


async def publish_batch(session: AsyncSession, tenant_id: UUID, now: datetime) -> bool:
    """Publish the gap map and reachability if the batch of this week is due; False when it is out already.

    Everything is read and written in this one transaction, and the claim on the batch with it. The first batch waits
    until there is something to say: a community that has just been set up would wait a week for its second.
    """
    today = local_day(now, await zone_of_tenant(session, tenant_id))
    day = batch_day(today)
    seen = await upkeep.last(session, tenant_id, BATCH)
    if seen is not None and seen.batch_on is not None and seen.batch_on >= day:
        return False
    if seen is None and not await queries.has_begun(session, tenant_id, AT_LEAST):
        return False
    if not await upkeep.claim(session, tenant_id, BATCH, seen, Done(now, day)):
        return False
    schools = await queries.schools(session, tenant_id)
    rows = await queries.pooled(session, tenant_id, KEPT_HOUSEHOLDS)
    pooled = {(row.school_id, row.field): row for row in rows}
    await _publish_reach(session, tenant_id, schools, pooled)
    wanted = await queries.wanted(session, tenant_id, now)
    cells = []
    for school_id in schools:
        for field in sorted(FIELDS):
            households = sum(
                found.households
                for key in ((None, field), (school_id, field))
                if (found := pooled.get(key)) is not None
            )
            count = wanted.get((school_id, field), 0)
            if count or households:
                cells.append(
                    {"school_id": school_id, "field": field, "wanted": count, "households": households}
                )
    await queries.write_gaps(session, tenant_id, cells)
    return True


async def _publish_reach(
    session: AsyncSession,
    tenant_id: UUID,
    schools: Iterable[UUID],
    pooled: dict[tuple[UUID | None, str], queries.Pooled],
) -> None:
    before = {
        (cell.school_id, cell.field): Published(
            cell.reachable, dict(zip(cell.people, cell.households, strict=True))
        )
        for cell in await queries.reach_cells(session, tenant_id)
    }
    people = {person_id for cell in before.values() for person_id in cell.basis}
    homes_now = await households.households_of(session, tenant_id, people)
    rows = []
    for school_id in schools:
        for field in sorted(FIELDS):
            found = {
                person: home
                for key in ((None, field), (school_id, field))
                if (row := pooled.get(key)) is not None
                for person, home in zip(row.people, row.homes, strict=True)
            }
            was = before.get((school_id, field))
            cell = publish(was or UNPUBLISHED, found, homes_now)
            if cell != was:
                rows.append(
                    {
                        "school_id": school_id,
                        "field": field,
                        "reachable": cell.reachable,
                        "people": list(cell.basis),
                        "households": list(cell.basis.values()),
                    }
                )
    await queries.write_reach(session, tenant_id, rows)


async def gap_map(
    session: AsyncSession, actor: Actor, school_id: UUID | None, language: str
) -> dict[str, Any]:
    """Return the gap map of a school, or of the tenant; families read the names of what is lacking, no counts."""
    school_id = await _school(session, actor, "gap.read", school_id)
    counts = scopes(actor, "gap.read_counts")
    sees_counts = Scope.TENANT in counts or school_id in actor.schools(counts.get(Scope.SCHOOL, ()))
    published_on = await _published_on(session, actor.tenant_id)
    cells: dict[str, tuple[int | None, int | None]] = {}
    rows = await queries.gaps(session, actor.tenant_id, school_id)
    if school_id is not None:
        cells = {field: (shown(wanted), shown(households)) for _, field, wanted, households in rows}
    else:
        schools = await queries.schools(session, actor.tenant_id)
        by_field: dict[str, dict[UUID, tuple[int | None, int | None]]] = {}
        for at, field, wanted, households in rows:
            by_field.setdefault(field, {})[at] = (shown(wanted), shown(households))
        cells = {
            field: shown_together(found.get(at, (None, None)) for at in schools)
            for field, found in by_field.items()
        }
    items = [_gap(field, *cells[field], language, sees_counts=sees_counts) for field in sorted(cells)]
    return {
        "school_id": school_id,
        "published_on": published_on,
        "items": [item for item in items if sees_counts or item["lacking"]],
    }


def _gap(
    field: str, wanted: int | None, households: int | None, language: str, *, sees_counts: bool
) -> dict[str, Any]:
    return {
        **_named(field, language),
        "lacking": is_lacking(wanted, households),
        "wanted": wanted if sees_counts else None,
        "wanted_fewer_than": AT_LEAST if sees_counts and wanted is None else None,
        "households": households if sees_counts else None,
        "households_fewer_than": AT_LEAST if sees_counts and households is None else None,
    }


async def reach_map(
    session: AsyncSession, actor: Actor, school_id: UUID | None, field: str | None, language: str
) -> dict[str, Any]:
    """Return what was last published of one field, or of all, for a school of the caller's."""
    school_id = await _school(session, actor, "reach.read", school_id)
    if school_id is None:
        schools = await queries.schools(session, actor.tenant_id)
        if len(schools) != 1:
            raise _name_the_school()
        school_id = schools[0]
    published_on = await _published_on(session, actor.tenant_id)
    found = await queries.reach(session, actor.tenant_id, school_id, field)
    return {
        "school_id": school_id,
        "published_on": published_on,
        "items": [
            {
                **_named(code, language),
                "answer": ReachAnswer.YES if found.get(code, False) else ReachAnswer.NOT_KNOWN,
            }
            for code in ([field] if field is not None else sorted(FIELDS))
        ],
    }


def _named(field: str, language: str) -> dict[str, Any]:
    return {
        "field": field,
        "kind": FieldKind.CLUSTER if field in _CLUSTERS else FieldKind.OCCUPATION,
        "name": field_name(field).in_language(language),
    }


async def _published_on(session: AsyncSession, tenant_id: UUID) -> date | None:
    done = await upkeep.last(session, tenant_id, BATCH)
    return None if done is None else done.batch_on


async def _school(session: AsyncSession, actor: Actor, action: str, wanted: UUID | None) -> UUID | None:
    """Return the school that is asked about; None is the whole tenant, for whoever looks after it."""
    found = scopes(actor, action)
    roles = found.get(Scope.SCHOOL, frozenset())
    mine = set(actor.schools(roles))
    if wanted in mine:
        return wanted
    if Role.GUARDIAN in roles:
        mine.update(await queries.schools_of_children(session, actor, clock.now().date()))
    if wanted is None:
        if Scope.TENANT in found:
            return None
        if len(mine) != 1:
            raise _name_the_school()
        return mine.pop()
    if wanted in mine:
        return wanted
    if Scope.TENANT not in found:
        raise Forbidden(
            "ask about a school that you or your children belong to",
            spanish="pregunte por una escuela a la que usted o sus hijos pertenezcan",
            code="other_school",
        )
    if not await school_is_open(session, actor.tenant_id, wanted):
        raise NotFound(
            "there is no school here with this id",
            spanish="no existe aquí ninguna escuela con ese id",
        )
    return wanted


def _name_the_school() -> Unprocessable:
    return Unprocessable(
        "there are several schools, or none, that you could mean; name one in school_id",
        spanish="hay varias escuelas posibles, o ninguna; indique una en school_id",
        errors=[FieldError("name the school", "missing", name="school_id")],
    )
